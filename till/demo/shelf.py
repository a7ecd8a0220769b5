"""What customers of the demo shop can choose from, and how much each article is liked."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from sqlalchemy.orm import Session

from till.app import goods
from till.app.goods import Good
from till.business_case import VatKey
from till.catalog import lookup
from till.catalog.article import Article, ArticleKind
from till.demo.calendar import is_advent
from till.money import Money
from till.quantity import ONE, Quantity, pieces
from till.sales.basket import Basket
from till.vouchers.model import Numbering, VoucherType
from till.vouchers.terms import needs_price
from till.vouchers.types import voucher_types

_TILE_LIKED = 10
_ASKED_PRICES = (1500, 2000, 2500, 3000, 4000, 5000, 7500, 10000)
_FIRST_PRINTED = 1041
_STEMS = (1, 1, 3, 5, 7, 10)
_CHEAP_STEM = Money(450)
_LINES = {1: 36, 2: 28, 3: 17, 4: 10, 5: 6, 6: 3}
_SEASONS = {
    "advent": (11, 12),
    "weihnacht": (11, 12),
    "christ": (11, 12),
    "tanne": (11, 12),
    "mistel": (11, 12),
    "oster": (3, 4),
    "dekohase": (3, 4),
    "muttertag": (5,),
}


@dataclass(frozen=True, slots=True)
class Offered:
    """An article with what it becomes in a basket."""

    article: Article
    good: Good


def all_offered(session: Session, now: dt.datetime) -> tuple[Offered, ...]:
    """Everything that is sold by itself; deposits only come along with their articles."""
    sold = [a for a in lookup.articles(session) if a.kind is not ArticleKind.DEPOSIT]
    return tuple(Offered(a, goods.article_good(session, a, goods.Asked(now, a.price or Money(0)))) for a in sold)


class Shelf:
    """The goods of one day; tiles of the grid are liked most, dear things least, wreaths only before Christmas."""

    def __init__(self, offered: Sequence[Offered], day: dt.date) -> None:
        self._offered = [one for one in offered if _is_in_season(one.article, day)]
        self._liked = list(itertools.accumulate(_liked(one.article) for one in self._offered))

    def fill(self, rng: Random, basket: Basket) -> Basket:
        """Put one to six different things into the basket."""
        count = rng.choices(tuple(_LINES), tuple(_LINES.values()))[0]
        for one in rng.choices(self._offered, cum_weights=self._liked, k=count):
            good = one.good
            basket = basket.with_line(good.item, _price(rng, one), _quantity(rng, one), deposit=good.deposit)
        return basket


class VoucherStand:
    """The voucher types beside the counter; pre-printed ones lie there in the order of their numbers."""

    def __init__(self, session: Session) -> None:
        self._types = [kind for kind in voucher_types(session) if kind.active and not kind.is_complaint]
        self._printed = itertools.count(_FIRST_PRINTED)

    def add_one(self, session: Session, rng: Random, basket: Basket) -> Basket:
        """Put a voucher into the basket; those given away and pre-printed ones are the rarest."""
        kind = rng.choices(self._types, [_voucher_liked(t) for t in self._types])[0]
        asked = Money(rng.choice(_ASKED_PRICES)) if needs_price(kind) and not kind.zero_price_allowed else None
        good = goods.voucher_good(session, kind.id, asked)
        item = good.item
        if kind.numbering is Numbering.OWN and item.voucher is not None:
            item = replace(item, voucher=replace(item.voucher, number=f"SP-{next(self._printed)}"))
        return basket.with_line(item, good.unit_price)


def _is_in_season(article: Article, day: dt.date) -> bool:
    name = article.name.casefold()
    months = [months for word, months in _SEASONS.items() if word in name]
    return all(is_advent(day) if 12 in some else day.month in some for some in months)


def _liked(article: Article) -> int:
    cents = article.price.cents if article.price is not None else 3000
    liked = 60_000 // (600 + cents)
    if article.kind is ArticleKind.SERVICE:
        return max(1, liked // 3)
    return liked * (_TILE_LIKED if article.position is not None else 1)


def _voucher_liked(kind: VoucherType) -> int:
    if kind.zero_price_allowed or kind.numbering is Numbering.OWN:
        return 2
    return 3 if kind.face is not None and kind.face != kind.sale else 6


def _price(rng: Random, one: Offered) -> Money:
    """The article's price; a wish is between 5 and 60 euros."""
    if one.article.price is not None:
        return one.good.unit_price
    return Money(rng.randrange(10, 121) * 50)


def _quantity(rng: Random, one: Offered) -> Quantity:
    article = one.article
    if article.is_weighed:
        return Quantity(rng.randrange(8, 51) * 10)
    is_stem = article.category_id == "cut-flowers" and article.price is not None and article.price < _CHEAP_STEM
    if is_stem and article.vat_key is VatKey.REDUCED:
        return pieces(rng.choice(_STEMS))
    return pieces(2) if rng.random() < 0.1 else ONE
