"""A few buttons of which one is chosen: a kind, a way, a reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QGridLayout, QWidget

from till.ui.fonts import semibold
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.button import Arrangement, Button, Face, Kind
from till.ui.widgets.flow import Flow

_MOST_WIDTH = 260


class Choices(QWidget):
    """Buttons side by side, in rows of `columns`; `chosen` with the key of the one that is tapped."""

    chosen = Signal(object)

    def __init__(self, look: Look, choices: Sequence[tuple[object, Face]], columns: int = 0) -> None:
        super().__init__()
        self.buttons: dict[object, Button] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        for place, (key, face) in enumerate(choices):
            button = Button(look, face).arranged(Arrangement.CENTRED, padding=8).in_type(semibold(Size.BODY - 1))
            button.setCheckable(True)
            button.clicked.connect(lambda _checked, key=key: self._choose(key))
            self.buttons[key] = button
            grid.addWidget(button, *divmod(place, columns or len(choices)))
            grid.setColumnStretch(place % (columns or len(choices)), 1)

    def show_chosen(self, key: object) -> None:
        """Show this one as chosen."""
        for known, button in self.buttons.items():
            button.setChecked(known == key)

    def _choose(self, key: object) -> None:
        self.show_chosen(key)
        self.chosen.emit(key)


class Chips(QWidget):
    """Words to tap, in as many lines as it takes; `chosen` with the word. Foreign words of any length end in "…"."""

    chosen = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.buttons: dict[str, Button] = {}
        self._flow = Flow(self)

    def set_words(self, words: Iterable[str]) -> None:
        """Offer other words."""
        while (item := self._flow.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        self.buttons = {word: self._chip(word) for word in words}
        for chip in self.buttons.values():
            self._flow.addWidget(chip)
        self._flow.invalidate()
        self.updateGeometry()

    def show_chosen(self, word: str) -> None:
        """Show this word as chosen; one that is not offered leaves all of them."""
        for known, button in self.buttons.items():
            button.setChecked(known == word)

    def _chip(self, word: str) -> Button:
        type_ = semibold(Size.BODY - 1)
        shown = QFontMetrics(type_).elidedText(word, Qt.TextElideMode.ElideRight, _MOST_WIDTH)
        chip = Button(self._look, Face(shown, name=word), Kind.CHIP).arranged(Arrangement.CENTRED, padding=12)
        chip.in_type(type_)
        chip.setCheckable(True)
        chip.clicked.connect(lambda: self._choose(word))
        return chip

    def _choose(self, word: str) -> None:
        self.show_chosen(word)
        self.chosen.emit(word)
