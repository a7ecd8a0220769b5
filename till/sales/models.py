"""The tables of baskets that are not booked yet: the one under way at each till, and those that wait."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy.orm import Mapped, mapped_column

from till.db.base import Base
from till.db.types import Code, Label, Prose
from till.money import Money


class OpenBasketRow(Base):
    """A basket under way, saved after each change so that it survives a power cut (T5). `body` is its JSON."""

    __tablename__ = "open_basket"

    order_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    till_id: Mapped[Code] = mapped_column(index=True)
    saved_at: Mapped[dt.datetime]
    body: Mapped[Prose]


class ParkedBasketRow(Base):
    """A basket that waits under a name (T5); recalled, it moves into `open_basket` in the same transaction.

    `is_running`: its transaction at the TSE is open, which is known only to the till that parked it. `list_prices` is
    JSON: the unit price in cents by the id of each line that cost what the master data said. `body` as above.
    `is_training`: it was only practised, and is recalled only in training.
    """

    __tablename__ = "parked_basket"

    order_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    till_id: Mapped[Code] = mapped_column(index=True)
    name: Mapped[Label]
    cashier: Mapped[Label]
    parked_at: Mapped[dt.datetime]
    total: Mapped[Money]
    line_count: Mapped[int]
    is_running: Mapped[bool]
    is_training: Mapped[bool]
    list_prices: Mapped[Prose]
    body: Mapped[Prose]
