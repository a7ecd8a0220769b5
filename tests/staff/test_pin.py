"""What may be a PIN or a card, and that only hashes of them are kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.errors import Refused
from till.formats import Formats
from till.i18n import Translator
from till.staff.cards import card_digest, is_card, new_card_code
from till.staff.pin import Argon2, checked_pin, is_pin

CHEAP = Argon2(passes=1, memory_kib=8, lanes=1)


@pytest.mark.parametrize("good", ["4711", "1508", "0815", "13579", "99887766", "1235", "0120"])
def test_four_to_eight_digits_are_a_pin(good: str) -> None:
    assert checked_pin(good) == good


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "123",
        "123456789",
        "12a4",
        " 4711",
        "4711 ",
        "+471",
        "-471",
        "4.71",
        "४७११",
        "４７１１",
        "4711\n",
        "①②③④",
        "½½½½",
    ],
)
def test_anything_else_is_none(bad: str) -> None:
    with pytest.raises(Refused, match="4 to 8 digits"):
        checked_pin(bad)


@pytest.mark.parametrize("simple", ["0000", "1111", "99999999", "1234", "4321", "12345678", "0123", "9876", "3210"])
def test_what_anybody_would_try_first_is_refused(simple: str) -> None:
    with pytest.raises(Refused, match="first that anybody would try"):
        checked_pin(simple)


@given(st.text(max_size=40) | st.from_regex(r"[0-9]{0,12}", fullmatch=True))
def test_any_text_is_taken_or_refused_in_a_sentence_that_does_not_repeat_it(typed: str) -> None:
    try:
        assert checked_pin(typed) == typed
    except Refused as refused:
        said = Formats(Translator("de")).sentence(refused)
        assert len(typed) < 4 or typed not in said
    else:
        assert is_pin(typed)
        assert set(typed) <= set("0123456789")
        assert 4 <= len(typed) <= 8


@given(st.text(max_size=60))
def test_no_text_breaks_the_check_of_a_pin_or_card(typed: str) -> None:
    if is_pin(typed):
        assert not CHEAP.verify(CHEAP.hash("4711"), typed) or typed == "4711"
    assert not is_card(typed)


def test_a_right_pin_is_right_and_a_wrong_one_wrong() -> None:
    stored = CHEAP.hash("4711")
    assert CHEAP.verify(stored, "4711")
    assert not CHEAP.verify(stored, "4712")
    assert not CHEAP.verify(stored, "04711")


def test_the_same_pin_never_looks_the_same() -> None:
    assert CHEAP.hash("4711") != CHEAP.hash("4711")
    assert "4711" not in CHEAP.hash("4711").split("$")[-2:]


@pytest.mark.parametrize("damaged", ["", "x", "$argon2id$", "$argon2id$v=19$m=8,t=1,p=1$c2FsdA$", "4711"])
def test_a_hash_that_can_not_be_read_fits_no_pin(damaged: str) -> None:
    assert not CHEAP.verify(damaged, "4711")


def test_the_usual_hash_is_the_recommended_argon2id() -> None:
    stored = Argon2().hash("4711")
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$"), "RFC 9106, section 4"
    assert CHEAP.verify(stored, "4711"), "the hash itself says how it was made"
    assert CHEAP.is_outdated(stored)
    assert not Argon2().is_outdated(stored)


def test_a_card_is_made_by_the_till_and_never_twice() -> None:
    codes = {new_card_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(is_card(code) for code in codes)
    assert all(len(code) == 32 for code in codes)


def test_a_card_is_known_again_however_the_scanner_writes_it() -> None:
    code = new_card_code()
    assert is_card(f" {code.lower()}\n")
    assert card_digest(f" {code.lower()}\n") == card_digest(code)
    assert code[2:] not in card_digest(code)


@pytest.mark.parametrize(
    "other", ["", "$S", "$S123", "$V901.AG-0001", "4006381333931", "$S" + "1" * 31, "$S" + "१" * 30]
)
def test_other_codes_are_no_cards(other: str) -> None:
    assert not is_card(other)
