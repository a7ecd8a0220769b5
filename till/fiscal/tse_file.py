"""The soft TSE's own storage: its key, its two counters, its clients and its log in one SQLite file.

It stays outside the till's database as a real TSE does: restoring a backup of the till never rewinds it.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from till.db.engine import sqlite_module
from till.errors import Unavailable
from till.fiscal.recorder import TseError, TseFailure
from till.i18n import msg

_OWNER_ONLY = 0o600
_RETRY_S = 0.01
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
_DISK_CODES = {8, 10, 13, 14}  # read-only, I/O error, full, can't be opened (sqlite.org/rescode.html)
UNWRITABLE = msg("The TSE’s file can’t be written: {reason}. Check the disk and start the till again.")

_sqlite: Any = sqlite_module()

_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS identity (
        one INTEGER PRIMARY KEY CHECK (one = 1), private_key BLOB NOT NULL, certificate BLOB NOT NULL)""",
    "CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS client (client_id TEXT PRIMARY KEY)",
    """CREATE TABLE IF NOT EXISTS open_transaction (
        transaction_number INTEGER PRIMARY KEY, client_id TEXT NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS log (
        signature_counter INTEGER PRIMARY KEY, operation TEXT NOT NULL, client_id TEXT NOT NULL,
        transaction_number INTEGER, process_type TEXT NOT NULL, process_data TEXT NOT NULL,
        log_time INTEGER NOT NULL, message BLOB NOT NULL, signature BLOB NOT NULL,
        UNIQUE (transaction_number, operation))""",
    """CREATE TRIGGER IF NOT EXISTS log_no_update BEFORE UPDATE ON log
        BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END""",
    """CREATE TRIGGER IF NOT EXISTS log_no_delete BEFORE DELETE ON log
        BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END""",
)


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One signed message of the log; `log_time` in Unix seconds, `transaction_number` None for system messages."""

    signature_counter: int
    operation: str
    client_id: str
    transaction_number: int | None
    process_type: str
    process_data: str
    log_time: int
    message: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class StoredIdentity:
    """The private key (PKCS #8, DER) and its certificate (DER)."""

    private_key: bytes
    certificate: bytes


class TseFile:
    """The file of one soft TSE; several processes may use it at once, one writes at a time.

    Each unit of work is one transaction that is on the disk when it ends (WAL, synchronous FULL),
    so that a kill or a power cut leaves either all of a step or nothing. Raises TseError.
    `synchronous` "OFF" is only for a file that is thrown away when it isn't finished: the demo's.
    """

    def __init__(self, path: Path, wait_s: float = 5.0, *, synchronous: str = "FULL") -> None:
        with _tse_errors():
            _create_private(path)
            self._connection = _sqlite.connect(path, timeout=wait_s, isolation_level=None, check_same_thread=False)
            _switch_to_wal(self._connection, wait_s)
            self._connection.execute(f"PRAGMA synchronous={synchronous}")
            self._connection.execute("PRAGMA recursive_triggers=ON")
        with self.write():
            for statement in _SCHEMA:
                self._connection.execute(statement)

    @contextlib.contextmanager
    def write(self) -> Iterator[None]:
        """One step of the TSE: all of it or nothing."""
        with _tse_errors():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise

    def identity(self) -> StoredIdentity | None:
        """Key and certificate; None in a new file."""
        row = self._one("SELECT private_key, certificate FROM identity")
        return StoredIdentity(*row) if row else None

    def set_identity(self, identity: StoredIdentity) -> None:
        """Give a new file its key, once and for all."""
        self._connection.execute("INSERT INTO identity VALUES (1, ?, ?)", (identity.private_key, identity.certificate))

    def next_number(self, name: str) -> int:
        """Raise the counter `name` within the present step, from 1."""
        self._connection.execute(
            "INSERT INTO counter VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1", (name,)
        )
        return self.counter(name)

    def append(self, entry: LogEntry) -> None:
        """Add a message to the log, which nobody can change afterwards."""
        self._connection.execute(
            "INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            tuple(getattr(entry, column) for column in LogEntry.__slots__),
        )

    def log(self) -> Iterator[LogEntry]:
        """All messages in the order of their signature counter."""
        with _tse_errors():
            for row in self._connection.execute("SELECT * FROM log ORDER BY signature_counter"):
                yield LogEntry(*row)

    def last(self) -> LogEntry | None:
        """The newest message."""
        row = self._one("SELECT * FROM log ORDER BY signature_counter DESC LIMIT 1")
        return LogEntry(*row) if row else None

    def step_of(self, transaction_number: int, operation: str) -> LogEntry | None:
        """The start or the end of a transaction."""
        row = self._one(
            "SELECT * FROM log WHERE transaction_number = ? AND operation = ?", transaction_number, operation
        )
        return LogEntry(*row) if row else None

    def counter(self, name: str) -> int:
        """The last number given out; 0 before the first."""
        row = self._one("SELECT value FROM counter WHERE name = ?", name)
        return int(row[0]) if row else 0

    def is_registered(self, client_id: str) -> bool:
        """Whether the TSE knows this till."""
        return self._one("SELECT 1 FROM client WHERE client_id = ?", client_id) is not None

    def register(self, client_id: str) -> None:
        """Remember a till."""
        self._connection.execute("INSERT INTO client VALUES (?)", (client_id,))

    def open(self, transaction_number: int, client_id: str) -> None:
        """Remember a transaction as open."""
        self._connection.execute("INSERT INTO open_transaction VALUES (?, ?)", (transaction_number, client_id))

    def close_transaction(self, transaction_number: int, client_id: str) -> bool:
        """Forget an open transaction; False if this client has none with that number."""
        done = self._connection.execute(
            "DELETE FROM open_transaction WHERE transaction_number = ? AND client_id = ?",
            (transaction_number, client_id),
        )
        return bool(done.rowcount == 1)

    def open_transactions(self, client_id: str) -> tuple[int, ...]:
        """The numbers of the client's open transactions, ascending."""
        with _tse_errors():
            rows = self._connection.execute(
                "SELECT transaction_number FROM open_transaction WHERE client_id = ? ORDER BY 1", (client_id,)
            ).fetchall()
        return tuple(row[0] for row in rows)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _one(self, statement: str, *values: object) -> tuple[Any, ...] | None:
        with _tse_errors():
            row: tuple[Any, ...] | None = self._connection.execute(statement, values).fetchone()
        return row

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")


def _create_private(path: Path) -> None:
    """Create the file for its owner only, before anything is in it; SQLite gives its side files the same rights."""
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ONLY))


