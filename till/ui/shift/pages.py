"""The pages of the shift by the key that leads to them; each is imported and built when it is first asked for."""

from __future__ import annotations

from till.app.bootstrap import Till
from till.ui.keys import Action
from till.ui.look import Look
from till.ui.shift.page import ShiftPage

SHIFT_ACTIONS = frozenset({Action.CASH_IN_OUT, Action.X_REPORT, Action.CLOSE_TILL})


def built(action: Action, look: Look, till: Till) -> ShiftPage:
    """The page that this action shows."""
    if action is Action.CASH_IN_OUT:
        from till.ui.shift.cash_page import CashPage

        return CashPage(look, till)
    if action is Action.X_REPORT:
        from till.ui.shift.x_page import XPage

        return XPage(look, till)
    from till.ui.shift.closing_page import ClosingPage

    return ClosingPage(look, till)
