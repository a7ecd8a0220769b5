"""Tables of the shop's own details, VAT rates and tenders."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from till.db.base import Base
from till.db.protect import append_only
from till.db.types import Code, Digest, Label, Prose


class ShopRow(Base):
    """The shop's details from a day on; of several rows for one day the last one counts.

    Rows are added; only those of a day that has not come yet may be taken out again.
    """

    __tablename__ = "shop"
    # BIGINT would not count up by itself on SQLite.
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    valid_from: Mapped[dt.date]
    name: Mapped[Label]
    street: Mapped[Label]
    postcode: Mapped[Code]
    town: Mapped[Label]
    country: Mapped[str] = mapped_column(String(3))
    tax_number: Mapped[Code]
    vat_id: Mapped[Code]
    phone: Mapped[Code]
    receipt_header: Mapped[Prose]
    receipt_footer: Mapped[Prose]
    zone: Mapped[Code]
    currency: Mapped[str] = mapped_column(String(3))
    language: Mapped[str] = mapped_column(String(2))
    logo: Mapped[Digest]


class LogoRow(Base):
    """A picture for the top of receipts, as a grey PNG, by the SHA-256 of its bytes.

    Rows are only added, as receipts that were owed or are printed again still name theirs.
    """

    __tablename__ = "shop_logo"
    digest: Mapped[Digest] = mapped_column(primary_key=True)
    png: Mapped[bytes]


class VatRateRow(Base):
    """The rate of a VAT key between two days, both included; `valid_to` NULL = open."""

    __tablename__ = "vat_rate"
    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    valid_from: Mapped[dt.date] = mapped_column(primary_key=True)
    valid_to: Mapped[dt.date | None]
    rate_bp: Mapped[int]


class TenderRow(Base):
    """A way to pay (Zahlart)."""

    __tablename__ = "tender"
    id: Mapped[Code] = mapped_column(primary_key=True)
    name: Mapped[Label]
    zahlart_typ: Mapped[Code]
    opens_drawer: Mapped[bool]
    position: Mapped[int]
    is_active: Mapped[bool]


append_only(LogoRow)