def _switch_to_wal(connection: Any, wait_s: float) -> None:
    """Switch a new file to WAL; SQLite does not wait by itself when another process does the same at this moment."""
    deadline = monotonic() + wait_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except _sqlite.OperationalError:
            if monotonic() > deadline:
                raise
            sleep(_RETRY_S)
        else:
            return


@contextlib.contextmanager
def disk_in_words() -> Iterator[None]:
    """Raise Unavailable, not TseError, while there is no till yet that an outage could be told to.

    Only for the disk's errors: of a file that is no TSE's something else is to be said.
    """
    try:
        yield
    except TseError as error:
        cause = error.__cause__
        if not isinstance(cause, OSError) and getattr(cause, "sqlite_errorcode", 0) & 0xFF not in _DISK_CODES:
            raise
        raise Unavailable(UNWRITABLE, reason=error.detail) from error


@contextlib.contextmanager
def _tse_errors() -> Iterator[None]:
    """What a disk or SQLite does wrong, in the words of a TSE."""
    try:
        yield
    except (_sqlite.Error, OSError) as error:
        is_full = "full" in str(error).lower() or getattr(error, "errno", None) in _DISK_FULL
        raise TseError(TseFailure.STORAGE_FULL if is_full else TseFailure.UNREACHABLE, str(error)) from error
