"""Finds documents and reads them back as values: four queries, however many they are."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, TextClause, func, select
from sqlalchemy.orm import Session

from till.business_case import BonTyp, GvTyp, VatKey, ZahlartTyp
from till.documents.model import Document, DocumentKind, Draft, Line, Payment, Reference, VatTotal, VoucherNote
from till.documents.models import BESIDES_SALES, DocumentRow, LineRow, PaymentRow, ReferenceRow, VatRow


def document(session: Session, document_id: uuid.UUID) -> Document | None:
    """The document with this id, or None."""
    return _one(session, DocumentRow.id == document_id)


def by_number(session: Session, till_id: str, number: int) -> Document | None:
    """The document with this number of a till, or None."""
    return _one(session, DocumentRow.till_id == till_id, DocumentRow.number == number)


def latest(session: Session, till_id: str, kinds: Sequence[DocumentKind], limit: int = 1) -> list[Document]:
    """The newest documents of these kinds, newest first."""
    wanted: list[ColumnElement[bool] | TextClause] = [
        DocumentRow.till_id == till_id,
        DocumentRow.kind.in_([kind.value for kind in kinds]),
    ]
    if DocumentKind.SALE not in kinds:
        wanted.append(BESIDES_SALES)
    rows = session.execute(
        select(DocumentRow.__table__).where(*wanted).order_by(DocumentRow.number.desc()).limit(limit)
    ).all()
    return _documents(session, rows)


def of_shift(session: Session, shift_id: uuid.UUID) -> list[Document]:
    """All documents of a shift, by number."""
    rows = session.execute(
        select(DocumentRow.__table__).where(DocumentRow.shift_id == shift_id).order_by(DocumentRow.number)
    ).all()
    return _documents(session, rows)


def documents(session: Session, till_id: str, first: int, last: int) -> list[Document]:
    """The documents with numbers from `first` to `last` of a till, by number; for exports and checks in portions."""
    rows = session.execute(
        _HEADS.where(DocumentRow.till_id == till_id, DocumentRow.number.between(first, last)).order_by(
            DocumentRow.number
        )
    ).all()
    return _documents(session, rows)


def highest_number(session: Session, till_id: str) -> int:
    """The number of the newest document of a till; 0 before the first."""
    return session.execute(select(func.max(DocumentRow.number)).where(DocumentRow.till_id == till_id)).scalar_one() or 0


_HEADS = select(DocumentRow.__table__)


def _one(session: Session, *where: ColumnElement[bool]) -> Document | None:
    found = _documents(session, session.execute(_HEADS.where(*where)).all())
    return found[0] if found else None


def _documents(session: Session, heads: Sequence[Any]) -> list[Document]:
    """Documents from their head rows; four queries however many there are."""
    ids = [head.id for head in heads]
    parts = {table: _children(session, table, ids) for table in (LineRow, PaymentRow, VatRow, ReferenceRow)}
    return [_document(head, {table: found.get(head.id, []) for table, found in parts.items()}) for head in heads]


def _children(session: Session, table: Any, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Any]]:
    order = table.vat_key if table is VatRow else table.position
    found: dict[uuid.UUID, list[Any]] = {}
    for row in session.execute(select(table.__table__).where(table.document_id.in_(ids)).order_by(order)):
        found.setdefault(row.document_id, []).append(row)
    return found


def _document(head: Any, parts: Mapping[Any, Sequence[Any]]) -> Document:
    draft = Draft(
        id=head.id,
        kind=DocumentKind(head.kind),
        bon_typ=BonTyp(head.bon_typ),
        started_at=head.started_at,
        lines=tuple(_line(r) for r in parts[LineRow]),
        payments=tuple(
            Payment(r.tender_id, ZahlartTyp(r.zahlart_typ), r.name, r.amount, r.given) for r in parts[PaymentRow]
        ),
        vat=tuple(VatTotal(VatKey(r.vat_key), r.rate_bp, r.gross, r.tax) for r in parts[VatRow]),
        references=tuple(Reference(r.till_id, r.number, r.referenced_id) for r in parts[ReferenceRow]),
        bon_name=head.bon_name,
        note=head.note,
    )
    return Document(
        draft=draft,
        till_id=head.till_id,
        number=head.number,
        ended_at=head.ended_at,
        business_date=head.business_date,
        shift_id=head.shift_id,
        user_id=head.user_id,
        user_name=head.user_name,
    )


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
        returns=row.returns,
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
