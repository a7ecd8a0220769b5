"""Writing entries into the ledger and reading them back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from till.ledger.account import Account
from till.ledger.chain import Record
from till.ledger.entry import Entry, Posting
from till.ledger.models import EntryRow, PostingRow


def append(session: Session, entry: Entry) -> None:
    """Write an entry: the postings first, the sealing row last (architecture 4, Seal)."""
    session.execute(
        insert(PostingRow),
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
    session.execute(
        insert(EntryRow),
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


def entry_of_document(session: Session, document_id: uuid.UUID) -> Entry | None:
    """The entry of a document, or None where it moved nothing. Raises ValueError when it was tampered with."""
    row = session.execute(select(EntryRow.__table__).where(EntryRow.document_id == document_id)).first()
    return None if row is None else _entry(session, row)


def entry(session: Session, entry_id: uuid.UUID) -> Entry | None:
    """The entry with this id, or None. Raises ValueError when it was tampered with."""
    row = session.execute(select(EntryRow.__table__).where(EntryRow.id == entry_id)).first()
    return None if row is None else _entry(session, row)


def _entry(session: Session, row: Any) -> Entry:
    legs = session.execute(
        select(PostingRow.__table__).where(PostingRow.entry_id == row.id).order_by(PostingRow.position)
    )
    return Entry(
        id=row.id,
        reason=row.reason,
        document_id=row.document_id,
        booked_at=row.booked_at,
        business_date=row.business_date,
        till_id=row.till_id,
        shift_id=row.shift_id,
        user_id=row.user_id,
        postings=tuple(Posting(Account(leg.account), leg.amount, leg.subject) for leg in legs),
        reverses=row.reverses,
    )
