"""Training mode (T13): it begins and ends with a Vorgang of its own, which is how the till knows that it only practises."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from till.audit import trail
from till.business_case import BonTyp
from till.db.context import Context
from till.documents import find
from till.documents.model import Document, DocumentKind, Draft
from till.documents.models import DocumentRow
from till.documents.post import post
from till.shifts.period import present_period

_MARKS = {
    DocumentKind.TRAINING_BEGAN: trail.Action.TRAINING_BEGAN,
    DocumentKind.TRAINING_ENDED: trail.Action.TRAINING_ENDED,
}


def is_training(session: Session, till_id: str) -> bool:
    """Whether the till only practises: what its newest mark since the last Z says. A Z is never made in training."""
    newest = (
        select(DocumentRow.kind)
        .where(present_period(session, till_id).documents, DocumentRow.kind.in_([kind.value for kind in _MARKS]))
        .order_by(DocumentRow.number.desc())
        .limit(1)
    )
    return session.execute(newest).scalar_one_or_none() == DocumentKind.TRAINING_BEGAN.value


def mark(context: Context, *, begins: bool, name: str) -> Draft:
    """The beginning or end of training, called `name` in the receipt's language; signed as SonstigerVorgang."""
    return Draft(
        id=uuid.uuid4(),
        kind=DocumentKind.TRAINING_BEGAN if begins else DocumentKind.TRAINING_ENDED,
        bon_typ=BonTyp.SONSTIGE,
        bon_name=name,
        started_at=context.now,
    )


def book_mark(session: Session, context: Context, draft: Draft) -> Document:
    """Post it and note it in the audit trail, both once however often it is asked for."""
    known = find.document(session, draft.id)
    document = post(session, context, draft)
    if known is None:
        trail.note(session, context, _MARKS[draft.kind], f"document {document.number}")
    return document
