"""Opens a table from outside: its header, then its rows, one by one, so that memory stays flat."""

from __future__ import annotations

import hashlib
import io
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from till.errors import Refused, Unavailable
from till.i18n import Word, msg
from till.tables import csv_file, xlsx_file
from till.tables.guard import UNREADABLE, Format, format_of, named
from till.tables.header import Column, Header, recognise
from till.tables.row import Row
from till.tables.trouble import reason_of

PORTION = 500
"""Rows that one short unit of work takes."""
_FIRST_ROWS = 10
_T = TypeVar("_T")
CLIPBOARD = Word(msg("The clipboard"))
_NO_ROWS = msg("{file} has no rows below its titles.")


@dataclass(frozen=True, slots=True)
class Table:
    """An opened table. `rows` can be gone through once and raises as `open_table`; `digest` is the file's SHA-256.

    `titles` is the row of its header as it stands there.
    """

    header: Header
    rows: Iterator[Row]
    digest: str
    titles: Sequence[str] = ()


def open_table(path: Path, columns: Sequence[Column]) -> Table:
    """The table in a CSV or XLSX file.

    Raises Refused, in words that name the row or cell, for what is no table, too large, or could do harm; Unavailable for
    what the disk does not give.
    """
    reader = xlsx_file.rows if format_of(path) is Format.XLSX else csv_file.rows
    return _table(reader(path), columns, digest_of(path), named(path))


def open_pasted(pasted: str, columns: Sequence[Column]) -> Table:
    """The table in a text from the clipboard: as table programs put it there, or as CSV. Raises Refused."""
    digest = hashlib.sha256(pasted.encode(errors="surrogatepass")).hexdigest()
    return _table(csv_file.rows_of(io.StringIO(pasted, newline="")), columns, digest, CLIPBOARD)


def _table(rows: Iterator[Row], columns: Sequence[Column], digest: str, name: object) -> Table:
    first = list(itertools.islice(rows, _FIRST_ROWS))
    header, used = recognise(first, columns)
    if len(first) == used:
        raise Refused(_NO_ROWS, file=name)
    return Table(header, itertools.chain(first[used:], rows), digest, tuple(first[used - 1].cells))


def digest_of(path: Path) -> str:
    """The file's SHA-256. Raises Unavailable for what the disk does not give."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Unavailable(UNREADABLE, file=named(path), reason=reason_of(error)) from error


def portions(rows: Iterable[_T]) -> Iterator[list[_T]]:
    """The same in lists of at most PORTION."""
    left = iter(rows)
    while some := list(itertools.islice(left, PORTION)):
        yield some
