"""A receipt whose goods come back, or that is cancelled as a whole: lines left, refund right, one big button (S1, S2)."""

from __future__ import annotations

import contextlib
import uuid
from dataclasses import replace

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from till.app.bootstrap import Till
from till.app.refund_ways import RefundWay
from till.app.returns import CompletedReturn
from till.catalog import barcodes
from till.catalog.barcodes import CodeKind
from till.errors import Refused
from till.i18n import msg
from till.money import ZERO, Money
from till.quantity import Quantity
from till.sales.returned import NO_REASON, Returnable, ReturnableLine, ReturnPlan
from till.ui.fonts import font
from till.ui.look import Look
from till.ui.returning.base import FINISH_FIRST, BackPage, Heading
from till.ui.returning.choice import Choice, shares_of
from till.ui.returning.finished import FinishedReturn
from till.ui.returning.line_row import LineFace
from till.ui.returning.outcome import outcome_of
from till.ui.returning.refund_card import CardWords, RefundCard
from till.ui.sounds import Sounds
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, Kind
from till.ui.widgets.text import Text, lay_out_now

NOT_ON_IT = msg("That is not on this receipt, or all of it has come back already.")
CHOOSE_FIRST = msg("Choose what comes back: tap plus, or scan it.")
TOO_MUCH = msg("Only {amount} are to be refunded. Type that or less.")
_NO_WORDS = "–"
"""Stands for a reason that is still to be typed, so that a plan can say what else is in the way."""


