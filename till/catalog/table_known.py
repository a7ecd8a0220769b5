"""What the books have already of the numbers and codes in a table: asked portion by portion, and only where it can be there."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from sqlalchemy.orm import Session

from till.catalog import lookup
from till.catalog.article import Article
from till.catalog.models import ArticleCodeRow, ArticleRow, PluRow
from till.catalog.plu import Plu, owners_of
from till.db.known import KnownKeys


class Known:
    """Learns once which numbers and codes there are. Who adds one meanwhile is found out when the table is taken over."""

    def __init__(self, session: Session) -> None:
        self._numbers = KnownKeys(session, ArticleRow.number)
        self._codes = KnownKeys(session, ArticleCodeRow.code)
        self._plus = KnownKeys(session, PluRow.plu)

    def articles(self, session: Session, numbers: Iterable[str]) -> dict[str, Article]:
        """The articles that have these numbers, by number."""
        wanted = self._numbers.possible(numbers)
        return lookup.articles_numbered(session, wanted) if wanted else {}

    def code_owners(self, session: Session, codes: Iterable[str]) -> dict[str, uuid.UUID]:
        """The articles that have these printed codes, by code."""
        wanted = self._codes.possible(codes)
        return lookup.code_owners(session, wanted) if wanted else {}

    def plus(self, session: Session, numbers: Iterable[str]) -> dict[str, Plu]:
        """What has these PLU numbers, by number; they are given in capitals."""
        wanted = self._plus.possible(numbers)
        return {plu.plu: plu for plu in owners_of(session, wanted)} if wanted else {}
