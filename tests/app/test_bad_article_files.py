"""Files that are no good table of articles, as a shop may have them: each is refused in words, and nothing is left behind."""

from __future__ import annotations

import errno
import os
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from till.app.bootstrap import Till
from till.errors import Refused, Unavailable
from till.tables.verdict import Verdict

HEADER = ("Artikelnummer", "Bezeichnung", "Warengruppe", "Preis", "MwSt")
ROW = ("100", "Tee", "Neu", "4,50", "7")
_SHEET = "xl/worksheets/sheet1.xml"


def _sheet(path: Path, change: Callable[[object], None] = lambda _sheet: None) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER)
    sheet.append(ROW)
    change(sheet)
    book.save(path)


def _with_part(path: Path, name: str, content: bytes) -> None:
    _sheet(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)


def _merged(path: Path) -> None:
    _sheet(path, lambda sheet: sheet.merge_cells("A2:B2"))  # type: ignore[attr-defined]


def _formula(path: Path) -> None:
    _sheet(path, lambda sheet: sheet.append(["101", "Tee", "Neu", "=1+1", "7"]))  # type: ignore[attr-defined]


def _with_entities(path: Path) -> None:
    _sheet(path)
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    laughing = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    parts[_SHEET] = laughing + parts[_SHEET].split(b"?>", 1)[-1]
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)


def _text(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


def _other_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "x")


def _half(path: Path) -> None:
    _sheet(path)
    path.write_bytes(path.read_bytes()[:2000])


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "nothing in it": (_text(b""), "is empty"),
    "only titles": (_text(";".join(HEADER).encode()), "no rows below its titles"),
    "no titles": (_text(b"100;Tee\n101;Kaffee\n"), "no titles that are known"),
    "titles without a number": (_text(b"Bezeichnung;Preis\nTee;1\n"), "no column “Artikelnummer”"),
    "two columns of one meaning": (_text(b"Nr;Preis;VK\n1;2;3\n"), "Two columns mean the same"),
    "UTF-16 without its mark": (_text("Nr;Preis\n1;2\n".encode("utf-16-le")), "no text that can be read"),
    "a picture": (_text(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(50)), "no text that can be read"),
    "old Excel": (_text(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)), "old Excel file or has a password"),
    "another zip": (_other_zip, "is no Excel file"),
    "half of an Excel file": (_half, "is damaged or no Excel file"),
    "an open quotation mark": (_text(b'Nr;Name\n1;"Tee\n2;Kaffee\n'), "quotation marks stand wrong"),
    "macros": (lambda path: _with_part(path, "xl/vbaProject.bin", b"x"), "contains macros"),
    "a zip bomb": (lambda path: _with_part(path, "xl/media/x.xml", bytes(60_000_000)), "far too large when unpacked"),
    "merged cells": (_merged, "A2:B2 are merged"),
    "a formula without its value": (_formula, "D3 has a formula without a stored value"),
    "entities": (_with_entities, "definitions that no table needs"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_no_table_of_articles_is_refused_in_words(till: Till, tmp_path: Path, name: str) -> None:
    make, sentence = BAD[name]
    path = tmp_path / "articles.xlsx"
    make(path)
    with pytest.raises(Refused) as refusal:
        till.article_tables.check(path)
    assert sentence in str(refusal.value)
    assert not list(till.settings.data_dir.glob("import-*"))


def test_what_the_disk_does_not_give_is_told_as_that(till: Till, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="can’t be read: file, folder or stick is not there"):
        till.article_tables.check(tmp_path / "gone.csv")
    with pytest.raises(Unavailable, match="can’t be read: it is a folder"):
        till.article_tables.check(tmp_path)


@pytest.mark.parametrize("name", ["all.csv", "all.xlsx"])
def test_a_place_that_can_not_be_written_is_told(till: Till, tmp_path: Path, name: str) -> None:
    with pytest.raises(Unavailable, match=f"can’t be written to “{name}”: file, folder or stick is not there"):
        till.article_tables.export(tmp_path / "no stick" / name)


@pytest.mark.parametrize("name", ["all.csv", "all.xlsx"])
def test_a_full_stick_leaves_the_file_that_was_there(
    till: Till, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / name).write_text("the old one")

    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("till.tables.whole.os.fsync", full)
    with pytest.raises(Unavailable, match="there is no room left"):
        till.article_tables.export(tmp_path / name)
    assert (tmp_path / name).read_text() == "the old one"
    assert [path.name for path in tmp_path.glob("*all*")] == [name]


@pytest.mark.timeout(60)
def test_a_million_empty_rows_are_no_table(till: Till, tmp_path: Path) -> None:
    """A sheet that was formatted down to its last row."""
    path = tmp_path / "articles.xlsx"
    _sheet(path)
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    empty = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (row, row) for row in range(3, 1_048_577))
    parts[_SHEET] = parts[_SHEET].replace(b"</sheetData>", empty + b"</sheetData>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    began = time.perf_counter()
    preview = till.article_tables.check(path)
    assert preview.counts[Verdict.NEW] == 1
    assert time.perf_counter() - began < 40
