"""Proves that a file is whole, is Till's, and holds what the books held at the moment of its making (80-quality Q5)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from till.db.cipher import FileKey
from till.db.engine import driver_errors, open_file
from till.errors import Refused, Unavailable
from till.formats import shortened
from till.i18n import msg
from till.migrations.upgrade import check_known

_APPLICATION_TABLE = "chain_link"
_LONGEST_REASON = 120
_SHOP_LETTERS = 8

NO_FILE = msg("There is no file {path}.")
DAMAGED = msg("{path} is damaged: {reason}. Nothing was changed; choose another backup.")
FOREIGN = msg("{path} is no backup of Till. Nothing was changed; choose another file.")

_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
_BALANCES = "SELECT account, SUM(amount) FROM ledger_posting GROUP BY account ORDER BY account"
_HEADS = (
    "SELECT head.till_id, head.links, head.position, link.hash FROM "
    "(SELECT till_id, COUNT(*) AS links, MAX(position) AS position FROM chain_link GROUP BY till_id) AS head "
    "JOIN chain_link AS link ON link.till_id = head.till_id AND link.position = head.position ORDER BY head.till_id"
)
_FIRST_LINK = "SELECT hash FROM chain_link ORDER BY rowid LIMIT 1"


@dataclass(frozen=True, slots=True)
class Books:
    """The SQLite file of a shop's books, and its key if it is encrypted."""

    file: Path
    key: FileKey | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """What two copies of the same books must have in common.

    `rows` per table, `balances` per account in cents, and of each till's chain its number of links, its last position
    and the hash there, which stands for all links before.
    """

    rows: tuple[tuple[str, int], ...]
    balances: tuple[tuple[str, int], ...]
    heads: tuple[tuple[str, int, int, str], ...]


def disk_errors() -> tuple[type[Exception], ...]:
    """What a disk, a stick or SQLite raises when a file can't be read or written."""
    return (OSError, *driver_errors())


def unreadable() -> tuple[type[Exception], ...]:
    """What is raised when a file can't be read as books: damaged, foreign, or encrypted with another key."""
    return (Refused, Unavailable, *driver_errors())


@contextlib.contextmanager
def opened(path: Path, key: FileKey | None = None) -> Iterator[Any]:
    """A connection that only reads and whose every look is at the same moment of the books; nobody waits for it."""
    with open_file(path, key) as connection:
        connection.execute("BEGIN")
        yield connection


def totals(connection: Any) -> Totals:
    """What is in the books that this connection sees."""
    tables = [row[0] for row in connection.execute(_TABLES)]
    rows = tuple((table, int(connection.execute(f'SELECT COUNT(*) FROM "{table}"').fetchone()[0])) for table in tables)  # noqa: S608 - the names come from the schema
    return Totals(rows, tuple(connection.execute(_BALANCES)), tuple(connection.execute(_HEADS)))


def totals_of(path: Path, key: FileKey | None = None) -> Totals:
    """What is in the books of this file. Raises the driver's error when it can't be read."""
    with opened(path, key) as connection:
        return totals(connection)


def check(path: Path, key: FileKey | None = None, shown: Path | None = None) -> None:
    """Refuse a file that is missing, damaged, no database of Till, or newer than the program.

    `shown` is the name that the user knows it by, when it was unpacked from another file.
    """
    if not path.is_file():
        raise Refused(NO_FILE, path=str(shown or path))
    try:
        found, tables, version = _looked_into(path, key)
    except driver_errors() as error:
        foreign = "not a database" in str(error) or "no such table" in str(error)
        raise Refused(FOREIGN if foreign else DAMAGED, path=str(shown or path), reason=str(error)) from error
    if found != "ok":
        reason = shortened(" ".join(found.split()), _LONGEST_REASON)
        raise Refused(DAMAGED, path=str(shown or path), reason=reason)
    if _APPLICATION_TABLE not in tables or version is None:
        raise Refused(FOREIGN, path=str(shown or path))
    check_known(version)


def _looked_into(path: Path, key: FileKey | None) -> tuple[str, set[str], str | None]:
    """What SQLite finds, the names in the schema, and the schema's version."""
    with opened(path, key) as connection:
        found = connection.execute("PRAGMA integrity_check").fetchone()[0]
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        version = connection.execute("SELECT version_num FROM alembic_version").fetchone() if tables else None
    return found, tables, version[0] if version else None


def shop_of(path: Path, key: FileKey | None = None) -> str:
    """The mark of the shop whose books are in this file: the beginning of the first link ever made in them.

    Each restored backup keeps it, and no other shop has it. Empty for a file without records, or that can't be read.
    """
    try:
        with opened(path, key) as connection:
            first = connection.execute(_FIRST_LINK).fetchone()
    except unreadable():
        return ""
    return str(first[0])[:_SHOP_LETTERS] if first else ""
