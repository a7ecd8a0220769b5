"""The table of parked baskets: who may take one out, what a name is, how its end is noted."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace

import pytest

from till.business_case import VatKey
from till.db.engine import Database
from till.documents.model import Reference
from till.errors import Refused
from till.money import Money
from till.sales import parked
from till.sales.basket import Basket, Item, ItemKind
from till.sales.parked import Parked, Waiting
from till.sales.saved import SavedSale

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
ROSE = Item(ItemKind.ARTICLE, "1", "Rose", VatKey.REDUCED)
END = Reference("KASSE-1", 7, uuid.UUID(int=77))


def waiting(number: int, *, is_running: bool = True, name: str = "Frau Weber") -> Waiting:
    sale = SavedSale(Basket(uuid.UUID(int=number), NOON).with_line(ROSE, Money(350)))
    at = NOON + dt.timedelta(minutes=number)
    one = Parked(uuid.UUID(int=number), "KASSE-1", name, "Marie Klein", at, Money(350), 1, is_running)
    return Waiting(one, sale, {1: Money(350)})


def test_what_is_taken_out_is_what_was_parked_and_is_gone(database: Database) -> None:
    with database.write() as session:
        parked.park(session, waiting(1))
        assert parked.holds(session, uuid.UUID(int=1))
        assert parked.take(session, "KASSE-1", uuid.UUID(int=1)) == waiting(1)
        assert not parked.holds(session, uuid.UUID(int=1))
        with pytest.raises(Refused):
            parked.take(session, "KASSE-1", uuid.UUID(int=1))


def test_the_list_is_in_the_order_of_parking(database: Database) -> None:
    with database.write() as session:
        for number in (3, 1, 2):
            parked.park(session, waiting(number))
        assert [one.order_id.int for one in parked.listed(session, "KASSE-1")] == [1, 2, 3]


def test_another_till_sees_only_what_has_ended_at_the_tse(database: Database) -> None:
    with database.write() as session:
        parked.park(session, waiting(1))
        parked.park(session, waiting(2, is_running=False))
        assert [one.order_id.int for one in parked.listed(session, "KASSE-2")] == [2]
        for touch in (parked.take, parked.throw_out):
            with pytest.raises(Refused):
                touch(session, "KASSE-2", uuid.UUID(int=1))
        with pytest.raises(Refused):
            parked.rename(session, "KASSE-2", uuid.UUID(int=1), "meins")
        assert parked.take(session, "KASSE-2", uuid.UUID(int=2)).parked.till_id == "KASSE-1"


def test_the_end_at_the_tse_is_noted_once_and_named_when_it_goes_on(database: Database) -> None:
    with database.write() as session:
        parked.park(session, waiting(1))
        assert [one.order_id.int for one, _ in parked.running(session, "KASSE-1")] == [1]
        for _ in range(2):
            parked.note_ended(session, uuid.UUID(int=1), END)
        parked.note_ended(session, uuid.UUID(int=2), END)
        assert parked.running(session, "KASSE-1") == ()
        assert parked.take(session, "KASSE-1", uuid.UUID(int=1)).sale.references == (END,)


def test_at_a_start_nothing_of_this_till_is_running(database: Database) -> None:
    with database.write() as session:
        parked.park(session, waiting(1))
        parked.forget_running(session, "KASSE-2")
        assert len(parked.running(session, "KASSE-1")) == 1
        parked.forget_running(session, "KASSE-1")
        assert parked.running(session, "KASSE-1") == ()


def test_a_name_is_one_printable_line(database: Database) -> None:
    assert parked.checked_name("  Frau\n\x1bWeber\t") == "Frau Weber"
    assert parked.checked_name("x" * 40) == "x" * 40
    with database.write() as session, pytest.raises(Refused):
        parked.park(session, waiting(1, name="x" * 41))


def test_each_till_has_room_for_fifty(database: Database) -> None:
    with database.write() as session:
        for number in range(50):
            parked.park(session, waiting(number))
        with pytest.raises(Refused):
            parked.park(session, waiting(50))
        other = waiting(51)
        parked.park(session, Waiting(replace(other.parked, till_id="KASSE-2"), other.sale, {}))
