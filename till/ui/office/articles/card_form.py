"""The card of one article beside the list: tabs for what belongs together, saved all at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from till.app.articles import ArticleDesk, Choices
from till.catalog.card import Card, ChangedMeanwhile, NotSaved
from till.ui.fonts import bold, font, semibold
from till.ui.look import Look
from till.ui.message import Message, Tone
from till.ui.office.articles.card_fields import CardFields
from till.ui.office.articles.history_view import HistoryView
from till.ui.office.articles.picture_view import PictureView
from till.ui.theme import Size
from till.ui.widgets.button import Arrangement, Button, Face, Kind
from till.ui.widgets.form import Field
from till.ui.widgets.scroll import scroll_area
from till.ui.widgets.text import ShorteningText, Text

BASE, PRICES, CODES, PICTURE, HISTORY = range(5)
_GAP = 12


class CardForm(QFrame):
    """Holds one card, or nothing. `saved` with the card as it is stored; `copy_asked` with the one that is shown."""

    saved = Signal(object)
    copy_asked = Signal(object)
    picture_changed = Signal()

    def __init__(self, look: Look, desk: ArticleDesk, choices: Choices) -> None:
        super().__init__()
        self._look, self._desk = look, desk
        t = look.t
        self.setProperty("role", "card")
        self.fields = CardFields(look, desk, choices)
        self.message = Message(look)
        self.unsaved = UnsavedBar(look)
        self.picture = PictureView(look, desk, self.message)
        self.history = HistoryView(look)
        self.title = ShorteningText("", bold(Size.TITLE))
        self.warning = Text("", semibold(Size.SMALL), "warn").wrapped()
        self.for_one = Text("", semibold(Size.BODY)).wrapped()
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setAccessibleName(t("Parts of the card"))
        self._titles = (t("Basics"), t("Prices"), t("Codes"), t("Picture"), t("History"))
        self._pages = QStackedWidget()
        self.save_button = Button(look, Face(t("Save"), "check", key="Ctrl+S"), Kind.PRIMARY)
        self.discard_button = Button(look, Face(t("Discard changes")), Kind.GHOST)
        self.copy_button = Button(look, Face(t("Copy"), "copy"))
        self._build()
        self._connect()
        self.setVisible(False)

    @property
    def card(self) -> Card | None:
        """The card that the form was filled from; None while it holds nothing."""
        return self.fields.base

    @property
    def is_new(self) -> bool:
        """Whether it holds an article that is not stored yet."""
        return self.fields.base is not None and self.fields.known is None

    @property
    def is_changed(self) -> bool:
        """Whether something typed would be lost."""
        return self.fields.is_changed

    def show_card(self, card: Card, known: Card | None) -> None:
        """Show a card; `known` None: it is a new one."""
        self.message.dismiss()
        self.unsaved.hide()
        self.fields.fill(card, known)
        self.title.setText(card.article.name or self._look.t("New article"))
        self.picture.show_picture_of(None if known is None else card.article.id)
        self.copy_button.setEnabled(known is not None)
        self._mark({})
        self._changed()
        self._show_tab(self.tabs.currentIndex())
        self.setVisible(True)

    def show_nothing(self) -> None:
        """Hold no card any more."""
        self.fields.base = self.fields.known = None
        self.setVisible(False)

    def begin_new(self, card: Card) -> None:
        """Show a new card with the cursor in its name."""
        self.tabs.setCurrentIndex(BASE)
        self.show_card(card, None)
        self.fields.name.line.setFocus()

    def save(self) -> bool:
        """Store what is typed; False when it can't be, which is said at each field. What is typed stays then."""
        if self.card is None:
            return False
        unreadable = self.fields.unreadable()
        if self.fields.later.is_open:
            self.message.tell(self._look.t("Take the planned price over first, or cancel it."), Tone.DANGER)
            self.tabs.setCurrentIndex(PRICES)
            return False
        if unreadable:
            self._point_at(unreadable)
            self.message.refuse(NotSaved(()))
            return False
        draft, known = self.fields.draft(), self.fields.known
        return self.message.insist(lambda: self._save(draft, known), self._saved)

    def _save(self, draft: Card, known: Card | None) -> Card:
        """Saving twice is saving once, so it may be tried again by itself while the database can't."""
        try:
            return self._desk.save(draft, known)
        except NotSaved as refusal:
            self._point_at(self._told(refusal))
            raise
        except ChangedMeanwhile:
            if known is not None:
                self.fields.take_over(self._desk.card(known.article.id))
            raise

    def _saved(self, stored: Card) -> None:
        self.show_card(stored, stored)
        self.message.tell(self._look.t("Saved. The till sells by it from the next scan on."))
        self.saved.emit(stored)

    def discard(self) -> None:
        """Put back what is stored."""
        card = self.fields.base
        if card is not None:
            self.show_card(card, self.fields.known)

    def ask_before(self, wish: Callable[[], object]) -> None:
        """Do `wish` at once where nothing would be lost; else ask here what shall become of what was typed."""
        if self.is_changed:
            self.unsaved.ask(wish)
        else:
            wish()

    def take_code(self, code: str) -> bool:
        """A scan while the codes are in sight belongs to them."""
        if self.card is None or self.tabs.currentIndex() != CODES:
            return False
        self.fields.codes.take(code)
        return True

    def _told(self, refusal: NotSaved) -> list[Field[Any]]:
        wrong = []
        for problem in refusal.problems:
            field = self.fields.by_field[problem.field]
            if field not in wrong:
                field.say(self._look.formats.sentence(problem.refused))
                wrong.append(field)
        return wrong

    def _point_at(self, wrong: list[Field[Any]]) -> None:
        """Show the first field that is wrong; every tab with such a field has a mark."""
        tabs = {self._tab_of(field) for field in wrong}
        self._mark(dict.fromkeys(tabs, True))
        if self.tabs.currentIndex() not in tabs:
            self.tabs.setCurrentIndex(min(tabs))
        first = next(field for field in wrong if self._tab_of(field) == self.tabs.currentIndex())
        first.setFocus()

    def _tab_of(self, field: Field[Any]) -> int:
        return next((tab for tab, fields in self._elsewhere.items() if field in fields), BASE)

    def _mark(self, wrong: dict[int, bool]) -> None:
        for tab, title in enumerate(self._titles):
            self.tabs.setTabText(tab, f"{title} (!)" if wrong.get(tab) else title)

    def _changed(self) -> None:
        is_changed = self.is_changed or self.is_new
        self.save_button.setEnabled(is_changed)
        self.discard_button.setEnabled(self.is_changed)
        warning = self.fields.warning
        self.warning.setText(self._look.t(warning))
        self.warning.setVisible(bool(warning))
        if not self.is_changed:
            self.unsaved.hide()
        self.for_one.setText(self._price_words())

    def _price_words(self) -> str:
        """What one costs, over the prices by quantity, which must be lower."""
        card, t = self.card, self._look.t
        price = self.fields.draft().article.price if card is not None else None
        if price is None:
            return t("The till asks for the price.")
        return t("Price for one: {price}").format(price=self._look.formats.money(price))

    def _show_tab(self, tab: int) -> None:
        self._pages.setCurrentIndex(tab)
        known = self.fields.known
        if tab == HISTORY:
            self.history.show_entries(self._desk.history(known.article.id) if known is not None else ())

    def _copy(self) -> None:
        known = self.fields.known
        if known is not None:
            self.ask_before(partial(self.copy_asked.emit, known))

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(self._show_tab)
        self.save_button.clicked.connect(self.save)
        self.discard_button.clicked.connect(self.discard)
        self.copy_button.clicked.connect(self._copy)
        self.picture.changed.connect(self.picture_changed)
        self.unsaved.save_asked.connect(self._save_then_go_on)
        self.unsaved.discard_asked.connect(self._discard_then_go_on)
        for field in self.fields.every:
            field.changed.connect(self._changed)

    def _save_then_go_on(self) -> None:
        wish = self.unsaved.wish
        if self.save():
            wish()

    def _discard_then_go_on(self) -> None:
        wish = self.unsaved.wish
        self.discard()
        wish()

    def _build(self) -> None:
        f = self.fields
        self._elsewhere: dict[int, tuple[Field[Any], ...]] = {
            PRICES: (f.tiers, f.later),
            CODES: (f.codes,),
        }
        bodies: tuple[QWidget, ...] = (
            _rows(
                (f.name,),
                (f.price, f.category),
                (self.warning,),
                (f.vat_key, f.unit),
                (f.number, f.plu),
                (f.receipt_name,),
                (f.is_active,),
                (f.takes_discount,),
                (f.is_weighed,),
                (f.kind, f.deposit),
                (f.age_limit, f.note),
            ),
            _rows((self.for_one,), (f.tiers,), (f.later,)),
            _rows((f.codes,)),
            self.picture,
            self.history,
        )
        for title, body in zip(self._titles, bodies, strict=True):
            self.tabs.addTab(title)
            area = _scrolling(body)
            self._pages.addWidget(area)
            if body.isAncestorOf(f.later):
                f.later.opened.connect(partial(_bring_into_sight, area, f.later.form))
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 8, 1, 8)
        column.setSpacing(8)
        for part in (self._head(), self.tabs, self._pages, self._below()):
            column.addWidget(part, 1 if part is self._pages else 0)

    def _head(self) -> QWidget:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 4, 12, 0)
        row.addWidget(self.title, 1)
        row.addWidget(self.copy_button)
        return head

    def _below(self) -> QWidget:
        below = QWidget()
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.discard_button)
        buttons.addStretch(1)
        buttons.addWidget(self.save_button)
        column = QVBoxLayout(below)
        column.setContentsMargins(16, 0, 16, 4)
        column.setSpacing(8)
        column.addWidget(self.message)
        column.addWidget(self.unsaved)
        column.addLayout(buttons)
        return below


