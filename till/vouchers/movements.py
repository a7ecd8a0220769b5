"""What moved the value of a voucher, entry by entry of the ledger: its history, its last uses, and its last redemption."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from till.documents.models import DocumentRow
from till.ledger.models import EntryRow, PostingRow
from till.money import ZERO, Money
from till.vouchers.bookings import value_accounts
from till.vouchers.model import Voucher


@dataclass(frozen=True, slots=True)
class Movement:
    """An entry that moved value of a voucher: `amount` is what came onto it (+) or left it (-), both parts together.

    `receipt` and `user_name` are those of its document; None and "" where it has none.
    """

    entry_id: uuid.UUID
    document_id: uuid.UUID | None
    at: dt.datetime
    till_id: str
    user_id: str
    amount: Money
    receipt: int | None
    user_name: str

    @property
    def booking_id(self) -> uuid.UUID:
        """The id of what booked it: its document, or the entry itself where there is none."""
        return self.document_id or self.entry_id

    def made(self, found: Voucher) -> bool:
        """Whether it brought the voucher into being."""
        return self.booking_id in {found.document_id, found.entry_id}


def movements(session: Session, found: Voucher) -> list[Movement]:
    """All of them, the oldest first; that which brought it into being too."""
    entry = (EntryRow.id, EntryRow.document_id, EntryRow.booked_at, EntryRow.till_id, EntryRow.user_id)
    head = (DocumentRow.number, DocumentRow.user_name)
    rows = session.execute(
        select(*entry, func.sum(PostingRow.amount), *head)
        .join(PostingRow, PostingRow.entry_id == EntryRow.id)
        .outerjoin(DocumentRow, DocumentRow.id == EntryRow.document_id)
        .where(PostingRow.account.in_(value_accounts(found.vat_treatment)), PostingRow.subject == str(found.id))
        .group_by(*entry, *head)
        .order_by(EntryRow.booked_at, DocumentRow.number)
    )
    return [Movement(*row[:5], -row[5], row[6], row[7] or "") for row in rows]


def uses(session: Session, found: Voucher, most: int) -> tuple[Movement, ...]:
    """The newest movements, at most so many, the newest first; what brought it into being is none (V38)."""
    used = [one for one in movements(session, found) if not one.made(found)]
    return tuple(reversed(used[-most:]))


def last_taking(session: Session, found: Voucher) -> Movement | None:
    """The newest one that took value from it; None before the first."""
    return next((one for one in reversed(movements(session, found)) if one.amount < ZERO), None)
