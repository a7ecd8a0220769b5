"""Vouchers in the back office: what is open and owed at the top, the types on the left, all of one type on the right."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from till.app.bootstrap import Till
from till.app.voucher_types import VoucherOverview, VoucherTypeDesk
from till.quantity import pieces
from till.staff.permission import Permission
from till.ui.fonts import font, semibold
from till.ui.look import Look
from till.ui.office.articles.card_form import UnsavedBar
from till.ui.office.page import GAP, OfficePage
from till.ui.office.vouchers.cards import UNKNOWN, FigureCards
from till.ui.office.vouchers.head_actions import HEAD_ACTIONS
from till.ui.office.vouchers.rules_form import RulesForm
from till.ui.office.vouchers.type_list import TypeList, TypeRow
from till.ui.office.vouchers.type_tabs import TypeTabs
from till.ui.office.vouchers.type_words import numbering_words, validity_words, value_words
from till.ui.theme import Size
from till.ui.widgets.button import Arrangement, Button, Face, Kind
from till.ui.widgets.text import Text
from till.vouchers.model import VoucherType
from till.vouchers.outstanding import NOTHING
from till.vouchers.rules import VoucherRules

_ROOMY = 1000
_LIST_WIDTH = {0: 264, _ROOMY: 330, 1500: 380}
"""The width of the list by the least width of the page."""
_WIDE_HEAD = 1100


class VouchersPage(OfficePage):
    """One type, or the rules for all, is shown at a time; what is typed on it stays until it is saved or given up."""

    def __init__(self, look: Look, till: Till) -> None:
        super().__init__(look, till, look.t("Vouchers"))
        self._desk: VoucherTypeDesk = till.voucher_types
        self._types: tuple[VoucherType, ...] = ()
        self._overview: VoucherOverview | None = None
        self._rules = VoucherRules()
        self._kind: VoucherType | None = None
        t = look.t
        self.head_actions = {
            action.title: self.head_button(Face(t(action.title), action.icon), partial(action.act, self))
            for action in HEAD_ACTIONS
            if till.staff.may(action.permission)
        }
        self.new_button = self.head_button(Face(t("New voucher type"), "plus"), self.begin_type, Kind.PRIMARY)
        self.new_button.setVisible(till.staff.may(Permission.VOUCHERS))
        self.cards = FigureCards(4)
        self.list = TypeList(look)
        self.rules_button = Button(look, Face(t("Rules for all vouchers"), "settings"), Kind.PLAIN)
        self.tabs = TypeTabs(look, till, self.message)
        self.rules = RulesForm(look, till, self.message)
        self.unsaved = UnsavedBar(look)
        self.nothing = Text(t("Choose a voucher type on the left, or make a new one."), font(Size.BODY), "muted")
        self._build()
        self._connect()
        self._show_figures()

    @property
    def kind(self) -> VoucherType | None:
        """The type that is shown; None while there is none, or the rules are shown."""
        return self._kind

    @property
    def is_changed(self) -> bool:
        """Whether something typed would be lost."""
        return self.tabs.is_changed or self.rules.is_changed

    @property
    def _is_narrow(self) -> bool:
        """Whether there is no room for many words beside each other."""
        return self.width() < _ROOMY

    def begin(self) -> None:
        """Read types and figures again; what is typed stays."""
        self.message.attempt(lambda: (self._desk.types(), self._desk.rules()), lambda found: self._take(*found))
        self._count()

    def may_leave(self) -> bool:
        """Not while something typed would be lost: it is asked what shall become of it."""
        if self.is_changed:
            self._ask_before(_stay)
            return False
        return True

    def on_scan(self, code: str) -> bool:
        """A scan belongs to the tab that is shown, where it has a use for it."""
        return self.tabs.isVisible() and self.tabs.tab.on_scan(code)

    def tear_down(self) -> None:
        """End what the tabs hold."""
        self.tabs.tear_down()

    def begin_type(self) -> None:
        """Begin a new type."""
        self._ask_before(lambda: self.message.attempt(self._desk.new_type, self._show_new))

    def show_rules(self) -> None:
        """Show the rules for all vouchers in the place of a type."""
        self._ask_before(self._show_rules)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+S saves, Ctrl+N begins a new type; Escape goes on typing where it was asked what shall become of it."""
        if event.matches(QKeySequence.StandardKey.Save):
            self._save()
        elif event.matches(QKeySequence.StandardKey.New):
            self.begin_type()
        elif event.key() == Qt.Key.Key_Escape and not self.unsaved.isHidden():
            self.unsaved.hide()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow page has a narrower list, and in its head icons for what is done seldom."""
        super().resizeEvent(event)
        width = max(least for least in _LIST_WIDTH if event.size().width() >= least)
        self._left.setFixedWidth(_LIST_WIDTH[width])
        self._fit_head(event.size().width())
        self._show_figures()

    # Showing

    def _fit_head(self, width: int) -> None:
        """On a narrow page the buttons of the head show their icons only, and say their words as tooltips."""
        is_wide = width >= _WIDE_HEAD
        for action in HEAD_ACTIONS:
            button = self.head_actions.get(action.title)
            if button is not None:
                words = self._look.t(action.title)
                button.set_face(Face(words if is_wide else "", action.icon, name=words))
                button.setToolTip("" if is_wide else words)

    def _take(self, types: tuple[VoucherType, ...], rules: VoucherRules) -> None:
        self._types, self._rules = types, rules
        self._fill()
        if self.is_changed or self.tabs.is_new:
            return
        if self._shown.currentWidget() is self.rules:
            self.rules.show_stored(rules)
            return
        known = {kind.id: kind for kind in types}
        first = next((kind for kind in types if kind.active and not kind.is_complaint), next(iter(types), None))
        kind = first if self._kind is None else known.get(self._kind.id, first)
        if kind is not None:
            self._show(kind)

    def _count(self) -> None:
        desk = self._desk  # the worker's thread must never be the last one that holds a widget
        self.work.begin(lambda _watch: desk.overview(), self._show_overview)

    def _show_overview(self, overview: VoucherOverview) -> None:
        self._overview = overview
        self._show_figures()
        self._fill()

    def _show_figures(self) -> None:
        t, money, overview = self._look.t, self._look.formats.money, self._overview
        month = "" if overview is None else self._look.formats.month(overview.first, is_short=self._is_narrow)
        words = (t("open vouchers"), t("liability"), t("sold in {month}"), t("redeemed in {month}"))
        if overview is None:
            figures = [(UNKNOWN, "")] * len(words)
        else:
            whole = overview.whole
            figures = [
                (self._look.formats.quantity(pieces(whole.count)), ""),
                (money(whole.multi), self._besides(overview)),
                (money(overview.month.sold), ""),
                (money(overview.month.redeemed), ""),
            ]
        for card, word, (amount, besides) in zip(self.cards.cards, words, figures, strict=True):
            card.show_figure(word.format(month=month), amount, besides)

    def _besides(self, overview: VoucherOverview) -> str:
        """What can be redeemed besides, and is no liability in the books."""
        t, money, whole = self._look.t, self._look.formats.money, overview.whole
        parts = []
        if whole.single:
            parts.append(t("single-purpose {amount}").format(amount=money(whole.single)))
        if whole.bonus:
            parts.append(t("bonus {amount}").format(amount=money(whole.bonus)))
        return " · ".join(parts)

    def _fill(self) -> None:
        self.list.set_rows(self._row(kind) for kind in self._types)
        self._mark()

    def _row(self, kind: VoucherType) -> TypeRow:
        look, t = self._look, self._look.t
        open_words = amount = ""
        if self._overview is not None:
            found = self._overview.by_type.get(kind.id, NOTHING)
            open_words = t("{count} open").format(count=look.formats.quantity(pieces(found.count)))
            amount = look.formats.money(found.paid)
            if found.bonus:
                bonus = t("bonus {amount}").format(amount=look.formats.amount(found.bonus))
                open_words = f"{open_words} · {bonus}"
        return TypeRow(
            kind,
            kind.plu,
            open_words or UNKNOWN,
            amount,
            value_words(look, kind)
            if kind.is_complaint
            else f"{value_words(look, kind)} · {numbering_words(look, kind)}",
            validity_words(look, kind, self._rules),
            "" if kind.active else t("inactive"),
        )

    def _choose(self, kind: VoucherType) -> None:
        if self._kind is None or self._kind.id != kind.id or self.tabs.is_new:
            self._ask_before(lambda: self._show(kind))
        self._mark()

    def _show(self, kind: VoucherType) -> None:
        self._kind = kind
        self.tabs.show_type(kind)
        self._bring(self.tabs)

    def _show_new(self, kind: VoucherType) -> None:
        self._kind = kind
        self.tabs.show_type(kind, is_new=True)
        self._bring(self.tabs)

    def _show_rules(self) -> None:
        self._kind = None
        self.rules.show_stored(self._rules)
        self._bring(self.rules)

    def _bring(self, widget: QWidget) -> None:
        self.message.clear()
        self._shown.setCurrentWidget(widget)
        self._mark()

    def _mark(self) -> None:
        """The row of the type that is shown is the chosen one, whatever was tapped."""
        self.list.mark(None if self.tabs.is_new else self._kind)
        self.rules_button.setChecked(self._shown.currentWidget() is self.rules)

    # Storing

    def _ask_before(self, wish: Callable[[], object]) -> None:
        """Do `wish` at once where nothing would be lost; else ask here what shall become of what was typed."""
        if self.is_changed:
            self.unsaved.ask(wish)
        else:
            wish()
        self._mark()

    def _save(self) -> bool:
        if self._shown.currentWidget() is self.rules:
            return self.rules.save()
        return self.tabs.save()

    def _save_then_go_on(self) -> None:
        wish = self.unsaved.wish
        self.unsaved.hide()
        if self._save():
            wish()

    def _discard_then_go_on(self) -> None:
        wish = self.unsaved.wish
        self.unsaved.hide()
        self.rules.discard()
        self.tabs.discard()
        wish()

    def _stored(self, kind: VoucherType) -> None:
        """A type has been changed: the list shows it so, and so do its other tabs."""
        self._kind = kind
        self.unsaved.hide()
        self.message.attempt(self._desk.types, self._take_types)

    def _take_types(self, types: tuple[VoucherType, ...]) -> None:
        self._types = types
        self._fill()

    def _rules_stored(self, rules: VoucherRules) -> None:
        self._rules = rules
        self.unsaved.hide()
        self._fill()

    def _connect(self) -> None:
        self.list.chosen.connect(self._choose)
        self.rules_button.clicked.connect(lambda _checked: self.show_rules())
        self.tabs.stored.connect(self._stored)
        self.tabs.moved.connect(self._count)
        self.rules.stored.connect(self._rules_stored)
        self.unsaved.save_asked.connect(self._save_then_go_on)
        self.unsaved.discard_asked.connect(self._discard_then_go_on)

    def _build(self) -> None:
        self._left = QWidget()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(GAP)
        left.addWidget(self.list, 1)
        self.rules_button.setCheckable(True)
        left.addWidget(self.rules_button.arranged(Arrangement.SPREAD, padding=14).in_type(semibold(Size.BODY - 1)))
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._shown = QStackedWidget()
        for widget in (self.nothing, self.tabs, self.rules):
            self._shown.addWidget(widget)
        right = QVBoxLayout()
        right.setSpacing(GAP)
        right.addWidget(self._shown, 1)
        right.addWidget(self.unsaved)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(self._left)
        row.addLayout(right, 1)
        self.body.addWidget(self.cards)
        self.body.addLayout(row, 1)


def _stay() -> None:
    """Only the question is wanted."""
