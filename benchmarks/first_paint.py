"""Starts the till's window as `till run` does, says when it was first painted, and ends.

Run with a data folder; without one it shows an empty window of bare Qt, the twin. It prints one line of JSON:
the instant of the first paint (monotonic nanoseconds) and the memory in use then.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from time import monotonic_ns


def main(arguments: list[str]) -> int:
    """Start, wait for the first paint, say so, end."""
    from PySide6.QtWidgets import QApplication

    if not arguments:
        from PySide6.QtWidgets import QMainWindow

        application = QApplication([])
        window = QMainWindow()
        window.show()
        return _until_painted(application.exec)
    unwatched = QApplication.exec
    QApplication.exec = lambda *_: _until_painted(unwatched)  # type: ignore[assignment,method-assign]
    from till.cli import main as till

    return till(["run", "--data", arguments[0]])


def _until_painted(run: Callable[[], int]) -> int:
    from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer

    class FirstPaint(QObject):
        """Waits for the first paint, and then until all that was asked for with it is done."""

        is_over = False

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            """See the first paint of anything."""
            if event.type() == QEvent.Type.Paint and not self.is_over:
                self.is_over = True
                QTimer.singleShot(0, self.tell)
            return False

        def tell(self) -> None:
            """Say when, and end."""
            painted_ns = monotonic_ns()
            print(json.dumps({"painted_ns": painted_ns, "resident": _resident()}), flush=True)
            QCoreApplication.quit()

    application = QCoreApplication.instance()
    watch = FirstPaint(application)
    if application is not None:
        application.installEventFilter(watch)
    return run()


def _resident() -> int:
    from benchmarks.measure import resident_bytes

    return resident_bytes()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
