"""Opens the till and shows its window; a refused start is said in a window of its own and can be tried again."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEventLoop, QObject, Signal
from PySide6.QtWidgets import QApplication

from till.app.bootstrap import Till
from till.app.founding import ShopMissing
from till.clock import SystemClock
from till.errors import Refused, Unavailable
from till.formats import Formats
from till.i18n import Translator
from till.settings import Settings
from till.ui import start
from till.ui.look import Look
from till.ui.refused_start import RefusedStart, sentence
from till.ui.theme import ThemeName, palette

if TYPE_CHECKING:
    from till.app.restore import Restoration
    from till.devices.simulated.printer import SimulatedPrinter

_log = logging.getLogger(__name__)
_UNSEEN = frozenset({"offscreen", "minimal", "vnc"})


@dataclass(frozen=True, slots=True)
class Opened:
    """An open till, the demo's printer beside it, and how to close both."""

    till: Till
    paper: SimulatedPrinter | None
    close: Callable[[], None]


class OpenTill(Protocol):
    """Opens the till, or says in words why not."""

    def __call__(self, *, with_address: bool) -> Opened:
        """`with_address`: not without the shop's address."""
        ...


@dataclass(frozen=True, slots=True)
class Opening:
    """How the till is opened, as often as it takes, and how a refusal looks.

    `open` raises ShopMissing where there is no shop, and `with_address` where it has no address yet. `settings` are read
    for theme and language; where they can't be, `formats` speak in the light theme.
    """

    open: OpenTill
    settings: Callable[[], Settings]
    formats: Formats


def start_till(opening: Opening) -> int:
    """Open the till and show it until its window is closed; the process's exit code, 1 for a start that was given up.

    Without a screen a refused start is raised as it is.
    """
    opened = _opened(opening)
    while opened is not None:
        try:
            code = start.run(opened.till, opened.paper)
        finally:
            opened.close()
        if opened.till.restoration is None:
            return code
        opened = _restored(opening, opened.till.restoration)
    return 1


def _restored(opening: Opening, wish: Restoration) -> Opened | None:
    """The till over the restored books, which say so themselves; over those of before where the backup was refused."""
    from till.ui.restoring import put_in_place

    result = put_in_place(look_of_refusal(opening), wish, opening.settings(), SystemClock())
    opened = _opened(opening)
    if opened is not None and result.is_done:
        opened.till.safekeeping.note_restored(wish, result.kept)
    return opened


def has_screen() -> bool:
    """Whether somebody could see a window."""
    platform = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if platform in _UNSEEN:
        return False
    is_x_or_wayland = sys.platform.startswith(("linux", "freebsd"))
    return not is_x_or_wayland or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or platform)


def ask(opening: Opening, error: Exception) -> Opened | None:
    """Say why the till did not start until it does, or None when that is given up."""
    start.prepare_application()
    talk = _Talk(opening, error)
    return talk.hold()


def _opened(opening: Opening) -> Opened | None:
    """The open till; None when that was given up, in the window that asked for the shop or said what was in the way."""
    try:
        return _opened_or_asked(opening)
    except Exception as error:
        if not has_screen():
            raise
        return ask(opening, error)


def _opened_or_asked(opening: Opening) -> Opened | None:
    with_address = True
    while True:
        try:
            return opening.open(with_address=with_address)
        except ShopMissing as missing:
            if not has_screen():
                raise
            if not _has_asked(opening, missing):
                return None
            with_address = False  # what is left for later is left


def _has_asked(opening: Opening, missing: ShopMissing) -> bool:
    """Ask for the shop; False when the window was closed before it was there."""
    from till.ui.first_start.talk import ask_for_shop

    start.prepare_application()
    return ask_for_shop(opening.settings(), look_of_refusal(opening), missing.state)


def look_of_refusal(opening: Opening) -> Look:
    """Theme and language of the settings where they can be read."""
    try:
        settings = opening.settings()
        formats = Formats(Translator(settings.language))
        return Look(palette(ThemeName(settings.theme)), formats, settings.density)
    except (Refused, Unavailable, OSError, ValueError):
        return Look(palette(ThemeName.LIGHT), opening.formats)


class _Talk(QObject):
    """The window and the tries behind it, each on a thread of its own so that the window stays alive."""

    opened = Signal()
    failed = Signal(object)

    def __init__(self, opening: Opening, error: Exception) -> None:
        super().__init__()
        self._opening = opening
        self._result: Opened | None = None
        self._is_given_up = False
        self._said = ""
        self._thread: threading.Thread | None = None
        self._loop = QEventLoop()
        self._look = look_of_refusal(opening)
        self.window = RefusedStart(self._look, error)
        self._say(error)
        self.window.again.connect(self._try)
        self.window.quit.connect(self._give_up)
        self.opened.connect(self._loop.quit)
        self.failed.connect(self._tell)

    def hold(self) -> Opened | None:
        """Show the window until the till is open or somebody gives up; a try that comes too late is undone."""
        QApplication.setQuitOnLastWindowClosed(False)
        self.window.show()
        self._loop.exec()
        self.window.hide()
        self.window.deleteLater()
        QApplication.setQuitOnLastWindowClosed(True)
        if self._thread is not None:
            self._thread.join()
        if self._is_given_up and self._result is not None:
            self._result.close()
        return None if self._is_given_up else self._result

    def _try(self) -> None:
        self._thread = threading.Thread(target=self._open, name="starting")
        self._thread.start()

    def _open(self) -> None:
        try:
            self._result = self._opening.open(with_address=False)
        except Exception as error:  # noqa: BLE001 - whatever it is, the window says it and it is logged
            self.failed.emit(error)
        else:
            self.opened.emit()

    def _tell(self, error: Exception) -> None:
        self._say(error)
        self.window.show_error(error)

    def _give_up(self) -> None:
        self._is_given_up = True
        self._loop.quit()

    def _say(self, error: Exception) -> None:
        """Into the log, and on standard error for who started it from a terminal; the same is not said again."""
        words = sentence(self._look, error)
        if words != self._said:
            self._said = words
            _note(error)
            sys.stderr.write(words + "\n")


def _note(error: Exception) -> None:
    if isinstance(error, (Refused, Unavailable)):
        _log.info("the till did not start: %s", error)  # not louder: without a log file it would be said twice
    else:
        _log.critical("the till did not start", exc_info=error)
