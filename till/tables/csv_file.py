"""Reads CSV as table programs write it: whatever encoding, delimiter and line ends, row by row."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from till.errors import Refused, Unavailable
from till.i18n import msg
from till.tables.formula import unguarded
from till.tables.guard import MAX_CELL, MAX_COLUMNS, UNREADABLE, check_count, check_row, named
from till.tables.row import Row
from till.tables.trouble import reason_of

DELIMITERS = (";", ",", "\t", "|")
_CHUNK = 1 << 16
_SAMPLE = 1 << 15
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NO_TEXT = msg("{file} is no text that can be read. Save it as “CSV UTF-8” or XLSX.")
_OPEN_QUOTE = msg("From row {row} on the file is no CSV: quotation marks stand wrong, or a cell is far too long.")
_SEPARATOR_LINE = "sep="


def encoding_of(path: Path) -> str:
    """The encoding of the file as Python names it: by its byte order mark, else UTF-8, else Windows-1252.

    Raises Refused for what is no text: other UTF-16, programs, pictures.
    """
    with path.open("rb") as file:
        begin = file.read(4)
        for mark, name in _BOMS:
            if begin.startswith(mark):
                return _checked(path, name)
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        is_utf8 = True
        while chunk := file.read(_CHUNK):
            if b"\0" in chunk:
                raise Refused(_NO_TEXT, file=named(path))
            is_utf8 = is_utf8 and _decodes(decoder, chunk)
        is_utf8 = is_utf8 and _decodes(decoder, b"", final=True)
    return "utf-8" if is_utf8 else _checked(path, "cp1252")


def rows(path: Path) -> Iterator[Row]:
    """The rows that have something in them, with the line that each begins in.

    Raises Refused for what is no CSV, or more of it than a shop has; Unavailable for what the disk does not give.
    """
    try:
        encoding = encoding_of(path)
        with path.open(encoding=encoding, newline="") as file:
            yield from rows_of(file)
    except OSError as error:
        raise Unavailable(UNREADABLE, file=named(path), reason=reason_of(error)) from error
    except UnicodeError as error:
        raise Refused(_NO_TEXT, file=named(path)) from error


def rows_of(file: TextIO) -> Iterator[Row]:
    """As `rows`, of a text that can be read twice from its beginning."""
    sample = file.read(_SAMPLE)
    file.seek(0)
    delimiter, has_line = _delimiter_of(sample)
    if has_line:
        file.readline()
    # Strict: a quotation mark left open would swallow the rows behind it without a word.
    reader = csv.reader(file, delimiter=delimiter, strict=True)
    line = begin = int(has_line)
    count = 0
    try:
        for cells in reader:
            begin, line = line + 1, reader.line_num + int(has_line)
            whole = "".join(cells)
            if not whole:
                continue
            count += 1
            check_count(count)
            if len(cells) > MAX_COLUMNS or len(whole) > MAX_CELL:
                check_row(begin, len(cells), max(map(len, cells)))
            yield Row(begin, [unguarded(cell) for cell in cells] if "'" in whole else cells)
    except csv.Error as error:
        raise Refused(_OPEN_QUOTE, row=line + 1) from error


def _delimiter_of(sample: str) -> tuple[str, bool]:
    """What stands between the cells, and whether a first line (sep=;) says it, as Excel writes and reads it."""
    first = sample.splitlines()[0] if sample.splitlines() else ""
    said = first.strip().strip('"')
    if said.lower().startswith(_SEPARATOR_LINE) and said[len(_SEPARATOR_LINE) :] in DELIMITERS:
        return said[len(_SEPARATOR_LINE) :], True
    lines = [line for line in sample.splitlines() if line.strip()][:10]
    return max(DELIMITERS, key=lambda delimiter: _fit(lines, delimiter)), False


def _fit(lines: Sequence[str], delimiter: str) -> tuple[int, int]:
    """How many lines have cells by this delimiter, then how many these are: commas of prices don't stand in the titles."""
    widths = [_width(line, delimiter) for line in lines]
    return sum(width > 1 for width in widths), sum(widths)


def _width(line: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error:
        return 1


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _checked(path: Path, encoding: str) -> str:
    """The encoding, if all of the file is text in it. Raises Refused otherwise."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if not _decodes(decoder, chunk):
                raise Refused(_NO_TEXT, file=named(path))
    if not _decodes(decoder, b"", final=True):
        raise Refused(_NO_TEXT, file=named(path))
    return encoding
