"""An entry of no document with very many legs: written and read leg by leg, so that memory stays flat."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

from sqlalchemy import Table, insert, select, text
from sqlalchemy.orm import Session

from till.db.copying import check_deferred, copy_rows
from till.ledger import chain
from till.ledger.models import EntryRow, PostingRow

Leg = tuple[str, str, int]
"""Account, subject and amount in cents of one leg; debit +, credit -."""

_COLUMNS = ("entry_id", "position", "account", "subject", "amount")
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class LargeEntry:
    """The head of such an entry, as Entry has it, and how many legs there are."""

    id: uuid.UUID
    reason: str
    booked_at: dt.datetime
    business_date: dt.date
    till_id: str
    shift_id: uuid.UUID | None
    user_id: str
    legs: int
    reverses: uuid.UUID | None = None

    def digest(self, legs: Iterable[Leg]) -> str:
        """What the chain keeps of it, the very same as of an Entry with these postings."""
        return chain.digest_of_many(self._record(), "postings", legs)

    def _record(self) -> chain.Record:
        return {
            "id": self.id,
            "reason": self.reason,
            "document": None,
            "booked_at": self.booked_at,
            "business_date": self.business_date,
            "till": self.till_id,
            "shift": self.shift_id,
            "user": self.user_id,
            "reverses": self.reverses,
        }


def append_selected(session: Session, entry: LargeEntry, legs: str) -> None:
    """On SQLite: write the entry with the legs that a SELECT of position, account, subject and amount gives."""
    session.execute(
        text(f"INSERT INTO main.ledger_posting ({', '.join(_COLUMNS)}) SELECT :entry, legs.* FROM ({legs}) legs"),  # noqa: S608 - own words
        {"entry": entry.id.hex},
    )
    _seal(session, entry)


def append_copied(session: Session, entry: LargeEntry, legs: Iterable[Leg]) -> None:
    """On a server: write the entry, and check it at once. No lock is needed yet: it is in no chain."""
    rows = ((entry.id, position, *leg) for position, leg in enumerate(legs))
    copy_rows(session, _POSTINGS, _COLUMNS, rows)
    _seal(session, entry)
    check_deferred(session)


def heads(session: Session) -> list[LargeEntry]:
    """The heads of all entries that belong to no document: opening balances."""
    names = [field.name for field in fields(LargeEntry)]
    rows = session.execute(select(EntryRow.__table__).where(EntryRow.document_id.is_(None)))
    return [LargeEntry(**{name: getattr(row, name) for name in names}) for row in rows]


def legs_of(session: Session, entry_id: uuid.UUID) -> Iterator[Leg]:
    """The stored legs of an entry in their order, read in portions."""
    rows = session.execute(
        select(PostingRow.account, PostingRow.subject, PostingRow.amount)
        .where(PostingRow.entry_id == entry_id)
        .order_by(PostingRow.position),
        execution_options={"yield_per": _AT_ONCE},
    )
    return ((row.account, row.subject, row.amount.cents) for row in rows)


def _seal(session: Session, entry: LargeEntry) -> None:
    session.execute(
        insert(EntryRow),
        {
            "id": entry.id,
            "till_id": entry.till_id,
            "reason": entry.reason,
            "document_id": None,
            "booked_at": entry.booked_at,
            "business_date": entry.business_date,
            "shift_id": entry.shift_id,
            "user_id": entry.user_id,
            "reverses": entry.reverses,
            "legs": entry.legs,
        },
    )


_POSTINGS: Table = PostingRow.__table__  # type: ignore[assignment]
