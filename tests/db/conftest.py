"""Databases on one system alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from till.db.engine import Database


@pytest.fixture
def on_sqlite(sqlite_database_url: str) -> Iterator[Database]:
    """A migrated database in a SQLite file."""
    database = Database(sqlite_database_url)
    yield database
    database.close()


@pytest.fixture
def on_postgres(postgres_database_url: str) -> Iterator[Database]:
    """A migrated database on PostgreSQL."""
    database = Database(postgres_database_url)
    yield database
    database.close()
