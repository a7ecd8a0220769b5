"""Files that are no good table of old vouchers: each is refused in words, before anything of it is unpacked or booked."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from till.app.bootstrap import Till
from till.errors import Refused
from till.vouchers.old_table import Defaults

ROWS = (("Nummer", "Wert"), ("A1", 12.5))


def _sheet(path: Path, *more: tuple[object, ...]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (*ROWS, *more):
        sheet.append(list(row))
    book.save(path)


def _with_part(path: Path, name: str, content: bytes) -> None:
    _sheet(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)


def _without_workbook(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", "<worksheet/>")


def _bomb(path: Path) -> None:
    _with_part(path, "xl/sharedStrings.xml", b"<sst>" + bytes(80_000_000))


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "a zip bomb": (lambda path: _with_part(path, "xl/media/x.xml", bytes(60_000_000)), "far too large when unpacked"),
    "a bomb among its words": (_bomb, "far too large when unpacked"),
    "macros": (lambda path: _with_part(path, "xl/vbaProject.bin", b"x"), "contains macros"),
    "a formula without its value": (
        lambda path: _sheet(path, ("A2", "=1+1")),
        "B3 has a formula without a stored value",
    ),
    "no workbook": (_without_workbook, "is no Excel file"),
    "nothing in it": (lambda path: path.write_bytes(b""), "is empty"),
    "old Excel": (lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600)), "old Excel file or has a password"),
    "a picture": (lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "no text that can be read"),
    "a table of articles": (lambda path: path.write_bytes(b"Bezeichnung;Preis\nTee;1\n"), "no titles that are known"),
    "no values": (lambda path: path.write_bytes(b"Nummer;Name\nA1;Tee\n"), "no column “Restwert”"),
    "two columns of one meaning": (lambda path: path.write_bytes(b"Nummer;Wert;Betrag\n1;2;3\n"), "mean the same"),
    "an open quotation mark": (
        lambda path: path.write_bytes(b'Nummer;Wert\n1;"2\n3;4\n'),
        "quotation marks stand wrong",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_no_table_of_old_vouchers_is_refused_in_words(till: Till, tmp_path: Path, name: str) -> None:
    make, sentence = BAD[name]
    path = tmp_path / "old.xlsx"
    make(path)
    desk = till.voucher_files
    with pytest.raises(Refused) as refusal:
        desk.check(path, Defaults(desk.kinds()[0]))
    assert sentence in str(refusal.value)
    assert not list(till.settings.data_dir.glob("import-*"))


def test_a_formula_counts_by_its_stored_value_and_is_written_as_a_text(till: Till, tmp_path: Path) -> None:
    desk, path = till.voucher_files, tmp_path / "old.csv"
    path.write_text("Nummer;Wert\n=1+1;5\n'-7;5\n", "utf-8")
    preview = desk.check(path, Defaults(desk.kinds()[0]))
    assert preview.sums.count == 2
    desk.apply()
    assert till.sale.look_up_voucher("=1+1")[0].standing.voucher.number == "=1+1"
    assert till.sale.look_up_voucher("-7")
