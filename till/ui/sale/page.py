"""The sale screen: basket and pad on the left, articles on the right; scans work whatever has the focus (T1, T2)."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from till.app.bootstrap import Till
from till.app.price_check import PriceChecked
from till.app.views import ButtonKind, Choice, SaleState, ScanKind, ScanResult, Status, Tile, VoucherHit
from till.catalog.lookup import UnknownCode
from till.documents.model import Document
from till.money import Money
from till.staff.permission import Permission
from till.ui.keys import Action, shown_key
from till.ui.look import Look
from till.ui.main.strips import Strips
from till.ui.message import Message, once
from till.ui.sale.article_zone import ArticleZone
from till.ui.sale.basket_column import BACK, BasketColumn
from till.ui.sale.finished import AfterSale, FinishedPanel
from till.ui.sale.function_bar import FunctionBar
from till.ui.sale.opening import OpeningPanel
from till.ui.sale.pad_input import PadInput
from till.ui.sale.parked_panel import ParkedPanel
from till.ui.sale.parking import Parking, Place
from till.ui.sale.pick_panel import PickPanel
from till.ui.sale.price_check import PriceCheckPanel
from till.ui.sale.prompt import Ask, Prompt
from till.ui.sale.voucher_check import VoucherCheck
from till.ui.sale.voucher_prompts import VoucherPrompts, is_asked
from till.ui.sale.vouchers_card import VouchersCard
from till.ui.sounds import Sounds
from till.ui.widgets.button import Face
from till.ui.widgets.text import lay_out_now

_MARGIN = 16
_COMMAS = frozenset({",", "."})


class SalePage(QWidget):
    """The sale.

    `pay_asked`, `receipt_asked` (Document) and `receipts_asked` lead to other pages; `voucher_scanned`
    carries its hits to the payment; `search_ended` empties the search field; `article_asked` with an unknown code that an
    article shall be made for (T2).
    """

    pay_asked = Signal()
    voucher_scanned = Signal(object)
    receipt_asked = Signal(object)
    receipts_asked = Signal()
    search_ended = Signal()
    article_asked = Signal(str)

    def __init__(self, look: Look, till: Till, sounds: Sounds) -> None:
        super().__init__()
        self._look, self._till, self._desk, self._sounds = look, till, till.sale, sounds
        self._state: SaleState = till.sale.state
        self._panel: QWidget | None = None
        self._search_text = ""
        self._asked: Prompt | None = None
        self._unknown = ""
        self._is_checking = False
        self.setProperty("role", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.column = BasketColumn(look)
        self.articles = ArticleZone(look, till.sale, till.settings.start_category)
        self.strips = Strips(look)
        self.message = Message(look, till.cash)
        self.functions = FunctionBar(look)
        self.input = PadInput(look, till.sale, self.column.message, lambda: self.column.basket.line)
        self.input.read_text = self.column.prompt_box.line.text
        self._zone = QStackedWidget()
        self.prompts = VoucherPrompts(look, till.sale, self._show_panel)
        self.parking = Parking(look, till, Place(self.message, self.column.message, self._show_panel))
        self._build()
        self._connect()
        self.show_state(self._state)
        if self._state.restored and self._state.priced.lines:
            self.parking.tell_restored(self._state)

    @property
    def panel(self) -> QWidget | None:
        """What is seen in the place of the articles, if anything."""
        return self._panel

    def show_state(self, state: SaleState) -> None:
        """Show the sale; only what changed is painted."""
        was_completed, self._state = self._state.completed, state
        self.column.show_state(state, is_open=self._till.cash.is_open)
        self.functions.show_state(state)
        if state.completed is not None and state.completed is not was_completed:
            self.input.ask(None)
            self._show_panel(self._finished_panel(state))
        elif state.completed is None and isinstance(self._panel, FinishedPanel):
            self._show_panel(None)
        if self._panel is None and not self._till.cash.is_open:
            self.show_opening()

    def show_status(self, status: Status) -> None:
        """Show the strips; open or close the till."""
        self.strips.show_status(status)
        if not status.shift_open and self._panel is None:
            self.show_opening()
        elif status.shift_open and isinstance(self._panel, OpeningPanel):
            self._show_panel(None)
        self.column.show_state(self._state, is_open=status.shift_open)

    def show_opening(self) -> None:
        """Ask for the opening float in the place of the articles, as soon as the books say what should be there."""
        self.message.insist(
            self._till.cash.suggested_float, lambda amount: self._show_panel(self._opening_panel(amount))
        )

    def on_scan(self, code: str) -> None:
        """Sell, show or find what was scanned; a typed number is the quantity (T2, T3)."""
        if self._is_checking:
            self._check_price(code)
            return
        if self._voucher_check is not None and self._voucher_check.on_scan(code):
            self._sounds.good()
            return
        self._close_check()
        is_number = self.prompts.on_scan(code)
        if is_number is None:
            is_number = self.column.message.attempt(lambda: self._scan(code), self._scanned)
        (self._sounds.good if is_number else self._sounds.bad)()
        self._offer_article()

    def _scan(self, code: str) -> ScanResult:
        try:
            return self._desk.scan(code, self.input.quantity())
        except UnknownCode:
            self._unknown = code
            raise

    def _offer_article(self) -> None:
        """An unknown code can become an article, for who may make one (T2); words that were typed are no code."""
        code, self._unknown = self._unknown.strip(), ""
        is_code = any(letter.isdigit() for letter in code) and not any(letter.isspace() for letter in code)
        if is_code and self._till.staff.may(Permission.CATALOGUE):
            face = Face(self._look.t("Create article"), "plus")
            self.column.message.offer(face, lambda: self.article_asked.emit(code))

    def _toggle_price_check(self) -> None:
        """From now on a scan or a tap shows a price and sells nothing; the same key ends it."""
        if self._is_checking:
            self._leave_panel()
            return
        self._leave_panel()
        self._is_checking = True
        key = shown_key(self._look.key_of(Action.PRICE_CHECK))
        words = self._look.t("Price check: scan an article or tap it. Nothing is sold. {key} ends it.").format(key=key)
        self.column.message.tell(words)

    def _check_price(self, what: str | Tile) -> None:
        is_found = self.column.message.attempt(lambda: self._desk.price_of(what), self._show_price)
        (self._sounds.good if is_found else self._sounds.bad)()

    def _show_price(self, found: PriceChecked) -> None:
        panel = PriceCheckPanel(self._look, found)
        panel.dismissed.connect(self._leave_panel)
        self._show_panel(panel)
        self.search_ended.emit()

    def search(self, text: str) -> None:
        """Show the hits of a text in the place of the tiles; an empty text brings the tiles back."""
        self._search_text = text.strip()
        if not self._search_text:
            self.articles.show_assortment()
            self._zone.setCurrentWidget(self._panel or self.articles)
            return
        self._leave_panel()
        if self.prompts.panel is not None:
            self._zone.setCurrentWidget(self.articles)
        self.column.message.attempt(lambda: self._desk.search(self._search_text), self._show_hits)

    def _show_hits(self, hits: tuple[Tile, ...]) -> None:
        self.articles.show_hits(self._search_text, hits)

    def take_hit(self) -> None:
        """Enter in the search field: sell the chosen hit, else read the text like a scan."""
        hit = self.articles.grid.chosen
        if hit is not None:
            self._take(hit)
        elif self._search_text:
            self.on_scan(self._search_text)

    def act(self, action: Action) -> bool:
        """Do what a function key asks for on this page."""
        known = {
            Action.PAY: self._pay,
            Action.UNDO: self._undo,
            Action.REMOVE: self._remove_selected,
            Action.PARK: self.parking.park,
            Action.PARKED: lambda: self.parking.show(by_keys=True),
            Action.DRAWER: self._open_drawer,
            Action.LAST_RECEIPT: self._show_last,
            Action.RECEIPTS: self.receipts_asked.emit,
            Action.PRICE_CHECK: self._toggle_price_check,
            Action.VOUCHER_CHECK: self._check_voucher,
        }
        if action not in known:
            return False
        known[action]()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits go to the pad, Enter confirms, arrows choose a line, Escape goes back."""
        key, text = event.key(), event.text()
        if text.isdigit() and text.isascii():
            self._press(text)
        elif text in _COMMAS and text:
            self._press(",")
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._enter()
        elif key == Qt.Key.Key_Backspace:
            self.input.act("back")
        elif text == "%":
            self.input.act("discount")
        elif key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.column.basket.step(-1 if key == Qt.Key.Key_Up else 1)
        elif key == Qt.Key.Key_Escape:
            self._escape()
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit what depends on the width."""
        super().resizeEvent(event)
        self.column.setFixedWidth(max(400, min(560, round(self.width() * 0.322))))
        lay_out_now(self)

    def _enter(self) -> None:
        if self.input.confirm() or self.prompts.confirm() or (self._voucher_check and self._voucher_check.confirm()):
            return
        if isinstance(self._panel, OpeningPanel):
            self._panel.confirm()
        elif self._is_checking and self.input.entry:
            self._enter_number(self.input.entry.typed)
        elif self._panel is not None:
            self._leave_panel()
        elif self.input.entry:
            self._enter_number(self.input.entry.typed)

    def _enter_number(self, number: str) -> None:
        """A typed article number and Enter: as if it had been scanned."""
        self.input.taken()
        self.on_scan(number)

    def _escape(self) -> None:
        if not self.input.clear():
            self.column.message.dismiss()
            self.message.dismiss()
            self._leave_panel()
            if self.prompts.panel is not None:
                self.prompts.close()
            self.search_ended.emit()

    def _act(self, key_id: str) -> None:
        """A key of the pad's right column: the last key of an open question is deleted there."""
        if key_id == BACK and self.input.prompt is None and self.prompts.panel is not None:
            self.prompts.panel.back()
        elif not (key_id == BACK and self._voucher_check and self._voucher_check.back()):
            self.input.act(key_id)

    def _press(self, key: str) -> None:
        if self.input.prompt is None and self.prompts.press(key):
            return
        if self._voucher_check is not None and self._voucher_check.press(key):
            return
        if not isinstance(self._panel, OpeningPanel) and not self._is_checking:
            self._leave_panel()
        self.input.press(key)

    def _scanned(self, result: ScanResult) -> None:
        in_the_way = self.prompts.in_the_way_of(result)
        if in_the_way is not None:
            self.column.message.refuse(in_the_way)
        elif result.kind is ScanKind.VOUCHER and result.vouchers:
            self._show_vouchers(result)
        elif result.kind is ScanKind.RECEIPT and result.receipt is not None:
            self.receipt_asked.emit(result.receipt)
        else:
            self.input.taken()
            self.search_ended.emit()
            is_asked(result, self.prompts)

    def _show_vouchers(self, result: ScanResult) -> None:
        if self._state.priced.lines:
            self.voucher_scanned.emit(result.vouchers)
            return
        self._check_voucher(result.vouchers)

    @property
    def _voucher_check(self) -> VoucherCheck | None:
        return self._panel if isinstance(self._panel, VoucherCheck) else None

    def _check_voucher(self, hits: tuple[VoucherHit, ...] = ()) -> None:
        """Tell what is on a voucher, without any sale (V38); the same key ends it."""
        if not hits and self._voucher_check is not None:
            self._leave_panel()
            return
        self._leave_panel()
        check = VoucherCheck(self._look, self._till, hits)
        check.dismissed.connect(self._leave_panel)
        self._show_panel(check)
        if not hits:
            check.begin()

    def _take(self, tile: Tile) -> None:
        """A tile or a search hit was tapped."""
        self.message.clear()
        if self._is_checking:
            self._check_price(tile)
        elif tile.price is None and tile.kind is not ButtonKind.VOUCHER:
            self.input.ask_price(tile)
            self.search_ended.emit()
        else:
            self.column.message.attempt(lambda: self._sell(tile), self._scanned)

    def _sell(self, tile: Tile) -> ScanResult:
        quantity = self.input.quantity()
        ask = self._desk.asks(tile, quantity)
        return self._desk.add(tile, quantity) if ask is None else ScanResult(ScanKind.ASK, ask=ask)

    def _pick(self, choice: Choice) -> None:
        self.column.message.attempt(lambda: self._desk.pick(choice), self._scanned)

    def _ask_words(self) -> None:
        """The note of a line; a voucher has words of its own, which are printed on it too (V22)."""
        line = self.column.basket.line
        if line is not None and line.line.item.voucher is not None:
            self.prompts.change(line.line)
        else:
            self.input.ask_note()

    def _pay(self) -> None:
        if self.input.confirm() or self.prompts.confirm():
            return
        if self._state.priced.lines and self._till.cash.is_open:
            self.input.clear()
            self.column.message.clear()
            self.pay_asked.emit()

    def _undo(self) -> None:
        self.column.message.attempt(self._desk.undo)

    def _remove(self, line_id: int) -> None:
        self.column.message.attempt(lambda: self._desk.remove(line_id))

    def _remove_selected(self) -> None:
        line = self.column.basket.line
        if line is not None:
            self._remove(line.line.id)

    def _cancel(self) -> None:
        self.input.clear()
        self.message.insist(self._desk.cancel, lambda _: self.column.message.clear())

    def _open_drawer(self) -> None:
        self.message.insist(self._till.cash.open_drawer)

    def _show_last(self) -> None:
        self.message.attempt(self._till.receipts.last, self._show_found)

    def _show_found(self, last: Document | None) -> None:
        if last is None:
            self.message.tell(self._look.t("No receipt yet."))
        else:
            self.receipt_asked.emit(last)

    def _open_till(self, opening_float: Money) -> None:
        panel = self._panel
        if isinstance(panel, OpeningPanel):
            cash = self._till.cash
            opening = once(lambda: cash.open_shift(opening_float), lambda: cash.is_open)
            panel.message.insist(opening, lambda _: self._till_opened())

    def _till_opened(self) -> None:
        self._show_panel(None)
        self.input.clear()
        self.show_state(self._desk.state)

    def _leave_panel(self) -> None:
        """Go back to the articles, from the change, a voucher's balance or the parked baskets."""
        if isinstance(self._panel, FinishedPanel):
            self._desk.dismiss()
        self._close_check()

    def _close_check(self) -> None:
        if self._is_checking:
            self._is_checking = False
            self.column.message.clear()
        if isinstance(self._panel, (VoucherCheck, ParkedPanel, PriceCheckPanel, PickPanel)):
            self._show_panel(None)
            self.setFocus()

    def _show_panel(self, panel: QWidget | None) -> None:
        """Show `panel` in the place of the articles; None shows the articles."""
        old, self._panel = self._panel, panel
        self.prompts.note_panel(panel)
        if panel is not None:
            self._zone.addWidget(panel)
        self._zone.setCurrentWidget(panel or self.articles)
        if old is not None:
            self._zone.removeWidget(old)
            old.deleteLater()

    def _note_asking(self, is_asking: bool) -> None:  # noqa: FBT001 - a signal's slot
        """Enter and Pay answer the question now; when it is over the page has the keys again."""
        self.column.show_asking(is_asking, is_open=self._till.cash.is_open)
        if not is_asking:
            self.setFocus()

    def _answer_uncertain(self, job_id: int, was_printed: bool) -> None:  # noqa: FBT001 - a signal's slot
        self.message.insist(lambda: self._till.status.answer_uncertain(job_id, printed=was_printed))

    def _retry_printing(self) -> None:
        self.message.attempt(self._till.status.retry_printing)

    def _finished_panel(self, state: SaleState) -> FinishedPanel:
        assert state.completed is not None  # noqa: S101 - the caller has seen it
        document, vouchers = state.completed.document, state.completed.vouchers
        after = AfterSale(
            vouchers=VouchersCard(self._look, self._till, (document.id, vouchers)) if vouchers else None,
            show_receipt=lambda: self.receipt_asked.emit(document),
            print_copy=lambda: self.message.insist(lambda: self._till.receipts.reprint(document.id)),
        )
        panel = FinishedPanel(self._look, state.completed, after)
        panel.dismissed.connect(self._leave_panel)
        return panel

    def _opening_panel(self, suggested: Money) -> OpeningPanel:
        panel = OpeningPanel(self._look, suggested, self._till.cash)
        panel.opened.connect(self._open_till)
        panel.typing_ended.connect(self.input.clear)
        return panel

    def _input_changed(self) -> None:
        prompt = self.input.prompt
        was_asking = self._asked
        self._asked = prompt
        if prompt is not was_asking:
            self.column.show_prompt(prompt, is_open=self._till.cash.is_open)
        if prompt is not None and prompt.ask is Ask.NOTE and was_asking is None:
            self.column.prompt_box.begin_text(prompt.text)
        elif prompt is None and was_asking is not None:
            self.setFocus()
        if isinstance(self._panel, OpeningPanel) and prompt is None:
            self._panel.show_entry(self.input.entry)
        else:
            self.column.show_entry(self.input.entry)

    def _connect(self) -> None:
        self.input.changed.connect(self._input_changed)
        self.column.pad.typed.connect(self._press)
        self.column.pad.acted.connect(self._act)
        self.prompts.picked.connect(self._pick)
        self.prompts.asking.connect(self._note_asking)
        self.column.pay_asked.connect(self._pay)
        self.column.undo_asked.connect(self._undo)
        self.column.note_asked.connect(self._ask_words)
        self.column.basket.removal_asked.connect(self._remove)
        self.column.prompt_box.line.returnPressed.connect(self.input.confirm)
        self.articles.taken.connect(self._take)
        self.articles.search_ended.connect(self.search_ended)
        self.articles.failed.connect(self.message.show_refusal)
        self.functions.discount_asked.connect(self.input.ask_basket_discount)
        self.functions.cancel_asked.connect(self._cancel)
        self.functions.park_asked.connect(self.parking.park)
        self.column.parked_asked.connect(self.parking.show)
        self.parking.begun.connect(self.input.clear)
        self.parking.left.connect(self._close_check)
        self.functions.drawer_asked.connect(self._open_drawer)
        self.functions.receipts_asked.connect(self.receipts_asked)
        self.functions.last_asked.connect(self._show_last)
        self.functions.price_check_asked.connect(self._toggle_price_check)
        self.functions.voucher_check_asked.connect(self._check_voucher)
        self.strips.answered.connect(self._answer_uncertain)
        self.strips.retry_asked.connect(self._retry_printing)

    def _build(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._zone.addWidget(self.articles)
        right = QVBoxLayout()
        right.setContentsMargins(_MARGIN, 12, _MARGIN, 12)
        right.setSpacing(12)
        right.addWidget(self._zone, 1)
        right.addWidget(self.strips)
        right.addWidget(self.message)
        right.addWidget(self.functions)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.column)
        row.addLayout(right, 1)
