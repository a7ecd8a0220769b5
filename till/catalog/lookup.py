"""Finds articles: by a scanned code, by typing, and for the button grid."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import Session

from till.business_case import VatKey
from till.catalog.article import Article, ArticleKind, Category
from till.catalog.barcodes import CodeKind, ScannedCode, normalised_gtin
from till.catalog.models import ArticleCodeRow, ArticleRow, CategoryRow, PluRow
from till.catalog.plu import Plu, PluKind, owners_of
from till.catalog.search import found
from till.errors import Refused
from till.formats import shortened
from till.i18n import msg
from till.money import Money
from till.quantity import ONE, Quantity

_AT_ONCE = 500
_LABELS = (CodeKind.PRICE, CodeKind.WEIGHT)
_ARTICLE_CODES = (*_LABELS, CodeKind.GTIN, CodeKind.WRONG_CHECK_DIGIT, CodeKind.TEXT)


@dataclass(frozen=True, slots=True)
class ArticleHit:
    """An article that a code names. `quantity` and `price` stand on a scale's label; `price` None = the article's."""

    article: Article
    quantity: Quantity = ONE
    price: Money | None = None


@dataclass(frozen=True, slots=True)
class VoucherTypeHit:
    """A voucher type that has the typed PLU number; `ref` is its id as text."""

    ref: str


Hit = ArticleHit | VoucherTypeHit


class UnknownCode(Refused):
    """Nothing in the shop has this code; an article with it can be made (T2)."""


def find(session: Session, code: ScannedCode) -> list[Hit]:
    """What `code` names, never empty; more than one opens a pick list (10-vouchers V25).

    Raises Refused when nothing has this code, the article is inactive, or a scale's label says 0.
    """
    if code.kind not in _ARTICLE_CODES:
        raise unknown(code)
    plus = owners_of(session, _named_by(code))
    named = _articles_of(session, code, plus)
    hits: list[Hit] = [_hit(article, code) for article in named if article.is_active]
    hits += [
        VoucherTypeHit(plu.ref) for plu in plus if plu.kind is PluKind.VOUCHER_TYPE and plu.plu == code.text.upper()
    ]
    if hits:
        return hits
    if not named:
        raise unknown(code)
    raise Refused(
        msg("“{name}” is no longer sold. Choose another article or activate it in the master data."),
        name=shortened(named[0].name),
    )


def unknown(code: ScannedCode) -> UnknownCode:
    """The refusal of a code that nothing has; one with a wrong check digit says so."""
    if code.kind is CodeKind.WRONG_CHECK_DIGIT:
        return UnknownCode(
            msg("Unknown code {code}. Its check digit is wrong: scan it again or compare the digits."), code=code.text
        )
    return UnknownCode(msg("Unknown code {code}. Search for the article by name."), code=shortened(code.text))


def article_by_id(session: Session, article_id: uuid.UUID) -> Article:
    """The article with this id; Refused when there is none."""
    found = article_or_none(session, article_id)
    if found is None:
        raise Refused(msg("This article is not there any more. Search for it again."))
    return found


def article_or_none(session: Session, article_id: uuid.UUID) -> Article | None:
    """The article with this id, None where there is none."""
    return next(iter(_loaded(session, _ARTICLES.where(ArticleRow.id == article_id))), None)


def articles(session: Session, *, category_id: str | None = None, with_inactive: bool = False) -> list[Article]:
    """The articles of the grid: those with a place in its order, then the others by name."""
    wanted = _ARTICLES if with_inactive else _ARTICLES.where(ArticleRow.is_active)
    if category_id is not None:
        wanted = wanted.where(ArticleRow.category_id == category_id)
    return _loaded(session, wanted.order_by(ArticleRow.position.nulls_last(), ArticleRow.search_text))


def articles_after(session: Session, number: str, limit: int) -> list[Article]:
    """The next articles behind a number in the order of numbers, inactive ones too; "" begins."""
    wanted = _ARTICLES.where(ArticleRow.number > number).order_by(ArticleRow.number).limit(limit)
    return _loaded(session, wanted)


def count(session: Session) -> int:
    """How many articles there are, inactive ones too."""
    return session.execute(select(func.count()).select_from(ArticleRow)).scalar_one()


def articles_numbered(session: Session, numbers: Iterable[str]) -> dict[str, Article]:
    """The articles that have these numbers, by number, inactive ones too; some hundreds at once."""
    found = _loaded(session, _ARTICLES.where(ArticleRow.number.in_(list(numbers))))
    return {article.number: article for article in found}


def numbers_of(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The article numbers of these ids; some hundreds at once."""
    wanted = list(ids)
    if not wanted:
        return {}
    rows = session.execute(select(ArticleRow.id, ArticleRow.number).where(ArticleRow.id.in_(wanted)))
    return {row.id: row.number for row in rows}


def code_owners(session: Session, codes: Iterable[str]) -> dict[str, uuid.UUID]:
    """The ids of the articles that have these printed codes, by code; some hundreds at once."""
    rows = session.execute(
        select(ArticleCodeRow.code, ArticleCodeRow.article_id).where(ArticleCodeRow.code.in_(list(codes)))
    )
    return {row.code: row.article_id for row in rows}


