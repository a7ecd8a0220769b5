"""What is still to be redeemed, type by type, and what a month's receipts sold and redeemed (V1)."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, literal_column, select
from sqlalchemy.orm import Session

from till.business_case import BonTyp, GvTyp
from till.documents.models import DocumentRow, LineRow
from till.ledger.balances import subject_of
from till.ledger.models import PostingRow
from till.money import ZERO, Money
from till.vouchers.bookings import VALUE_ACCOUNTS
from till.vouchers.models import VoucherRow

_SOLD = (GvTyp.EINZWECK_KAUF.value, GvTyp.MEHRZWECK_KAUF.value)
_REDEEMED = (GvTyp.EINZWECK_EINLOESUNG.value, GvTyp.MEHRZWECK_EINLOESUNG.value, GvTyp.RABATT.value)


@dataclass(frozen=True, slots=True)
class Outstanding:
    """How many vouchers of a type have something left, and how much of it was paid for or is a bonus.

    `multi` is owed by the books (a liability); `single` was turnover already when it was sold, and only goods are owed for it.
    """

    count: int = 0
    multi: Money = ZERO
    single: Money = ZERO
    bonus: Money = ZERO

    @property
    def paid(self) -> Money:
        """What customers have paid for and not yet got."""
        return self.multi + self.single

    def __add__(self, other: Outstanding) -> Outstanding:
        return Outstanding(
            self.count + other.count, self.multi + other.multi, self.single + other.single, self.bonus + other.bonus
        )


NOTHING = Outstanding()


@dataclass(frozen=True, slots=True)
class Moved:
    """What receipts of a time sold and redeemed, cancellations taken off; the bonus part counts as redeemed."""

    sold: Money = ZERO
    redeemed: Money = ZERO


def outstanding(session: Session) -> dict[uuid.UUID, Outstanding]:
    """All types with something left, from the ledger; goes through all its postings on vouchers."""
    of_one = _sums_by_voucher().subquery()
    rows = session.execute(
        select(
            VoucherRow.type_id,
            func.count().label("number"),
            *(func.sum(of_one.c[name]).label(name) for name in ("multi", "single", "bonus")),
        )
        .join(of_one, subject_of(VoucherRow.id) == of_one.c.subject)
        .group_by(VoucherRow.type_id)
    )
    return {row.type_id: Outstanding(row.number, -row.multi, -row.single, -row.bonus) for row in rows}


def moved_between(session: Session, begin: dt.datetime, end: dt.datetime) -> Moved:
    """What was sold and redeemed from `begin` up to `end`, which is not included any more."""
    sold = func.sum(LineRow.gross).filter(LineRow.gv_typ.in_(_SOLD))
    redeemed = func.sum(LineRow.gross).filter(LineRow.gv_typ.in_(_REDEEMED))
    row = session.execute(
        select(sold, redeemed)
        .select_from(DocumentRow)
        .join(LineRow, LineRow.document_id == DocumentRow.id)
        .where(
            DocumentRow.ended_at >= begin,
            DocumentRow.ended_at < end,
            DocumentRow.bon_typ == BonTyp.BELEG.value,
            LineRow.gv_typ.in_((*_SOLD, *_REDEEMED)),
            LineRow.voucher_id.is_not(None),
        )
    ).one()
    return Moved(row[0] or ZERO, -(row[1] or ZERO))


def lettered_outstanding(session: Session) -> int:
    """How many vouchers with something left have a number that isn't made of digits only (V15)."""
    of_one = _sums_by_voucher().subquery()
    return session.execute(
        select(func.count())
        .select_from(VoucherRow)
        .join(of_one, subject_of(VoucherRow.id) == of_one.c.subject)
        .where(func.ltrim(VoucherRow.number_key, "0123456789") != "")
    ).scalar_one()


def _sums_by_voucher() -> Any:
    """What stands on each subject of the vouchers' accounts, where that is not nothing; what is owed is negative."""
    multi, single, bonus = (
        func.sum(case((PostingRow.account == account, PostingRow.amount), else_=literal_column("0")))
        for account in VALUE_ACCOUNTS
    )
    return (
        select(PostingRow.subject, multi.label("multi"), single.label("single"), bonus.label("bonus"))
        .where(PostingRow.account.in_(VALUE_ACCOUNTS))
        .group_by(PostingRow.subject)
        .having(func.sum(PostingRow.amount) != ZERO)
    )
