"""Tables of the catalog: categories, articles, their codes and prices, and the PLU numbers shared with voucher types."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from till.db.base import Base
from till.db.types import Code, Label, Prose
from till.money import Money
from till.quantity import Quantity

IN_BYTES = Text().with_variant(Text(collation="C"), "postgresql")
"""Text in the order of its bytes on every database: so an index finds what begins with some letters."""


class CategoryRow(Base):
    """A category (Warengruppe) of the button grid; `colour` as #RRGGBB. Inactive: it has no tab."""

    __tablename__ = "category"
    id: Mapped[Code] = mapped_column(primary_key=True)
    name: Mapped[Label]
    position: Mapped[int]
    colour: Mapped[str] = mapped_column(String(7))
    is_active: Mapped[bool] = mapped_column(server_default=true())


class FavouriteRow(Base):
    """A tile on the first page of the grid; `slot` is its place, from 0, with gaps where the shop left some."""

    __tablename__ = "favourite"
    __table_args__ = (UniqueConstraint("kind", "ref"),)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[Code]
    ref: Mapped[Code]


class ArticleRow(Base):
    """An article or service; `price` gross, NULL = the till asks. `search_text`: see `till.catalog.assortment`.

    `search_row` is its row in the search index, NULL while it has none (`till.catalog.search_index`).
    """

    __tablename__ = "article"
    __table_args__ = (
        Index(None, "category_id", "is_active", "position", "search_text"),
        Index(None, "is_active", "position", "search_text"),
        Index(None, "search_text"),
        UniqueConstraint("search_row"),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Label]
    receipt_name: Mapped[Label]
    category_id: Mapped[Code] = mapped_column(ForeignKey("category.id"))
    price: Mapped[Money | None]
    unit: Mapped[Code]
    vat_key: Mapped[int]
    kind: Mapped[Code]
    deposit_article_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("article.id"))
    is_active: Mapped[bool]
    takes_discount: Mapped[bool]
    is_weighed: Mapped[bool]
    position: Mapped[int | None]
    age_limit: Mapped[int | None]
    note: Mapped[Prose]
    search_text: Mapped[str] = mapped_column(IN_BYTES)
    search_row: Mapped[int | None]


class ArticleCodeRow(Base):
    """A code printed on an article: a GTIN or any other text; one article may have several."""

    __tablename__ = "article_code"
    code: Mapped[Code] = mapped_column(primary_key=True)
    article_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("article.id"), index=True)
    position: Mapped[int]


class ArticlePriceRow(Base):
    """A price by quantity or a planned one, gross; see `till.catalog.prices`. From quantity 0: the price for one."""

    __tablename__ = "article_price"
    article_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("article.id"), primary_key=True)
    valid_from: Mapped[dt.datetime] = mapped_column(primary_key=True, index=True)
    from_quantity: Mapped[Quantity] = mapped_column(primary_key=True)
    price: Mapped[Money]


class PluRow(Base):
    """A PLU number (Kassennummer) and the one thing that has it (10-vouchers V5)."""

    __tablename__ = "plu"
    __table_args__ = (UniqueConstraint("kind", "ref"),)
    plu: Mapped[Code] = mapped_column(primary_key=True)
    kind: Mapped[Code]
    ref: Mapped[Code]
