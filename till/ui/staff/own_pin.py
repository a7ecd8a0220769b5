"""Changing the own PIN: the old one, then the new one twice, all on one pad."""

from __future__ import annotations

from till.app.bootstrap import Till
from till.ui.look import Look
from till.ui.staff.awaiting import Awaiting
from till.ui.staff.new_pin import NewPinPanel, Step


class OwnPinPanel(NewPinPanel):
    """Says so when the new PIN counts; a wrong old one leads back to the beginning."""

    def __init__(self, look: Look, till: Till) -> None:
        super().__init__(look, look.t("Change my PIN"), till.cashier_name)
        self._till = till
        self._old = ""
        self._awaiting = Awaiting(self)
        self._ask(Step.OLD)

    def _entered(self, pin: str) -> None:
        if self._awaiting.is_busy:
            return
        if self.step is Step.OLD:
            self._old = pin
            self.message.clear()
            self._ask(Step.NEW)
        else:
            super()._entered(pin)

    def _end(self, pin: str) -> None:
        self.message.clear()
        self.pad.set_busy(is_busy=True)
        self._awaiting.wait(self._till.staff.change_own_pin(self._old, pin), self._saved, self._failed)

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
