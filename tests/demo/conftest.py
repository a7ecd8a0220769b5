"""A demo shop with a short past, built once for each test process, and copies of it to play with."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from till.clock import FixedClock
from till.db.engine import Database, sqlite_url
from till.demo.build import build
from till.demo.history import Plan

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
SHORT = Plan(days=6)


@pytest.fixture
def clock() -> FixedClock:
    """A Friday at noon in Berlin."""
    return FixedClock(NOON)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo shop with the past of a week; only to be read."""
    folder = tmp_path_factory.mktemp("built")
    build(folder, FixedClock(NOON), plan=SHORT)
    return folder


@pytest.fixture
def shop(built: Path, tmp_path: Path) -> Path:
    """A copy of that shop."""
    return Path(shutil.copytree(built, tmp_path / "shop"))


@pytest.fixture
def database(shop: Path) -> Iterator[Database]:
    """The database of the copy."""
    opened = Database(sqlite_url(shop / "till.db"))
    yield opened
    opened.close()
