"""What the books have already of the numbers and codes in a table: asked portion by portion, and only where it can be there."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from till.catalog import lookup
from till.catalog.article import Article
from till.catalog.models import ArticleCodeRow, ArticleRow, PluRow
from till.catalog.plu import Plu, owners_of

MOST_LEARNT = 50_000
"""Of each sort so many are kept in memory; books with more are asked for every portion, as a list of them all takes room."""


class Known:
    """Learns once which numbers and codes there are. Who adds one meanwhile is found out when the table is taken over."""

    def __init__(self, session: Session) -> None:
        self._numbers = _learnt(session, ArticleRow.number)
        self._codes = _learnt(session, ArticleCodeRow.code)
        self._plus = _learnt(session, PluRow.plu)

    def articles(self, session: Session, numbers: Iterable[str]) -> dict[str, Article]:
        """The articles that have these numbers, by number."""
        wanted = _possible(numbers, self._numbers)
        return lookup.articles_numbered(session, wanted) if wanted else {}

    def code_owners(self, session: Session, codes: Iterable[str]) -> dict[str, uuid.UUID]:
        """The articles that have these printed codes, by code."""
        wanted = _possible(codes, self._codes)
        return lookup.code_owners(session, wanted) if wanted else {}

    def plus(self, session: Session, numbers: Iterable[str]) -> dict[str, Plu]:
        """What has these PLU numbers, by number; they are given in capitals."""
        wanted = _possible(numbers, self._plus)
        return {plu.plu: plu for plu in owners_of(session, wanted)} if wanted else {}


def _learnt(session: Session, column: InstrumentedAttribute[str]) -> frozenset[str] | None:
    """All that stand in the column; None where there are too many."""
    found = frozenset(session.scalars(select(column).limit(MOST_LEARNT + 1)))
    return found if len(found) <= MOST_LEARNT else None


def _possible(wanted: Iterable[str], learnt: frozenset[str] | None) -> Sequence[str]:
    return list(wanted) if learnt is None else [one for one in wanted if one in learnt]
