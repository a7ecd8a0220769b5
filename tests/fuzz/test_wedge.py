"""Whatever keys come at whatever pace: each is typed or belongs to a scan, once, in order; nothing is lost or doubled."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent, QWindow

from till.ui.scanner.wedge import MOST_CHARACTERS, Decoding, WedgeScanner, WedgeSettings

pytestmark = pytest.mark.usefixtures("qapp")
fuzz = settings.get_profile("fuzz")
ENDS = {"\r": Qt.Key.Key_Return, "\n": Qt.Key.Key_Enter, "\t": Qt.Key.Key_Tab}
TEXTS = st.sampled_from([*ENDS, "\x1b", "\x1d", "\x00", "$", "4", "ß", "漢", " "]) | st.characters(
    codec="utf-8", max_codepoint=0xFFFF
)
PRESSES = st.lists(st.tuples(TEXTS, st.sampled_from((0, 3, 6, 17, 34, 36, 45, 120, 900))), max_size=80)
Press = tuple[str, int]


class Window(QWindow):
    """Where keys go that are no scan; keeps them and the scans in one list."""

    def __init__(self) -> None:
        super().__init__()
        self.came: list[str] = []

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.came.append(event.text())


@fuzz
@given(PRESSES)
@example([(character, 3) for character in "4006381333931\r"])
@example([("4", 3), ("\x1d", 3), ("5", 3), ("\r", 3)])
def test_every_key_is_typed_or_scanned_once_and_in_order(presses: list[Press]) -> None:
    came, _ = _press(presses)

    assert _without_ends("".join(came)) == _without_ends("".join(text for text, _ in presses))


@fuzz
@given(st.text(st.characters(exclude_categories=("C", "Z"), max_codepoint=0xFFFF), min_size=4, max_size=80))
def test_every_quick_code_with_an_end_is_one_scan(code: str) -> None:
    _, scans = _press([(character, 6) for character in f"{code}\r"])

    assert scans == [code]


def test_a_scanner_that_never_ends_is_bounded() -> None:
    came, scans = _press([("9", 3)] * 5000)

    assert sum(map(len, came)) <= MOST_CHARACTERS
    assert scans == []


def _press(presses: Sequence[Press]) -> tuple[list[str], list[str]]:
    """What came of these keys, and which of it were scans."""
    window, scans = Window(), list[str]()
    scanner = WedgeScanner(WedgeSettings(decoding=Decoding.TEXT))
    scanner.scanned.connect(scans.append)
    scanner.scanned.connect(window.came.append)
    window.installEventFilter(scanner)
    now_ms = 1_000
    for text, gap_ms in presses:
        now_ms += gap_ms
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            key = ENDS.get(text, Qt.Key.Key_unknown)
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text)
            event.setTimestamp(now_ms)
            QCoreApplication.sendEvent(window, event)
    scanner._run_out()
    window.removeEventFilter(scanner)
    window.destroy()
    return window.came, scans


def _without_ends(text: str) -> str:
    return "".join(character for character in text if character not in ENDS)
