"""Values as people read and type them, in German and English."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.errors import Refused
from till.formats import Formats, parse_money, parse_percent, parse_quantity, shortened
from till.i18n import Translator
from till.money import MAX_CENTS, Money
from till.quantity import MAX_THOUSANDTHS, Quantity

GERMAN = Formats(Translator("de"))
ENGLISH = Formats(Translator("en"))
EVENING = dt.datetime(2026, 11, 20, 22, 30, 5, tzinfo=dt.UTC)
NOT_EVEN_NUMBERS = [
    "",
    " ",
    "-",
    ",",
    "abc",
    "1,2,3",
    "1.234,50",
    "1 000",
    "1e3",
    "½",
    "１２",
    "٣",
    "12€",
    "0x1",
    "9" * 25,
    "\x00",
    "1\n2",
]


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("12,50", 1250),
        ("12.5", 1250),
        ("12", 1200),
        (" 12 ", 1200),
        (",5", 50),
        ("5,", 500),
        ("-3,00", -300),
        ("+3", 300),
        ("0", 0),
        ("007", 700),
        ("99999999,99", MAX_CENTS),
    ],
)
def test_money_is_typed_with_comma_or_point(typed: str, cents: int) -> None:
    assert parse_money(typed) == Money(cents)


@pytest.mark.parametrize("typed", [*NOT_EVEN_NUMBERS, "1,234", "1.234"])
def test_what_is_no_amount_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Refused, match=r"is not an amount. Type it like 12,50"):
        parse_money(typed)


@pytest.mark.parametrize("typed", ["100000000", "-100000000", "99999999999999999999"])
def test_an_amount_beyond_the_widest_is_refused_with_it(typed: str) -> None:
    with pytest.raises(Refused, match=r"too large. The most is 99999999.99"):
        parse_money(typed)


@pytest.mark.parametrize(("typed", "thousandths"), [("3", 3000), ("0,250", 250), ("1.5", 1500), ("-1", -1000)])
def test_quantities_are_typed_with_up_to_three_decimals(typed: str, thousandths: int) -> None:
    assert parse_quantity(typed) == Quantity(thousandths)


@pytest.mark.parametrize("typed", [*NOT_EVEN_NUMBERS, "0,2505"])
def test_what_is_no_quantity_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Refused, match=r"is not a quantity. Type it like 3 or 0,250"):
        parse_quantity(typed)


def test_a_barcode_scanned_into_the_quantity_is_refused() -> None:
    with pytest.raises(Refused, match=r"4006381333931 is too large. The most is 99999"):
        parse_quantity("4006381333931")
    assert parse_quantity("99999").thousandths == MAX_THOUSANDTHS


@pytest.mark.parametrize(("typed", "basis_points"), [("10", 1000), ("12,5", 1250), ("10 %", 1000), ("7%", 700)])
def test_percentages_are_typed_with_or_without_their_sign(typed: str, basis_points: int) -> None:
    assert parse_percent(typed) == basis_points


@pytest.mark.parametrize("typed", [*NOT_EVEN_NUMBERS, "%", "%%", "12,555"])
def test_what_is_no_percentage_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Refused, match=r"is not a percentage. Type it like 10 or 12,5"):
        parse_percent(typed)


@given(st.text())
def test_any_text_is_an_amount_or_refused_in_one_short_line(typed: str) -> None:
    try:
        parse_money(typed)
    except Refused as refused:
        sentence = GERMAN.sentence(refused)
        assert len(sentence) < 120
        assert sentence.isprintable()


@given(st.integers(-MAX_CENTS, MAX_CENTS))
def test_what_is_shown_can_be_typed_again(cents: int) -> None:
    shown = GERMAN.amount(Money(cents)).replace(".", "").replace("−", "-")
    assert parse_money(shown) == Money(cents)


@pytest.mark.parametrize(
    ("cents", "german", "english"),
    [(123450, "1.234,50 €", "€1,234.50"), (-5, "−0,05 €", "−€0.05"), (0, "0,00 €", "€0.00")],
)
def test_money_carries_its_sign(cents: int, german: str, english: str) -> None:
    assert GERMAN.money(Money(cents)).replace("\xa0", " ") == german
    assert ENGLISH.money(Money(cents)) == english


def test_amounts_have_two_decimals_and_no_currency() -> None:
    assert GERMAN.amount(Money(-123450)) == "−1.234,50"
    assert ENGLISH.amount(Money(123450)) == "1,234.50"


@pytest.mark.parametrize(
    ("thousandths", "german"), [(2000, "2"), (345, "0,345"), (-1500, "−1,5"), (-500, "−0,5"), (1234000, "1.234")]
)
def test_quantities_have_as_many_decimals_as_needed(thousandths: int, german: str) -> None:
    assert GERMAN.quantity(Quantity(thousandths)) == german


def test_percentages_come_from_basis_points() -> None:
    assert GERMAN.percent(1900).replace("\xa0", " ") == "19 %"
    assert GERMAN.percent(1070).replace("\xa0", " ") == "10,7 %"
    assert ENGLISH.percent(-250).replace("\xa0", " ") == "−2.5 %"


def test_dates_and_times_are_those_of_the_shops_wall_clock() -> None:
    assert GERMAN.date(EVENING) == "20.11.2026"
    assert GERMAN.time(EVENING) == "23:30"
    assert GERMAN.date_time(EVENING) == "20.11.2026 23:30:05"
    assert GERMAN.weekday_time(EVENING) == "Fr 20.11. 23:30"
    assert ENGLISH.date(EVENING + dt.timedelta(hours=1)) == "21/11/2026"
    assert ENGLISH.weekday_time(EVENING) == "Fri 20 Nov 23:30"
    assert Formats(Translator("de"), zone="America/New_York").time(EVENING) == "17:30"


def test_a_sentence_carries_its_values_in_the_readers_language() -> None:
    refused = Refused("{open} of {what}, {n} x {q}, {at}, {day}", open=Money(1060), what="Rose", n=3, q=Quantity(1500))
    refused.values.update(at=EVENING, day=dt.date(2026, 1, 2))
    assert GERMAN.sentence(refused).replace("\xa0", " ") == "10,60 € of Rose, 3 x 1,5, 20.11.2026, 23:30, 02.01.2026"
    assert ENGLISH.sentence(refused) == "€10.60 of Rose, 3 x 1.5, 20/11/2026, 23:30, 02/01/2026"


def test_a_sentence_is_translated() -> None:
    refused = Refused("{open} is still open. Take a payment first.", open=Money(1060))
    german = GERMAN.sentence(refused)
    assert german.replace("\xa0", " ").startswith("10,60 €")
    assert "open" not in german
    assert str(refused) == "10.60 is still open. Take a payment first."


def test_foreign_text_is_made_fit_for_a_sentence() -> None:
    assert shortened("Rose") == "Rose"
    assert shortened("a\x1b[2Jb\n") == "a·[2Jb·"
    assert shortened("x" * 50) == "x" * 39 + "…"
    assert re.fullmatch("x{40}", shortened("x" * 40))
