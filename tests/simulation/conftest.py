"""Empty, migrated databases in which the simulation founds its shop."""

from __future__ import annotations

from pathlib import Path

import pytest

from till.settings import Settings, load


@pytest.fixture
def empty(sqlite_database_url: str, tmp_path: Path) -> Settings:
    """An empty shop on SQLite."""
    return load(tmp_path / "shop", database_url=sqlite_database_url)


@pytest.fixture
def empty_on_postgres(postgres_database_url: str, tmp_path: Path) -> Settings:
    """An empty shop on PostgreSQL."""
    return load(tmp_path / "shop", database_url=postgres_database_url)
