"""The ways to pay: their order on the payment screen, the shop's own ones, and which are offered."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from till.app.bootstrap import Till
from till.business_case import ZahlartTyp
from till.i18n import msg
from till.shop.tenders import CASH, OWN_TYPES, VOUCHER, Tender, checked_name
from till.ui.fonts import font
from till.ui.look import Look
from till.ui.office.page import OfficePage
from till.ui.office.parts import FormPart, column_of, form_beside, heading
from till.ui.office.shop.z_first import ZFirstStrip
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, Kind, icon_button
from till.ui.widgets.form import CheckField, ChoiceField, Form, TextField
from till.ui.widgets.table import Column, Table
from till.ui.widgets.text import Text

TYPE_NAMES = {
    ZahlartTyp.BAR: msg("cash"),
    ZahlartTyp.UNBAR: msg("without cash (city voucher, invoice …)"),
    ZahlartTyp.EC_KARTE: msg("debit card (girocard, Maestro)"),
    ZahlartTyp.KREDITKARTE: msg("credit card"),
    ZahlartTyp.ZAHLUNGSDIENST: msg("payment service (PayPal …)"),
    ZahlartTyp.KEINE: msg("none: vouchers are lines of the receipt"),
}
SHORT_TYPES = {
    ZahlartTyp.BAR: msg("cash"),
    ZahlartTyp.UNBAR: msg("without cash"),
    ZahlartTyp.EC_KARTE: msg("debit card"),
    ZahlartTyp.KREDITKARTE: msg("credit card"),
    ZahlartTyp.ZAHLUNGSDIENST: msg("payment service"),
    ZahlartTyp.KEINE: msg("none"),
}


class TendersPart(FormPart):
    """A list in the order of the payment screen, and the fields of the one that is selected, or of a new one."""

    def __init__(self, page: OfficePage, look: Look, till: Till) -> None:
        super().__init__(page, look, till, look.t("Ways to pay"))
        t = look.t
        self.table: Table[Tender] = Table(look, self._columns(), empty=t("There are no ways to pay."), searches=False)
        self.name = TextField(look, t("Name on screen and receipt"), checked_name)
        self.kind = ChoiceField(look, t("What it is"), self._kinds(OWN_TYPES))
        self.opens_drawer = CheckField(look, t("Opens the drawer"))
        self.is_active = CheckField(look, t("Is offered at the till"))
        self.form = Form(self.name, self.kind, self.opens_drawer, self.is_active)
        self.z_first = ZFirstStrip(look, page.closing_asked.emit)
        self.title_words = heading("")
        self.up_button = icon_button(look, "chevron-up", t("Further up"), kind=Kind.PLAIN)
        self.down_button = icon_button(look, "chevron-down", t("Further down"), kind=Kind.PLAIN)
        self.remove_button = Button(look, Face(t("Remove"), "trash"))
        self.new_button = Button(look, Face(t("New way to pay"), "plus"))
        self._shown: Tender | None = None
        self._build()

    def begin(self) -> None:
        """Show the list of now."""
        self._fill(self._shown.id if self._shown is not None else CASH)
        super().begin()

    def show_stored(self) -> None:
        """Put the selected one, or an empty one, into the fields."""
        tender = self._shown
        self.title_words.setText(tender.name if tender is not None else self._look.t("New way to pay"))
        fixed = tender is not None and tender.id in {CASH, VOUCHER}
        self.kind.offer(self._kinds((tender.zahlart_typ,) if tender is not None and fixed else OWN_TYPES))
        self.name.set_value(tender.name if tender is not None else "")
        self.kind.set_value(tender.zahlart_typ if tender is not None else ZahlartTyp.UNBAR)
        self.opens_drawer.set_value(tender.opens_drawer if tender is not None else False)
        self.is_active.set_value(tender.is_active if tender is not None else True)
        self.kind.setEnabled(not fixed)
        self.opens_drawer.setEnabled(not fixed)
        self.is_active.setEnabled(tender is not None and tender.id != CASH)
        self.z_first.hide()

    def store(self) -> None:
        """Store the one that is shown, or add it."""
        name, kind, opens = self.name.value(), self.kind.value(), self.opens_drawer.value()
        if self._shown is None:
            self._shown = self._till.shop.add_tender(name, kind, opens_drawer=opens)
        else:
            changed = replace(
                self._shown, name=name, zahlart_typ=kind, opens_drawer=opens, is_active=self.is_active.value()
            )
            self._till.shop.change_tender(changed)
        self._fill(self._shown.id)
        self.show_stored()

    def save(self) -> None:
        """Store the form; where a Z has to come first, the way to it is shown."""
        if self.form.is_right() and self.z_first.attempt(self.message, self.store):
            self.message.tell(self._look.t("Saved. The next basket offers it like this."))
        self._follow()

    def begin_new(self) -> None:
        """Empty fields for a new one; what is typed for another is not lost but has to be saved or discarded first."""
        if self.is_changed:
            self._ask_to_save()
            return
        self.table.view.clearSelection()
        self._shown = None
        self.show_stored()
        self.name.setFocus()
        self._follow()

    def shift(self, steps: int) -> None:
        """Move the shown one by so many places."""
        ids = [tender.id for tender in self.table.model.rows]
        if self._shown is None:
            return
        place = ids.index(self._shown.id)
        ids.insert(max(0, place + steps), ids.pop(place))
        self.message.attempt(lambda: self._till.shop.order_tenders(ids))
        self._fill(self._shown.id)
        self._follow()

    def remove(self) -> None:
        """Take the shown one out, if it was never used."""
        gone = self._shown
        if gone is not None and self.message.attempt(lambda: self._till.shop.remove_tender(gone.id)):
            self._fill(CASH)
            self.show_stored()
            self._follow()

    def _fill(self, selected: str) -> None:
        tenders = self._till.shop.tenders()
        self.table.set_rows(tenders, selected=lambda tender: tender.id == selected)
        self._shown = next((tender for tender in tenders if tender.id == selected), None)

    def _choose(self, tender: Tender) -> None:
        if self._shown is not None and tender.id == self._shown.id:
            return
        if self.is_changed:
            self._ask_to_save()
            return
        self._shown = tender
        self.message.clear()
        self.show_stored()
        self._follow()

    def _ask_to_save(self) -> None:
        self.message.tell(self._look.t("Something is typed here and not saved. Save or discard it first."))

    def _follow(self) -> None:
        super()._follow()
        shown, rows = self._shown, self.table.model.rows
        self.up_button.setEnabled(shown is not None and bool(rows) and rows[0].id != shown.id)
        self.down_button.setEnabled(shown is not None and bool(rows) and rows[-1].id != shown.id)
        self.remove_button.setEnabled(shown is not None and not shown.is_standard)

    def _kinds(self, types: tuple[ZahlartTyp, ...]) -> list[tuple[str, ZahlartTyp]]:
        return [(self._look.t(TYPE_NAMES[one]), one) for one in types]

    def _columns(self) -> list[Column[Tender]]:
        t = self._look.t
        return [
            Column(t("Name"), lambda one: one.name, lambda one: one.position, is_strong=True, takes_rest=True),
            Column(t("What it is"), lambda one: t(SHORT_TYPES[one.zahlart_typ]), width_px=108),
            Column(t("Drawer"), lambda one: t("opens") if one.opens_drawer else "", width_px=96),
            Column(
                t("State"),
                lambda one: t("offered") if one.is_active else t("switched off"),
                tone=lambda one: "calm" if one.is_active else "quiet",
                width_px=112,
            ),
        ]

    def _build(self) -> None:
        form = QWidget()
        rows = column_of(form)
        rows.addWidget(self.title_words)
        for field in self.form.fields:
            rows.addWidget(field)
        says = self._look.t("The type stands in the exports for the tax office; it changes between two Z only.")
        rows.addWidget(Text(says, font(Size.SMALL), "muted").wrapped())
        rows.addWidget(self.z_first)
        rows.addLayout(self.buttons())
        rows.addStretch(1)
        for place, button in enumerate((self.new_button, self.up_button, self.down_button, self.remove_button)):
            self.table.bar.insertWidget(place, button)
        self.new_button.clicked.connect(lambda _: self.begin_new())
        self.up_button.clicked.connect(lambda _: self.shift(-1))
        self.down_button.clicked.connect(lambda _: self.shift(1))
        self.remove_button.clicked.connect(lambda _: self.remove())
        self.table.chosen.connect(self._choose)
        column_of(self).addLayout(form_beside(self.table, form))
