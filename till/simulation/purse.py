"""What a simulated cashier does with the drawer beside selling: cash in and out, taking it back, counts, X reports."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from random import Random

from till.formats import Formats
from till.i18n import Translator
from till.money import Money
from till.receipts.document import Row
from till.shifts.count import DENOMINATIONS, MOST_PIECES, Counted, counted_pieces
from till.shifts.movement import Movement, MovementKind, TakingBack
from till.simulation.chance import happens
from till.simulation.counter import Counter
from till.simulation.known import Expected, expected
from till.simulation.shopping import Good
from till.simulation.wishes import Moving

_MEANT = {
    "change-in": ("transit", 1),
    "private-in": ("private", 1),
    "tips-in": ("tips", 1),
    "other-in": ("sundry", 1),
    "bank-drop": ("transit", -1),
    "private-out": ("private", -1),
    "tips-out": ("tips", -1),
    "wages-out": ("wages", -1),
    "other-out": ("sundry", -1),
}
_AMOUNTS = (1, 350, 5000, 0, -1)
_REASONS = ("zur Bank", "Porto", "für Oma ❤", "Zeile\nzwei", "x" * 80, "x" * 81, " ")
LONGEST_REASON = 80


def move_cash(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Bring cash in or take it out: all that is there, a cent more, nothing, with and without a reason; sometimes twice."""
    kind = rng.choice(sorted(_MEANT))
    account, sign = _MEANT[kind]
    there = max(1, counter.model.drawers[counter.id].cash)
    cents = rng.choice((*_AMOUNTS, there, there + 1, there + 1))
    reason = rng.choice(_REASONS)
    movement = Movement(MovementKind(kind), Money(cents), reason, any_id(rng))
    moving = Moving(movement.id.hex, counter.id, account, sign * cents)
    must = expected(cents > 0 and _is_reason(reason) and counter.model.may_move(moving))
    went = counter.fulfil(lambda: counter.till.cash.move(movement), moving, must)
    if went == Expected.DONE and happens(rng, 0.2):
        again = counter.fulfil(lambda: counter.till.cash.move(movement), moving, Expected.DONE)
        return f"{kind} {cents} {went} twice {again}"
    return f"{kind} {cents} {went}"


def take_cash_back(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Take a movement back, or one that was taken back already, or something that is no movement."""
    own = [moving for _, moving in sorted(counter.model.moves.items()) if moving.till == counter.id]
    wrong = rng.choice(own) if own else Moving(any_id(rng).hex, counter.id, "transit", -1)
    wish = TakingBack(uuid.UUID(wrong.document), "vertippt", any_id(rng))
    moving = Moving(wish.id.hex, counter.id, wrong.account, -wrong.cents, wrong.document)
    must = expected(counter.model.may_move(moving))
    return f"{wrong.cents} {counter.fulfil(lambda: counter.till.cash.take_back(wish), moving, must)}"


def count_the_drawer(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Count in the middle of the day; nothing is booked."""
    cents = rng.choice((0, counter.model.drawers[counter.id].cash, 9999))
    return f"{cents} {counter.attempt(lambda: counter.till.cash.count(counted(cents)), must=Expected.DONE)}"


def look_at_x(_rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Print no X, but look at one: the model knows what must stand on it."""
    report = counter.till.receipts.x_report()
    t = Translator(report.language)
    rows = {block.left: block.right for block in report.blocks if isinstance(block, Row)}
    drawer, shift = counter.model.drawers[counter.id], counter.model.shift(counter.id)
    formats = Formats(t, counter.till.workplace.shop.zone, counter.till.workplace.shop.currency)
    counter.agree("the target on an X", rows[t("Cash, target")], formats.money(Money(drawer.cash)))
    counter.agree("the sales on an X", rows[t("Receipts")].split()[0], str(shift.sales))
    return "agrees"


def counted(cents: int) -> Counted:
    """A sum as somebody counts it, coin by coin; where there are too many of them, the sum alone."""
    left, counts = cents, {}
    for value in DENOMINATIONS:
        counts[value] = min(left // value.cents, MOST_PIECES)
        left -= counts[value] * value.cents
    return Money(cents) if left else counted_pieces(counts)


def _is_reason(reason: str) -> bool:
    return bool(reason.strip()) and len(reason) <= LONGEST_REASON


def any_id(rng: Random) -> uuid.UUID:
    """An id that the seed decides."""
    return uuid.UUID(int=rng.getrandbits(128), version=4)
