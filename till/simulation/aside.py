"""What a simulated cashier does beside filling and paying: parks, recalls, throws away, prints again, and clocks that jump."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from random import Random

from till.simulation.chance import happens
from till.simulation.counter import Counter
from till.simulation.known import Expected, expected
from till.simulation.model import VOUCHER
from till.simulation.shopping import Good

_NAMES = ("", "", "Frau Weber", " Zeile\nzwei ")
_MOST_PARKED = 50
_BACK_TOO_FAR = dt.timedelta(days=2)


def cancel(_rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Throw the basket away."""
    return counter.cancel(Expected.DONE)


def park(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Put the basket aside; money that was taken for it is never parked."""
    before = counter.order
    must = expected(bool(counter.now.basket.lines) and not _has_money(counter) and len(counter.waiting) < _MOST_PARKED)
    went = counter.attempt(lambda: counter.till.sale.park(rng.choice(_NAMES)), must=must)
    if went == Expected.DONE:
        counter.agree("whether the parked basket waits", before in counter.waiting, must=True)
    return went


def recall(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Go on with a parked basket; what lies on the counter is parked in its place."""
    if not counter.waiting:
        unknown = uuid.UUID(int=rng.getrandbits(128))
        return f"none {counter.attempt(lambda: counter.till.sale.recall(unknown), must=Expected.REFUSED)}"
    order = rng.choice(sorted(counter.waiting))
    place = sorted(counter.waiting).index(order)
    must = expected(not _has_money(counter) and not counter.rates_are_new)
    went = counter.attempt(lambda: counter.till.sale.recall(uuid.UUID(order)), must=must)
    if went == Expected.DONE:
        counter.agree("the recalled order", counter.order, order)
    return f"{place} {went}"


def discard_parked(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Throw a parked basket away; not while it is unknown whether one of them was recalled."""
    if not counter.waiting or counter.memory.in_doubt_since is not None:
        return "none"
    return counter.discard(rng.choice(sorted(counter.waiting)), Expected.DONE)


def open_drawer(_rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Open the drawer without a sale."""
    went = counter.attempt(counter.till.cash.open_drawer, must=Expected.DONE)
    drawer = counter.model.drawers[counter.id]
    drawer.opened += went == Expected.DONE
    drawer.perhaps_opened += went not in {Expected.DONE, Expected.REFUSED}
    return went


def reprint(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Print an earlier receipt once more."""
    recent = counter.till.receipts.recent(5)
    if not recent:
        return f"none {counter.attempt(lambda: counter.till.receipts.find(2**31), must=Expected.REFUSED)}"
    entry = rng.choice(recent)
    return counter.attempt(lambda: counter.till.receipts.reprint(entry.document_id), must=Expected.DONE)


def clear_screen(_rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Tap the finished sale away; look at the drawer and at the receipts."""
    counter.attempt(counter.till.sale.dismiss)
    drawer = counter.model.drawers[counter.id]
    counter.agree("the cash in the drawer", counter.till.cash.expected_cash().cents, drawer.cash)
    return counter.attempt(counter.till.receipts.last, must=Expected.DONE)


def clock_goes_wrong(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """The clock jumps by minutes, which is borne, by hours into the night, or back by two days, which is refused."""
    clock = counter.site.clock
    if happens(rng, 0.3):
        before = clock.now()
        clock.set(before - _BACK_TOO_FAR)
        with counter.disk.sparing():
            went = counter.attempt(counter.till.cash.open_drawer, must=Expected.REFUSED)
        clock.set(before)
        return f"two days back {went}"
    minutes = rng.choice((-30, -5, -1, 30, 60, 300))
    clock.advance(60 * minutes)
    return f"{minutes} minutes"


def _has_money(counter: Counter) -> bool:
    return any(payment.kind != VOUCHER for payment in counter.now.payments)
