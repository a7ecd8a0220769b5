"""What was taken out of a basket before it was paid, line by line; pure."""

from __future__ import annotations

from dataclasses import dataclass

from till.money import Money
from till.quantity import price_of
from till.sales.basket import Basket


@dataclass(frozen=True, slots=True)
class Removed:
    """Goods that were taken out, and what they would have cost without discounts."""

    name: str
    amount: Money


def removed(before: Basket, after: Basket) -> tuple[Removed, ...]:
    """What is in `before` and no more, or less of it, in `after`."""
    left = {line.id: line.quantity for line in after.lines}
    found = []
    for line in before.lines:
        now = left.get(line.id)
        if now is None:
            found.append(Removed(line.item.name, line.gross))
        elif now < line.quantity:
            found.append(Removed(line.item.name, line.gross - price_of(line.unit_price, now)))
    return tuple(found)
