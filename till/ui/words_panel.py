"""Words typed with a finger: a keyboard over the window for one line of a page, for counters that have no other one."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit

from till.ui.fonts import semibold
from till.ui.look import Look
from till.ui.staff.panel import Panel
from till.ui.theme import PAY_HEIGHT, Size
from till.ui.widgets.amount_field import FIELD_HEIGHT, set_active
from till.ui.widgets.button import Face, primary_button
from till.ui.widgets.keys import TellingLine
from till.ui.widgets.word_keys import WordKeys

_WIDTH = 944


@runtime_checkable
class Covering(Protocol):
    """A window that lets a panel lie over it."""

    def show_panel(self, panel: Panel) -> None:
        """Lay it over the window."""
        ...


class WordsPanel(Panel):
    """`written` with the words when they are taken over; Escape, its cross or a tap beside it leave the old ones."""

    written = Signal(str)

    def __init__(self, look: Look, line: QLineEdit) -> None:
        """`line` tells what is written, how much at most, and what stands there so far."""
        super().__init__(look, line.accessibleName(), _WIDTH)
        self.line = TellingLine()
        self.line.setFont(semibold(Size.TITLE))
        self.line.setMaxLength(line.maxLength())
        self.line.setText(line.text())
        self.line.setAccessibleName(line.accessibleName())
        self.keys = WordKeys(look)
        self.keys.begin(line.text())
        self.take_button = primary_button(look, Face(look.t("Take over"), key="Enter")).tall(PAY_HEIGHT)
        self.setFocusProxy(self.line)
        self.line.returnPressed.connect(self._take)
        self.take_button.clicked.connect(self._take)
        self.keys.typed.connect(self.line.insert)
        self.keys.back_asked.connect(self.line.backspace)
        field = QFrame()
        field.setProperty("role", "field")
        field.setFixedHeight(max(FIELD_HEIGHT, look.target_px))
        set_active(field, is_active=True)
        inside = QHBoxLayout(field)
        inside.setContentsMargins(14, 0, 14, 0)
        inside.addWidget(self.line)
        for widget in (field, self.keys, self.take_button):
            self.column.addWidget(widget)

    def _take(self) -> None:
        """The page has its keys again before it hears of the words."""
        words = self.line.text()
        self.left.emit()
        self.written.emit(words)
