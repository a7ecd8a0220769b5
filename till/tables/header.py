"""Finds the columns of a table by their titles, whatever language and spelling they have."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from till.errors import Refused
from till.formats import shortened
from till.i18n import msg
from till.tables.row import Row

_SEARCHED_ROWS = 10
_LONGEST_TITLE = 60
NO_HEADER = msg("The first rows have no titles that are known. At least “{wanted}” is needed.")
_MISSING = msg("The table has no column “{wanted}”.")
_TWICE = msg("Two columns mean the same: “{first}” and “{second}”. Delete or rename one.")


@dataclass(frozen=True, slots=True)
class Column:
    """A column that can be read: `title` is what is written, a German word; `aliases` are other words for it.

    A table without a `is_required` one is refused.
    """

    key: str
    title: str
    aliases: tuple[str, ...] = ()
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns stand: `places` from key to index. `unknown` are the titles that nobody knows, as they stand there."""

    row: int
    places: Mapping[str, int]
    titles: Mapping[str, str]
    unknown: tuple[str, ...] = ()


def recognise(rows: Sequence[Row], columns: Sequence[Column]) -> tuple[Header, int]:
    """The header among the first rows, and how many rows it ends after.

    The row that knows the most columns is it: above it a table may have a name. Raises Refused for none, a missing
    required column, and two columns that mean the same.
    """
    known = {spelled(word): column for column in columns for word in (column.key, column.title, *column.aliases)}
    found = [sum(spelled(cell) in known for cell in row.cells) for row in rows[:_SEARCHED_ROWS]]
    wanted = [column for column in columns if column.is_required] or columns[:1]
    if not any(found):
        raise Refused(NO_HEADER, wanted=", ".join(column.title for column in wanted))
    at = found.index(max(found))
    header = _header(rows[at], known)
    for column in wanted:
        if column.key not in header.places:
            raise Refused(_MISSING, wanted=column.title)
    return header, at + 1


def spelled(title: str) -> str:
    """A title as it is compared: small letters and digits only, ä as ae."""
    small = title[:_LONGEST_TITLE].casefold()
    for letter, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        small = unicodedata.normalize("NFC", small).replace(letter, plain)
    return "".join(letter for letter in small if letter.isalnum())


def _header(row: Row, known: Mapping[str, Column]) -> Header:
    places: dict[str, int] = {}
    unknown = []
    for place, cell in enumerate(row.cells):
        column = known.get(spelled(cell))
        if column is None:
            unknown += [shortened(cell.strip())] if cell.strip() else []
        elif column.key in places:
            raise Refused(_TWICE, first=shortened(row.cells[places[column.key]]), second=shortened(cell))
        else:
            places[column.key] = place
    titles = {key: shortened(row.cells[place].strip()) for key, place in places.items()}
    return Header(row.number, places, titles, tuple(unknown))
