"""Numbers that people type: whole cents, thousandths or basis points, or a refusal in one short line; never a float."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from till.errors import Refused
from till.formats import Formats, parse_money, parse_percent, parse_quantity, shortened
from till.i18n import Translator
from till.money import MAX_CENTS
from till.quantity import MAX_THOUSANDTHS

fuzz = settings.get_profile("fuzz")
ENGLISH = Formats(Translator("en"))
NUMERIC = st.text("0123456789,.+-−' eE_xX%٣²½∞\u00a0\u202f\x00\ud800", max_size=30)
LONG = st.builds(lambda text, times: (text * times)[:10_000], NUMERIC, st.sampled_from((1, 1, 100, 10_000)))
TYPED = LONG | st.text(st.characters(exclude_categories=()), max_size=40)


@fuzz
@given(TYPED)
@example("9" * 10_000)
@example("1e9")
@example("nan")
@example("−5")
@example("٣")
def test_any_text_is_a_number_or_refused_in_one_short_line(typed: str) -> None:
    for parse, most in ((_cents, MAX_CENTS), (_thousandths, MAX_THOUSANDTHS), (parse_percent, 10**24)):
        try:
            number = parse(typed)
        except Refused as refused:
            _is_short(ENGLISH.sentence(refused))
        else:
            assert type(number) is int
            assert abs(number) <= most


@fuzz
@given(st.integers(0, MAX_CENTS // 100), st.integers(0, 99), st.sampled_from(",."), st.sampled_from(("", " ", "\t")))
def test_comma_and_point_are_the_same(whole: int, cents: int, mark: str, blank: str) -> None:
    assert parse_money(f"{blank}{whole}{mark}{cents:02}{blank}").cents == whole * 100 + cents


@fuzz
@given(st.text(st.characters(exclude_categories=()), max_size=100), st.integers(1, 60))
def test_foreign_text_in_a_sentence_is_short_and_printable(text: str, most: int) -> None:
    told = shortened(text, most)

    assert told.isprintable()
    assert len(told) <= most


def _is_short(said: str) -> None:
    assert said.isprintable()
    assert len(said) < 150


def _cents(typed: str) -> int:
    return parse_money(typed).cents


def _thousandths(typed: str) -> int:
    return parse_quantity(typed).thousandths
