"""Labels in print: where they stand on their sheets, and that the till's scanner reads their bars (V54)."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pypdf
import pytest
import zxingcpp
from PIL import Image, ImageDraw

from till.catalog.barcodes import voucher_barcode
from till.errors import Refused, Unavailable
from till.labels.layout import LEAST_MODULE, Label, lay_out
from till.labels.pdf import Printing, write_labels
from till.labels.sheet import SHEETS, Sheet

_BAR = re.compile(rb"([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re")
DPI = 600
POINT = 72 / DPI


def label(number: str, detail: str = "25,00 € · gültig bis 31.12.2036") -> Label:
    return Label("Blumen & Tee Sommer", "Gutschein 25 €", number, voucher_barcode("901", number), detail)


def nobody(_done: int) -> None:
    """Nobody watches."""


def printed(path: Path, page: int = 0) -> Image.Image:
    """What a laser printer makes of the bars of a page."""
    found = pypdf.PdfReader(path).pages[page]
    width, height = float(found.mediabox.width), float(found.mediabox.height)
    paper = Image.new("L", (round(width / POINT), round(height / POINT)), 255)
    draw = ImageDraw.Draw(paper)
    contents = found.get_contents()
    assert contents is not None
    for left, bottom, wide, high in _BAR.findall(contents.get_data()):
        x, y = float(left) / POINT, (height - float(bottom)) / POINT
        draw.rectangle((round(x), round(y - float(high) / POINT), round(x + float(wide) / POINT) - 1, round(y)), fill=0)
    return paper


def read(paper: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(paper) if code.format == zxingcpp.BarcodeFormat.Code128]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.key)
def test_every_label_lies_on_its_page(sheet: Sheet) -> None:
    places = list(itertools.islice(sheet.places(1), sheet.labels + 1))
    assert places[-1][0] == 1
    for _, left, top in places[:-1]:
        assert left >= 0
        assert left + sheet.label.width <= sheet.page.width + 0.01
        assert top + sheet.label.height <= sheet.page.height + 0.01
    assert len({place[1:] for place in places[:-1]}) == sheet.labels


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.key)
def test_the_bars_are_read_back_at_the_size_of_print(sheet: Sheet, tmp_path: Path) -> None:
    numbers = [f"{n:06d}" for n in range(100_001, 100_001 + min(sheet.labels, 6))]
    assert write_labels(tmp_path / "labels.pdf", map(label, numbers), Printing(sheet), nobody) == len(numbers)
    paper = printed(tmp_path / "labels.pdf")
    assert sorted(read(paper)) == sorted(f"$V901.{number}" for number in numbers[: sheet.labels])


def test_a_whole_sheet_has_real_words(tmp_path: Path) -> None:
    sheet = SHEETS[0]
    write_labels(tmp_path / "labels.pdf", (label(f"AG-{n:04d}") for n in range(25)), Printing(sheet), nobody)
    pages = [page.extract_text() for page in pypdf.PdfReader(tmp_path / "labels.pdf").pages]
    assert len(pages) == 2
    assert pages[0].count("Gutschein 25 €") == 24
    assert "AG-0023" in pages[0]
    assert "AG-0024" in pages[1]
    assert "gültig bis 31.12.2036" in pages[0]


def test_a_used_sheet_begins_with_the_label_that_is_left(tmp_path: Path) -> None:
    sheet = SHEETS[2]
    write_labels(tmp_path / "labels.pdf", [label("1"), label("2")], Printing(sheet, 65), nobody)
    assert [read(printed(tmp_path / "labels.pdf", page)) for page in (0, 1)] == [["$V901.1"], ["$V901.2"]]
    for first in (0, 66):
        with pytest.raises(Refused, match="The sheet has 65 labels"):
            write_labels(tmp_path / "labels.pdf", [label("1")], Printing(sheet, first), nobody)


def test_bars_that_nobody_could_read_are_refused_and_leave_nothing(tmp_path: Path) -> None:
    long = "Geschenk-Sonderaktion-2026-000001"
    with pytest.raises(Refused, match="too long for these labels"):
        write_labels(tmp_path / "labels.pdf", [label("1"), label(long)], Printing(SHEETS[2]), nobody)
    assert list(tmp_path.iterdir()) == []
    write_labels(tmp_path / "labels.pdf", [label(long)], Printing(SHEETS[3]), nobody)
    assert read(printed(tmp_path / "labels.pdf")) == [voucher_barcode("901", long)]


def test_a_number_of_endless_length_is_refused_on_the_largest_card() -> None:
    with pytest.raises(Refused, match="too long for these labels"):
        lay_out(Label("", "", "ß" * 40, "$V1." + "$C3$9F" * 200), SHEETS[3].label)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.key)
def test_nothing_leaves_its_label_however_long(sheet: Sheet) -> None:
    wide = Label("W" * 80, "M" * 80, "7" * 20, "$V901.1", "€" * 80)
    ink = lay_out(wide, sheet.label)
    assert [words.text[-1] for words in ink.words[:3]] == ["…"] * 3
    tops = [words.baseline for words in ink.words[:3]]
    assert tops == sorted(tops)
    assert all(words.baseline <= sheet.label.height for words in ink.words)
    assert all(bar.width >= LEAST_MODULE * 0.99 for bar in ink.bars)
    assert ink.bars[0].top > tops[-1]
    assert ink.bars[0].height > 3
    assert ink.bars[0].top + ink.bars[0].height < ink.words[-1].baseline


def test_what_the_disk_does_not_take_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"“labels\.pdf” can’t be written: file, folder or stick is not there"):
        write_labels(tmp_path / "gone" / "labels.pdf", [label("1")], Printing(SHEETS[0]), nobody)


def test_who_watches_can_end_it(tmp_path: Path) -> None:
    def stop(done: int) -> None:
        raise Refused(str(done))

    with pytest.raises(Refused, match="24"):
        write_labels(tmp_path / "labels.pdf", (label(str(n)) for n in range(30)), Printing(SHEETS[0]), stop)
    assert list(tmp_path.iterdir()) == []
