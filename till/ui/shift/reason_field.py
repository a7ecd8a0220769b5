"""Why cash is moved: the usual reasons to tap, or one's own words; what was typed before is offered again (T10)."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from till.documents.reason import REASON_MOST
from till.ui.fonts import font, semibold
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.amount_field import set_active
from till.ui.widgets.choices import Chips
from till.ui.widgets.keyboard_key import keyboard_key
from till.ui.widgets.keys import TellingLine
from till.ui.widgets.text import Text


class ReasonField(QWidget):
    """`entered` when Enter is pressed in the line; what is wrong is said below it."""

    entered = Signal()
    edited = Signal()

    def __init__(self, look: Look, label: str) -> None:
        super().__init__()
        self.line = TellingLine()
        self.line.setFont(font(Size.BODY))
        self.line.setMaxLength(REASON_MOST)
        self.line.setAccessibleName(label)
        self.line.setPlaceholderText(look.t("Tap a reason below, or type your own"))
        self.line.textChanged.connect(self._edited)
        self.line.returnPressed.connect(self.entered)
        self.error = Text("", semibold(Size.SMALL), "danger").wrapped()
        self.error.hide()
        self.keyboard = keyboard_key(look, self.line)
        self.chips = Chips(look)
        self.chips.chosen.connect(self.set_text)
        self._build(label, look)

    @property
    def text(self) -> str:
        """The reason as it stands there."""
        return self.line.text()

    def set_text(self, text: str) -> None:
        """Put a reason there."""
        self.line.setText(text)

    def offer(self, reasons: Iterable[str]) -> None:
        """Offer these."""
        self.chips.set_words(reasons)
        self.chips.show_chosen(self.text)

    def say(self, words: str) -> None:
        """Say below why this can't be taken, and go there; empty: nothing is wrong."""
        self.error.setText(words)
        self.error.setVisible(bool(words))
        if words:
            self.line.setFocus()

    def _edited(self, text: str) -> None:
        self.say("")
        self.chips.show_chosen(text)
        self.edited.emit()

    def _build(self, label: str, look: Look) -> None:
        field = QFrame()
        field.setProperty("role", "field")
        field.setFixedHeight(look.target_px)
        self.line.focused.connect(lambda has: set_active(field, is_active=has))
        inside = QHBoxLayout(field)
        inside.setContentsMargins(12, 0, 12, 0)
        inside.addWidget(self.line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(Text(label, semibold(Size.BODY - 1), "muted"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(field, 1)
        row.addWidget(self.keyboard)
        column.addLayout(row)
        column.addWidget(self.error)
        column.addWidget(self.chips)
