"""Tables of voucher types (kept by the shop) and vouchers (never changed)."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from till.db.base import Base
from till.db.protect import append_only
from till.db.types import Code, Label
from till.money import Money


class VoucherTypeRow(Base):
    """A voucher type as it is offered now; vouchers carry their own copy of what they were sold under (V3)."""

    __tablename__ = "voucher_type"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    plu: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Code]
    note: Mapped[Label]
    numbering: Mapped[Code]
    next_number: Mapped[Code]
    vat_treatment: Mapped[Code]
    vat_key: Mapped[int]
    sale: Mapped[Money | None]
    face: Mapped[Money | None]
    zero_price_allowed: Mapped[bool]
    face_bonus_bp: Mapped[int | None]
    may_be_bought_with_vouchers: Mapped[bool]
    label_template: Mapped[Code]
    valid_from: Mapped[dt.date | None]
    valid_until: Mapped[dt.date | None]
    active: Mapped[bool]
    category_id: Mapped[Code]
    position: Mapped[int | None]
    is_complaint: Mapped[bool]


class VoucherRow(Base):
    """One voucher with the terms fixed at its sale; what is left on it is the sum of its postings."""

    __tablename__ = "voucher"
    __table_args__ = (UniqueConstraint("type_id", "number_key"), Index(None, "type_id", "issued_at", "number_key"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    type_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("voucher_type.id"))
    type_name: Mapped[Code]
    type_plu: Mapped[Code]
    number: Mapped[Code]
    number_key: Mapped[Code] = mapped_column(index=True)
    sale: Mapped[Money]
    face: Mapped[Money]
    vat_treatment: Mapped[Code]
    vat_key: Mapped[int]
    vat_rate_bp: Mapped[int]
    valid_from: Mapped[dt.date]
    valid_until: Mapped[dt.date]
    issued_at: Mapped[dt.datetime]
    issued_till: Mapped[Code]
    issued_number: Mapped[int]
    text: Mapped[Label]
    origin: Mapped[Code]
    document_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    entry_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    replaces: Mapped[uuid.UUID | None]
    receivable_id: Mapped[uuid.UUID | None]
    receivable_name: Mapped[Code]


class VoucherEventRow(Base):
    """What happened to a voucher besides being sold and redeemed: blocked, corrected, replaced, cancelled."""

    __tablename__ = "voucher_event"
    __table_args__ = (UniqueConstraint("voucher_id", "position"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    voucher_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("voucher.id"))
    position: Mapped[int]
    kind: Mapped[Code]
    amount: Mapped[Money]
    reason: Mapped[Label]
    at: Mapped[dt.datetime]
    till_id: Mapped[Code]
    user_id: Mapped[Code]
    user_name: Mapped[Label]
    document_id: Mapped[uuid.UUID | None]
    other_id: Mapped[uuid.UUID | None]


class VoucherRulesRow(Base):
    """The shop's rules for all vouchers, in one row; none: the usual ones."""

    __tablename__ = "voucher_rules"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    years: Mapped[int]
    to_year_end: Mapped[bool]
    without_number: Mapped[bool]
    letters: Mapped[bool]
    surplus_in_cash: Mapped[bool]
    expired_bonus_lives: Mapped[bool]
    expiring_months: Mapped[int]


append_only(VoucherRow)
append_only(VoucherEventRow)
