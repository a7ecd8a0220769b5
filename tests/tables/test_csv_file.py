"""CSV in every encoding, with every delimiter, and what is no CSV at all."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from till.errors import Refused, Unavailable
from till.tables import csv_file as reader
from till.tables import guard
from till.tables.header import Column
from till.tables.reading import open_table

CsvMaker = Callable[[bytes], Path]
TEXT = "Nr;Bezeichnung;Preis\n007;Müsli, süß;4,50\n"


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("cp1252"),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        ("sep=;\n" + TEXT).encode(),
        TEXT.replace("süß", "“süß”".replace("“", "").replace("”", "")).encode(),
    ],
)
def test_every_encoding_and_line_end_gives_the_same_rows(content: bytes, csv_file: CsvMaker) -> None:
    rows = list(reader.rows(csv_file(content)))
    assert [row.cells for row in rows] == [["Nr", "Bezeichnung", "Preis"], ["007", "Müsli, süß", "4,50"]]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_found_by_itself(delimiter: str, csv_file: CsvMaker) -> None:
    text = f'Nr{delimiter}"Name; mit, allem"{delimiter}Preis\n1{delimiter}Tee{delimiter}"4,50"\n'
    rows = list(reader.rows(csv_file(text.encode())))
    assert rows[1].cells == ["1", "Tee", "4,50"]


def test_a_row_is_told_by_the_line_in_which_it_begins(csv_file: CsvMaker) -> None:
    rows = list(reader.rows(csv_file(b'Nr;Name\n1;"two\nlines"\n\n;\n2;Tea\n')))
    assert [(row.number, row.cells) for row in rows] == [
        (1, ["Nr", "Name"]),
        (2, ["1", "two\nlines"]),
        (6, ["2", "Tea"]),
    ]


def test_a_line_that_tells_the_delimiter_counts_as_a_line(csv_file: CsvMaker) -> None:
    rows = list(reader.rows(csv_file(b"sep=|\nNr|Name; x\n1|a\n")))
    assert [(row.number, row.cells) for row in rows] == [(2, ["Nr", "Name; x"]), (3, ["1", "a"])]


@pytest.mark.parametrize(
    "content",
    [
        b"Nr;Name\x00\n1;a\n",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"Nr;Name\n1;\x81\n",
        codecs.BOM_UTF16_LE + b"\x00\xd8\x00",
        codecs.BOM_UTF8 + b"\xff",
    ],
)
def test_what_is_no_text_is_refused(content: bytes, csv_file: CsvMaker) -> None:
    with pytest.raises(Refused, match="is no text"):
        list(reader.rows(csv_file(content)))


@pytest.mark.parametrize(
    "content",
    [b'Nr;Name\n1;"never closed\n2;Tea\n', b'Nr;Name\n1;"a"b\n', b'Nr;Name\n1;"' + b"x" * 140_000 + b'"\n'],
)
def test_misplaced_quotation_marks_swallow_no_rows_in_silence(content: bytes, csv_file: CsvMaker) -> None:
    with pytest.raises(Refused, match="From row 2 on"):
        list(reader.rows(csv_file(content)))


def test_an_endless_cell_a_wide_row_and_too_many_rows_are_refused(
    csv_file: CsvMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refused, match="A cell in row 2 has more than 32767"):
        list(reader.rows(csv_file(b"Nr;Name\n1;" + b"x" * 32_768 + b"\n")))
    with pytest.raises(Refused, match="Row 2 has more than 500"):
        list(reader.rows(csv_file(b"Nr;Name\n" + b";" * 500 + b"x\n")))
    monkeypatch.setattr(guard, "MAX_ROWS", 2)
    with pytest.raises(Refused, match="more than 2 rows"):
        list(reader.rows(csv_file(b"Nr;Name\n1;a\n2;b\n")))


def test_a_million_empty_lines_are_no_rows(csv_file: CsvMaker) -> None:
    rows = list(reader.rows(csv_file(b"Nr;Name\n1;a\n" + b";\n" * 1_000_000 + b"2;b\n")))
    assert [row.number for row in rows] == [1, 2, 1_000_003]


def test_the_guard_before_a_formula_is_taken_off_again(csv_file: CsvMaker) -> None:
    rows = list(reader.rows(csv_file(b"Nr;Name\n1;'=1+1\n2;'quoted'\n3;''@x\n")))
    assert [row.cells[1] for row in rows[1:]] == ["=1+1", "'quoted'", "'@x"]


def test_an_empty_file_and_one_without_rows_are_refused(csv_file: CsvMaker, columns: Sequence[Column]) -> None:
    with pytest.raises(Refused, match="is empty"):
        open_table(csv_file(b""), columns)
    with pytest.raises(Refused, match="no rows below"):
        open_table(csv_file(b"Nr;Bezeichnung\n;\n"), columns)
    with pytest.raises(Refused, match="no titles that are known"):
        open_table(csv_file(b"\n\n\n"), columns)


def test_a_file_that_is_not_there_is_told(tmp_path: Path, columns: Sequence[Column]) -> None:
    with pytest.raises(Unavailable, match="can’t be read"):
        open_table(tmp_path / "none.csv", columns)
    with pytest.raises(Unavailable, match="can’t be read"):
        list(reader.rows(tmp_path / "none.csv"))


def test_a_file_that_is_too_large_is_not_opened(
    csv_file: CsvMaker, columns: Sequence[Column], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "MAX_FILE_BYTES", 1_000_000)
    with pytest.raises(Refused, match="larger than 1 MB"):
        open_table(csv_file(b"Nr;x\n" * 250_000), columns)


@pytest.mark.parametrize("begin", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_an_old_excel_file_says_what_to_do(begin: bytes, csv_file: CsvMaker, columns: Sequence[Column]) -> None:
    with pytest.raises(Refused, match="old Excel file or has a password"):
        open_table(csv_file(begin + b"\x00" * 600), columns)
