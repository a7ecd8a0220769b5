"""The field for a voucher's number: scanned, typed, or tapped on the letter pad."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from till.catalog.barcodes import MAX_LENGTH
from till.ui import icons
from till.ui.fonts import semibold
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.amount_field import FIELD_HEIGHT, set_active
from till.ui.widgets.keys import TellingLine

_HINTS = Qt.InputMethodHint.ImhNoPredictiveText | Qt.InputMethodHint.ImhPreferLatin


class NumberField(QFrame):
    """`entered` with the number when Enter is pressed; `edited` when it changes."""

    entered = Signal(str)
    edited = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setProperty("role", "field")
        self.setFixedHeight(max(FIELD_HEIGHT, look.target_px))
        self.line = TellingLine()
        self.line.setFont(semibold(Size.FIELD))
        self.line.setMaxLength(MAX_LENGTH)
        self.line.setPlaceholderText(look.t("Number"))
        self.line.setAccessibleName(look.t("Voucher number"))
        self.line.setInputMethodHints(_HINTS)
        self._takes_letters = True
        self.line.returnPressed.connect(lambda: self.entered.emit(self.text))
        self.line.textEdited.connect(self._edited)
        self.line.focused.connect(lambda has: set_active(self, is_active=has))
        mark = QLabel()
        mark.setPixmap(icons.pixmap("scan", look.palette.text, 24, self.devicePixelRatioF()))
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 14, 0)
        row.setSpacing(12)
        row.addWidget(mark)
        row.addWidget(self.line, 1)

    @property
    def text(self) -> str:
        """The number as it stands there, without blanks around it."""
        return self.line.text().strip()

    def set_text(self, text: str) -> None:
        """Put a number there, from a scan."""
        self.line.setText(text)

    def take_letters(self, takes_letters: bool) -> None:  # noqa: FBT001 - a Qt-like setter
        """Let letters be typed, or digits only (V15); what is scanned is read whole in any case."""
        self._takes_letters = takes_letters
        digits = Qt.InputMethodHint.ImhDigitsOnly
        self.line.setInputMethodHints(_HINTS if takes_letters else _HINTS | digits)

    @property
    def takes_letters(self) -> bool:
        """Whether letters can be typed."""
        return self._takes_letters

    def insert(self, key: str) -> None:
        """A key of the screen's pad was tapped."""
        self.line.insert(key)
        self.edited.emit()

    def _edited(self, text: str) -> None:
        if not self._takes_letters and not text.isdigit():
            self.line.setText("".join(letter for letter in text if letter.isascii() and letter.isdigit()))
        self.edited.emit()
