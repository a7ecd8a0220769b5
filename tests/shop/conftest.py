"""A database with the tables of the shop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from till.db.base import Base
from till.db.engine import Database, sqlite_url
from till.shop.models import ShopRow, TenderRow, VatRateRow

TABLES = [Base.metadata.tables[row.__tablename__] for row in (ShopRow, TenderRow, VatRateRow)]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A unit of work in an empty database."""
    database = Database(sqlite_url(tmp_path / "till.db"), synchronous="OFF")
    Base.metadata.create_all(database.engine, tables=TABLES)
    with database.write() as unit_of_work:
        yield unit_of_work
    database.close()
