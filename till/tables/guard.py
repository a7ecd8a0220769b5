"""What a table from outside must not be, before anything in it is read: too large, a zip bomb, macros, another format."""

from __future__ import annotations

import zipfile
from enum import StrEnum
from pathlib import Path

from till.errors import Refused, Unavailable
from till.formats import shortened
from till.i18n import msg
from till.tables.trouble import reason_of

MEGABYTE = 1_000_000
MAX_FILE_BYTES = 100 * MEGABYTE
MAX_UNPACKED_BYTES = 500 * MEGABYTE
MAX_WORDS_BYTES = 64 * MEGABYTE
"""Of the one part of an XLSX that is kept in memory: its shared strings."""
MAX_RATIO = 200
"""How many times as large a part may become; tables of real shops come to 10 to 50."""
MAX_PARTS = 2_000
MAX_ROWS = 250_000
MAX_COLUMNS = 500
MAX_CELL = 32_767
"""Characters in a cell: what Excel itself takes."""

_SMALL_PART = 10 * MEGABYTE
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_SHARED_STRINGS = "xl/sharedstrings.xml"
_MACROS = ("vbaproject.bin", "vbadata.xml")

UNREADABLE = msg("The file {file} can’t be read: {reason}.")
BROKEN = msg("{file} is damaged or no Excel file. Open it in the table program and save it again as XLSX or CSV.")
_TOO_LARGE = msg("{file} is larger than {most} MB. Split it into several tables.")
_EMPTY = msg("{file} is empty.")
_OLD = msg("{file} is an old Excel file or has a password. Save it as XLSX or CSV without a password.")
_OTHER = msg("{file} is no Excel file. Save it as XLSX or CSV.")
_WITH_MACROS = msg("{file} contains macros and is not opened. Save it as XLSX or CSV.")
_BOMB = msg("{file} would become far too large when unpacked and is not opened. Save it again as CSV.")
_TOO_MANY_ROWS = msg("The table has more than {most} rows. Split it into several tables.")
_TOO_WIDE = msg("Row {row} has more than {most} columns. Delete what stands on the right of the table.")
_CELL_TOO_LONG = msg("A cell in row {row} has more than {most} characters. Shorten it.")


class Format(StrEnum):
    """How a table is written."""

    CSV = "csv"
    XLSX = "xlsx"


def named(path: Path) -> str:
    """The name of the file, fit for a sentence."""
    return f"“{shortened(path.name, 60)}”"


def format_of(path: Path) -> Format:
    """How the file is written, by its first bytes and never by its name.

    Raises Refused for what is no table or too dangerous to be opened, Unavailable for what the disk does not give.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            begin = file.read(len(_ZIP))
    except OSError as error:
        raise Unavailable(UNREADABLE, file=named(path), reason=reason_of(error)) from error
    if size == 0:
        raise Refused(_EMPTY, file=named(path))
    if size > MAX_FILE_BYTES:
        raise Refused(_TOO_LARGE, file=named(path), most=MAX_FILE_BYTES // MEGABYTE)
    if begin == _OLD_EXCEL:
        raise Refused(_OLD, file=named(path))
    return Format.XLSX if begin == _ZIP else Format.CSV


def check_parts(archive: zipfile.ZipFile, path: Path) -> None:
    """Refuse an XLSX that is none, has macros, or would unpack to too much, by its directory alone.

    Nothing is unpacked for that. A directory that lies changes nothing: never more is unpacked than it says.
    """
    parts = archive.infolist()
    names = {part.filename.lower() for part in parts}
    if any(name.endswith(_MACROS) for name in names):
        raise Refused(_WITH_MACROS, file=named(path))
    if "xl/workbook.xml" not in names:
        raise Refused(_OTHER, file=named(path))
    if len(parts) > MAX_PARTS or len(names) < len(parts) or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise Refused(_BOMB, file=named(path))
    for part in parts:
        _check_part(part, path)


def _check_part(part: zipfile.ZipInfo, path: Path) -> None:
    is_words = part.filename.lower() == _SHARED_STRINGS
    grows = part.file_size > max(part.compress_size, 1) * MAX_RATIO and part.file_size > _SMALL_PART
    if grows or (is_words and part.file_size > MAX_WORDS_BYTES) or part.flag_bits & 1:
        raise Refused(_BOMB, file=named(path))


def check_row(number: int, width: int, longest: int) -> None:
    """Refuse a row of more columns, or with a longer cell, than any table of a shop has. `number` as the table counts."""
    if width > MAX_COLUMNS:
        raise Refused(_TOO_WIDE, row=number, most=MAX_COLUMNS)
    if longest > MAX_CELL:
        raise Refused(_CELL_TOO_LONG, row=number, most=MAX_CELL)


def check_count(rows: int) -> None:
    """Refuse more rows with something in them than MAX_ROWS."""
    if rows > MAX_ROWS:
        raise Refused(_TOO_MANY_ROWS, most=MAX_ROWS)
