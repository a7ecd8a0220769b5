"""Opening the drawer without a sale: a Vorgang of its own, and a row in the audit trail (T10)."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from till.audit import trail
from till.business_case import BonTyp
from till.db.context import Context
from till.documents import find
from till.documents.model import Document, DocumentKind, Draft
from till.documents.post import post


def no_sale(context: Context, name: str) -> Draft:
    """The Vorgang, called `name` in the receipt's language; posting this draft again is the same opening."""
    return Draft(
        id=uuid.uuid4(),
        kind=DocumentKind.NO_SALE,
        bon_typ=BonTyp.SONSTIGE,
        bon_name=name,
        started_at=context.now,
    )


def book_no_sale(session: Session, context: Context, draft: Draft) -> Document:
    """Post it and note it in the audit trail, both once however often it is asked for."""
    known = find.document(session, draft.id)
    document = post(session, context, draft)
    if known is None:
        trail.note(session, context, trail.Action.DRAWER_OPENED, f"document {document.number}")
    return document
