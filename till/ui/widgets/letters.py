"""The letter pad: for voucher numbers with letters on a till without a keyboard."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from till.ui.fonts import font
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.button import Arrangement, Button, Face, Kind

_ROWS = ("ABCDEFGH", "IJKLMNOP", "QRSTUVWX", "YZÄÖÜ-./")
_GAP = 6


class LetterPad(QWidget):
    """Sends `typed` with each letter."""

    typed = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(_GAP)
        for row, letters in enumerate(_ROWS):
            for place, letter in enumerate(letters):
                grid.addWidget(self._key(look, letter), row, place)

    def _key(self, look: Look, letter: str) -> Button:
        button = Button(look, Face(letter), Kind.KEY).arranged(Arrangement.CENTRED, padding=2)
        button.in_type(font(Size.TITLE)).tall(look.target_px)
        button.clicked.connect(lambda: self.typed.emit(letter))
        return button
