"""What `verify` asks of the documents: numbers, sums, their entries, and that the chain covers them unchanged."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence

from sqlalchemy import func, literal_column, select
from sqlalchemy.orm import Session

from till.business_case import BonTyp, GvTyp, ZahlartTyp
from till.db.counter import CounterRow
from till.db.finding import Check, Finding, Progress
from till.documents import find
from till.documents.model import MOVING_VALUE, Document, DocumentKind, Draft
from till.documents.models import DocumentRow, LineRow
from till.documents.post import SERIES
from till.documents.record import document_record
from till.i18n import msg
from till.ledger import chain
from till.ledger.account import Account
from till.ledger.entry import Entry
from till.ledger.journal import StoredEntry, entries_of
from till.ledger.models import ChainRow, EntryRow
from till.money import ZERO, Money, total

PORTION = 500
_NO_TURNOVER = {
    GvTyp.MEHRZWECK_KAUF,
    GvTyp.MEHRZWECK_EINLOESUNG,
    GvTyp.GELDTRANSIT,
    GvTyp.DIFFERENZ,
    GvTyp.ANFANGSBESTAND,
    GvTyp.PRIVATENTNAHME,
    GvTyp.PRIVATEINLAGE,
    GvTyp.LOHNZAHLUNG,
    GvTyp.EINZAHLUNG,
    GvTyp.AUSZAHLUNG,
    GvTyp.TRINKGELD_AN,
}


def numbers(session: Session, _progress: Progress) -> Iterator[Finding]:
    """Each till's document numbers run from 1 without a gap up to its counter."""
    rows = session.execute(
        select(
            DocumentRow.till_id,
            func.count().label("count"),
            func.min(DocumentRow.number).label("first"),
            func.max(DocumentRow.number).label("last"),
        ).group_by(DocumentRow.till_id)
    )
    counters = {
        row.till_id: row.value
        for row in session.execute(select(CounterRow.till_id, CounterRow.value).where(CounterRow.series == SERIES))
    }
    for row in rows:
        if (row.first, row.last) != (1, row.count) or counters.get(row.till_id) != row.count:
            yield Finding(
                msg("Till {till}: {count} documents, but numbers {first} to {last} and a counter of {counter}."),
                {
                    "till": row.till_id,
                    "count": row.count,
                    "first": row.first,
                    "last": row.last,
                    "counter": counters.get(row.till_id, 0),
                },
            )


def contents(session: Session, progress: Progress) -> Iterator[Finding]:
    """Each document is as it was when it was posted: the chain's digest, its sums and its entry fit."""
    for till_id in session.scalars(select(DocumentRow.till_id).distinct()).all():
        last = find.highest_number(session, till_id)
        for first in range(1, last + 1, PORTION):
            progress(first, last)
            yield from _portion(session, find.documents(session, till_id, first, first + PORTION - 1))
    yield from _strays(session)


def contents_since(session: Session, till_id: str, number: int) -> Iterator[Finding]:
    """As `contents`, for the documents of one till from `number` on."""
    for first in range(number, find.highest_number(session, till_id) + 1, PORTION):
        yield from _portion(session, find.documents(session, till_id, first, first + PORTION - 1))


def _portion(session: Session, documents: Sequence[Document]) -> Iterator[Finding]:
    ids = [document.id for document in documents]
    entries = entries_of(session, ids)
    digests = _digests(session, [str(document_id) for document_id in ids])
    for document in documents:
        stored = entries.get(document.id, [])
        for problem in _problems(document, stored, digests.get(str(document.id))):
            yield Finding(problem, {"till": document.till_id, "number": document.number})
    for till_id, number in _false_totals(session, ids):
        yield Finding(
            msg("The total of document {number} of till {till} doesn’t equal its lines."),
            {"till": till_id, "number": number},
        )


def _false_totals(session: Session, ids: Sequence[uuid.UUID]) -> list[tuple[str, int]]:
    """Documents whose stored total, which lists of receipts show, is not the sum of their lines."""
    lines = func.coalesce(func.sum(LineRow.gross), literal_column("0"))
    rows = session.execute(
        select(DocumentRow.till_id, DocumentRow.number)
        .outerjoin(LineRow)
        .where(DocumentRow.id.in_(ids))
        .group_by(DocumentRow.id)
        .having(DocumentRow.total != lines)
    )
    return [(row.till_id, row.number) for row in rows]


