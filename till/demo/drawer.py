"""What goes through the demo's drawer beside sales: stamps, tips, the owner's purse, the way to the bank, the count."""

from __future__ import annotations

import uuid
from random import Random

from till.i18n import Translator
from till.money import ZERO, Money, total
from till.shifts.count import DENOMINATIONS, CashCount, counted_pieces
from till.shifts.movement import Movement, MovementKind

SLIP = 0.08
_LARGEST_NOTE = Money(5000)
_ERRANDS = (
    (MovementKind.OTHER_OUT, 0.10, (370, 619, 1049)),
    (MovementKind.TIPS_OUT, 0.12, (200, 350, 500)),
    (MovementKind.PRIVATE_OUT, 0.08, (5000, 10000)),
)


def errands(rng: Random, there: Money, kept: Money, t: Translator) -> tuple[Movement, ...]:
    """What is taken out before the day's count, in the order of a usual evening; the notes above `kept` go to the bank."""
    taken: list[Movement] = []
    for kind, chance, amounts in _ERRANDS:
        amount = Money(rng.choice(amounts))
        if rng.random() < chance and total(one.amount for one in taken) + amount + kept <= there:
            taken.append(_movement(rng, kind, amount, t))
    spare = (there - kept - total(one.amount for one in taken)).cents // _LARGEST_NOTE.cents
    if spare > 0:
        taken.append(_movement(rng, MovementKind.BANK_DROP, _LARGEST_NOTE * spare, t))
    return tuple(taken)


def change_from_the_bank(rng: Random, t: Translator) -> Movement:
    """Rolls of coins, brought in the morning."""
    return _movement(rng, MovementKind.CHANGE_IN, _LARGEST_NOTE, t)


def counted(amount: Money) -> CashCount:
    """The drawer as somebody counts it: no shop keeps larger notes than it must change."""
    left, counts = max(amount, ZERO), {}
    for value in DENOMINATIONS:
        if value <= _LARGEST_NOTE:
            counts[value] = left.cents // value.cents
            left -= value * counts[value]
    return counted_pieces(counts)


def _movement(rng: Random, kind: MovementKind, amount: Money, t: Translator) -> Movement:
    return Movement(kind, amount, t(rng.choice(kind.reasons)), uuid.UUID(int=rng.getrandbits(128), version=4))
