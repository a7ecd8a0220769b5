"""Step 1: name, address and tax number, as they stand on every receipt (§ 6 KassenSichV)."""

from __future__ import annotations

from collections.abc import Callable

from till.app.first_start import Step
from till.shop import entry
from till.ui.first_start.asking import Asking
from till.ui.first_start.page import StepPage
from till.ui.look import Look
from till.ui.widgets.form import Form, TextField

_NEEDED = ("name", "street", "postcode", "town")


class ShopPage(StepPage):
    """The shop's own details."""

    step = Step.SHOP

    def __init__(self, look: Look, asking: Asking) -> None:
        t = look.t
        why = t("Your customers and the tax office read this on every receipt.")
        super().__init__(look, asking, t("Your shop"), why)
        self.skipped_words = t(
            "Without name and address the till can be looked at, but not opened: they must stand on every receipt "
            "(§ 6 KassenSichV). It asks again at the next start."
        )
        self.name = self._field("name", t("Name of the shop"), entry.check_text)
        self.street = self._field("street", t("Street and number"), entry.check_text)
        self.postcode = self._field("postcode", t("Postcode"), entry.check_postcode)
        self.town = self._field("town", t("Town"), entry.check_text)
        self.tax_number = self._field("tax_number", t("Tax number (Steuernummer)"), entry.check_tax_number)
        self.vat_id = self._field("vat_id", t("VAT id (USt-IdNr.), if you have one"), entry.check_vat_id)
        self.tax_number.show_hint("12/345/67890")
        self.vat_id.show_hint("DE123456788")
        self.form = Form(self.name, self.street, self.postcode, self.town, self.tax_number, self.vat_id)
        self.body.addWidget(self.name)
        self.body.addWidget(self.street)
        self.beside((self.postcode, 1), (self.town, 3))
        self.beside((self.tax_number, 1), (self.vat_id, 1))

    def _field(self, name: str, label: str, check: Callable[[str], object]) -> TextField:
        field = TextField(self._look, label, check, is_needed=name in _NEEDED)
        field.line.setText(getattr(self._asking.draft, name))
        field.changed.connect(lambda: self._asking.note(**{name: field.line.text()}))
        return field
