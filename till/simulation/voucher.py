"""The model's voucher: what was paid for it and given with it, what is left of both, and what became of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from till.simulation.shopping import Good, half_up

VoucherKey = tuple[str, str]
"""Type and number of a voucher."""


@dataclass(slots=True)
class SoldVoucher:
    """A voucher in customers' hands: what was paid for it and what it was worth then, and how it stands now.

    `rate` is what a single-purpose one was taxed with. `added` is the bonus that corrections put on it, in all.
    """

    good: Good
    paid: int
    face: int
    sold_on: dt.date
    rate: int = 0
    added: int = 0
    is_blocked: bool = False
    is_cancelled: bool = False
    replaced_by: VoucherKey | None = None
    paid_left: int = field(init=False)
    bonus_left: int = field(init=False)

    def __post_init__(self) -> None:
        self.paid_left, self.bonus_left = self.paid, self.face - self.paid + self.added

    @property
    def left(self) -> int:
        """What can still be redeemed."""
        return self.paid_left + self.bonus_left

    @property
    def is_open(self) -> bool:
        """Whether something is left on it, and it was neither cancelled nor replaced (V42)."""
        return self.left > 0 and not self.is_cancelled and self.replaced_by is None

    @property
    def is_whole(self) -> bool:
        """Whether its sale can be taken back: all of it is there, each part for itself (V28)."""
        is_there = not self.is_cancelled and self.replaced_by is None
        return is_there and (self.paid_left, self.bonus_left) == (self.paid, self.face - self.paid)

    def can_pay(self, day: dt.date) -> bool:
        """Whether a till takes it on a business day."""
        return self.is_open and not self.is_blocked and not self.expired(day)

    def expired(self, day: dt.date) -> bool:
        """Whether its last day lies before `day`."""
        return self.good.expires is not None and day > self.good.expires

    def split(self, cents: int) -> tuple[int, int]:
        """The paid and the given part of taking `cents` now (V39): the paid part shrinks as the face does.

        What corrections added is spent last. Where given back values left a cent beside that line, the next taking goes
        back onto it, as far as both parts reach.
        """
        gone = min(max(self.face + self.added - self.left + cents, 0), self.face)
        on_the_line = self.paid - half_up(self.paid * gone, self.face)
        least, most = max(cents - self.bonus_left, 0), min(cents, self.paid_left)
        paid = min(max(self.paid_left - on_the_line, least), most)
        return paid, cents - paid

    def take(self, cents: int, in_cash: int = 0) -> tuple[int, int]:
        """Redeem `cents`, and pay out `in_cash` of what is paid of the rest; the parts of what was redeemed."""
        paid, bonus = self.split(cents)
        self.paid_left -= paid + in_cash
        self.bonus_left -= bonus
        return paid, bonus

    def put_back(self, paid: int, bonus: int) -> None:
        """Give back what was taken: paid on paid, bonus on bonus."""
        self.paid_left += paid
        self.bonus_left += bonus

    def empty(self) -> None:
        """Nothing is left on it: it was cancelled or replaced."""
        self.paid_left = self.bonus_left = 0

    @property
    def carried(self) -> int:
        """What corrections added and nobody has spent; it is spent last, so it is the end of what is left (V41)."""
        unspent = min(self.added, self.bonus_left)
        return unspent if unspent < self.left else 0