def categories(session: Session) -> list[Category]:
    """All categories in the order of their tabs, inactive ones too."""
    columns = select(CategoryRow.id, CategoryRow.name, CategoryRow.position, CategoryRow.colour, CategoryRow.is_active)
    return [Category(*row) for row in session.execute(columns.order_by(CategoryRow.position, CategoryRow.name))]


def colours_of(session: Session, category_ids: Iterable[str]) -> dict[str, str]:
    """The colours of these categories, inactive ones too."""
    wanted = list(category_ids)
    if not wanted:
        return {}
    rows = session.execute(select(CategoryRow.id, CategoryRow.colour).where(CategoryRow.id.in_(wanted)))
    return {row.id: row.colour for row in rows}


def search(session: Session, typed: str, limit: int = 50, *, with_inactive: bool = False) -> list[Article]:
    """Articles found by `till.catalog.search.found`, the best first; inactive ones only for the office."""
    return articles_of(session, found(session, typed, limit, with_inactive=with_inactive))


def articles_of(session: Session, ids: Sequence[uuid.UUID]) -> list[Article]:
    """The articles with these ids in the same order; one that is not there any more is left out."""
    by_id = {article.id: article for some in _portions(ids) for article in _with_ids(session, some)}
    return [by_id[id_] for id_ in ids if id_ in by_id]


def _with_ids(session: Session, ids: Sequence[uuid.UUID]) -> list[Article]:
    return _loaded(session, _ARTICLES.where(ArticleRow.id.in_(ids)))


_ARTICLES = select(
    ArticleRow.id,
    ArticleRow.number,
    ArticleRow.name,
    ArticleRow.category_id,
    ArticleRow.price,
    ArticleRow.vat_key,
    ArticleRow.kind,
    ArticleRow.unit,
    ArticleRow.receipt_name,
    ArticleRow.deposit_article_id,
    ArticleRow.is_active,
    ArticleRow.takes_discount,
    ArticleRow.is_weighed,
    ArticleRow.position,
    ArticleRow.age_limit,
    ArticleRow.note,
)


def _named_by(code: ScannedCode) -> set[str]:
    """The article and PLU numbers that it may be; a label fills its number up with zeros."""
    numbers = {code.text, code.text.upper()}
    if code.kind in _LABELS:
        numbers |= {code.number, code.number.lstrip("0")}
    return numbers


def _articles_of(session: Session, code: ScannedCode, plus: Sequence[Plu]) -> list[Article]:
    """Articles whose printed code, number or PLU number it is, each once."""
    codes = {code.text, normalised_gtin(code.text)}
    with_code = select(ArticleCodeRow.article_id).where(ArticleCodeRow.code.in_(codes))
    with_plu = [uuid.UUID(plu.ref) for plu in plus if plu.kind is PluKind.ARTICLE]
    named = or_(ArticleRow.id.in_(with_code), ArticleRow.number.in_(_named_by(code)), ArticleRow.id.in_(with_plu))
    return _loaded(session, _ARTICLES.where(named).order_by(ArticleRow.search_text))


def _hit(article: Article, code: ScannedCode) -> ArticleHit:
    if code.kind not in _LABELS or code.text in article.codes:
        return ArticleHit(article)
    if not (code.price or (code.weight and code.weight.thousandths)):
        raise Refused(msg("The label of “{name}” says 0. Weigh it again."), name=shortened(article.name))
    return ArticleHit(article, code.weight or ONE, code.price)


def _loaded(session: Session, wanted: Select[*tuple[Any, ...]]) -> list[Article]:
    rows = session.execute(wanted).all()
    ids = [row.id for row in rows]
    codes = _codes(session, ids)
    plus = _plus(session, ids)
    return [_article(row, tuple(codes[row.id]), plus.get(str(row.id), "")) for row in rows]


def _article(row: Row[*tuple[Any, ...]], codes: Sequence[str], plu: str) -> Article:
    return Article(
        id=row.id,
        number=row.number,
        name=row.name,
        category_id=row.category_id,
        price=row.price,
        vat_key=VatKey(row.vat_key),
        kind=ArticleKind(row.kind),
        unit=row.unit,
        receipt_name=row.receipt_name,
        codes=tuple(codes),
        plu=plu,
        deposit_id=row.deposit_article_id,
        is_active=row.is_active,
        takes_discount=row.takes_discount,
        is_weighed=row.is_weighed,
        position=row.position,
        age_limit=row.age_limit,
        note=row.note,
    )


def _codes(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    """The printed codes of each article in their order."""
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    columns = select(ArticleCodeRow.article_id, ArticleCodeRow.code)
    for some in _portions(ids):
        wanted = columns.where(ArticleCodeRow.article_id.in_(some)).order_by(ArticleCodeRow.position)
        for article_id, code in session.execute(wanted):
            found[article_id].append(code)
    return found


def _plus(session: Session, ids: Sequence[uuid.UUID]) -> dict[str, str]:
    """The PLU number of each article that has one, by its id as text."""
    found: dict[str, str] = {}
    columns = select(PluRow.ref, PluRow.plu).where(PluRow.kind == PluKind.ARTICLE)
    for some in _portions(ids):
        wanted = columns.where(PluRow.ref.in_([str(article_id) for article_id in some]))
        found.update((ref, plu) for ref, plu in session.execute(wanted))
    return found


def _portions(ids: Sequence[uuid.UUID]) -> Iterator[Sequence[uuid.UUID]]:
    """Databases take only so many values in one statement."""
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
