"""The letter pad: for voucher numbers with letters on a till without a keyboard."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from till.ui.fonts import font, semibold
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.button import Arrangement, Button, Face, Kind

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ-."
_COLUMNS = 6
_GAP = 6


class LetterPad(QWidget):
    """Sends `typed` with each letter, `digits_asked` and `back_asked` for its last two keys."""

    typed = Signal(str)
    digits_asked = Signal()
    back_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(_GAP)
        keys = [self._letter(letter) for letter in _LETTERS]
        digits = self._key(Face("123"), Kind.ACTION).in_type(semibold(Size.BODY - 1))
        back = self._key(Face(icon="backspace", name=look.t("Delete the last key")), Kind.ACTION)
        digits.clicked.connect(self.digits_asked)
        back.clicked.connect(self.back_asked)
        for place, key in enumerate([*keys, digits, back]):
            grid.addWidget(key, *divmod(place, _COLUMNS))

    def _letter(self, letter: str) -> Button:
        button = self._key(Face(letter), Kind.KEY).in_type(font(Size.TITLE))
        button.clicked.connect(lambda: self.typed.emit(letter))
        return button

    def _key(self, face: Face, kind: Kind) -> Button:
        return Button(self._look, face, kind).arranged(Arrangement.CENTRED, padding=2).tall(self._look.target_px)
