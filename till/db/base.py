"""The base of all table classes: naming of constraints and the types of annotated columns."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import BigInteger, MetaData, Uuid
from sqlalchemy.orm import DeclarativeBase

from till.db.types import MoneyType, QuantityType, UtcType
from till.money import Money
from till.quantity import Quantity


class Base(DeclarativeBase):
    """Every table of the till; class names end in Row and stay inside their feature (architecture 4).

    An index of some rows alone says which as `sqlite_where`, and its migration says the same for PostgreSQL: naming that
    here would load PostgreSQL's dialect at every start (80-quality P7). A test compares both databases with the models.
    """

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own name and form
        Money: MoneyType,
        Quantity: QuantityType,
        dt.datetime: UtcType,
        uuid.UUID: Uuid,
        int: BigInteger,
    }
