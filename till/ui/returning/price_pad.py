"""Asks what is given for one piece, where that is less than it costs today."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from till.money import Money
from till.ui.entry import Entry
from till.ui.fonts import bold, font
from till.ui.look import Look
from till.ui.theme import PAY_HEIGHT, Size
from till.ui.widgets.amount_field import AmountField
from till.ui.widgets.button import Button, Face, primary_button
from till.ui.widgets.keypad import KeyPad, PadKey
from till.ui.widgets.text import ShorteningText, Text


class PricePad(QFrame):
    """`taken` when the typed price shall count, `left` when not."""

    taken = Signal()
    left = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        t = look.t
        self._look = look
        self._entry = Entry(has_decimal_key=look.has_decimal_key)
        self.setProperty("role", "card")
        self.name = ShorteningText("", bold(Size.TITLE))
        self.today = Text("", font(Size.BODY), "muted")
        self.amount = AmountField(look, t("Given for one"))
        keys = (
            PadKey("clear", Face("C", name=t("Clear"))),
            PadKey("back", Face(icon="backspace", name=t("Delete the last key"))),
        )
        self.pad = KeyPad(look, keys)
        self.take = primary_button(look, Face(t("Take over"))).tall(PAY_HEIGHT)
        cancel = Button(look, Face(t("Cancel"))).tall(PAY_HEIGHT)
        self.pad.typed.connect(self.press)
        self.pad.acted.connect(self.act_on)
        self.take.clicked.connect(self.taken)
        cancel.clicked.connect(self.left)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(cancel, 1)
        row.addWidget(self.take, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 20)
        column.setSpacing(10)
        for widget in (self.name, self.today, self.amount):
            column.addWidget(widget)
        column.addStretch(1)
        column.addWidget(self.pad)
        column.addLayout(row)

    @property
    def entry(self) -> Entry:
        """What is typed."""
        return self._entry

    def ask(self, name: str, today: Money) -> None:
        """Ask for the price of this; `today` is the most."""
        self.name.setText(name)
        shown = self._look.formats.money(today)
        self.today.setText(self._look.t("It costs {price} today; no more can be given.").format(price=shown))
        self._entry = self._entry.cleared()
        self._show()

    def press(self, key: str) -> None:
        """A digit or the comma."""
        self._entry = self._entry.pressed(key)
        self._show()

    def act_on(self, key_id: str) -> None:
        """Correct it."""
        self._entry = self._entry.shortened() if key_id == "back" else self._entry.cleared()
        self._show()

    def _show(self) -> None:
        self.amount.show_figure(self._entry.shown_money(self._look.formats), is_typed=bool(self._entry))
        self.amount.set_active(True)
        self.take.setEnabled(bool(self._entry))
