"""The layout: nothing is wider than the paper, no amount is cut, wide and long words find their place."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.formats import Formats
from till.i18n import Translator
from till.money import MAX_CENTS, Money
from till.receipts.document import (
    BIG,
    BOLD,
    QR,
    Align,
    Barcode,
    Block,
    Cut,
    Feed,
    Logo,
    Receipt,
    ReceiptKind,
    Row,
    Rule,
    Style,
    Table,
    Text,
)
from till.receipts.layout import MIN_COLUMNS, PaperItem, PrintedLine, display_width, lay_out, wrap
from till.receipts.sanitize import for_codepage, printable

AMOUNT = "−99.999.999,99 €"


def _paper(*blocks: Block) -> Receipt:
    return Receipt(ReceiptKind.SALE, "Beleg 1", "de", "KOPIE", blocks)


def _lines(columns: int, *blocks: Block) -> list[str]:
    return [item.text for item in lay_out(_paper(*blocks), columns, printable) if isinstance(item, PrintedLine)]


def _printed_width(item: PaperItem) -> int:
    return display_width(item.text) * item.style.width if isinstance(item, PrintedLine) else 0


def test_words_and_amount_share_a_line_where_they_fit() -> None:
    assert _lines(32, Row("Massage 30 min", "59,00 A")) == ["Massage 30 min           59,00 A"]


def test_long_words_wrap_and_the_amount_stands_on_the_last_line() -> None:
    assert _lines(32, Row("Öl für die Haut nach dem Sonnenbad", "59,00 A", indent=2)) == [
        "  Öl für die Haut nach",
        "  dem Sonnenbad          59,00 A",
    ]


def test_an_amount_too_wide_to_share_a_line_gets_its_own() -> None:
    assert _lines(20, Row("Gegeben", AMOUNT)) == ["Gegeben", AMOUNT.rjust(20)]


def test_right_text_that_is_wider_than_the_paper_wraps_and_stays_right() -> None:
    assert _lines(20, Row("Kasse", "KASSE-2026-0001 im Obergeschoss")) == [
        "Kasse",
        "  KASSE-2026-0001 im".rjust(20),
        "Obergeschoss".rjust(20),
    ]


def test_big_rows_become_narrower_before_they_break() -> None:
    wide, normal = lay_out(_paper(Row("Summe", "59,00 €", style=BIG), Row("Summe", AMOUNT, style=BIG)), 32, printable)
    assert wide == PrintedLine("Summe    59,00 €", BIG)
    assert normal == PrintedLine("Summe" + AMOUNT.rjust(27), Style(bold=True, width=1, height=2))


def test_big_words_become_narrower_before_they_are_hyphenated() -> None:
    assert lay_out(_paper(Text("Donaudampfschifffahrt", Align.CENTRE, BIG)), 32, printable) == (
        PrintedLine("     Donaudampfschifffahrt", Style(bold=True, width=1, height=2)),
    )


def test_text_keeps_its_line_breaks_and_its_side() -> None:
    assert _lines(20, Text("eins\n\nzwei", Align.RIGHT), Text("Mitte", Align.CENTRE), Text("")) == [
        "eins".rjust(20),
        "",
        "zwei".rjust(20),
        "       Mitte",
        "",
    ]


def test_a_word_longer_than_the_line_is_broken_and_nothing_of_it_is_lost() -> None:
    serial = "31b69666" * 8
    assert wrap(serial, 32) == [serial[:32], serial[32:]]


def test_wide_characters_count_two_columns() -> None:
    assert display_width("漢字😀a") == 7
    assert wrap("漢字漢字", 5) == ["漢字", "漢字"]
    assert _lines(20, Row("漢字", "1,00")) == ["漢字            1,00"]


def test_combining_characters_take_no_column() -> None:
    assert _lines(20, Row("Mu\u0308sli", "1,00")) == ["Müsli           1,00"]


def test_a_table_is_aligned_by_its_widest_cells() -> None:
    table = Table(("USt", "netto", "brutto"), (("A 19 %", "49,58", "59,00"), ("B 7 %", "1.000,00", "1.070,00")))
    assert _lines(32, table) == [
        "USt             netto     brutto",
        "A 19 %          49,58      59,00",
        "B 7 %        1.000,00   1.070,00",
    ]


def test_a_table_too_wide_for_the_paper_is_stacked() -> None:
    table = Table(("USt", "netto", "USt", "brutto"), (("A 19 %", AMOUNT, AMOUNT, AMOUNT),))
    assert lay_out(_paper(table), 32, printable) == (
        PrintedLine("A 19 %", BOLD),
        PrintedLine("  netto" + AMOUNT.rjust(25)),
        PrintedLine("  USt" + AMOUNT.rjust(27)),
        PrintedLine("  brutto" + AMOUNT.rjust(24)),
    )


def test_rules_feeds_codes_logos_and_cuts_come_in_order() -> None:
    blocks = (Logo("shop"), Rule(), Feed(2), QR("V0;x"), Barcode("$R1.5", "Beleg 5"), Barcode("X"), Cut())
    assert lay_out(_paper(*blocks), 20, printable) == (
        Logo("shop"),
        PrintedLine("-" * 20),
        PrintedLine(""),
        PrintedLine(""),
        QR("V0;x"),
        Barcode("$R1.5", "Beleg 5"),
        PrintedLine("      Beleg 5"),
        Barcode("X"),
        Cut(),
    )


def test_wide_characters_in_wide_print_still_leave_room_for_the_amount() -> None:
    row = Row("漢漢", "xx", indent=1, style=Style(width=4))
    assert lay_out(_paper(row), 20, printable) == (PrintedLine(" 漢漢   xx", Style(width=2)),)


def test_a_single_column_is_too_narrow_for_text() -> None:
    with pytest.raises(ValueError, match="2 columns"):
        wrap("漢", 1)


def test_paper_too_narrow_for_an_amount_is_refused() -> None:
    with pytest.raises(ValueError, match="20 columns"):
        lay_out(_paper(), MIN_COLUMNS - 1, printable)


_words = st.text(max_size=200)
_FORMATS = Formats(Translator("en"))
_amounts = st.integers(-MAX_CENTS, MAX_CENTS).map(lambda cents: _FORMATS.money(Money(cents)))
_styles = st.builds(Style, st.booleans(), st.integers(1, 8), st.integers(1, 3))
_cleaners = st.sampled_from([printable, lambda text: for_codepage(text, "cp858")])


@given(st.integers(MIN_COLUMNS, 64), _words, st.sampled_from(Align), _styles, _cleaners)
def test_no_text_is_wider_than_the_paper(
    columns: int, text: str, align: Align, style: Style, clean: Callable[[str], str]
) -> None:
    items = lay_out(_paper(Text(text, align, style)), columns, clean)
    assert all(_printed_width(item) <= columns for item in items)
    assert "".join("".join(_text(items)).split()) == "".join(clean(text).split())


@given(st.integers(MIN_COLUMNS, 64), _words, _amounts, _styles, st.integers(0, 8))
def test_no_row_is_wider_than_the_paper_and_no_amount_is_cut(
    columns: int, left: str, amount: str, style: Style, indent: int
) -> None:
    items = lay_out(_paper(Row(left, amount, indent, style)), columns, printable)
    assert all(_printed_width(item) <= columns for item in items)
    assert any(line.endswith(amount) for line in _text(items))
    assert "".join("".join(_text(items)).split()) == "".join((printable(left) + amount).split())


@given(st.integers(MIN_COLUMNS, 64), st.lists(st.tuples(_words, _amounts, _amounts, _amounts), min_size=1, max_size=5))
def test_no_table_is_wider_than_the_paper_and_no_amount_is_cut(
    columns: int, rows: list[tuple[str, str, str, str]]
) -> None:
    items = lay_out(_paper(Table(("USt", "netto", "USt", "brutto"), tuple(rows))), columns, printable)
    assert all(_printed_width(item) <= columns for item in items)
    printed = "\n".join(_text(items))
    assert all(amount in printed for row in rows for amount in row[1:])


def _text(items: tuple[PaperItem, ...]) -> list[str]:
    return [item.text for item in items if isinstance(item, PrintedLine)]
