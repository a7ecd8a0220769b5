"""How a redemption takes from a voucher: paid and bonus part in their proportion, to the cent."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from fractions import Fraction

from till.money import ZERO, Money, half_up
from till.vouchers.model import Voucher, VoucherStanding


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
class Wish:
    """What a sale is to take from a voucher: `amount` pays for it, `paid_out` of the paid part goes back in cash (V35).

    `is_goodwill`: it may have expired (V37).
    """

    voucher_id: uuid.UUID
    amount: Money = ZERO
    paid_out: Money = ZERO
    is_goodwill: bool = False


@dataclass(frozen=True, slots=True)
class Redemption:
    """What a sale takes from a voucher, and what stays on it; never in cash what is not its paid part (V35, V37)."""

    voucher: Voucher
    share: Share
    rest: Money
    paid_out: Money = ZERO
    is_goodwill: bool = False

    @property
    def taken(self) -> Share:
        """All that leaves the voucher, with what goes back in cash."""
        return Share(self.share.paid + self.paid_out, self.share.bonus)


def share_of(sale: Money, face: Money, before: Money, now: Money) -> Share:
    """The parts of redeeming `now` after `before` was redeemed already.

    paid(now) = q(sale * (before + now) / face) - q(sale * before / face), q half-up, so that the paid
    parts of any sequence sum to the sale price exactly (V39). `face` is the face value at sale, above 0.
    """
    paid = _paid_until(sale, face, before + now) - _paid_until(sale, face, before)
    return Share(paid, now - paid)


def share_left(standing: VoucherStanding, now: Money) -> Share:
    """The parts of taking `now` from a voucher as it stands, whatever happened to it before; `now` is at most what remains.

    As V39 for redemptions in a row. What corrections added comes last (V41). Given back values can leave a cent of
    difference to V39's sum, which the next taking makes up for: no part goes below zero, and the last cent empties both.
    """
    terms = standing.voucher
    spent = terms.face + standing.added - standing.remaining
    wanted_left = terms.sale - _paid_until(terms.sale, terms.face, min(max(spent + now, ZERO), terms.face))
    paid = max(standing.paid_left - wanted_left, now - standing.bonus_left, ZERO)
    paid = min(paid, now, standing.paid_left)
    return Share(paid, now - paid)


def bonus_of(sale: Money, face: Money) -> Money:
    """The bonus part at sale: what the face value exceeds the price (V7, V8); a price above it has none."""
    return max(face - sale, ZERO)


def _paid_until(sale: Money, face: Money, redeemed: Money) -> Money:
    return half_up(Fraction(sale.cents * redeemed.cents, face.cents))
