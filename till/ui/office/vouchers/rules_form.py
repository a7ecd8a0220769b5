"""The rules for all vouchers of the shop: validity, and what may be done with them at the counter (V14 to V16, V35, V37)."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from till.app.bootstrap import Till
from till.quantity import pieces
from till.ui.fonts import bold, font, semibold
from till.ui.look import Look
from till.ui.message import Message
from till.ui.office.vouchers.tab import FORM_WIDTH
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, Kind
from till.ui.widgets.form import SETTLED_MS, CheckField, ChoiceField, Form, NumberField
from till.ui.widgets.scroll import scroll_area
from till.ui.widgets.text import Text
from till.ui.work import Work
from till.vouchers.rules import VoucherRules, check_rules
from till.vouchers.terms import TermRule

_GAP = 12


class RulesForm(QFrame):
    """They count from the next sale and redemption on; vouchers already sold keep their terms. `stored` with the new rules."""

    stored = Signal(object)

    def __init__(self, look: Look, till: Till, message: Message) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._look, self._desk, self.message = look, till.voucher_types, message
        self._rules: VoucherRules | None = None
        self.work = Work(self, message)
        t = look.t
        self.years = NumberField(look, t("Valid for years"), _check_years, is_needed=True)
        ends: list[tuple[str, bool]] = [(t("31 December"), True), (t("to the day"), False)]
        self.to_year_end = ChoiceField[bool](look, t("They end on"), ends)
        self.months = NumberField(look, t("“Expiring soon” looks ahead (months)"), _check_months, is_needed=True)
        self.without_number = CheckField(look, t("Redeem vouchers without number by amount"))
        self.letters = CheckField(look, t("Voucher numbers may be typed with letters"))
        self.surplus = CheckField(look, t("Pay out what is left in cash, where the customer wants it"))
        self.bonus_lives = CheckField(look, t("An expired voucher that is accepted keeps its bonus too"))
        self.form = Form(
            self.years, self.to_year_end, self.months, self.without_number, self.letters, self.surplus, self.bonus_lives
        )
        self.term_hint = Text("", semibold(Size.SMALL), "warn").wrapped()
        self.letters_hint = Text("", semibold(Size.SMALL), "warn").wrapped()
        self.save_button = Button(look, Face(t("Save"), "check", key="Ctrl+S"), Kind.PRIMARY)
        self.discard_button = Button(look, Face(t("Discard changes")), Kind.GHOST)
        self._pause = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._pause.timeout.connect(self._say_hints)
        self._build()
        for field in self.form.fields:
            field.changed.connect(self._typed)
        self.letters.changed.connect(self._look_for_letters)
        self.save_button.clicked.connect(lambda _checked: self.save())
        self.discard_button.clicked.connect(lambda _checked: self.discard())

    @property
    def is_changed(self) -> bool:
        """Whether something typed here is not stored."""
        return self._rules is not None and self.form.is_changed

    def show_stored(self, rules: VoucherRules) -> None:
        """Show the rules as they are stored, unless something is typed."""
        if not self.is_changed:
            self._fill(rules)

    def save(self) -> bool:
        """Store the rules; what can't be taken is said at its field."""
        if not self.form.is_right():
            return False
        typed = self._draft()
        return self.message.insist(lambda: self._desk.set_rules(typed), self._saved)

    def discard(self) -> None:
        """Put back what is stored."""
        if self._rules is not None:
            self._fill(self._rules)

    def _draft(self) -> VoucherRules:
        return VoucherRules(
            years=self.years.read() or 0,
            to_year_end=self.to_year_end.read(),
            without_number=self.without_number.read(),
            letters=self.letters.read(),
            surplus_in_cash=self.surplus.read(),
            expired_bonus_lives=self.bonus_lives.read(),
            expiring_months=self.months.read() or 0,
        )

    def _fill(self, rules: VoucherRules) -> None:
        self._rules = rules
        self.years.set_value(rules.years)
        self.to_year_end.set_value(rules.to_year_end)
        self.months.set_value(rules.expiring_months)
        self.without_number.set_value(rules.without_number)
        self.letters.set_value(rules.letters)
        self.surplus.set_value(rules.surplus_in_cash)
        self.bonus_lives.set_value(rules.expired_bonus_lives)
        self.letters_hint.hide()
        self._typed()
        self._say_hints()
        self._look_for_letters()

    def _saved(self, rules: VoucherRules) -> None:
        self._fill(rules)
        self.message.tell(self._look.t("Saved. The rules count from the next sale and the next redemption on."))
        self.stored.emit(rules)

    def _typed(self) -> None:
        self.save_button.setEnabled(self.is_changed)
        self.discard_button.setEnabled(self.is_changed)
        self._pause.start()

    def _say_hints(self) -> None:
        self._pause.stop()
        hint = None
        if self.years.is_right():
            hint = self._desk.term_hint(TermRule(self.years.read() or 0, self.to_year_end.read()))
        self.term_hint.setText("" if hint is None else self._look.formats.sentence(hint))
        self.term_hint.setVisible(hint is not None)

    def _look_for_letters(self) -> None:
        """Who switches letters off should know how many vouchers have some (V15); counting takes its time."""
        if self.letters.read():
            self.letters_hint.hide()
        else:
            desk = self._desk  # the worker's thread must never be the last one that holds a widget
            self.work.begin(lambda _watch: desk.lettered_outstanding(), self._tell_letters)

    def _tell_letters(self, count: int) -> None:
        words = self._look.t.plural(
            "{count} voucher that can still be redeemed has letters in its number: it can then only be scanned.",
            "{count} vouchers that can still be redeemed have letters in their numbers: they can then only be scanned.",
            count,
        )
        self.letters_hint.setText(words.format(count=self._look.formats.quantity(pieces(count))))
        self.letters_hint.setVisible(bool(count) and not self.letters.read())

    def _build(self) -> None:
        t = self._look.t
        inside = QWidget()
        inside.setProperty("role", "surface")
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 8, 16, 8)
        column.setSpacing(_GAP)
        column.addWidget(Text(t("Rules for all vouchers"), bold(Size.TITLE)))
        column.addWidget(Text(t("Vouchers already sold keep their terms."), font(Size.BODY - 1), "muted").wrapped())
        rows: tuple[tuple[QWidget, ...], ...] = (
            (_heading(t("Usual validity")),),
            (self.years, self.to_year_end),
            (self.term_hint,),
            (self.months,),
            (_heading(t("At the counter")),),
            (self.without_number,),
            (self.letters,),
            (self.letters_hint,),
            (self.surplus,),
            (self.bonus_lives,),
        )
        for widgets in rows:
            row = QHBoxLayout()
            row.setSpacing(_GAP)
            for widget in widgets:
                row.addWidget(widget, 1, Qt.AlignmentFlag.AlignTop)
            column.addLayout(row)
        column.addStretch(1)
        inside.setMaximumWidth(FORM_WIDTH)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 8, 1, 1)
        outer.setSpacing(0)
        outer.addWidget(scroll_area(inside), 1)
        below = QHBoxLayout()
        below.setContentsMargins(16, 8, 16, 10)
        below.setSpacing(8)
        below.addStretch(1)
        below.addWidget(self.discard_button)
        below.addWidget(self.save_button)
        outer.addLayout(below)


def _check_years(years: int | None) -> None:
    check_rules(VoucherRules(years=years or 0))


def _check_months(months: int | None) -> None:
    check_rules(VoucherRules(expiring_months=months or 0))


def _heading(words: str) -> Text:
    return Text(words, bold(Size.BODY))
