"""Quantities in thousandths and what they cost."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.money import Money
from till.quantity import ONE, Quantity, pieces, price_of


def test_quantities_add_and_negate() -> None:
    assert pieces(2) + Quantity(345) == Quantity(2345)
    assert (-ONE).thousandths == -1000


def test_whole_pieces_are_told_from_weights() -> None:
    assert pieces(3).is_whole
    assert not Quantity(1500).is_whole


@pytest.mark.parametrize("wrong", [1.5, "1", True])
def test_a_quantity_takes_whole_thousandths_only(wrong: object) -> None:
    with pytest.raises(TypeError, match="thousandths"):
        Quantity(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("thousandths", "plain"), [(1000, "1"), (345, "0.345"), (1500, "1.5"), (-2050, "-2.05"), (0, "0")]
)
def test_the_plain_form_has_no_trailing_zeros(thousandths: int, plain: str) -> None:
    assert str(Quantity(thousandths)) == plain


@pytest.mark.parametrize(
    ("price", "thousandths", "cost"),
    [(1999, 345, 690), (1999, 250, 500), (1, 500, 1), (1, 499, 0), (350, 2000, 700), (350, -2000, -700)],
)
def test_a_price_is_half_up_of_price_times_thousandths(price: int, thousandths: int, cost: int) -> None:
    assert price_of(Money(price), Quantity(thousandths)) == Money(cost)


@given(st.integers(0, 10**7), st.integers(-(10**8), 10**8))
def test_no_price_is_off_by_more_than_half_a_cent(price: int, thousandths: int) -> None:
    cost = price_of(Money(price), Quantity(thousandths))
    assert abs(cost.cents - Fraction(price * thousandths, 1000)) <= Fraction(1, 2)
    assert cost == -price_of(Money(price), Quantity(-thousandths))
