"""Runs of voucher numbers for whoever prints gift cards: nothing of them is booked or remembered (V51)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from till.errors import Refused
from till.i18n import msg
from till.vouchers.numbers import MAX_LENGTH

MOST = 10_000_000
_DIGITS = frozenset("0123456789")
_NO_START = msg("Type the first number. It has digits only.")
_TOO_LONG = msg("“{number}” would be too long. A voucher number has at most {most} characters.")
_WRONG_COUNT = msg("How many numbers shall it be? From 1 to {most} at a time.")


def kept_digits(typed: str) -> str:
    """What remains of a typed start number: its digits 0 to 9, leading zeros too; every other character is dropped."""
    return "".join(letter for letter in typed if letter in _DIGITS)


@dataclass(frozen=True, slots=True)
class NumberRun:
    """`count` numbers from `start` on; leading zeros live, and the width is kept for as long as it holds them.

    Refused in words without digits, for a count below 1 or above MOST, and where the last number would be too long.
    """

    start: str
    count: int

    def __post_init__(self) -> None:
        if not self.start or not _DIGITS.issuperset(self.start):
            raise Refused(_NO_START)
        if not 1 <= self.count <= MOST:
            raise Refused(_WRONG_COUNT, most=MOST)
        if len(self.start) > MAX_LENGTH or len(self.last) > MAX_LENGTH:
            raise Refused(_TOO_LONG, number=self.start[:MAX_LENGTH] + "…", most=MAX_LENGTH)

    @property
    def last(self) -> str:
        """The last number."""
        return self._number(int(self.start) + self.count - 1)

    def __iter__(self) -> Iterator[str]:
        begin = int(self.start)
        return map(self._number, range(begin, begin + self.count))

    def _number(self, value: int) -> str:
        return f"{value:0{len(self.start)}d}"
