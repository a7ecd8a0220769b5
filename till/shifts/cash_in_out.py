"""Books cash into and out of the drawer, and takes such a booking back by its opposite (T10, 60-fiscal A4.3)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from till.db.context import Context
from till.db.locks import Lock, LockKind, hold
from till.documents import find
from till.documents.model import Document, DocumentKind, Draft, Reference
from till.documents.models import DocumentRow, ReferenceRow
from till.documents.post import Booking, post
from till.errors import Refused
from till.i18n import msg
from till.ledger.entry import Entry
from till.ledger.journal import entries_of
from till.ledger.models import EntryRow
from till.money import Money
from till.shifts.bookings import movement_postings, opposite
from till.shifts.movement import (
    STORNO,
    Movement,
    MovementKind,
    TakingBack,
    check_drawer,
    checked,
    checked_reason,
    kind_of,
)
from till.shifts.shift import cash_document, cash_line, target_cash

_LOOKED_AT = 100
MOST_REASONS = 6


@dataclass(frozen=True, slots=True)
class Moved:
    """The document of a movement; not `is_new` when it was booked before and its answer was lost."""

    document: Document
    is_new: bool


@dataclass(frozen=True, slots=True)
class MovementEntry:
    """A booked movement in a list; `taken_back_by` is the number of the receipt that took it back, if one did."""

    document_id: uuid.UUID
    number: int
    at: dt.datetime
    kind: MovementKind | None
    text: str
    amount: Money
    reason: str
    taken_back_by: int | None


def move(session: Session, context: Context, movement: Movement) -> Moved:
    """Book a movement. The same movement again gives the first document.

    Refused without an amount or a reason, and when the drawer would hold less than nothing: the target in the books can
    never be below 0, since a Kassenfehlbetrag shakes the whole of them.
    """
    movement = checked(movement)
    hold(session, [Lock(LockKind.TILL, context.till_id)])
    is_new = find.document(session, movement.id) is None
    if is_new:
        check_drawer(target_cash(session, context.till_id), movement.into_drawer)
    line = cash_line(movement.kind.booked, movement.kind.gv_typ, movement.into_drawer)
    draft = cash_document(DocumentKind.CASH_MOVEMENT, line, context)
    legs = movement_postings(movement.kind, movement.into_drawer, context.till_id)
    named = replace(draft, id=movement.id, note=movement.reason)
    return Moved(post(session, context, named, Booking(legs)), is_new)


def take_back(session: Session, context: Context, wish: TakingBack) -> Moved:
    """Book the opposite of a movement, which stays as it is and is named by it.

    Refused for other documents, for one that was taken back already, and when the drawer would hold less than nothing.
    """
    reason = checked_reason(wish.reason)
    hold(session, [Lock(LockKind.TILL, context.till_id)])
    original, entry = _original(session, context, wish.document_id)
    earlier = reversal_of(session, entry.id)
    if earlier is not None and earlier.id != wish.id:
        raise Refused(
            msg("Receipt {number} was taken back already: see receipt {other}."),
            number=original.number,
            other=earlier.number,
        )
    if earlier is None:
        check_drawer(target_cash(session, context.till_id), -original.draft.total)
    draft = replace(_mirrored(original, context), id=wish.id, note=reason)
    return Moved(post(session, context, draft, Booking(opposite(entry.postings), reverses=entry.id)), earlier is None)


def reversal_of(session: Session, entry_id: uuid.UUID) -> Document | None:
    """The document whose entry takes this one back, or None."""
    found = session.execute(select(EntryRow.document_id).where(EntryRow.reverses == entry_id)).scalar_one_or_none()
    return None if found is None else find.document(session, found)


def recent_movements(
    session: Session, till_id: str, limit: int, shift_id: uuid.UUID | None = None
) -> list[MovementEntry]:
    """The newest movements of a till, or of one shift, newest first; without those that take one back."""
    found = find.latest(session, till_id, (DocumentKind.CASH_MOVEMENT,), limit)
    if shift_id is not None:
        found = [one for one in found if one.shift_id == shift_id]
    reversals = _numbers_of_reversals(session, [one.id for one in found])
    return [
        MovementEntry(
            document_id=one.id,
            number=one.number,
            at=one.ended_at,
            kind=kind_of(one.draft.lines[0].gv_typ, one.draft.total),
            text=one.draft.lines[0].text,
            amount=one.draft.total,
            reason=one.draft.note,
            taken_back_by=reversals.get(one.id),
        )
        for one in found
    ]


def _numbers_of_reversals(session: Session, document_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    rows = session.execute(
        select(ReferenceRow.referenced_id, DocumentRow.number)
        .join(DocumentRow, DocumentRow.id == ReferenceRow.document_id)
        .where(ReferenceRow.referenced_id.in_(document_ids), DocumentRow.kind == DocumentKind.CASH_REVERSAL.value)
    )
    return {row.referenced_id: row.number for row in rows}


def usual_reasons(session: Session, till_id: str, kind: MovementKind) -> tuple[str, ...]:
    """What was typed for this kind of movement on this till lately, the most frequent first."""
    latest = find.latest(session, till_id, (DocumentKind.CASH_MOVEMENT,), _LOOKED_AT)
    typed = Counter(d.draft.note for d in latest for line in d.draft.lines if kind_of(line.gv_typ, line.gross) is kind)
    return tuple(reason for reason, _ in typed.most_common(MOST_REASONS))


def _original(session: Session, context: Context, document_id: uuid.UUID) -> tuple[Document, Entry]:
    found = find.document(session, document_id)
    if found is None or found.draft.kind is not DocumentKind.CASH_MOVEMENT:
        raise Refused(msg("Only cash in and cash out can be taken back here."))
    if found.till_id != context.till_id:
        raise Refused(msg("That cash went through the drawer of till {till}. Take it back there."), till=found.till_id)
    (stored,) = entries_of(session, [document_id])[document_id]
    return found, stored.entry()


def _mirrored(original: Document, context: Context) -> Draft:
    (line,) = original.draft.lines
    turned = replace(cash_line(line.text, line.gv_typ, -line.gross), gv_name=STORNO)
    draft = cash_document(DocumentKind.CASH_REVERSAL, turned, context)
    return replace(draft, references=(Reference(original.till_id, original.number, original.id),))
