"""What `verify` asks of the training mode: it begins and ends by turns, and keeps what is practised from what is sold."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from till.db.finding import Check, Finding, Progress
from till.documents.model import DocumentKind
from till.documents.models import DocumentRow
from till.i18n import msg

_MARKS = (
    DocumentKind.TRAINING_BEGAN,
    DocumentKind.TRAINING_ENDED,
    DocumentKind.TRAINING_SALE,
    DocumentKind.CLOSING,
)


def trainings(session: Session, _progress: Progress) -> Iterator[Finding]:
    """No sale is booked between the beginning and the end of training, none is practised outside, and no Z made inside."""
    rows = session.execute(
        select(DocumentRow.till_id, DocumentRow.number, DocumentRow.kind)
        .where(DocumentRow.kind.in_([kind.value for kind in _MARKS]))
        .order_by(DocumentRow.till_id, DocumentRow.number)
    ).all()
    for till_id, marks in groupby(rows, key=lambda row: row.till_id):
        yield from _of_till(session, till_id, [(row.number, DocumentKind(row.kind)) for row in marks])


def _of_till(session: Session, till_id: str, marks: list[tuple[int, DocumentKind]]) -> Iterator[Finding]:
    began: int | None = None
    for number, kind in marks:
        where = {"till": till_id, "number": number}
        match kind:
            case DocumentKind.TRAINING_SALE if began is None:
                yield Finding(msg("Document {number} of till {till} was practised outside of training."), where)
            case DocumentKind.TRAINING_BEGAN if began is None:
                began = number
            case DocumentKind.TRAINING_ENDED if began is not None:
                yield from _sold_between(session, till_id, began, number)
                began = None
            case DocumentKind.TRAINING_BEGAN | DocumentKind.TRAINING_ENDED:
                yield Finding(msg("Document {number} of till {till}: training doesn’t begin and end by turns."), where)
            case DocumentKind.CLOSING if began is not None:
                yield Finding(msg("Document {number} of till {till} is a Z that was made in training."), where)
    if began is not None:
        yield from _sold_between(session, till_id, began, None)


def _sold_between(session: Session, till_id: str, began: int, ended: int | None) -> Iterator[Finding]:
    sold = select(DocumentRow.number).where(
        DocumentRow.till_id == till_id, DocumentRow.number > began, DocumentRow.kind == DocumentKind.SALE.value
    )
    for number in session.scalars(sold if ended is None else sold.where(DocumentRow.number < ended)):
        yield Finding(
            msg("Document {number} of till {till} was booked in training."), {"till": till_id, "number": number}
        )


CHECKS = (Check("trainings", msg("training"), trainings),)
