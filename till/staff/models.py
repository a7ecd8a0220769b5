"""Table of the people who work at the till."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from till.db.base import Base
from till.db.types import Code, Label


class UserRow(Base):
    """A person at the till (Bediener); never deleted, documents name the id."""

    __tablename__ = "staff_user"
    id: Mapped[Code] = mapped_column(primary_key=True)
    name: Mapped[Label]
    short: Mapped[Code]
    is_active: Mapped[bool]
