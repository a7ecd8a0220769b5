"""After a return: what to hand out in big, and beside it the vouchers that were given; it stays until the next tap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from till.app.bootstrap import Till
from till.documents.model import Document
from till.ui.fonts import bold, font, semibold
from till.ui.look import Look
from till.ui.message import Message
from till.ui.sale.finished import booked_heading
from till.ui.sale.vouchers_card import VouchersCard
from till.ui.theme import PAY_HEIGHT, Size
from till.ui.widgets.button import Arrangement, Button, Face, primary_button
from till.ui.widgets.text import Text
from till.vouchers.model import Voucher

_FIGURE_SIZE = 72
_WIDTH = 1000
_WIDE_STRETCH = 40
"""A card takes all the room up to its width; only then is some left on both sides."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was booked, in words and figures: `word` over the big `figure`, then rows of a word and an amount, then notes."""

    document: Document
    word: str
    figure: str
    rows: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()
    vouchers: tuple[Voucher, ...] = ()


class FinishedReturn(QWidget):
    """`dismissed` with the next tap, `receipt_asked` with the document."""

    dismissed = Signal()
    receipt_asked = Signal(object)

    def __init__(self, look: Look, till: Till, outcome: Outcome) -> None:
        super().__init__()
        self._look, self._till, self._outcome = look, till, outcome
        self.message = Message(look, till.cash)
        self.figure = Text(outcome.figure, bold(_FIGURE_SIZE), "accent")
        self.figure.setAccessibleName(f"{outcome.word} {outcome.figure}")
        self.go_on = primary_button(look, Face(look.t("Next customer"), key="Enter"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addStretch(1)
        row.addWidget(self._card(), _WIDE_STRETCH * 3)
        self.vouchers = VouchersCard(look, till, (outcome.document.id, outcome.vouchers)) if outcome.vouchers else None
        if self.vouchers is not None:
            self.vouchers.setMaximumWidth(_WIDTH * 2 // 3)
            row.addWidget(self.vouchers, _WIDE_STRETCH * 2)
        row.addStretch(1)

    @property
    def spoken(self) -> str:
        """All that stands here, for a screen reader."""
        return "\n".join(label.text() for label in self.findChildren(Text) if label.text())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Any tap goes on."""
        self.dismissed.emit()
        event.accept()

    def _card(self) -> QFrame:
        card = QFrame()
        card.setProperty("role", "card")
        card.setMaximumWidth(_WIDTH)
        column = QVBoxLayout(card)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(4)
        column.addLayout(booked_heading(self._look, self._outcome.document.number))
        column.addStretch(2)
        column.addWidget(Text(self._outcome.word, semibold(Size.TITLE), "muted"))
        column.addWidget(self.figure)
        column.addSpacing(16)
        for word, amount in self._outcome.rows:
            column.addLayout(self._row(word, amount))
        for note in self._outcome.notes:
            column.addWidget(Text(note, font(Size.BODY), "muted").wrapped())
        column.addStretch(3)
        column.addWidget(self.message)
        column.addLayout(self._buttons())
        return card

    def _row(self, word: str, amount: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(Text(word, font(Size.TITLE), "muted").wrapped(), 1)
        row.addWidget(Text(amount, bold(Size.FIELD)).right())
        return row

    def _buttons(self) -> QVBoxLayout:
        t, look, document = self._look.t, self._look, self._outcome.document
        show = Button(look, Face(t("Show receipt"), "receipt"))
        copy = Button(look, Face(t("Print copy"), "printer"))
        show.clicked.connect(lambda: self.receipt_asked.emit(document))
        copy.clicked.connect(lambda: self.message.insist(lambda: self._till.receipts.reprint(document.id)))
        self.go_on.arranged(Arrangement.SPREAD, padding=20).tall(PAY_HEIGHT)
        self.go_on.clicked.connect(self.dismissed)
        row = QHBoxLayout()
        row.setSpacing(10)
        for button in (show, copy):
            button.arranged(Arrangement.CENTRED, padding=8).tall(52)
            row.addWidget(button, 1)
        column = QVBoxLayout()
        column.setSpacing(10)
        column.addLayout(row)
        column.addWidget(self.go_on)
        return column
