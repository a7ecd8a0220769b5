"""Why somebody does something: one line in the books, neither missing nor too long."""

from __future__ import annotations

import pytest

from till.documents.reason import REASON_MOST, checked_reason
from till.errors import Refused

MISSING = "Say why."


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("  zu\tklein\n gekauft ", "zu klein gekauft"), ("  zur\nBank \x1b@ ", "zur Bank @"), ("x" * 80, "x" * 80)],
)
def test_a_reason_is_kept_as_one_printable_line(typed: str, kept: str) -> None:
    assert checked_reason(typed, MISSING) == kept


@pytest.mark.parametrize("typed", ["", " \t ", "\x1b\x00"])
def test_a_missing_reason_is_refused_in_the_words_of_who_asks(typed: str) -> None:
    with pytest.raises(Refused, match=MISSING):
        checked_reason(typed, MISSING)


def test_too_long_a_reason_is_refused_and_never_cut_off() -> None:
    with pytest.raises(Refused, match="characters at most") as refused:
        checked_reason("x" * (REASON_MOST + 1), MISSING)
    assert refused.value.values == {"most": REASON_MOST}
    with pytest.raises(Refused, match="characters at most"):
        checked_reason("x" * 6, MISSING, most=5)
