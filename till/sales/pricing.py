"""What a basket costs: line and basket discounts, totals and VAT; pure arithmetic in cents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from till.business_case import VatKey
from till.errors import Refused
from till.i18n import msg
from till.money import MAX_CENTS, ZERO, Money, split, total
from till.sales.basket import Basket, BasketLine, taken_off
from till.tax import included_tax

Rates = Mapping[VatKey, int]

_HISTORIC = {
    VatKey.GENERAL: (VatKey.GENERAL_19_HISTORIC, VatKey.GENERAL_16_HISTORIC),
    VatKey.REDUCED: (VatKey.REDUCED_7_HISTORIC, VatKey.REDUCED_5_HISTORIC),
}


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line with its price: `gross` before discounts; `line_off` and `basket_off` are what is taken off, positive."""

    line: BasketLine
    gross: Money
    line_off: Money
    basket_off: Money

    @property
    def amount(self) -> Money:
        """What the line costs."""
        return self.gross - self.line_off - self.basket_off


@dataclass(frozen=True, slots=True)
class KeyTotal:
    """Gross and the tax inside it for one VAT key."""

    vat_key: VatKey
    rate_bp: int
    gross: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class PricedBasket:
    """A basket with all its figures; the screen shows them and computes none."""

    basket: Basket
    lines: tuple[PricedLine, ...]
    vat: tuple[KeyTotal, ...]

    @property
    def total(self) -> Money:
        """What the customer owes."""
        return total(line.amount for line in self.lines)

    @property
    def discount(self) -> Money:
        """All that was taken off, positive."""
        return total(line.line_off + line.basket_off for line in self.lines)


def price(basket: Basket, rates: Rates) -> PricedBasket:
    """Price a basket with the VAT rates (basis points per key) of the day.

    Line = half-up(price x thousandths); percent half-up on the absolute amount; the basket discount is
    split by largest remainder over the lines that take it (architecture 7, Rounding). Refuses a total
    beyond what receipts and exports can hold, and a key without a rate.
    """
    offs = [taken_off(line.discount, line.gross) for line in basket.lines]
    shares = _basket_shares(basket, offs)
    lines = tuple(
        PricedLine(line, line.gross, off, share) for line, off, share in zip(basket.lines, offs, shares, strict=True)
    )
    priced = PricedBasket(basket, lines, _vat(lines, rates))
    if priced.total.cents > MAX_CENTS:
        raise Refused(msg("A total of {total} is too much. Check quantities and prices."), total=priced.total)
    return priced


def rate_of(rates: Rates, key: VatKey) -> int:
    """The rate in basis points; refused in words where the shop has none for this key today."""
    rate = rates.get(key)
    if rate is None:
        raise Refused(msg("There is no VAT rate for key {key} today. Add it in the shop’s VAT rates."), key=key.value)
    return rate


def key_today(key: VatKey, rate_bp: int, rates: Rates) -> VatKey:
    """The key under which is taken back today what was taxed with `key` at `rate_bp` basis points.

    A historic one where the key has another rate by now (60-fiscal A5); the same where there is none for that rate.
    """
    if rates.get(key) == rate_bp:
        return key
    return next((later for later in _HISTORIC.get(key, ()) if rates.get(later) == rate_bp), key)


def _basket_shares(basket: Basket, offs: list[Money]) -> list[Money]:
    if basket.discount is None:
        return [ZERO] * len(basket.lines)
    bases = [
        max(line.gross - off, ZERO) if line.item.takes_discount else ZERO
        for line, off in zip(basket.lines, offs, strict=True)
    ]
    base = total(bases)
    off = min(taken_off(basket.discount, base), base)
    return split(off, [b.cents for b in bases]) if base else [ZERO] * len(bases)


def _vat(lines: tuple[PricedLine, ...], rates: Rates) -> tuple[KeyTotal, ...]:
    gross: dict[VatKey, Money] = {}
    for line in lines:
        key = line.line.item.vat_key
        gross[key] = gross.get(key, ZERO) + line.amount
    return tuple(
        KeyTotal(key, rate_of(rates, key), amount, included_tax(amount, rate_of(rates, key)))
        for key, amount in sorted(gross.items())
    )
