"""The table of print jobs; mutable, for it tells of paper, not of money."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import BigInteger, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from till.db.base import Base
from till.db.types import Code, Prose


class PrintJobRow(Base):
    """One document owed to one printer; `snapshot` is the whole receipt as JSON, `last_error` a msgid or empty."""

    __tablename__ = "print_job"
    __table_args__ = (
        UniqueConstraint("endpoint", "document_id", "copy_no"),
        Index(None, "endpoint", "state", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    endpoint: Mapped[Code]
    role: Mapped[Code]
    document_id: Mapped[uuid.UUID]
    copy_no: Mapped[int]
    kind: Mapped[Code]
    snapshot: Mapped[Prose]
    state: Mapped[Code]
    attempts: Mapped[int]
    last_error: Mapped[Prose]
    created_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]
