"""The number pad: digits, comma, and a column of keys that say what the number is for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from till.ui.fonts import font, semibold
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.button import Arrangement, Button, Face, Kind

DIGITS = (("7", "8", "9"), ("4", "5", "6"), ("1", "2", "3"), ("0", "00", ","))
_GAP = 6
_COLUMN = 3


@dataclass(frozen=True, slots=True)
class PadKey:
    """A key of the right column: its id as `acted` sends it, and its face."""

    id: str
    face: Face
    kind: Kind = Kind.ACTION


class KeyPad(QWidget):
    """Sends `typed` for digits and the comma, `acted` with the id of a key of the right column."""

    typed = Signal(str)
    acted = Signal(str)

    def __init__(self, look: Look, column: Sequence[PadKey]) -> None:
        super().__init__()
        self._look = look
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(_GAP)
        self._column: dict[str, Button] = {}
        for row, keys in enumerate(DIGITS):
            for place, key in enumerate(keys):
                self._grid.addWidget(self._digit(key), row, place)
        row = 0
        for pad_key, height in zip(column, heights(len(column)), strict=True):
            self._grid.addWidget(self._action(pad_key, height), row, _COLUMN, height, 1)
            row += height
        for place in range(_COLUMN + 1):
            self._grid.setColumnStretch(place, 1)

    def key(self, key_id: str) -> Button:
        """The key of the right column with this id."""
        return self._column[key_id]

    def _digit(self, key: str) -> Button:
        shown = key if key != "," or self._look.t.language == "de" else "."
        button = Button(self._look, Face(shown), Kind.KEY).arranged(Arrangement.CENTRED, padding=4)
        button.in_type(font(Size.KEY)).tall(self._look.target_px)
        button.clicked.connect(lambda: self.typed.emit(key))
        return button

    def _action(self, pad_key: PadKey, rows: int) -> Button:
        button = Button(self._look, pad_key.face, pad_key.kind).arranged(Arrangement.CENTRED, padding=6)
        button.in_type(semibold(Size.BODY - 1)).tall(rows * self._look.target_px + (rows - 1) * _GAP)
        button.clicked.connect(lambda: self.acted.emit(pad_key.id))
        self._column[pad_key.id] = button
        return button


def heights(count: int) -> tuple[int, ...]:
    """How many rows each key of the right column takes, so that no hole is left below them; the lower ones take more."""
    least, more = divmod(len(DIGITS), count)
    return tuple(least + (place >= count - more) for place in range(count))
