"""Cash in, cash out and the bank drop: what for, how much, why; below, what was moved in this shift (T10)."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QVBoxLayout

from till.app.bootstrap import Till
from till.app.workplace import CLOSED
from till.documents.model import Document
from till.errors import Refused
from till.i18n import msg
from till.money import Money
from till.shifts.cash_in_out import MovementEntry
from till.shifts.movement import Movement, MovementKind, TakingBack, checked_reason
from till.ui.fonts import font, semibold
from till.ui.look import Look
from till.ui.shift.movement_form import MovementForm
from till.ui.shift.movement_list import MovementList
from till.ui.shift.page import ShiftPage
from till.ui.shift.reason_field import ReasonField
from till.ui.theme import PAY_HEIGHT, Size
from till.ui.widgets.button import Arrangement, Face, primary_button
from till.ui.widgets.scroll import scroll_area
from till.ui.widgets.strip import Notice, Strip, Way
from till.ui.widgets.text import Text

_FORM_WIDTH = 400


class CashPage(ShiftPage):
    """Moves cash. What is typed stays until it is booked, whatever is refused and whatever page is looked at meanwhile."""

    def __init__(self, look: Look, till: Till) -> None:
        super().__init__(look, till, Face(look.t("Cash in and out"), "cash"))
        self._wish: Movement | None = None
        self._taking: TakingBack | None = None
        self.form = MovementForm(look, self.message)
        self.reason = ReasonField(look, look.t("What for"))
        self.book_button = primary_button(look, Face(look.t("Cash out"))).arranged(Arrangement.SPREAD, padding=20)
        self.list = MovementList(look)
        self.target = Text("", semibold(Size.BODY)).right()
        self.done: Strip | None = None
        self._fill()
        self._connect()
        self._show_wish()

    def begin(self) -> None:
        """Show the movements of this shift, and what should be in the drawer where that may be seen."""
        self.message.clear()
        self._show_kind(self.form.kind)
        self._show_list()
        if not self._till.cash.is_open:
            self.message.refuse(Refused(CLOSED))

    def press(self, key: str) -> None:
        """A digit of the amount."""
        self.form.press(key)

    def act_on(self, key_id: str) -> None:
        """Correct the amount."""
        self.form.act_on(key_id)

    def write(self, text: str) -> None:
        """Letters are the reason."""
        self.reason.line.setFocus()
        self.reason.line.insert(text)

    def enter(self) -> None:
        """Book it."""
        self._book()

    def _book(self) -> None:
        if self._has_reason():
            self.message.attempt(self._movement, self._insist)

    def _insist(self, movement: Movement) -> None:
        self.message.insist(lambda: self._till.cash.move(movement), lambda document: self._booked(movement, document))

    def _has_reason(self) -> bool:
        """Why not is said below the reason, unless the amount is missing too, which comes first."""
        if not self.form.entry:
            self.message.refuse(Refused(msg("Type the amount first.")))
            return False
        try:
            checked_reason(self.reason.text)
        except Refused as refusal:
            self.reason.say(self._look.formats.sentence(refusal))
            return False
        return True

    def _movement(self) -> Movement:
        """The wish as it is typed; the same one again keeps its id, so that it is booked once."""
        wish = Movement(self.form.kind, self.form.entry.money(), self.reason.text)
        if self._wish is None or replace(wish, id=self._wish.id) != self._wish:
            self._wish = wish
        return self._wish

    def _booked(self, movement: Movement, document: Document) -> None:
        """What was typed while the till waited for the database is not thrown away with what is booked now."""
        if self._movement() is movement:
            self.form.act_on("clear")
            self.reason.set_text("")
        self._wish = None
        called = self._look.t(movement.kind.called)
        words = self._look.t("{kind}: {amount} is booked as receipt {number}.")
        self._tell_done(words.format(kind=called, **self._told(document)), document)
        self._show_kind(self.form.kind)
        self._show_list()
        self.setFocus()

    def _told(self, document: Document) -> dict[str, object]:
        return {"amount": self._look.formats.money(document.draft.total), "number": document.number}

    def _take_back(self, entry: MovementEntry, reason: str) -> None:
        asking = self.list.asking
        try:
            wanted = checked_reason(reason)
        except Refused as refusal:
            if asking is not None:
                asking.reason.say(self._look.formats.sentence(refusal))
            return
        wish = TakingBack(entry.document_id, wanted)
        if self._taking is None or replace(wish, id=self._taking.id) != self._taking:
            self._taking = wish
        taking = self._taking
        self.message.insist(lambda: self._till.cash.take_back(taking), lambda back: self._taken_back(entry, back))

    def _taken_back(self, entry: MovementEntry, document: Document) -> None:
        self._taking = None
        words = self._look.t("Receipt {other} is taken back by receipt {number}: {amount}.")
        self._tell_done(words.format(other=entry.number, **self._told(document)), document)
        # The card whose button this is may only be deleted once its signal is over.
        QTimer.singleShot(0, self, self._show_list)

    def _tell_done(self, words: str, document: Document) -> None:
        """Say what was booked, with the ways to its paper, until the next amount is typed."""
        self._forget_done()
        t, receipts = self._look.t, self._till.receipts
        ways = (
            Way(t("Show the receipt"), lambda: self.receipt_asked.emit(document)),
            Way(t("Print copy"), lambda: self.message.insist(lambda: receipts.reprint(document.id))),
        )
        self.done = Strip(self._look, Notice(words, "circle-check", "calm", ways), is_narrow=False)
        self._right.insertWidget(1, self.done)

    def _forget_done(self) -> None:
        if self.done is not None:
            self.done.hide()
            self.done.deleteLater()
            self.done = None

    def _show_kind(self, kind: MovementKind) -> None:
        self.message.attempt(lambda: self._till.cash.reasons(kind), self.reason.offer)
        self._show_wish()

    def _show_wish(self) -> None:
        """The button says what it would do."""
        entry, kind = self.form.entry, self.form.kind
        word = self._look.t("Put in") if kind.is_in else self._look.t("Take out")
        self.book_button.set_face(Face(word, trailing=entry.shown_money(self._look.formats) if entry else ""))
        self.book_button.setEnabled(bool(entry) and self._till.cash.is_open)

    def _edited(self) -> None:
        self._show_wish()
        if self.form.entry:
            self._forget_done()

    def _show_list(self) -> None:
        cash = self._till.cash
        self.message.insist(lambda: (cash.shift_movements(), cash.shown_cash()), self._show_figures)

    def _show_figures(self, figures: tuple[tuple[MovementEntry, ...], Money | None]) -> None:
        entries, target = figures
        self.list.show_entries(entries)
        self.target.setVisible(target is not None)
        if target is not None:
            self.target.setText(self._look.t("In the drawer: {amount}").format(amount=self._look.formats.money(target)))

    def _connect(self) -> None:
        self.form.edited.connect(self._edited)
        self.form.kind_chosen.connect(self._show_kind)
        self.reason.entered.connect(self._book)
        self.book_button.clicked.connect(self._book)
        self.list.back_wanted.connect(self._take_back)

    def _fill(self) -> None:
        t = self._look.t
        card = QFrame()
        card.setProperty("role", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(10)
        column.addWidget(self.reason)
        column.addWidget(self.book_button.tall(PAY_HEIGHT))
        says = t("Each has a number, a signature and a receipt, and opens the drawer.")
        column.addWidget(Text(says, font(Size.SMALL), "muted").wrapped())
        self.list.head.addWidget(self.target)
        self._right = QVBoxLayout()
        self._right.setSpacing(12)
        self._right.addWidget(card)
        self._right.addWidget(self.list, 1)
        form = scroll_area(self.form)
        form.setFixedWidth(max(_FORM_WIDTH, self.form.least_width))
        self.body.addWidget(form)
        self.body.addLayout(self._right, 1)
