"""The payment screen: due, ways to pay, payments taken, change; wholly usable by keyboard (T6, U4)."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from till.app.bootstrap import Till
from till.app.views import SaleState, ScanKind, ScanResult, Status, TenderKey, VoucherHit
from till.money import Money
from till.sales.tender import TenderKind
from till.ui.keys import Action
from till.ui.look import Look
from till.ui.payment.settled_column import SettledColumn
from till.ui.payment.taking_column import TakingColumn
from till.ui.payment.tender_column import TenderColumn
from till.ui.sounds import Sounds
from till.ui.widgets.tab_order import put_in_order
from till.ui.widgets.text import lay_out_now

_TENDERS = {Action.CASH: TenderKind.CASH, Action.CARD: TenderKind.CARD, Action.VOUCHER: TenderKind.VOUCHER}
_COMMAS = frozenset({",", "."})


class PaymentPage(QWidget):
    """Pays the sale; `left` when the cashier goes back, `receipt_asked` when a receipt was scanned."""

    left = Signal()
    receipt_asked = Signal(object)

    def __init__(self, look: Look, till: Till, sounds: Sounds) -> None:
        super().__init__()
        self._look, self._till, self._desk, self._sounds = look, till, till.sale, sounds
        self.setProperty("role", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.tenders = TenderColumn(look, till.sale.tenders())
        self.taking = TakingColumn(look, till.sale)
        self.settled = SettledColumn(look, till.cash)
        self._state: SaleState = till.sale.state
        self._build()
        self._connect()

    @property
    def chosen(self) -> TenderKey | None:
        """The way to pay that is chosen."""
        return self.taking.tender

    def begin(self, by: Action | TenderKey | None = Action.CASH) -> None:
        """Show the page with the way to pay that a key names, or that was chosen before the window was built anew."""
        self.settled.message.clear()
        self.tenders.offer(self._desk.tenders())
        self.settled.offer(self._desk.tenders())
        self.show_state(self._desk.state)
        named = self.tenders.first(_TENDERS.get(by, TenderKind.CASH)) if isinstance(by, Action) else by
        self.choose(named if named in self.tenders.tenders else self.tenders.tenders[0])

    def choose(self, tender: TenderKey) -> None:
        """Begin a payment with this tender."""
        self.tenders.show_chosen(tender)
        self.taking.choose(tender)
        if tender.kind is not TenderKind.VOUCHER:
            self.setFocus()

    def show_vouchers(self, hits: tuple[VoucherHit, ...]) -> None:
        """Show vouchers that were scanned, on this page or on the sale (V30)."""
        voucher = self.tenders.first(TenderKind.VOUCHER)
        if voucher is not None:
            self.choose(voucher)
            self.taking.show_hits(hits)

    def show_state(self, state: SaleState) -> None:
        """Show where the payment stands; what has changed is not completed by itself any more."""
        if state != self._state and self.settled.message.is_waiting:
            self.settled.message.dismiss()
        self._state = state
        self.tenders.show_state(state)
        self.taking.show_state(state)
        self.settled.show_state(state)

    def show_status(self, status: Status) -> None:
        """Show the strips."""
        self.tenders.strips.show_status(status)

    def on_scan(self, code: str) -> None:
        """A voucher is looked up; an article is still added to the basket."""
        is_taken = self.taking.message.attempt(lambda: self._desk.scan(code), self._scanned)
        (self._sounds.good if is_taken else self._sounds.bad)()

    def act(self, action: Action) -> bool:
        """Do what a function key asks for on this page."""
        if action is Action.PAY:
            self.complete()
        elif action in _TENDERS:
            tender = self.tenders.first(_TENDERS[action])
            if tender is not None:
                self.choose(tender)
        else:
            return False
        return True

    def complete(self) -> None:
        """Book the sale; while the database can't, try again by itself until it can or the cashier does something.

        The desk answers a second call with the same document; the window leaves this page.
        """
        if self._state.completed is None:
            self.settled.message.insist(self._desk.complete)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits go to the pad, Enter confirms, Escape goes back."""
        key, text = event.key(), event.text()
        if text.isdigit() and text.isascii():
            self.taking.press(text)
        elif text in _COMMAS and text:
            self.taking.press(",")
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.taking.confirm()
        elif key == Qt.Key.Key_Backspace:
            self.taking.act("back")
        elif key == Qt.Key.Key_Escape:
            if not self.taking.escape():
                self.left.emit()
        else:
            event.ignore()

    def focusNextPrevChild(self, is_next: bool) -> bool:  # noqa: FBT001 - Qt's name and sign
        """Vouchers, reasons and quick amounts come and go: the order is made when Tab is pressed."""
        put_in_order(self)
        return super().focusNextPrevChild(is_next)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit what depends on the width."""
        super().resizeEvent(event)
        width = event.size().width()
        self.tenders.setFixedWidth(max(256, min(400, round(width * 0.249))))
        self.settled.setFixedWidth(max(280, min(440, round(width * 0.242))))
        lay_out_now(self)
        self.show_state(self._state)

    def _scanned(self, result: ScanResult) -> None:
        if result.kind is ScanKind.VOUCHER:
            self.show_vouchers(result.vouchers)
        elif result.kind is ScanKind.RECEIPT and result.receipt is not None:
            self.receipt_asked.emit(result.receipt)
        else:
            self.taking.message.tell(self._look.t("Added to the basket; the amount due has changed."))

    def _quick_cash(self, amount: Money) -> None:
        self.settled.message.attempt(lambda: self._desk.pay_cash(amount))

    def _take_back(self, tendered_id: int) -> None:
        self.settled.message.attempt(lambda: self._desk.take_back(tendered_id))

    def _answer_uncertain(self, job_id: int, was_printed: bool) -> None:  # noqa: FBT001 - a signal's slot
        self.settled.message.insist(lambda: self._till.status.answer_uncertain(job_id, printed=was_printed))

    def _retry_printing(self) -> None:
        self.settled.message.attempt(self._till.status.retry_printing)

    def _connect(self) -> None:
        self.tenders.chosen.connect(self.choose)
        self.tenders.left.connect(self.left)
        self.taking.confirmed.connect(self.complete)
        self.taking.taken.connect(self.settled.message.clear)
        self.settled.quick_cash.connect(self._quick_cash)
        self.settled.taken_back.connect(self._take_back)
        self.settled.completed.connect(self.complete)
        self.tenders.strips.answered.connect(self._answer_uncertain)
        self.tenders.strips.retry_asked.connect(self._retry_printing)

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 16, 16, 16)
        row.setSpacing(16)
        row.addWidget(self.tenders)
        row.addWidget(self.taking, 1)
        row.addWidget(self.settled)
