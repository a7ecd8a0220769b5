"""The pad on which a PIN is typed: dots for digits, never the digits themselves."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from till.staff.pin import LONGEST, SHORTEST
from till.ui.fonts import bold, font, semibold
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.amount_field import FIELD_HEIGHT, set_active
from till.ui.widgets.button import Arrangement, Button, Face, Kind, primary_button
from till.ui.widgets.keys import ENTER
from till.ui.widgets.text import Text

_ROWS = (("7", "8", "9"), ("4", "5", "6"), ("1", "2", "3"))
_DOT = "●"
_GAP = 6


class PinPad(QWidget):
    """`entered` with the PIN when Enter or the button under the pad confirms it; what was typed is forgotten then.

    While it is busy the button says so and nothing can be pressed.
    """

    entered = Signal(str)

    def __init__(self, look: Look, verb: str) -> None:
        super().__init__()
        self._look, self._verb = look, verb
        self._typed = ""
        self._is_busy = False
        self._field = QFrame()
        self._field.setProperty("role", "field")
        self._dots = Text("", bold(Size.FIELD))
        self._dots.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.keys: dict[str, Button] = {}
        self.confirm_button = primary_button(look, Face(verb)).in_type(semibold(Size.TITLE))
        self._build()
        self._show()

    @property
    def count(self) -> int:
        """How many digits were typed."""
        return len(self._typed)

    @property
    def shown(self) -> str:
        """What stands in the field."""
        return self._dots.text()

    @property
    def is_busy(self) -> bool:
        """Whether a PIN is being checked."""
        return self._is_busy

    def press(self, digit: str) -> None:
        """Add a digit; more than the longest PIN has are not taken."""
        if self.isEnabled() and not self._is_busy and len(self._typed) < LONGEST:
            self._typed += digit
            self._show()

    def clear(self) -> None:
        """Forget what was typed."""
        self._typed = ""
        self._show()

    def shorten(self) -> None:
        """Take the last digit back."""
        if not self._is_busy:
            self._typed = self._typed[:-1]
            self._show()

    def confirm(self) -> None:
        """Send what was typed, once."""
        if self.isEnabled() and not self._is_busy and len(self._typed) >= SHORTEST:
            typed = self._typed
            self.clear()
            self.entered.emit(typed)

    def set_verb(self, verb: str) -> None:
        """Let the button say something else."""
        self._verb = verb
        self._show()

    def set_busy(self, is_busy: bool) -> None:  # noqa: FBT001 - a Qt-like setter
        """A PIN is being checked, or not any more."""
        self._is_busy = is_busy
        self._show()

    def take_key(self, event: QKeyEvent) -> bool:
        """Whether this key is one of the pad's: digits, Backspace, Enter."""
        text = event.text()
        if text.isdigit() and text.isascii():
            self.press(text)
        elif event.key() == Qt.Key.Key_Backspace:
            self.shorten()
        elif event.key() in ENTER:
            self.confirm()
        else:
            return False
        return True

    def _show(self) -> None:
        t = self._look.t
        self._dots.setText(" ".join(_DOT * len(self._typed)))
        told = t.plural("{count} digit typed", "{count} digits typed", len(self._typed)).format(count=len(self._typed))
        self._field.setAccessibleDescription(told)
        set_active(self._field, is_active=not self._is_busy)
        self.confirm_button.set_face(Face(t("Checking …") if self._is_busy else self._verb))
        self.confirm_button.setEnabled(not self._is_busy and len(self._typed) >= SHORTEST)
        for key in self.keys.values():
            key.setEnabled(not self._is_busy)

    def _build(self) -> None:
        t = self._look.t
        self._field.setAccessibleName(t("PIN"))
        self._field.setFixedHeight(max(FIELD_HEIGHT, self._look.target_px))
        inside = QHBoxLayout(self._field)
        inside.setContentsMargins(14, 0, 14, 0)
        inside.addWidget(self._dots)
        grid = QGridLayout()
        grid.setSpacing(_GAP)
        for row, digits in enumerate(_ROWS):
            for place, digit in enumerate(digits):
                grid.addWidget(self._digit(digit), row, place)
        grid.addWidget(self._action("clear", Face("C", name=t("Clear"))), 3, 0)
        grid.addWidget(self._digit("0"), 3, 1)
        grid.addWidget(self._action("back", Face(icon="backspace", name=t("Delete the last key"))), 3, 2)
        self.keys["clear"].clicked.connect(self.clear)
        self.keys["back"].clicked.connect(self.shorten)
        self.confirm_button.clicked.connect(self.confirm)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._field)
        column.addLayout(grid)
        column.addWidget(self.confirm_button.tall(FIELD_HEIGHT))

    def _digit(self, digit: str) -> Button:
        button = Button(self._look, Face(digit), Kind.KEY).arranged(Arrangement.CENTRED, padding=4)
        button.clicked.connect(lambda: self.press(digit))
        self.keys[digit] = button
        return button.in_type(font(Size.KEY)).tall(max(56, self._look.target_px))

    def _action(self, name: str, face: Face) -> Button:
        button = Button(self._look, face, Kind.ACTION).arranged(Arrangement.CENTRED, padding=4)
        self.keys[name] = button
        return button.in_type(font(Size.KEY)).tall(max(56, self._look.target_px))
