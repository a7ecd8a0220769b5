"""Tables of the documents; each row is a complete copy and is never changed."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from till.db.base import Base
from till.db.protect import append_only
from till.db.types import Code, Digest, Label, Prose
from till.money import Money
from till.quantity import Quantity

BESIDES_SALES = text("kind <> 'sale'")
"""What is not a sale is rare, and found by an index of its own: a cash movement of last month is not looked for among sales."""


class DocumentRow(Base):
    """Head of a Vorgang. `content` is the digest by which a repeated posting is known to be the same."""

    __tablename__ = "document"
    __table_args__ = (
        UniqueConstraint("till_id", "number"),
        Index(None, "shift_id"),
        Index(None, "ended_at"),
        Index(None, "total", "ended_at"),
        Index("ix_document_besides_sales", "till_id", "number", sqlite_where=BESIDES_SALES),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    till_id: Mapped[Code]
    number: Mapped[int]
    kind: Mapped[Code]
    bon_typ: Mapped[Code]
    bon_name: Mapped[Label]
    started_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime]
    business_date: Mapped[dt.date]
    shift_id: Mapped[uuid.UUID | None]
    user_id: Mapped[Code]
    user_name: Mapped[Label]
    total: Mapped[Money]
    note: Mapped[Prose]
    content: Mapped[Digest]


_HAS_ARTICLE = text("article_number <> ''")


class LineRow(Base):
    """One line of a document."""

    __tablename__ = "document_line"
    __table_args__ = (Index("ix_document_line_article", "article_number", "document_id", sqlite_where=_HAS_ARTICLE),)

    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[Label]
    gv_typ: Mapped[Code]
    gv_name: Mapped[Code]
    vat_key: Mapped[int]
    rate_bp: Mapped[int]
    gross: Mapped[Money]
    tax: Mapped[Money]
    quantity: Mapped[Quantity]
    unit: Mapped[Code]
    unit_price: Mapped[Money]
    article_number: Mapped[Code]
    gtin: Mapped[Code]
    category_id: Mapped[Code]
    category: Mapped[Label]
    reduces: Mapped[int | None]
    note: Mapped[Label]
    voucher_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    voucher_number: Mapped[Code]
    voucher_type: Mapped[Code]
    voucher_valid_until: Mapped[dt.date | None]
    voucher_face: Mapped[Money | None]
    voucher_rest: Mapped[Money | None]
    voucher_text: Mapped[Label]
    returns: Mapped[int | None]


class PaymentRow(Base):
    """One tender of a document."""

    __tablename__ = "document_payment"

    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    tender_id: Mapped[Code]
    zahlart_typ: Mapped[Code]
    name: Mapped[Code]
    amount: Mapped[Money]
    given: Mapped[Money | None]


class VatRow(Base):
    """The VAT of one key, as printed."""

    __tablename__ = "document_vat"

    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document.id"), primary_key=True)
    vat_key: Mapped[int] = mapped_column(primary_key=True)
    rate_bp: Mapped[int]
    gross: Mapped[Money]
    tax: Mapped[Money]


class ReferenceRow(Base):
    """An earlier document that this one names."""

    __tablename__ = "document_reference"

    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    till_id: Mapped[Code]
    number: Mapped[int]
    referenced_id: Mapped[uuid.UUID] = mapped_column(index=True)


for _row in (DocumentRow, LineRow, PaymentRow, VatRow, ReferenceRow):
    append_only(_row)
