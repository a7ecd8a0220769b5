"""One process per till: a lease by till id, so that two programs never share a counter's numbers (architecture 4, Locks)."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Protocol

from filelock import FileLock, Timeout
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool

from till.db.engine import NO_CONNECTION, Database
from till.db.locks import Lock, LockKind
from till.db.server import refusal
from till.errors import Refused, Unavailable
from till.i18n import msg

_PREFIX = "till-"
NOTICED_S = 3.0
_AGAIN_S = 0.1
# How the server learns that a PC with the lease has lost its power: after 25 s, not after two hours.
_KEEPALIVES = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
RUNNING = msg("Till {till} is running. Close it first, then try again.")
TAKEN = msg("Till {till} is running already. Use its window, or start another till with its own number: --till NUMBER.")


class Lease(Protocol):
    """Holds a till until it is given back."""

    def release(self) -> None:
        """Let another process have the till."""
        ...


def take(database: Database, data_dir: Path, till_id: str) -> Lease:
    """Take the till for this process. Refused in words when another one has it."""
    if database.is_sqlite:
        return _FileLease(data_dir, till_id)
    return _DatabaseLease(database, till_id)


@contextlib.contextmanager
def take_all(data_dir: Path, till_id: str) -> Iterator[None]:
    """Hold this till and every other one that has ever run on this data folder; refused in words when one runs."""
    others = {path.stem.removeprefix(_PREFIX) for path in data_dir.glob(f"{_PREFIX}*.lock")} - {_in_file(till_id)}
    with contextlib.ExitStack() as held:
        for each in (till_id, *sorted(others)):
            try:
                held.callback(_FileLease(data_dir, each).release)
            except Refused as taken:
                raise Refused(RUNNING, till=each) from taken
        yield


def _in_file(till_id: str) -> str:
    """The till's number as it may stand in the name of a file."""
    return "".join(c if c.isalnum() else "-" for c in till_id)


class _FileLease:
    """A locked file beside the database; the operating system lets go of it when the process dies."""

    def __init__(self, data_dir: Path, till_id: str) -> None:
        # A start that is tried again opens the till on another thread than the one that closes it.
        path = data_dir / f"{_PREFIX}{_in_file(till_id)}.lock"
        self._lock = FileLock(path, mode=0o600, thread_local=False)
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise Refused(TAKEN, till=till_id) from None
        except OSError as error:
            raise Unavailable(
                msg("The data folder {path} can't be written. Check its rights."), path=str(data_dir)
            ) from error

    def release(self) -> None:
        """Unlock the file."""
        self._lock.release()


class _DatabaseLease:
    """An advisory lock of a connection of its own; PostgreSQL lets go of it when the connection ends.

    The server may have been restarted, and another process may have taken the till meanwhile: before a new
    connection of the till is used, the lease is looked at and taken again.
    """

    def __init__(self, database: Database, till_id: str) -> None:
        self._till_id = till_id
        self._pool = database.engine.pool
        self._engine = create_engine(
            database.engine.url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={"connect_timeout": 2, "options": _KEEPALIVES},
        )
        self._one_at_a_time = threading.Lock()
        try:
            self._connection = self._taken_soon()
        except OperationalError as error:
            raise Unavailable(refusal(error.orig) or NO_CONNECTION, reason=str(error.orig)) from error
        event.listen(self._pool, "connect", self._hold)

    def release(self) -> None:
        """End the connection for good, and the lock with it."""
        event.remove(self._pool, "connect", self._hold)
        if not self._connection.closed:
            self._connection.invalidate()
        self._connection.close()

    def _hold(self, opened: DBAPIConnection, _record: object) -> None:
        """Have the lease when `opened` is used; Unavailable when another process has taken the till meanwhile."""
        with self._one_at_a_time:
            try:
                if not self._is_alive():
                    self._connection = self._taken()
            except Refused as refused:
                opened.close()
                raise Unavailable(refused.msgid, **refused.values) from refused
            except OperationalError:
                opened.close()
                raise

    def _is_alive(self) -> bool:
        if self._connection.closed:
            return False
        try:
            self._connection.execute(text("SELECT 1"))
        except DBAPIError:
            self._connection.close()
            return False
        return True

    def _taken_soon(self) -> Connection:
        """A till that was just killed may hold its lease until the server has noticed."""
        until = monotonic() + NOTICED_S
        while True:
            try:
                return self._taken()
            except Refused:
                if monotonic() > until:
                    raise
                sleep(_AGAIN_S)

    def _taken(self) -> Connection:
        key = Lock(LockKind.TILL, f"lease {self._till_id}").key
        connection = self._engine.connect()
        if not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}).scalar_one():
            connection.close()
            raise Refused(TAKEN, till=self._till_id)
        return connection
