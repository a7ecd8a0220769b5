"""Finds documents and reads them back as values."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from till.business_case import BonTyp, GvTyp, VatKey, ZahlartTyp
from till.documents.model import Document, DocumentKind, Draft, Line, Payment, Reference, VatTotal, VoucherNote
from till.documents.models import DocumentRow, LineRow, PaymentRow, ReferenceRow, VatRow


def document(session: Session, document_id: uuid.UUID) -> Document | None:
    """The document with this id, or None."""
    row = session.execute(select(DocumentRow.__table__).where(DocumentRow.id == document_id)).first()
    return None if row is None else _document(session, row)


def by_number(session: Session, till_id: str, number: int) -> Document | None:
    """The document with this number of a till, or None."""
    row = session.execute(
        select(DocumentRow.__table__).where(DocumentRow.till_id == till_id, DocumentRow.number == number)
    ).first()
    return None if row is None else _document(session, row)


def latest(session: Session, till_id: str, kinds: Sequence[DocumentKind], limit: int = 1) -> list[Document]:
    """The newest documents of these kinds, newest first."""
    rows = session.execute(
        select(DocumentRow.__table__)
        .where(DocumentRow.till_id == till_id, DocumentRow.kind.in_([kind.value for kind in kinds]))
        .order_by(DocumentRow.number.desc())
        .limit(limit)
    ).all()
    return [_document(session, row) for row in rows]


def of_shift(session: Session, shift_id: uuid.UUID) -> list[Document]:
    """All documents of a shift, by number."""
    rows = session.execute(
        select(DocumentRow.__table__).where(DocumentRow.shift_id == shift_id).order_by(DocumentRow.number)
    ).all()
    return [_document(session, row) for row in rows]


def _document(session: Session, row: Any) -> Document:
    draft = Draft(
        id=row.id,
        kind=DocumentKind(row.kind),
        bon_typ=BonTyp(row.bon_typ),
        started_at=row.started_at,
        lines=tuple(_line(r) for r in _rows(session, LineRow, row.id, LineRow.position)),
        payments=tuple(
            Payment(r.tender_id, ZahlartTyp(r.zahlart_typ), r.name, r.amount, r.given)
            for r in _rows(session, PaymentRow, row.id, PaymentRow.position)
        ),
        vat=tuple(
            VatTotal(VatKey(r.vat_key), r.rate_bp, r.gross, r.tax)
            for r in _rows(session, VatRow, row.id, VatRow.vat_key)
        ),
        references=tuple(
            Reference(r.till_id, r.number, r.referenced_id)
            for r in _rows(session, ReferenceRow, row.id, ReferenceRow.position)
        ),
        bon_name=row.bon_name,
        note=row.note,
    )
    return Document(
        draft=draft,
        till_id=row.till_id,
        number=row.number,
        ended_at=row.ended_at,
        business_date=row.business_date,
        shift_id=row.shift_id,
        user_id=row.user_id,
        user_name=row.user_name,
    )


def _rows(session: Session, table: Any, document_id: uuid.UUID, order: Any) -> Sequence[Any]:
    return session.execute(select(table.__table__).where(table.document_id == document_id).order_by(order)).all()


def _line(row: Any) -> Line:
    return Line(
        text=row.text,
        gv_typ=GvTyp(row.gv_typ),
        vat_key=VatKey(row.vat_key),
        rate_bp=row.rate_bp,
        gross=row.gross,
        tax=row.tax,
        gv_name=row.gv_name,
        quantity=row.quantity,
        unit=row.unit,
        unit_price=row.unit_price,
        article_number=row.article_number,
        gtin=row.gtin,
        category_id=row.category_id,
        category=row.category,
        reduces=row.reduces,
        note=row.note,
        voucher=_voucher_note(row),
    )


def _voucher_note(row: Any) -> VoucherNote | None:
    if row.voucher_id is None:
        return None
    return VoucherNote(
        voucher_id=row.voucher_id,
        number=row.voucher_number,
        type_name=row.voucher_type,
        valid_until=row.voucher_valid_until,
        face=row.voucher_face,
        rest=row.voucher_rest,
        text=row.voucher_text,
    )
