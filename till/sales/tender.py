"""Paying: what was given, what is open and what goes back; any split of tenders."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from till.errors import Refused
from till.i18n import msg
from till.money import MAX_CENTS, ZERO, Money, total

_NOTES = (Money(500), Money(1000), Money(2000), Money(5000), Money(10000))
QUICK_KEYS = 6


class TenderKind(StrEnum):
    """How the customer pays, as far as the rules differ."""

    CASH = "cash"
    CARD = "card"
    VOUCHER = "voucher"


@dataclass(frozen=True, slots=True)
class Goodwill:
    """Why an expired voucher is accepted all the same, and the name of who has allowed it (V37)."""

    reason: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class Tendered:
    """One payment as the cashier took it. For cash `amount` is what was handed over.

    A voucher carries its id and number. `paid_out` is what of its paid part goes back in cash beyond `amount` (V35);
    `goodwill` is there for one that has expired.
    """

    id: int
    kind: TenderKind
    tender_id: str
    name: str
    amount: Money
    voucher_id: uuid.UUID | None = None
    paid_out: Money = ZERO
    goodwill: Goodwill | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """Where a payment stands: due in all, given so far, still open, change to give.

    `excess` is what was paid without cash beyond the due (the basket shrank afterwards); it must be
    taken back before the sale can be completed. `paid_out` is what vouchers give back in cash besides (V35).
    """

    due: Money
    given: Money
    open: Money
    change: Money
    excess: Money = ZERO
    paid_out: Money = ZERO

    @property
    def back(self) -> Money:
        """What the customer gets from the drawer: the change, and what vouchers pay out."""
        return self.change + self.paid_out

    @property
    def is_complete(self) -> bool:
        """Whether everything is paid and nothing beyond what cash can return."""
        return not self.open and not self.excess


def settle(due: Money, tendered: Sequence[Tendered]) -> Settlement:
    """Set what was given against what is due; only cash can give change (T6)."""
    given = total(t.amount for t in tendered)
    over = max(given - due, ZERO)
    cash = total(t.amount for t in tendered if t.kind is TenderKind.CASH)
    change = min(over, cash)
    return Settlement(due, given, max(due - given, ZERO), change, over - change, total(t.paid_out for t in tendered))


def check_tender(kind: TenderKind, amount: Money, settlement: Settlement) -> None:
    """Refuse an amount that makes no sense for this tender, with the figures."""
    if amount <= ZERO:
        raise Refused(msg("The amount must be above 0."))
    if amount.cents > MAX_CENTS:
        raise Refused(msg("“{typed}” is too large. The most is {most}."), typed=amount, most=Money(MAX_CENTS))
    if settlement.is_complete:
        raise Refused(msg("Everything is paid already. Complete the sale."))
    if kind is TenderKind.CARD and amount > settlement.open:
        raise Refused(msg("Only {open} is still open; change is given for cash only."), open=settlement.open)
    if kind is TenderKind.VOUCHER and amount > settlement.open:
        raise Refused(msg("Only {open} is still open; the rest stays on the voucher."), open=settlement.open)


def quick_cash(open_amount: Money) -> tuple[Money, ...]:
    """The amounts a customer is likely to hand over: exact, the next euro, then up to the next notes (U4).

    10,60 gives 10,60 · 11 · 15 · 20 · 50 · 100. Empty when nothing is open.
    """
    if open_amount <= ZERO:
        return ()
    amounts = {open_amount, _next(open_amount, 100)}
    amounts.update(_next(open_amount, note.cents) for note in _NOTES)
    return tuple(sorted(amounts)[:QUICK_KEYS])


def _next(amount: Money, step: int) -> Money:
    return Money(-(-amount.cents // step) * step)
