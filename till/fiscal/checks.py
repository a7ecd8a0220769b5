"""What `verify` asks of the signatures: each document has its answer, unchanged and genuine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from till.db.finding import Check, Finding, Progress
from till.documents.models import DocumentRow
from till.fiscal.model import Signature
from till.fiscal.models import SignatureRow
from till.fiscal.recording import signature_record, signatures_of
from till.fiscal.verification import is_genuine
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


CHECKS = (Check("signatures", msg("TSE signatures"), signatures),)
