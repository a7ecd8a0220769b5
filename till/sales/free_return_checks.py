"""What `verify` asks of returns without a receipt: goods come back, for a reason, and nothing else is called so (S1)."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from till.business_case import GvTyp
from till.db.finding import Check, Finding, Progress
from till.documents import find
from till.documents.model import WITHOUT_RECEIPT, Document, DocumentKind
from till.documents.models import DocumentRow, LineRow
from till.i18n import msg
from till.money import ZERO
from till.sales.free_return import WHY_NO_REFERENCE

_GOODS = frozenset({GvTyp.UMSATZ, GvTyp.PFAND_RUECKZAHLUNG})
_GIVEN = frozenset({GvTyp.MEHRZWECK_KAUF, GvTyp.EINZWECK_KAUF})
_THROWN_AWAY = DocumentKind.ABORTED.value


def free_returns(session: Session, progress: Progress) -> Iterator[Finding]:
    """Each has its reason and names no receipt, takes goods back and gives at most a voucher for them."""
    kind = DocumentKind.FREE_RETURN.value
    named = select(LineRow.document_id).where(LineRow.gv_name == WITHOUT_RECEIPT)
    wanted = select(DocumentRow.id).where(
        or_(DocumentRow.kind == kind, DocumentRow.id.in_(named)), DocumentRow.kind != _THROWN_AWAY
    )
    ids = list(session.scalars(wanted))
    for i, document_id in enumerate(ids):
        progress(i, len(ids))
        document = find.document(session, document_id)
        if document is not None and not _is_right(document):
            yield Finding(
                msg("Document {number} of till {till} isn’t the return without a receipt that it says."),
                {"number": document.number, "till": document.till_id},
            )


def _is_right(document: Document) -> bool:
    draft = document.draft
    back = [line for line in draft.lines if line.gv_name == WITHOUT_RECEIPT]
    given = [line for line in draft.lines if line.gv_name != WITHOUT_RECEIPT]
    return (
        draft.kind is DocumentKind.FREE_RETURN
        and draft.note.startswith(f"{WHY_NO_REFERENCE}: ")
        and not draft.references
        and draft.total <= ZERO
        and bool(back)
        and all(line.gv_typ in _GOODS and line.gross <= ZERO for line in back)
        and all(line.gv_typ in _GIVEN and line.gross > ZERO for line in given)
    )


CHECKS = (Check("free-returns", msg("returns without a receipt"), free_returns),)
