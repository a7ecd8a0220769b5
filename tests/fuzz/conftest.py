"""How hard the parsers of foreign bytes are tried: the same examples in every run, or many new ones (TILL_FUZZ=long)."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from till.app.bootstrap import Ports, Till, open_till
from till.clock import FixedClock
from till.db.engine import Database
from till.money import Money
from till.settings import Settings

LONG = os.environ.get("TILL_FUZZ") == "long"

settings.register_profile(
    "fuzz",
    deadline=None,
    derandomize=not LONG,
    max_examples=5_000 if LONG else 150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture
def open_umask() -> Iterator[None]:
    """The usual umask, which lets everybody read new files unless a program takes care."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def sqlite_database(sqlite_database_url: str) -> Iterator[Database]:
    """A fresh, migrated SQLite database."""
    database = Database(sqlite_database_url)
    yield database
    database.close()


@pytest.fixture
def any_till(any_shop_settings: Settings, clock: FixedClock) -> Iterator[Till]:
    """An open till in the small shop, on each of both databases."""
    till = open_till(any_shop_settings, Ports(clock=clock))
    till.cash.open_shift(Money(10000))
    yield till
    till.close()
