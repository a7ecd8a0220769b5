"""One number that is raised with every change of articles, categories, voucher types, pictures or their tiles.

So that each till sees within seconds, with one small query, that its tiles are out of date.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from till.db.counter import CounterRow, next_number

_EVERY_TILL = ""
_SERIES = "catalogue"


def touch(session: Session) -> None:
    """Say that tiles may look otherwise from this unit of work on; called by whatever changes them."""
    next_number(session, _EVERY_TILL, _SERIES)


def revision(session: Session) -> int:
    """The number as it is now; 0 where nothing was ever changed."""
    wanted = select(CounterRow.value).where(CounterRow.till_id == _EVERY_TILL, CounterRow.series == _SERIES)
    return int(session.scalar(wanted) or 0)
