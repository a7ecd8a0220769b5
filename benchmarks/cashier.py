"""A cashier at the real window: types, scans and pays by key, with a moment between any two of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import count, cycle

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from till.app.bootstrap import Till
from till.ui.main.window import MainWindow
from till.ui.start import install_scanner, prepare_application

SCREEN = (1366, 768)
STEP_MS = 60
KEY_DISTANCE_MS = 5
LINES = (1, 3, 6, 2, 9)
_CARD_EVERY = 4


class Cashier(QObject):
    """Sells without end while it is at work, one step after the other; Qt's loop runs between the steps."""

    def __init__(self, till: Till, codes: Sequence[str]) -> None:
        super().__init__()
        self._till = till
        self._codes = cycle(codes)
        self._application: QApplication = prepare_application()
        self.window = MainWindow(till)
        self._scanner = install_scanner(self._application, till.settings)
        self._scanner.scanned.connect(self.window.on_scan)
        self.window.resize(*SCREEN)
        self.window.show()
        self._ms = count(10_000, KEY_DISTANCE_MS)
        self._steps = self._working_day()
        self._timer = QTimer(self, interval=STEP_MS)
        self._timer.timeout.connect(self._go_on)
        self.sold = 0

    def begin(self) -> None:
        """Go to work."""
        self._timer.start()

    def pause(self) -> None:
        """Lay down the work in the middle of it."""
        self._timer.stop()

    def close(self) -> None:
        """Go home."""
        self.pause()
        self._scanner.stop(self._application)
        self.window.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def _go_on(self) -> None:
        next(self._steps)()

    def _working_day(self) -> Iterator[Callable[[], None]]:
        for number, lines in enumerate(cycle(LINES)):
            for _ in range(lines):
                yield self._scan
            by_card = number % _CARD_EVERY == 0
            yield partial(self._press, Qt.Key.Key_F9 if by_card else Qt.Key.Key_F4)
            yield partial(self._press, Qt.Key.Key_Return)
            yield self._complete

    def _scan(self) -> None:
        for digit in next(self._codes):
            self._press(Qt.Key(ord(digit)), digit)
        self._press(Qt.Key.Key_Return, "\r")

    def _complete(self) -> None:
        self._press(Qt.Key.Key_F12)
        self.sold += self._till.sale.state.completed is not None

    def _press(self, key: Qt.Key, text: str = "") -> None:
        pause_ms = KEY_DISTANCE_MS if text else 200
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key.value, Qt.KeyboardModifier.NoModifier, text)
            for _ in range(pause_ms // KEY_DISTANCE_MS - 1):
                next(self._ms)
            event.setTimestamp(next(self._ms))
            QCoreApplication.sendEvent(self.window.windowHandle(), event)
