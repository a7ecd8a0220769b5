"""The right pane of a return: what goes back on vouchers, by which ways the rest goes out, why, and the one big button."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from till.app.refund_ways import RefundWay
from till.app.views import TenderKey
from till.errors import Refused
from till.money import ZERO, Money
from till.sales.returned import ValueBack
from till.ui.entry import Entry
from till.ui.fonts import semibold
from till.ui.keys import Action
from till.ui.look import Look
from till.ui.message import Message
from till.ui.returning.way_keys import WayKeys
from till.ui.shift.reason_field import ReasonField
from till.ui.theme import PAY_HEIGHT, SMALL_TARGET, Size
from till.ui.widgets.amount_field import AmountField
from till.ui.widgets.button import Arrangement, Button, Face, Kind
from till.ui.widgets.check import CheckBox
from till.ui.widgets.figure import Figure
from till.ui.widgets.keypad import KeyPad, PadKey
from till.ui.widgets.scroll import scroll_area
from till.ui.widgets.text import Text

_LOW = 760


@dataclass(frozen=True, slots=True)
class CardWords:
    """What is called differently on the pages: over the figure, over the reason, on the button; and its icon and kind."""

    figure: str
    reason: str
    button: str
    icon: str = "receipt-refund"
    kind: Kind = Kind.PRIMARY


class RefundCard(QFrame):
    """`way_chosen` (RefundWay), `amount_typed` (RefundWay, Money), `paid_out_chosen` (voucher id, bool), `completed`."""

    way_chosen = Signal(object)
    amount_typed = Signal(object, object)
    paid_out_chosen = Signal(object, bool)
    edited = Signal()
    completed = Signal()

    def __init__(self, look: Look, words: CardWords, message: Message) -> None:
        super().__init__()
        self._look, self._words = look, words
        self._entry = Entry(has_decimal_key=look.has_decimal_key)
        self.setProperty("role", "card")
        self.message = message
        self.figure = Figure(words.figure, Size.DUE)
        self.why_not = Message(look)
        self.ways = WayKeys(look)
        self.amount = AmountField(look, look.t("Amount for one of the ways"))
        self.pad = KeyPad(look, self._pad_keys())
        self.split_button = Button(look, Face(look.t("Share it out"), "calculator"), Kind.GHOST)
        self.split_button.setCheckable(True)
        self.reason = ReasonField(look, words.reason)
        self.complete = Button(look, Face(words.button, words.icon), words.kind).in_type(semibold(Size.KEY))
        self.complete.arranged(Arrangement.SPREAD, padding=20).tall(PAY_HEIGHT)
        self.checks: dict[uuid.UUID, CheckBox] = {}
        self._shown: dict[uuid.UUID, Text] = {}
        self._vouchers = QVBoxLayout()
        self._said = QVBoxLayout()
        self._asked = QWidget()
        self._is_possible = True
        self._is_low = False
        self._ways_word = Text("", semibold(Size.BODY - 1), "muted")
        self._build()
        self._connect()

    @property
    def entry(self) -> Entry:
        """The amount that is being typed."""
        return self._entry

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where keys are big and the screen is low the ways need the figure's room; the button tells the amount too."""
        super().resizeEvent(event)
        is_low = self._look.target_px > SMALL_TARGET and event.size().height() < _LOW
        if is_low != self._is_low:
            self._is_low = is_low
            self._show_entry()

    def place_message(self) -> None:
        """Say refusals here, beside the button."""
        self._said.addWidget(self.message)

    def press(self, key: str) -> None:
        """A digit or the comma of an amount for one of the ways."""
        self._entry = self._entry.pressed(key)
        self._show_entry()

    def act_on(self, key_id: str) -> None:
        """Correct the typed amount: "back" or "clear"."""
        self._entry = self._entry.shortened() if key_id == "back" else self._entry.cleared()
        self._show_entry()

    def escape(self) -> bool:
        """Forget the typed amount, or fold the pad; False when there was nothing to forget."""
        if not self._entry and not self.split_button.isChecked():
            return False
        self.split_button.setChecked(False)
        self.act_on("clear")
        return True

    def offer(self, ways: Sequence[RefundWay], tenders: Sequence[TenderKey]) -> None:
        """Offer these ways."""
        self.ways.offer(ways, tenders)
        self.split_button.setVisible(len(ways) > 1)

    def show_amount(self, amount: Money, room_px: int = 0) -> None:
        """The large figure, and the amount on the button."""
        shown = self._look.formats.money(amount)
        self.figure.show_amount(shown, room_px)
        key = self._look.key_of(Action.PAY)
        self.complete.set_face(Face(self._words.button, self._words.icon, trailing=shown, key=key))

    def show_refund(self, to_refund: Money, amounts: Mapping[RefundWay, Money]) -> None:
        """What is left to be given out, and how much of it by which way."""
        t = self._look.t
        money = self._look.formats.money(abs(to_refund))
        words = t("From the customer: {amount}") if to_refund < ZERO else t("To be refunded: {amount}")
        self._ways_word.setText(words.format(amount=money))
        self.ways.show_amounts(amounts)
        self.ways.setEnabled(to_refund > ZERO)
        self.split_button.setEnabled(to_refund > ZERO)

    def show_back(self, backs: Sequence[ValueBack], paid_out: frozenset[uuid.UUID]) -> None:
        """What goes back on vouchers; the paid part of each can be refunded instead, never the bonus part (G9)."""
        if [back.paid_with.voucher_id for back in backs] != list(self._shown):
            self._build_backs(backs)
        for back in backs:
            voucher_id = back.paid_with.voucher_id
            self._shown[voucher_id].setText(self._words_of(back))
            self.checks[voucher_id].setVisible(back.paid > ZERO)
            self.checks[voucher_id].setChecked(voucher_id in paid_out)

    def show_possible(self, *, is_possible: bool) -> None:
        """Nothing is asked where nothing can come back: there is only room for why not."""
        self._is_possible = is_possible
        self._asked.setVisible(is_possible)
        self._show_entry()

    def show_why_not(self, refusal: Refused | None) -> None:
        """Say beside the button why it can't be completed like this."""
        if refusal is None:
            self.why_not.dismiss()
        else:
            self.why_not.show_refusal(refusal)

    def _words_of(self, back: ValueBack) -> str:
        t, money = self._look.t, self._look.formats.money
        said = t("{amount} go back on voucher {number}, which then has {rest}.").format(
            amount=money(back.back), number=back.voucher.number, rest=money(back.rest)
        )
        if back.bonus:
            said += " " + t("{amount} of it were a gift and are never paid out.").format(amount=money(back.bonus))
        if back.said is not None:
            said += " " + self._look.formats.sentence(back.said)
        return said

    def _build_backs(self, backs: Sequence[ValueBack]) -> None:
        while (item := self._vouchers.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        self._shown, self.checks = {}, {}
        for back in backs:
            self._vouchers.addWidget(self._back(back))

    def _back(self, back: ValueBack) -> QFrame:
        voucher_id = back.paid_with.voucher_id
        words = Text("", semibold(Size.BODY - 1)).wrapped()
        check = CheckBox(self._look, self._look.t("Refund the paid part instead"))
        check.toggled.connect(lambda is_on: self.paid_out_chosen.emit(voucher_id, is_on))
        self._shown[voucher_id], self.checks[voucher_id] = words, check
        frame = QFrame()
        frame.setProperty("role", "inset")
        column = QVBoxLayout(frame)
        column.setContentsMargins(12, 8, 12, 4)
        column.setSpacing(2)
        column.addWidget(words)
        column.addWidget(check)
        return frame

    def _choose(self, way: RefundWay) -> None:
        """A tap takes the typed amount for this way; without one all of it."""
        if not self._entry:
            self.way_chosen.emit(way)
            return
        entry = self._entry
        if self.message.attempt(entry.money, lambda amount: self.amount_typed.emit(way, amount)):
            self.act_on("clear")

    def _show_entry(self) -> None:
        self.amount.show_figure(self._entry.shown_money(self._look.formats), is_typed=bool(self._entry))
        shows_pad = self.split_button.isChecked()
        self.amount.setVisible(shows_pad or bool(self._entry))
        self.pad.setVisible(shows_pad)
        self.reason.setVisible(not shows_pad and self._is_possible)
        self.figure.setVisible(not shows_pad and not self._is_low)

    def _pad_keys(self) -> tuple[PadKey, ...]:
        t = self._look.t
        return (
            PadKey("clear", Face("C", name=t("Clear"))),
            PadKey("back", Face(icon="backspace", name=t("Delete the last key"))),
        )

    def _connect(self) -> None:
        self.ways.chosen.connect(self._choose)
        self.pad.typed.connect(self.press)
        self.pad.acted.connect(self.act_on)
        self.split_button.toggled.connect(lambda _: self._show_entry())
        self.reason.edited.connect(self.edited)
        self.reason.entered.connect(self.completed)
        self.complete.clicked.connect(self.completed)

    def _build(self) -> None:
        inside = self._asked
        inside.setProperty("role", "surface")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._vouchers.setSpacing(8)
        column.addLayout(self._vouchers)
        head = QHBoxLayout()
        head.addWidget(self._ways_word, 1)
        head.addWidget(self.split_button)
        column.addLayout(head)
        column.addWidget(self.ways)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 12, 16, 16)
        outer.setSpacing(8)
        outer.addWidget(self.figure)
        outer.addWidget(scroll_area(inside), 1)
        for widget in (self.amount, self.pad, self.reason):
            outer.addWidget(widget)
        outer.addWidget(self.why_not)
        outer.addLayout(self._said)
        self.place_message()
        outer.addWidget(self.complete)
        self._show_entry()
