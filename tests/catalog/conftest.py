"""A database with the catalog's tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from till.catalog import models
from till.catalog.article import Category
from till.catalog.assortment import add_categories
from till.catalog.search_index import create_index
from till.db.base import Base
from till.db.counter import CounterRow
from till.db.engine import Database, sqlite_url

TABLES = [
    Base.metadata.tables[row.__tablename__]
    for row in (
        models.CategoryRow,
        models.ArticleRow,
        models.ArticleCodeRow,
        models.ArticlePriceRow,
        models.PluRow,
        CounterRow,
    )
]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A unit of work in a database that has one category."""
    database = Database(sqlite_url(tmp_path / "till.db"), synchronous="OFF")
    Base.metadata.create_all(database.engine, tables=TABLES)
    with database.engine.begin() as connection:
        create_index(connection)
    with database.write() as unit_of_work:
        add_categories(unit_of_work, [Category("flowers", "Schnittblumen", 1, "#F7D6DC")])
        yield unit_of_work
    database.close()
