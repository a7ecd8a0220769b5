"""The X report's figures: the day so far, with no booking, no number and no change (60-fiscal A3.5)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from till.documents.models import DocumentRow
from till.money import Money
from till.shifts.figures import Sums, sums_of
from till.shifts.period import present_period
from till.shifts.shift import target_cash


@dataclass(frozen=True, slots=True)
class Interim:
    """What a Z of now would show; the numbers are None while nothing is booked since the last one."""

    as_of: dt.datetime
    first_number: int | None
    last_number: int | None
    target_cash: Money
    sums: Sums


def interim(session: Session, till_id: str, now: dt.datetime) -> Interim:
    """The figures of this till since its last Z."""
    period = present_period(session, till_id)
    first, last = session.execute(
        select(func.min(DocumentRow.number), func.max(DocumentRow.number)).where(period.documents)
    ).one()
    return Interim(now, first, last, target_cash(session, till_id), sums_of(session, period))
