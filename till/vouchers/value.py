"""How a redemption takes from a voucher: paid and bonus part in their proportion, to the cent."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from till.money import ZERO, Money, half_up
from till.vouchers.model import Voucher


@dataclass(frozen=True, slots=True)
class Share:
    """An amount of voucher value as its paid and its bonus part."""

    paid: Money
    bonus: Money

    @property
    def amount(self) -> Money:
        """Both parts."""
        return self.paid + self.bonus


@dataclass(frozen=True, slots=True)
class Redemption:
    """What a sale takes from a voucher, and what stays on it."""

    voucher: Voucher
    share: Share
    rest: Money


def share_of(sale: Money, face: Money, before: Money, now: Money) -> Share:
    """The parts of redeeming `now` after `before` was redeemed already.

    paid(now) = q(sale * (before + now) / face) - q(sale * before / face), q half-up, so that the paid
    parts of any sequence sum to the sale price exactly (V39). `face` is the face value at sale, above 0.
    """
    paid = _paid_until(sale, face, before + now) - _paid_until(sale, face, before)
    return Share(paid, now - paid)


def bonus_of(sale: Money, face: Money) -> Money:
    """The bonus part at sale: what the face value exceeds the price (V7, V8); a price above it has none."""
    return max(face - sale, ZERO)


def _paid_until(sale: Money, face: Money, redeemed: Money) -> Money:
    return half_up(Fraction(sale.cents * redeemed.cents, face.cents))
