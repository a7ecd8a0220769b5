"""Contexts, entries and documents for the tests of the ledger."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator

import pytest

from till.db.context import Context
from till.db.engine import Database
from till.ledger.account import Account
from till.ledger.entry import Entry, Posting
from till.money import Money

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
TEN_IN_CASH = (Posting(Account.CASH, Money(1000), "KASSE-1"), Posting(Account.REVENUE, Money(-1000), "5"))

EntryMaker = Callable[..., Entry]


@pytest.fixture
def context() -> Context:
    """Marie at till KASSE-1, a Friday at noon."""
    return Context("KASSE-1", None, "1", "Marie Klein", NOON, NOON.date())


@pytest.fixture
def make_entry() -> EntryMaker:
    """Makes entries of 10,00 in cash: `make_entry()`, `make_entry(legs=…, reverses=…)`."""

    def make(legs: tuple[Posting, ...] = TEN_IN_CASH, reverses: uuid.UUID | None = None) -> Entry:
        day = NOON.date()
        return Entry(uuid.uuid4(), "sale", uuid.uuid4(), NOON, day, "KASSE-1", None, "1", legs, reverses)

    return make


@pytest.fixture
def postgres_database(postgres_database_url: str) -> Iterator[Database]:
    """An opened, migrated database on PostgreSQL alone."""
    database = Database(postgres_database_url)
    yield database
    database.close()
