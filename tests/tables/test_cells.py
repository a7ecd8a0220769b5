"""What people and programs write into cells, as exact values or a refusal in words."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.errors import Refused
from till.money import MAX_CENTS, Money
from till.tables import cells
from till.tables.number import plain, typed

AMOUNTS = st.integers(-MAX_CENTS, MAX_CENTS).map(Money)


@pytest.mark.parametrize(
    ("cell", "cents"),
    [
        ("12,50", 1250),
        ("12.50", 1250),
        ("12.5", 1250),
        ("12", 1200),
        ("0", 0),
        ("0,00 €", 0),
        ("€ 5", 500),
        ("5 EUR", 500),
        ("-5,00", -500),
        ("−5", -500),
        ("- 5", -500),
        ("+5", 500),
        (",5", 50),
        ("5,", 500),
        ("1.234,50", 123450),
        ("1,234.50", 123450),
        ("1 234,50", 123450),
        ("1\u202f234,50", 123450),
        ("1'234.50", 123450),
        ("1.234.567", 123456700),
        ("99.999.999,99", 9_999_999_999),
        ("99999999.99", 9_999_999_999),
        ("12,5000", 1250),
    ],
)
def test_amounts_are_exact(cell: str, cents: int) -> None:
    assert cells.money(cell) == Money(cents)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("1.234", "more than two decimals"),
        ("1,234", "more than two decimals"),
        ("1,005", "more than two decimals"),
        ("0.001", "more than two decimals"),
        ("12,3456", "more than two decimals"),
        ("100.000.000,00", "too large"),
        ("100000000", "too large"),
        ("-100000000", "too large"),
        ("", "no amount"),
        ("abc", "no amount"),
        ("1,2,3", "no amount"),
        ("1.23.456", "no amount"),
        ("1,23.45", "no amount"),
        ("12-", "no amount"),
        ("1e3", "no amount"),
        ("٣", "no amount"),
        ("=1+1", "no amount"),
        ("$5", "no amount"),
        (",", "no amount"),
        ("9" * 200, "no amount"),
        ("NaN", "no amount"),
    ],
)
def test_what_is_no_clear_amount_is_refused(cell: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        cells.money(cell)


@given(AMOUNTS)
def test_every_amount_is_read_back_however_it_is_written(amount: Money) -> None:
    point = str(amount)
    assert cells.money(point) == amount
    assert cells.money(point.replace(".", ",")) == amount
    sign, digits = ("-", point[1:]) if amount.cents < 0 else ("", point)
    whole, fraction = digits.split(".")
    assert cells.money(f"{sign}{int(whole):,}.{fraction}") == amount
    assert cells.money(f"{sign}{int(whole):,}".replace(",", ".") + f",{fraction} €") == amount


@given(AMOUNTS)
def test_no_amount_is_lost_in_the_binary_fraction_of_a_sheet(amount: Money) -> None:
    stored = repr(int(amount.cents) / 100)  # what table programs write
    shown = plain(stored)
    assert shown is not None
    assert cells.money(shown) == amount


@given(st.text(max_size=40))
def test_any_text_is_an_exact_amount_or_refused(text: str) -> None:
    with contextlib.suppress(Refused):
        assert typed(text) == Decimal(cells.money(text).cents) / 100


@given(st.text(max_size=40))
def test_any_number_of_a_sheet_is_plain_or_none(text: str) -> None:
    shown = plain(text)
    assert shown is None or "E" not in shown.upper()


@pytest.mark.parametrize(("cell", "value"), [("5", 5), ("-3", -3), ("5,0", 5), ("5.0", 5), ("1.000", 1), ("16", 16)])
def test_whole_numbers(cell: str, value: int) -> None:
    assert cells.whole(cell, -10, 2000) == value


@pytest.mark.parametrize("cell", ["5,5", "", "x", "2001", "-11", "1e2", "9" * 40])
def test_what_is_no_whole_number_in_range_is_refused(cell: str) -> None:
    with pytest.raises(Refused, match="no whole number from -10 to 2000"):
        cells.whole(cell, -10, 2000)


@pytest.mark.parametrize(
    ("cell", "value"),
    [("ja", True), (" JA ", True), ("x", True), ("1", True), ("WAHR", True), ("nein", False), ("0", False)],
)
def test_yes_and_no(cell: str, value: bool) -> None:  # noqa: FBT001 - the case
    assert cells.truth(cell) is value


@pytest.mark.parametrize(
    "cell", ["2026-11-20", "20.11.2026", "20/11/2026", " 20.11.2026 00:00:00", "2026-11-20T00:00:00"]
)
def test_days(cell: str) -> None:
    assert cells.day(cell) == dt.date(2026, 11, 20)


@pytest.mark.parametrize(("cell", "points"), [("19", 1900), ("19 %", 1900), ("10,7%", 1070), ("0", 0), ("100", 10000)])
def test_percentages_are_basis_points(cell: str, points: int) -> None:
    assert cells.percent(cell) == points


@pytest.mark.parametrize(
    ("read", "cell", "words"),
    [
        (cells.truth, "vielleicht", "neither yes nor no"),
        (cells.day, "20.11.26", "no day"),
        (cells.day, "31.02.2026", "no day"),
        (cells.day, "", "no day"),
        (cells.day, "20.11.2026 08:15", "no day"),
        (cells.percent, "101", "no percentage"),
        (cells.percent, "-1", "no percentage"),
        (cells.percent, "1,234", "no percentage"),
        (cells.percent, "x", "no percentage"),
    ],
)
def test_what_is_none_is_refused(read: Callable[[str], object], cell: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        read(cell)


def test_texts_are_bounded_and_printable() -> None:
    assert cells.text("  Grüner\u00a0Tee ", 10) == "Grüner\u00a0Tee"
    with pytest.raises(Refused, match="more than 3 characters"):
        cells.text("Rose", 3)
    for bad in ("a\nb", "a\x1bb", "a\u202eb", "a\x00b"):
        with pytest.raises(Refused, match="can’t be printed"):
            cells.text(bad, 10)


def test_a_number_that_excel_has_shortened_is_no_code() -> None:
    assert cells.code("4006381333931", 40) == "4006381333931"
    assert cells.code("1E5", 40) == "1E5"
    for bad in ("4,00638E+12", "4.00638E+12", "4,00638e12"):
        with pytest.raises(Refused, match="was shortened"):
            cells.code(bad, 40)
