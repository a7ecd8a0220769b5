"""Who paid for which line of a receipt: its vouchers by what they may pay, money for the rest; exact, and pure (G9, G6a)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from fractions import Fraction

from till.business_case import GvTyp
from till.documents.model import Line
from till.money import ZERO, Money, total

_SALES = frozenset({GvTyp.EINZWECK_KAUF, GvTyp.MEHRZWECK_KAUF})
_REDEMPTIONS = frozenset({GvTyp.EINZWECK_EINLOESUNG, GvTyp.MEHRZWECK_EINLOESUNG})


class Part(Enum):
    """What a line of a booked sale is, as far as bringing it back goes.

    REDUCTION belongs to another line; OTHER goes back only with the whole receipt (a surplus that was paid out).
    """

    GOODS = auto()
    DEPOSIT = auto()
    VOUCHER = auto()
    REDUCTION = auto()
    PAID = auto()
    BONUS = auto()
    OTHER = auto()


SOLD_PARTS = frozenset({Part.GOODS, Part.DEPOSIT, Part.VOUCHER})
VOUCHER_PARTS = frozenset({Part.PAID, Part.BONUS})


def part_of(line: Line) -> Part:
    """What a line of a sale is."""
    if line.gv_typ in _REDEMPTIONS:
        return Part.PAID
    if line.gv_typ is GvTyp.RABATT:
        return Part.REDUCTION if line.voucher is None else Part.BONUS
    if line.gross < ZERO:
        return Part.OTHER
    if line.gv_typ in _SALES:
        return Part.VOUCHER
    return {GvTyp.UMSATZ: Part.GOODS, GvTyp.PFAND: Part.DEPOSIT}.get(line.gv_typ, Part.OTHER)


def reductions_of(lines: Sequence[Line], position: int) -> list[int]:
    """The positions of the Rabatt lines of a line."""
    return [i for i, line in enumerate(lines) if line.reduces == position and part_of(line) is Part.REDUCTION]


def costs(lines: Sequence[Line], position: int) -> Money:
    """What a line cost after its Rabatt lines."""
    return lines[position].gross + total(lines[i].gross for i in reductions_of(lines, position))


@dataclass(frozen=True, slots=True)
class Funding:
    """By the position of each redemption, how many exact cents it paid of each sold line; `money` paid the rest.

    `surplus` is what a redemption exceeds all that it may pay: it was paid out in cash.
    """

    vouchers: Mapping[int, Mapping[int, Fraction]]
    money: Mapping[int, Fraction]
    surplus: Mapping[int, Fraction]

    def due(self, source: int, shares: Mapping[int, Fraction]) -> Fraction:
        """What a redemption paid for these shares (0 to 1) of the lines."""
        return _weighed(self.vouchers[source], shares)

    def money_due(self, shares: Mapping[int, Fraction]) -> Fraction:
        """What money paid for these shares of the lines."""
        return _weighed(self.money, shares)


def funding(lines: Sequence[Line]) -> Funding:
    """Spread what vouchers paid over the lines.

    First single-purpose vouchers over goods of their key, then bonus parts over goods of the key that they reduced, then
    multi-purpose ones: over goods and deposits, and over vouchers only what those leave (V23). Each in proportion to what
    is still unpaid of a line.
    """
    parts = [part_of(line) for line in lines]
    left = {i: Fraction(costs(lines, i).cents) for i, part in enumerate(parts) if part in SOLD_PARTS}
    vouchers: dict[int, dict[int, Fraction]] = {}
    surplus: dict[int, Fraction] = {}
    for source in sorted((i for i, part in enumerate(parts) if part in VOUCHER_PARTS), key=lambda i: _turn(lines[i])):
        amount, vouchers[source] = Fraction(-lines[source].gross.cents), {}
        for places in _may_pay(lines, parts, source):
            paid = _spread(amount, places, left)
            amount -= sum(paid.values())
            vouchers[source] |= paid
        surplus[source] = amount
    return Funding(vouchers, left, surplus)


def _turn(line: Line) -> int:
    """Who may pay for less comes first."""
    return {GvTyp.EINZWECK_EINLOESUNG: 0, GvTyp.RABATT: 1}.get(line.gv_typ, 2)


def _may_pay(lines: Sequence[Line], parts: Sequence[Part], source: int) -> tuple[list[int], ...]:
    """The lines that a redemption may pay for, in the order in which it does."""
    goods = _where(parts, {Part.GOODS})
    if lines[source].gv_typ is GvTyp.MEHRZWECK_EINLOESUNG:
        return _where(parts, {Part.GOODS, Part.DEPOSIT}), _where(parts, {Part.VOUCHER})
    return ([i for i in goods if lines[i].vat_key is lines[source].vat_key],)


def _where(parts: Sequence[Part], wanted: Iterable[Part]) -> list[int]:
    return [i for i, part in enumerate(parts) if part in wanted]


def _spread(amount: Fraction, places: Sequence[int], left: dict[int, Fraction]) -> dict[int, Fraction]:
    """Take at most `amount` from what is left of these lines, in proportion to it."""
    room = sum((left[i] for i in places), Fraction(0))
    taken = min(amount, room)
    if not taken:
        return {}
    paid = {i: taken * left[i] / room for i in places if left[i]}
    for i, cents in paid.items():
        left[i] -= cents
    return paid


def _weighed(paid: Mapping[int, Fraction], shares: Mapping[int, Fraction]) -> Fraction:
    return sum((cents * shares.get(i, Fraction(0)) for i, cents in paid.items()), Fraction(0))
