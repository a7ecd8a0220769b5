"""The work behind the counter: small writes after the paint and after the commit, on one thread and in order.

Basket saves, signatures and print jobs go through here. What is still to do is never only in this list:
after a crash the recovery finds it again by query (architecture 1.2).
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from till.db.engine import Database
from till.errors import Unavailable

_log = logging.getLogger(__name__)
_RETRY_S = 0.5
_JOIN_S = 5.0
_IDLE_S = 1.0


def nothing() -> None:
    """What happens after a write that nobody waits for."""


@dataclass(frozen=True, slots=True)
class Write:
    """One short transaction, what to do once it is committed, and the key under which a newer one replaces it.

    `prepare` comes first, outside the transaction: whatever takes time must not hold up the counter's writes.
    """

    work: Callable[[Session], object]
    then: Callable[[], None] = nothing
    key: str = ""
    prepare: Callable[[], None] = nothing


class Afterwork:
    """A thread that commits writes one after the other and repeats each until the database takes it."""

    def __init__(self, database: Database, waiting: Callable[[Unavailable | None], None]) -> None:
        """`waiting` is told why the database keeps a write waiting, and None when it goes on."""
        self._database = database
        self._tell_waiting = waiting
        self._queue: deque[Write] = deque()
        self._changed = threading.Condition()
        self._busy = False
        self._stopping = False
        self._waits_for = ""
        self._has_written = False
        self._thread = threading.Thread(target=self._run, name="afterwork", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def do(self, write: Write) -> None:
        """Have `write` committed soon; one with the same key that still waits is replaced in its place."""
        with self._changed:
            places = [i for i, old in enumerate(self._queue) if write.key and old.key == write.key]
            if places:
                self._queue[places[0]] = write
            else:
                self._queue.append(write)
            self._changed.notify_all()

    def drain(self, timeout_s: float = 5.0) -> bool:
        """Wait until all is committed; False when it took too long."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._queue and not self._busy, timeout_s)

    def stop(self) -> None:
        """Commit what is queued, as far as the database lets it within 5 s, and end."""
        if self._thread.is_alive():
            self.drain(_JOIN_S)
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(_JOIN_S)

    def _run(self) -> None:
        while (write := self._next()) is not None:
            if self._committed(write):
                self._then(write)
            with self._changed:
                self._busy = False
                self._changed.notify_all()

    def _next(self) -> Write | None:
        while not self._is_wanted(_IDLE_S if self._has_written else None):
            self._tidy_up()
        with self._changed:
            if not self._queue:
                return None
            self._busy = self._has_written = True
            return self._queue.popleft()

    def _is_wanted(self, timeout_s: float | None) -> bool:
        with self._changed:
            return bool(self._changed.wait_for(lambda: self._queue or self._stopping, timeout_s))

    def _tidy_up(self) -> None:
        """Nobody has done anything for a while: move the log into the file now, so that no sale ever waits for it."""
        self._has_written = False
        try:
            self._database.checkpoint()
        except Unavailable as error:
            _log.warning("the database's log could not be moved into its file: %s", error)

    def _committed(self, write: Write) -> bool:
        """Whether it is committed at last; a defect in it is logged and must not stop the others."""
        while True:
            try:
                write.prepare()
                self._database.run(write.work)
            except Unavailable as error:
                _log.warning("a write waits for the database: %s", error)
                self._note_waiting(error)
                if self._gives_up():
                    return False
            except Exception:  # noqa: BLE001 - the thread must live on; the defect is logged
                _log.exception("a write behind the counter failed; the recovery at the next start repeats it")
                return False
            else:
                self._note_waiting(None)
                return True

    def _gives_up(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._stopping, _RETRY_S)
            return self._stopping

    def _then(self, write: Write) -> None:
        try:
            write.then()
        except Unavailable as error:
            _log.warning("what follows a write waits for the database: %s", error)
        except Exception:  # noqa: BLE001 - as above
            _log.exception("what follows a write failed")

    def _note_waiting(self, reason: Unavailable | None) -> None:
        waits_for = reason.msgid if reason is not None else ""
        if waits_for != self._waits_for:
            self._waits_for = waits_for
            self._tell_waiting(reason)
