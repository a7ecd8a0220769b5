"""The key beside a line of words that shows a keyboard on the screen, for counters that have no other one."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit
from shiboken6 import isValid

from till.ui.look import Look
from till.ui.widgets.button import Button, Kind, icon_button


def keyboard_key(look: Look, line: QLineEdit) -> Button:
    """Lets words be typed into the line with a finger; the line tells of them as if they had been typed there."""
    key = icon_button(look, "keyboard", look.t("Keyboard on the screen"), kind=Kind.PLAIN)
    key.clicked.connect(lambda: _show_keyboard(look, line))
    return key


def _show_keyboard(look: Look, line: QLineEdit) -> None:
    from till.ui.words_panel import Covering, WordsPanel

    window = line.window()
    if isinstance(window, Covering):
        panel = WordsPanel(look, line)
        panel.written.connect(lambda words: _write(line, words))
        window.show_panel(panel)


def _write(line: QLineEdit, words: str) -> None:
    """The page may have gone while the keyboard lay over it."""
    if isValid(line):
        line.setText(words)
        line.textEdited.emit(words)
        line.setFocus()
