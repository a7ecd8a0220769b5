"""What `verify` asks of the signatures: each document has its answer, unchanged and genuine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from till.db.counter import CounterRow
from till.db.finding import Check, Finding, Progress
from till.documents.models import DocumentRow
from till.fiscal.model import Signature
from till.fiscal.models import SignatureRow, TseOutageRow, TseRow
from till.fiscal.outages import SERIES, record_id
from till.fiscal.outages import outages as all_outages
from till.fiscal.recording import signature_record, signatures_of
from till.fiscal.verification import is_genuine, is_named_by_its_key
from till.i18n import msg
from till.ledger import chain
from till.ledger.models import ChainRow

PORTION = 500


def signatures(session: Session, progress: Progress) -> Iterator[Finding]:
    """Each stored answer fits the chain and its signature verifies; only the newest documents may still wait for one."""
    for till_id in session.scalars(select(DocumentRow.till_id).distinct()).all():
        last = _newest_answered(session, till_id)
        for first in range(1, last + 1, PORTION):
            progress(first, last)
            yield from _portion(session, till_id, first, min(first + PORTION - 1, last))
    yield from _gone(session)


def _newest_answered(session: Session, till_id: str) -> int:
    return (
        session.execute(
            select(func.max(DocumentRow.number))
            .join(SignatureRow, SignatureRow.document_id == DocumentRow.id)
            .where(DocumentRow.till_id == till_id)
        ).scalar_one()
        or 0
    )


def _portion(session: Session, till_id: str, first: int, last: int) -> Iterator[Finding]:
    rows = session.execute(
        select(DocumentRow.id, DocumentRow.number).where(
            DocumentRow.till_id == till_id, DocumentRow.number.between(first, last)
        )
    ).all()
    answers = signatures_of(session, [row.id for row in rows])
    known = _digests(session, [str(row.id) for row in rows])
    for row in rows:
        problem = _problem(answers.get(row.id), known.get(str(row.id)))
        if problem:
            yield Finding(problem, {"till": till_id, "number": row.number})


def _problem(answer: Signature | None, known: str | None) -> str:
    if answer is None:
        return msg("Document {number} of till {till} has neither a signature nor an outage.")
    if known != chain.digest(signature_record(answer)):
        return msg("The signature of document {number} of till {till} was changed.")
    if answer.finished is not None and not is_genuine(answer.finished):
        return msg("The signature of document {number} of till {till} is not genuine.")
    return ""


def _digests(session: Session, record_ids: Sequence[str]) -> dict[str, str]:
    rows = session.execute(
        select(ChainRow.record_id, ChainRow.content).where(
            ChainRow.kind == chain.RecordKind.SIGNATURE.value, ChainRow.record_id.in_(record_ids)
        )
    )
    return {row.record_id: row.content for row in rows}


def _gone(session: Session) -> Iterator[Finding]:
    linked = session.execute(select(func.count()).where(ChainRow.kind == chain.RecordKind.SIGNATURE.value)).scalar_one()
    stored = session.execute(select(func.count()).select_from(SignatureRow)).scalar_one()
    if stored < linked:
        yield Finding(msg("{count} signatures of the chain are gone."), {"count": linked - stored})


def tses(session: Session, _progress: Progress) -> Iterator[Finding]:
    """Each TSE that has signed is in the chain, unchanged, and its number is that of its key (BSI TR-03153)."""
    known = chain.contents(session, chain.RecordKind.TSE)
    stored = session.execute(select(TseRow.__table__)).all()
    for row in stored:
        if known.get(row.serial) != chain.digest(dict(row._mapping)):  # noqa: SLF001 - SQLAlchemy's public name
            yield Finding(msg("What is kept of the TSE {serial} was changed."), {"serial": row.serial})
        elif not is_named_by_its_key(row.serial, row.public_key):
            yield Finding(msg("The TSE {serial} has another key than its number says."), {"serial": row.serial})
    if len(stored) < len(known):
        yield Finding(msg("{count} TSEs of the chain are gone."), {"count": len(known) - len(stored)})


def outages(session: Session, _progress: Progress) -> Iterator[Finding]:
    """The log of outages has no gap, and each document without a signature was made in an outage that it has."""
    known = chain.contents(session, chain.RecordKind.OUTAGE)
    stored = session.execute(select(TseOutageRow.__table__).order_by(TseOutageRow.till_id, TseOutageRow.number)).all()
    for row in stored:
        if known.pop(record_id(row.till_id, row.number), "") != chain.digest(dict(row._mapping)):  # noqa: SLF001 - as above
            yield Finding(
                msg("Entry {number} in till {till}’s log of TSE outages was changed."),
                {"number": row.number, "till": row.till_id},
            )
    if known:
        yield Finding(msg("{count} entries in the log of TSE outages are gone."), {"count": len(known)})
    for till_id, (count, counter) in _outage_counts(session).items():
        if count != counter:
            yield Finding(msg("Till {till}: the log of TSE outages has a gap."), {"till": till_id})
    yield from _outside(session)


def _outage_counts(session: Session) -> dict[str, tuple[int, int]]:
    """How many entries each till's log has, and how many its counter says."""
    counted = select(TseOutageRow.till_id, func.count().label("events")).group_by(TseOutageRow.till_id)
    counters = select(CounterRow.till_id, CounterRow.value).where(CounterRow.series == SERIES)
    counts = {row.till_id: row.events for row in session.execute(counted)}
    values = {row.till_id: row.value for row in session.execute(counters)}
    return {till_id: (counts.get(till_id, 0), values.get(till_id, 0)) for till_id in sorted(counts | values)}


def _outside(session: Session) -> Iterator[Finding]:
    """Documents without a signature whose outage is in no log."""
    rows = session.execute(
        select(SignatureRow.till_id, SignatureRow.outage_since, DocumentRow.number)
        .join(DocumentRow, DocumentRow.id == SignatureRow.document_id)
        .where(SignatureRow.failure.is_not(None))
        .order_by(DocumentRow.till_id, DocumentRow.number)
    ).all()
    begins = {
        till_id: {outage.since for outage in all_outages(session, till_id)} for till_id in {row.till_id for row in rows}
    }
    for row in rows:
        if row.outage_since not in begins[row.till_id]:
            yield Finding(
                msg("Document {number} of till {till} has no signature, and the log knows of no outage then."),
                {"number": row.number, "till": row.till_id},
            )


CHECKS = (
    Check("signatures", msg("TSE signatures"), signatures),
    Check("tses", msg("TSEs"), tses),
    Check("outages", msg("TSE outages"), outages),
)
