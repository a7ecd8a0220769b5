"""What cash movements put into the ledger: pure, the drawer on one side, the other place of the money on the other."""

from __future__ import annotations

from collections.abc import Iterable

from till.ledger.account import Account
from till.ledger.entry import Posting
from till.money import Money
from till.shifts.movement import MovementKind


def movement_postings(kind: MovementKind, into_drawer: Money, till_id: str) -> tuple[Posting, ...]:
    """The legs of a movement; `into_drawer` is negative for cash out."""
    return (Posting(Account.CASH, into_drawer, till_id), Posting(kind.account, -into_drawer, till_id))


def opposite(postings: Iterable[Posting]) -> tuple[Posting, ...]:
    """The legs that take these back."""
    return tuple(Posting(leg.account, -leg.amount, leg.subject) for leg in postings)
