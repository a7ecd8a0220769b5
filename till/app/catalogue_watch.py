"""Keeps a running till in step with its master data: the search index, and tiles that were changed here or elsewhere."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from till.catalog import prices
from till.catalog.revision import revision
from till.catalog.search_index import clear_index, index_some, is_worn
from till.clock import Clock, SystemClock
from till.db.engine import Database
from till.errors import Unavailable

_log = logging.getLogger(__name__)
LOOK_S = 2.0
PORTION = 50
_BREATH_S = 0.01
_JOIN_S = 10.0


class CatalogueWatch:
    """A thread that looks every two seconds. What it writes are portions of some milliseconds, so that a sale goes first."""

    def __init__(self, database: Database, look_s: float = LOOK_S, clock: Clock | None = None) -> None:
        self._database, self._look_s = database, look_s
        self._clock: Clock = clock or SystemClock()
        self._listeners: list[Callable[[], None]] = []
        self._ended = threading.Event()
        self._seen: int | None = None
        self._thread = threading.Thread(target=self._run, name="catalogue", daemon=True)

    def listen(self, callback: Callable[[], None]) -> None:
        """Call `callback`, on the watch's thread, when tiles may look otherwise than before."""
        self._listeners.append(callback)

    def begin(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; a portion that has begun is finished."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(_JOIN_S)

    def look(self) -> None:
        """Look once: bring planned prices into force, tell a change, and take into the index what it lacks."""
        self._bring_prices_into_force()
        with self._database.read() as session:
            now = revision(session)
        if now == self._seen:
            return
        if self._seen is not None:
            for callback in self._listeners:
                callback()
        self._index()
        self._seen = now

    def _bring_prices_into_force(self) -> None:
        """Prices count from their instant on wherever they are read; here the tiles of all tills are told."""
        at = self._clock.now()
        with self._database.read() as session:
            is_due = prices.is_due(session, at)
        while is_due and not self._ended.wait(_BREATH_S):
            with self._database.write() as session:
                is_due = prices.bring_into_force(session, at, PORTION) > 0

    def _index(self) -> None:
        taken = 0
        while not self._ended.wait(_BREATH_S if taken else 0):
            with self._database.write() as session:
                some = index_some(session, PORTION)
            taken += some
            if not some:
                break
        if taken and self._is_worn():
            _log.info("the search index is made anew")
            with self._database.write() as session:
                clear_index(session)
            self._index()

    def _is_worn(self) -> bool:
        with self._database.read() as session:
            return is_worn(session)

    def _run(self) -> None:
        while True:
            try:
                self.look()
            except Unavailable as error:
                _log.info("the master data can't be looked at: %s", error)
            except Exception:  # noqa: BLE001 - the thread must live on; the defect is logged
                _log.exception("the master data could not be watched")
            if self._ended.wait(self._look_s):
                return
