"""Texts from outside: whatever they hold, no control code leaves them (D9, X3)."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.receipts.layout import display_width
from till.receipts.sanitize import encodable, for_codepage, for_font, printable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ÄÖÜäöüß€", "ÄÖÜäöüß€"),
        ("Gro\u0308ße", "Größe"),
        ("„Test“ – ‚a‘ … −5", "\"Test\" - 'a' ... -5"),
        ("a\u00a0b\u2009c\u3000d", "a b c d"),
        ("Škoda Łódź", "Skoda ?ódz"),
        ("½ × 3²", "½ × 3²"),
        ("№ 5 ™", "No 5 TM"),
        ("漢字 😀", "?? ?"),
        ("Привет", "??????"),
        ("", ""),
    ],
)
def test_a_printer_of_code_page_858_gets_the_nearest_text(text: str, expected: str) -> None:
    assert for_codepage(text, "CP858") == expected


def test_a_letter_that_can_be_drawn_stays() -> None:
    assert for_codepage("Привет 😀", "CP858", lambda char: char != "😀") == "Привет ?"


def test_another_code_page_keeps_other_letters() -> None:
    assert for_codepage("Žižkov €", "ISO8859-15") == "Žižkov €"


def test_control_format_and_combining_characters_vanish_and_line_ends_become_one() -> None:
    assert printable("a\x1bp\x00\x19\u202eb\u200d\ufe0fc\r\nd\re\u2028f\tg\x85h") == "ap" + "bc\nd\ne\nf g\nh"
    assert printable("Z" + "\u0335" * 50) == "Z"


def test_private_and_unassigned_characters_become_question_marks() -> None:
    assert printable("\ue000\U000e1000\ud800") == "???"


def test_a_font_gets_only_what_it_has() -> None:
    assert for_font("aЖ\n😀", lambda char: char != "😀") == "aЖ\n?"


@given(st.text())
def test_no_byte_below_a_blank_but_the_line_feed_ever_reaches_a_printer(text: str) -> None:
    sent = for_codepage(text, "CP858").encode("CP858")
    assert all(byte == 0x0A or byte >= 0x20 for byte in sent)
    assert 0x7F not in sent


@given(st.binary())
def test_foreign_bytes_read_as_text_are_harmless_too(foreign: bytes) -> None:
    sent = for_codepage(foreign.decode("latin-1"), "CP858").encode("CP858")
    assert all(byte == 0x0A or byte >= 0x20 for byte in sent)


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert printable(printable(text)) == printable(text)
    once = for_codepage(text, "CP858")
    assert for_codepage(once, "CP858") == once
    assert display_width(once) == len(once)


@given(st.characters())
def test_what_is_called_encodable_is_one_printable_byte(char: str) -> None:
    if encodable(char, "CP858"):
        assert len(char.encode("CP858")) == 1
        assert unicodedata.category(char) != "Cc"
