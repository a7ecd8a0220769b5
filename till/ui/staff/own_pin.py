"""Changing the own PIN: the old one, then the new one twice, all on one pad."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from till.app.bootstrap import Till
from till.errors import Refused
from till.i18n import msg
from till.staff.pin import checked_pin
from till.ui.fonts import font, semibold
from till.ui.look import Look
from till.ui.message import Message
from till.ui.staff.awaiting import Awaiting
from till.ui.staff.panel import Panel
from till.ui.staff.pin_pad import PinPad
from till.ui.theme import Size
from till.ui.widgets.text import Text

_DIFFERENT = msg("That was another PIN than the first time. Type the new one again.")


class Step(Enum):
    """What is typed next; the text asks for it."""

    OLD = msg("Type the PIN that you have now.")
    NEW = msg("Type the new PIN: 4 to 8 digits.")
    AGAIN = msg("Type the new PIN once more.")


class OwnPinPanel(Panel):
    """Says so when the new PIN counts; a wrong old one leads back to the beginning."""

    def __init__(self, look: Look, till: Till) -> None:
        super().__init__(look, look.t("Change my PIN"), width=400)
        self._till = till
        self._old = self._new = ""
        self._awaiting = Awaiting(self)
        self.step = Step.OLD
        self.pad = PinPad(look, look.t("Next"))
        self.pad.entered.connect(self._entered)
        self.message = Message(look)
        self._asks = Text("", semibold(Size.BODY)).wrapped()
        self.column.addWidget(Text(till.cashier_name, font(Size.BODY), "muted"))
        self.column.addWidget(self._asks)
        self.column.addWidget(self.pad)
        self.column.addWidget(self.message)
        self.column.addStretch(1)
        self._ask(Step.OLD)

    def take_key(self, event: QKeyEvent) -> bool:
        """Digits go to the pad."""
        return self.pad.take_key(event)

    def _ask(self, step: Step) -> None:
        self.step = step
        self._asks.setText(self._look.t(step.value))
        self._asks.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self.pad.set_verb(self._look.t("Save") if step is Step.AGAIN else self._look.t("Next"))
        self.pad.clear()

    def _entered(self, pin: str) -> None:
        if self._awaiting.is_busy:
            return
        if self.step is Step.OLD:
            self._old = pin
            self.message.clear()
            self._ask(Step.NEW)
        elif self.step is Step.NEW:
            self.message.attempt(lambda: checked_pin(pin), self._take_new)
        elif pin != self._new:
            self._ask(Step.NEW)
            self.message.refuse(Refused(_DIFFERENT))
        else:
            self._save()

    def _take_new(self, pin: str) -> None:
        self._new = pin
        self._ask(Step.AGAIN)

    def _save(self) -> None:
        self.message.clear()
        self.pad.set_busy(is_busy=True)
        self._awaiting.wait(self._till.staff.change_own_pin(self._old, self._new), self._saved, self._failed)

    def _saved(self, _answer: object) -> None:
        self._forget()
        self.pad.hide()
        self._asks.hide()
        self.message.tell(self._look.t("Your new PIN counts from now on."))

    def _failed(self, error: Exception) -> None:
        """The old PIN was wrong: begin again."""
        self._forget()
        self._ask(Step.OLD)
        self.message.show_refusal(error)

    def _forget(self) -> None:
        self._old = self._new = ""
        self.pad.set_busy(is_busy=False)
