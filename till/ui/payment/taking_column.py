"""The middle pane of the payment: the amount of the chosen way to pay, or a voucher's number and what is on it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from till.app.selling import SaleDesk
from till.app.views import SaleState, TenderKey, VoucherHit
from till.errors import Refused
from till.i18n import msg
from till.money import ZERO, Money
from till.sales.tender import TenderKind
from till.ui.entry import Entry
from till.ui.fonts import font, semibold
from till.ui.keys import Action, shown_key
from till.ui.look import Look
from till.ui.message import Message
from till.ui.payment.voucher_pane import VoucherPane
from till.ui.theme import SMALL_TARGET, Size
from till.ui.widgets.amount_field import FIELD_HEIGHT, AmountField
from till.ui.widgets.button import Button, Face, primary_button
from till.ui.widgets.keypad import KeyPad, PadKey
from till.ui.widgets.letters import LetterPad
from till.ui.widgets.number_field import NumberField
from till.ui.widgets.text import Text

ALL, LETTERS, CLEAR, BACK = "all", "letters", "clear", "back"
_ACCEPT = msg("Accept")
_OTHER_TITLE = msg("Amount by {tender}")
_TITLES = {
    TenderKind.CASH: msg("Cash given"),
    TenderKind.CARD: msg("Amount on the card"),
    TenderKind.VOUCHER: msg("Scan a voucher or type its number"),
}
_VERBS = {TenderKind.CASH: msg("Take"), TenderKind.CARD: msg("Paid by card"), TenderKind.VOUCHER: msg("Redeem")}


class TakingColumn(QFrame):
    """Takes one payment at a time; `taken` when one was taken, `confirmed` by Enter when nothing is open."""

    taken = Signal()
    confirmed = Signal()

    def __init__(self, look: Look, desk: SaleDesk) -> None:
        super().__init__()
        self._look, self._desk = look, desk
        self._tender: TenderKey | None = None
        self._open = ZERO
        self._is_complete = False
        self._entry = Entry(has_decimal_key=look.has_decimal_key)
        self.setProperty("role", "card")
        self.message = Message(look)
        self.vouchers = VoucherPane(look, desk, self.message)
        self.amount = AmountField(look, look.t("Amount"))
        self.confirm_button = primary_button(look, Face(look.t("Take")))
        self.pad = KeyPad(look, self._pad_keys())
        self._letters = LetterPad(look)
        self._title = Text("", semibold(Size.BODY - 1), "muted")
        self._hint = Text("", font(Size.BODY), "muted").wrapped()
        self._build()
        self._connect()

    @property
    def hit(self) -> VoucherHit | None:
        """The voucher that Redeem would take."""
        return self.vouchers.hit

    @property
    def number(self) -> NumberField:
        """The field for the number of a voucher."""
        return self.vouchers.number

    @property
    def tender(self) -> TenderKey | None:
        """The chosen way to pay, as it is offered."""
        return self._tender

    @property
    def kind(self) -> TenderKind | None:
        """The chosen way to pay."""
        return self._tender.kind if self._tender is not None else None

    @property
    def letter_keys(self) -> list[Button]:
        """The keys of the letter pad."""
        return self._letters.findChildren(Button)

    def show_state(self, state: SaleState) -> None:
        """Follow what is still open: it is what the next payment offers (U4)."""
        if state.settlement.open != self._open and self.vouchers.hit is not None:
            self.message.attempt(self.vouchers.refresh)
        self._open, self._is_complete = state.settlement.open, state.settlement.is_complete
        self.vouchers.show_limit(state.bonus_covers)
        self._show_amount()

    def choose(self, tender: TenderKey) -> None:
        """Begin a payment of this kind."""
        self._tender = tender
        self._entry = self._entry.cleared()
        self.message.clear()
        is_voucher = tender.kind is TenderKind.VOUCHER
        self._show_words(tender)
        self.vouchers.setVisible(is_voucher)
        self._show_letters(is_shown=False)
        if is_voucher:
            self.vouchers.begin()
        self.pad.key(LETTERS).setEnabled(is_voucher and self.number.takes_letters)
        self._show_amount()

    def _show_words(self, tender: TenderKey) -> None:
        """The shop's own ways to pay are called by their names: no terminal takes them."""
        t = self._look.t
        is_own = tender.kind is TenderKind.CARD and not tender.by_card
        title = t(_OTHER_TITLE).format(tender=tender.name) if is_own else t(_TITLES[tender.kind])
        self._title.setText(title)
        self.confirm_button.set_face(Face(t(_VERBS[TenderKind.CASH if is_own else tender.kind])))

    def show_hits(self, hits: tuple[VoucherHit, ...]) -> None:
        """Show what was scanned stands for (V13, V30, V31)."""
        self.message.clear()
        self.vouchers.show_hits(hits)

    def press(self, key: str) -> None:
        """A digit or the comma: into the number while no voucher is chosen, else into the amount."""
        if self._wants_number:
            self.number.insert(key)
        else:
            self._entry = self._entry.pressed(key)
            self._show_amount()

    def act(self, key_id: str) -> None:
        """A key of the pad's right column."""
        if key_id == LETTERS:
            self._show_letters(is_shown=self._letters.isHidden())
        elif self._wants_number and key_id != ALL:
            line = self.number.line
            line.setText("" if key_id == CLEAR else line.text()[:-1])
        else:
            self._entry = self._entry.shortened() if key_id == BACK else self._entry.cleared()
            self._show_amount()

    def confirm(self) -> None:
        """Enter, or the button: look the number up, take the payment, or complete when nothing is open."""
        if self._wants_number and self.number.text:
            self.look_up(self.number.text)
        elif self._is_complete and not self._entry:
            self.confirmed.emit()
        else:
            self.message.attempt(self._take, lambda _: self._taken())

    def look_up(self, number: str) -> None:
        """Ask the desk what this number stands for."""
        self.vouchers.look_up(number)

    def escape(self) -> bool:
        """Forget the amount, then the voucher; False when there was nothing to forget."""
        if self._entry:
            self._entry = self._entry.cleared()
            self.message.clear()
            self._show_amount()
            return True
        had_words = bool(self.message.text)
        self.message.clear()
        return (self.kind is TenderKind.VOUCHER and self.vouchers.escape()) or had_words

    def _take(self) -> None:
        assert self._tender is not None  # noqa: S101 - a way to pay is always chosen when the page is shown
        amount = self._offered() if not self._entry else self._entry.money()
        if self._tender.kind is TenderKind.CASH:
            self._desk.pay_cash(amount)
        elif self._tender.kind is TenderKind.CARD:
            self._desk.pay_card(self._tender.id, amount)
        else:
            self.vouchers.take(amount)

    def _taken(self) -> None:
        self._entry = self._entry.cleared()
        if self.kind is TenderKind.VOUCHER:
            self.vouchers.taken()
        self._show_amount()
        self.taken.emit()

    def _offered(self) -> Money:
        """What stands in the field while nothing is typed: the rest, or what the voucher can pay of it (V32)."""
        if self.kind is TenderKind.VOUCHER:
            return self.vouchers.offered
        return self._open

    def _show_amount(self) -> None:
        formats = self._look.formats
        shown = self._entry.shown_money(formats) if self._entry else formats.money(self._offered())
        self.amount.show_figure(shown, is_typed=bool(self._entry) or self._offered() > ZERO)
        self.amount.set_active(not self._wants_number)
        can_redeem = self.vouchers.can_take
        is_voucher = self.kind is TenderKind.VOUCHER
        self.confirm_button.setEnabled(not self._is_complete and (can_redeem or not is_voucher))
        self.amount.setVisible(not is_voucher or can_redeem)
        self.confirm_button.setVisible(not is_voucher or can_redeem)
        self.vouchers.show_amount(self._typed())
        if is_voucher:
            self.confirm_button.set_face(
                Face(self._look.t(_ACCEPT if self.vouchers.is_goodwill else _VERBS[TenderKind.VOUCHER]))
            )
        self._show_hint()

    def _show_hint(self) -> None:
        self._say_hint()
        self._hint.setVisible(bool(self._hint.text()))

    def _say_hint(self) -> None:
        t = self._look.t
        if self._is_complete:
            self._hint.setText(self._paid_words())
        elif self.kind is TenderKind.CARD:
            self._hint.setText(self._card_words())
        elif self.kind is TenderKind.CASH:
            self._hint.setText(t("Enter takes the exact amount. Type what the customer gives, or tap a quick amount."))
        else:
            words = t("Scan the voucher now, or type its number and press Enter.")
            self._hint.setText(words if self.vouchers.is_waiting else "")

    def _card_words(self) -> str:
        if self._tender is not None and not self._tender.by_card:
            return self._look.t("Confirm it here once the customer has paid by {tender}.").format(
                tender=self._tender.name
            )
        return self._look.t("Take the amount on the card terminal first, then confirm it here.")

    def _paid_words(self) -> str:
        key = shown_key(self._look.key_of(Action.PAY))
        if not key:
            return self._look.t("Everything is paid. Complete the sale with Enter.")
        return self._look.t("Everything is paid. Complete the sale with {key} or Enter.").format(key=key)

    def _voucher_changed(self) -> None:
        self._entry = self._entry.cleared()
        self._show_letters(is_shown=False)
        self._show_amount()

    def _typed(self) -> Money | None:
        """What is typed as an amount; None while nothing, or nothing sensible, is."""
        try:
            return self._entry.money() if self._entry else None
        except Refused:
            return ZERO

    def _show_letters(self, *, is_shown: bool) -> None:
        self._letters.setVisible(is_shown)
        has_no_room = self.vouchers.is_goodwill and self._look.target_px > SMALL_TARGET
        self.pad.setVisible(not is_shown and not has_no_room)

    @property
    def _wants_number(self) -> bool:
        return self.kind is TenderKind.VOUCHER and self.vouchers.wants_number

    def _pad_keys(self) -> tuple[PadKey, ...]:
        t = self._look.t
        return (
            PadKey(ALL, Face(t("all"))),
            PadKey(LETTERS, Face("ABC")),
            PadKey(CLEAR, Face("C", name=t("Clear"))),
            PadKey(BACK, Face(icon="backspace", name=t("Delete the last key"))),
        )

    def _connect(self) -> None:
        self.pad.typed.connect(self.press)
        self.pad.acted.connect(self.act)
        self._letters.typed.connect(self.press)
        self._letters.digits_asked.connect(lambda: self.act(LETTERS))
        self._letters.back_asked.connect(lambda: self.act(BACK))
        self.vouchers.confirmed.connect(self.confirm)
        self.vouchers.changed.connect(self._voucher_changed)
        self.confirm_button.clicked.connect(self.confirm)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self._title)
        column.addWidget(self.vouchers)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.amount, 5)
        row.addWidget(self.confirm_button.tall(FIELD_HEIGHT), 2)
        column.addLayout(row)
        column.addWidget(self.message)
        column.addWidget(self._hint)
        column.addStretch(1)
        column.addWidget(self.pad)
        column.addWidget(self._letters)
