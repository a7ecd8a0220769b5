"""The form of a voucher type: what it costs, is worth, how it is numbered, taxed and valid (V5 to V12, V16)."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from till.app.bootstrap import Till
from till.ui.fonts import bold, font, semibold
from till.ui.look import Look
from till.ui.message import Message
from till.ui.office.vouchers.tab import FORM_WIDTH, TypeTab
from till.ui.office.vouchers.type_fields import TypeFields
from till.ui.office.vouchers.type_words import explained
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, Kind
from till.ui.widgets.form import SETTLED_MS, Field
from till.ui.widgets.scroll import scroll_area
from till.ui.widgets.text import Text
from till.vouchers.model import VoucherType
from till.vouchers.type_rules import COMPLAINT_STAYS, TypeField, TypeHint, TypeNotSaved

_GAP = 12


class SettingsTab(TypeTab):
    """What is wrong is said at its field, what should only be known beside it; a change counts for vouchers sold from then on."""

    def __init__(self, look: Look, till: Till, message: Message) -> None:
        super().__init__(look, till, message)
        t = look.t
        self._desk = till.voucher_types
        self.fields = TypeFields(look, self._desk)
        self.words = Text("", semibold(Size.BODY - 1)).wrapped()
        self.hints = {
            field: Text("", semibold(Size.SMALL), "warn").wrapped()
            for field in (TypeField.NAME, TypeField.ZERO_PRICE, TypeField.VALID_UNTIL)
        }
        self.why_fixed = Text(t(COMPLAINT_STAYS), font(Size.SMALL), "muted").wrapped()
        self._vat_heading = _heading(t("VAT and payment"))
        self.save_button = Button(look, Face(t("Save"), "check", key="Ctrl+S"), Kind.PRIMARY)
        self.discard_button = Button(look, Face(t("Discard changes")), Kind.GHOST)
        self.active_button = Button(look, Face(t("Deactivate"), "ticket-off"))
        self._pause = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._pause.timeout.connect(self._say_hints)
        self._build()
        for field in self.fields.every:
            field.changed.connect(self._typed)
        self.save_button.clicked.connect(lambda _checked: self.save())
        self.discard_button.clicked.connect(lambda _checked: self.discard())
        self.active_button.clicked.connect(lambda _checked: self.toggle_active())

    @property
    def takes_new(self) -> bool:
        """A new type begins here."""
        return True

    @property
    def is_changed(self) -> bool:
        """Whether something typed here is not stored."""
        return self.fields.is_changed

    def show_type(self, kind: VoucherType, *, is_new: bool = False) -> None:
        """Fill the form, unless something is typed for this very type."""
        base = self.fields.base
        if base is not None and base.id == kind.id and self.is_changed:
            return
        self._fill(kind, is_new=is_new)
        if is_new:
            self.fields.name.line.setFocus()

    def save(self) -> bool:
        """Store the type; what can't be taken is said at its field, and what is typed stays."""
        f = self.fields
        if f.base is None:
            return False
        unreadable = f.unreadable()
        if unreadable:
            self._point_at(unreadable)
            self.message.refuse(TypeNotSaved(()))
            return False
        draft, known = f.draft(), None if f.is_new else f.base
        return self.message.insist(lambda: self._save(draft, known), self._saved)

    def discard(self) -> None:
        """Put back what is stored."""
        if self.fields.base is not None:
            self.message.clear()
            self._fill(self.fields.base, is_new=self.fields.is_new)

    def toggle_active(self) -> None:
        """Sell the type no more, or again; vouchers already sold can be redeemed in both cases (V2)."""
        kind = self.fields.base
        if kind is None:
            return
        change = self._desk.deactivate if kind.active else self._desk.reactivate
        self.message.insist(lambda: change(kind.id), self._toggled)

    def _save(self, draft: VoucherType, known: VoucherType | None) -> VoucherType:
        try:
            return self._desk.save(draft, known)
        except TypeNotSaved as refusal:
            self._point_at(self._told(refusal))
            raise

    def _saved(self, kind: VoucherType) -> None:
        self._fill(kind, is_new=False)
        self.stored.emit(kind)
        self.message.tell(
            self._look.t("Saved. Vouchers sold from now on follow it; those already sold stay as they are.")
        )

    def _toggled(self, kind: VoucherType) -> None:
        if not self.is_changed:
            self._fill(kind, is_new=False)
        words = (
            self._look.t("“{name}” is sold again.")
            if kind.active
            else self._look.t("“{name}” is not sold any more. Vouchers already sold can still be redeemed.")
        )
        self.stored.emit(kind)
        self.message.tell(words.format(name=kind.name))

    def _fill(self, kind: VoucherType, *, is_new: bool) -> None:
        self.fields.fill(kind, is_new=is_new)
        rules = self._desk.rules()
        t = self._look.t
        usual = t.plural("{count} year", "{count} years", rules.years).format(count=rules.years)
        end = t("to the end of that year") if rules.to_year_end else t("to the day")
        self.fields.valid_until.show_hint(f"{usual}, {end}")
        self.active_button.setVisible(not is_new)
        self.active_button.setEnabled(not kind.is_complaint)
        self.active_button.set_face(
            Face(t("Deactivate"), "ticket-off") if kind.active else Face(t("Sell again"), "ticket")
        )
        self.why_fixed.setVisible(kind.is_complaint)
        self._vat_heading.setVisible(not kind.is_complaint)
        self._typed()
        self._say_hints()

    def _told(self, refusal: TypeNotSaved) -> list[Field[Any]]:
        wrong = []
        for problem in refusal.problems:
            field = self.fields.by_field.get(problem.field, self.fields.name)
            if field not in wrong:
                field.say(self._look.formats.sentence(problem.refused))
                wrong.append(field)
        return sorted(wrong, key=self.fields.every.index)

    def _point_at(self, wrong: list[Field[Any]]) -> None:
        if wrong:
            wrong[0].setFocus()
            QTimer.singleShot(0, wrong[0], lambda: self._area.ensureWidgetVisible(wrong[0], 0, 16))

    def _typed(self) -> None:
        f = self.fields
        f.arrange()
        is_changed = self.is_changed
        self.save_button.setEnabled(is_changed or f.is_new)
        self.discard_button.setEnabled(is_changed)
        if f.base is not None:
            self.words.setText(explained(self._look, f.draft()))
        self._pause.start()

    def _say_hints(self) -> None:
        self._pause.stop()
        said: dict[TypeField, TypeHint] = {}
        for hint in self.fields.hints():
            said.setdefault(hint.field, hint)
        for field, text in self.hints.items():
            hint_here = said.get(field)
            text.setText("" if hint_here is None else self._look.formats.sentence(hint_here))
            text.setVisible(hint_here is not None)

    def _build(self) -> None:
        f, t = self.fields, self._look.t
        inside = QWidget()
        inside.setProperty("role", "surface")
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 8, 16, 8)
        column.setSpacing(_GAP)
        rows: tuple[tuple[QWidget, ...], ...] = (
            (self.why_fixed,),
            (f.name, f.note),
            (self.hints[TypeField.NAME],),
            (f.plu, f.category),
            (_heading(t("Value")),),
            (f.is_by_percent,),
            (f.sale, f.face, f.percent),
            (f.zero_price,),
            (self.hints[TypeField.ZERO_PRICE],),
            (self.words,),
            (_heading(t("Number and validity")),),
            (f.numbering, f.first_number),
            (f.valid_from, f.valid_until),
            (self.hints[TypeField.VALID_UNTIL],),
            (self._vat_heading,),
            (f.vat, f.vat_key),
            (f.takes_vouchers,),
        )
        for widgets in rows:
            row = QHBoxLayout()
            row.setSpacing(_GAP)
            for widget in widgets:
                row.addWidget(widget, 1, Qt.AlignmentFlag.AlignTop)
            column.addLayout(row)
        column.addStretch(1)
        inside.setMaximumWidth(FORM_WIDTH)
        self._area = scroll_area(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._area, 1)
        outer.addWidget(self._below())

    def _below(self) -> QWidget:
        below = QFrame()
        below.setProperty("role", "sums")
        row = QHBoxLayout(below)
        row.setContentsMargins(16, 8, 16, 10)
        row.setSpacing(8)
        row.addWidget(self.active_button)
        row.addStretch(1)
        row.addWidget(self.discard_button)
        row.addWidget(self.save_button)
        return below


def _heading(words: str) -> Text:
    return Text(words, bold(Size.BODY))
