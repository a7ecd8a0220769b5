"""Starts the window over an open till: fonts, scanner, sounds, and the demo's printer beside it."""

from __future__ import annotations

import logging
import sys
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from till.app.bootstrap import Till
from till.errors import Refused, Unavailable
from till.settings import Settings
from till.ui.fonts import font, load_fonts
from till.ui.main.window import MainWindow
from till.ui.memory import GarbageCollector
from till.ui.scanner.wedge import Decoding, WedgeScanner, WedgeSettings
from till.ui.theme import Size

if TYPE_CHECKING:
    from till.devices.simulated.printer import SimulatedPrinter

_log = logging.getLogger(__name__)
_GAP = 8


def run(till: Till, paper: SimulatedPrinter | None = None) -> int:
    """Show the window until it is closed; `paper` is the demo's printer. Returns the process's exit code.

    The till is not closed here: who opened it closes it.
    """
    application = prepare_application()
    window = MainWindow(till)
    scanner = install_scanner(application, till.settings)
    scanner.scanned.connect(window.on_scan)
    till.listen_settings(lambda settings: scanner.use(wedge_settings(settings)))
    sys.excepthook = partial(_report, window)
    window.showMaximized() if paper is None else window.show()
    beside = _show_paper(window, paper) if paper is not None else None
    QTimer.singleShot(0, GarbageCollector(application).begin)
    QTimer.singleShot(0, till.begin_upkeep)
    code = application.exec()
    scanner.stop(application)
    del beside
    return code


def prepare_application() -> QApplication:
    """The process's one application, with the house's typeface."""
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName("Till")
    application.setStyle("Fusion")
    load_fonts()
    application.setFont(font(Size.BODY))
    return application


def install_scanner(application: QApplication, settings: Settings) -> WedgeScanner:
    """Listen for a scanner that types like a keyboard, as the settings describe it."""
    scanner = WedgeScanner(wedge_settings(settings), application)
    scanner.listen(application)
    return scanner


def wedge_settings(settings: Settings) -> WedgeSettings:
    """How this PC's scanner types."""
    return WedgeSettings(
        max_gap_ms=settings.scanner_gap_ms,
        decoding=Decoding(settings.scanner_decoding),
        prefix=settings.scanner_prefix,
    )


def _report(window: MainWindow, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """The one handler of what nobody expected: it is logged, the basket stays, the user is told."""
    if isinstance(error, (Refused, Unavailable)):
        _log.warning("not answered where it was asked: %s", error, exc_info=(kind, error, trace))
        window.tell_refusal(error)
        return
    _log.critical("unexpected", exc_info=(kind, error, trace))
    if issubclass(kind, KeyboardInterrupt):
        QApplication.quit()
    else:
        window.tell_unexpected()


def _show_paper(window: MainWindow, printer: SimulatedPrinter) -> object:
    from till.ui.paper_window import LEAST_WIDTH, WIDTH, PaperWindow

    screen = window.screen().availableGeometry()
    paper_width = max(LEAST_WIDTH, min(WIDTH, screen.width() - window.minimumWidth() - _GAP))
    width = max(window.minimumWidth(), screen.width() - paper_width - _GAP)
    window.setGeometry(screen.x(), screen.y(), width, screen.height())
    beside = PaperWindow(window.look, printer, paper_width)
    beside.setGeometry(screen.right() + 1 - paper_width, screen.y(), paper_width, screen.height())
    beside.show()
    window.activateWindow()
    return beside
