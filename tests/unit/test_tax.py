"""VAT inside gross prices: the check values of the spec, and parts that sum to the whole."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.money import ZERO, Money, total
from till.tax import included_tax, returned_tax, spread_tax

RATES = st.sampled_from([0, 500, 550, 700, 1070, 1600, 1900])
GROSSES = st.lists(st.integers(-(10**6), 10**6).map(Money), min_size=1, max_size=20)
PARTS = st.lists(st.integers(0, 10**6).map(Money), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("gross", "rate_bp", "net", "tax"),
    [
        (1500, 1900, 1261, 239),
        (5900, 1900, 4958, 942),
        (7000, 1900, 5882, 1118),
        (4000, 1900, 3361, 639),
        (2000, 1900, 1681, 319),
        (2000, 700, 1869, 131),
        (800, 1900, 672, 128),
        (5000, 1900, 4202, 798),
        (-5000, 1900, -4202, -798),
        (1, 1900, 1, 0),
        (5000, 0, 5000, 0),
    ],
)
def test_the_tax_in_a_gross_price(gross: int, rate_bp: int, net: int, tax: int) -> None:
    assert included_tax(Money(gross), rate_bp) == Money(tax)
    assert Money(gross) - included_tax(Money(gross), rate_bp) == Money(net)


def test_the_official_example_of_a_split_receipt() -> None:
    assert spread_tax([Money(100), Money(150)], 700) == [Money(6), Money(10)]


@given(st.integers(-(10**9), 10**9), RATES)
def test_the_tax_of_a_return_mirrors_that_of_the_sale(cents: int, rate_bp: int) -> None:
    assert included_tax(Money(-cents), rate_bp) == -included_tax(Money(cents), rate_bp)


@given(GROSSES, RATES)
def test_the_tax_of_the_lines_sums_to_that_of_the_receipt(grosses: list[Money], rate_bp: int) -> None:
    taxes = spread_tax(grosses, rate_bp)
    assert total(taxes) == included_tax(total(grosses), rate_bp)
    for gross, tax in zip(grosses, taxes, strict=True):
        exact = Fraction(gross.cents * rate_bp, 10_000 + rate_bp)
        assert abs(tax.cents - exact) <= 1


def test_a_tie_goes_to_the_earlier_line() -> None:
    assert spread_tax([Money(3), Money(3)], 1900) == [Money(1), ZERO]


@given(PARTS, RATES)
def test_a_full_return_in_any_steps_gives_back_exactly_the_tax_charged(parts: list[Money], rate_bp: int) -> None:
    before, given_back = ZERO, []
    for part in parts:
        given_back.append(returned_tax(before, part, rate_bp))
        before += part
    assert total(given_back) == included_tax(total(parts), rate_bp)
