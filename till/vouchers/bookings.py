"""The postings of vouchers: what is owed for them, and the memo accounts of what was taxed or given already.

Multi-purpose: the paid part is a liability until it is redeemed. Single-purpose: the sale was turnover, so
the paid part stands on a memo account. Bonus parts stand on a memo account in both (60-fiscal A4.3).
"""

from __future__ import annotations

from till.business_case import GvTyp
from till.ledger.account import Account
from till.ledger.entry import Posting
from till.money import Money
from till.vouchers.model import VatTreatment, Voucher
from till.vouchers.value import Share, bonus_of

VALUE_ACCOUNTS = (Account.VOUCHER_MULTI, Account.VOUCHER_SINGLE, Account.VOUCHER_BONUS)
"""Where the value of vouchers stands, each as a subject: paid parts of both kinds, then bonus parts; what is owed is negative."""


def issued(voucher: Voucher) -> tuple[Posting, ...]:
    """What issuing a voucher posts besides the money received for it."""
    return _paid(voucher, -voucher.sale) + _bonus(voucher, -bonus_of(voucher.sale, voucher.face))


def redeemed(voucher: Voucher, share: Share) -> tuple[Posting, ...]:
    """What a redemption posts besides the goods: `share` is positive."""
    return _paid(voucher, share.paid) + _bonus(voucher, share.bonus)


def given_back(voucher: Voucher, share: Share) -> tuple[Posting, ...]:
    """What giving a redemption back posts besides the goods: `share` is positive, and returns to the part it came from."""
    return _paid(voucher, -share.paid) + _bonus(voucher, -share.bonus)


def written_off(voucher: Voucher, share: Share) -> tuple[Posting, ...]:
    """A correction downwards (V41): what is owed no more is the shop's; for single-purpose ones only the memo moves."""
    legs = _paid(voucher, share.paid) + _bonus(voucher, share.bonus)
    if share.paid and voucher.vat_treatment is VatTreatment.MULTI_PURPOSE:
        legs += (Posting(Account.VOUCHER_CORRECTION, -share.paid, str(voucher.id)),)
    return legs


def bonus_added(voucher: Voucher, amount: Money) -> tuple[Posting, ...]:
    """A correction upwards (V41): `amount` is positive, and bonus only."""
    return _bonus(voucher, -amount)


def converted(voucher: Voucher, share: Share, customer: str) -> tuple[Posting, ...]:
    """What becomes credit of a customer (V45): paid to paid, bonus to goodwill; `share` is positive.

    Of a single-purpose voucher the lines of its document take back revenue and VAT, against the paid credit.
    """
    legs = redeemed(voucher, share)
    if share.paid:
        legs += (Posting(Account.CUSTOMER_CREDIT, -share.paid, customer),)
    if share.bonus:
        legs += (
            Posting(Account.GOODWILL, -share.bonus, customer),
            Posting(Account.GOODWILL_CONTRA, share.bonus, customer),
        )
    return legs


def cancelled(voucher: Voucher) -> tuple[Posting, ...]:
    """The opposite of `issued`, for an untouched voucher whose sale is taken back (V28)."""
    return _paid(voucher, voucher.sale) + _bonus(voucher, bonus_of(voucher.sale, voucher.face))


def opened(voucher: Voucher) -> tuple[Posting, ...]:
    """What an old voucher from before this till brings in: its paid part against the opening account (V52)."""
    legs = issued(voucher)
    if voucher.sale and voucher.vat_treatment is VatTreatment.MULTI_PURPOSE:
        legs += (Posting(Account.OPENING, voucher.sale, str(voucher.id)),)
    return legs


def moved(old: Voucher, new: Voucher, share: Share) -> tuple[Posting, ...]:
    """What is left on a voucher goes onto the one that replaces it (V44): `share` is all that is left."""
    return redeemed(old, share) + given_back(new, share)


def value_accounts(treatment: VatTreatment) -> tuple[Account, Account]:
    """The accounts on which the paid and the bonus part of such a voucher stand."""
    return paid_account(treatment), Account.VOUCHER_BONUS


def paid_account(treatment: VatTreatment) -> Account:
    """The account on which the paid part of such a voucher stands."""
    return Account.VOUCHER_SINGLE if treatment is VatTreatment.SINGLE_PURPOSE else Account.VOUCHER_MULTI


def sold_as(treatment: VatTreatment) -> GvTyp:
    """The business case under which such a voucher is sold, or given instead of money (60-fiscal A4.3)."""
    return GvTyp.EINZWECK_KAUF if treatment is VatTreatment.SINGLE_PURPOSE else GvTyp.MEHRZWECK_KAUF


def _paid(voucher: Voucher, amount: Money) -> tuple[Posting, ...]:
    if not amount:
        return ()
    leg = Posting(paid_account(voucher.vat_treatment), amount, str(voucher.id))
    if voucher.vat_treatment is VatTreatment.MULTI_PURPOSE:
        return (leg,)
    return (leg, Posting(Account.VOUCHER_SINGLE_CONTRA, -amount, str(voucher.id)))


def _bonus(voucher: Voucher, amount: Money) -> tuple[Posting, ...]:
    if not amount:
        return ()
    subject = str(voucher.id)
    return (
        Posting(Account.VOUCHER_BONUS, amount, subject),
        Posting(Account.VOUCHER_BONUS_CONTRA, -amount, subject),
    )
