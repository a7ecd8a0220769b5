"""The model's basket: goods, lines and their price in plain integers, computed without the till."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

PERCENT, AMOUNT = "percent", "amount"
Off = tuple[str, int]
"""A discount: PERCENT with basis points, or AMOUNT with cents."""


class Kind(StrEnum):
    """What a good is."""

    ARTICLE = "article"
    DEPOSIT = "deposit"
    VOUCHER = "voucher"


@dataclass(frozen=True, slots=True)
class Good:
    """Something on sale. `cents` None: the till asks. `tied` is the deposit that comes with it.

    `tiers`: from so many thousandths on, each costs so many cents. Of a voucher: `face` None = what is asked; `single`: taxed when it is sold; `expires` its last day.
    """

    number: str
    name: str
    vat_key: int
    cents: int | None
    kind: Kind = Kind.ARTICLE
    code: str = ""
    tied: Good | None = None
    discountable: bool = True
    weighed: bool = False
    face: int | None = None
    single: bool = False
    may_be_free: bool = False
    first_number: str = ""
    expires: dt.date | None = None
    tiers: tuple[tuple[int, int], ...] = ()

    def cents_for(self, thousandths: int) -> int:
        """What each costs when so much is bought."""
        return ([self.cents or 0] + [cents for least, cents in self.tiers if least <= thousandths])[-1]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a basket; `key` names it, `tied_to` is the key of the line whose deposit it is.

    `is_listed`: nobody typed its price, so that it follows the quantity.
    """

    key: int
    good: Good
    thousandths: int
    cents: int
    off: Off | None = None
    note: str = ""
    tied_to: int | None = None
    face: int = 0
    is_listed: bool = False

    @property
    def gross(self) -> int:
        """Price times quantity."""
        return half_up(self.cents * self.thousandths, 1000)

    @property
    def is_plain(self) -> bool:
        """Whether a like one may be added to it."""
        return self.off is None and not self.note and self.tied_to is None and self.good.kind is not Kind.VOUCHER

    def of(self, thousandths: int) -> Line:
        """So much of it."""
        cents = self.good.cents_for(thousandths) if self.is_listed else self.cents
        return replace(self, thousandths=thousandths, cents=cents)


@dataclass(frozen=True, slots=True)
class Basket:
    """What a customer buys."""

    lines: tuple[Line, ...] = ()
    off: Off | None = None
    next_key: int = 1

    def added(self, good: Good, cents: int, thousandths: int = 1000) -> Basket:
        """With a good; a like line grows, unless its deposit was taken out; a voucher always gets a line of its own."""
        is_listed = bool(good.tiers) and cents == good.cents
        for place, line in enumerate(self.lines):
            is_same = (line.good, line.is_listed) == (good, is_listed) and (is_listed or line.cents == cents)
            if line.is_plain and is_same:
                if (good.tied is None) is not any(other.tied_to == line.key for other in self.lines):
                    return self.with_quantity(place, line.thousandths + thousandths)
                break
        face = (good.face or cents) if good.kind is Kind.VOUCHER else 0
        line = Line(self.next_key, good, thousandths, cents, face=face, is_listed=is_listed)
        lines = [*self.lines, line.of(thousandths)]
        if good.tied is not None:
            tied = Line(self.next_key + 1, good.tied, thousandths, good.tied.cents or 0, tied_to=self.next_key)
            lines.append(tied)
        return Basket(tuple(lines), self.off, self.next_key + 1 + (good.tied is not None))

    def with_quantity(self, place: int, thousandths: int) -> Basket:
        """With another quantity of a line and its deposit."""
        key = self.lines[place].key
        return self._with(line.of(thousandths) if key in {line.key, line.tied_to} else line for line in self.lines)

    def with_line(self, place: int, line: Line) -> Basket:
        """With a line changed."""
        return self._with(line if i == place else old for i, old in enumerate(self.lines))

    def without(self, place: int) -> Basket:
        """Without a line and its deposit; an emptied basket loses its discount."""
        key = self.lines[place].key
        left = self._with(line for line in self.lines if key not in {line.key, line.tied_to})
        return left if left.lines else replace(left, off=None)

    def _with(self, lines: Iterable[Line]) -> Basket:
        return replace(self, lines=tuple(lines))


@dataclass(frozen=True, slots=True)
class Priced:
    """What each line costs after all discounts, and all together."""

    amounts: tuple[int, ...]

    @property
    def total(self) -> int:
        """What the customer owes."""
        return sum(self.amounts)


def priced(basket: Basket) -> Priced:
    """Line discounts first; the basket's is split over the lines that take one, by largest remainder."""
    after = [line.gross - off_amount(line.off, line.gross) for line in basket.lines]
    bases = [max(0, rest) if line.good.discountable else 0 for line, rest in zip(basket.lines, after, strict=True)]
    off = min(off_amount(basket.off, sum(bases)), sum(bases))
    return Priced(tuple(a - part for a, part in zip(after, largest_remainder(off, bases), strict=True)))


def half_up(numerator: int, denominator: int) -> int:
    """A quotient in whole cents, halves away from zero."""
    return int((Decimal(numerator) / Decimal(denominator)).quantize(Decimal(1), ROUND_HALF_UP))


def largest_remainder(amount: int, weights: Sequence[int]) -> list[int]:
    """Shares of an amount that sum to it; the cents left over go to the largest remainders, the first of equal ones."""
    whole = sum(weights)
    if not amount or not whole:
        return [0] * len(weights)
    shares = [amount * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: -(amount * weights[i] % whole))
    for i in order[: amount - sum(shares)]:
        shares[i] += 1
    return shares


def off_amount(off: Off | None, base: int) -> int:
    """What a discount takes off."""
    match off:
        case (str(kind), size) if kind == PERCENT:
            return half_up(base * size, 10_000)
        case (_, size):
            return size
        case _:
            return 0
