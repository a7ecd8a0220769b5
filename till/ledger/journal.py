"""Writing entries into the ledger and reading them back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, insert, select
from sqlalchemy.orm import Session

from till.ledger.account import Account
from till.ledger.chain import Record
from till.ledger.entry import Entry, Posting
from till.ledger.models import EntryRow, PostingRow


def append(session: Session, entry: Entry) -> None:
    """Write an entry: the postings first, the sealing row last (architecture 4, Seal)."""
    connection = session.connection()  # the session's own execute costs twice as much per statement (80-quality P1)
    connection.execute(
        _ADD_POSTING,
        [
            {
                "entry_id": entry.id,
                "position": position,
                "account": leg.account.value,
                "subject": leg.subject,
                "amount": leg.amount,
            }
            for position, leg in enumerate(entry.postings)
        ],
    )
    connection.execute(
        _ADD_ENTRY,
        {
            "id": entry.id,
            "till_id": entry.till_id,
            "reason": entry.reason,
            "document_id": entry.document_id,
            "booked_at": entry.booked_at,
            "business_date": entry.business_date,
            "shift_id": entry.shift_id,
            "user_id": entry.user_id,
            "reverses": entry.reverses,
            "legs": len(entry.postings),
        },
    )


_ADD_POSTING = insert(PostingRow)
_ADD_ENTRY = insert(EntryRow)


def record_of(entry: Entry) -> Record:
    """An entry as the chain covers it."""
    return {
        "id": entry.id,
        "reason": entry.reason,
        "document": entry.document_id,
        "booked_at": entry.booked_at,
        "business_date": entry.business_date,
        "till": entry.till_id,
        "shift": entry.shift_id,
        "user": entry.user_id,
        "reverses": entry.reverses,
        "postings": posting_record(entry.postings),
    }


def posting_record(postings: Sequence[Posting]) -> list[list[object]]:
    """The legs of an entry as the chain and the idempotency digest cover them."""
    return [[leg.account.value, leg.subject, leg.amount] for leg in postings]


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry as the database has it: it may have been tampered with, so nothing is checked."""

    values: dict[str, Any]
    postings: tuple[Posting, ...]

    def entry(self) -> Entry:
        """The entry; raises ValueError when it isn't one."""
        known = {name: value for name, value in self.values.items() if name != "legs"}
        return Entry(**known, postings=self.postings)


def entries_of(session: Session, document_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[StoredEntry]]:
    """The stored entries of some hundred documents, by document."""
    found: dict[uuid.UUID, list[StoredEntry]] = {}
    for stored in _stored(session, EntryRow.document_id.in_(document_ids)):
        found.setdefault(stored.values["document_id"], []).append(stored)
    return found


def _stored(session: Session, where: ColumnElement[bool]) -> list[StoredEntry]:
    heads = session.execute(select(EntryRow.__table__).where(where)).all()
    legs: dict[uuid.UUID, list[Posting]] = {}
    for row in session.execute(
        select(PostingRow.__table__)
        .where(PostingRow.entry_id.in_([head.id for head in heads]))
        .order_by(PostingRow.entry_id, PostingRow.position)
    ):
        legs.setdefault(row.entry_id, []).append(Posting(Account(row.account), row.amount, row.subject))
    return [
        StoredEntry(dict(head._mapping), tuple(legs.get(head.id, ())))  # noqa: SLF001 - SQLAlchemy's name
        for head in heads
    ]
