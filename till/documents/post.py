"""Posts a Vorgang: number, rows, balanced entry and chain link in the caller's one transaction."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, bindparam, insert, select
from sqlalchemy.orm import Session

from till.audit import trail
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


@dataclass(frozen=True, slots=True)
class Booking:
    """What posting a draft puts into the ledger: its legs (none: it moves nothing) and their reason.

    `content` is what makes a repetition the same Vorgang; None = the draft with its legs.
    """

    postings: tuple[Posting, ...] = ()
    reason: str = ""
    content: Record | None = None


NOTHING = Booking()


def already_posted(session: Session, document_id: uuid.UUID, content: Record) -> Document | None:
    """The document posted earlier under this id, or None: the answer to "was that sale booked?".

    The caller holds the till's lock. Raises Refused when the id was posted with other content.
    """
    known = session.execute(_CONTENT, {"id": document_id}).first()
    if known is None:
        return None
    found = document(session, document_id)
    if found is None or known.content != digest(content):
        raise Refused(msg("This sale was booked already with other lines. Start a new one."))
    return found


def post(session: Session, context: Context, draft: Draft, booking: Booking = NOTHING) -> Document:
    """Post `draft` with its entry. The same id and content again returns the first document.

    Raises Refused when the id was posted with other content, or when the clock stands more than 24 hours
    behind the last document and nobody has confirmed it.
    """
    hold(session, [Lock(LockKind.TILL, context.till_id)])
    content = booking.content or content_record(draft, booking.postings, booking.reason)
    return already_posted(session, draft.id, content) or _posted_new(session, context, draft, booking, digest(content))


def _posted_new(session: Session, context: Context, draft: Draft, booking: Booking, content: str) -> Document:
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
    _insert_rows(session, new, content)
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
    )


def _check_clock(session: Session, context: Context, number: int) -> None:
    before = session.execute(_ENDED, {"till_id": context.till_id, "number": number - 1}).scalar_one_or_none()
    if before is None or context.now >= before:
        return
    if before - context.now > CLOCK_TOLERANCE and not context.clock_confirmed:
        raise Refused(
            msg("The computer’s clock says {now}, but the last receipt is from {before}. Set the clock, then go on."),
            now=context.now,
            before=before,
        )
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
    session.execute(
        insert(DocumentRow),
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
    _insert_all(session, LineRow.__table__, new.id, [line_values(line) for line in draft.lines])
    _insert_all(session, PaymentRow.__table__, new.id, [payment_values(payment) for payment in draft.payments])
    _insert_all(session, VatRow.__table__, new.id, [vat_values(vat) for vat in draft.vat])
    _insert_all(session, ReferenceRow.__table__, new.id, [reference_values(r) for r in draft.references])


def _insert_all(session: Session, table: Any, document_id: uuid.UUID, rows: list[list[object]]) -> None:
    if not rows:
        return
    session.execute(
        insert(table),
        [
            dict(zip(_columns(table), (document_id, *_numbered(table, i, row)), strict=True))
            for i, row in enumerate(rows)
        ],
    )


def _numbered(table: Table, position: int, row: list[object]) -> list[object]:
    return [position, *row] if "position" in table.c else row


def _columns(table: Table) -> list[str]:
    return [column.name for column in table.columns]


_CONTENT = select(DocumentRow.content).where(DocumentRow.id == bindparam("id"))
_ENDED = select(DocumentRow.ended_at).where(
    DocumentRow.till_id == bindparam("till_id"), DocumentRow.number == bindparam("number")
)
