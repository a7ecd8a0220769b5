"""What belongs to a Z: everything that its till wrote after the Z before, also while it was closed.

An AVBelegabbruch that the recovery writes after a closing has no shift. DSFinV-K wants every Vorgang in a
Kassenabschluss (Z_NR), and without a gap in the numbers: it counts into the next one.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, select, union_all
from sqlalchemy.orm import Session

from till.documents.models import DocumentRow
from till.ledger import chain
from till.ledger.balances import Entries
from till.ledger.models import ChainRow, EntryRow
from till.shifts.models import ClosingRow

_ALL = 2**62


@dataclass(frozen=True, slots=True)
class Period:
    """A till's documents and links of the chain after one Z up to the next, or up to now.

    `previous` is the Z that it begins after, None for the first. Numbers and positions include their ends.
    """

    till_id: str
    previous: uuid.UUID | None = None
    first_number: int = 1
    first_position: int = 1
    last_number: int = _ALL
    last_position: int = _ALL

    @property
    def documents(self) -> ColumnElement[bool]:
        """The condition for its documents."""
        return and_(
            DocumentRow.till_id == self.till_id, DocumentRow.number.between(self.first_number, self.last_number)
        )


def present_period(session: Session, till_id: str) -> Period:
    """What a Z of now would cover."""
    z = session.execute(
        select(ClosingRow.id, ClosingRow.last_number)
        .where(ClosingRow.till_id == till_id)
        .order_by(ClosingRow.z_number.desc())
        .limit(1)
    ).first()
    if z is None:
        return Period(till_id)
    position = chain.position_of(session, chain.RecordKind.CLOSING, str(z.id)) or 0
    return Period(till_id, z.id, z.last_number + 1, position + 1)


def entries_in(session: Session, period: Period) -> Entries:
    """The entries of a period: its documents', and those of no document (opening balances) by their links."""
    of_documents = select(EntryRow.id).join(DocumentRow, DocumentRow.id == EntryRow.document_id).where(period.documents)
    alone = _alone(session, period)
    if not alone:
        return of_documents
    both = union_all(of_documents, select(EntryRow.id).where(EntryRow.id.in_(alone))).subquery()
    return select(both.c.id)


def _alone(session: Session, period: Period) -> list[uuid.UUID]:
    """There are few of these in a shop's life."""
    of_till = select(EntryRow.id).where(EntryRow.document_id.is_(None), EntryRow.till_id == period.till_id)
    known = {str(entry_id): entry_id for entry_id in session.scalars(of_till)}
    if not known:
        return []
    linked = select(ChainRow.record_id).where(
        ChainRow.kind == chain.RecordKind.ENTRY.value,
        ChainRow.record_id.in_(known),
        ChainRow.position.between(period.first_position, period.last_position),
    )
    return [known[record_id] for record_id in session.scalars(linked)]
