"""Whatever stands in a name, a note or a voucher's words: on paper it is text, within the lines, and nothing else."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from till.devices.model import PrinterProfile
from till.devices.profiles import PROFILES
from till.devices.simulated.escpos_reader import EscposReader
from till.devices.simulated.marks import LineEnd, PictureMark, TextMark
from till.devices.simulated.print_head import PrintHead
from till.pages.fonts import mono_has
from till.raster import Raster
from till.receipts.document import QR, Align, Barcode, Block, Cut, Receipt, ReceiptKind, Row, Style, Table, Text
from till.receipts.escpos import encode
from till.receipts.image import to_png
from till.receipts.layout import PrintedLine, lay_out
from till.receipts.media import NO_LOGOS, pictured
from till.receipts.pdf import to_pdf
from till.receipts.sanitize import encodable, for_codepage, printable
from till.receipts.text import to_text

fuzz = settings.get_profile("fuzz")
RESET, CUT = b"\x1b@", b"\x1dV"
OURS = {RESET, b"\x1bt", b"\x1d!", b"\x1bE", b"\x1dv", CUT, b"\x1bd", b"\n"}
"""The commands that the encoder itself writes: reset, code page, size, bold, picture, cut, feed, line end."""

COMMANDS = st.sampled_from(
    [
        "\x1b@",
        "\x1bp\x00\x19\xfa",
        "\x10\x14\x01\x00\x08",
        "\x1dV\x00",
        "\x1d(k",
        "\x1bt\x00",
        "\x1b*\x21\xff\xff",
        "\x1dv0",
    ]
)
TRICKS = st.sampled_from(
    [
        "\u202e",
        "\u2066",
        "\u200b",
        "\ufeff",
        "a\u0301\u0302\u0303",
        "🏳️‍🌈",
        "漢字",
        "ﷺ",
        "\x00",
        "\x7f",
        "\x9b1m",
        "\r",
        "\u2028",
        "\ud800",
    ]
)
TEXTS = st.lists(COMMANDS | TRICKS | st.text(st.characters(exclude_categories=()), max_size=20), max_size=8).map(
    "".join
)
LONG = st.builds(lambda text, times: (text * times)[:10_000], TEXTS, st.sampled_from((1, 1, 1, 50, 5000)))
PRINTERS = st.sampled_from(sorted(PROFILES))
STYLES = st.builds(Style, bold=st.booleans(), width=st.integers(1, 2), height=st.integers(1, 2))


def _blocks(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Block]:
    return st.one_of(
        st.builds(Text, texts, st.sampled_from(Align), STYLES),
        st.builds(Row, texts, TEXTS, st.integers(0, 8), STYLES),
        st.builds(Table, st.tuples(TEXTS, TEXTS), st.lists(st.tuples(TEXTS, TEXTS), max_size=3).map(tuple)),
        st.builds(Barcode, st.just("$RKASSE-1.5"), TEXTS),
    )


def _paper(*blocks: Block) -> Receipt:
    return Receipt(ReceiptKind.SALE, "Beleg 1", "de", "KOPIE", (*blocks, Cut()))


@fuzz
@given(st.lists(_blocks(LONG), max_size=4), PRINTERS)
@example([Text("\x1bp\x00\x19\xfa" * 2000)], "POS-58")
def test_a_printer_gets_our_commands_and_the_text_within_its_lines(blocks: list[Block], name: str) -> None:
    profile = PROFILES[name]
    receipt = _paper(*blocks)
    head = _executed(receipt, profile)

    laid_out = lay_out(receipt, profile.columns, lambda text: for_codepage(text, profile.codepage_name, mono_has))
    lines = [item.text for item in laid_out if isinstance(item, PrintedLine)]
    wanted = [line for line in lines if all(encodable(char, profile.codepage_name) for char in line)]
    printed = _printed(head, profile.columns)
    assert printed[: len(wanted)] == wanted
    assert not any(printed[len(wanted) :])
    assert all(mark.image.width <= profile.dots for mark in head.marks if isinstance(mark, PictureMark))


@fuzz
@given(LONG)
def test_what_is_printable_has_no_control_and_no_hidden_character(text: str) -> None:
    plain = printable(text)

    assert all(char.isprintable() or char == "\n" for char in plain)
    assert len(plain) <= len(text) + text.count("\r\n")


@settings(fuzz, max_examples=max(20, fuzz.max_examples // 10))
@given(st.lists(_blocks(TEXTS), max_size=3))
def test_screen_pdf_and_plain_text_take_any_words(blocks: list[Block]) -> None:
    receipt = _paper(*blocks)

    assert to_png(receipt).startswith(b"\x89PNG")
    assert to_pdf(receipt).startswith(b"%PDF")
    assert all(char.isprintable() or char == "\n" for char in to_text(receipt))
    assert all(isinstance(part, Raster | PrintedLine) for part in pictured(receipt, NO_LOGOS))


@fuzz
@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=512), PRINTERS)
@example("z" * 512, "POS-58")
def test_every_code_that_the_till_makes_fits_on_the_paper(code: str, name: str) -> None:
    for block in (Barcode(code), QR(code)):
        head = _executed(_paper(block), PROFILES[name])
        assert any(isinstance(mark, PictureMark) for mark in head.marks)


def _printed(head: PrintHead, columns: int) -> list[str]:
    """The lines of text on the paper; none is wider than it, whatever its size."""
    lines, line = [], list[TextMark]()
    for mark in head.marks:
        if isinstance(mark, TextMark):
            line.append(mark)
        elif isinstance(mark, LineEnd):
            assert sum(len(part.text) * part.style.width for part in line) <= columns
            lines.append("".join(part.text for part in line))
            line = []
    return lines


def _executed(receipt: Receipt, profile: PrinterProfile) -> PrintHead:
    """A print head that has printed the receipt; nothing but our own commands ever reached it."""
    reader, head = EscposReader(), PrintHead(profile)
    for command in reader.feed(encode(receipt, profile)):
        assert command[:2] in OURS or command[0] >= ord(" "), command[:9]
        if command == RESET:
            head.reset()
        elif command[:2] != CUT:
            head.execute(command)
    assert (reader.unfinished, head.unknown) == (b"", [])
    return head
