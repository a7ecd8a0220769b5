"""Planning changes of VAT rates: whole days, each key with exactly one rate on each day."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.business_case import VatKey
from till.errors import Refused
from till.shop.vat import VatRate, legal_rates, rate_on
from till.shop.vat_change import RateChange, check_gapless, planned, with_change, without

GENERAL = VatKey.GENERAL
JANUARY, JUNE, JULY = dt.date(2027, 1, 1), dt.date(2027, 6, 30), dt.date(2027, 7, 1)
DAY = dt.timedelta(days=1)


def test_a_new_rate_ends_the_one_before_on_the_evening_before() -> None:
    rates = with_change(legal_rates(), RateChange(GENERAL, 2000, JANUARY))
    assert rate_on(rates, GENERAL, JANUARY - DAY) == 1900
    assert rate_on(rates, GENERAL, JANUARY) == 2000
    assert rate_on(rates, VatKey.REDUCED, JANUARY) == 700
    assert planned(rates, JANUARY - DAY) == (VatRate(GENERAL, JANUARY, None, 2000),)
    assert planned(rates, JANUARY) == ()


def test_a_rate_for_a_time_gives_way_to_the_one_before_it() -> None:
    rates = with_change(legal_rates(), RateChange(GENERAL, 1600, JANUARY, JUNE))
    assert [rate_on(rates, GENERAL, day) for day in (JANUARY - DAY, JANUARY, JUNE, JULY)] == [1900, 1600, 1600, 1900]


def test_a_planned_rate_can_be_taken_out_as_if_it_had_never_been() -> None:
    rates = tuple(sorted(legal_rates(), key=lambda rate: (rate.key, rate.valid_from)))
    for change in (RateChange(GENERAL, 2000, JANUARY), RateChange(GENERAL, 1600, JANUARY, JUNE)):
        assert without(with_change(rates, change), GENERAL, JANUARY) == rates


def test_the_return_to_the_old_rate_can_be_taken_out_too() -> None:
    rates = with_change(legal_rates(), RateChange(GENERAL, 1600, JANUARY, JUNE))
    assert rate_on(without(rates, GENERAL, JULY), GENERAL, JULY) == 1600


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (RateChange(VatKey.NOT_TAXABLE, 100, JANUARY), "can’t be changed"),
        (RateChange(VatKey.GENERAL_19_HISTORIC, 100, JANUARY), "can’t be changed"),
        (RateChange(GENERAL, -1, JANUARY), "between 0 and"),
        (RateChange(GENERAL, 10_000, JANUARY), "between 0 and"),
        (RateChange(GENERAL, 1600, JULY, JUNE), "whole days"),
        (RateChange(GENERAL, 1900, JANUARY), "counts on 2027-01-01 already"),
        (RateChange(VatKey.AVERAGE_5_5, 550, JANUARY), "no rate before"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(change: RateChange, why: str) -> None:
    with pytest.raises(Refused, match=why):
        with_change(legal_rates(), change)


def test_two_changes_never_overlap() -> None:
    rates = with_change(legal_rates(), RateChange(GENERAL, 2000, JULY))
    with pytest.raises(Refused, match="Another change begins on 2027-07-01"):
        with_change(rates, RateChange(GENERAL, 1600, JANUARY))
    with pytest.raises(Refused, match="Another change begins on 2027-07-01"):
        with_change(rates, RateChange(GENERAL, 1600, JANUARY, JULY))
    with pytest.raises(Refused, match="begins on 2027-07-01 already"):
        with_change(rates, RateChange(GENERAL, 1600, JULY))
    between = with_change(rates, RateChange(GENERAL, 1600, JANUARY, JUNE))
    assert [rate_on(between, GENERAL, day) for day in (JANUARY, JUNE, JULY)] == [1600, 1600, 2000]


def test_what_is_not_planned_can_not_be_taken_out() -> None:
    with pytest.raises(Refused, match="not planned"):
        without(legal_rates(), GENERAL, JANUARY)
    with pytest.raises(Refused, match="first rate"):
        without(legal_rates(), GENERAL, dt.date(2007, 1, 1))


def test_gaps_and_overlaps_are_found() -> None:
    first = VatRate(GENERAL, JANUARY, JUNE, 1900)
    with pytest.raises(Refused, match="Two rates of VAT key 1 would count on 2027-06-30"):
        check_gapless([first, VatRate(GENERAL, JUNE, None, 2000)])
    with pytest.raises(Refused, match="On 2027-07-01 no rate of VAT key 1"):
        check_gapless([first, VatRate(GENERAL, JULY + DAY, None, 2000)])
    with pytest.raises(Refused, match="Two rates"):
        check_gapless([VatRate(GENERAL, JANUARY, None, 1900), VatRate(GENERAL, JULY, None, 2000)])


_DAYS = st.integers(0, 400).map(lambda days: JANUARY + dt.timedelta(days=days))
_CHANGES = st.builds(
    RateChange, st.sampled_from((GENERAL, VatKey.REDUCED)), st.integers(0, 3000), _DAYS, st.none() | _DAYS
)


@given(st.lists(_CHANGES, max_size=6), _DAYS)
def test_whatever_is_planned_each_day_has_exactly_one_rate(changes: list[RateChange], day: dt.date) -> None:
    rates: tuple[VatRate, ...] = tuple(legal_rates())
    for change in changes:
        try:
            rates = with_change(rates, change)
        except Refused:
            continue
        assert rate_on(rates, change.key, change.valid_from) == change.rate_bp
    check_gapless(rates)
    for key in (GENERAL, VatKey.REDUCED):
        assert sum(rate.key is key and rate.is_valid_on(day) for rate in rates) == 1
    assert all(one.key != two.key or one.valid_from < two.valid_from for one, two in pairwise(rates))
