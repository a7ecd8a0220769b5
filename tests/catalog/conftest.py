"""A database with the catalog's tables, and articles for the tests."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, TypedDict, Unpack

import pytest
from sqlalchemy.orm import Session

from till.business_case import VatKey
from till.catalog import models
from till.catalog.article import Article, ArticleKind, Category
from till.catalog.assortment import add_categories
from till.db.base import Base
from till.db.engine import Database, sqlite_url
from till.money import Money

TABLES = [
    Base.metadata.tables[row.__tablename__]
    for row in (models.CategoryRow, models.ArticleRow, models.ArticleCodeRow, models.PluRow)
]


class Wanted(TypedDict, total=False):
    """What a test may say about its article."""

    category_id: str
    price: Money | None
    kind: ArticleKind
    unit: str
    receipt_name: str
    codes: tuple[str, ...]
    plu: str
    deposit_id: uuid.UUID | None
    is_active: bool
    is_weighed: bool
    position: int | None


class MakeArticle(Protocol):
    """Makes an article of the tests' category."""

    def __call__(self, number: str, name: str, **wanted: Unpack[Wanted]) -> Article: ...


@pytest.fixture
def make_article() -> MakeArticle:
    """An article that costs 3,50 unless told otherwise."""

    def make(number: str, name: str, **wanted: Unpack[Wanted]) -> Article:
        usual: Wanted = {"category_id": "flowers", "price": Money(350)}
        return Article(id=uuid.uuid4(), number=number, name=name, vat_key=VatKey.REDUCED, **{**usual, **wanted})

    return make


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A unit of work in a database that has one category."""
    database = Database(sqlite_url(tmp_path / "till.db"), synchronous="OFF")
    Base.metadata.create_all(database.engine, tables=TABLES)
    with database.write() as unit_of_work:
        add_categories(unit_of_work, [Category("flowers", "Schnittblumen", 1, "#F7D6DC")])
        yield unit_of_work
    database.close()
