"""Articles in the back office: find them on the left, change the chosen one on the right; selling goes on beside it (T14)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from till.app.articles import ArticleDesk, Choices
from till.app.bootstrap import Till
from till.catalog.article import Article
from till.catalog.card import Card
from till.catalog.listing import Listing, Wanted
from till.ui.fonts import font
from till.ui.look import Look
from till.ui.office.articles.card_fields import kinds
from till.ui.office.articles.card_form import CardForm
from till.ui.office.page import GAP, OfficePage
from till.ui.theme import Size
from till.ui.widgets.button import Face, Kind
from till.ui.widgets.form import ChoiceField
from till.ui.widgets.table import Column, Table
from till.ui.widgets.text import Text

SETTLED_MS = 120
_ROOMY = {0: 1000, 3: 1300}
"""From which width of the page a column is shown."""


class ArticlesPage(OfficePage):
    """The list asks the desk as one types; the card keeps what is typed until it is saved or given up."""

    def __init__(self, look: Look, till: Till) -> None:
        super().__init__(look, till, look.t("Articles"))
        self._desk: ArticleDesk = till.articles
        self._choices: Choices = self._desk.choices()
        self._wanted = Wanted()
        self._total = 0
        t = look.t
        self.new_button = self.head_button(
            Face(t("New article"), "plus", key="Ctrl+N"), self.begin_article, Kind.PRIMARY
        )
        empty = t("No article found. Type less, or choose another category.")
        self.table: Table[Article] = Table(look, self._columns(), empty=empty, filters=False)
        self.category = ChoiceField[str](look, t("Category"), self._filters())
        states: list[tuple[str, bool | None]] = [(t("For sale"), True), (t("Not for sale"), False), (t("All"), None)]
        self.state = ChoiceField[bool | None](look, t("State"), states)
        self.count = Text("", font(Size.SMALL), "muted")
        self.form = CardForm(look, self._desk, self._choices)
        self.nothing = Text(t("Choose an article on the left, or make a new one."), font(Size.BODY), "muted").wrapped()
        self._pause = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._build()
        self._connect()

    def begin(self) -> None:
        """Read the list again, and what can be chosen, unless something is typed: the card stays as it is."""
        if not self.form.is_changed:
            self.message.attempt(self._desk.choices, self._offer)
        self._look_up()

    def _offer(self, choices: Choices) -> None:
        """Another page has made categories or deposits, or a rate has changed."""
        if choices == self._choices:
            return
        self._choices = choices
        wanted = self._wanted.category_id
        self.category.offer(self._filters())
        self.category.set_value(wanted if wanted in {one.id for one in choices.categories} else "")
        self._wanted = replace(self._wanted, category_id=self.category.read())
        self.form.fields.offer(choices)

    def _filters(self) -> list[tuple[str, str]]:
        return [(self._look.t("All categories"), ""), *((one.name, one.id) for one in self._choices.categories)]

    def may_leave(self) -> bool:
        """Not while something typed would be lost: the card says so."""
        if self.form.is_changed:
            self.form.ask_before(_stay)
            return False
        return True

    def on_scan(self, code: str) -> bool:
        """Find what was scanned; while the codes of a card are in sight, it is one of them."""
        if not self.form.take_code(code):
            self.form.ask_before(partial(self._find, code))
        return True

    def begin_article(self, code: str = "") -> None:
        """Begin a new article, in the category that the list shows."""
        self.form.ask_before(lambda: self._begin_new(code))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+S saves, Ctrl+N begins a new article, Ctrl+F finds one."""
        if event.matches(QKeySequence.StandardKey.Save):
            if self.form.card is not None:
                self.form.save()
        elif event.matches(QKeySequence.StandardKey.New):
            self.begin_article()
        elif event.matches(QKeySequence.StandardKey.Find):
            self.table.search.line.setFocus()
        elif event.key() == Qt.Key.Key_Escape and not self.form.unsaved.isHidden():
            self.form.unsaved.hide()
        elif event.key() == Qt.Key.Key_Escape and self.form.message.text:
            self.form.message.dismiss()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow page shows names and prices; numbers and categories come with more room, until somebody chooses."""
        super().resizeEvent(event)
        before, width = event.oldSize().width(), event.size().width()
        for place, roomy in _ROOMY.items():
            if (before < roomy) != (width < roomy) or before < 0:
                self.table.view.setColumnHidden(place, width < roomy)

    def _begin_new(self, code: str) -> None:
        self.message.attempt(lambda: self._desk.new_card(code, self._wanted.category_id), self.form.begin_new)
        self._show_right()

    def _find(self, code: str) -> None:
        def show(card: Card | None) -> None:
            if card is None:
                self._begin_new(code)
                self.form.message.tell(
                    self._look.t("No article has the code {code}. It stands in a new one now.").format(code=code)
                )
            else:
                self._show(card)

        self.message.attempt(lambda: self._desk.card_with_code(code), show)

    def _choose(self, article: Article) -> None:
        if self.form.card is not None and self.form.card.article.id == article.id and not self.form.is_new:
            return
        self.form.ask_before(lambda: self._open(article))
        self._mark_shown()

    def _open(self, article: Article) -> None:
        self.message.attempt(lambda: self._desk.card(article.id), self._show)

    def _show(self, card: Card) -> None:
        self.form.show_card(card, card)
        self._show_right()
        self._mark_shown()

    def _mark_shown(self) -> None:
        """The row of the card that is shown is the selected one, whatever was tapped."""
        card = self.form.card
        blocked = self.table.blockSignals(True)
        if card is None or self.form.is_new or not self.table.select(lambda row: row.id == card.article.id):
            self.table.view.clearSelection()
            self.table.view.setCurrentIndex(self.table.model.index(-1, -1))
        self.table.blockSignals(blocked)

    def _saved(self, _card: Card) -> None:
        self._look_up()

    def _copy(self, card: Card) -> None:
        self.message.attempt(lambda: self._desk.copy_of(card), self.form.begin_new)
        self._show_right()
        self._mark_shown()

    def _typed(self, text: str) -> None:
        self._wanted = replace(self._wanted, text=text)
        self._pause.start()

    def _filter(self) -> None:
        self._wanted = replace(self._wanted, category_id=self.category.read(), is_active=self.state.read())
        self._look_up()

    def _look_up(self) -> None:
        self._pause.stop()
        wanted, desk = replace(self._wanted, after=0), self._desk
        self.work.begin(lambda _watch: desk.listing(wanted), self._show_listing)

    def _more(self) -> None:
        there = len(self.table.model.rows)
        if self.work.is_busy or there >= self._total:
            return
        wanted, desk = replace(self._wanted, after=there), self._desk
        self.work.begin(lambda _watch: desk.listing(wanted), self._show_listing)

    def _show_listing(self, found: Listing) -> None:
        self._total = found.total
        if found.after:
            self.table.add_rows(found.articles)
        else:
            self.table.set_rows(found.articles)
        shown = len(self.table.model.rows)
        t = self._look.t
        words = t.plural("{count} article", "{count} articles", found.total).format(count=found.total)
        if shown < found.total:
            words = t("{shown} of {words}").format(shown=shown, words=words)
        self.count.setText(words)
        self._mark_shown()

    def _show_right(self) -> None:
        self.nothing.setVisible(self.form.card is None)

    def _category_of(self, article: Article) -> str:
        return next((one.name for one in self._choices.categories if one.id == article.category_id), "")

    def _columns(self) -> list[Column[Article]]:
        look, t = self._look, self._look.t
        words = {kind: name for name, kind in kinds(t)}
        return [
            Column(t("No."), lambda a: a.number, width_px=84),
            Column(t("Name"), lambda a: a.name, is_strong=True, takes_rest=True, width_px=160),
            Column(
                t("Price"),
                lambda a: t("asked") if a.price is None else look.formats.amount(a.price),
                order=lambda a: a.price,
                is_figure=True,
                width_px=92,
            ),
            Column(t("Category"), self._category_of, is_shown=False, width_px=120),
            Column(
                t("VAT rate"),
                lambda a: look.formats.percent(dict(self._choices.vat_keys).get(a.vat_key, 0)),
                is_shown=False,
                width_px=72,
            ),
            Column(t("Unit"), lambda a: a.unit, is_shown=False, width_px=64),
            Column(t("Kind"), lambda a: words[a.kind], is_shown=False, width_px=100),
            Column(t("Codes (EAN)"), lambda a: ", ".join(a.codes), is_shown=False, width_px=140),
            Column(t("PLU number"), lambda a: a.plu, is_shown=False, width_px=84),
            Column(
                t("State"),
                lambda a: t("for sale") if a.is_active else t("not for sale"),
                tone=lambda a: "calm" if a.is_active else "quiet",
                is_shown=False,
                width_px=110,
            ),
        ]

    def _connect(self) -> None:
        self._pause.timeout.connect(self._look_up)
        self.table.typed.connect(self._typed)
        self.table.chosen.connect(self._choose)
        self.table.opened.connect(lambda _row: self.form.fields.name.line.setFocus())
        self.table.more_wanted.connect(self._more)
        self.category.changed.connect(self._filter)
        self.state.changed.connect(self._filter)
        self.form.saved.connect(self._saved)
        self.form.copy_asked.connect(self._copy)

    def _build(self) -> None:
        left, filters = QVBoxLayout(), QHBoxLayout()
        left.setSpacing(GAP)
        filters.setSpacing(GAP)
        for field, share in ((self.category, 4), (self.state, 3)):
            field.label.hide()
            filters.addWidget(field, share)
        left.addLayout(filters)
        left.addWidget(self.table, 1)
        left.addWidget(self.count)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.nothing, 1)
        column.addWidget(self.form, 1)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addLayout(left, 4)
        row.addWidget(right, 5)
        self.body.addLayout(row, 1)


def _stay() -> None:
    """Only the question is wanted."""
