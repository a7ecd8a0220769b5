"""Prices of an article as values: what one unit costs from which quantity on (Staffelpreise), and from when; pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from till.errors import Refused
from till.i18n import msg
from till.money import MAX_CENTS, ZERO, Money
from till.quantity import MAX_THOUSANDTHS, Quantity

MAX_TIERS = 10
MAX_LATER = 20

NEGATIVE = msg("A price can’t be negative.")
TOO_MUCH = msg("A price of {price} is too large. The most is {most}.")
TOO_MANY_TIERS = msg("An article has at most {most} prices by quantity.")
NO_BASE = msg("Prices by quantity need a price for one. Type it first, or remove them.")
NO_QUANTITY = msg("A price by quantity needs a quantity above 0.")
PIECES_ONLY = msg("This article is sold by the piece. Type a whole quantity of 2 or more.")
QUANTITY_TOO_LARGE = msg("A quantity of {quantity} is too large. The most is {most}.")
QUANTITY_TWICE = msg("The quantity {quantity} stands twice. Remove one of the two.")
NOT_CHEAPER = msg("From {quantity} on the price must be below {price}: more never costs more.")


@dataclass(frozen=True, slots=True, order=True)
class Tier:
    """From `quantity` on, each unit costs `price` (gross)."""

    quantity: Quantity
    price: Money


@dataclass(frozen=True, slots=True)
class PriceList:
    """What one unit costs; `price` gross, None = the till asks (T4). `tiers` in the order of their quantities."""

    price: Money | None
    tiers: tuple[Tier, ...] = ()


@dataclass(frozen=True, slots=True)
class LaterPrices:
    """Prices that count from an instant on; those before are over then, tiers included."""

    valid_from: dt.datetime
    prices: PriceList


@dataclass(frozen=True, slots=True)
class Schedule:
    """The prices of an article: those of now, and what is planned, the next one first."""

    now: PriceList
    later: tuple[LaterPrices, ...] = ()

    def at(self, instant: dt.datetime) -> Schedule:
        """The same as it stands at `instant`: what has come into force until then is the prices of now."""
        over = [one for one in self.later if one.valid_from <= instant]
        return Schedule(over[-1].prices, self.later[len(over) :]) if over else self

    @property
    def until(self) -> dt.datetime | None:
        """When the next planned prices come into force; None: nothing is planned."""
        return self.later[0].valid_from if self.later else None


@dataclass(frozen=True, slots=True)
class ListPrice:
    """The prices that a basket's line goes by, copied when it was added: `price` for one, `tiers` for more.

    `until`: the instant from which on the shop has planned others; None while it has not.
    """

    price: Money
    tiers: tuple[Tier, ...] = ()
    until: dt.datetime | None = None

    @property
    def may_change(self) -> bool:
        """Whether a line can come to another price by itself: by its quantity, or with time."""
        return bool(self.tiers or self.until)

    def of(self, quantity: Quantity) -> Money:
        """What each unit costs when so much is bought: the lowest price whose quantity is reached."""
        return min([self.price, *(tier.price for tier in self.tiers if tier.quantity <= quantity)])

    def is_over(self, instant: dt.datetime) -> bool:
        """Whether the shop has other prices at `instant`."""
        return self.until is not None and self.until <= instant


def checked(prices: PriceList, *, whole_pieces: bool) -> PriceList:
    """The prices with their tiers in order; Refused for what can't be: each more must be cheaper than the one before."""
    if prices.price is not None:
        checked_price(prices.price)
    if len(prices.tiers) > MAX_TIERS:
        raise Refused(TOO_MANY_TIERS, most=MAX_TIERS)
    if prices.tiers and prices.price is None:
        raise Refused(NO_BASE)
    ordered = tuple(sorted(prices.tiers))
    for tier in ordered:
        _check_tier(tier, whole_pieces=whole_pieces)
    if prices.price is not None:
        _check_falling(prices.price, ordered)
    return PriceList(prices.price, ordered)


def checked_price(price: Money) -> Money:
    """The price; Refused where it is negative, or wider than a receipt holds. 0.00 is the price of what is given away."""
    if price < ZERO:
        raise Refused(NEGATIVE)
    if price.cents > MAX_CENTS:
        raise Refused(TOO_MUCH, price=price, most=Money(MAX_CENTS))
    return price


def _check_tier(tier: Tier, *, whole_pieces: bool) -> None:
    checked_price(tier.price)
    if tier.quantity.thousandths <= 0:
        raise Refused(NO_QUANTITY)
    if whole_pieces and (not tier.quantity.is_whole or tier.quantity.thousandths <= _ONE):
        raise Refused(PIECES_ONLY)
    if tier.quantity.thousandths > MAX_THOUSANDTHS:
        raise Refused(QUANTITY_TOO_LARGE, quantity=tier.quantity, most=Quantity(MAX_THOUSANDTHS))


def _check_falling(price: Money, tiers: Sequence[Tier]) -> None:
    before: Tier | None = None
    for tier in tiers:
        if before is not None and before.quantity == tier.quantity:
            raise Refused(QUANTITY_TWICE, quantity=tier.quantity)
        least = price if before is None else before.price
        if tier.price >= least:
            raise Refused(NOT_CHEAPER, quantity=tier.quantity, price=least)
        before = tier


_ONE = 1000
