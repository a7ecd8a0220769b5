"""A sale that is booked while its answer is lost: the simulated counter expects what the till then does, no more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from zoneinfo import ZoneInfo

import pytest

from till.clock import FixedClock
from till.devices.simulated.printer import SimulatedPrinter
from till.fiscal.soft_tse import SoftTse
from till.money import Money
from till.settings import TSE, Settings, make_data_dir
from till.simulation.books import Books
from till.simulation.counter import Counter, Site
from till.simulation.faults import Strike, watch
from till.simulation.filling import scan
from till.simulation.known import NOTHING, Expected
from till.simulation.model import CASH, Model, Payment
from till.simulation.shop import found, goods

MORNING = dt.datetime(2026, 11, 20, 8, 0, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.fixture
def counter(empty: Settings) -> Iterator[Counter]:
    """A counter with one article in the basket, paid and not yet completed."""
    watch()
    make_data_dir(empty.data_dir)
    on_sale = goods(MORNING.date())
    found(empty, on_sale)
    clock = FixedClock(MORNING)
    recorder = SoftTse(empty.data_dir / TSE, clock, synchronous="OFF")
    site = Site(clock, Model([empty.till_id]), Books(empty.database_url))
    printer = SimulatedPrinter()
    printer.power_on()
    counter = Counter(site, empty, recorder, printer)
    counter.attempt(lambda: counter.till.cash.open_shift(Money(10_000)), must=Expected.DONE)
    site.model.open(empty.till_id, 10_000, counter.today)
    scan(Random(1), counter, [good for good in on_sale if good.code and good.cents])
    due = counter.standing.open
    paid = replace(counter.now, payments=(Payment(CASH, due),))
    counter.attempt(lambda: counter.till.sale.pay_cash(Money(due)), paid, Expected.DONE)
    yield counter
    counter.end()
    recorder.close()
    site.books.close()


def test_the_screen_is_empty_when_the_till_comes_back_from_it(counter: Counter) -> None:
    order = counter.order
    counter.disk.arm(Strike.LOST_ANSWER, at_counter=True)
    assert counter.attempt(counter.till.sale.complete).startswith("unavailable")
    assert counter.now.basket.lines
    assert counter.leave_and_return() == "restarted"
    assert counter.now == NOTHING
    assert list(counter.model.sales) == [order]
    assert counter.order != order


def test_the_sale_is_still_on_the_screen_when_nothing_was_booked(counter: Counter) -> None:
    order, before = counter.order, counter.now
    counter.disk.arm(Strike.FULL, at_counter=True)
    assert counter.attempt(counter.till.sale.complete).startswith("unavailable")
    assert counter.leave_and_return() == "restarted"
    assert counter.now == before
    assert (counter.order, counter.model.sales) == (order, {})
