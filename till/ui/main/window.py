"""The till's window: top bar, one page at a time, keys and scans to whatever is shown. No dialog ever opens."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from till.app.bootstrap import Till
from till.app.views import SaleState, Status, VoucherHit
from till.clock import Clock, SystemClock
from till.documents.model import Document
from till.errors import Refused, Unavailable
from till.formats import Formats
from till.i18n import Translator
from till.settings import Settings
from till.staff.permission import Need
from till.ui.bridge import Bridge
from till.ui.key_map import shortcuts_of
from till.ui.keys import Action, action_of
from till.ui.look import Look
from till.ui.main.pages import PagedWindow
from till.ui.main.qt_language import speak
from till.ui.main.top_bar import TopBar
from till.ui.message import Tone
from till.ui.receipts.page import ReceiptPage
from till.ui.shift.page import ShiftPage
from till.ui.shift.pages import SHIFT_ACTIONS, built
from till.ui.sounds import Sounds
from till.ui.staff.gate import Gate
from till.ui.style import dress
from till.ui.theme import ThemeName, palette
from till.ui.training import AT_THE_COUNTER, TrainingFrame

if TYPE_CHECKING:
    from till.ui.main.menu import MenuPage
    from till.ui.office.window import OfficeWindow
    from till.ui.payment.page import PaymentPage
    from till.ui.staff.panel import Panel

LEAST_SIZE = (1024, 700)
_TENDERING = frozenset({Action.CASH, Action.CARD, Action.VOUCHER})


class MainWindow(PagedWindow):
    """The whole till on one screen.

    Everything it shows lies in the desks, so that a change of language, theme or size builds it anew.
    """

    def __init__(self, till: Till, clock: Clock | None = None, sounds: Sounds | None = None) -> None:
        super().__init__(till, sounds or Sounds(till.settings.sounds))
        self._clock: Clock = clock or SystemClock()
        self.look = look_of(till)
        self.bridge = Bridge(till)
        self._office: OfficeWindow | None = None
        self._ignores_taps = QTimer(self, singleShot=True)
        self._ignores_taps.timeout.connect(self._take_taps_again)
        self.setWindowTitle(_title(till))
        self.setMinimumSize(*LEAST_SIZE)
        self.training = TrainingFrame(self, self.look, AT_THE_COUNTER)
        self._build()
        self.gate = Gate(self, till, self.look, lambda: self.page)
        self.gate.heard.connect(lambda is_card: (self._sounds.good if is_card else self._sounds.bad)())
        self.bridge.sale_changed.connect(self.show_state)
        self.bridge.status_changed.connect(self.show_status)
        self.bridge.staff_changed.connect(self.show_staff)
        # Queued: the page that has stored them is done with its own work before anything is built anew.
        self.bridge.settings_changed.connect(self.use_settings, Qt.ConnectionType.QueuedConnection)
        self.bridge.catalogue_changed.connect(self.show_catalogue)

    def show_state(self, state: SaleState) -> None:
        """Show the sale; a sale that was just booked leads back to the sale page with its change."""
        self.sale.show_state(state)
        if self.shown == "payment":
            if state.completed is not None:
                self._ignore_taps()
                self._show_page(self.sale)
            else:
                self.payment.show_state(state)

    def show_status(self, status: Status) -> None:
        """Show what goes on around the sale."""
        self.top_bar.show_status(status)
        self.training.show_training(is_on=status.training)
        if self._office is not None:
            self._office.show_status(status)
        for page in self._pages_with_strips():
            page.show_status(status)

    def show_staff(self) -> None:
        """Show who is at work, and what they may see; what the one before was told stays on no page."""
        self.top_bar.show_cashier()
        if self.gate.show_staff() and self.selling is None:
            self.go_home()
        if self._office is not None:
            self._office.show_staff()

    def ask_approval(self, need: Need, again: Callable[[], object]) -> None:
        """Let somebody who may approve this (T12); `again` is called once when it was."""
        self.gate.ask_approval(need, again)

    def show_panel(self, panel: Panel) -> None:
        """Lay a panel over the counter until it is left."""
        self.gate.show_panel(panel)

    def show_catalogue(self) -> None:
        """Tabs or tiles were changed, here or at another till: the counter shows them, and the basket stays as it is."""
        self.sale.articles.refresh()
        self.returning.show_catalogue()

    @property
    def office(self) -> OfficeWindow | None:
        """The back office's window while it is open."""
        return self._office

    def open_office(self, key: str = "") -> None:
        """Show the back office in a window of its own, at this page; the counter stays as it is (T20)."""
        if self._office is None:
            self._office = self._new_office()
        self._office.open_page(key)
        if self.isMaximized():
            self._office.showMaximized()
        else:
            self._office.show()
        self._office.raise_()
        self._office.activateWindow()

    def _create_article(self, code: str) -> None:
        """Lead from an unknown code to a new article that has it (T2)."""
        self.open_office("articles")
        if self._office is not None:
            self._office.on_scan(code)

    def _new_office(self) -> OfficeWindow:
        from till.ui.office.window import OfficeWindow

        office = OfficeWindow(self.look, self._till)
        office.setGeometry(self.geometry())
        office.show_status(self._till.status.current)
        office.till_asked.connect(self.come_forward)
        office.closing_asked.connect(self._go_to_closing)
        office.receipt_asked.connect(self._show_receipt_with)
        office.closed.connect(self._forget_office)
        return office

    def come_forward(self) -> None:
        """Show the counter before the office."""
        self.raise_()
        self.activateWindow()

    def _go_to_closing(self) -> None:
        """The office needs a Z first."""
        self.come_forward()
        if self.page is not self._shift_pages.get(Action.CLOSE_TILL):
            self._show_shift(Action.CLOSE_TILL)

    def _forget_office(self) -> None:
        if self._office is not None:
            self._office.deleteLater()
            self._office = None
        self.come_forward()

    def on_scan(self, code: str) -> None:
        """A scan came, whatever has the focus: the page takes it, or the sale does (T2); the office's page before them."""
        in_office = self._office if self._office is not None and self._office.isActiveWindow() else None
        if (in_office.gate if in_office is not None else self.gate).on_scan(code):
            return
        if in_office is not None:
            if in_office.on_scan(code):
                return
            self.come_forward()
        page = self.selling
        if page is None:
            page = self.sale
            self._show_page(page)
        page.on_scan(code)

    def retranslate(self, language: str) -> None:
        """Speak another language from now on."""
        formats = Formats(Translator(language), self.look.formats.zone, self.look.formats.currency)
        self._change_look(replace(self.look, formats=formats))

    def set_theme(self, name: ThemeName) -> None:
        """Show another theme from now on."""
        self._change_look(replace(self.look, palette=palette(name)))

    def set_density(self, target_px: int) -> None:
        """Make everything to tap at least this high (U3)."""
        self._change_look(replace(self.look, target_px=target_px))

    def use_settings(self, settings: Settings) -> None:
        """Look, sound and answer to keys as the settings of this PC say now, under the shop's name of now."""
        self._sounds.are_on = settings.sounds
        look, title = look_of(self._till), _title(self._till)
        if look != self.look or title != self.windowTitle():
            self.setWindowTitle(title)
            self._change_look(look)

    def tell_unexpected(self) -> None:
        """Say that the program made a mistake, on the sale page, where it does not hide what was typed."""
        if self._office is not None and self._office.isActiveWindow():
            self._office.tell_unexpected()
            return
        words = self.look.t("The program made a mistake. The basket is safe; it was written to the log.")
        if self.returning.current is None:
            self._show_page(self.sale)
        (self.returning.current or self.sale).message.tell(words, Tone.DANGER)

    def tell_refusal(self, error: Refused | Unavailable) -> None:
        """Say on the page that is shown what nobody has said nearer to its cause."""
        page = self.page
        if self._office is not None and self._office.isActiveWindow():
            self._office.tell_refusal(error)
        elif self.returning.current is not None:
            self.returning.current.message.refuse(error)
        elif self.shown == "payment":
            self.payment.settled.message.refuse(error)
        elif self.shown == "menu":
            self.menu.message.refuse(error)
        elif isinstance(page, (ReceiptPage, ShiftPage)):
            page.message.refuse(error)
        else:
            self._show_page(self.sale)
            self.sale.message.refuse(error)

    def act(self, action: Action) -> None:
        """Do what a function key asks for, on this page or by going to another."""
        page = self.page
        selling = page if isinstance(page, ShiftPage) else self.selling
        if selling is not None and selling.act(action):
            return
        leads_to = {
            Action.HELP: self._show_help,
            Action.MENU: self._show_menu,
            Action.LOCK: self.gate.lock,
            Action.OFFICE: self.open_office,
            Action.SEARCH: self._search,
            Action.TRAINING: self._switch_training,
            Action.FREE_RETURN: self._show_free_return,
        }.get(action)
        if leads_to is not None:
            leads_to()
        elif action in SHIFT_ACTIONS:
            self._show_shift(action)
        elif action is Action.VOUCHER and page is self.sale and not self._till.sale.state.priced.lines:
            self.sale.act(Action.VOUCHER_CHECK)
        elif action in _TENDERING and page is self.sale:
            self._pay(action)
        elif action not in _TENDERING:
            self._show_page(self.sale)
            self.sale.act(action)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Function keys count on every page; digits reach the page wherever the focus is."""
        if self.gate.take_key(event):
            return
        action = action_of(event, self.look.shortcuts)
        if action is not None:
            self.act(action)
        elif not self.page.isAncestorOf(self.focusWidget() or self) and self.focusWidget() is not self.page:
            self.page.keyPressEvent(event)
        else:
            event.ignore()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The desks keep the basket; it is there again at the next start. The office closes with it, if nothing holds it."""
        if self._office is not None and not self._office.close():
            event.ignore()
        else:
            event.accept()

    def _pay(self, action: Action = Action.CASH) -> None:
        if self._till.sale.state.priced.lines and self._till.cash.is_open:
            self._show_page(self.payment)
            self.payment.begin(action)

    def _pay_by_voucher(self, hits: tuple[VoucherHit, ...]) -> None:
        self._show_page(self.payment)
        self.payment.begin(Action.VOUCHER)
        self.payment.show_vouchers(hits)

    def _search(self) -> None:
        self._show_page(self.sale)
        self.top_bar.search.line.setFocus()
        self.top_bar.search.line.selectAll()

    def _switch_training(self) -> None:
        """Begin or end training; why not is said beside the basket, which is mostly the reason."""
        training, message = self._till.training, self.sale.message
        self._show_page(self.sale)
        if not training.is_on:
            message.insist(training.begin)
            return
        words = self.look.t("The training has ended. From now on everything counts.")
        message.insist(training.end, lambda _: message.tell(words))

    def _show_receipt(self, document: Document) -> None:
        self._show_page(self.receipts)
        self.receipts.begin(document)

    def _show_receipt_with(self, document_id: uuid.UUID) -> None:
        """From the office to a receipt at the counter, where it is taken back."""
        self.come_forward()
        look = self._till.returns.look
        self.sale.message.attempt(lambda: look(document_id), lambda found: self._show_receipt(found.original))

    def _show_return(self, document_id: uuid.UUID, is_cancellation: bool) -> None:  # noqa: FBT001 - a signal's slot
        self._show_page(self.returning.for_receipt(document_id, is_cancellation=is_cancellation))

    def _show_free_return(self) -> None:
        self._show_page(self.returning.without_receipt())

    def _show_receipts(self) -> None:
        self._show_page(self.receipts)
        self.receipts.begin()

    def _show_shift(self, action: Action) -> None:
        """Cash in and out, X or the closing; the same key again leads back to the sale. Only X is there in training."""
        if self._till.training.is_on and action is not Action.X_REPORT:
            self._show_page(self.sale)
            self.sale.message.attempt(self._till.training.check_real)
            return
        page = self._shift_pages.get(action)
        if page is None:
            page = self._shift_pages[action] = self._add_shift_page(action)
        if self.page is page:
            self._show_page(self.sale)
        else:
            self._show_page(page)
            page.begin()

    def _add_shift_page(self, action: Action) -> ShiftPage:
        page = built(action, self.look, self._till)
        page.left.connect(self.go_home)
        page.receipt_asked.connect(self._show_receipt)
        self.pages.addWidget(page)
        return page

    def _show_cashiers(self) -> None:
        self.gate.open_panel()

    def _show_help(self) -> None:
        self._show_page(self.sale if self.shown == "help" else self.help)

    def _show_menu(self) -> None:
        if self.shown == "menu":
            self._show_page(self.sale)
        else:
            self._show_page(self.menu)
            self.menu.begin()

    def _ignore_taps(self) -> None:
        """The second tap of a double tap on Complete must not hit what stands there now."""
        self.pages.setEnabled(True)
        self._shield.setGeometry(self.pages.geometry())
        self._shield.show()
        self._shield.raise_()
        self._ignores_taps.start(QApplication.doubleClickInterval())

    def _take_taps_again(self) -> None:
        self._shield.hide()

    def _change_look(self, look: Look) -> None:
        page, kept = self.shown or "sale", self.returning.kept()
        tender = self.payment.chosen if page == "payment" else None
        shift = next((action for action, known in self._shift_pages.items() if known is self.page), None)
        self.look = look
        self.training.change_look(look)
        self._build()
        self.gate.change_look(look)
        if shift is not None:
            self._show_shift(shift)
        else:
            self._show_page(self.returning.again(kept) or getattr(self, page))
        if self.shown == "menu":
            self.menu.begin()
        elif self.shown == "payment":
            self.payment.begin(tender)
        if self._office is not None:
            self._office.change_look(look)

    def _build(self) -> None:
        look, till = self.look, self._till
        application = QApplication.instance()
        dress(look.palette)
        if isinstance(application, QApplication):
            speak(application, look.t.language)
        self.top_bar = TopBar(look, till, self._clock)
        self._build_pages()
        self._shift_pages: dict[Action, ShiftPage] = {}
        self._put_together()
        self._connect()
        self.show_status(till.status.current)

    def _put_together(self) -> None:
        frame = QWidget()
        frame.setProperty("role", "ground")
        self._shield = QWidget(frame)
        self._shield.hide()
        column = QVBoxLayout(frame)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top_bar)
        column.addWidget(self.pages, 1)
        self.setCentralWidget(frame)
        self.sale.setFocus()

    def _connect(self) -> None:
        self.top_bar.menu_asked.connect(self._show_menu)
        self.top_bar.cashier_asked.connect(self._show_cashiers)
        self.top_bar.searched.connect(self._searched)
        self.top_bar.hit_taken.connect(self._take_hit)
        self.top_bar.moved.connect(self._move_choice)
        for page_with_strips in (self.sale, self.receipts):
            page_with_strips.strips.training_over.connect(self._switch_training)
        self.sale.search_ended.connect(self._end_search)
        self.sale.pay_asked.connect(self._pay)
        self.sale.voucher_scanned.connect(self._pay_by_voucher)
        self.sale.receipts_asked.connect(self._show_receipts)
        self.sale.article_asked.connect(self._create_article)
        self.sale.receipt_asked.connect(self._show_receipt)
        for leaving in (self.receipts.left, self.returning.left):
            leaving.connect(self.go_home)
        self.receipts.return_asked.connect(self._show_return)
        self.receipts.free_return_asked.connect(self._show_free_return)
        self.returning.receipt_asked.connect(self._show_receipt)
        self.returning.search_ended.connect(self._end_search)

    def connect_payment(self, page: PaymentPage) -> None:
        """Lead from the payment screen back to the sale or to a receipt."""
        page.left.connect(self.go_home)
        page.receipt_asked.connect(self._show_receipt)

    def connect_menu(self, page: MenuPage) -> None:
        """Do what is chosen in the menu."""
        page.left.connect(self.go_home)
        page.asked.connect(self.act)
        page.language_chosen.connect(self._choose_language)
        page.theme_chosen.connect(self._choose_theme)
        page.density_chosen.connect(self._choose_density)

    def _choose_language(self, language: str) -> None:
        self.retranslate(language)
        self._remember(replace(self._till.settings, language=language))

    def _choose_theme(self, name: ThemeName) -> None:
        self.set_theme(name)
        self._remember(replace(self._till.settings, theme=name.value))

    def _choose_density(self, target_px: int) -> None:
        self.set_density(target_px)
        self._remember(replace(self._till.settings, density=target_px))

    def _remember(self, settings: Settings) -> None:
        """Keep what was chosen in the menu for the next start."""
        self.menu.message.attempt(lambda: self._till.this_pc.prefer(settings))

    def _take_hit(self) -> None:
        (self.returning.current or self.sale).take_hit()

    def _searched(self, text: str) -> None:
        if self.returning.current is not None:
            self.returning.current.search(text)
            return
        if text and self.page is not self.sale:
            self.pages.setCurrentWidget(self.sale)
        self.sale.search(text)

    def _move_choice(self, _across: int, down: int) -> None:
        self.sale.articles.grid.move_choice(down * self.sale.articles.grid.columns)

    def _end_search(self) -> None:
        if self.top_bar.search.line.text() or self.top_bar.search.line.hasFocus():
            self.top_bar.empty_search()
            self.page.setFocus()


def _title(till: Till) -> str:
    return f"{till.shop_name} – Till"


def look_of(till: Till) -> Look:
    """The look that the till's settings ask for."""
    settings = till.settings
    return Look(
        palette=palette(ThemeName(settings.theme)),
        formats=till.formats,
        target_px=settings.density,
        has_decimal_key=settings.decimal_key,
        shortcuts=shortcuts_of(settings.shortcuts),
    )
