"""Name, address and tax numbers of the shop, from today or a later day on."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from till.app.bootstrap import Till
from till.shop.details import ShopDetails
from till.shop.identity import FIELDS
from till.ui.fonts import font, semibold
from till.ui.look import Look
from till.ui.office.page import OfficePage
from till.ui.office.parts import FORM_WIDTH, FormPart, beside, column_of, heading, scrolled
from till.ui.office.shop.z_first import ZFirstStrip
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face
from till.ui.widgets.form import DateField, Form, TextField
from till.ui.widgets.text import Text


class DetailsPart(FormPart):
    """Who the shop is. What a Z keeps of it changes between two Z, or on a later day."""

    def __init__(self, page: OfficePage, look: Look, till: Till) -> None:
        super().__init__(page, look, till, look.t("Details"))
        t = look.t
        labels = {
            "name": t("Name of the shop"),
            "street": t("Street and number"),
            "postcode": t("Postcode"),
            "town": t("Town"),
            "phone": t("Telephone"),
            "tax_number": t("Tax number"),
            "vat_id": t("VAT id"),
        }
        self.fields = {name: TextField(look, label, FIELDS[name]) for name, label in labels.items()}
        self.valid_from = DateField(look, t("Counts from"))
        self.form = Form(*self.fields.values(), self.valid_from)
        self.z_first = ZFirstStrip(look, page.closing_asked.emit, self.count_from_tomorrow)
        self._planned = QVBoxLayout()
        self._planned.setSpacing(8)
        self._build()

    @property
    def is_changed(self) -> bool:
        """The day alone is no change."""
        return self.was_shown and any(field.is_changed for field in self.fields.values())

    def show_stored(self) -> None:
        """Put the details of today into the fields, and list what is planned."""
        plan = self._till.shop.details()
        for name, field in self.fields.items():
            field.set_value(getattr(plan.now, name))
        self.valid_from.set_value(self._till.shop.today())
        self.z_first.hide()
        self._show_planned(plan.planned)

    def store(self) -> None:
        """Store what was typed from the day on that stands there; what was planned or changed meanwhile stays."""
        shop = self._till.shop
        changed = {name: field.value() for name, field in self.fields.items() if field.is_changed}
        shop.change_details(replace(shop.details_from(self.valid_from.value()), **changed))  # type: ignore[arg-type]
        self.show_stored()

    def save(self) -> None:
        """Store the form; where a Z has to come first, the way to it is shown."""
        day = self.valid_from.value()
        if self.form.is_right() and self.z_first.attempt(self.message, self.store):
            words = self._look.t("Saved. It counts from {day} on.")
            self.message.tell(words.format(day=self._look.formats.date(day)))
        self._follow()

    def count_from_tomorrow(self) -> None:
        """Let what is typed count from tomorrow, and store it."""
        tomorrow = self._till.shop.today() + dt.timedelta(days=1)
        self.valid_from.day.setDate(QDate(tomorrow.year, tomorrow.month, tomorrow.day))
        self.save()

    def _withdraw(self, day: dt.date) -> None:
        self.message.attempt(lambda: self._till.shop.withdraw_details(day))
        self._show_planned(self._till.shop.details().planned)

    def _show_planned(self, planned: tuple[ShopDetails, ...]) -> None:
        while (item := self._planned.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        if planned:
            self._planned.addWidget(heading(self._look.t("Planned")))
        for plan in planned:
            self._planned.addWidget(self._plan(plan))

    def _plan(self, plan: ShopDetails) -> QFrame:
        t, look = self._look.t, self._look
        frame = QFrame()
        frame.setProperty("role", "card")
        row = QHBoxLayout(frame)
        row.setContentsMargins(16, 8, 8, 8)
        day = look.formats.date(plan.valid_from)
        words = f"{plan.name}, {plan.street}, {plan.postcode} {plan.town}"
        told = QVBoxLayout()
        told.setSpacing(2)
        told.addWidget(Text(t("From {day} on").format(day=day), semibold(Size.BODY)))
        told.addWidget(Text(words, font(Size.BODY), "muted").wrapped())
        row.addLayout(told, 1)
        withdraw = Button(
            look, Face(t("Withdraw"), "trash", name=t("Withdraw what is planned for {day}").format(day=day))
        )
        withdraw.clicked.connect(lambda _: self._withdraw(plan.valid_from))
        row.addWidget(withdraw)
        return frame

    def _build(self) -> None:
        t, fields = self._look.t, self.fields
        inside = QWidget()
        column = column_of(inside)
        says = t(
            "This stands on every receipt and in every Z. Name, address and tax numbers change between two Z: "
            "close the till first, or let the change count from a later day on; that day then begins with a Z."
        )
        form = QWidget()
        form.setMaximumWidth(FORM_WIDTH)
        rows = column_of(form)
        rows.addWidget(Text(says, font(Size.BODY), "muted").wrapped())
        rows.addWidget(fields["name"])
        rows.addWidget(fields["street"])
        rows.addLayout(beside(fields["postcode"], fields["town"], stretches=(1, 3)))
        rows.addLayout(beside(fields["tax_number"], fields["vat_id"]))
        rows.addLayout(beside(fields["phone"], self.valid_from))
        rows.addWidget(self.z_first)
        rows.addLayout(self.buttons())
        rows.addSpacing(8)
        rows.addLayout(self._planned)
        column.addWidget(form, 0, Qt.AlignmentFlag.AlignTop)
        column.addStretch(1)
        column_of(self).addWidget(scrolled(inside))
