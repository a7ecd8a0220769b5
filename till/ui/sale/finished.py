"""After the sale: the change in big, and beside it the vouchers that were sold, to be read out (U4, V24)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from till.app.views import CompletedSale
from till.money import ZERO
from till.ui.fonts import bold, font, semibold
from till.ui.look import Look
from till.ui.sale.vouchers_card import VouchersCard
from till.ui.theme import PAY_HEIGHT, Size
from till.ui.widgets.button import Arrangement, Button, Face, primary_button
from till.ui.widgets.chip import Chip, ChipFace
from till.ui.widgets.text import Text

_CHANGE_SIZE, _LEAST_SIZE = 72, 28


@dataclass(frozen=True, slots=True)
class AfterSale:
    """What can be done from here: look at the receipt, print it again, go on; `vouchers` shows those that were sold."""

    show_receipt: Callable[[], object]
    print_copy: Callable[[], object]
    vouchers: VouchersCard | None = None


class FinishedPanel(QWidget):
    """Shows a booked sale until the next scan or tap; `dismissed` when the cashier goes on."""

    dismissed = Signal()

    def __init__(self, look: Look, completed: CompletedSale, after: AfterSale) -> None:
        super().__init__()
        self._look, self._completed, self._after = look, completed, after
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        self.change_card = self._change_card()
        self.vouchers = after.vouchers
        row.addWidget(self.change_card, 3)
        if self.vouchers is not None:
            row.addWidget(self.vouchers, 2)

    @property
    def change(self) -> str:
        """The change as it stands there."""
        return self._figure.text()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Any tap goes on."""
        self.dismissed.emit()
        event.accept()

    def _change_card(self) -> QFrame:
        card = QFrame()
        card.setProperty("role", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(4)
        column.addLayout(booked_heading(self._look, self._completed.document.number))
        column.addStretch(2)
        column.addWidget(Text(self._look.t("Change"), semibold(Size.TITLE), "muted"))
        column.addWidget(self._change())
        column.addSpacing(16)
        for line in self._sums():
            column.addLayout(line)
        column.addStretch(3)
        column.addLayout(self._buttons())
        return card

    def _change(self) -> Text:
        shown = self._look.formats.money(self._completed.change)
        figure = _Figure(shown, bold(_CHANGE_SIZE), "accent" if self._completed.change > ZERO else "muted")
        word = self._look.t("Change")
        figure.setAccessibleName(f"{word} {shown}")
        self._figure = figure
        return figure

    def _sums(self) -> list[QHBoxLayout]:
        t, money, completed = self._look.t, self._look.formats.money, self._completed
        sums = [self._sum(t("Total"), money(completed.total))]
        if completed.by_vouchers:
            sums.append(self._sum(t("Vouchers"), money(completed.by_vouchers)))
        if completed.given or not completed.by_vouchers:
            sums.append(self._sum(t("Given"), money(completed.given)))
        return sums

    def _sum(self, word: str, amount: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(Text(word, font(Size.TITLE), "muted"))
        row.addWidget(Text(amount, bold(Size.FIELD)).right(), 1)
        return row

    def _buttons(self) -> QVBoxLayout:
        t, look = self._look.t, self._look
        copy = Button(look, Face(t("Print copy"), "printer"))
        show = Button(look, Face(t("Show receipt"), "receipt"))
        copy.clicked.connect(self._after.print_copy)
        show.clicked.connect(self._after.show_receipt)
        go_on = primary_button(look, Face(t("Next customer"), trailing="", key="Enter"))
        go_on.arranged(Arrangement.SPREAD, padding=20).tall(PAY_HEIGHT)
        go_on.clicked.connect(self.dismissed)
        row = QHBoxLayout()
        row.setSpacing(10)
        for button in (show, copy):
            button.arranged(Arrangement.CENTRED, padding=8).tall(52)
            row.addWidget(button, 1)
        column = QVBoxLayout()
        column.setSpacing(10)
        column.addLayout(row)
        column.addWidget(go_on)
        return column


class _Figure(Text):
    """A figure in large type that becomes smaller rather than being cut off."""

    def minimumSizeHint(self) -> QSize:
        """It can be as narrow as its smallest type."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the largest type that fits."""
        super().resizeEvent(event)
        size = _CHANGE_SIZE
        while size > _LEAST_SIZE and QFontMetrics(bold(size)).horizontalAdvance(self.text()) > event.size().width():
            size -= 2
        self.setFont(bold(size))


def booked_heading(look: Look, number: int) -> QHBoxLayout:
    """Over what was booked: that it is, and under which number."""
    row = QHBoxLayout()
    row.addWidget(Chip(look, ChipFace(look.t("Booked"), "check", "calm")))
    row.addStretch(1)
    row.addWidget(Text(look.t("Receipt {number}").format(number=number), font(Size.BODY), "muted"))
    return row
