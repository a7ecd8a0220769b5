"""P3: from the scanner's last key to the painted line, with 100,000 articles, beside a bare list of texts."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import partial
from itertools import count

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QWidget

from benchmarks.measure import Result, Sample, ratio
from benchmarks.shop import code_of, new_shop, open_shop, temporary_folder
from till.app.bootstrap import Till
from till.ui.main.window import MainWindow
from till.ui.start import install_scanner, prepare_application

ARTICLES = 100_000
SCANS = 200
WARM_UP = 20
LINES_PER_SALE = 10
STEP = 491
P99_MS = 16.0
SCREEN = (1366, 768)
KEY_DISTANCE_MS = 5


def measure() -> list[Result]:
    """Scans into sales of ten lines; after each the till paints, then the bare list does with the same text."""
    with temporary_folder() as folder:
        settings = new_shop(folder / "shop", ARTICLES)
        with open_shop(settings) as till:
            shown, bare = _scan_all(till)
    return [
        Result(
            "P3",
            f"scan → painted line, {ARTICLES:,} articles",
            shown.text(),
            f"{bare.text()} (QListWidget)",
            ratio(shown, bare),
            f"p99 ≤ {P99_MS:g} ms",
            shown.ms(99) <= P99_MS,
            f"{SCANS} scans in sales of {LINES_PER_SALE} lines, offscreen, {SCREEN[0]} × {SCREEN[1]}",
        )
    ]


def _scan_all(till: Till) -> tuple[Sample, Sample]:
    """The times of the scans and of the bare list, in turns."""
    counter = _Counter(till)
    plain = QListWidget()
    _show(plain)
    painted = _Painted(plain.viewport())
    shown, bare = Sample(), Sample()
    for number in range(WARM_UP + SCANS):
        if number == WARM_UP:
            gc.collect()
            shown, bare = Sample(), Sample()
        text = counter.scan(number, shown)
        bare.take(partial(painted.after, partial(_add, plain, text)))
    counter.close()
    plain.close()
    return shown, bare


def _add(plain: QListWidget, text: str) -> None:
    plain.addItem(text)
    plain.scrollToBottom()


class _Painted(QObject):
    """Sees when a widget has been painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self._times = 0
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Count the paints."""
        self._times += event.type() == QEvent.Type.Paint
        return False

    def after(self, work: Callable[[], object]) -> None:
        """Do `work` and return when the widget, and all that waits with it, has been painted."""
        self._times = 0
        work()
        while not self._times:
            QCoreApplication.processEvents()
        QCoreApplication.processEvents()


class _Counter:
    """The till's window and a scanner that types into it as fast as they do."""

    def __init__(self, till: Till) -> None:
        self._till = till
        application = prepare_application()
        self._window = MainWindow(till)
        self._scanner = install_scanner(application, till.settings)
        self._scanner.scanned.connect(self._window.on_scan)
        _show(self._window)
        self._painted = _Painted(self._window.sale.column.basket.viewport())
        self._ms = count(10_000, KEY_DISTANCE_MS)

    def scan(self, number: int, sample: Sample) -> str:
        """Scan another article; keep the time from the scanner's Enter to the end of the paint. Returns the line's text."""
        if len(self._till.sale.state.priced.lines) >= LINES_PER_SALE:
            self._sell()
        for digit in code_of(number * STEP % ARTICLES):
            self._press(ord(digit), digit)
        sample.take(lambda: self._painted.after(lambda: self._press(Qt.Key.Key_Return.value, "\r")))
        self._rest()
        line = self._till.sale.state.priced.lines[-1]
        return f"1 × {line.line.item.name}   {line.amount}"

    def close(self) -> None:
        """Close the window."""
        self._window.close()

    def _sell(self) -> None:
        self._till.sale.pay_cash(self._till.sale.state.settlement.open)
        self._till.sale.complete()
        self._rest()
        self._till.sale.dismiss()
        self._rest()

    def _rest(self) -> None:
        """Until the next customer reaches out: what follows a scan is done by then."""
        self._till.settle()
        QCoreApplication.processEvents()

    def _press(self, key: int, text: str) -> None:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text)
            event.setTimestamp(next(self._ms))
            QCoreApplication.sendEvent(self._window.windowHandle(), event)


def _show(widget: QWidget) -> None:
    widget.resize(*SCREEN)
    widget.show()
    QCoreApplication.processEvents()
