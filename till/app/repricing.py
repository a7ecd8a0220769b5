"""An open basket over a change of prices or VAT rates: it is priced again in sight, never behind the cashier's back (T15)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from till.app.workplace import Workplace
from till.catalog.article import Article
from till.catalog.lookup import articles_numbered
from till.catalog.price_list import ListPrice
from till.catalog.prices import list_price
from till.errors import Refused
from till.i18n import msg
from till.money import Money
from till.sales.basket import Basket, BasketLine, ItemKind
from till.sales.pricing import PricedBasket, Rates, price

RATES_CHANGED = msg("The VAT rates have changed meanwhile. The basket was priced again: please check it.")
PRICES_CHANGED = msg("Prices have changed meanwhile: {names}. The basket was priced again: please check it.")


@dataclass(frozen=True, slots=True)
class PricedAgain:
    """The basket at the prices and rates of now; `said`: in words what is no longer as it was, None when nothing is."""

    basket: Basket
    rates: Rates
    said: Refused | None


def as_of_now(workplace: Workplace, shown: PricedBasket) -> PricedAgain:
    """Lines keep the price that they came in with, unless prices that were planned already then count by now."""
    basket, rates, now = shown.basket, workplace.rates(), workplace.clock.now()
    names: list[str] = []
    if any(_is_over(line, now) for line in basket.lines):
        with workplace.database.read() as session:
            basket, names = at_list_prices(session, basket, now, lambda line: _is_over(line, now))
    if names:
        return PricedAgain(basket, rates, Refused(PRICES_CHANGED, names=", ".join(names)))
    is_taxed_anew = price(shown.basket, rates).vat != shown.vat
    return PricedAgain(basket, rates, Refused(RATES_CHANGED) if is_taxed_anew else None)


def at_list_prices(
    session: Session, basket: Basket, now: dt.datetime, wanted: Callable[[BasketLine], bool]
) -> tuple[Basket, list[str]]:
    """The basket with its wanted lines at the list prices of `now`, and the names of those that cost something else."""
    names = []
    for line, prices in _listed(session, basket, now):
        if wanted(line):
            basket = _with_list_price(basket, line, prices)
            if basket.line(line.id).unit_price != line.unit_price:
                names.append(line.item.name)
    return basket, names


def listed_units(session: Session, basket: Basket, now: dt.datetime) -> dict[int, Money]:
    """The unit prices of those lines that have the list's; what somebody typed at the counter is left out."""
    return {
        line.id: line.unit_price
        for line, prices in _listed(session, basket, now)
        if prices.of(line.quantity) == line.unit_price and (line.item.list_price is not None or not prices.may_change)
    }


def articles_of(session: Session, basket: Basket) -> dict[str, Article]:
    """The articles in the basket as the master data have them now, by number."""
    return articles_numbered(session, {line.item.number for line in basket.lines if _is_article(line)})


def _listed(session: Session, basket: Basket, now: dt.datetime) -> Iterator[tuple[BasketLine, ListPrice]]:
    known = {number: list_price(session, article, now) for number, article in articles_of(session, basket).items()}
    for line in basket.lines:
        prices = known.get(line.item.number) if _is_article(line) else None
        if prices is not None:
            yield line, prices


def _with_list_price(basket: Basket, line: BasketLine, prices: ListPrice) -> Basket:
    """A discount in euros that is now more than the line costs is taken away."""
    try:
        return basket.with_list_price(line.id, prices)
    except Refused:
        lines = tuple(replace(one, discount=None) if one.id == line.id else one for one in basket.lines)
        return replace(basket, lines=lines).with_list_price(line.id, prices)


def _is_over(line: BasketLine, now: dt.datetime) -> bool:
    return line.item.list_price is not None and line.item.list_price.is_over(now)


def _is_article(line: BasketLine) -> bool:
    return line.item.kind is not ItemKind.VOUCHER