class ReturnPage(BackPage):
    """What comes back of one receipt; as a cancellation all of it, which nothing can be taken out of."""

    def __init__(self, look: Look, till: Till, sounds: Sounds, *, is_cancellation: bool) -> None:
        super().__init__(look, till, sounds)
        self._desk = till.returns
        self._choice = Choice(uuid.UUID(int=0), is_cancellation=is_cancellation)
        self._found: Returnable | None = None
        self._plan: ReturnPlan | None = None
        self._wish_id: uuid.UUID | None = None
        self._ways: tuple[RefundWay, ...] = ()
        self.heading = Heading(look, "receipt-refund", look.palette.danger if is_cancellation else "")
        self.earlier = Text("", font(Size.SMALL), "muted").wrapped()
        self.all_button = Button(look, Face(look.t("Everything"), "check", key="Ctrl+A"), Kind.SOFT)
        self.all_button.clicked.connect(self.take_all)
        self.card = RefundCard(look, self._words(is_cancellation=is_cancellation), self.message)
        self._build()
        self._connect()

    @property
    def choice(self) -> Choice:
        """What is chosen; `begin` takes it again."""
        return self._choice

    @property
    def plan(self) -> ReturnPlan | None:
        """What it comes to; None while nothing comes back."""
        return self._plan

    @property
    def is_chosen(self) -> bool:
        """Whether leaving would throw something away."""
        return self._choice.is_touched

    def begin(self, choice: Choice) -> None:
        """Show a receipt with what is chosen of it."""
        self.forget_finished()
        self._choice, self._plan, self._found, self._wish_id = replace(choice, quantities={}), None, None, None
        self.card.escape()
        self.card.reason.set_text(choice.reason)
        self._ways = ()
        self.message.attempt(self._till.refund_ways.ways, self._offer)
        reasons = self._till.refund_ways.reasons(is_cancellation=choice.is_cancellation)
        self.card.reason.offer(reasons)
        self.message.attempt(lambda: self._desk.look(choice.document_id), lambda found: self._show_found(found, choice))
        self.setFocus()

    def abandon(self) -> None:
        """Leave what was begun."""
        self._desk.abandon()
        self._wish_id, self._plan = None, None
        self._choice = Choice(self._choice.document_id, self._choice.is_cancellation)

    def complete(self) -> None:
        """Book it; while the database can't, try again by itself until it can or somebody does something else."""
        if self.finished is not None:
            return
        if self._plan is None:
            self.message.refuse(Refused(CHOOSE_FIRST))
        elif self._choice.is_cancellation and not self._choice.reason.strip():
            self.card.reason.say(self._look.t(NO_REASON))
        elif self.message.attempt(self._begun):
            wish = self._choice.wish(self._begun(), self._plan)
            self.message.insist(lambda: self._desk.complete(wish), self._completed)

    def step(self, key: int, by: int) -> None:
        """One more or less of a line; the deposit tied to it follows by itself."""
        line = self._line(key)
        if line is not None and not self._choice.is_cancellation:
            self._choose(self._choice.stepped(line, self._comes_back(key), by))

    def take_all(self) -> None:
        """All that is left."""
        if self._found is not None and not self._choice.is_cancellation:
            self._choose(self._choice.with_all(self._found.lines))

    def press(self, key: str) -> None:
        """An amount for one of the ways."""
        self.card.press(key)

    def act_on(self, key_id: str) -> None:
        """Correct that amount."""
        self.card.act_on(key_id)

    def escape(self) -> bool:
        """Forget that amount."""
        return self.card.escape()

    def on_scan(self, code: str) -> None:
        """An article of the receipt: one more of it comes back."""
        if self.finished is not None:
            self.left.emit()
            return
        is_taken = self.message.attempt(lambda: self._position_of(code), self._scanned)
        (self._sounds.good if is_taken else self._sounds.bad)()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit what depends on the width."""
        super().resizeEvent(event)
        self.card.setFixedWidth(max(400, min(560, round(event.size().width() * 0.4))))
        lay_out_now(self)

    def _scanned(self, key: int) -> None:
        self.lines.choose(key)
        self.step(key, 1)

    def _position_of(self, code: str) -> int:
        """The line that has this code and of which something is left; a scale's label means the article that was weighed."""
        scanned = barcodes.parse(code)
        if scanned.kind is CodeKind.RECEIPT:
            raise Refused(FINISH_FIRST)
        names = {scanned.text}
        with contextlib.suppress(Refused):
            names.add(self._till.sale.price_of(code).number)
        for line in () if self._found is None or self._choice.is_cancellation else self._found.lines:
            sold = self._found.original.draft.lines[line.position] if self._found is not None else None
            is_it = sold is not None and bool(names & {sold.gtin, sold.article_number} - {""})
            if is_it and line.refusal is None and self._comes_back(line.position) < line.left:
                return line.position
        raise Refused(NOT_ON_IT)

    def _offer(self, ways: tuple[RefundWay, ...]) -> None:
        self._ways = ways
        self.card.offer(ways, self._till.sale.tenders())

    def _show_found(self, found: Returnable, choice: Choice) -> None:
        self._found = found
        self._show_heading(found)
        refusal = found.refusal or (found.cancel_refusal if choice.is_cancellation else None)
        if refusal is not None:
            self.message.refuse(refusal)
        self.all_button.setEnabled(refusal is None)
        self.card.show_possible(is_possible=refusal is None)
        self._show()
        if refusal is None and choice.takes_any:
            self._choose(choice)

    def _show_heading(self, found: Returnable) -> None:
        t, formats, document = self._look.t, self._look.formats, found.original
        words = t("Cancel receipt {number}") if self._choice.is_cancellation else t("Return for receipt {number}")
        sold = f"{formats.date(document.ended_at)} {formats.time(document.ended_at)} · {document.user_name}"
        earlier = [
            t("Came back already: {amount} on {date}, receipt {number}").format(
                amount=formats.money(one.value), date=formats.date(one.at), number=one.number
            )
            for one in found.earlier
        ]
        self.heading.show_words(words.format(number=document.number), sold)
        self.earlier.setText("\n".join(earlier))
        self.earlier.setVisible(bool(earlier))

    def _choose(self, new: Choice) -> None:
        """Take a change if the desk can plan it; else it is refused in words and everything stays as it was."""
        if not new.takes_any:
            self._take(new, None)
            return
        self.message.attempt(lambda: self._planned(new), lambda plan: self._take(new, plan))

    def _planned(self, new: Choice) -> ReturnPlan:
        """The plan of a choice. What is shared out among the ways follows what there is to refund."""
        wish_id = self._begun() if new.is_touched and not new.is_cancellation else uuid.UUID(int=0)
        asked = replace(new, reason=new.reason if new.reason.strip() else _NO_WORDS)
        plan = self._desk.preview(asked.wish(wish_id, None))
        return plan if new.split.main is None else self._desk.preview(asked.wish(wish_id, plan))

    def _begun(self) -> uuid.UUID:
        """The id under which the desk knows this return: from the first thing that is chosen on (60-fiscal A2.1)."""
        if self._wish_id is None:
            self._wish_id = self._desk.begin(self._choice.document_id)
        return self._wish_id

    def _take(self, new: Choice, plan: ReturnPlan | None) -> None:
        self._choice, self._plan = new, plan
        self._show()

    def _show(self) -> None:
        lines = () if self._found is None else self._found.lines
        self.lines.show_lines([(line.position, self._face(line)) for line in lines])
        plan, card = self._plan, self.card
        card.show_amount(ZERO if plan is None else plan.value, card.width() - 40)
        card.show_back(() if plan is None else plan.back, self._choice.paid_out)
        card.show_refund(ZERO if plan is None else plan.to_refund, {} if plan is None else shares_of(plan, self._ways))
        card.show_why_not(None if plan is None else plan.refusal)
        card.complete.setEnabled(plan is not None and plan.refusal is None)

    def _face(self, line: ReturnableLine) -> LineFace:
        formats, back = self._look.formats, self._comes_back(line.position)
        is_gone = not line.left.thousandths
        locked = self._choice.is_cancellation or line.refusal is not None or is_gone
        worth = (
            next((one.amount for one in self._plan.lines if one.position == line.position), ZERO)
            if self._plan
            else ZERO
        )
        count = (
            "" if is_gone or line.refusal is not None else f"{formats.quantity(back)} / {formats.quantity(line.left)}"
        )
        return LineFace(
            name=line.text,
            detail=self._detail(line),
            count=count if not self._choice.is_cancellation else formats.quantity(back) if back.thousandths else "",
            amount=formats.amount(worth) if worth or back.thousandths else "",
            can_less=back.thousandths > 0,
            can_more=back < line.left,
            is_open=not locked,
            is_gone=is_gone or line.refusal is not None,
            why_not=formats.sentence(line.refusal) if line.refusal is not None and not is_gone else "",
        )

    def _detail(self, line: ReturnableLine) -> str:
        t, formats = self._look.t, self._look.formats
        unit = f" {line.unit}" if line.unit else ""
        parts = [f"{formats.quantity(line.sold)}{unit} × {formats.money(line.unit_price)}"]
        if line.voucher is not None:
            parts.append(line.voucher.number)
        if line.returned.thousandths:
            came = t("{count} came back already").format(count=formats.quantity(line.returned))
            parts.append(came)
        return " · ".join(parts)

    def _comes_back(self, position: int) -> Quantity:
        if self._plan is None:
            return Quantity(0)
        return next((one.quantity for one in self._plan.lines if one.position == position), Quantity(0))

    def _line(self, position: int) -> ReturnableLine | None:
        lines = () if self._found is None else self._found.lines
        return next((line for line in lines if line.position == position), None)

    def _choose_way(self, way: RefundWay) -> None:
        self._choose(self._choice.with_way(way))

    def _choose_amount(self, way: RefundWay, amount: Money) -> None:
        """What is left goes by the way that had the most, or the first other one."""
        if self._plan is not None and amount > self._plan.to_refund:
            self.message.refuse(Refused(TOO_MUCH, amount=self._plan.to_refund))
            return
        shares = shares_of(self._plan, self._ways) if self._plan is not None else {}
        others = [one for one in sorted(shares, key=lambda one: -shares[one].cents) if one != way]
        others += [one for one in self._ways if one != way]
        self._choose(self._choice.with_amount(way, amount, others[0]))

    def _pay_out(self, voucher_id: uuid.UUID, is_on: bool) -> None:  # noqa: FBT001 - a signal's slot
        if is_on != (voucher_id in self._choice.paid_out):
            self._choose(self._choice.with_paid_out(voucher_id, is_on=is_on))

    def _edited(self) -> None:
        self._choice = replace(self._choice, reason=self.card.reason.text)

    def _completed(self, done: CompletedReturn) -> None:
        plan, self._wish_id = self._plan, None
        assert plan is not None  # noqa: S101 - what was booked had a plan
        is_cancellation = self._choice.is_cancellation
        self._choice = Choice(self._choice.document_id, is_cancellation)
        self._sounds.good()
        outcome = outcome_of(self._look, done, plan, shares_of(plan, self._ways))
        self.show_finished(FinishedReturn(self._look, self._till, outcome))

    def _words(self, *, is_cancellation: bool) -> CardWords:
        t = self._look.t
        if is_cancellation:
            return CardWords(t("To be cancelled"), t("Why it is cancelled"), t("Cancel receipt"), "x", Kind.DANGER)
        return CardWords(t("Comes back"), t("Why it comes back (if you like)"), t("Take back"))

    def _connect(self) -> None:
        self.card.way_chosen.connect(self._choose_way)
        self.card.amount_typed.connect(self._choose_amount)
        self.card.paid_out_chosen.connect(self._pay_out)
        self.card.edited.connect(self._edited)
        self.card.completed.connect(self.complete)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.heading, 1)
        head.addWidget(self.all_button)
        self.all_button.setVisible(not self._choice.is_cancellation)
        foot = QVBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.earlier)
        foot.addWidget(self.back_button())
        row = QHBoxLayout(self._work)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.lines_card(head, foot), 1)
        row.addWidget(self.card)
