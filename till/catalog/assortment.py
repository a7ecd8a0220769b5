"""Takes articles and categories into the assortment and changes them; nothing is deleted, only made inactive."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from till.catalog.article import Article, Category
from till.catalog.barcodes import normalised_gtin
from till.catalog.models import ArticleCodeRow, ArticleRow, CategoryRow
from till.catalog.plu import Plu, PluKind, claim_all, release
from till.catalog.revision import touch
from till.catalog.search_text import normalised
from till.catalog.taken import first_taken
from till.errors import Refused
from till.formats import shortened
from till.i18n import msg
from till.money import ZERO

MAX_NUMBER = 40
MAX_NAME = 80
MAX_CODE = 60
_MOST_SEARCHED = 600  # PostgreSQL indexes texts of at most 2,700 bytes


def add_categories(session: Session, categories: Iterable[Category]) -> None:
    """Add categories with new ids."""
    rows = [asdict(category) for category in categories]
    if rows:
        session.execute(insert(CategoryRow), rows)
        touch(session)


def add_article(session: Session, article: Article) -> None:
    """Add one article; see `add_articles`."""
    add_articles(session, [article])


def add_articles(session: Session, articles: Iterable[Article]) -> None:
    """Add many articles with their codes and PLU numbers, in any order; all of them or none.

    Raises Refused for the first article without number or name, with a negative price, or with a number,
    code or PLU number that is already in use.
    """
    # A deposit article must stand in the table before the articles that are sold with it.
    ordered = sorted(articles, key=lambda article: article.deposit_id is not None)
    for article in ordered:
        _check(article)
    _refuse_taken_number(first_taken(session, ArticleRow.number, [article.number for article in ordered]))
    if ordered:
        session.execute(insert(ArticleRow), [_row(article) for article in ordered])
    _add_codes(session, ordered)
    _add_plus(session, ordered)
    touch(session)


def change_article(session: Session, article: Article) -> None:
    """Store a changed article under its id, codes and PLU number included; documents keep their copies.

    Raises Refused as `add_articles` does.
    """
    _check(article)
    session.execute(delete(ArticleCodeRow).where(ArticleCodeRow.article_id == article.id))
    release(session, PluKind.ARTICLE, str(article.id))
    others = select(ArticleRow.number).where(ArticleRow.number == article.number, ArticleRow.id != article.id)
    _refuse_taken_number(session.scalar(others))
    session.execute(update(ArticleRow).where(ArticleRow.id == article.id).values(_row(article)))
    _add_codes(session, [article])
    _add_plus(session, [article])
    touch(session)


def _check(article: Article) -> None:
    if not article.name.strip() or len(article.name) > MAX_NAME:
        raise Refused(
            msg("Article {number} needs a name of at most {most} characters."), number=article.number, most=MAX_NAME
        )
    if not article.number.strip() or len(article.number) > MAX_NUMBER:
        raise Refused(
            msg("“{name}” needs an article number of at most {most} characters."),
            name=shortened(article.name),
            most=MAX_NUMBER,
        )
    if article.price is not None and article.price < ZERO:
        raise Refused(msg("The price of “{name}” can't be negative."), name=shortened(article.name))


def _refuse_taken_number(number: str | None) -> None:
    if number is not None:
        raise Refused(msg("The article number {number} is already in use. Choose another one."), number=number)


def _add_codes(session: Session, articles: Sequence[Article]) -> None:
    rows = [
        {"code": normalised_gtin(code), "article_id": article.id, "position": position}
        for article in articles
        for position, code in enumerate(article.codes)
    ]
    for row in rows:
        _check_code(str(row["code"]))
    taken = first_taken(session, ArticleCodeRow.code, [str(row["code"]) for row in rows])
    if taken is not None:
        raise Refused(msg("The code {code} already belongs to an article."), code=taken)
    if rows:
        session.execute(insert(ArticleCodeRow), rows)


def _check_code(code: str) -> None:
    if not code or len(code) > MAX_CODE or not code.isprintable() or code.strip() != code:
        raise Refused(msg("“{code}” can't be the code of an article."), code=shortened(code))


def _add_plus(session: Session, articles: Sequence[Article]) -> None:
    claim_all(session, [Plu(a.plu, PluKind.ARTICLE, str(a.id)) for a in articles if a.plu])


def _row(article: Article) -> dict[str, Any]:
    """The columns of an article."""
    row = asdict(article)
    row.pop("codes")
    row.pop("plu")
    row["deposit_article_id"] = row.pop("deposit_id")
    row["kind"] = article.kind.value
    row["vat_key"] = article.vat_key.value
    row["price"] = article.price  # asdict turns Money into a dict
    row["search_text"] = search_text_of(article)
    row["search_row"] = None  # the index takes it in anew
    return row


def search_text_of(article: Article) -> str:
    """What the search looks in: all words of an article, with a blank before each; of very many codes the first ones."""
    words = (article.name, article.receipt_name, article.number, article.plu, *article.codes)
    return f" {normalised(' '.join(words))}"[:_MOST_SEARCHED]
