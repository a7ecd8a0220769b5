"""The bare twin of a sale: the rows that Till has just written, written again by SQLite's own module and nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from till.catalog.search_index import SHADOWS
from till.db.engine import CACHE_KIB, WAL_CHECKPOINT_PAGES, sqlite_module

_FIRST = ("document", "document_line", "document_payment", "document_vat", "ledger_posting", "ledger_entry", "voucher")
_RAISE = "UPDATE counter SET value = value + 1 WHERE till_id = ? AND series = ?"


@dataclass(frozen=True, slots=True)
class Inserts:
    """The new rows of one table."""

    table: str
    rows: Sequence[tuple[Any, ...]]

    @property
    def statement(self) -> str:
        """The plain INSERT."""
        return f"INSERT INTO {self.table} VALUES ({', '.join('?' * len(self.rows[0]))})"


def connect(path: Path) -> Any:
    """A bare connection, set up as Till's: write-ahead log, an fsync at each commit, foreign keys."""
    connection = sqlite_module().connect(str(path), isolation_level=None)
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        f"wal_autocheckpoint={WAL_CHECKPOINT_PAGES}",
        f"cache_size=-{CACHE_KIB}",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


class NewRows:
    """Reads what was added to Till's database since the last look, table by table in the order of booking."""

    def __init__(self, path: Path) -> None:
        self._connection = connect(path)
        tables = {row[0] for row in self._connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        later = sorted(tables - set(_FIRST) - SHADOWS - {"open_basket", "counter", "alembic_version"})
        self._tables = [*_FIRST, *later]
        self._seen = {table: self._last(table) for table in self._tables}

    def read(self) -> list[Inserts]:
        """The new rows; a row that was only changed is none."""
        found = []
        for table in self._tables:
            rows = self._connection.execute(
                f"SELECT rowid, * FROM {table} WHERE rowid > ? ORDER BY rowid", (self._seen[table],)
            ).fetchall()
            if rows:
                self._seen[table] = rows[-1][0]
                found.append(Inserts(table, [row[1:] for row in rows]))
        return found

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _last(self, table: str) -> int:
        last: int = self._connection.execute(f"SELECT coalesce(max(rowid), 0) FROM {table}").fetchone()[0]
        return last


class BareBook:
    """A copy of Till's database that bare SQLite goes on writing, with the schema as it is or without its triggers."""

    def __init__(self, source: Path, target: Path, *, with_triggers: bool) -> None:
        shutil.copy(source, target)
        self._connection = connect(target)
        if not with_triggers:
            names = self._connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for (name,) in names:
                self._connection.execute(f"DROP TRIGGER {name}")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def write(self, inserts: Sequence[Inserts], till_id: str) -> None:
        """One transaction: these rows and one number."""
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(_RAISE, (till_id, "document"))
        for table in inserts:
            connection.executemany(table.statement, table.rows)
        connection.execute("COMMIT")

    def checkpoint(self) -> None:
        """Move the log into the file, as Till does when nobody is at the counter."""
        self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
