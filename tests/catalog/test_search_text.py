"""How typed words and stored names are made alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.catalog.search_text import normalised


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("musli", "Müsli"),
        ("MUESLI", "Müsli"),
        ("strasse", "Straße"),
        ("STRASSE", "Straße"),
        ("strausse", "Sträuße"),
        ("cafe", "Café"),
        ("krauter abend", "Kräuter „Abend“"),
        ("1,2 l", "1.2  L"),
        ("oel", "Öl"),
    ],
)
def test_what_people_type_equals_the_name(typed: str, name: str) -> None:
    assert normalised(typed) == normalised(name)


@given(st.text())
def test_only_words_with_one_blank_between_remain(text: str) -> None:
    words = normalised(text)

    assert words == " ".join(words.split())
    assert all(c.isalnum() or c == " " for c in words)


def test_different_words_stay_different() -> None:
    assert normalised("Rose") != normalised("Rosa")
