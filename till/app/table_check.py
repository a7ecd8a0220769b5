"""What the desks for tables from outside share: a file that must stay as it was checked, and its refused rows with their reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from till.app.watch import Watch
from till.errors import Refused
from till.formats import Formats
from till.i18n import msg
from till.tables.guard import named
from till.tables.reading import PORTION, Table, digest_of
from till.tables.row import Row
from till.tables.verdict import Problem
from till.tables.writing import Value, write_table

WAIT_S = 5.0
NO_CHECK = msg("Check a table first.")
REASON_TITLES = (msg("Row"), msg("Column"), msg("Reason"))
_FILE_CHANGED = msg("{file} was changed since it was checked. Check it again; nothing was taken over.")

Reasons = Iterator[tuple[int, Problem]]
"""Rows by their numbers, in the table's order, each with what is wrong with it."""


def check_unchanged(source: Path, digest: str) -> None:
    """Refuse to go on with a file that is not the one that was checked. Unavailable where it can't be read any more."""
    if digest_of(source) != digest:
        raise Refused(_FILE_CHANGED, file=named(source))


def write_reasons(path: Path, table: Table, reasons: Reasons, formats: Formats, watch: Watch) -> int:
    """Write the rows of a table that have reasons, with row, column and reason before them; says how many."""
    titles = [formats.translator(title) for title in REASON_TITLES]
    rows = _with_reasons(table.rows, reasons, formats, watch)
    return write_table(path, [*titles, *table.titles], ([*told, *cells] for told, cells in rows))


def _with_reasons(
    rows: Iterable[Row], reasons: Reasons, formats: Formats, watch: Watch
) -> Iterator[tuple[list[Value], list[str]]]:
    """Reasons and rows are gone through side by side."""
    reason = next(reasons, None)
    for place, row in enumerate(rows):
        if place % PORTION == 0:
            watch.told(place)
        if reason is None:
            return
        number, problem = reason
        if row.number == number:
            yield [number, problem.column, formats.sentence(problem)], row.cells
            reason = next(reasons, None)
