"""One process per till: a lease by till id, so that two programs never share a counter's numbers (architecture 4, Locks)."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from till.db.engine import NO_CONNECTION, Database
from till.db.locks import Lock, LockKind
from till.errors import Refused, Unavailable
from till.i18n import msg

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


class _FileLease:
    """A locked file beside the database; the operating system lets go of it when the process dies."""

    def __init__(self, data_dir: Path, till_id: str) -> None:
        name = "".join(c if c.isalnum() else "-" for c in till_id)
        self._lock = FileLock(data_dir / f"till-{name}.lock")
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
    """An advisory lock of a connection of its own; PostgreSQL lets go of it when the connection ends."""

    def __init__(self, database: Database, till_id: str) -> None:
        key = Lock(LockKind.TILL, f"lease {till_id}").key
        try:
            opened = database.engine.connect()
        except OperationalError as error:
            raise Unavailable(NO_CONNECTION, reason=str(error.orig)) from error
        self._connection: Connection = opened.execution_options(isolation_level="AUTOCOMMIT")
        taken = self._connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}).scalar_one()
        if not taken:
            self._connection.close()
            raise Refused(TAKEN, till=till_id)

    def release(self) -> None:
        """End the connection for good, and the lock with it."""
        self._connection.invalidate()
        self._connection.close()
