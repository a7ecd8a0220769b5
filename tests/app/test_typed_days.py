"""Days as people type them into a search, on a Sunday in November 2026."""

from __future__ import annotations

import datetime as dt

import pytest

from till.app.typed_days import Days, days, days_at, is_short_day

TODAY = dt.date(2026, 11, 22)


def between(first: str, last: str = "") -> Days:
    return Days(dt.date.fromisoformat(first), dt.date.fromisoformat(last or first))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("heute", between("2026-11-22")),
        ("Gestern", between("2026-11-21")),
        ("yesterday", between("2026-11-21")),
        ("vorgestern", between("2026-11-20")),
        ("21.11.", between("2026-11-21")),
        ("21.11", between("2026-11-21")),
        ("21.11.26", between("2026-11-21")),
        ("21.11.2025", between("2025-11-21")),
        ("2026-11-21", between("2026-11-21")),
        ("21/11/2026", between("2026-11-21")),
        ("24.12.", between("2025-12-24")),
        ("29.2.", between("2024-02-29")),
        ("1.11.-15.11.", between("2026-11-01", "2026-11-15")),
        ("1.11. bis 15.11.", between("2026-11-01", "2026-11-15")),
        ("1.11.2026–15.11.2026", between("2026-11-01", "2026-11-15")),
        ("1.11.2026-15.11.2026", between("2026-11-01", "2026-11-15")),
        ("2026-11-01 to 2026-11-05", between("2026-11-01", "2026-11-05")),
        ("1.12.-5.1.", between("2025-12-01", "2026-01-05")),
        ("29.2.2024-1.1.2024", between("2024-01-01", "2024-02-29")),
        ("November", between("2026-11-01", "2026-11-30")),
        ("december", between("2025-12-01", "2025-12-31")),
        ("märz 2025", between("2025-03-01", "2025-03-31")),
        ("02/2024", between("2024-02-01", "2024-02-29")),
        ("diesen Monat", between("2026-11-01", "2026-11-30")),
        ("last month", between("2026-10-01", "2026-10-31")),
        ("diese Woche", between("2026-11-16", "2026-11-22")),
        ("letzte Woche", between("2026-11-09", "2026-11-15")),
        ("Montag", between("2026-11-16")),
        ("Sonntag", between("2026-11-15")),
    ],
)
def test_days_are_understood_as_people_type_them(typed: str, meant: Days) -> None:
    assert days(typed, TODAY) == meant


@pytest.mark.parametrize(
    "typed",
    ["", "32.1.", "99.99", "1.13.", "13/2026", "0/2026", "2026-13-01", "1.1.-2.1.-3.1.", "1.11.0000", "Rose", "12,50"],
)
def test_what_is_no_day_is_none(typed: str) -> None:
    assert days(typed, TODAY) is None


def test_as_many_words_belong_to_the_days_as_make_sense() -> None:
    assert days_at(["1.11.", "bis", "5.11.", "Rose"], TODAY) == (between("2026-11-01", "2026-11-05"), 3)
    assert days_at(["gestern", "12,50"], TODAY) == (between("2026-11-21"), 1)
    assert days_at(["Rose", "gestern"], TODAY) is None


def test_a_day_without_its_last_point_may_be_an_amount() -> None:
    assert is_short_day("21.11")
    assert not is_short_day("21.11.")


def test_the_last_days_end_today() -> None:
    assert Days.back(TODAY, 1) == between("2026-11-22")
    assert Days.back(TODAY, 7) == between("2026-11-16", "2026-11-22")
