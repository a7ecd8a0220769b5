"""What `verify` asks of the vouchers: no balance below zero or above what was sold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, case, exists, select
from sqlalchemy.orm import Session

from till.business_case import BonTyp, GvTyp
from till.db.finding import Check, Finding, Progress
from till.documents.models import DocumentRow, LineRow
from till.i18n import msg
from till.ledger.account import Account
from till.ledger.balances import balances
from till.money import ZERO, Money
from till.vouchers.bookings import paid_account
from till.vouchers.model import VatTreatment
from till.vouchers.models import VoucherRow
from till.vouchers.numbers import matching
from till.vouchers.value import bonus_of

PORTION = 1000
_ACCOUNTS = (Account.VOUCHER_MULTI, Account.VOUCHER_SINGLE, Account.VOUCHER_BONUS)
_SOLD_AS = {
    VatTreatment.MULTI_PURPOSE.value: GvTyp.MEHRZWECK_KAUF.value,
    VatTreatment.SINGLE_PURPOSE.value: GvTyp.EINZWECK_KAUF.value,
}


def values(session: Session, progress: Progress) -> Iterator[Finding]:
    """What is left on each voucher lies between nothing and what it was sold with; every posting has its voucher."""
    left = balances(session, _ACCOUNTS)
    vouchers = session.execute(
        select(VoucherRow.id, VoucherRow.number, VoucherRow.sale, VoucherRow.face, VoucherRow.vat_treatment)
    ).all()
    known = {str(row.id) for row in vouchers}
    for i, row in enumerate(vouchers):
        if i % PORTION == 0:
            progress(i, len(vouchers))
        yield from _out_of_range(row, left)
    for account, subject in left:
        if subject not in known:
            yield Finding(msg("Account {account} names a voucher that is not there."), {"account": account.value})


def _out_of_range(row: Any, left: dict[tuple[Account, str], Money]) -> Iterator[Finding]:
    subject = str(row.id)
    paid = -left.get((paid_account(VatTreatment(row.vat_treatment)), subject), ZERO)
    bonus = -left.get((Account.VOUCHER_BONUS, subject), ZERO)
    if not ZERO <= paid <= row.sale or not ZERO <= bonus <= bonus_of(row.sale, row.face):
        yield Finding(
            msg("Voucher {number} has {paid} paid and {bonus} bonus left, which it was not sold with."),
            {"number": row.number, "paid": paid, "bonus": bonus},
        )


def terms(session: Session, _progress: Progress) -> Iterator[Finding]:
    """Each voucher still is what the line of its receipt sold, at that till and time, and is found under its number.

    What was sold in training is none (T13).
    """
    agreed = and_(
        LineRow.document_id == VoucherRow.document_id,
        LineRow.voucher_id == VoucherRow.id,
        LineRow.gv_typ == case(_SOLD_AS, value=VoucherRow.vat_treatment),
        LineRow.vat_key == VoucherRow.vat_key,
        LineRow.voucher_number == VoucherRow.number,
        LineRow.voucher_type == VoucherRow.type_name,
        LineRow.voucher_valid_until == VoucherRow.valid_until,
        LineRow.voucher_face == VoucherRow.face,
        LineRow.gross == VoucherRow.sale,
        LineRow.voucher_text == VoucherRow.text,
        exists().where(
            DocumentRow.id == VoucherRow.document_id,
            DocumentRow.till_id == VoucherRow.issued_till,
            DocumentRow.number == VoucherRow.issued_number,
            DocumentRow.ended_at == VoucherRow.issued_at,
            DocumentRow.bon_typ == BonTyp.BELEG.value,
        ),
    )
    changed = select(VoucherRow.number).outerjoin(LineRow, agreed).where(LineRow.document_id.is_(None))
    keys = session.execute(select(VoucherRow.number, VoucherRow.number_key))
    lost = (number for number, key in keys if key != matching(number))
    for number in dict.fromkeys([*session.scalars(changed), *lost]):
        yield Finding(msg("Voucher {number} is not what its receipt says."), {"number": number})


CHECKS = (
    Check("vouchers", msg("vouchers"), values),
    Check("voucher-terms", msg("vouchers as sold"), terms),
)
