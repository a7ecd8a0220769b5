"""Which tills have booked something since their last Z: before it, nothing that a Z keeps may change (60-fiscal A0.7)."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from till.shifts.models import ClosingRow, ShiftRow
from till.shifts.period import present_period


def open_tills(session: Session) -> tuple[str, ...]:
    """The tills of the shop with an open shift, by their ids."""
    is_closed = exists().where(ClosingRow.shift_id == ShiftRow.id)
    return tuple(session.scalars(select(ShiftRow.till_id).where(~is_closed).distinct().order_by(ShiftRow.till_id)))


def unclosed_tills(session: Session) -> tuple[str, ...]:
    """Those of them that have booked something which no Z has counted yet."""
    return tuple(till_id for till_id in open_tills(session) if _has_booked(session, till_id))


def _has_booked(session: Session, till_id: str) -> bool:
    booked = exists().where(present_period(session, till_id).documents)
    return bool(session.scalar(select(booked)))
