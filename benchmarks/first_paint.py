"""Starts the till's window as `till run` does, says when it was first painted, and ends.

Run with a data folder; without one it shows an empty window of bare Qt, the twin. It prints one line of JSON:
the instant of the first paint (monotonic nanoseconds) and the memory in use then.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib import import_module
from time import monotonic_ns


def main(arguments: list[str]) -> int:
    """Start, wait for the first paint, say so, end."""
    return _start_till(arguments[0]) if arguments else _start_bare()


def _start_bare() -> int:
    from PySide6.QtWidgets import QApplication, QMainWindow

    application = QApplication([])
    window = QMainWindow()
    window.show()
    return _until_painted(application.exec)


def _start_till(data_dir: str) -> int:
    """The command line's own way; its modules come in its own order, as PySide6 makes what is imported after it dearer."""
    from till import cli

    for module in ("till.app.bootstrap", "till.ui.start"):
        import_module(module)
    from PySide6.QtWidgets import QApplication

    run = QApplication.exec
    QApplication.exec = lambda *_: _until_painted(run)  # type: ignore[method-assign]
    return cli.main(["run", "--data", data_dir])


def _until_painted(run: Callable[[], int]) -> int:
    """Run Qt's loop until the first paint and what was asked for with it is done."""
    from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer

    class FirstPaint(QObject):
        """Waits for the first paint of anything."""

        is_over = False

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            """See the first paint."""
            if event.type() == QEvent.Type.Paint and not self.is_over:
                self.is_over = True
                QTimer.singleShot(0, _tell)
            return False

    application = QCoreApplication.instance()
    watch = FirstPaint(application)
    if application is not None:
        application.installEventFilter(watch)
    return run()


def _tell() -> None:
    """Say when it was painted, and end."""
    from PySide6.QtCore import QCoreApplication

    from benchmarks.measure import resident_bytes

    painted_ns = monotonic_ns()
    print(json.dumps({"painted_ns": painted_ns, "resident": resident_bytes()}), flush=True)
    QCoreApplication.quit()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
