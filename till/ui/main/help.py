"""The help sheet on F1: every key and what it does."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from till.ui.fonts import bold, font
from till.ui.keys import FIXED_KEYS, shown_key
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face
from till.ui.widgets.chip import Chip, ChipFace
from till.ui.widgets.text import Text


class HelpPage(QWidget):
    """Lists the keys; `left` when it is closed."""

    left = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setProperty("role", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        card = QFrame()
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(28, 24, 28, 24)
        inside.setSpacing(16)
        inside.addWidget(Text(look.t("Keys"), bold(Size.FIGURE)))
        inside.addWidget(self._scrolled(self._keys()), 1)
        back = Button(look, Face(look.t("Back to the sale"), "arrow-left", key="Esc")).tall(56)
        back.clicked.connect(self.left)
        row = QHBoxLayout()
        row.addWidget(back)
        row.addStretch(1)
        inside.addLayout(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.addWidget(card)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape or Enter closes the sheet."""
        if event.key() in {Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.left.emit()
        else:
            event.ignore()

    def _scrolled(self, grid: QGridLayout) -> QScrollArea:
        """A shop with big letters or many keys scrolls; nothing is cut off."""
        sheet = QWidget()
        sheet.setProperty("role", "surface")
        sheet.setLayout(grid)
        grid.setContentsMargins(0, 0, 8, 0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(sheet)
        return area

    def _keys(self) -> QGridLayout:
        t = self._look.t
        rows = [(shown_key(shortcut.key), t(shortcut.says)) for shortcut in self._look.shortcuts if shortcut.key]
        rows += [(t(key), t(says)) for key, says in FIXED_KEYS]
        in_one = -(-len(rows) // 2)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        for place, (key, says) in enumerate(rows):
            column, row = divmod(place, in_one)
            chip = Chip(self._look, ChipFace(key, tone="quiet"))
            grid.addWidget(chip, row, column * 2, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            words: QLabel = Text(says, font(Size.BODY)).wrapped()
            grid.addWidget(words, row, column * 2 + 1)
            grid.setColumnStretch(column * 2 + 1, 1)
        grid.setRowStretch(in_one, 1)
        return grid
