"""The receipt printer of this PC: where it is, what it is, and a test on its paper."""

from __future__ import annotations

from till.app.bootstrap import Till
from till.devices.endpoints import transport_factory
from till.ui.look import Look
from till.ui.office.page import OfficePage
from till.ui.office.settings.part import SettingsPart
from till.ui.widgets.button import Button, Face
from till.ui.widgets.form import ChoiceField, TextField


class PrinterPart(SettingsPart):
    """Address and model; both count after the next start of the till."""

    def __init__(self, page: OfficePage, look: Look, till: Till) -> None:
        super().__init__(page, look, till, look.t("Printer"))
        t = look.t
        address = TextField(look, t("Address"), transport_factory, is_needed=True)
        address.show_hint("tcp://192.168.1.50:9100")
        models = [(label, name) for name, label in till.this_pc.profiles()]
        self._fill(
            {"printer": address, "printer_profile": ChoiceField(look, t("Model"), models)},
            self._note(t("“null:” means no printer: receipts are then shown and saved as PDF.")),
        )
        test = Button(look, Face(t("Print a test"), "printer"))
        test.clicked.connect(lambda _: self.print_test())
        self._offer(test)

    def print_test(self) -> None:
        """Print a sample receipt on the printer that the till began with."""
        if self.message.attempt(self._till.this_pc.print_test):
            self.message.tell(self._look.t("The test is on its way to the printer."))

    def shown(self, name: str, value: object) -> object:
        """A profile is known by any case of its letters."""
        if name == "printer_profile":
            known = {one.casefold(): one for one, _label in self._till.this_pc.profiles()}
            return known.get(str(value).casefold(), value)
        return value
