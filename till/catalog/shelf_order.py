"""The articles of a category in the order of their tiles, page by page, so that nobody loads 100,000 of them (T1)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnExpressionArgument, Select, func, select, update
from sqlalchemy.orm import Session

from till.catalog.models import ArticleRow
from till.catalog.revision import touch
from till.money import Money

_LAST = 1 << 62
OrderKey = tuple[int, str]


@dataclass(frozen=True, slots=True)
class ShelfArticle:
    """What a tile needs of an article. `key` is its place in the order; `search_text` breaks ties by name."""

    id: uuid.UUID
    number: str
    name: str
    category_id: str
    price: Money | None
    unit: str
    position: int | None
    search_text: str

    @property
    def key(self) -> OrderKey:
        """Where it stands among others: by position, those without one behind, then by name."""
        return order_key(self.position, self.search_text)


def order_key(position: int | None, search_text: str) -> OrderKey:
    """The place of something in the order of tiles; `search_text` as `till.catalog.assortment` makes it."""
    return (_LAST if position is None else position, search_text)


def count_of(session: Session, category_id: str | None) -> int:
    """How many active articles a category has; None counts all."""
    return int(session.scalar(select(func.count()).select_from(ArticleRow).where(*_of(category_id))) or 0)


def shelf(session: Session, category_id: str | None, first: int, count: int) -> list[ShelfArticle]:
    """The active articles of a category, or all, from place `first` on: those with a position, then the others by name."""
    wanted = _SHELF.where(*_of(category_id))
    placed = wanted.where(ArticleRow.position.is_not(None)).order_by(ArticleRow.position, ArticleRow.search_text)
    found = _read(session, placed.offset(first).limit(count))
    if len(found) == count:
        return found
    skipped = 0 if found else max(0, first - _placed(session, category_id))
    others = wanted.where(ArticleRow.position.is_(None)).order_by(ArticleRow.search_text)
    return found + _read(session, others.offset(skipped).limit(count - len(found)))


def shelf_articles(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, ShelfArticle]:
    """The active ones of these articles, for some hundred tiles at most."""
    if not ids:
        return {}
    # Not "= true", or SQLite would walk over an index of all active ones instead of looking these few up.
    wanted = _SHELF.where(ArticleRow.id.in_(list(ids)), ArticleRow.is_active.is_not(False))
    return {one.id: one for one in _read(session, wanted)}


def set_position(session: Session, article_id: uuid.UUID, position: int | None) -> None:
    """Give an article another place among its category's."""
    session.execute(update(ArticleRow).where(ArticleRow.id == article_id).values(position=position))
    touch(session)


_SHELF: Select[*tuple[Any, ...]] = select(
    ArticleRow.id,
    ArticleRow.number,
    ArticleRow.name,
    ArticleRow.category_id,
    ArticleRow.price,
    ArticleRow.unit,
    ArticleRow.position,
    ArticleRow.search_text,
)


def _read(session: Session, wanted: Select[*tuple[Any, ...]]) -> list[ShelfArticle]:
    return [ShelfArticle(*row) for row in session.execute(wanted)]


def _placed(session: Session, category_id: str | None) -> int:
    wanted = select(func.count()).select_from(ArticleRow).where(*_of(category_id), ArticleRow.position.is_not(None))
    return int(session.scalar(wanted) or 0)


def _of(category_id: str | None) -> list[ColumnExpressionArgument[bool]]:
    return (
        [ArticleRow.is_active] if category_id is None else [ArticleRow.is_active, ArticleRow.category_id == category_id]
    )
