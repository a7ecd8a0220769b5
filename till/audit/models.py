"""The audit table, append-only and chained."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from till.db.base import Base
from till.db.protect import append_only
from till.db.types import Code, Label, Prose


class AuditRow(Base):
    """One thing that was done: by whom, when, to what, and how it was before and after."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "action", "subject"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    till_id: Mapped[Code]
    at: Mapped[dt.datetime]
    user_id: Mapped[Code]
    user_name: Mapped[Label]
    action: Mapped[Code]
    subject: Mapped[Label]
    before: Mapped[Prose]
    after: Mapped[Prose]


append_only(AuditRow)
