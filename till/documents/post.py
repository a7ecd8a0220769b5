"""Posts a Vorgang: number, rows, balanced entry and chain link in the caller's one transaction."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, replace

from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy.orm import Session

from till.audit import trail
from till.db.base import Base
from till.db.context import Context
from till.db.counter import next_number
from till.db.locks import Lock, LockKind, hold
from till.documents.find import document
from till.documents.model import Document, Draft
from till.documents.models import DocumentRow, LineRow, PaymentRow, ReferenceRow, VatRow
from till.documents.record import (
    content_record,
    document_record,
    line_values,
    payment_values,
    reference_values,
    vat_values,
)
from till.errors import Refused
from till.i18n import msg
from till.ledger import chain, journal
from till.ledger.chain import Record, digest
from till.ledger.entry import Entry, Posting

SERIES = "document"
CLOCK_TOLERANCE = dt.timedelta(hours=24)
CLOCK_BEHIND = msg("The computer’s clock says {now}, but the last receipt is from {before}. Set the clock, then go on.")
ANOTHER_WISH = msg("This sale was booked already with other lines. Start a new one.")


@dataclass(frozen=True, slots=True)
class Booking:
    """What posting a draft puts into the ledger: its legs (none: it moves nothing) and their reason.

    `content` is what makes a repetition the same Vorgang; None = the draft with its legs. `reverses` is the entry that
    this one takes back; the database lets that happen once.
    """

    postings: tuple[Posting, ...] = ()
    reason: str = ""
    content: Record | None = None
    reverses: uuid.UUID | None = None


NOTHING = Booking()
IN_TRAINING = msg("The till is in training mode, where this can’t be done. End the training first.")


def already_posted(session: Session, document_id: uuid.UUID, content: Record) -> Document | None:
    """The document posted earlier under this id, or None: the answer to "was that sale booked?".

    The caller holds the till's lock. Raises Refused when the id was posted with other content.
    """
    known = session.connection().execute(_CONTENT, {"id": document_id}).first()
    if known is None:
        return None
    found = document(session, document_id)
    if found is None or known.content != digest(content):
        raise Refused(ANOTHER_WISH)
    return found


def post(session: Session, context: Context, draft: Draft, booking: Booking = NOTHING) -> Document:
    """Post `draft` with its entry. The same id and content again returns the first document.

    Raises Refused when the id was posted with other content, or when the clock stands more than 24 hours
    behind the last document and nobody has confirmed it.
    """
    hold(session, [Lock(LockKind.TILL, context.till_id)])
    booking = replace(booking, content=booking.content or content_record(draft, booking.postings, booking.reason))
    return already_posted(session, draft.id, booking.content or {}) or post_new(session, context, draft, booking)


def post_new(session: Session, context: Context, draft: Draft, booking: Booking) -> Document:
    """As `post`, for a caller that holds the till's lock and has just heard from `already_posted` that it is new.

    Refused in training when it would move anything (T13).
    """
    if context.is_training and booking.postings:
        raise Refused(IN_TRAINING)
    content = booking.content or content_record(draft, booking.postings, booking.reason)
    number = next_number(session, context.till_id, SERIES)
    _check_clock(session, context, number)
    new = Document(
        draft=draft,
        till_id=context.till_id,
        number=number,
        ended_at=context.now,
        business_date=context.business_date,
        shift_id=context.shift_id,
        user_id=context.user_id,
        user_name=context.user_name,
    )
    _insert_rows(session, new, digest(content))
    entry = _entry(context, draft, booking) if booking.postings else None
    if entry is not None:
        journal.append(session, entry)
    chain.extend(session, context.till_id, chain.RecordKind.DOCUMENT, str(draft.id), document_record(new, entry))
    return new


def _entry(context: Context, draft: Draft, booking: Booking) -> Entry:
    return Entry(
        id=uuid.uuid4(),
        reason=booking.reason or draft.kind.value,
        document_id=draft.id,
        booked_at=context.now,
        business_date=context.business_date,
        till_id=context.till_id,
        shift_id=context.shift_id,
        user_id=context.user_id,
        postings=booking.postings,
        reverses=booking.reverses,
    )


def _check_clock(session: Session, context: Context, number: int) -> None:
    last = {"till_id": context.till_id, "number": number - 1}
    before = session.connection().execute(_ENDED, last).scalar_one_or_none()
    if before is None or context.now >= before:
        return
    if before - context.now > CLOCK_TOLERANCE and not context.clock_confirmed:
        raise Refused(CLOCK_BEHIND, now=context.now, before=before)
    trail.note(
        session,
        context,
        trail.Action.CLOCK_WENT_BACK,
        f"document {number}",
        before=before.isoformat(),
        after=context.now.isoformat(),
    )


def _insert_rows(session: Session, new: Document, content: str) -> None:
    draft = new.draft
    connection = session.connection()
    connection.execute(
        _ADD_DOCUMENT,
        {
            "id": new.id,
            "till_id": new.till_id,
            "number": new.number,
            "kind": draft.kind.value,
            "bon_typ": draft.bon_typ.value,
            "bon_name": draft.bon_name,
            "started_at": draft.started_at,
            "ended_at": new.ended_at,
            "business_date": new.business_date,
            "shift_id": new.shift_id,
            "user_id": new.user_id,
            "user_name": new.user_name,
            "total": draft.total,
            "note": draft.note,
            "content": content,
        },
    )
    _LINES.add(connection, new.id, [line_values(line) for line in draft.lines])
    _PAYMENTS.add(connection, new.id, [payment_values(payment) for payment in draft.payments])
    _VAT.add(connection, new.id, [vat_values(vat) for vat in draft.vat])
    _REFERENCES.add(connection, new.id, [reference_values(reference) for reference in draft.references])


class _Part:
    """The rows of one table that belong to a document, in the order of its columns."""

    def __init__(self, row: type[Base]) -> None:
        self._insert = insert(row)
        self._columns = [column.name for column in row.__table__.columns]
        self._is_numbered = "position" in self._columns

    def add(self, connection: Connection, document_id: uuid.UUID, rows: list[list[object]]) -> None:
        """Insert what stands after the document's id, and after the position where the table has one."""
        if rows:
            whole = [self._row(document_id, position, row) for position, row in enumerate(rows)]
            connection.execute(self._insert, whole)

    def _row(self, document_id: uuid.UUID, position: int, row: list[object]) -> dict[str, object]:
        head = (document_id, position) if self._is_numbered else (document_id,)
        return dict(zip(self._columns, (*head, *row), strict=True))


# Made once and run on the connection: the session's own execute costs twice as much per statement (80-quality P1).
_ADD_DOCUMENT = insert(DocumentRow)
_LINES, _PAYMENTS, _VAT, _REFERENCES = (_Part(row) for row in (LineRow, PaymentRow, VatRow, ReferenceRow))
_CONTENT = select(DocumentRow.content).where(DocumentRow.id == bindparam("id"))
_ENDED = select(DocumentRow.ended_at).where(
    DocumentRow.till_id == bindparam("till_id"), DocumentRow.number == bindparam("number")
)
