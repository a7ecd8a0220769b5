"""A handful of sample goods for a new shop, each marked as one: to try the till with, and to throw away (T19)."""

from __future__ import annotations

import uuid
from dataclasses import replace

from sqlalchemy.orm import Session

from till.business_case import VatKey
from till.catalog import shipped
from till.catalog.article import Article, ArticleKind, Category
from till.catalog.assortment import add_articles, add_categories
from till.i18n import Translator, msg

EACH = 6
_CATEGORIES = ("tea", "accessories", "cut-flowers", "services")
NAME = msg("Sample: {name}")
_NUMBER = "M-"


def add_samples(session: Session, t: Translator, *, is_small_business: bool) -> None:
    """Add them, under numbers and without codes that the shop's own goods could have.

    `is_small_business`: without VAT (§ 19 UStG, key 6 of the DSFinV-K).
    """
    add_categories(session, sample_categories(t))
    goods = sample_articles(t)
    add_articles(session, [replace(one, vat_key=VatKey.EXEMPT) for one in goods] if is_small_business else goods)


def sample_categories(t: Translator) -> list[Category]:
    """The tabs over the samples."""
    return [
        replace(one, name=t(NAME).format(name=one.name), position=_CATEGORIES.index(one.id) + 1)
        for one in shipped.categories()
        if one.id in _CATEGORIES
    ]


def sample_articles(t: Translator) -> list[Article]:
    """The first few articles of each tab that stand alone: no deposits, no prices that are asked."""
    found: list[Article] = []
    for category in _CATEGORIES:
        simple = [one for one in shipped.articles() if one.category_id == category and _is_simple(one)]
        found += [_sample(one, t) for one in simple[:EACH]]
    return found


def _is_simple(article: Article) -> bool:
    is_alone = article.deposit_id is None and article.kind is not ArticleKind.DEPOSIT
    return is_alone and article.price is not None and article.age_limit is None and article.is_active


def _sample(article: Article, t: Translator) -> Article:
    named = {"name": t(NAME).format(name=article.name), "receipt_name": ""}
    return replace(article, id=_id(article), number=f"{_NUMBER}{article.number}", codes=(), plu="", **named)  # type: ignore[arg-type]


def _id(article: Article) -> uuid.UUID:
    return shipped.shipped_id("sample", article.number)
