"""A small shop with its founder, and who acts in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from till.app.bootstrap import found_shop
from till.clock import FixedClock
from till.db.context import Context
from till.db.engine import Database
from till.shop.details import ShopDetails
from till.staff import changes
from till.staff.pin import Argon2
from till.staff.roles import CASHIER
from till.staff.users import User


@pytest.fixture
def pins() -> Argon2:
    """argon2 as cheap as it can be."""
    return Argon2(passes=1, memory_kib=8, lanes=1)


@pytest.fixture
def founded(database: Database) -> Database:
    """A shop whose only user, Marie, has no PIN yet; on each of both databases."""
    details = ShopDetails(dt.date(2020, 1, 1), "Blumen & Tee", "Weg 1", "12345", "Ort", tax_number="12/345/67890")
    found_shop(database, details, User("1", "Marie Klein", "MK"))
    return database


@pytest.fixture
def marie(clock: FixedClock) -> Context:
    """The founder acts."""
    return Context("KASSE-1", None, "1", "Marie Klein", clock.now(), clock.now().date())


@pytest.fixture
def jan(founded: Database, marie: Context, pins: Argon2) -> User:
    """A cashier with a PIN; Marie has one too then."""
    with founded.write() as session:
        changes.set_pin(session, marie, "1", pins.hash("4711"))
        return changes.hire(
            session, marie, User("", "Jan Alt", "JA", role_id=CASHIER), changes.Start(pins.hash("1508"))
        )


@pytest.fixture
def session(founded: Database, request: pytest.FixtureRequest) -> Iterator[Session]:
    """One unit of work in the founded shop; who is hired for the test was hired before."""
    if "jan" in request.fixturenames:
        request.getfixturevalue("jan")
    with founded.write() as unit_of_work:
        yield unit_of_work
