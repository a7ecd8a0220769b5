"""What happens to a voucher besides being sold and redeemed; kept for good, one row each."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from till.db.context import Context
from till.ledger import chain
from till.money import ZERO, Money
from till.vouchers.model import VoucherEventKind
from till.vouchers.models import VoucherEventRow


@dataclass(frozen=True, slots=True)
class NewEvent:
    """Something that happens to a voucher now, within the transaction that does it.

    `amount`: what it takes off (negative) or adds as bonus (positive). `document_id` is the Vorgang that
    booked it, `other_id` the voucher that takes its place, or the customer whose credit it becomes.
    """

    voucher_id: uuid.UUID
    kind: VoucherEventKind
    reason: str = ""
    amount: Money = ZERO
    document_id: uuid.UUID | None = None
    other_id: uuid.UUID | None = None
    id: uuid.UUID = field(default_factory=uuid.uuid4)


@dataclass(frozen=True, slots=True)
class VoucherEvent:
    """Something that happened to a voucher, when, where and by whom."""

    new: NewEvent
    at: dt.datetime
    till_id: str
    user_id: str
    user_name: str


def note_event(session: Session, context: Context, new: NewEvent) -> None:
    """Write down what happens to a voucher, as a link of the till's chain; the caller holds till's and voucher's lock."""
    row = {
        "id": new.id,
        "voucher_id": new.voucher_id,
        "position": _next_position(session, new.voucher_id),
        "kind": new.kind.value,
        "amount": new.amount,
        "reason": new.reason,
        "at": context.now,
        "till_id": context.till_id,
        "user_id": context.user_id,
        "user_name": context.user_name,
        "document_id": new.document_id,
        "other_id": new.other_id,
    }
    session.execute(insert(VoucherEventRow), row)
    chain.extend(session, context.till_id, chain.RecordKind.VOUCHER_EVENT, str(new.id), row)


def events_of(session: Session, voucher_id: uuid.UUID) -> list[VoucherEvent]:
    """All that happened to a voucher, in order, whatever the clocks of the tills said."""
    return events_by_voucher(session, [voucher_id]).get(voucher_id, [])


def events_by_voucher(session: Session, voucher_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[VoucherEvent]]:
    """As `events_of` for some hundred vouchers; those to which nothing happened are left out."""
    found: dict[uuid.UUID, list[VoucherEvent]] = {}
    wanted = VoucherEventRow.voucher_id.in_(voucher_ids)
    for row in session.execute(select(VoucherEventRow.__table__).where(wanted).order_by(VoucherEventRow.position)):
        found.setdefault(row.voucher_id, []).append(_event(row))
    return found


def _next_position(session: Session, voucher_id: uuid.UUID) -> int:
    """Counted under the voucher's lock; two events in one place are refused by the database."""
    there = select(func.count()).select_from(VoucherEventRow).where(VoucherEventRow.voucher_id == voucher_id)
    return session.execute(there).scalar_one()


def _event(row: Any) -> VoucherEvent:
    new = NewEvent(
        row.voucher_id,
        VoucherEventKind(row.kind),
        row.reason,
        row.amount,
        row.document_id,
        row.other_id,
        row.id,
    )
    return VoucherEvent(new, row.at, row.till_id, row.user_id, row.user_name)
