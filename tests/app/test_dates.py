"""Midnight, new VAT rates, and clocks that jump: the day is the shift's, the rate is the moment's (architecture 7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from till.app.bootstrap import Ports, Till
from till.audit import trail
from till.clock import FixedClock
from till.errors import Refused
from till.money import Money

if TYPE_CHECKING:
    from tests.app.conftest import Counter

CUP, ROSE = "4012345000023", "4006381333931"
NEW_YEARS_EVE = dt.datetime(2020, 12, 31, 22, 50, tzinfo=dt.UTC)


@pytest.fixture
def on_new_years_eve(
    clock: FixedClock, make_till: Callable[..., Till], fast_ports: Ports, at: type[Counter]
) -> Counter:
    """A till opened at 23:50 in Berlin, ten minutes before 16 % becomes 19 %."""
    clock.set(NEW_YEARS_EVE)
    return at(make_till(ports=fast_ports))


def test_a_basket_open_at_midnight_is_priced_again_and_says_so(on_new_years_eve: Counter, clock: FixedClock) -> None:
    counter = on_new_years_eve
    counter.sale.scan(CUP)
    assert counter.sale.state.priced.vat[0].rate_bp == 1600
    counter.sale.pay_cash(Money(1200))
    clock.advance(1200)
    with pytest.raises(Refused) as refused:
        counter.sale.complete()
    assert "Steuers" in counter.said(refused.value)
    assert counter.sale.state.priced.vat[0].rate_bp == 1900
    assert counter.count("document") == 1
    document = counter.sale.complete().document
    assert [(vat.rate_bp, vat.tax) for vat in document.draft.vat] == [(1900, Money(192))]
    assert document.business_date == dt.date(2020, 12, 31)
    assert counter.problems() == []


def test_scanning_after_midnight_hides_no_new_rate(on_new_years_eve: Counter, clock: FixedClock) -> None:
    counter = on_new_years_eve
    counter.sale.scan(CUP)
    clock.advance(1200)
    counter.sale.scan(CUP)
    counter.sale.pay_cash(Money(2400))
    with pytest.raises(Refused, match="VAT rates have changed"):
        counter.sale.complete()
    assert counter.sale.complete().document.draft.vat[0].rate_bp == 1900


def test_on_the_day_of_new_rates_the_till_wants_its_z_before_a_new_basket(
    on_new_years_eve: Counter, clock: FixedClock
) -> None:
    counter = on_new_years_eve
    clock.advance(1200)
    with pytest.raises(Refused) as refused:
        counter.sale.scan(CUP)
    assert "01.01.2021" in counter.said(refused.value)
    counter.till.cash.close_shift(None)
    counter.till.cash.open_shift(Money(10000))
    document = counter.sell(CUP).document
    assert document.draft.vat[0].rate_bp == 1900
    assert document.business_date == dt.date(2021, 1, 1)
    assert counter.problems() == []


def test_a_shift_over_midnight_books_on_the_day_it_was_opened(counter: Counter, clock: FixedClock) -> None:
    clock.set(dt.datetime(2026, 11, 20, 22, 30, tzinfo=dt.UTC))
    before = counter.sell(ROSE).document
    clock.advance(3600)
    after = counter.sell(ROSE).document
    closing = counter.till.cash.close_shift(None)
    friday = dt.date(2026, 11, 20)
    assert (before.business_date, after.business_date, closing.business_date) == (friday, friday, friday)
    counter.till.cash.open_shift(Money(0))
    assert counter.sell(ROSE).document.business_date == dt.date(2026, 11, 21)


def test_the_local_day_counts_and_not_that_of_utc(
    clock: FixedClock, make_till: Callable[..., Till], fast_ports: Ports, at: type[Counter]
) -> None:
    clock.set(dt.datetime(2026, 7, 1, 22, 30, tzinfo=dt.UTC))
    assert at(make_till(ports=fast_ports)).sell(ROSE).document.business_date == dt.date(2026, 7, 2)


def test_a_clock_an_hour_back_sells_on_and_is_noted(plain: Counter, clock: FixedClock) -> None:
    first = plain.sell(ROSE).document
    clock.advance(-3600)
    second = plain.sell(ROSE).document
    assert (second.number, second.ended_at) == (first.number + 1, clock.now())
    with plain.database.read() as session:
        assert len(trail.entries(session, "KASSE-1", trail.Action.CLOCK_WENT_BACK)) == 1
    assert plain.problems() == []


def test_a_clock_two_days_back_is_refused_until_somebody_confirms_it(plain: Counter, clock: FixedClock) -> None:
    plain.sell(ROSE)
    clock.advance(-2 * 86_400)
    plain.sale.scan(ROSE)
    plain.sale.pay_cash(Money(350))
    before, booked = plain.sale.state, plain.books()
    with pytest.raises(Refused) as refused:
        plain.sale.complete()
    assert "18.11.2026" in plain.said(refused.value)
    assert plain.sale.state == before
    assert plain.books() == booked
    plain.till.cash.confirm_clock()
    plain.sale.complete()
    assert plain.problems() == []


def test_a_clock_that_jumps_a_year_ahead_and_back_loses_no_receipt(plain: Counter, clock: FixedClock) -> None:
    clock.advance(365 * 86_400)
    plain.sell(ROSE)
    clock.advance(-365 * 86_400)
    plain.sale.scan(ROSE)
    plain.sale.pay_cash(Money(350))
    with pytest.raises(Refused):
        plain.sale.complete()
    plain.till.cash.confirm_clock()
    plain.sale.complete()
    assert [entry.number for entry in plain.till.receipts.recent()] == [3, 2]
    assert plain.problems() == []
