"""Approval on the spot: somebody who may lets one action of somebody else be done, here and now (T12)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from PySide6.QtGui import QKeyEvent

from till.app.attendance import Approval
from till.app.bootstrap import Till
from till.staff.permission import DISCOUNTS, NAMES, Need
from till.ui.fonts import font, semibold
from till.ui.look import Look
from till.ui.staff.names import Choice
from till.ui.staff.panel import Panel
from till.ui.staff.proof import Proof, Ways
from till.ui.theme import Size
from till.ui.widgets.text import Text


class ApprovalPanel(Panel):
    """Asks who approves `need`, and for their PIN or card; then `again` is called once, after the panel is gone."""

    def __init__(self, look: Look, till: Till, need: Need, again: Callable[[], object]) -> None:
        super().__init__(look, look.t("Approve"))
        self._till, self._need, self._again = till, need, again
        approvers = till.staff.approvers(need)
        ways = Ways(look.t("Approve"), self._by_pin, self._by_card, lambda _user_id: None)
        self.proof = Proof(look, [Choice(user, needs_proof=True) for user in approvers], ways)
        self.proof.proved.connect(self._approved)
        self.what = Text(self._told(), semibold(Size.TITLE)).wrapped()
        self.column.addWidget(self.what)
        self.column.addWidget(Text(self._hint(bool(approvers)), font(Size.BODY), "muted").wrapped())
        self.column.addSpacing(6)
        self.column.addWidget(self.proof, 1)

    def on_scan(self, code: str) -> bool:
        """A staff card approves."""
        return self.proof.on_scan(code)

    def take_key(self, event: QKeyEvent) -> bool:
        """Digits go to the pad."""
        return self.proof.take_key(event)

    def _by_pin(self, user_id: str, pin: str) -> Future[Approval]:
        return self._till.staff.approve(self._need, user_id, pin)

    def _by_card(self, code: str) -> Future[Approval]:
        return self._till.staff.approve_by_card(self._need, code)

    def _approved(self) -> None:
        again = self._again
        self.left.emit()
        again()

    def _told(self) -> str:
        t, need = self._look.t, self._need
        told = t("{user}: {permission}").format(user=self._till.cashier_name, permission=t(NAMES[need.permission]))
        if need.amount:
            return f"{told} ({self._look.formats.money(need.amount)})"
        if need.permission not in DISCOUNTS:
            return told
        return f"{told} ({self._look.formats.percent(need.discount_bp)})"

    def _hint(self, is_known: bool) -> str:  # noqa: FBT001 - whether anybody may
        t = self._look.t
        if is_known:
            return t("It is done at once, and both names are noted.")
        return t("Nobody else who works here may do this. Somebody with the right has to be given it first.")
