"""Vouchers without a number, which are redeemed by amount where the shop wants it: the oldest valid ones first (V14)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from till.ledger.models import PostingRow
from till.money import ZERO
from till.vouchers.bookings import VALUE_ACCOUNTS
from till.vouchers.model import Numbering, Voucher, VoucherStanding, VoucherState, VoucherType
from till.vouchers.models import VoucherRow
from till.vouchers.numbers import internal_number
from till.vouchers.standing import standing_of, voucher_by_id
from till.vouchers.types import voucher_types

_PORTION = 500


def unnumbered_types(session: Session) -> list[VoucherType]:
    """The types that give no number; those that are no longer sold too, as their vouchers live on (V2)."""
    return [kind for kind in voucher_types(session) if kind.numbering is Numbering.NONE]


def oldest_first(session: Session, type_id: uuid.UUID, today: dt.date) -> Iterator[VoucherStanding]:
    """The type's vouchers without a number that can be redeemed on `today`, in the order in which they were sold."""
    rows = session.execute(
        select(VoucherRow.id, VoucherRow.number)
        .where(VoucherRow.type_id == type_id, VoucherRow.valid_from <= today, VoucherRow.valid_until >= today)
        .order_by(VoucherRow.issued_at, VoucherRow.number)
    ).all()
    ids = [row.id for row in rows if row.number == internal_number(row.id)]
    for first in range(0, len(ids), _PORTION):
        for voucher_id in _worth_something(session, ids[first : first + _PORTION]):
            found = voucher_by_id(session, voucher_id)
            standing = None if found is None else standing_of(session, found, today)
            if standing is not None and standing.state is VoucherState.ACTIVE:
                yield standing


def _worth_something(session: Session, ids: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Those with anything left, in the same order: most that were ever sold are used up."""
    left = func.sum(PostingRow.amount)
    with_value = set(
        session.scalars(
            select(PostingRow.subject)
            .where(PostingRow.account.in_(VALUE_ACCOUNTS), PostingRow.subject.in_([str(one) for one in ids]))
            .group_by(PostingRow.subject)
            .having(left != ZERO)
        )
    )
    return [one for one in ids if str(one) in with_value]


def has_number(voucher: Voucher) -> bool:
    """Whether anybody knows it by its number; else that is only its name in the books."""
    return voucher.number != internal_number(voucher.id)
