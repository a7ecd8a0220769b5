"""The drawn receipt shows what a real printer would: text in its place, pictures dot by dot, codes that scan."""

from __future__ import annotations

import io

import pytest
import segno
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from till.devices.profiles import DEFAULT_PROFILE
from till.devices.simulated.escpos_reader import EscposReader
from till.devices.simulated.marks import CutKind
from till.devices.simulated.paper import Receipt
from till.devices.simulated.print_head import PrintHead

DOTS = DEFAULT_PROFILE.dots
USUAL_LINE = 34


def _receipt(job: bytes, cut: CutKind = CutKind.NONE) -> Receipt:
    head = PrintHead(DEFAULT_PROFILE)
    for command in EscposReader().feed(job):
        head.execute(command)
    assert head.unknown == []
    marks, raw = head.tear_off()
    return Receipt(marks, raw, cut, DOTS)


def _ink(job: bytes) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of everything black."""
    box = ImageOps.invert(_receipt(job).paper_image()).getbbox()
    assert box is not None
    return box


def _raster(picture: Image.Image) -> bytes:
    columns, rows = picture.width // 8, picture.height
    header = b"\x1dv0\x00" + columns.to_bytes(2, "little") + rows.to_bytes(2, "little")
    return header + bytes(byte ^ 0xFF for byte in picture.tobytes())


@settings(max_examples=30)
@given(columns=st.integers(1, 20), rows=st.integers(1, 40), seed=st.binary(min_size=1, max_size=60))
def test_a_raster_strip_is_read_back_dot_by_dot(columns: int, rows: int, seed: bytes) -> None:
    pixels = (seed * (columns * rows // len(seed) + 1))[: columns * rows]
    picture = Image.frombytes("1", (columns * 8, rows), pixels)
    receipt = _receipt(_raster(picture))
    assert receipt.images[0].tobytes() == picture.tobytes()
    drawn = receipt.paper_image().crop((0, 0, columns * 8, rows))
    assert drawn.convert("1").tobytes() == picture.tobytes()


def test_strips_join_without_a_gap_so_that_a_code_scans() -> None:
    file = io.BytesIO()
    segno.make("V0;955002-00;Kassenbeleg-V1;Beleg^7.00").save(file, kind="png", scale=4)
    code = Image.open(file).convert("1")
    wide = Image.new("1", (-(-code.width // 8) * 8, code.height), 1)
    wide.paste(code)
    strips = [wide.crop((0, top, wide.width, min(top + 40, wide.height))) for top in range(0, wide.height, 40)]
    job = "Größe\n".encode("cp437") + b"\x1ba\x01" + b"".join(map(_raster, strips)) + b"\nDanke\n"
    receipt = _receipt(job)
    assert len(receipt.images) > 2
    [found] = zxingcpp.read_barcodes(receipt.paper_image())
    assert found.text == "V0;955002-00;Kassenbeleg-V1;Beleg^7.00"


def test_text_stands_where_its_columns_are() -> None:
    left, top, right, bottom = _ink(b"    X")
    assert 4 * 12 <= left < right <= 5 * 12
    assert 0 <= top < bottom <= 24


@pytest.mark.parametrize(("align", "middle"), [(0, 12), (1, DOTS // 2), (2, DOTS - 12)])
def test_lines_are_aligned(align: int, middle: int) -> None:
    left, _, right, _ = _ink(b"\x1ba" + bytes((align,)) + b"XX\n")
    assert abs((left + right) // 2 - middle) <= 3


@pytest.mark.parametrize("command", [b"\x1d!\x11", b"\x1b!\x30"])
def test_double_size_is_twice_as_large(command: bytes) -> None:
    left, top, right, bottom = _ink(b"X")
    large = _ink(command + b"X")
    assert abs((large[2] - large[0]) - 2 * (right - left)) <= 2
    assert abs((large[3] - large[1]) - 2 * (bottom - top)) <= 2


def test_bold_underlined_and_reversed_text_carries_more_ink() -> None:
    def blackness(job: bytes) -> int:
        return sum(count * (255 - level) for level, count in enumerate(_receipt(job).paper_image().histogram()))

    plain = blackness(b"Summe")
    assert blackness(b"\x1bE\x01Summe") > plain
    assert blackness(b"\x1b-\x01Summe") > plain
    assert blackness(b"\x1dB\x01Summe") > 2 * plain
    assert blackness(b"\x1bM\x01Summe") < plain
    assert blackness(b"\x1bE\x01\x1b!\x00Summe") == plain


@pytest.mark.parametrize("letter", "ÄÖÜ")
def test_the_dots_of_capitals_are_not_clipped(letter: str) -> None:
    _, top_of_a, _, _ = _ink(b"\x1bt\x13AOU")
    _, top, _, _ = _ink(b"\x1bt\x13" + letter.encode("cp858"))
    assert 0 <= top <= top_of_a - 3


def test_every_letter_of_the_codepage_is_drawn_and_different() -> None:
    letters = "ÄÖÜäöüß€éñçØ"
    images = {_receipt(b"\x1bt\x13" + letter.encode("cp858")).paper_image().tobytes() for letter in letters + "?"}
    assert len(images) == len(letters) + 1


def test_a_line_too_long_goes_on_in_the_next_row() -> None:
    assert _receipt(b"x" * 48 + b"\n").paper_image().height == USUAL_LINE
    assert _receipt(b"x" * 49 + b"\n").paper_image().height == 2 * USUAL_LINE


def test_feeds_tabs_and_line_spacing_move_the_paper() -> None:
    assert _receipt(b"x\x1bd\x03").paper_image().height == 3 * USUAL_LINE
    assert _receipt(b"x\n\x1bJ\x64").paper_image().height == USUAL_LINE + 100
    assert _receipt(b"\x1b3\x64x\n\x1b2x\n").paper_image().height == 100 + USUAL_LINE
    assert _receipt(b"ab\tc\n").text == "ab      c\n"


def test_reset_brings_back_the_defaults() -> None:
    assert _receipt(b"\x1bt\x13\xd5\n").text == "€\n"
    head = PrintHead(DEFAULT_PROFILE)
    for command in EscposReader().feed(b"\x1bt\x13\x1d!\x11\x1ba\x01"):
        head.execute(command)
    head.reset()
    head.execute(b"\xd5")
    marks, raw = head.tear_off()
    assert Receipt(marks, raw, CutKind.NONE, DOTS).text == "╒\n"


def test_a_cut_is_drawn() -> None:
    plain, cut = _receipt(b"x\n").paper_image(), _receipt(b"x\n", CutKind.PARTIAL).paper_image()
    assert cut.height > plain.height
    assert min(cut.crop((0, plain.height, DOTS, cut.height)).tobytes()) == 0


def test_pictures_wider_than_the_paper_lose_their_right_side() -> None:
    wide = Image.new("1", (DOTS + 80, 4), 0)
    assert _receipt(_raster(wide)).paper_image().width == DOTS
