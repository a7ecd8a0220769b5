"""The journal entry of a sale: what came in, what was earned, and the VAT owed (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from till.business_case import GvTyp, ZahlartTyp
from till.documents.model import Line, Payment
from till.ledger.account import Account
from till.ledger.entry import Posting, merged
from till.vouchers.bookings import issued as voucher_issued
from till.vouchers.bookings import redeemed as voucher_redeemed
from till.vouchers.model import Voucher
from till.vouchers.value import Redemption

_VOUCHER_VALUE = (GvTyp.MEHRZWECK_KAUF, GvTyp.MEHRZWECK_EINLOESUNG)


def postings(
    till_id: str,
    money: tuple[Sequence[Line], Sequence[Payment]],
    vouchers: tuple[Iterable[Voucher], Iterable[Redemption]],
) -> tuple[Posting, ...]:
    """The legs of a sale: tenders debit, revenue and VAT credit, vouchers issued credit and redeemed debit.

    `money` are the document's lines and payments; `vouchers` those issued and redeemed by it. The lines of
    multi-purpose vouchers are covered by the vouchers' own postings.
    """
    lines, payments = money
    issued, redemptions = vouchers
    legs = [_paid(till_id, payment) for payment in payments]
    for line in lines:
        legs += _earned(line)
    for voucher in issued:
        legs += voucher_issued(voucher)
    for redemption in redemptions:
        legs += voucher_redeemed(redemption.voucher, redemption.taken)
    return merged(legs)


def _paid(till_id: str, payment: Payment) -> Posting:
    if payment.zahlart_typ is ZahlartTyp.BAR:
        return Posting(Account.CASH, payment.amount, till_id)
    return Posting(Account.TENDER, payment.amount, payment.tender_id)


def _earned(line: Line) -> list[Posting]:
    if line.gv_typ in _VOUCHER_VALUE:
        return []
    key = str(line.vat_key.value)
    return [Posting(Account.REVENUE, -line.net, key), Posting(Account.VAT, -line.tax, key)]
