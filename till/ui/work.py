"""Long work of the office beside the window's thread: what comes of it, and how far it is, arrives on the window's thread."""

from __future__ import annotations

import queue
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar, cast

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from till.app.watch import Watch
from till.errors import DeviceError, Refused, Unavailable
from till.ui.message import Message

LOOK_MS = 15
Answer = TypeVar("Answer")


@dataclass(eq=False, slots=True)
class _Job:
    """One work that was asked for. It knows no widget, so that its thread can't be the last to hold one."""

    progress: queue.SimpleQueue[int] = field(default_factory=queue.SimpleQueue)
    is_cancelled: bool = False
    result: Future[object] | None = None

    def cancel(self) -> None:
        self.is_cancelled = True
        if self.result is not None:
            self.result.cancel()


class Work(QObject):
    """One work at a time: beginning another one forgets the one before, as the next letter of a search does.

    `progressed` with the rows so far; `ended` when it came to an end, however. A refusal is shown in `message`; what nobody
    expected is raised on the window's thread, where the one handler hears it.
    """

    begun = Signal()
    progressed = Signal(int)
    ended = Signal()

    def __init__(self, parent: QWidget, message: Message) -> None:
        super().__init__(parent)
        self._message = message
        self._pool = ThreadPoolExecutor(1, "office-work")
        self._job: _Job | None = None
        self._then: Callable[[object], object] = _nothing
        self._again: Callable[[], object] | None = None
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._look)
        pool = self._pool
        self.destroyed.connect(lambda: pool.shutdown(wait=False, cancel_futures=True))

    @property
    def is_busy(self) -> bool:
        """Whether a work is under way."""
        return self._job is not None

    def begin(self, action: Callable[[Watch], Answer], then: Callable[[Answer], object] | None = None) -> None:
        """Do `action` on another thread, `then` with its answer on this one; `action` tells its Watch how far it is."""
        self._forget()
        job = _Job()
        watch = Watch(job.progress.put, lambda: job.is_cancelled)
        self._job = job
        self._then = cast("Callable[[object], object]", then or _nothing)
        self._again = partial(self.begin, action, then)
        job.result = self._pool.submit(action, watch)
        self._timer.start()
        self.begun.emit()

    def cancel(self) -> None:
        """Ask the work to end; it is over when it has put its things in order, and says so in the message."""
        if self._job is not None:
            self._job.is_cancelled = True

    def finish(self, timeout_s: float = 30.0) -> None:
        """Wait for what is under way and take its answer now; for tests and for pictures of the screens."""
        job = self._job
        if job is not None and job.result is not None:
            job.result.exception(timeout_s)
            self._look()

    def _forget(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _look(self) -> None:
        job = self._job
        if job is None or job.result is None:
            self._timer.stop()
            return
        self._tell_progress(job)
        if job.result.done():
            self._job = None
            self._timer.stop()
            self._take(job.result)

    def _tell_progress(self, job: _Job) -> None:
        latest = None
        while not job.progress.empty():
            latest = job.progress.get()
        if latest is not None:
            self.progressed.emit(latest)

    def _take(self, result: Future[object]) -> None:
        self.ended.emit()
        error = result.exception()
        if error is None:
            self._then(result.result())
        elif isinstance(error, (Refused, Unavailable, DeviceError)):
            self._message.show_refusal(error, self._again)
        else:
            raise error


def _nothing(_answer: object) -> None:
    """Nobody waits for the answer."""
