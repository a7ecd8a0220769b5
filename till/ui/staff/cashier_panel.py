"""Behind the cashier's name in the top bar: change places, lock the till, change the own PIN."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout

from till.app.bootstrap import Till
from till.ui.fonts import font
from till.ui.keys import Action, shown_key
from till.ui.look import Look
from till.ui.staff.names import Choice
from till.ui.staff.panel import Panel
from till.ui.staff.proof import Proof, Ways
from till.ui.theme import Size
from till.ui.widgets.button import Arrangement, Button, Face
from till.ui.widgets.text import Text


class CashierPanel(Panel):
    """`lock_asked` and `own_pin_asked`; `left` when somebody else is at work now, or nothing was wanted."""

    lock_asked = Signal()
    own_pin_asked = Signal()

    def __init__(self, look: Look, till: Till) -> None:
        t = look.t
        super().__init__(look, t("{user} is at the till").format(user=till.cashier_name))
        staff = till.staff
        ways = Ways(t("Sign in"), staff.sign_in, staff.sign_in_by_card, staff.switch_to)
        names, here = staff.names(), staff.current
        others = [
            Choice(one.person.user, one.needs_proof) for one in names if here is None or one.person.user.id != here.id
        ]
        self.proof = Proof(look, others, ways)
        self.proof.proved.connect(self.left)
        self.lock_button = Button(look, Face(t("Lock the till"), "lock", key=shown_key(look.key_of(Action.LOCK))))
        self.lock_button.arranged(Arrangement.SPREAD).clicked.connect(self.lock_asked)
        self.own_pin_button = Button(look, Face(t("Change my PIN"), "shield-check")).arranged(Arrangement.SPREAD)
        self.own_pin_button.clicked.connect(self.own_pin_asked)
        has_pin = any(one.person.has_pin for one in names if here is not None and one.person.user.id == here.id)
        self.own_pin_button.setVisible(has_pin)
        words = t("Who takes over? The basket stays.") if others else t("Nobody else works here yet.")
        self.column.addWidget(Text(words, font(Size.BODY), "muted").wrapped())
        self.column.addSpacing(6)
        self.column.addWidget(self.proof, 1)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.lock_button, 1)
        row.addWidget(self.own_pin_button, 1)
        self.column.addLayout(row)

    def on_scan(self, code: str) -> bool:
        """A staff card signs its owner in."""
        return self.proof.on_scan(code)

    def take_key(self, event: QKeyEvent) -> bool:
        """Digits go to the pad."""
        return self.proof.take_key(event)
