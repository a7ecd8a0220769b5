"""Runs of numbers for gift cards: digits that remain, zeros that live, and counts that are refused (V51)."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.errors import Refused
from till.vouchers.generator import MOST, NumberRun, kept_digits
from till.vouchers.numbers import MAX_LENGTH, successor


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("AG2024-01", "202401"), (" 00 100 ", "00100"), ("", ""), ("abc", ""), ("１２٣", ""), ("7²", "7"), ("1\n2", "12")],
)
def test_only_digits_remain_of_a_start_number(typed: str, kept: str) -> None:
    assert kept_digits(typed) == kept


def test_leading_zeros_live_and_the_width_is_kept() -> None:
    assert list(NumberRun("0098", 4)) == ["0098", "0099", "0100", "0101"]
    assert list(NumberRun("98", 4)) == ["98", "99", "100", "101"]
    assert list(NumberRun("0", 2)) == ["0", "1"]


@pytest.mark.parametrize("count", [0, -1, MOST + 1])
def test_a_count_that_is_none_is_refused(count: int) -> None:
    with pytest.raises(Refused, match="From 1 to 10000000"):
        NumberRun("1", count)


def test_the_largest_count_is_taken() -> None:
    assert NumberRun("1", MOST).last == str(MOST)
    assert NumberRun("1", 1).last == "1"


@pytest.mark.parametrize("start", ["", "12a", "１"])
def test_a_start_without_digits_is_refused(start: str) -> None:
    with pytest.raises(Refused, match="digits only"):
        NumberRun(start, 1)


def test_a_number_that_no_voucher_can_have_is_refused() -> None:
    longest = "9" * MAX_LENGTH
    assert NumberRun(longest, 1).last == longest
    for start, count in ((longest, 2), ("1" * 500, 1)):
        with pytest.raises(Refused, match="too long"):
            NumberRun(start, count)


@given(st.from_regex(r"[0-9]{1,12}", fullmatch=True), st.integers(1, 50))
def test_a_run_counts_as_the_till_does(start: str, count: int) -> None:
    numbers = list(NumberRun(start, count))
    assert len(set(numbers)) == count
    assert numbers[0] == start
    assert numbers[-1] == NumberRun(start, count).last
    assert all(after == successor(before) for before, after in itertools.pairwise(numbers))
