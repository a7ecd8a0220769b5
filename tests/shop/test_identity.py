"""What the shop's name, address and tax numbers must look like."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from till.errors import Refused
from till.shop.details import ShopDetails
from till.shop.identity import FIELDS, checked, checked_tax_number, checked_vat_id

SHOP = ShopDetails(
    dt.date(2026, 1, 1), " Blumen & Tee ", "Sommergasse 7", "01234", "Ort", tax_number="999/123/45678", phone="030 1"
)


def test_details_are_stored_without_blanks_around_them() -> None:
    assert checked(SHOP).name == "Blumen & Tee"


@pytest.mark.parametrize("typed", ["DE136695976", "de 136 695 976", "DE123456788", "ATU12345678", ""])
def test_a_vat_id_with_a_fitting_check_digit_is_taken(typed: str) -> None:
    assert checked_vat_id(typed) == typed.replace(" ", "").upper()


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("DE136695975", "last digit"),
        ("DE12345678", "nine digits"),
        ("DE12345678X", "nine digits"),
        ("123456788", "two letters"),
        ("ATU12345678901234", "At most 15"),
    ],
)
def test_a_vat_id_that_can_not_be_is_refused(typed: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        checked_vat_id(typed)


@pytest.mark.parametrize("typed", ["12/345/67890", "181/815/08155", "2893081508152", "93 815 08152", ""])
def test_a_tax_number_has_the_digits_of_one(typed: str) -> None:
    assert checked_tax_number(typed) == typed


@pytest.mark.parametrize("typed", ["12/345", "12/345/678901234", "ab/345/67890", "12345678901 x"])
def test_a_tax_number_that_can_not_be_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="10, 11 or 13"):
        checked_tax_number(typed)


def test_other_countries_write_their_tax_numbers_as_they_like() -> None:
    assert checked_tax_number("CHE-1", "CHE") == "CHE-1"


@pytest.mark.parametrize(
    ("field", "typed", "why"),
    [
        ("name", " ", "stands on every receipt"),
        ("name", "x" * 61, "At most 60"),
        ("street", "Weg\x1b@", "can’t be printed"),
        ("town", "", "stands on every receipt"),
        ("postcode", "1234", "five digits"),
        ("phone", "ring me", "digits, blanks"),
    ],
)
def test_a_wrong_field_is_refused_in_words(field: str, typed: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        FIELDS[field](typed)


def test_a_shop_has_a_tax_number_or_a_vat_id() -> None:
    with pytest.raises(Refused, match="tax number or the VAT id"):
        checked(replace(SHOP, tax_number=""))
    assert checked(replace(SHOP, tax_number="", vat_id="DE136695976")).vat_id == "DE136695976"