def _problems(document: Document, stored: Sequence[StoredEntry], known: str | None) -> Iterator[str]:
    if len(stored) > 1:
        yield msg("Document {number} of till {till} has more than one entry.")
        return
    try:
        entry = stored[0].entry() if stored else None
    except ValueError:
        yield msg("The entry of document {number} of till {till} was changed.")
        return
    if known is None:
        yield msg("Document {number} of till {till} is not in the chain.")
    elif chain.digest(document_record(document, entry)) != known:
        yield msg("Document {number} of till {till} was changed after it was posted.")
    if document.draft.bon_typ is BonTyp.BELEG:
        yield from _sums(document, entry)
    elif entry is not None and document.draft.kind not in MOVING_VALUE:
        yield msg("Document {number} of till {till} moves money, and its kind never does.")
    if not _is_called_rightly(document.draft):
        yield msg("Document {number} of till {till} is training by its kind or by its BON_TYP, but not by both.")


def _is_called_rightly(draft: Draft) -> bool:
    """What was practised is AVTraining; an AVBelegabbruch only where the TSE ended it by itself (60-fiscal A2.6)."""
    if draft.kind is DocumentKind.TRAINING_ABORTED:
        return draft.bon_typ in {BonTyp.TRAINING, BonTyp.ABBRUCH}
    return (draft.bon_typ is BonTyp.TRAINING) == (draft.kind is DocumentKind.TRAINING_SALE)


def _sums(document: Document, entry: Entry | None) -> Iterator[str]:
    draft = document.draft
    if draft.total != total(payment.amount for payment in draft.payments):
        yield msg("The payments of document {number} of till {till} don’t equal its lines.")
    if draft.total != total(vat.gross for vat in draft.vat):
        yield msg("The VAT of document {number} of till {till} doesn’t equal its lines.")
    if total(line.tax for line in draft.lines) != total(vat.tax for vat in draft.vat):
        yield msg("The tax of document {number} of till {till} doesn’t equal that of its lines.")
    cash = total(p.amount for p in draft.payments if p.zahlart_typ is ZahlartTyp.BAR)
    earned = total(line.gross for line in draft.lines if line.gv_typ not in _NO_TURNOVER)
    if _booked(entry, Account.CASH) != cash or _booked(entry, Account.REVENUE, Account.VAT) != -earned:
        yield msg("The entry of document {number} of till {till} doesn’t book what its lines say.")


def _booked(entry: Entry | None, *accounts: Account) -> Money:
    return ZERO if entry is None else total(leg.amount for leg in entry.postings if leg.account in accounts)


def _digests(session: Session, record_ids: Sequence[str]) -> dict[str, str]:
    rows = session.execute(
        select(ChainRow.record_id, ChainRow.content).where(
            ChainRow.kind == chain.RecordKind.DOCUMENT.value, ChainRow.record_id.in_(record_ids)
        )
    )
    return {row.record_id: row.content for row in rows}


def _strays(session: Session) -> Iterator[Finding]:
    """Entries of no document, and links of documents that are gone."""
    for entry_id in session.scalars(
        select(EntryRow.id)
        .outerjoin(DocumentRow, DocumentRow.id == EntryRow.document_id)
        .where(EntryRow.document_id.is_not(None), DocumentRow.id.is_(None))
    ):
        yield Finding(msg("Entry {entry} belongs to no document."), {"entry": entry_id})
    linked = session.execute(select(func.count()).where(ChainRow.kind == chain.RecordKind.DOCUMENT.value)).scalar_one()
    stored = session.execute(select(func.count()).select_from(DocumentRow)).scalar_one()
    if linked > stored:
        yield Finding(msg("{count} documents of the chain are gone."), {"count": linked - stored})


CHECKS = (
    Check("numbers", msg("document numbers"), numbers),
    Check("documents", msg("documents"), contents),
)
