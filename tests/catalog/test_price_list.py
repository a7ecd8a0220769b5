"""Prices by quantity and planned prices: the price of the tier at any quantity, and only lists that make sense."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.catalog.price_list import (
    MAX_TIERS,
    LaterPrices,
    ListPrice,
    PriceList,
    Schedule,
    Tier,
    checked,
)
from till.errors import Refused
from till.money import MAX_CENTS, Money
from till.quantity import MAX_THOUSANDTHS, Quantity, pieces

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
ROSE = PriceList(Money(350), (Tier(pieces(10), Money(300)), Tier(pieces(50), Money(250))))


@pytest.mark.parametrize(
    ("quantity", "cents"), [(1000, 350), (9999, 350), (10_000, 300), (49_000, 300), (50_000, 250), (99_000_000, 250)]
)
def test_the_price_follows_the_quantity(quantity: int, cents: int) -> None:
    assert ListPrice(Money(350), ROSE.tiers).of(Quantity(quantity)) == Money(cents)


def test_tiers_that_an_import_left_above_the_price_cost_nobody_more() -> None:
    assert ListPrice(Money(200), ROSE.tiers).of(pieces(10)) == Money(200)


def test_tiers_are_kept_in_the_order_of_their_quantities() -> None:
    assert checked(PriceList(Money(350), ROSE.tiers[::-1]), whole_pieces=True) == ROSE


def test_goods_may_be_given_away() -> None:
    assert checked(PriceList(Money(0)), whole_pieces=True) == PriceList(Money(0))


@pytest.mark.parametrize(
    ("prices", "sentence"),
    [
        (PriceList(Money(-1)), "can’t be negative"),
        (PriceList(Money(MAX_CENTS + 1)), "is too large"),
        (PriceList(Money(5), (Tier(pieces(2), Money(-1)),)), "can’t be negative"),
        (PriceList(None, (Tier(pieces(2), Money(1)),)), "need a price for one"),
        (PriceList(Money(5), (Tier(Quantity(0), Money(1)),)), "needs a quantity above 0"),
        (PriceList(Money(5), (Tier(pieces(1), Money(1)),)), "whole quantity of 2 or more"),
        (PriceList(Money(5), (Tier(Quantity(2500), Money(1)),)), "whole quantity of 2 or more"),
        (PriceList(Money(5), (Tier(Quantity(MAX_THOUSANDTHS + 1000), Money(1)),)), "too large"),
        (PriceList(Money(5), (Tier(pieces(2), Money(3)), Tier(pieces(2), Money(2)))), "quantity 2 stands twice"),
        (PriceList(Money(5), (Tier(pieces(2), Money(5)),)), "From 2 on the price must be below 0.05"),
        (PriceList(Money(5), (Tier(pieces(2), Money(3)), Tier(pieces(3), Money(4)))), "From 3 on .* below 0.03"),
        (PriceList(Money(99), tuple(Tier(pieces(n), Money(60 - n)) for n in range(2, MAX_TIERS + 3))), "at most 10"),
    ],
)
def test_prices_that_make_no_sense_are_refused_in_words(prices: PriceList, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        checked(prices, whole_pieces=True)


def test_weighed_goods_have_tiers_by_weight() -> None:
    cheese = PriceList(Money(1999), (Tier(Quantity(500), Money(1799)),))
    assert checked(cheese, whole_pieces=False) == cheese
    assert ListPrice(Money(1999), cheese.tiers).of(Quantity(499)) == Money(1999)
    assert ListPrice(Money(1999), cheese.tiers).of(Quantity(500)) == Money(1799)


def test_planned_prices_come_into_force_at_their_instant() -> None:
    plan = Schedule(ROSE, (LaterPrices(NOON, PriceList(Money(400))), LaterPrices(NOON + HOUR, PriceList(Money(450)))))
    assert plan.at(NOON - HOUR) == plan
    assert plan.at(NOON) == Schedule(PriceList(Money(400)), plan.later[1:])
    assert plan.at(NOON + 2 * HOUR) == Schedule(PriceList(Money(450)))
    assert (plan.until, plan.at(NOON + HOUR).until) == (NOON, None)


TIERS = st.lists(
    st.builds(Tier, st.integers(2, 200).map(pieces), st.integers(1, 1000).map(Money)),
    max_size=6,
    unique_by=lambda t: t.quantity,
)


@given(st.integers(1, 1000), TIERS, st.integers(1, 300))
def test_any_list_gives_the_last_tier_that_is_reached_and_more_never_costs_more(
    cents: int, tiers: list[Tier], count: int
) -> None:
    try:
        prices = checked(PriceList(Money(cents), tuple(tiers)), whole_pieces=True)
    except Refused:
        return
    listed = ListPrice(Money(cents), prices.tiers)
    reached = [tier.price for tier in sorted(tiers) if tier.quantity <= pieces(count)]
    assert listed.of(pieces(count)) == (reached[-1] if reached else Money(cents))
    assert listed.of(pieces(count + 1)) <= listed.of(pieces(count))
