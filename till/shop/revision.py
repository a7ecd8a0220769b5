"""A number by which every till sees within seconds that the shop's details, VAT rates or tenders have changed."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from till.db.counter import CounterRow, next_number

_ALL_TILLS = ""
_SERIES = "shop"


def shop_revision(session: Session) -> int:
    """It grows with every change of the shop's rules, at whatever till; 0 before the first."""
    stored = select(CounterRow.value).where(CounterRow.till_id == _ALL_TILLS, CounterRow.series == _SERIES)
    return session.execute(stored).scalar_one_or_none() or 0


def raise_revision(session: Session) -> None:
    """Let every till see that the shop's rules have changed."""
    next_number(session, _ALL_TILLS, _SERIES)
