"""Waits for what a desk does on its own thread; the answer is taken on the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar, cast

from PySide6.QtCore import QObject, QTimer

from till.errors import DeviceError, Refused, Unavailable
from till.i18n import msg

LOOK_MS = 15
UNEXPECTED = msg("The program made a mistake. The basket is safe; it was written to the log.")
Answer = TypeVar("Answer")


class Awaiting(QObject):
    """One answer at a time. It looks whether the Future is done, so that no thread but the window's touches a widget.

    With its parent it is gone, and so is the answer. What nobody expected is raised here, where the one handler hears it.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._future: Future[object] | None = None
        self._then: Callable[[object], object] = _nothing
        self._failed: Callable[[Exception], object] = _nothing
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._look)

    @property
    def is_busy(self) -> bool:
        """Whether an answer is awaited."""
        return self._future is not None

    def wait(
        self, future: Future[Answer], then: Callable[[Answer], object], failed: Callable[[Exception], object]
    ) -> None:
        """`then` with the answer, or `failed` with the refusal; an answer that was awaited before is forgotten."""
        self._future = cast("Future[object]", future)
        self._then, self._failed = cast("Callable[[object], object]", then), failed
        self._timer.start()

    def _look(self) -> None:
        future = self._future
        if future is None or not future.done():
            return
        self._timer.stop()
        self._future = None
        error = future.exception()
        if error is None:
            self._then(future.result())
        elif isinstance(error, (Refused, Unavailable, DeviceError)):
            self._failed(error)
        else:
            self._failed(Unavailable(UNEXPECTED))
            raise error


def _nothing(_answer: object) -> None:
    """Nobody waits for an answer."""
