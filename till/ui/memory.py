"""Collects garbage on the window's thread alone, a little at a time.

Python looks for garbage on whatever thread happens to allocate. What a printer's or the TSE's thread then throws away may
hold parts of the window, and Qt's objects must end on the thread that made them: else the program crashes, now and then.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1000
_OLDEST = 2


class GarbageCollector(QObject):
    """Takes over from Python's own collector for good: `begin` on the window's thread, once it stands."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(collect_due)

    def begin(self) -> None:
        """From now on; what the start has made is never looked at again, so that no sale waits for it."""
        gc.disable()
        gc.freeze()
        self._timer.start()


def collect_due() -> None:
    """Collect the oldest generation that has reached Python's own threshold, if any has."""
    for generation in range(_OLDEST, -1, -1):
        threshold = gc.get_threshold()[generation]
        if threshold and gc.get_count()[generation] > threshold:
            gc.collect(generation)
            return
