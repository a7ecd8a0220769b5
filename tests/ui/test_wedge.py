"""The keyboard wedge: scans are decoded whatever layout and focus; what a person types stays typing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from till.ui.scanner.scan_codes import OFFSET, us_key
from till.ui.scanner.wedge import MOST_CHARACTERS, Decoding, WedgeScanner, WedgeSettings

GERMAN = dict(zip("yzYZ-_/=?;:'\"&+@", 'zyZYß?-´_öÖäÄ/`"', strict=True))


class Counter(QWidget):
    """A window with a field and a button, as focus for the keys."""

    def __init__(self) -> None:
        super().__init__()
        self.field, self.button = QLineEdit(), QPushButton("Pay")
        self.clicks = 0
        self.button.clicked.connect(self._clicked)
        self.button.setAutoDefault(True)
        column = QVBoxLayout(self)
        column.addWidget(self.field)
        column.addWidget(self.button)

    def _clicked(self) -> None:
        self.clicks += 1


class Keyboard:
    """Types into the window as the platform would: scan codes, texts of the layout, timestamps."""

    def __init__(self, window: Counter) -> None:
        self.window = window
        self.now_ms = 1_000

    def scan(self, text: str, *, gap_ms: int = 6, layout: dict[str, str] | None = None, end: str = "\r") -> None:
        for character in text:
            self.press(character, gap_ms=gap_ms, layout=layout)
        if end:
            self._send(Qt.Key.Key_Tab if end == "\t" else Qt.Key.Key_Return, end, 28 + OFFSET, gap_ms)

    def press(self, character: str, *, gap_ms: int, layout: dict[str, str] | None = None) -> None:
        code, has_shift = us_key(character)
        text = (layout or {}).get(character, character)
        key = Qt.Key(ord(text.upper()[0])) if text != "´" else Qt.Key.Key_Dead_Acute
        self._send(key, "" if text == "´" else text, code + OFFSET, gap_ms, has_shift=has_shift)

    def enter(self, *, gap_ms: int = 6) -> None:
        self._send(Qt.Key.Key_Return, "\r", 28 + OFFSET, gap_ms)

    def command(self, key: Qt.Key, text: str = "", *, gap_ms: int = 6) -> None:
        self._send(key, text, 0, gap_ms)

    def _send(self, key: Qt.Key, text: str, code: int, gap_ms: int, *, has_shift: bool = False) -> None:
        handle = self.window.windowHandle()
        modifiers = Qt.KeyboardModifier.ShiftModifier if has_shift else Qt.KeyboardModifier.NoModifier
        self.now_ms += gap_ms
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, modifiers, code, 0, 0, text)
            event.setTimestamp(self.now_ms + (kind == QEvent.Type.KeyRelease))
            QCoreApplication.sendEvent(handle, event)


@pytest.fixture
def counter(qtbot: QtBot) -> Counter:
    window = Counter()
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    window.field.setFocus()
    qtbot.waitUntil(window.field.hasFocus)
    return window


@pytest.fixture
def keyboard(counter: Counter) -> Keyboard:
    return Keyboard(counter)


Listen = Callable[..., list[str]]


@pytest.fixture
def listen(qapp: QApplication) -> Iterator[Listen]:
    """Installs a scanner with these settings and gives the list of what it sends."""
    scanners: list[WedgeScanner] = []

    def installed(**settings: object) -> list[str]:
        scanner = WedgeScanner(WedgeSettings(**settings))  # type: ignore[arg-type]
        seen: list[str] = []
        scanner.scanned.connect(seen.append)
        scanner.listen(qapp)
        scanners.append(scanner)
        return seen

    yield installed
    for scanner in scanners:
        scanner.stop(qapp)


@pytest.mark.parametrize(
    "code", ["4006381333931", "GS-7K3Y-9QZA", "$V903.AG2026-0001", "https://t.de/?x=1&y=2_a", "Spende1003"]
)
def test_american_keys_are_read_right_on_a_german_layout(
    counter: Counter, keyboard: Keyboard, listen: Listen, code: str
) -> None:
    seen = listen()
    keyboard.scan(code, layout=GERMAN)
    assert seen == [code]
    assert counter.field.text() == ""


def test_text_decoding_takes_what_the_layout_gives(counter: Counter, keyboard: Keyboard, listen: Listen) -> None:
    seen = listen(decoding=Decoding.TEXT)
    keyboard.scan("GS-7Y", layout=GERMAN)
    assert seen == ["GSß7Z"]
    assert counter.field.text() == ""


@pytest.mark.parametrize("end", ["\r", "\n", "\t"])
def test_a_scan_may_end_with_return_line_feed_or_tab(
    counter: Counter, keyboard: Keyboard, listen: Listen, end: str
) -> None:
    seen = listen()
    keyboard.scan("40063813", end=end)
    assert seen == ["40063813"]
    assert counter.field.hasFocus()


def test_a_persons_typing_stays_typing(counter: Counter, keyboard: Keyboard, listen: Listen, qtbot: QtBot) -> None:
    seen = listen()
    keyboard.scan("rosen", gap_ms=90, end="")
    qtbot.waitUntil(lambda: counter.field.text() == "rosen")
    keyboard.enter(gap_ms=90)
    assert seen == []


def test_typing_while_the_program_was_busy_is_no_scan(counter: Counter, keyboard: Keyboard, listen: Listen) -> None:
    """All events arrive at once; their own timestamps still tell a person."""
    seen = listen()
    keyboard.scan("4711", gap_ms=56)
    assert seen == []
    assert counter.field.text() == "4711"


def test_a_short_burst_is_no_scan(counter: Counter, keyboard: Keyboard, listen: Listen) -> None:
    seen = listen()
    keyboard.scan("123")
    assert seen == []
    assert counter.field.text() == "123"


def test_a_scan_does_not_press_the_focused_button(
    counter: Counter, keyboard: Keyboard, listen: Listen, qtbot: QtBot
) -> None:
    seen = listen()
    counter.button.setFocus()
    keyboard.scan("4006381 33931")
    qtbot.wait(80)
    assert seen == ["4006381 33931"]
    assert counter.clicks == 0
    assert not counter.button.isDown()


def test_a_person_can_press_the_focused_button(
    counter: Counter, keyboard: Keyboard, listen: Listen, qtbot: QtBot
) -> None:
    listen()
    counter.button.setFocus()
    keyboard.press(" ", gap_ms=90)
    qtbot.waitUntil(lambda: counter.clicks == 1)


def test_fast_successive_scans_lose_none(keyboard: Keyboard, counter: Counter, listen: Listen) -> None:
    seen = listen()
    codes = [f"40063813{number:04d}" for number in range(200)]
    for code in codes:
        keyboard.scan(code, gap_ms=2)
    assert seen == codes
    assert counter.field.text() == ""


def test_a_scan_without_end_is_bounded(keyboard: Keyboard, counter: Counter, listen: Listen, qtbot: QtBot) -> None:
    seen = listen()
    keyboard.scan("7" * 10_000, gap_ms=1, end="")
    qtbot.wait(100)
    assert seen == []
    assert counter.field.text() == ""
    keyboard.scan("7" * 10_000, gap_ms=1)
    assert seen == ["7" * MOST_CHARACTERS]


def test_a_prefix_needs_no_timing(keyboard: Keyboard, counter: Counter, listen: Listen) -> None:
    seen = listen(prefix="F13")
    keyboard.command(Qt.Key.Key_F13)
    keyboard.scan("42", gap_ms=200)
    assert seen == ["42"]
    assert counter.field.text() == ""


def test_a_scanner_without_terminator_is_understood(
    keyboard: Keyboard, counter: Counter, listen: Listen, qtbot: QtBot
) -> None:
    seen = listen(has_terminator=False)
    keyboard.scan("40063813", end="")
    qtbot.waitUntil(lambda: seen == ["40063813"])
    assert counter.field.text() == ""


def test_a_password_field_keeps_its_keys(keyboard: Keyboard, counter: Counter, listen: Listen) -> None:
    seen = listen()
    counter.field.setProperty("acceptsScan", False)
    keyboard.scan("secret1")
    assert seen == []
    assert counter.field.text() == "secret1"


def test_keys_held_back_come_before_the_key_that_follows(keyboard: Keyboard, counter: Counter, listen: Listen) -> None:
    listen()
    keyboard.press("1", gap_ms=90)
    keyboard.press("2", gap_ms=10)
    keyboard.command(Qt.Key.Key_Backspace, "\b", gap_ms=10)
    assert counter.field.text() == "1"


def test_a_window_that_opens_later_is_watched_too_and_the_first_one_again_after_it(
    qtbot: QtBot, counter: Counter, keyboard: Keyboard, listen: Listen
) -> None:
    seen = listen()
    later = Counter()
    qtbot.addWidget(later)
    later.show()
    later.activateWindow()
    qtbot.waitUntil(later.isActiveWindow)
    Keyboard(later).scan("4006381333931")
    counter.activateWindow()
    qtbot.waitUntil(counter.isActiveWindow)
    keyboard.scan("96385074")
    assert seen == ["4006381333931", "96385074"]
    assert (counter.field.text(), later.field.text()) == ("", "")


def test_keys_held_for_a_window_that_is_gone_are_dropped(qtbot: QtBot, keyboard: Keyboard, listen: Listen) -> None:
    """A person types into a window that closes at the first key: the next keys reach the other one."""
    listen()
    later = Counter()
    later.show()
    later.activateWindow()
    qtbot.waitUntil(later.isActiveWindow)
    Keyboard(later).press("q", gap_ms=90)
    shiboken6.delete(later)
    keyboard.press("w", gap_ms=90)
    qtbot.waitUntil(lambda: keyboard.window.field.text() == "w")


def test_a_scanner_that_has_stopped_holds_no_keys_back(
    qapp: QApplication, counter: Counter, keyboard: Keyboard, listen: Listen
) -> None:
    seen = listen()
    stopped = WedgeScanner(WedgeSettings(prefix="q"))
    stopped.listen(qapp)
    stopped.stop(qapp)
    counter.activateWindow()
    keyboard.scan("quittung")
    assert seen == ["quittung"]
