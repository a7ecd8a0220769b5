"""Money: exact cents, kaufmännisch rounding, and splits that lose nothing."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.money import ZERO, Money, half_up, split, total

CENTS = st.integers(-(10**10), 10**10)
WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any)


def test_money_adds_subtracts_negates_and_multiplies() -> None:
    assert Money(350) + Money(890) == Money(1240)
    assert Money(350) - Money(890) == Money(-540)
    assert -Money(350) == Money(-350)
    assert abs(Money(-350)) == Money(350)
    assert Money(350) * 3 == Money(1050)


def test_money_compares_and_knows_zero() -> None:
    assert Money(-1) < ZERO < Money(1)
    assert not ZERO
    assert Money(-1)


@pytest.mark.parametrize("wrong", [1.0, "1", None, True])
def test_money_takes_whole_cents_only(wrong: object) -> None:
    with pytest.raises(TypeError, match="whole cents"):
        Money(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [0.5, True, Money(2)])
def test_money_is_multiplied_by_whole_numbers_only(wrong: object) -> None:
    with pytest.raises(TypeError, match="half_up"):
        Money(100) * wrong  # type: ignore[operator]


@pytest.mark.parametrize(("cents", "plain"), [(0, "0.00"), (7533, "75.33"), (-5, "-0.05"), (-12345, "-123.45")])
def test_the_plain_form_is_that_of_process_data(cents: int, plain: str) -> None:
    assert str(Money(cents)) == plain


def test_the_total_of_nothing_is_zero() -> None:
    assert total([]) == ZERO
    assert total([Money(1), Money(-3)]) == Money(-2)


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [
        (Fraction(1, 2), 1),
        (Fraction(3, 2), 2),
        (Fraction(5, 2), 3),
        (Fraction(49, 100), 0),
        (Fraction(-1, 2), -1),
        (Fraction(-5, 2), -3),
        (Fraction(7), 7),
    ],
)
def test_halves_are_rounded_away_from_zero(exact: Fraction, rounded: int) -> None:
    assert half_up(exact) == Money(rounded)


@given(st.fractions())
def test_rounding_is_symmetric_and_off_by_half_a_cent_at_most(exact: Fraction) -> None:
    assert half_up(-exact) == -half_up(exact)
    assert abs(half_up(exact).cents - exact) <= Fraction(1, 2)


@given(CENTS, WEIGHTS)
def test_the_parts_of_a_split_sum_to_the_whole_and_are_fair(cents: int, weights: list[int]) -> None:
    parts = split(Money(cents), weights)
    assert total(parts) == Money(cents)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part.cents - Fraction(cents * weight, sum(weights))) < 1


@given(CENTS, WEIGHTS)
def test_a_negative_split_mirrors_the_positive_one(cents: int, weights: list[int]) -> None:
    assert split(Money(-cents), weights) == [-part for part in split(Money(cents), weights)]


@given(CENTS, WEIGHTS)
def test_a_part_without_weight_gets_nothing(cents: int, weights: list[int]) -> None:
    assert split(Money(cents), [*weights, 0])[-1] == ZERO


def test_a_tie_goes_to_the_earlier_part() -> None:
    assert split(Money(100), [1, 1, 1]) == [Money(34), Money(33), Money(33)]
    assert split(Money(101), [1, 1]) == [Money(51), Money(50)]


@pytest.mark.parametrize("weights", [[1], [0, 1], [1, 0, 0]])
def test_the_only_part_with_weight_gets_everything(weights: list[int]) -> None:
    assert split(Money(1999), weights) == [Money(1999 * weight) for weight in weights]


@pytest.mark.parametrize("weights", [[], [0, 0], [3, -1], [-1]])
def test_a_split_needs_weights(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split(Money(1), weights)
