"""A journal entry as a value; one that doesn't balance can't even be constructed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from till.ledger.account import MEMO_PAIRS, Account
from till.money import Money, total

MIN_LEGS = 2


@dataclass(frozen=True, slots=True)
class Posting:
    """One leg: debit +, credit -. `subject` says whose balance it is (see Account)."""

    account: Account
    amount: Money
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A balanced entry. Raises ValueError for fewer than two legs, a zero leg, a sum other than 0, or an open memo pair.

    `document_id` is the Vorgang it belongs to (None for an opening balance); `reverses` names the entry
    that this one takes back; the database allows each to be reversed once.
    """

    id: uuid.UUID
    reason: str
    document_id: uuid.UUID | None
    booked_at: dt.datetime
    business_date: dt.date
    till_id: str
    shift_id: uuid.UUID | None
    user_id: str
    postings: tuple[Posting, ...]
    reverses: uuid.UUID | None = None

    def __post_init__(self) -> None:
        check_balanced(self.postings)


def check_balanced(postings: Iterable[Posting]) -> None:
    """Raise ValueError unless these legs make an entry."""
    legs = tuple(postings)
    if len(legs) < MIN_LEGS:
        raise ValueError("an entry needs two postings")
    if any(not leg.amount for leg in legs):
        raise ValueError("zero posting")
    if total(leg.amount for leg in legs):
        raise ValueError("entry is not balanced")
    for pair in MEMO_PAIRS:
        if total(leg.amount for leg in legs if leg.account in pair):
            raise ValueError(f"memo accounts {pair[0]} do not balance by themselves")


def merged(postings: Iterable[Posting]) -> tuple[Posting, ...]:
    """One leg per account and subject, in first-seen order, zero legs left out."""
    sums: dict[tuple[Account, str], Money] = {}
    for leg in postings:
        key = (leg.account, leg.subject)
        sums[key] = sums.get(key, Money()) + leg.amount
    return tuple(Posting(account, amount, subject) for (account, subject), amount in sums.items() if amount)
