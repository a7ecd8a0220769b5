"""What `verify` asks of shifts, closings and checkpoints: numbers without a gap, sums that equal their receipts."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from till.business_case import GvTyp
from till.db.counter import CounterRow
from till.db.finding import Check, Finding, Progress
from till.documents import find
from till.documents.model import Document, DocumentKind
from till.documents.models import DocumentRow
from till.i18n import msg
from till.ledger import chain
from till.ledger.account import Account
from till.ledger.balances import Sums, balance_at, checkpoint, sums_among
from till.ledger.journal import StoredEntry, entries_of
from till.ledger.models import ChainRow, CheckpointRow, EntryRow, PostingRow
from till.money import ZERO, total
from till.shifts.bookings import movement_postings, opposite
from till.shifts.closing import Z_SERIES, Closing, closing, record_of
from till.shifts.figures import sums_of
from till.shifts.models import ClosingRow, ShiftRow
from till.shifts.movement import kind_of
from till.shifts.period import Period, entries_in


@dataclass(frozen=True, slots=True)
class _Z:
    """A closing with the period that it covers; `is_next`: its number follows the one before."""

    row: Any
    period: Period
    is_next: bool

    @property
    def where(self) -> dict[str, object]:
        return {"till": self.row.till_id, "number": self.row.z_number}


def shifts(session: Session, _progress: Progress) -> Iterator[Finding]:
    """Each opening is in the chain, unchanged, and its documents and its Z are of its till and business date."""
    known = chain.contents(session, chain.RecordKind.SHIFT)
    stored = session.execute(select(ShiftRow.__table__)).all()
    for row in stored:
        if known.get(str(row.id)) != chain.digest(dict(row._mapping)):  # noqa: SLF001 - SQLAlchemy's public name
            yield Finding(
                msg("The opening of till {till} on {day} was changed."), {"till": row.till_id, "day": row.business_date}
            )
    if len(stored) < len(known):
        yield Finding(msg("{count} openings of the chain are gone."), {"count": len(known) - len(stored)})
    for row in session.execute(_foreign(DocumentRow, DocumentRow.number)):
        yield Finding(
            msg("Document {number} of till {till} isn’t of the day or till of its shift."),
            {"number": row.number, "till": row.till_id},
        )
    for row in session.execute(_foreign(ClosingRow, ClosingRow.z_number)):
        yield Finding(
            msg("Z {number} of till {till} isn’t of the day or till of its shift."),
            {"number": row.number, "till": row.till_id},
        )


def _foreign(of: Any, number: Any) -> Any:
    """What names a shift of another till or day, or one that isn't there."""
    return (
        select(of.till_id, number.label("number"))
        .outerjoin(ShiftRow, ShiftRow.id == of.shift_id)
        .where(
            of.shift_id.is_not(None),
            or_(
                ShiftRow.id.is_(None),
                ShiftRow.till_id != of.till_id,
                ShiftRow.business_date != of.business_date,
            ),
        )
    )


def closings(session: Session, progress: Progress) -> Iterator[Finding]:
    """Z numbers and their receipts run without a gap, and each Z still says what its receipts sum to."""
    known = chain.contents(session, chain.RecordKind.CLOSING)
    last: dict[str, int] = {}
    count = 0
    for z in _all(session, progress):
        count, last[z.row.till_id] = count + 1, z.row.z_number
        for problem in _problems(session, z, known.get(str(z.row.id))):
            yield Finding(problem, z.where)
    if len(known) > count:
        yield Finding(msg("{count} Z of the chain are gone."), {"count": len(known) - count})
    counters = session.execute(select(CounterRow.till_id, CounterRow.value).where(CounterRow.series == Z_SERIES))
    for till_id, value in sorted({row.till_id: row.value for row in counters}.items()):
        if value != last.get(till_id, 0):
            yield Finding(msg("Till {till}: the newest Z is missing."), {"till": till_id})


def _problems(session: Session, z: _Z, known: str | None) -> Iterator[str]:
    if not z.is_next:
        yield msg("Till {till}: a Z is missing before Z {number}.")
    stored = _readable(session, z.row.id)
    if stored is None or stored.sums != sums_of(session, z.period):
        yield msg("Z {number} of till {till} doesn’t equal the sum of its receipts.")
    if stored is not None and not _is_counted_right(session, stored):
        yield msg("Z {number} of till {till}: target, count and booked difference don’t fit together.")
    if z.row.first_number != z.period.first_number or not _ends_with_itself(session, z):
        yield msg("Z {number} of till {till} leaves out receipts.")
    if chain.digest(record_of(session, z.row.id) or {}) != known:
        yield msg("Z {number} of till {till} was changed after it was made.")


def _readable(session: Session, closing_id: uuid.UUID) -> Closing | None:
    """The Z, or None where its sums can't be read any more."""
    try:
        return closing(session, closing_id)
    except (ValueError, LookupError, TypeError):
        return None


def _is_counted_right(session: Session, z: Closing) -> bool:
    """The protocol comes to the count, the difference was booked, and the drawer holds by the books what was there.

    That is without what was taken out right before the Z.
    """
    counted = z.target_cash if z.counted_cash is None else z.counted_cash
    booked = total(case.gross for case in z.cases if case.gv_typ == GvTyp.DIFFERENZ.value)
    return (
        (z.pieces is None or z.pieces.total == counted)
        and booked == counted - z.target_cash
        and balance_at(session, z.id, Account.CASH, z.till_id) == counted - z.dropped
    )


