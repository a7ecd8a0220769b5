"""A chart of amounts by month, as shares of its height: the screen and the PDF paint the same (90-screens U9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from till.money import ZERO, Money
from till.reports.voucher_liability import Month

MOST_MONTHS = 24
_STEPS = (1, 2, 5, 10)


@dataclass(frozen=True, slots=True)
class Chart:
    """The months that are shown, and how high the scales reach: of what is owed, and of what a month sold and redeemed."""

    months: tuple[Month, ...]
    owed_top: Money
    moved_top: Money

    def owed(self, month: Month) -> Fraction:
        """How high the month's end stands, 0 to 1."""
        return share(month.outstanding, self.owed_top)

    def sold(self, month: Month) -> Fraction:
        """How high its bar of sold vouchers is."""
        return share(month.sold, self.moved_top)

    def redeemed(self, month: Month) -> Fraction:
        """How high its bar of redeemed vouchers is; none in a month in which more came back than was redeemed."""
        return share(month.redeemed, self.moved_top)


def chart_of(months: Sequence[Month], most: int = MOST_MONTHS) -> Chart:
    """The chart of the newest `most` months."""
    shown = tuple(months[-most:])
    moved = [amount for month in shown for amount in (month.sold, month.redeemed)]
    return Chart(shown, top_of([month.outstanding for month in shown]), top_of(moved))


def top_of(amounts: Sequence[Money]) -> Money:
    """The round amount (1, 2 or 5 and noughts) that a scale needs to hold all of these; 10,00 at least."""
    most = max([ZERO, *amounts])
    power = 1_000
    while True:
        for step in _STEPS:
            if most.cents <= step * power:
                return Money(step * power)
        power *= 10


def share(amount: Money, top: Money) -> Fraction:
    """The part of a scale that an amount fills, 0 to 1."""
    return min(max(Fraction(amount.cents, top.cents), Fraction(0)), Fraction(1))


def is_named(first: dt.date, place: int, count: int) -> bool:
    """Whether a month has its name on the axis: each January and July, of few months every other one, the last one always."""
    if place == count - 1:
        return True
    return first.month in {1, 7} if count > MOST_MONTHS // 2 else place % 2 == (count - 1) % 2
