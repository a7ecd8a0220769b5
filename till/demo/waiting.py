"""Two baskets that were parked at the demo's counter this morning and wait to be recalled (T5)."""

from __future__ import annotations

import uuid
from dataclasses import replace
from itertools import islice

from sqlalchemy.orm import Session

from till.app.goods import Asked, article_good
from till.app.parking import as_waiting
from till.catalog import lookup
from till.demo.counter import Counter
from till.documents.model import Reference
from till.quantity import pieces
from till.sales import parked
from till.sales.basket import Basket
from till.sales.pricing import price
from till.sales.saved import SavedSale

_BASKETS = (("Frau Weber, holt um 17 Uhr", 0, (1, 2, 1)), ("", 3, (2, 1)))
"""Name, place of the first article in the grid, and the pieces of this one and of those that follow."""


def park_two(session: Session, counter: Counter) -> None:
    """Park them and end their transactions at the TSE, as the end of a program does."""
    for name, first, counts in _BASKETS:
        _park(session, counter, name, _basket(session, counter, first, counts))


def _basket(session: Session, counter: Counter, first: int, counts: tuple[int, ...]) -> Basket:
    now = counter.workplace.clock.now()
    basket = Basket(uuid.uuid5(uuid.NAMESPACE_OID, f"demo parked {now.isoformat()} {first}"), now)
    articles = (one for one in lookup.articles(session) if one.price is not None and not one.is_weighed)
    for article, count in zip(islice(articles, first, None), counts, strict=False):
        good = article_good(session, article, Asked(now))
        basket = basket.with_line(good.item, good.unit_price, pieces(count), deposit=good.deposit)
    return basket


def _park(session: Session, counter: Counter, name: str, basket: Basket) -> None:
    workplace = counter.workplace
    priced = price(basket, workplace.rates())
    ended = counter.abort(session, priced, counter.begin())
    sale = SavedSale(basket, (), (Reference(ended.till_id, ended.number, ended.id),))
    one = as_waiting(session, workplace, priced, sale, name)
    parked.park(session, replace(one, parked=replace(one.parked, is_running=False)))
