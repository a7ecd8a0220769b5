"""Finds the first of many keys that is given twice or already in the database."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

_AT_ONCE = 500


def first_taken(session: Session, column: InstrumentedAttribute[str], keys: Sequence[str]) -> str | None:
    """The first key that stands twice in `keys` or already in `column`; None when all are free."""
    known: set[str] = set()
    for start in range(0, len(keys), _AT_ONCE):
        known.update(session.scalars(select(column).where(column.in_(keys[start : start + _AT_ONCE]))))
    for key in keys:
        if key in known:
            return key
        known.add(key)
    return None