def _ends_with_itself(session: Session, z: _Z) -> bool:
    """The last receipt of a Z is its own document."""
    own = select(DocumentRow.number).where(DocumentRow.id == z.row.id, DocumentRow.till_id == z.row.till_id)
    return bool(session.execute(own).scalar_one_or_none() == z.row.last_number)


def movements(session: Session, progress: Progress) -> Iterator[Finding]:
    """Each cash in and out has a reason and books what it says; what takes one back is its opposite, and names it."""
    kinds = (DocumentKind.CASH_MOVEMENT.value, DocumentKind.CASH_REVERSAL.value)
    ids = list(session.scalars(select(DocumentRow.id).where(DocumentRow.kind.in_(kinds))))
    for i, document_id in enumerate(ids):
        progress(i, len(ids))
        moved = find.document(session, document_id)
        if moved is not None and not _is_right(session, moved):
            yield Finding(
                msg("Document {number} of till {till} isn’t the cash in or cash out that it says."),
                {"number": moved.number, "till": moved.till_id},
            )


def _is_right(session: Session, moved: Document) -> bool:
    draft, entries = moved.draft, entries_of(session, [moved.id]).get(moved.id, [])
    if not draft.note or len(draft.lines) != 1 or len(entries) != 1:
        return False
    line, entry, turned = draft.lines[0], entries[0], draft.kind is DocumentKind.CASH_REVERSAL
    kind = kind_of(line.gv_typ, -line.gross if turned else line.gross)
    if kind is None or entry.postings != movement_postings(kind, line.gross, moved.till_id):
        return False
    return _takes_back(session, moved, entry) if turned else entry.values["reverses"] is None


def _takes_back(session: Session, moved: Document, entry: StoredEntry) -> bool:
    if len(moved.draft.references) != 1:
        return False
    named = moved.draft.references[0].document_id
    before = entries_of(session, [named]).get(named, [])
    return (
        len(before) == 1
        and entry.values["reverses"] == before[0].values["id"]
        and entry.postings == opposite(before[0].postings)
    )


def checkpoints(session: Session, progress: Progress) -> Iterator[Finding]:
    """What each Z wrote down of its till's balances is what the ledger sums to, from the first entry on."""
    till_id, sums = "", Sums()
    for z in _all(session, progress):
        if z.row.till_id != till_id:
            till_id, sums = z.row.till_id, Sums()
        booked = sums_among(session, entries_in(session, z.period))
        sums = {key: sums.get(key, ZERO) + booked.get(key, ZERO) for key in sums.keys() | booked.keys()}
        if checkpoint(session, z.row.id) != {key: amount for key, amount in sums.items() if amount}:
            yield Finding(msg("The balances that Z {number} of till {till} wrote down aren’t the ledger’s."), z.where)
    stray = (
        select(CheckpointRow.closing_id)
        .distinct()
        .outerjoin(ClosingRow, ClosingRow.id == CheckpointRow.closing_id)
        .where(ClosingRow.id.is_(None))
    )
    for closing_id in session.scalars(stray):
        yield Finding(msg("Balances were written down for a Z that is not there: {id}."), {"id": closing_id})


def drawers(session: Session, _progress: Progress) -> Iterator[Finding]:
    """Only a till itself moves the cash in its drawer: its target is read from its own entries."""
    tills = select(ShiftRow.till_id)
    foreign = (
        select(EntryRow.id, PostingRow.subject)
        .join(PostingRow, PostingRow.entry_id == EntryRow.id)
        .where(
            PostingRow.account == Account.CASH.value,
            PostingRow.subject != EntryRow.till_id,
            PostingRow.subject.in_(tills),
        )
    )
    for row in session.execute(foreign):
        yield Finding(
            msg("Entry {entry} moves cash in the drawer of till {till}, and another till booked it."),
            {"entry": row.id, "till": row.subject},
        )


def _all(session: Session, progress: Progress) -> Iterator[_Z]:
    """All closings by till and number, each with the period that begins after the one before."""
    rows = session.execute(
        select(
            ClosingRow.id,
            ClosingRow.till_id,
            ClosingRow.z_number,
            ClosingRow.first_number,
            ClosingRow.last_number,
        ).order_by(ClosingRow.till_id, ClosingRow.z_number)
    ).all()
    positions = _positions(session)
    before, number = Period(""), 0
    for i, row in enumerate(rows):
        progress(i, len(rows))
        if row.till_id != before.till_id:
            before, number = Period(row.till_id), 0
        period = replace(before, last_number=row.last_number, last_position=positions.get(row.id, 0))
        yield _Z(row, period, row.z_number == number + 1)
        before = Period(row.till_id, row.id, row.last_number + 1, period.last_position + 1)
        number = row.z_number


def _positions(session: Session) -> dict[uuid.UUID, int]:
    rows = session.execute(
        select(ChainRow.record_id, ChainRow.position).where(ChainRow.kind == chain.RecordKind.CLOSING.value)
    )
    return {uuid.UUID(row.record_id): row.position for row in rows}


CHECKS = (
    Check("shifts", msg("openings of the till"), shifts),
    Check("closings", msg("Z closings"), closings),
    Check("movements", msg("cash in and cash out"), movements),
    Check("checkpoints", msg("balances at each Z"), checkpoints),
    Check("drawers", msg("cash in the drawers"), drawers),
)
