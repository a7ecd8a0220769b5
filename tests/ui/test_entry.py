"""The typed number: with and without a decimal key (U7)."""

from __future__ import annotations

import pytest

from till.errors import Refused
from till.formats import Formats
from till.i18n import Translator
from till.money import Money
from till.quantity import Quantity
from till.ui.entry import MOST_KEYS, Entry

FORMATS = Formats(Translator("en"))


def typed(keys: str, *, has_decimal_key: bool = True) -> Entry:
    entry = Entry(has_decimal_key=has_decimal_key)
    for key in keys:
        entry = entry.pressed(key)
    return entry


@pytest.mark.parametrize(
    ("keys", "has_decimal_key", "cents"),
    [
        ("12,34", True, 1234),
        ("1234", True, 123400),
        ("1234", False, 1234),
        ("5", False, 5),
        ("12,5", False, 1250),
        (",5", True, 50),
    ],
)
def test_an_amount_is_typed_with_or_without_a_decimal_key(keys: str, has_decimal_key: bool, cents: int) -> None:  # noqa: FBT001 - a case
    assert typed(keys, has_decimal_key=has_decimal_key).money() == Money(cents)


def test_a_quantity_is_never_in_cents() -> None:
    assert typed("3", has_decimal_key=False).quantity() == Quantity(3000)
    assert typed("0,25", has_decimal_key=False).quantity() == Quantity(250)


def test_a_second_comma_is_not_taken() -> None:
    assert typed("1,2,5").typed == "1,25"


def test_the_number_is_bounded() -> None:
    assert len(typed("9" * 30).typed) == MOST_KEYS


def test_nothing_typed_is_no_amount() -> None:
    with pytest.raises(Refused):
        Entry().money()


def test_too_many_decimals_are_refused() -> None:
    with pytest.raises(Refused):
        typed("1,234").money()


@pytest.mark.parametrize(("keys", "shown"), [("", "€0.00"), ("1", "€0.01"), ("1234", "€12.34")])
def test_cents_are_shown_while_they_are_typed(keys: str, shown: str) -> None:
    assert typed(keys, has_decimal_key=False).shown_money(FORMATS) == shown


def test_backspace_takes_the_last_key_away() -> None:
    assert typed("12").shortened().typed == "1"
    assert not typed("12").cleared()
