"""In the morning: the till is closed; count the float and open it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from till.app.cash import CashDesk
from till.money import Money
from till.ui import icons
from till.ui.entry import Entry
from till.ui.fonts import bold, font
from till.ui.look import Look
from till.ui.message import Message
from till.ui.theme import PAY_HEIGHT, Size
from till.ui.widgets.amount_field import AmountField
from till.ui.widgets.button import Arrangement, Face, primary_button
from till.ui.widgets.text import Text


class OpeningPanel(QWidget):
    """Asks for the opening float; `opened` with the amount (Money)."""

    opened = Signal(object)

    def __init__(self, look: Look, suggested: Money, cash: CashDesk) -> None:
        super().__init__()
        self._look = look
        self._suggested = suggested
        self._entry = Entry(has_decimal_key=look.has_decimal_key)
        self._field = AmountField(look, look.t("Cash in the drawer"))
        self._field.set_active(True)
        self.message = Message(look, cash)
        button = primary_button(look, Face(look.t("Open the till"), key="Enter"))
        button.arranged(Arrangement.SPREAD, padding=20).tall(PAY_HEIGHT)
        button.clicked.connect(self.confirm)
        self._build(button)
        self.show_entry(self._entry)

    @property
    def shown(self) -> str:
        """The float as it stands in the field."""
        return self._field.shown

    def show_entry(self, entry: Entry) -> None:
        """Show what is typed; nothing typed leaves the suggested float."""
        self._entry = entry
        shown = entry.shown_money(self._look.formats) if entry else self._look.formats.money(self._suggested)
        self._field.show_figure(shown, is_typed=bool(entry))

    def confirm(self) -> None:
        """Send the typed float, or the suggested one."""
        self.message.attempt(self._amount, self.opened.emit)

    def _amount(self) -> Money:
        return self._entry.money() if self._entry else self._suggested

    def _build(self, button: QWidget) -> None:
        t = self._look.t
        card = QFrame()
        card.setProperty("role", "card")
        card.setMaximumWidth(520)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(28, 28, 28, 28)
        inside.setSpacing(12)
        mark = QLabel()
        mark.setPixmap(icons.pixmap("cash-register", self._look.palette.accent, 40, self.devicePixelRatioF()))
        inside.addWidget(mark)
        inside.addWidget(Text(t("The till is closed"), bold(24)))
        says = t("Count the cash in the drawer, type it if it differs, and open the till.")
        inside.addWidget(Text(says, font(Size.BODY), "muted").wrapped())
        inside.addSpacing(8)
        inside.addWidget(self._field)
        inside.addWidget(self.message)
        inside.addWidget(button)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(card, 8)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addStretch(2)
        column.addLayout(row)
        column.addStretch(3)
