"""Goods that come back without a receipt: articles right, what comes back left; then why and by which way (S1)."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from till.app.bootstrap import Till
from till.app.free_returns import FreeReturned
from till.app.refund_ways import RefundWay
from till.app.views import Tile
from till.errors import Refused
from till.i18n import msg
from till.quantity import ONE, Quantity
from till.sales.free_return import NO_REASON, NOTHING_CHOSEN
from till.sales.pricing import PricedLine
from till.ui.look import Look
from till.ui.returning.base import BackPage, Heading
from till.ui.returning.finished import FinishedReturn
from till.ui.returning.line_row import LineFace
from till.ui.returning.outcome import outcome_without_receipt
from till.ui.returning.price_pad import PricePad
from till.ui.returning.refund_card import CardWords, RefundCard
from till.ui.sale.article_zone import ArticleZone
from till.ui.sounds import Sounds
from till.ui.theme import PAY_HEIGHT
from till.ui.widgets.button import Arrangement, Button, Face, primary_button
from till.ui.widgets.text import lay_out_now

_WIDEST_CARD = 760
CHOOSE_WAY = msg("Choose what is given for it: cash, card or a voucher.")


class FreeReturnPage(BackPage):
    """What is brought without a receipt; `search_ended` empties the window's search."""

    search_ended = Signal()

    def __init__(self, look: Look, till: Till, sounds: Sounds) -> None:
        super().__init__(look, till, sounds, is_narrow=True)
        t = look.t
        self._desk = till.free_returns
        self._way: RefundWay | None = None
        self.heading = Heading(look, "receipt-refund", look.palette.warn)
        self.heading.show_words(t("Return without a receipt"), t("At most at today’s price, and for a reason."))
        self.articles = ArticleZone(look, till.sale, till.settings.start_category)
        words = CardWords(t("To be given for it"), t("Why it comes back"), t("Take back"))
        self.card = RefundCard(look, words, self.message)
        self.price = PricePad(look)
        self.go_on = primary_button(look, Face(t("Refund it"))).arranged(Arrangement.SPREAD, padding=20)
        self.price_button = Button(look, Face(t("Give less"), "tag"))
        self.zone = QStackedWidget()
        self._build()
        self._connect()

    @property
    def is_chosen(self) -> bool:
        """Whether leaving would throw something away."""
        return not self._desk.state.is_empty

    @property
    def way(self) -> RefundWay | None:
        """By which way the goods are paid back; None: nobody has chosen yet."""
        return self._way

    @property
    def is_refunding(self) -> bool:
        """Whether the goods are complete and the refund is shown."""
        return self.zone.currentWidget() is self.card

    def begin(self, *, is_refunding: bool = False) -> None:
        """Show what comes back so far, with the articles or, where that was so before, with the refund."""
        self.forget_finished()
        self.card.reason.offer(self._till.refund_ways.reasons())
        self.show_state()
        self._show(self.card if is_refunding and self.is_chosen else self.articles)
        if self.message.attempt(self._till.refund_ways.ways, self._offer):
            self.message.attempt(self._desk.check_may_begin)

    def carry_on(self, other: FreeReturnPage) -> None:
        """Take over what was typed on the page that this one replaces."""
        self.card.reason.set_text(other.card.reason.text)
        self._choose_way(other.way) if other.way is not None else None

    def show_state(self) -> None:
        """Show what the desk has."""
        state, formats = self._desk.state, self._look.formats
        self.lines.show_lines([(line.line.id, self._face(line)) for line in state.priced.lines])
        amount = state.priced.total
        self.go_on.set_face(Face(self._look.t("Refund it"), trailing=formats.money(amount)))
        self.go_on.setEnabled(not state.is_empty)
        self.price_button.setEnabled(not state.is_empty)
        self.card.show_amount(amount, self.card.width() - 40)
        self.card.show_refund(amount, {} if self._way is None or not amount else {self._way: amount})
        self.card.complete.setEnabled(not state.is_empty)

    def abandon(self) -> None:
        """Leave what was begun."""
        self._desk.abandon()
        self._forget()

    def complete(self) -> None:
        """First the goods, then the refund; then book it, again and again while the database can't."""
        if self.finished is not None:
            return
        if self.zone.currentWidget() is self.price:
            self._take_price()
        elif not self.is_refunding:
            self._go_on()
        elif not self.card.reason.text.strip():
            self._has_reason()
        elif self._way is None:
            self.message.refuse(Refused(CHOOSE_WAY))
        else:
            reason, way = self.card.reason.text, self._way
            self.message.insist(lambda: self._desk.complete(reason, way), self._completed)
            self._show_after_all()

    def step(self, key: int, by: int) -> None:
        """One more or less of a line; the last one takes it out, and so does less of what was weighed."""
        line = self._line(key)
        if line is None:
            return
        wanted = line.line.quantity + (ONE if by > 0 else -ONE)
        is_whole = line.line.quantity.is_whole
        if wanted <= Quantity(0) or (by < 0 and not is_whole):
            self._do(lambda: self._desk.remove(key))
        elif is_whole:
            self._do(lambda: self._desk.set_quantity(key, wanted))

    def press(self, key: str) -> None:
        """A digit: of a price where one is typed."""
        if self.zone.currentWidget() is self.price:
            self.price.press(key)

    def act_on(self, key_id: str) -> None:
        """Correct the price."""
        if self.zone.currentWidget() is self.price:
            self.price.act_on(key_id)

    def escape(self) -> bool:
        """From the refund or a price back to the goods."""
        if self.zone.currentWidget() is self.articles:
            return False
        self._show(self.articles)
        return True

    def on_scan(self, code: str) -> None:
        """One more article is brought."""
        if self.finished is not None:
            self.left.emit()
            return
        is_taken = self._do(lambda: self._desk.scan(code))
        (self._sounds.good if is_taken else self._sounds.bad)()

    def search(self, text: str) -> None:
        """Show the hits of a text in the place of the tiles; an empty text brings the tiles back."""
        if not text.strip():
            self.articles.show_assortment()
            return
        self._show(self.articles)
        self.message.attempt(
            lambda: self._till.sale.search(text.strip()), lambda hits: self.articles.show_hits(text.strip(), hits)
        )

    def take_hit(self) -> None:
        """Enter in the search field: the chosen hit is brought."""
        hit = self.articles.grid.chosen
        if hit is not None:
            self._add(hit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit what depends on the width."""
        super().resizeEvent(event)
        self._left.setFixedWidth(max(464, min(620, round(event.size().width() * 0.4))))
        lay_out_now(self)

    def _face(self, priced: PricedLine) -> LineFace:
        formats, line = self._look.formats, priced.line
        unit = f" {line.item.unit}" if line.item.unit and not line.quantity.is_whole else ""
        today = self._desk.state.today[line.id]
        detail = f"{formats.quantity(line.quantity)}{unit} × {formats.money(line.unit_price)}"
        if line.unit_price != today:
            detail += " · " + self._look.t("today {price}").format(price=formats.money(today))
        is_tied = line.belongs_to is not None
        return LineFace(
            name=line.item.name,
            detail=detail,
            count=formats.quantity(line.quantity),
            amount=formats.amount(priced.amount),
            can_less=not is_tied,
            can_more=not is_tied and line.quantity.is_whole,
            is_open=not is_tied,
        )

    def _line(self, line_id: int) -> PricedLine | None:
        return next((one for one in self._desk.state.priced.lines if one.line.id == line_id), None)

    def _add(self, tile: Tile) -> None:
        self._do(lambda: self._desk.add(tile))
        self.search_ended.emit()

    def _do(self, deed: object) -> bool:
        assert callable(deed)  # noqa: S101 - as the callers give it
        is_done = self.message.attempt(deed)
        if is_done and self.zone.currentWidget() is not self.articles:
            self._show(self.articles)
        if not is_done:
            self._show_after_all()
        self.show_state()
        return is_done

    def _show_after_all(self) -> None:
        """A return whose answer was lost was booked after all: that is shown as what it is."""
        done = self._desk.completed
        if done is not None and self.finished is None:
            self._completed(done)

    def _go_on(self) -> None:
        if self.is_chosen:
            self.message.clear()
            self._show(self.card)
        else:
            self.message.refuse(Refused(NOTHING_CHOSEN))

    def _has_reason(self) -> None:
        self.card.reason.say(self._look.t(NO_REASON))

    def _ask_price(self) -> None:
        line = self._line(self.lines.chosen) if self.lines.chosen is not None else None
        if line is not None:
            self.price.ask(line.line.item.name, self._desk.state.today[line.line.id])
            self._show(self.price)

    def _take_price(self) -> None:
        key, entry = self.lines.chosen, self.price.entry
        if key is not None and entry:
            self._do(lambda: self._desk.set_price(key, entry.money()))

    def _offer(self, ways: tuple[RefundWay, ...]) -> None:
        self.card.offer(ways, self._till.sale.tenders())
        self.card.split_button.hide()
        if self._way not in ways:
            self._way = None

    def _choose_way(self, way: RefundWay) -> None:
        self._way = way
        self.message.clear()
        self.show_state()

    def _completed(self, done: FreeReturned) -> None:
        self._forget()
        self._sounds.good()
        self.show_finished(FinishedReturn(self._look, self._till, outcome_without_receipt(self._look, done)))
        self.show_state()

    def _forget(self) -> None:
        self._way = None
        self.card.reason.set_text("")

    def _show(self, widget: QWidget) -> None:
        """Show the articles, the refund or a price; refusals are said where the eyes are."""
        if widget is self.card:
            self.card.place_message()
        else:
            self._asking.addWidget(self.message)
        self.zone.setCurrentWidget(widget)
        self.go_on.setVisible(widget is self.articles)
        self.setFocus()

    def _connect(self) -> None:
        self.articles.taken.connect(self._add)
        self.articles.search_ended.connect(self.search_ended)
        self.articles.failed.connect(self.message.show_refusal)
        self.card.way_chosen.connect(self._choose_way)
        self.card.completed.connect(self.complete)
        self.go_on.clicked.connect(self._go_on)
        self.price_button.clicked.connect(self._ask_price)
        self.price.taken.connect(self._take_price)
        self.price.left.connect(lambda: self._show(self.articles))

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.heading, 1)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(self.back_button(), 1)
        foot.addWidget(self.price_button)
        self._left = self.lines_card(head, foot)
        below = self._left.layout()
        assert below is not None  # noqa: S101 - the card was made with one
        below.addWidget(self.go_on.tall(PAY_HEIGHT))
        for card in (self.card, self.price):
            card.setMaximumWidth(_WIDEST_CARD)
        for widget in (self.articles, self.card, self.price):
            self.zone.addWidget(widget)
        row = QHBoxLayout(self._work)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self._left)
        row.addWidget(self.zone, 1)
