"""Where prices by quantity and planned prices are kept: beside the article's own price, which most articles have alone."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby

from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.orm import Session

from till.catalog.article import Article
from till.catalog.models import ArticlePriceRow, ArticleRow
from till.catalog.price_list import LaterPrices, ListPrice, PriceList, Schedule, Tier
from till.catalog.revision import touch
from till.db.locks import Lock, LockKind, hold
from till.money import Money
from till.quantity import Quantity

ALWAYS = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""From when the tiers count that belong to the article's own price."""

_FOR_ONE = Quantity(0)
_AT_ONCE = 500
_MANY = 100
_COLUMNS = select(
    ArticlePriceRow.article_id, ArticlePriceRow.valid_from, ArticlePriceRow.from_quantity, ArticlePriceRow.price
).order_by(ArticlePriceRow.article_id, ArticlePriceRow.valid_from, ArticlePriceRow.from_quantity)
_DUE = select(ArticlePriceRow.article_id, ArticlePriceRow.price).where(
    ArticlePriceRow.valid_from > ALWAYS, ArticlePriceRow.from_quantity == _FOR_ONE
)
_Kept = list[tuple[dt.datetime, Quantity, Money]]


def schedule_of(session: Session, article: Article) -> Schedule:
    """The prices of an article with all that is kept as planned, even where it has come into force meanwhile."""
    return _from_kept(article.price, _kept(session, [article.id])[article.id])


def list_price(session: Session, article: Article, now: dt.datetime) -> ListPrice | None:
    """What the article costs at `now`; None = the till asks. One look at an index, and nothing there for most articles."""
    schedule = schedule_of(session, article).at(now)
    if schedule.now.price is None:
        return None
    return ListPrice(schedule.now.price, schedule.now.tiers, schedule.until)


def due_prices(session: Session, ids: Sequence[uuid.UUID], now: dt.datetime) -> dict[uuid.UUID, Money]:
    """The planned prices for one that have come into force by `now`, of those of these articles that have such."""
    wanted = _DUE.where(ArticlePriceRow.valid_from <= now)
    if len(ids) <= _MANY:  # else those of all articles are read: fewer than the articles
        wanted = wanted.where(ArticlePriceRow.article_id.in_(ids))
    return {row.article_id: row.price for row in session.execute(wanted.order_by(ArticlePriceRow.valid_from))}


def next_change(session: Session, now: dt.datetime) -> dt.datetime | None:
    """When the next planned prices of any article come into force."""
    later = select(ArticlePriceRow.valid_from).where(ArticlePriceRow.valid_from > now)
    return session.scalar(later.order_by(ArticlePriceRow.valid_from).limit(1))


def store(session: Session, article_id: uuid.UUID, schedule: Schedule) -> None:
    """Keep these tiers and planned prices in the place of those before; the price of now belongs to the article's row."""
    session.execute(delete(ArticlePriceRow).where(ArticlePriceRow.article_id == article_id))
    rows = [_row(article_id, ALWAYS, tier) for tier in schedule.now.tiers]
    for later in schedule.later:
        if later.prices.price is not None:
            rows.append(_row(article_id, later.valid_from, Tier(_FOR_ONE, later.prices.price)))
        rows += [_row(article_id, later.valid_from, tier) for tier in later.prices.tiers]
    if rows:
        session.execute(insert(ArticlePriceRow), rows)


def bring_into_force(session: Session, now: dt.datetime, most: int = 200) -> int:
    """Make planned prices whose time has come the articles' own, for at most so many articles; says for how many.

    Only what compares or writes articles' own prices in bulk needs it; everything else reads prices as of an instant.
    """
    hold(session, [Lock(LockKind.ARTICLES, "")])
    ids = list(session.scalars(_due_ids(now).distinct().limit(most)))
    kept = _kept(session, ids)
    for article_id in ids:
        schedule = _from_kept(None, kept[article_id]).at(now)
        session.execute(update(ArticleRow).where(ArticleRow.id == article_id).values(price=schedule.now.price))
        store(session, article_id, schedule)
    if ids:
        touch(session)
    return len(ids)


def is_due(session: Session, now: dt.datetime) -> bool:
    """Whether planned prices have come into force that are not yet the articles' own."""
    return session.scalar(_due_ids(now).limit(1)) is not None


def _due_ids(now: dt.datetime) -> Select[uuid.UUID]:
    return select(ArticlePriceRow.article_id).where(
        ArticlePriceRow.valid_from > ALWAYS, ArticlePriceRow.valid_from <= now
    )


def _kept(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, _Kept]:
    found: dict[uuid.UUID, _Kept] = defaultdict(list)
    wanted = list(ids)
    for start in range(0, len(wanted), _AT_ONCE):
        some = _COLUMNS.where(ArticlePriceRow.article_id.in_(wanted[start : start + _AT_ONCE]))
        for article_id, valid_from, quantity, price in session.execute(some):
            found[article_id].append((valid_from, quantity, price))
    return found


def _from_kept(price: Money | None, kept: _Kept) -> Schedule:
    now, later = PriceList(price), []
    for valid_from, rows in groupby(kept, key=lambda row: row[0]):
        tiers = [Tier(quantity, amount) for _, quantity, amount in rows]
        if valid_from == ALWAYS:
            now = PriceList(price, tuple(tiers))
        else:
            for_one = tiers.pop(0) if tiers[0].quantity == _FOR_ONE else None
            later.append(LaterPrices(valid_from, PriceList(for_one.price if for_one else None, tuple(tiers))))
    return Schedule(now, tuple(later))


def _row(article_id: uuid.UUID, valid_from: dt.datetime, tier: Tier) -> dict[str, object]:
    return {
        "article_id": article_id,
        "valid_from": valid_from,
        "from_quantity": tier.quantity,
        "price": tier.price,
    }
