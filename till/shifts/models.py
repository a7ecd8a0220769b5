"""Tables of shifts and closings, both append-only: a shift is closed by the closing that names it."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from till.db.base import Base
from till.db.protect import append_only
from till.db.types import Code, Digest, Label, Prose
from till.money import Money


class ShiftRow(Base):
    """The opening of a drawer. The business date is the local date of opening (Z_BUCHUNGSTAG)."""

    __tablename__ = "shift"
    __table_args__ = (Index(None, "till_id", "opened_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    till_id: Mapped[Code]
    opened_at: Mapped[dt.datetime]
    business_date: Mapped[dt.date]
    user_id: Mapped[Code]
    user_name: Mapped[Label]
    opening_float: Mapped[Money]


class ClosingRow(Base):
    """A Z: the sums of a shift as they were counted and computed. `totals` is canonical JSON (see closing.py)."""

    __tablename__ = "closing"
    __table_args__ = (UniqueConstraint("till_id", "z_number"), UniqueConstraint("shift_id"))

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document.id"), primary_key=True)
    till_id: Mapped[Code]
    z_number: Mapped[int]
    shift_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("shift.id"))
    closed_at: Mapped[dt.datetime]
    business_date: Mapped[dt.date]
    first_number: Mapped[int]
    last_number: Mapped[int]
    target_cash: Mapped[Money]
    counted_cash: Mapped[Money | None]
    program_version: Mapped[Code]
    chain_head: Mapped[Digest]
    totals: Mapped[Prose]


append_only(ShiftRow)
append_only(ClosingRow)
