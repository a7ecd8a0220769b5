"""Opens a table from outside: its header, then its rows, one by one, so that memory stays flat."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from till.errors import Refused
from till.i18n import msg
from till.tables import csv_file, xlsx_file
from till.tables.guard import Format, format_of, named
from till.tables.header import Column, Header, recognise
from till.tables.row import Row

_FIRST_ROWS = 10
_NO_ROWS = msg("{file} has no rows below its titles.")


@dataclass(frozen=True, slots=True)
class Table:
    """An opened table. `rows` can be gone through once and raises as `open_table`; `digest` is the file's SHA-256."""

    header: Header
    rows: Iterator[Row]
    digest: str


def open_table(path: Path, columns: Sequence[Column]) -> Table:
    """The table in a CSV or XLSX file.

    Raises Refused, in words that name the row or cell, for what is no table, too large, or could do harm; Unavailable for
    what the disk does not give.
    """
    reader = xlsx_file.rows if format_of(path) is Format.XLSX else csv_file.rows
    rows = reader(path)
    first = list(itertools.islice(rows, _FIRST_ROWS))
    header, used = recognise(first, columns)
    if len(first) == used:
        raise Refused(_NO_ROWS, file=named(path))
    return Table(header, itertools.chain(first[used:], rows), _digest(path))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
