"""Step 4: who works at the till, and the PIN that nobody else shall know."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit

from till.app.first_start import Step, check_person
from till.errors import Refused
from till.i18n import msg
from till.staff.pin import LONGEST, checked_pin
from till.ui.first_start.asking import Asking
from till.ui.first_start.page import StepPage
from till.ui.look import Look
from till.ui.widgets.form import Form, TextField

NOT_THE_SAME = msg("This is not the PIN above. Type the same digits again.")


class PersonPage(StepPage):
    """The first person, who may everything."""

    step = Step.PERSON

    def __init__(self, look: Look, asking: Asking) -> None:
        t = look.t
        why = t(
            "Your name stands on receipts. With a PIN nobody else can use the till; others are added later, in the office."
        )
        super().__init__(look, asking, t("You"), why)
        self.skipped_words = t("Then receipts name “Owner”, and whoever stands at the till may use it.")
        self.name = TextField(look, t("Your name"), check_person, is_needed=True)
        self.name.line.setText(asking.draft.cashier)
        self.name.changed.connect(lambda: asking.note(cashier=self.name.line.text()))
        self.pin = self._secret(t("PIN, 4 to 8 digits; empty: none"), asking.pin)
        self.again = self._secret(t("The same PIN again"), asking.pin_again)
        self.form = Form(self.name, self.pin, self.again)
        self.body.addWidget(self.name)
        self.beside((self.pin, 1), (self.again, 1))

    def _secret(self, label: str, typed: str) -> TextField:
        field = TextField(self._look, label, self._check_pin)
        field.line.setEchoMode(QLineEdit.EchoMode.Password)
        field.line.setMaxLength(LONGEST)
        field.line.setText(typed)
        field.changed.connect(self._keep)
        return field

    def _keep(self) -> None:
        self._asking.pin, self._asking.pin_again = self.pin.line.text(), self.again.line.text()
        if self.again.error.text():
            self.again.is_right()

    def is_right(self) -> bool:
        """The name, and two times the same PIN or none."""
        return super().is_right() and self._is_same()

    def _check_pin(self, typed: str) -> None:
        """Both fields have this rule: a PIN that may be one, or nothing at all."""
        if typed:
            checked_pin(typed)

    def _is_same(self) -> bool:
        if self.pin.line.text() == self.again.line.text():
            return True
        self.again.say(self._look.formats.sentence(Refused(NOT_THE_SAME)))
        self.again.setFocus()
        return False
