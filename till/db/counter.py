"""Gapless numbers: a counter per till and series, raised in the transaction that uses the number."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Mapped, Session, mapped_column

from till.db.base import Base
from till.db.types import Code


class CounterRow(Base):
    """The last number given out in a series of a till; the only row of a sale that is ever updated."""

    __tablename__ = "counter"
    till_id: Mapped[Code] = mapped_column(primary_key=True)
    series: Mapped[Code] = mapped_column(primary_key=True)
    value: Mapped[int]


_RAISE = text(
    "INSERT INTO counter (till_id, series, value) VALUES (:till_id, :series, 1) "
    "ON CONFLICT (till_id, series) DO UPDATE SET value = counter.value + 1 RETURNING value"
)


def next_number(session: Session, till_id: str, series: str) -> int:
    """The next number of the series, from 1; a rollback gives it back, so that no gap is left."""
    return int(session.connection().execute(_RAISE, {"till_id": till_id, "series": series}).scalar_one())
