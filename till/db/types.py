"""Column types: money as integer cents, instants in UTC, keys of the trade as short text."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from sqlalchemy import BigInteger, DateTime, Dialect, String, Text, TypeDecorator
from sqlalchemy.orm import mapped_column
from sqlalchemy.sql.operators import OperatorType

from till.money import Money
from till.quantity import Quantity


class MoneyType(TypeDecorator[Money]):
    """Money stored as integer cents."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Money | None, dialect: Dialect) -> int | None:
        """Money to cents."""
        return None if value is None else value.cents

    def process_result_value(self, value: int | None, dialect: Dialect) -> Money | None:
        """Cents to Money; PostgreSQL sums arrive as Decimal."""
        return None if value is None else Money(int(value))

    def coerce_compared_value(self, op: OperatorType | None, value: object) -> TypeDecorator[Money]:
        """Compare Money with Money."""
        return self


class QuantityType(TypeDecorator[Quantity]):
    """Quantities stored as integer thousandths."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Quantity | None, dialect: Dialect) -> int | None:
        """Quantity to thousandths."""
        return None if value is None else value.thousandths

    def process_result_value(self, value: int | None, dialect: Dialect) -> Quantity | None:
        """Thousandths to Quantity."""
        return None if value is None else Quantity(int(value))


class UtcType(TypeDecorator[dt.datetime]):
    """An instant, aware, kept in UTC; a naive datetime is a defect and raises ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Any zone to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "naive datetime"
            raise ValueError(msg)
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """SQLite returns naive UTC, PostgreSQL an aware instant."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


Code = Annotated[str, mapped_column(String(60))]
Label = Annotated[str, mapped_column(String(255))]
Prose = Annotated[str, mapped_column(Text)]
Digest = Annotated[str, mapped_column(String(64))]
