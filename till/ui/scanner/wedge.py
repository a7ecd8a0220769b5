"""Tells a scanner that types like a keyboard from a person who types, whatever has the focus (70-devices 4.2).

Printable keys are held back. Keys that come faster than any person types and end with Enter or Tab are a
scan: they reach no control, and neither does the Enter. Keys that come slower go where they were meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QWindow
from shiboken6 import isValid

from till.ui.scanner.scan_codes import us_character

MOST_CHARACTERS = 600  # more than any barcode of a shop; the desk refuses what is too long, in words
_PREFIXED_GAP_MS = 500
_TERMINATORS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab})
_TERMINATING_TEXTS = frozenset({"\r", "\n", "\t"})
_SHIFTS = frozenset({Qt.Key.Key_Shift, Qt.Key.Key_CapsLock, Qt.Key.Key_AltGr})
_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier | Qt.KeyboardModifier.AltModifier
_KEYS = (QEvent.Type.KeyPress, QEvent.Type.KeyRelease)


class Decoding(StrEnum):
    """Whether the scanner's keys are read by their place (right on every layout) or by the text they give."""

    US_KEYS = "us-keys"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class WedgeSettings:
    """How the shop's scanner types.

    Measured: scanners leave 2 to 17 ms between keys, people 45 ms and more. `prefix` is a character or the
    name of a key (F13) that the scanner sends first; with it nothing is guessed from timing.
    """

    max_gap_ms: int = 35
    min_length: int = 4
    decoding: Decoding = Decoding.US_KEYS
    prefix: str = ""
    has_terminator: bool = True


class WedgeScanner(QObject):
    """Watches the window that has the keyboard (`listen`); sends `scanned` with the text.

    Keys for a control whose property `acceptsScan` is False (passwords) are left alone.
    """

    scanned = Signal(str)

    def __init__(self, settings: WedgeSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._held: list[tuple[QObject, QKeyEvent]] = []
        self._text = ""
        self._last_ms = 0
        self._is_prefixed = False
        self._is_replaying = False
        self._swallowed: set[int] = set()
        self._timeout = QTimer(self, singleShot=True)
        self._timeout.timeout.connect(self._run_out)

    def use(self, settings: WedgeSettings) -> None:
        """Listen for a scanner that types otherwise from now on."""
        self._settings = settings

    def listen(self, application: QGuiApplication) -> None:
        """Watch each window of the application that gets the keyboard.

        Only windows are watched, not the application: its events are some two thousand in a sale, nearly all of controls.
        """
        application.focusWindowChanged.connect(self._watch)
        self._watch(application.focusWindow())

    def stop(self, application: QGuiApplication) -> None:
        """Watch no window any more; keys that are held back are forgotten."""
        application.focusWindowChanged.disconnect(self._watch)
        for window in application.allWindows():
            window.removeEventFilter(self)
        self._forget()

    def _watch(self, window: QWindow | None) -> None:
        """Qt moves a filter that is there already, it never doubles it."""
        if window is not None:
            window.installEventFilter(self)

    def eventFilter(self, receiver: QObject, event: QEvent) -> bool:
        """True for keys that are held back or belong to a scan."""
        if event.type() not in _KEYS or self._is_replaying:
            return False
        if not isinstance(event, QKeyEvent) or not _takes_scans():
            return False
        if event.type() == QEvent.Type.KeyRelease:
            return self._released(receiver, event)
        return self._pressed(receiver, event)

    def _pressed(self, receiver: QObject, event: QKeyEvent) -> bool:
        gap_ms, self._last_ms = event.timestamp() - self._last_ms, event.timestamp()
        if self._is_collecting and gap_ms > self._allowed_gap_ms:
            self._replay()
        if not self._is_prefixed and self._is_prefix(event):
            self._begin_prefixed(event)
            return True
        if self._is_collecting and _is_terminator(event):
            return self._finish(event)
        if event.key() in _SHIFTS:
            return False
        character = self._character(event)
        if not character or not character.isprintable() or event.modifiers() & _COMMANDS:
            self._replay()
            return False
        self._hold(receiver, event, character)
        return True

    def _released(self, receiver: QObject, event: QKeyEvent) -> bool:
        if event.key() in self._swallowed:
            self._swallowed.discard(event.key())
            return True
        if self._held:
            self._held.append((receiver, event.clone()))
            return True
        return False

    def _hold(self, receiver: QObject, event: QKeyEvent, character: str) -> None:
        if len(self._text) < MOST_CHARACTERS:
            self._text += character
            self._held.append((receiver, event.clone()))
        self._timeout.start(int(self._allowed_gap_ms * 1.5))

    def _finish(self, event: QKeyEvent) -> bool:
        if not self._is_scan:
            self._replay()
            return False
        self._swallowed.add(event.key())
        self._emit()
        return True

    def _run_out(self) -> None:
        is_complete = not self._settings.has_terminator and self._is_scan
        if is_complete or self._is_prefixed:
            self._emit()
        else:
            self._replay()

    def _emit(self) -> None:
        text = self._text
        self._forget()
        if text:
            self.scanned.emit(text)

    def _replay(self) -> None:
        held = self._held if len(self._text) < MOST_CHARACTERS else []
        self._forget()
        self._is_replaying = True
        try:
            for receiver, event in held:
                if isValid(receiver):  # a window that is gone by now wants no keys
                    QCoreApplication.sendEvent(receiver, event)
        finally:
            self._is_replaying = False

    def _forget(self) -> None:
        self._held, self._text, self._is_prefixed = [], "", False
        self._timeout.stop()

    def _begin_prefixed(self, event: QKeyEvent) -> None:
        self._replay()
        self._is_prefixed = True
        self._swallowed.add(event.key())
        self._timeout.start(_PREFIXED_GAP_MS)

    def _is_prefix(self, event: QKeyEvent) -> bool:
        prefix = self._settings.prefix
        if not prefix:
            return False
        return event.text() == prefix or QKeySequence(event.key()).toString() == prefix

    def _character(self, event: QKeyEvent) -> str:
        return us_character(event) if self._settings.decoding is Decoding.US_KEYS else event.text()

    @property
    def _is_collecting(self) -> bool:
        return bool(self._held) or self._is_prefixed

    @property
    def _is_scan(self) -> bool:
        return self._is_prefixed or len(self._text) >= self._settings.min_length

    @property
    def _allowed_gap_ms(self) -> int:
        return _PREFIXED_GAP_MS if self._is_prefixed else self._settings.max_gap_ms


def _is_terminator(event: QKeyEvent) -> bool:
    return event.key() in _TERMINATORS or event.text() in _TERMINATING_TEXTS


def _takes_scans() -> bool:
    focused = QGuiApplication.focusObject()
    return focused is None or focused.property("acceptsScan") is not False
