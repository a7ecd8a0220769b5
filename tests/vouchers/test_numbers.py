"""Voucher numbers count up and are known in every spelling (V15, V50)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.errors import Refused
from till.vouchers.numbers import MAX_LENGTH, checked, matching, successor


@pytest.mark.parametrize(
    ("number", "following"),
    [
        ("AG2024-01", "AG2024-02"),
        ("AG-99", "AG-100"),
        ("0009", "0010"),
        ("7", "8"),
        ("X1Y009", "X1Y010"),
        ("ß-1", "ß-2"),
    ],
)
def test_the_trailing_digits_count_up_and_keep_their_width(number: str, following: str) -> None:
    assert successor(number) == following


@pytest.mark.parametrize("number", ["", "AG", "1A", "AG-", "AG٣", "AG²"])
def test_a_number_without_digits_at_its_end_is_refused(number: str) -> None:
    with pytest.raises(Refused, match=f"^“{number}” has no digits at its end to count up. Try {number}-0001.$"):
        successor(number)


@given(st.text("AB-1", max_size=5), st.integers(0, 10**9), st.integers(1, 12))
def test_counting_never_loses_the_stem_and_never_repeats(stem: str, number: int, width: int) -> None:
    stem = stem.rstrip("1")
    now = f"{stem}{number:0{width}d}"
    following = successor(now)
    assert following.startswith(stem)
    assert int(following[len(stem) :]) == number + 1
    assert len(following) >= len(now)


@pytest.mark.parametrize("typed", ["ag-0001", " AG-0001 ", "Ag-0001\n", "\tAG-0001"])
def test_case_and_blanks_around_a_number_do_not_matter(typed: str) -> None:
    assert matching(typed) == matching("AG-0001")


def test_blanks_inside_a_number_matter() -> None:
    assert matching("AG 1") != matching("AG1")


def test_a_number_is_kept_as_it_was_typed() -> None:
    assert checked(" Spende1003 ") == "Spende1003"
    assert checked("x" * MAX_LENGTH) == "x" * MAX_LENGTH


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Type or scan the voucher’s number"),
        ("  ", "Type or scan the voucher’s number"),
        ("x" * 41, "^“x{39}…” is too long. A voucher number has at most 40 characters.$"),
        ("ß" * 21, "^“ß{21}” is too long. A voucher number has at most 40 characters.$"),
        (" AG\x1b1 ", "^“AG·1” holds characters that can’t be printed.$"),
        ("AG\n1", "^“AG·1” holds characters that can’t be printed.$"),
    ],
)
def test_what_is_no_number_is_refused(typed: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        checked(typed)


@given(st.text(max_size=60))
def test_every_number_that_is_kept_fits_its_column(typed: str) -> None:
    try:
        number = checked(typed)
    except Refused:
        return
    assert len(number) <= 60
    assert len(matching(number)) <= 60
