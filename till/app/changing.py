"""Changes of the open basket: what they need, and what they leave in the audit trail when something is taken out."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from sqlalchemy.orm import Session

from till.app.afterwork import Write
from till.app.needs import of_change
from till.app.workplace import Workplace
from till.audit import trail
from till.sales.basket import Basket
from till.sales.removed import removed


@contextlib.contextmanager
def changing(workplace: Workplace, before: Basket, after: Basket, *, is_undo: bool = False) -> Iterator[None]:
    """Turn one basket into the other, if who is at work may; raises before anything is done.

    Goods that are taken out before they are paid for are a Vorgang of their own kind (AEAO zu § 146a, "andere Vorgänge":
    Sofort-Storno); X and Z tell count and sum. They are written down behind the counter, before the basket is saved
    without them. What is practised leaves no trace.
    """
    with workplace.attendance.allowing(*of_change(before, after, is_undo=is_undo)):
        _note_removed(workplace, before, after)
        yield


def _note_removed(workplace: Workplace, before: Basket, after: Basket) -> None:
    gone = removed(before, after)
    if not gone or workplace.is_training:
        return
    context = workplace.context(needs_shift=False)

    def work(session: Session) -> None:
        for one in gone:
            trail.note(session, context, trail.Action.LINE_REMOVED, one.name, before=str(one.amount))

    workplace.afterwork.do(Write(work))
