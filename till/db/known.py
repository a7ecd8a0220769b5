"""What a column has already of many keys: learnt once where it is little, else asked for every portion."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

MOST_LEARNT = 50_000
"""Of each sort so many are kept in memory; books with more are asked for every portion, as a list of them all takes room."""


class KnownKeys:
    """The keys that stand in a column now. Who adds one meanwhile is found out when the import is taken over."""

    def __init__(self, session: Session, column: InstrumentedAttribute[str]) -> None:
        found = frozenset(session.scalars(select(column).limit(MOST_LEARNT + 1)))
        self._learnt = found if len(found) <= MOST_LEARNT else None

    def possible(self, wanted: Iterable[str]) -> Sequence[str]:
        """Those of the `wanted` keys that may be there: all of them, where there are too many to know."""
        return list(wanted) if self._learnt is None else [one for one in wanted if one in self._learnt]
