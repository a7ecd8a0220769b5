"""What a disk does to a till on command: refuse, fill up, deadlock, lose its answer, or end the process in the middle."""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Iterator
from enum import StrEnum
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError


class Strike(StrEnum):
    """What befalls one of the till's writes."""

    BUSY = "busy"
    FULL = "full"
    DEADLOCK = "deadlock"
    LOST_ANSWER = "lost answer"
    KILL_BEFORE = "kill before the write"
    KILL_AT_COMMIT = "kill before the commit"
    KILL_AFTER_COMMIT = "kill after the commit"


KILLS = (Strike.KILL_BEFORE, Strike.KILL_AT_COMMIT, Strike.KILL_AFTER_COMMIT)
_AT_BEGIN = (Strike.BUSY, Strike.KILL_BEFORE)
_CODES = {Strike.BUSY: 5, Strike.FULL: 13, Strike.LOST_ANSWER: 10}
_DEADLOCKED = "40P01"


class Killed(Exception):  # noqa: N818 - it is no error: the process is gone
    """The till's process has been killed; nothing that it does reaches the disk any more."""


class FaultyDisk:
    """Stands between one till and its database; a strike hits the next write of one side and is then over.

    The counter's side is the thread that makes this; the other side are the threads behind it. Needs `watch`.
    """

    def __init__(self, engine: Engine) -> None:
        self._counter = threading.get_ident()
        self._armed: dict[bool, Strike] = {}
        self._is_dead = False
        self._has_struck = False
        _disks[engine] = self

    def arm(self, strike: Strike, *, at_counter: bool) -> None:
        """Let `strike` hit the next write of the counter or of what works behind it."""
        self._armed[at_counter] = strike

    def die(self) -> None:
        """From now on no write reaches the disk."""
        self._is_dead = True

    def disarm(self) -> None:
        """Nothing is to happen any more."""
        self._armed.clear()

    @contextlib.contextmanager
    def sparing(self) -> Iterator[None]:
        """Whatever is armed waits for a later write."""
        armed, self._armed = self._armed, {}
        try:
            yield
        finally:
            self._armed = armed

    def has_struck(self) -> bool:
        """Whether the counter was struck since the last question."""
        struck, self._has_struck = self._has_struck, False
        return struck

    def at_begin(self) -> None:
        """What happens when a write begins; called by `watch`."""
        if self._is_dead:
            raise Killed
        strike = self._due()
        if strike in _AT_BEGIN:
            self._strike(strike)

    def at_commit(self, connection: Connection) -> None:
        """What happens when a write is to be kept; called by `watch`."""
        if self._is_dead:
            raise Killed
        strike = self._due()
        if strike is None or strike in _AT_BEGIN:
            return
        if strike in {Strike.LOST_ANSWER, Strike.KILL_AFTER_COMMIT}:
            connection.connection.cursor().execute("COMMIT")
        self._strike(strike)

    def _due(self) -> Strike | None:
        return self._armed.get(threading.get_ident() == self._counter)

    def _strike(self, strike: Strike) -> None:
        at_counter = threading.get_ident() == self._counter
        self._armed.pop(at_counter, None)
        self._has_struck |= at_counter
        if strike in KILLS:
            self._is_dead = True
            raise Killed
        raise OperationalError("a write", {}, _DriverError(strike))


_disks: WeakKeyDictionary[Engine, FaultyDisk] = WeakKeyDictionary()


@functools.cache
def watch() -> None:
    """Stand between all engines and their databases, once, before any till runs: a busy engine takes no listeners."""
    event.listen(Engine, "begin", _begin)
    event.listen(Engine, "commit", _commit)


def _begin(connection: Connection) -> None:
    disk = _disks.get(connection.engine)
    if disk is not None:
        disk.at_begin()


def _commit(connection: Connection) -> None:
    disk = _disks.get(connection.engine)
    if disk is not None:
        disk.at_commit(connection)


def hurry(engine: Engine) -> None:
    """Let SQLite leave the syncing to the system: processes are killed here, but the power never fails (80-quality Q1)."""
    if engine.dialect.name == "sqlite":
        with contextlib.closing(engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA synchronous=OFF")


class _DriverError(Exception):
    """What the database's driver would raise."""

    def __init__(self, strike: Strike) -> None:
        super().__init__(f"simulated: {strike}")
        if strike is Strike.DEADLOCK:
            self.sqlstate = _DEADLOCKED
        else:
            self.sqlite_errorcode = _CODES[strike]