class UnsavedBar(QFrame):
    """Asks what shall become of what was typed, before something else is shown in its place."""

    save_asked = Signal()
    discard_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        t = look.t
        self.wish: Callable[[], object] = _nothing
        self.setProperty("tone", "warn")
        self.save_button = Button(look, Face(t("Save")), Kind.PLAIN)
        self.discard_button = Button(look, Face(t("Discard changes")), Kind.PLAIN)
        self.keep_button = Button(look, Face(t("Keep typing")), Kind.GHOST)
        self.save_button.clicked.connect(self.save_asked)
        self.discard_button.clicked.connect(self.discard_asked)
        self.keep_button.clicked.connect(self.hide)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.save_button, self.discard_button, self.keep_button):
            row.addWidget(button.arranged(Arrangement.CENTRED, padding=10).in_type(semibold(Size.BODY - 1)))
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.addWidget(Text(t("What you typed is not saved yet."), font(Size.BODY - 1), "warn").wrapped())
        column.addLayout(row)
        self.hide()

    def ask(self, wish: Callable[[], object]) -> None:
        """Show the question; `wish` is done once it is answered."""
        self.wish = wish
        self.show()
        self.save_button.setFocus()


def _bring_into_sight(area: QScrollArea, widget: QWidget) -> None:
    """Once it has its place."""
    QTimer.singleShot(0, widget, lambda: area.ensureWidgetVisible(widget, 0, 16))


def _nothing() -> None:
    """Nobody wanted anything."""


def _rows(*rows: tuple[QWidget, ...]) -> QWidget:
    body = QWidget()
    column = QVBoxLayout(body)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(_GAP)
    for fields in rows:
        row = QHBoxLayout()
        row.setSpacing(_GAP)
        for field in fields:
            row.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
    column.addStretch(1)
    return body


def _scrolling(body: QWidget) -> QScrollArea:
    inside = QWidget()
    inside.setProperty("role", "surface")
    column = QVBoxLayout(inside)
    column.setContentsMargins(16, 4, 16, 8)
    column.addWidget(body, 1)
    return scroll_area(inside)
