"""The last step of closing: the till is closed; the Z as it is printed, and what was taken out."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from till.app.paper import ReceiptDesk
from till.app.views import ClosingEntry
from till.ui import icons
from till.ui.fonts import bold, font
from till.ui.look import Look
from till.ui.message import Message
from till.ui.shift.page import card, signed
from till.ui.shift.paper import PaperView
from till.ui.theme import PAY_HEIGHT, Size
from till.ui.widgets.button import Button, Face, primary_button
from till.ui.widgets.text import Text

_MARK = 48


class ClosedStep(QWidget):
    """`copy_asked` to print the Z once more; `left`."""

    copy_asked = Signal()
    left = Signal()

    def __init__(self, look: Look, receipts: ReceiptDesk) -> None:
        super().__init__()
        self._look = look
        self.entry: ClosingEntry | None = None
        self.words = Text(look.t("The till is closed"), bold(Size.FIGURE)).wrapped()
        self.told = Text("", font(Size.BODY)).wrapped()
        self.paper = PaperView(receipts, look.t("Z report"))
        self.copy_button = Button(look, Face(look.t("Print copy"), "printer"))
        self.copy_button.clicked.connect(self.copy_asked)
        self.back_button = primary_button(look, Face(look.t("Done"))).tall(PAY_HEIGHT)
        self.back_button.clicked.connect(self.left)
        self._build()

    def show_closing(self, entry: ClosingEntry) -> None:
        """Show a Z."""
        t, formats = self._look.t, self._look.formats
        self.entry = entry
        self.words.setText(t("Closed: Z {number}").format(number=entry.z_number))
        lines = [
            t("The Z report is being printed."),
            t("Turnover: {amount}").format(amount=formats.money(entry.turnover)),
        ]
        if entry.difference is not None:
            lines.append(t("Difference: {amount}").format(amount=signed(self._look, entry.difference)))
        if entry.dropped:
            lines.append(t("Taken out: {amount}").format(amount=formats.money(entry.dropped)))
        if entry.counted is not None:
            stays = formats.money(entry.counted - entry.dropped)
            lines.append(t("In the drawer for tomorrow: {amount}").format(amount=stays))
        self.told.setText("\n".join(lines))
        self.paper.show_document(entry.document_id)

    def place_message(self, message: Message) -> None:
        """Say what is to say above the buttons."""
        self._column.removeWidget(message)
        self._column.insertWidget(self._column.indexOf(self.copy_button), message)

    def _build(self) -> None:
        left, inside = card()
        inside.addWidget(self.paper)
        right, self._column = card(24, 14)
        mark = QLabel()
        mark.setPixmap(icons.pixmap("circle-check", self._look.palette.ok, _MARK, self.devicePixelRatioF()))
        self._column.addWidget(mark)
        self._column.addWidget(self.words)
        self._column.addWidget(self.told)
        self._column.addStretch(1)
        self._column.addWidget(self.copy_button)
        self._column.addWidget(self.back_button)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(left, 1)
        row.addWidget(right, 1)
