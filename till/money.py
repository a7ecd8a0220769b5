"""Money in whole cents: exact, frozen, and split without losing a cent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

MAX_CENTS = 9_999_999_999  # 99,999,999.99: the widest amount that a screen, a receipt and the exports hold


@dataclass(frozen=True, order=True, slots=True)
class Money:
    """An amount in cents of the shop's currency; negative means the other direction."""

    cents: int = 0

    def __post_init__(self) -> None:
        if type(self.cents) is not int:
            msg = f"Money takes whole cents, got {self.cents!r}"
            raise TypeError(msg)

    def __add__(self, other: Money) -> Money:
        return Money(self.cents + other.cents)

    def __sub__(self, other: Money) -> Money:
        return Money(self.cents - other.cents)

    def __neg__(self) -> Money:
        return Money(-self.cents)

    def __abs__(self) -> Money:
        return Money(abs(self.cents))

    def __mul__(self, factor: int) -> Money:
        if type(factor) is not int:
            msg = f"Money is multiplied by whole numbers only, got {factor!r}; see half_up"
            raise TypeError(msg)
        return Money(self.cents * factor)

    def __bool__(self) -> bool:
        return self.cents != 0

    def __str__(self) -> str:
        """Plain form for logs and processData: dot, two decimals, minus in front (60-fiscal A2.2)."""
        sign = "-" if self.cents < 0 else ""
        return f"{sign}{abs(self.cents) // 100}.{abs(self.cents) % 100:02d}"


ZERO = Money(0)


def total(amounts: Iterable[Money]) -> Money:
    """The sum; ZERO for nothing."""
    return Money(sum(amount.cents for amount in amounts))


def half_up(exact_cents: Fraction) -> Money:
    """Round exact cents to whole ones, halves away from zero (kaufmännisch), so that -x mirrors x."""
    doubled = abs(exact_cents) * 2
    rounded = (doubled.numerator // doubled.denominator + 1) // 2
    return Money(rounded if exact_cents >= 0 else -rounded)


def split(amount: Money, weights: Sequence[int]) -> list[Money]:
    """Share `amount` in proportion to `weights` (>= 0, not all zero) so that the parts sum to it exactly.

    Largest remainder; a tie goes to the earlier part (architecture 7, Rounding). Raises ValueError for
    negative or only zero weights.
    """
    whole_weight = sum(weights)
    if whole_weight <= 0 or min(weights) < 0:
        msg = f"weights must be >= 0 and not all zero, got {weights!r}"
        raise ValueError(msg)
    parts = [divmod(abs(amount.cents) * weight, whole_weight) for weight in weights]
    cents = [quotient for quotient, _ in parts]
    missing = abs(amount.cents) - sum(cents)
    by_remainder = sorted(range(len(parts)), key=lambda i: (-parts[i][1], i))
    for i in by_remainder[:missing]:
        cents[i] += 1
    return [Money(c if amount.cents >= 0 else -c) for c in cents]
