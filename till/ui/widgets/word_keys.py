"""The keyboard on the screen: words with capital letters, umlauts, digits and blanks on a counter without a keyboard."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from till.ui.fonts import font
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.button import Arrangement, Button, Face, Kind

_DIGITS = "1234567890ß"
_GERMAN = ("qwertzuiopü", "asdfghjklöä", "yxcvbnm,.-")
_ENGLISH = ("qwertyuiopü", "asdfghjklöä", "zxcvbnm,.-")
_LAST = "/&"
_ENDS = "!?"
_BLANK_KEYS = 5
_GAP = 6


class WordKeys(QWidget):
    """Sends `typed` with each character, `back_asked` for its delete key; the letters lie as on the language's keyboards."""

    typed = Signal(str)
    back_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.letters: dict[str, Button] = {}
        """The keys of the letters by their small letter, and those of all other characters."""
        t = look.t
        self.shift = self._key(Face(icon="chevron-up", name=t("Capital letter")), Kind.ACTION)
        self.shift.setCheckable(True)
        self.blank = self._key(Face(t("Blank")), Kind.KEY).in_type(font(Size.BODY))
        self.back = self._key(Face(icon="backspace", name=t("Delete the last key")), Kind.ACTION)
        self._build()
        self.shift.toggled.connect(self._show_letters)
        self.blank.clicked.connect(lambda: self._send(" "))
        self.back.clicked.connect(self.back_asked)

    def begin(self, text: str) -> None:
        """Begin words with a capital letter."""
        self.shift.setChecked(not text.strip())

    def _send(self, character: str) -> None:
        """A capital letter is one letter long."""
        is_capital = self.shift.isChecked()
        if character.isalpha():
            self.shift.setChecked(False)
        self.typed.emit(_capital(character) if is_capital else character)

    def _show_letters(self, is_capital: bool) -> None:  # noqa: FBT001 - a signal's slot
        for letter, button in self.letters.items():
            button.set_face(Face(_capital(letter) if is_capital else letter))

    def _letter(self, letter: str) -> Button:
        button = self._key(Face(letter), Kind.KEY).in_type(font(Size.TITLE))
        button.clicked.connect(lambda: self._send(letter))
        self.letters[letter] = button
        return button

    def _key(self, face: Face, kind: Kind) -> Button:
        return Button(self._look, face, kind).arranged(Arrangement.CENTRED, padding=2).tall(self._look.target_px)

    def _build(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(_GAP)
        upper, middle, lower = _GERMAN if self._look.t.language == "de" else _ENGLISH
        rows: tuple[list[tuple[Button, int]], ...] = (
            [(self._letter(letter), 1) for letter in _DIGITS],
            [(self._letter(letter), 1) for letter in upper],
            [(self._letter(letter), 1) for letter in middle],
            [(self.shift, 1), *((self._letter(letter), 1) for letter in lower)],
            [
                *((self._letter(letter), 1) for letter in _LAST),
                (self.blank, _BLANK_KEYS),
                *((self._letter(letter), 1) for letter in _ENDS),
                (self.back, 2),
            ],
        )
        for place, row in enumerate(rows):
            column = 0
            for button, width in row:
                grid.addWidget(button, place, column, 1, width)
                column += width
        for column in range(len(_DIGITS)):
            grid.setColumnStretch(column, 1)


def _capital(character: str) -> str:
    """No word begins with ß, and Python's capital of it is two letters."""
    return character if character == "ß" else character.upper()
