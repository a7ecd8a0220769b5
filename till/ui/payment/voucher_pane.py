"""The voucher's part of the payment: its number, which of several, what is on it, its surplus, and goodwill (V13 to V37)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from till.app.selling import SaleDesk
from till.app.views import Unnumbered, VoucherHit
from till.errors import Refused
from till.i18n import msg
from till.money import ZERO, Money
from till.ui.fonts import font, semibold
from till.ui.look import Look
from till.ui.message import Message
from till.ui.payment.surplus_choice import SurplusChoice
from till.ui.shift.reason_field import ReasonField
from till.ui.theme import SMALL_TARGET, Size
from till.ui.widgets.button import Arrangement, Button, Face, Kind
from till.ui.widgets.number_field import NumberField
from till.ui.widgets.text import Text
from till.ui.widgets.voucher_card import VoucherCard
from till.ui.widgets.voucher_picks import VoucherPicks

_REASONS = (msg("Only just expired"), msg("Regular customer"), msg("Illness or travel"))


class VoucherPane(QWidget):
    """Finds one voucher at a time; `changed` when what could be taken is another, `confirmed` by Enter in the number or reason."""

    changed = Signal()
    confirmed = Signal()

    def __init__(self, look: Look, desk: SaleDesk, message: Message) -> None:
        super().__init__()
        self._look, self._desk, self._message = look, desk, message
        self.hit: VoucherHit | None = None
        self._kind: Unnumbered | None = None
        self._is_goodwill = False
        self.number = NumberField(look)
        self.surplus = SurplusChoice(look)
        self.reason = ReasonField(look, look.t("Why is it accepted?"))
        self.kinds: list[Button] = []
        self.picks: VoucherPicks | None = None
        self._limit = Text("", font(Size.BODY), "warn").wrapped()
        self._kinds = QVBoxLayout()
        self._cards = QVBoxLayout()
        self._build()
        self._connect()

    @property
    def wants_number(self) -> bool:
        """Whether what is typed on the pad belongs to the number."""
        return self.hit is None and self._kind is None

    @property
    def is_waiting(self) -> bool:
        """Whether nothing is shown but the field for a number."""
        return self.wants_number and self._cards.count() == 0

    @property
    def can_take(self) -> bool:
        """Whether there is something to redeem."""
        is_good = self.hit is not None and (self.hit.refusal is None or self._is_goodwill)
        return is_good or self._kind is not None

    @property
    def is_goodwill(self) -> bool:
        """Whether an expired voucher is about to be accepted."""
        return self._is_goodwill

    @property
    def offered(self) -> Money:
        """What would be taken of it, while no amount is typed (V32)."""
        if self._kind is not None:
            return self._kind.offered
        if self.hit is None:
            return ZERO
        return self.hit.goodwill if self._is_goodwill else self.hit.offered

    def begin(self) -> None:
        """Ask for a number."""
        self.forget()
        self.number.take_letters(self._desk.takes_letters())
        self._show_kinds()

    def forget(self) -> None:
        """Nothing is chosen any more; the next number is asked for."""
        self.show_hits(())
        self.number.set_text("")
        self.number.line.setFocus()

    def show_limit(self, covers: Money | None) -> None:
        """Say how much of the due given parts may pay, where that is not all (G6a)."""
        words = self._look.t("Given value pays only for goods and services: {amount} of this sale.")
        self._limit.setText("" if covers is None else words.format(amount=self._look.formats.money(covers)))
        self._limit.setVisible(covers is not None)

    def show_amount(self, typed: Money | None) -> None:
        """Ask about the surplus while the voucher would pay all that it can; `typed` None: nothing is typed."""
        is_whole = self.hit is not None and not self._is_goodwill and typed in {None, self.hit.offered}
        self.surplus.show_surplus(self.hit.surplus if self.hit is not None and is_whole else None)
        self._show_number()

    def show_hits(self, hits: Sequence[VoucherHit], number: str = "") -> None:
        """Show what a number stands for: one is chosen at once, several are picked from (V13, V31)."""
        self._clear_choice()
        if number or hits:
            self.number.set_text(number or hits[0].standing.voucher.number)
        if len(hits) == 1:
            self._pick(hits[0])
        elif hits:
            self.picks = VoucherPicks(self._look, hits)
            self.picks.picked.connect(self._pick)
            self._cards.addWidget(self.picks)
            self._show_parts()
            self.picks.begin()
        else:
            self._show_parts()

    def look_up(self, number: str) -> None:
        """Ask the desk what a typed number stands for; one that only looks alike is suggested, never taken (V15)."""
        self._clear_choice()
        self._show_parts()
        if not self._message.attempt(
            lambda: self._desk.look_up_voucher(number), lambda hits: self.show_hits(hits, number)
        ):
            alike = self._desk.voucher_like(number)
            if alike is not None:
                face = Face(self._look.t("Did you mean {number}?").format(number=alike), "search")
                self._message.offer(face, lambda: self.look_up(alike))

    def refresh(self) -> None:
        """The basket has changed: what the chosen voucher can pay is looked at again."""
        if self.hit is not None and not self._is_goodwill:
            voucher = self.hit.standing.voucher
            hits = self._desk.look_up_voucher(voucher.number, voucher.type_plu)
            self.hit = next((hit for hit in hits if hit.standing.voucher.id == voucher.id), self.hit)

    def take(self, amount: Money) -> None:
        """Take it into the payment, as the desk allows it."""
        if self._kind is not None:
            self._desk.redeem_by_amount(self._kind.type_id, amount)
        elif self.hit is None:
            raise Refused(msg("Scan a voucher or type its number first."))
        elif self._is_goodwill:
            self._desk.redeem_expired(self.hit.standing.voucher.id, amount, self.reason.text)
        else:
            self._desk.redeem(self.hit.standing.voucher.id, amount, pay_out=self.surplus.pays_out)

    def taken(self) -> None:
        """It is in the payment; the next one may be asked for."""
        self.begin()

    def escape(self) -> bool:
        """Forget what was chosen or typed; False when there was nothing."""
        if self.wants_number and not self.number.text and self.picks is None:
            return False
        self.forget()
        self._show_kinds()
        return True

    def _pick(self, hit: VoucherHit) -> None:
        self._clear_choice()
        card = VoucherCard(self._look, hit, is_compact=True)
        self._cards.addWidget(card)
        self._message.clear()
        if hit.refusal is None:
            self.hit = hit
            self._show_parts()
            self.setFocus()
            return
        self._message.show_refusal(hit.refusal)
        if hit.goodwill > ZERO:
            face = Face(self._look.t("Accept it as goodwill …"), "gift")
            self._message.offer(face, lambda: self._begin_goodwill(hit))
        self._show_parts()

    def _begin_goodwill(self, hit: VoucherHit) -> None:
        self._message.clear()
        self.hit, self._is_goodwill = hit, True
        self.reason.set_text("")
        self.reason.offer(self._look.t(reason) for reason in _REASONS)
        self._show_parts()
        self.reason.line.setFocus()

    def _choose_kind(self, kind: Unnumbered) -> None:
        self._clear_choice()
        self._kind = kind
        self._message.clear()
        self._show_parts()
        self.setFocus()

    def _clear_choice(self) -> None:
        self.hit = self._kind = self.picks = None
        self._is_goodwill = False
        while (item := self._cards.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()

    def _show_parts(self) -> None:
        """What is asked for now, and nothing else."""
        self.reason.setVisible(self._is_goodwill)
        self._show_number()
        is_free = self._cards.count() == 0
        for button in self.kinds:
            is_chosen = self._kind is not None and button.property("kind") == str(self._kind.type_id)
            button.setVisible(is_free and (self._kind is None or is_chosen))
            button.setChecked(is_chosen)
        self._kinds_word.setVisible(is_free and bool(self.kinds))
        self.changed.emit()

    def _show_number(self) -> None:
        """The number stands on the voucher's card too; where keys are big, a question takes the field's place."""
        is_asking = self._is_goodwill or (self._look.target_px > SMALL_TARGET and not self.surplus.isHidden())
        self.number.setVisible(not is_asking)

    def _show_kinds(self) -> None:
        """Offer the types whose vouchers have no number (V14)."""
        while (item := self._kinds.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        self.kinds = [self._kind_button(kind) for kind in self._desk.unnumbered()]
        for button in self.kinds:
            self._kinds.addWidget(button)
        self._show_parts()

    def _kind_button(self, kind: Unnumbered) -> Button:
        words = self._look.t("{amount} outstanding").format(amount=self._look.formats.money(kind.outstanding))
        button = Button(self._look, Face(kind.name, "ticket", trailing=words), Kind.PLAIN)
        button.arranged(Arrangement.SPREAD, padding=14).in_type(semibold(Size.BODY - 1))
        button.setProperty("kind", str(kind.type_id))
        button.setCheckable(True)
        button.setEnabled(kind.offered > ZERO)
        button.clicked.connect(lambda: self._choose_kind(kind))
        return button

    def _number_edited(self) -> None:
        if self._cards.count() or self._message.text or self._kind is not None:
            self._message.clear()
            self._clear_choice()
            self._show_parts()

    def _connect(self) -> None:
        self.number.entered.connect(lambda _: self.confirmed.emit())
        self.number.edited.connect(self._number_edited)
        self.reason.entered.connect(self.confirmed)
        self.surplus.changed.connect(self.changed)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for layout in (self._kinds, self._cards):
            layout.setSpacing(8)
        self._kinds_word = Text(self._look.t("Without a number"), semibold(Size.BODY - 1), "muted")
        column.addWidget(self.number)
        column.addWidget(self._limit)
        column.addWidget(self._kinds_word)
        column.addLayout(self._kinds)
        column.addLayout(self._cards)
        column.addWidget(self.reason)
        column.addWidget(self.surplus)
        self.reason.hide()
        self._limit.hide()
        self._kinds_word.hide()
