"""A big figure with its word above or beside it: due, given, change, open."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QVBoxLayout, QWidget

from till.ui.fonts import bold, semibold
from till.ui.theme import Size
from till.ui.widgets.text import Text


class Figure(QWidget):
    """A word in small over an amount in big."""

    def __init__(self, word: str, size_px: int = Size.DUE, *, is_right: bool = False) -> None:
        super().__init__()
        self._word = Text(word, semibold(Size.BODY - 1), "muted")
        side = Qt.AlignmentFlag.AlignRight if is_right else Qt.AlignmentFlag.AlignLeft
        self._amount = Text("", bold(size_px))
        self._amount.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        self._size_px = size_px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._word)
        column.addWidget(self._amount)

    @property
    def amount(self) -> str:
        """The amount as it stands there."""
        return self._amount.text()

    def say(self, word: str) -> None:
        """Put another word over the amount."""
        self._word.setText(word)

    def set_role(self, role: str) -> None:
        """Give the amount another colour."""
        self._amount.set_role(role)

    def show_amount(self, shown: str, room_px: int = 0) -> None:
        """Show it, a step smaller where it would not fit into `room_px` (0 = there is room)."""
        self._amount.setText(shown)
        self._amount.setAccessibleName(f"{self._word.text()} {shown}")
        size = self._size_px
        while room_px and size > Size.TITLE and _width(shown, size) > room_px:
            size -= 2
        self._amount.setFont(bold(size))


def _width(shown: str, size_px: int) -> int:
    return QFontMetrics(bold(size_px)).horizontalAdvance(shown)
