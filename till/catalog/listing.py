"""The articles as the office lists them: by what is typed, by category, active or not, some hundreds at once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from till.catalog import lookup
from till.catalog.article import Article, ArticleKind
from till.catalog.barcodes import normalised_gtin
from till.catalog.models import ArticleRow
from till.catalog.plu import PluKind, owners_of
from till.catalog.search_text import normalised

MOST_AT_ONCE = 300
_MOST_WORDS = 20
_MOST_TYPED = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which articles: those with all typed words in name, number or code; `category_id` "" = all; `is_active` None = both."""

    text: str = ""
    category_id: str = ""
    is_active: bool | None = True
    after: int = 0


@dataclass(frozen=True, slots=True)
class Listing:
    """Some articles by name, the first of them the one at place `after`, and how many there are in all."""

    articles: tuple[Article, ...]
    total: int
    after: int


def listing(session: Session, wanted: Wanted) -> Listing:
    """The next MOST_AT_ONCE articles that are wanted. Looks through all of them: for a worker's thread."""
    those = _conditions(wanted)
    total = session.scalar(select(func.count()).select_from(ArticleRow).where(*those)) or 0
    page = select(ArticleRow.number).where(*those).order_by(ArticleRow.search_text, ArticleRow.number)
    numbers = list(session.scalars(page.offset(wanted.after).limit(MOST_AT_ONCE)))
    found = lookup.articles_numbered(session, numbers)
    return Listing(tuple(found[number] for number in numbers), total, wanted.after)


def article_with_code(session: Session, code: str) -> Article | None:
    """The article, active or not, that has this printed code, article number or PLU number; None where there is none."""
    bare = normalised_gtin(code.strip())
    owner = lookup.code_owners(session, [bare]).get(bare)
    if owner is not None:
        return lookup.article_by_id(session, owner)
    numbered = lookup.articles_numbered(session, [bare]).get(bare)
    plu = next((one for one in owners_of(session, [bare]) if one.kind is PluKind.ARTICLE), None)
    return numbered or (lookup.article_by_id(session, uuid.UUID(plu.ref)) if plu is not None else None)


def deposits(session: Session) -> list[Article]:
    """The deposits that an article can be sold with, by name."""
    wanted = select(ArticleRow.number).where(ArticleRow.kind == ArticleKind.DEPOSIT.value, ArticleRow.is_active)
    numbers = list(session.scalars(wanted.order_by(ArticleRow.search_text).limit(MOST_AT_ONCE)))
    found = lookup.articles_numbered(session, numbers)
    return [found[number] for number in numbers]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.is_active is not None:
        found.append(ArticleRow.is_active == wanted.is_active)
    if wanted.category_id:
        found.append(ArticleRow.category_id == wanted.category_id)
    words = normalised(wanted.text[:_MOST_TYPED]).split()[:_MOST_WORDS]
    likes = (f"% {word}%" if word[0].isdigit() else f"%{word}%" for word in words)
    return [*found, *(ArticleRow.search_text.like(like) for like in likes)]
