"""What is known of a simulated counter: what is expected of an attempt, the sale under way, and what a kill must not lose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from till.simulation.model import Payment
from till.simulation.shopping import Basket
from till.simulation.wishes import Wish


class Broken(Exception):  # noqa: N818 - it is a finding, not a failure
    """The till and the model of the shop don't agree."""


class Expected(StrEnum):
    """What the model says of an attempt: it must go, it must be refused, or the till decides."""

    DONE = "done"
    REFUSED = "refused"
    EITHER = "either"


def expected(must: bool) -> Expected:  # noqa: FBT001 - reads as a sentence: expected(is_open)
    """DONE or REFUSED."""
    return Expected.DONE if must else Expected.REFUSED


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A sale under way."""

    basket: Basket = field(default_factory=Basket)
    payments: tuple[Payment, ...] = ()


NOTHING = Snapshot()


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known of the sale under way at a counter, whatever becomes of its process.

    `history` are the screens since all was last known to be saved; a restored sale is one of them. `waiting` are the
    parked sales by their orders; `discarding` is the order of the one that is being thrown away, if any. `wish`
    is what is to be booked beside the sale.
    """

    order: str
    now: Snapshot
    history: tuple[Snapshot, ...]
    is_cancelling: bool
    in_doubt_since: dt.date | None
    waiting: Mapping[str, Snapshot]
    discarding: str
    wish: Wish | None = None
