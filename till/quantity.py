"""Quantities in thousandths: 1 piece, 0.345 kg; exact like the money beside them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from till.money import Money, half_up

MAX_THOUSANDTHS = 99_999_000  # 99,999 pieces: more is a scan in the wrong field


@dataclass(frozen=True, order=True, slots=True)
class Quantity:
    """A quantity in thousandths of the unit; negative for a return."""

    thousandths: int

    def __post_init__(self) -> None:
        if type(self.thousandths) is not int:
            msg = f"Quantity takes whole thousandths, got {self.thousandths!r}"
            raise TypeError(msg)

    @property
    def is_whole(self) -> bool:
        """Whether it counts whole pieces."""
        return self.thousandths % 1000 == 0

    def __add__(self, other: Quantity) -> Quantity:
        return Quantity(self.thousandths + other.thousandths)

    def __neg__(self) -> Quantity:
        return Quantity(-self.thousandths)

    def __str__(self) -> str:
        """Plain form for logs: dot, no trailing zeros."""
        sign = "-" if self.thousandths < 0 else ""
        whole, rest = divmod(abs(self.thousandths), 1000)
        return f"{sign}{whole}" + (f".{rest:03d}".rstrip("0") if rest else "")


ONE = Quantity(1000)


def pieces(count: int) -> Quantity:
    """`count` whole pieces."""
    return Quantity(count * 1000)


def price_of(unit_price: Money, quantity: Quantity) -> Money:
    """Unit price times quantity, half-up to the cent (architecture 7, Rounding)."""
    return half_up(Fraction(unit_price.cents * quantity.thousandths, 1000))
