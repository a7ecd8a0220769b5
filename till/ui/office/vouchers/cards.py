"""Figures in a row of cards: a word in small over an amount in big, and below it what belongs to it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from till.ui.fonts import bold, semibold
from till.ui.office.page import GAP
from till.ui.theme import Size
from till.ui.widgets.text import ShorteningText

UNKNOWN = "…"


class FigureCard(QFrame):
    """One figure. While it is not known yet it shows an ellipsis."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._word = ShorteningText("", semibold(Size.SMALL), "muted")
        self._amount = ShorteningText(UNKNOWN, bold(Size.FIELD))
        self._besides = ShorteningText("", semibold(Size.TINY), "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 14, 8)
        column.setSpacing(0)
        for text in (self._word, self._amount, self._besides):
            column.addWidget(text)

    @property
    def amount(self) -> str:
        """The figure as it stands there."""
        return self._amount.text()

    @property
    def besides(self) -> str:
        """What stands below it."""
        return self._besides.text()

    def show_figure(self, word: str, amount: str, besides: str = "") -> None:
        """Show a figure with its word, and what belongs to it."""
        self._word.setText(word)
        self._amount.setText(amount)
        self._besides.setText(besides)
        self.setAccessibleName(" ".join(part for part in (word, amount, besides) if part))


class FigureCards(QWidget):
    """Cards side by side, all as wide."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.cards: Sequence[FigureCard] = tuple(FigureCard() for _ in range(count))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        for card in self.cards:
            row.addWidget(card, 1)
