"""The terms that a voucher gets when it is sold: its value and how long it is valid."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from till.errors import Refused
from till.i18n import msg
from till.money import MAX_CENTS, ZERO, Money, half_up
from till.vouchers.model import VoucherType

DEFAULT_YEARS = 10
WORTH_NOTHING = msg("The voucher “{name}” would be worth nothing. Type a value above 0.")
TOO_MUCH_WORTH = msg("With this addition it would be worth more than {most}.")


@dataclass(frozen=True, slots=True)
class TermRule:
    """The shop's default validity: `years` from the sale, to the day or to 31.12. of that year (V16)."""

    years: int = DEFAULT_YEARS
    to_year_end: bool = True


@dataclass(frozen=True, slots=True)
class Price:
    """What a voucher costs and what it is worth."""

    sale: Money
    face: Money


def valid_until(kind: VoucherType, sold_on: dt.date, rule: TermRule) -> dt.date:
    """The last day of validity: the type's own, else the shop's rule (V16)."""
    if kind.valid_until is not None:
        return kind.valid_until
    year = sold_on.year + rule.years
    if rule.to_year_end:
        return dt.date(year, 12, 31)
    last_of_month = calendar.monthrange(year, sold_on.month)[1]
    return sold_on.replace(year=year, day=min(sold_on.day, last_of_month))


def needs_price(kind: VoucherType) -> bool:
    """Whether the till must ask what the customer pays (V6, V8, V9)."""
    return kind.sale is None or not kind.sale


def price_of(kind: VoucherType, asked: Money | None) -> Price:
    """Sale and face value of a new voucher from its type and the price that was asked for (None: not asked).

    Refuses in words a missing price, a price of 0 where the type doesn't allow it, a face value of 0, and a price
    above the face value (V6, V10).
    """
    sale = asked if asked is not None else kind.sale
    if sale is None:
        raise Refused(msg("What should the voucher “{name}” cost? Type its price."), name=kind.name)
    if sale < ZERO or sale.cents > MAX_CENTS:
        raise Refused(msg("A voucher can’t cost {amount}."), amount=sale)
    if not sale and not kind.zero_price_allowed:
        raise Refused(msg("“{name}” needs a price above 0."), name=kind.name)
    face = _face(kind, sale)
    if face.cents > MAX_CENTS:
        raise Refused(TOO_MUCH_WORTH, most=Money(MAX_CENTS))
    if face <= ZERO:
        raise Refused(WORTH_NOTHING, name=kind.name)
    if sale > face:
        raise Refused(msg("“{name}” is worth {face}; it can’t cost more."), name=kind.name, face=face)
    return Price(sale, face)


def with_bonus(sale: Money, bonus_bp: int) -> Money:
    """What it is worth at this price with a bonus in basis points on it, half-up to the cent (V11)."""
    return sale + half_up(Fraction(sale.cents * bonus_bp, 10_000))


def _face(kind: VoucherType, sale: Money) -> Money:
    if kind.face_bonus_bp is not None:
        return with_bonus(sale, kind.face_bonus_bp)
    return kind.face if kind.face is not None and kind.face else sale
