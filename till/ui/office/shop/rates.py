"""The VAT rates by key and day, and planning a new one."""

from __future__ import annotations

import datetime as dt

from PySide6.QtWidgets import QWidget

from till.app.bootstrap import Till
from till.business_case import VatKey
from till.errors import Refused
from till.formats import parse_percent
from till.i18n import msg
from till.shop.vat import VatRate
from till.shop.vat_change import CHANGEABLE, RateChange
from till.ui.fonts import font
from till.ui.look import Look
from till.ui.office.page import OfficePage
from till.ui.office.parts import Part, column_of, form_beside, heading
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, Kind
from till.ui.widgets.form import CheckField, ChoiceField, DateField, Form, TextField
from till.ui.widgets.table import Column, Table
from till.ui.widgets.text import Text

KEY_NAMES = {
    VatKey.GENERAL: msg("general"),
    VatKey.REDUCED: msg("reduced"),
    VatKey.AVERAGE_10_7: msg("average 10.7 %"),
    VatKey.AVERAGE_5_5: msg("average 5.5 %"),
    VatKey.NOT_TAXABLE: msg("not taxable"),
    VatKey.EXEMPT: msg("exempt from VAT"),
    VatKey.UNDETERMINED: msg("can’t be determined"),
    VatKey.GENERAL_19_HISTORIC: msg("general until 2020, for returns"),
    VatKey.REDUCED_7_HISTORIC: msg("reduced until 2020, for returns"),
    VatKey.GENERAL_16_HISTORIC: msg("general in 2020, for returns"),
    VatKey.REDUCED_5_HISTORIC: msg("reduced in 2020, for returns"),
}


class RatesPart(Part):
    """All rates of all times; a new one is planned from a later day on, and planned ones can be withdrawn."""

    def __init__(self, page: OfficePage, look: Look, till: Till) -> None:
        super().__init__(page, look, till, look.t("VAT rates"))
        t = look.t
        self.table: Table[VatRate] = Table(look, self._columns(), empty=t("There are no VAT rates."))
        self.key = ChoiceField(look, t("VAT key"), [(self._key_words(key), key) for key in self._keys()])
        self.rate = TextField(look, t("New rate in percent"), parse_percent, is_needed=True)
        self.rate.show_hint("19")
        self.valid_from = DateField(look, t("First day"), self._check_day)
        self.has_end = CheckField(look, t("Only until a last day; then the rate of before counts again"))
        self.valid_to = DateField(look, t("Last day"), self._check_last)
        self.form = Form(self.key, self.rate, self.valid_from, self.has_end, self.valid_to)
        self.withdraw_button = Button(look, Face(t("Withdraw"), "trash"))
        self.plan_button = Button(look, Face(t("Plan this rate"), "calendar"), Kind.PRIMARY)
        self._is_filled = False
        self._build()

    @property
    def is_changed(self) -> bool:
        """Whether a rate is typed and not planned."""
        return self._is_filled and self.rate.is_changed

    def begin(self) -> None:
        """Show the rates of now."""
        self._show(self._till.shop.vat_rates())
        if not self._is_filled:
            self._empty()

    def plan(self) -> None:
        """Plan what is typed."""
        if not self.form.is_right():
            return
        last = self.valid_to.value() if self.has_end.value() else None
        change = RateChange(self.key.value(), parse_percent(self.rate.value()), self.valid_from.value(), last)
        if self.message.attempt(lambda: self._till.shop.plan_rate(change), self._show):
            self._empty()
            words = self._look.t("Planned. On {day} the till asks for a Z before the first basket.")
            self.message.tell(words.format(day=self._look.formats.date(change.valid_from)))

    def withdraw(self) -> None:
        """Take the selected rate out, if it is only planned."""
        rate = self.table.row
        if rate is not None:
            self.message.attempt(lambda: self._till.shop.withdraw_rate(rate), self._show)

    def _keys(self) -> tuple[VatKey, ...]:
        known = {rate.key for rate in self._till.shop.vat_rates()}
        return tuple(key for key in CHANGEABLE if key in known)

    def _show(self, rates: tuple[VatRate, ...]) -> None:
        self.table.set_rows(sorted(rates, key=lambda rate: (rate.key.value, -rate.valid_from.toordinal())))
        self._follow()

    def _empty(self) -> None:
        self._is_filled = True
        tomorrow = self._till.shop.today() + dt.timedelta(days=1)
        self.key.set_value(self._keys()[0])
        self.rate.set_value("")
        self.has_end.set_value(False)
        self.valid_from.set_value(tomorrow)
        self.valid_to.set_value(tomorrow)
        self._follow()

    def _check_day(self, day: dt.date) -> None:
        if day <= self._till.shop.today():
            raise Refused(msg("A rate counts for whole days, and today has begun. Choose tomorrow or a later day."))

    def _check_last(self, day: dt.date) -> None:
        if self.has_end.value() and day < self.valid_from.value():
            raise Refused(msg("The last day comes before the first."))

    def _follow(self) -> None:
        self.valid_to.setVisible(self.has_end.value())
        rate = self.table.row
        self.withdraw_button.setEnabled(rate is not None and rate.valid_from > self._till.shop.today())

    def _state(self, rate: VatRate) -> str:
        today = self._till.shop.today()
        if rate.is_valid_on(today):
            return self._look.t("counts now")
        return self._look.t("planned") if rate.valid_from > today else self._look.t("past")

    def _tone(self, rate: VatRate) -> str:
        today = self._till.shop.today()
        if rate.is_valid_on(today):
            return "calm"
        return "warn" if rate.valid_from > today else "quiet"

    def _key_words(self, key: VatKey) -> str:
        return f"{key.value} – {self._look.t(KEY_NAMES[key])}"

    def _columns(self) -> list[Column[VatRate]]:
        t, formats = self._look.t, self._look.formats
        return [
            Column(
                t("VAT key"), lambda r: self._key_words(r.key), lambda r: r.key.value, is_strong=True, takes_rest=True
            ),
            Column(t("Rate"), lambda r: formats.percent(r.rate_bp), lambda r: r.rate_bp, self._tone, width_px=80),
            Column(t("from"), lambda r: formats.date(r.valid_from), lambda r: r.valid_from, width_px=100),
            Column(t("until"), lambda r: formats.date(r.valid_to) if r.valid_to else "", width_px=100),
            Column(t("State"), self._state, width_px=110, is_shown=False),
        ]

    def _build(self) -> None:
        t = self._look.t
        form = QWidget()
        rows = column_of(form)
        rows.addWidget(heading(t("Plan a new rate")))
        says = t("Rates count for whole days. Before the first basket of a new rate the till asks for a Z.")
        rows.addWidget(Text(says, font(Size.BODY), "muted").wrapped())
        for field in self.form.fields:
            rows.addWidget(field)
            field.changed.connect(self._follow)
        rows.addWidget(self.plan_button)
        rows.addStretch(1)
        self.plan_button.clicked.connect(lambda _: self.plan())
        self.withdraw_button.clicked.connect(lambda _: self.withdraw())
        self.table.chosen.connect(lambda _: self._follow())
        self.table.bar.insertWidget(0, self.withdraw_button)
        column_of(self).addLayout(form_beside(self.table, form))
