"""The table of baskets that are not booked yet."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy.orm import Mapped, mapped_column

from till.db.base import Base
from till.db.types import Code, Prose


class OpenBasketRow(Base):
    """A basket under way, saved after each change so that it survives a power cut (T5). `body` is its JSON."""

    __tablename__ = "open_basket"

    order_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    till_id: Mapped[Code] = mapped_column(index=True)
    saved_at: Mapped[dt.datetime]
    body: Mapped[Prose]
