"""Writes tables for table programs: CSV as German Excel opens it, and XLSX; no text in them is ever a formula."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from till.i18n import msg
from till.money import Money
from till.tables.formula import guarded, is_dangerous
from till.tables.guard import MAX_CELL, Format
from till.tables.whole import written_whole

Value = str | int | Decimal | Money | dt.date | bool | None
"""What may stand in a cell; None is an empty one."""

_NOT_WRITTEN = msg("The table can’t be written to {file}: {reason}.")
_MONEY_FORMAT = "#,##0.00"
_DAY_FORMAT = "dd.mm.yyyy"
_KEPT = "\n\t"
SHEET_ROWS = 1_048_576
"""What a sheet of an XLSX can hold, its titles included (ECMA-376, 18.3.1.73)."""


def write_table(path: Path, titles: Sequence[str], rows: Iterable[Sequence[Value]], form: Format | None = None) -> int:
    """Write a table and say how many rows it has; without `form` the name's ending decides, CSV where it says nothing.

    It comes to be as a whole: a file of the name stays as it is until the new one is on the disk. Raises Unavailable.
    """
    form = form or (Format.XLSX if path.suffix.lower() == ".xlsx" else Format.CSV)
    write = _write_xlsx if form is Format.XLSX else _write_csv
    with written_whole(path, _NOT_WRITTEN) as unfinished:
        return write(unfinished, titles, rows)


def _write_csv(path: Path, titles: Sequence[str], rows: Iterable[Sequence[Value]]) -> int:
    """`;` between cells, decimal commas, and the mark by which Excel knows UTF-8."""
    count = -1
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        for count, row in enumerate(_with_titles(titles, rows)):  # noqa: B007 - the last count is what is wanted
            writer.writerow([_csv_text(value) for value in row])
    return count


def _write_xlsx(path: Path, titles: Sequence[str], rows: Iterable[Sequence[Value]]) -> int:
    """More rows than a sheet can hold go on on another one, below the same titles."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = _new_sheet(book, titles)
    count = on_sheet = 0
    try:
        for row in rows:
            if on_sheet == SHEET_ROWS - 1:
                sheet.close()
                sheet, on_sheet = _new_sheet(book, titles), 0
            sheet.append([_xlsx_cell(sheet, value) for value in row])
            count, on_sheet = count + 1, on_sheet + 1
        book.save(path)
    except BaseException:
        for one in book.worksheets:
            _give_up(one)
        raise
    return count


def _new_sheet(book: Any, titles: Sequence[str]) -> Any:
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    sheet.append([_xlsx_cell(sheet, title) for title in titles])
    return sheet


def _give_up(sheet: Any) -> None:
    """End the sheet in the middle, and remove the temporary file in which openpyxl collects its rows."""
    with contextlib.suppress(OSError):
        if not sheet.closed:
            sheet.close()
        sheet._writer.cleanup()  # noqa: SLF001 - else it stays until the program ends


def _with_titles(titles: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[Sequence[Value]]:
    yield titles
    yield from rows


def _csv_text(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nein"
        case str():
            return guarded(_clean(value))
        case Money() | Decimal():
            return f"{value}".replace(".", ",") if isinstance(value, Money) else f"{value:f}".replace(".", ",")
        case dt.date():
            return f"{value:%d.%m.%Y}"
        case _:
            return str(value)


def _xlsx_cell(sheet: Any, value: Value) -> Any:
    """What openpyxl writes as a cell of the right type."""
    match value:
        case bool():
            return "ja" if value else "nein"
        case str():
            return _xlsx_text(sheet, _clean(value))
        case Money():
            return _styled(sheet, Decimal(str(value)), _MONEY_FORMAT)
        case dt.date():
            return _styled(sheet, value, _DAY_FORMAT)
        case _:
            return value


def _xlsx_text(sheet: Any, text: str) -> Any:
    """A text; one that looks like a formula is told to stay a text (quotePrefix), when it is edited too."""
    if not is_dangerous(text):
        return text
    cell = _styled(sheet, text, "@")
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


def _styled(sheet: Any, value: Any, number_format: str) -> Any:
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value)
    cell.number_format = number_format
    return cell


def _clean(text: str) -> str:
    """The text without control characters, which no sheet can hold, and as long as a cell may be."""
    if text.isprintable():
        return text[:MAX_CELL]
    return "".join(c for c in text[:MAX_CELL] if c.isprintable() or c in _KEPT or ord(c) > 159)  # noqa: PLR2004 - C1 ends
