"""Closing the till: count, compare, say what stays for tomorrow, Z. What is counted is kept while somebody sells (T11)."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QStackedWidget

from till.app.bootstrap import Till
from till.app.workplace import CLOSED
from till.errors import Refused
from till.i18n import msg
from till.money import Money
from till.sales.parked import Parked
from till.shifts.count import Comparison, CountDraft, Counted
from till.shifts.movement import Movement, MovementKind
from till.ui.keys import Action
from till.ui.look import Look
from till.ui.message import Tone, once
from till.ui.shift.closed_step import ClosedStep
from till.ui.shift.count_step import CountStep
from till.ui.shift.page import ShiftPage
from till.ui.shift.review_step import ReviewStep
from till.ui.widgets.button import Button, Face

NOT_A_NUMBER = msg("“{typed}” is no number. Type how many there are, in digits.")


class ClosingPage(ShiftPage):
    """Three steps, one after the other: the count, what it says, and what was closed."""

    def __init__(self, look: Look, till: Till) -> None:
        super().__init__(look, till, Face(look.t("Close the till"), "cash-register"))
        self._counted: Counted | None = None
        self._drop: Movement | None = None
        self.count_step = CountStep(look)
        self.review_step = ReviewStep(look)
        self.closed_step = ClosedStep(look, till.receipts)
        self._steps = QStackedWidget()
        for step in (self.count_step, self.review_step, self.closed_step):
            self._steps.addWidget(step)
        self.body.addWidget(self._steps)
        self.drawer_button = Button(look, Face(look.t("Open the drawer"), "cash-register"))
        self.drawer_button.clicked.connect(self._open_drawer)
        self.head.addWidget(self.drawer_button)
        self._connect()

    @property
    def step(self) -> object:
        """Which of the three steps is shown."""
        return self._steps.currentWidget()

    def begin(self) -> None:
        """Count, from where it was left; what was compared may be old by now and is compared anew."""
        self.message.clear()
        self._show(self.count_step)
        cash = self._till.cash
        self.count_step.show_draft(cash.count_draft)
        self.count_step.set_open(is_open=cash.is_open)
        self.drawer_button.setEnabled(cash.is_open)
        if cash.is_open:
            self.message.insist(cash.shown_cash, self._begin_counting)
        else:
            self.message.refuse(Refused(CLOSED))

    def act(self, action: Action) -> bool:
        """The drawer is opened here, to be counted."""
        if action is Action.DRAWER:
            self._open_drawer()
            return True
        return False

    def press(self, key: str) -> None:
        """A digit of what is counted, or of what stays."""
        self.message.clear()
        if self.step is self.count_step:
            self.count_step.press(key)
        elif self.step is self.review_step:
            self.review_step.press(key)

    def act_on(self, key_id: str) -> None:
        """Correct what is typed."""
        if self.step is self.count_step:
            self.count_step.act_on(key_id)
        elif self.step is self.review_step:
            self.review_step.act_on(key_id)

    def enter(self) -> None:
        """The next coin or note; the till is closed by its button only."""
        if self.step is self.count_step:
            self.count_step.enter()

    def write(self, text: str) -> None:
        """Letters are no count; what was typed stays."""
        self.message.refuse(Refused(NOT_A_NUMBER, typed=text))

    def _show(self, step: CountStep | ReviewStep | ClosedStep) -> None:
        self._steps.setCurrentWidget(step)
        step.place_message(self.message)
        self.setFocus()

    def _begin_counting(self, target: Money | None) -> None:
        """What would keep the till from being closed is said before anybody counts."""
        self.count_step.show_target(target)
        if self._till.sale.state.priced.lines:
            words = self._look.t("A sale is still open. Complete, park or cancel it, then close the till.")
            self.message.tell(words, Tone.WARN)

    def _compare(self) -> None:
        """Say what the books say only now, and note in the audit trail that it was counted."""
        self.message.attempt(self.count_step.counted, self._compare_with)

    def _compare_with(self, counted: Counted | None) -> None:
        cash, sale = self._till.cash, self._till.sale
        if counted is None:
            self.message.refuse(Refused(msg("Count the drawer first, or close without a count.")))
            return
        self._counted = counted
        self.message.insist(lambda: (cash.count(counted), sale.parked()), lambda found: self._review(*found))

    def _review(self, comparison: Comparison, parked: tuple[Parked, ...]) -> None:
        self._drop = None
        cash = self._till.cash
        self.review_step.show_comparison(comparison, parked)
        self.review_step.offer(cash.opening_float, cash.reasons(MovementKind.BANK_DROP))
        self._show(self.review_step)

    def _skip_count(self) -> None:
        self._counted = None
        sale = self._till.sale
        self.message.attempt(sale.parked, self._review_uncounted)

    def _review_uncounted(self, parked: tuple[Parked, ...]) -> None:
        self.review_step.show_uncounted(parked)
        self._show(self.review_step)

    def _count_again(self) -> None:
        self.begin()

    def _close(self) -> None:
        self.message.attempt(self._wanted_drop, self._insist)

    def _wanted_drop(self) -> Movement | None:
        """What is taken out; the same wish again keeps its id."""
        taken = self.review_step.taken()
        if not taken:
            return None
        wish = Movement(MovementKind.BANK_DROP, taken, self.review_step.reason)
        if self._drop is None or replace(wish, id=self._drop.id) != self._drop:
            self._drop = wish
        return self._drop

    def _insist(self, drop: Movement | None) -> None:
        cash, counted = self._till.cash, self._counted
        closing = once(lambda: cash.close_shift(counted, drop), lambda: not cash.is_open)
        self.message.insist(closing, lambda _: self._closed())

    def _closed(self) -> None:
        """The answer may have been lost; the newest Z is the one."""
        self._counted = self._drop = None
        self.drawer_button.setEnabled(False)
        self._show(self.closed_step)
        self.message.insist(lambda: self._till.receipts.closings(1)[0], self.closed_step.show_closing)

    def _keep(self, draft: CountDraft) -> None:
        self.message.clear()
        self._till.cash.keep_count(draft)

    def _open_drawer(self) -> None:
        self.message.insist(self._till.cash.open_drawer)

    def _print_copy(self) -> None:
        entry = self.closed_step.entry
        if entry is not None:
            said = self._look.t("The Z report is being printed once more, marked as a copy.")
            receipts = self._till.receipts
            self.message.insist(lambda: receipts.reprint(entry.document_id), lambda _: self.message.tell(said))

    def _connect(self) -> None:
        self.count_step.edited.connect(self._keep)
        self.count_step.refused.connect(self.message.refuse)
        self.count_step.compare_asked.connect(self._compare)
        self.count_step.skip_asked.connect(self._skip_count)
        self.review_step.again_asked.connect(self._count_again)
        self.review_step.close_asked.connect(self._close)
        self.closed_step.copy_asked.connect(self._print_copy)
        self.closed_step.left.connect(self.left)
