"""Which number of a range comes next: those that are taken are skipped, many at a look (V50)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from till.vouchers.models import VoucherRow
from till.vouchers.numbers import matching, successor

_FIRST_LOOK, _LONGEST_LOOK = 1, 500
MOST_COUNTED = 10_000
"""How far it is looked for the next number that is taken."""


@dataclass(frozen=True, slots=True)
class NumberRange:
    """A type's numbers from `start` on.

    `first` is what the next sale really takes, `skipped` how many before it are taken. `free` numbers follow, `first`
    included, until `taken`; with `taken` empty there are that many at least.
    """

    start: str
    first: str
    skipped: int
    free: int
    taken: str = ""


def next_free(session: Session, type_id: uuid.UUID, start: str) -> str:
    """The first number from `start` on that this type has not used; a number is used for good, whatever became of it."""
    return next(number for number, is_taken in _numbers(session, type_id, start) if not is_taken)


def number_range(session: Session, type_id: uuid.UUID, start: str) -> NumberRange:
    """What comes from `start` on; looks MOST_COUNTED numbers ahead of the first free one."""
    numbers = _numbers(session, type_id, start)
    skipped, first = next((place, number) for place, (number, is_taken) in enumerate(numbers) if not is_taken)
    for free, (number, is_taken) in enumerate(islice(numbers, MOST_COUNTED), 1):
        if is_taken:
            return NumberRange(start, first, skipped, free, number)
    return NumberRange(start, first, skipped, MOST_COUNTED)


def _numbers(session: Session, type_id: uuid.UUID, start: str) -> Iterator[tuple[str, bool]]:
    """Each number from `start` on, and whether it is taken.

    It looks at ever more of them: mostly the first one is free, and where thousands are taken a question for each would
    take long.
    """
    number, length = start, _FIRST_LOOK
    while True:
        batch = [number]
        while len(batch) < length:
            batch.append(successor(batch[-1]))
        used = _used(session, type_id, batch)
        yield from ((one, matching(one) in used) for one in batch)
        number, length = successor(batch[-1]), min(length * 10, _LONGEST_LOOK)


def _used(session: Session, type_id: uuid.UUID, numbers: list[str]) -> set[str]:
    keys = [matching(number) for number in numbers]
    wanted = select(VoucherRow.number_key).where(VoucherRow.type_id == type_id, VoucherRow.number_key.in_(keys))
    return set(session.scalars(wanted))
