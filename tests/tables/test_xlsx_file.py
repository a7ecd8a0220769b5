"""Sheets: exact numbers, days and percentages, and everything that a dangerous or broken one may contain."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from till.errors import Refused, Unavailable
from till.tables import guard
from till.tables.xlsx_file import rows

SheetMaker = Callable[..., Path]


def cell(content: str) -> str:
    return f'<row r="2">{content}</row>'


def only(path: Path) -> list[str]:
    (row,) = rows(path)
    return row.cells


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("<v>12.99</v>", "12.99"),
        ("<v>12.990000000000002</v>", "12.99"),
        ("<v>0.1</v>", "0.1"),
        ("<v>1E-2</v>", "0.01"),
        ("<v>4.0063813339310000E12</v>", "4006381333931"),
        ("<v>99999999.99</v>", "99999999.99"),
        ("<v>-5</v>", "-5"),
        ("<v>1.2345</v>", "1.2345"),
        ("<v>-0.00</v>", "-0.00"),
        ("<v>0</v>", "0"),
        ("", ""),
    ],
)
def test_numbers_are_taken_by_their_digits(stored: str, read: str, xlsx: SheetMaker) -> None:
    assert only(xlsx(cell(f'<c r="A2">{stored}</c><c r="B2"><v>1</v></c>'))) == [read, "1"]


@pytest.mark.parametrize(
    ("attributes", "stored", "read"),
    [
        ('s="1"', "46346", "2026-11-20"),
        ('s="2"', "46346.75", "2026-11-20"),
        ('s="1"', "1", "1900-01-01"),
        ('s="3"', "0.19", "19 %"),
        ('s="3"', "0.107", "10.7 %"),
        ('s="3"', "7.0000000000000007E-2", "7 %"),
        ('s="4"', "1.5", "1.5"),
        ('s="99"', "1.5", "1.5"),
        ('t="b"', "1", "1"),
        ('t="d"', "2026-11-20T00:00:00", "2026-11-20"),
        ('t="str"', "made by a formula", "made by a formula"),
        ('t="s"', "1", "Bezeichnung"),
    ],
)
def test_cells_are_read_as_they_are_shown(attributes: str, stored: str, read: str, xlsx: SheetMaker) -> None:
    assert only(xlsx(cell(f'<c r="A2" {attributes}><v>{stored}</v></c>'))) == [read]


def test_days_of_an_old_macintosh_count_from_1904(xlsx: SheetMaker) -> None:
    book = (
        b'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr date1904="1"/>'
        b'<sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    assert only(xlsx(cell('<c r="A2" s="1"><v>44884</v></c>'), more={"xl/workbook.xml": book})) == ["2026-11-20"]


def test_inline_texts_keep_their_pieces_and_places(xlsx: SheetMaker) -> None:
    texts = '<c r="B2" t="inlineStr"><is><r><t>Mü</t></r><r><t>sli &amp; Tee</t></r><rPh><t>x</t></rPh></is></c>'
    assert only(xlsx(cell(texts + '<c t="inlineStr"><is><t>next</t></is></c>'))) == ["", "Müsli & Tee", "next"]


def test_a_formula_counts_by_its_stored_value(xlsx: SheetMaker) -> None:
    made = '<c r="A2"><f>6*2</f><v>12</v></c><c r="B2" t="str"><f>""</f><v></v></c><c r="C2"><v>1</v></c>'
    assert only(xlsx(cell(made))) == ["12", "", "1"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('<c r="C7"><f>A1*2</f></c>', "Cell C7 has a formula without a stored value"),
        ('<c r="C7" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "Cell C7 says #DIV/0!"),
        ('<c r="C7"><v>NaN</v></c>', "Cell C7 has a number"),
        ('<c r="C7"><v>1E400</v></c>', "Cell C7 has a number"),
        ('<c r="C7"><v>twelve</v></c>', "Cell C7 has a number"),
        ('<c r="C7" s="1"><v>1E9</v></c>', "Cell C7 has a number"),
        ('<c r="C7" s="3"><v>x</v></c>', "Cell C7 has a number"),
        ('<c r="C7" s="1"><v>x</v></c>', "Cell C7 has a number"),
        ('<c r="ZZZ2" t="str"><v>x</v></c>', "Row 2 has more than 500 columns"),
        (f'<c r="A2" t="str"><v>{"x" * 32_768}</v></c>', "A cell in row 2"),
        (f'<c r="A2" t="str"><v>{"x" * 5_000_000}</v></c>', "A cell in row 2"),
        ('<c r="A2" t="s"><v>7</v></c>', "damaged"),
        ('<c r="A2" t="s"><v>x</v></c>', "damaged"),
        ('<c r="A2" s="x"><v>1</v></c>', "damaged"),
        ("<c", "damaged"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(content: str, words: str, xlsx: SheetMaker) -> None:
    with pytest.raises(Refused, match=re.escape(words)):
        list(rows(xlsx(cell(content))))


def test_merged_cells_are_refused(xlsx: SheetMaker) -> None:
    path = xlsx(
        cell('<c r="A2"><v>1</v></c>'), after='<mergeCells><mergeCell ref="A2:B3"/><mergeCell ref="C1"/></mergeCells>'
    )
    with pytest.raises(Refused, match="A2:B3 are merged"):
        list(rows(path))


def test_a_hidden_sheet_is_not_read(xlsx: SheetMaker) -> None:
    with pytest.raises(Refused, match="are hidden"):
        list(rows(xlsx(cell('<c r="A2"><v>1</v></c>'), state="veryHidden")))


def test_a_million_empty_rows_are_no_rows(xlsx: SheetMaker) -> None:
    empty = "".join(f'<row r="{number}"><c r="A{number}" s="1"/></row>' for number in range(3, 200_003))
    found = list(rows(xlsx(cell('<c r="A2"><v>1</v></c>') + empty + '<row r="1048576"><c><v>2</v></c></row>')))
    assert [(row.number, row.cells) for row in found] == [(2, ["1"]), (1_048_576, ["2"])]


def test_rows_without_numbers_are_counted(xlsx: SheetMaker) -> None:
    found = list(rows(xlsx("<row><c><v>1</v></c></row><row><c><v>2</v></c></row>")))
    assert [row.number for row in found] == [1, 2]


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"]
)
def test_definitions_of_entities_are_refused_before_they_grow(part: str, xlsx: SheetMaker) -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
    with pytest.raises(Refused, match="definitions that no table needs"):
        list(rows(xlsx(cell('<c r="A2"><v>1</v></c>'), more={part: laughs})))


def test_a_foreign_file_is_not_fetched_by_an_entity(xlsx: SheetMaker) -> None:
    spy = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    with pytest.raises(Refused, match="definitions that no table needs"):
        list(rows(xlsx("", more={"xl/worksheets/sheet1.xml": spy})))


@pytest.mark.parametrize(
    ("name", "words"),
    [("xl/vbaProject.bin", "contains macros"), ("XL/VBAPROJECT.BIN", "contains macros")],
)
def test_macros_are_refused(name: str, words: str, xlsx: SheetMaker) -> None:
    with pytest.raises(Refused, match=words):
        list(rows(xlsx("", more={name: b"x"})))


def test_a_zip_bomb_is_refused_by_its_directory(xlsx: SheetMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused, match="far too large"):
        list(rows(xlsx("", more={"xl/media/zeros": b"\0" * 11_000_000})))
    monkeypatch.setattr(guard, "MAX_UNPACKED_BYTES", 1_000)
    with pytest.raises(Refused, match="far too large"):
        list(rows(xlsx("", more={"xl/media/zeros": b"0" * 1_000})))


def test_too_many_parts_and_too_many_words_are_refused(xlsx: SheetMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused, match="far too large"):
        list(rows(xlsx("", more={f"p{number}": b"" for number in range(2_001)})))
    monkeypatch.setattr(guard, "MAX_WORDS_BYTES", 100)
    with pytest.raises(Refused, match="far too large"):
        list(rows(xlsx("")))


def test_other_archives_are_told_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "table.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", "<x/>")
    with pytest.raises(Refused, match="Save it as XLSX or CSV"):
        list(rows(path))


def test_parts_that_are_missing_or_broken_are_a_damaged_file(xlsx: SheetMaker, tmp_path: Path) -> None:
    for more in ({"xl/_rels/workbook.xml.rels": b"<x/>"}, {"xl/workbook.xml": b"<x"}, {"xl/workbook.xml": b""}):
        with pytest.raises(Refused):
            list(rows(xlsx("", more=more)))
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes(xlsx(cell('<c r="A2"><v>1</v></c>')).read_bytes()[:300])
    with pytest.raises(Refused, match="damaged"):
        list(rows(cut))


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="can’t be read"):
        list(rows(tmp_path / "gone.xlsx"))


def test_too_many_rows_are_refused(xlsx: SheetMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MAX_ROWS", 1)
    with pytest.raises(Refused, match="more than 1 rows"):
        list(rows(xlsx("<row><c><v>1</v></c></row><row><c><v>2</v></c></row>")))


def test_a_sheet_without_styles_and_words_is_read(xlsx: SheetMaker, tmp_path: Path) -> None:
    path = xlsx(cell('<c r="A2" s="1"><v>46346</v></c>'))
    bare = tmp_path / "bare.xlsx"
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(bare, "w") as archive:
        for name in whole.namelist():
            if "styles" not in name and "shared" not in name:
                archive.writestr(
                    name,
                    whole.read(name).replace(b"worksheets/", b"/xl/worksheets/", 1)
                    if "rels" in name
                    else whole.read(name),
                )
    assert only(bare) == ["46346"]
