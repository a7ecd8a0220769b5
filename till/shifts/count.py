"""Counting the drawer by coin and note: what was there of each, and what that comes to (T11); pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from till.errors import Refused
from till.i18n import msg
from till.money import Money, total

DENOMINATIONS = tuple(
    Money(cents) for cents in (50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1)
)
"""Euro notes and coins, the largest first."""
MOST_PIECES = 99_999


@dataclass(frozen=True, slots=True)
class Pieces:
    """How many of one coin or note."""

    value: Money
    count: int

    @property
    def amount(self) -> Money:
        """What they come to."""
        return self.value * self.count


@dataclass(frozen=True, slots=True)
class CashCount:
    """A Zählprotokoll: the pieces that were there, the largest first; none of a kind is left out."""

    pieces: tuple[Pieces, ...]

    @property
    def total(self) -> Money:
        """What was counted."""
        return total(pieces.amount for pieces in self.pieces)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A count of the drawer beside what the books said at that moment."""

    expected: Money
    counted: Money

    @property
    def difference(self) -> Money:
        """Counted minus expected."""
        return self.counted - self.expected


@dataclass(frozen=True, slots=True)
class CountDraft:
    """A count that is still being made: pieces by coin and note, and beside them a sum as it was typed.

    `by_pieces` says which of both is meant; the other one is kept in case somebody comes back to it.
    """

    by_pieces: bool = True
    pieces: tuple[tuple[Money, int], ...] = ()
    typed: str = ""

    def __bool__(self) -> bool:
        return bool(self.pieces if self.by_pieces else self.typed)

    def number_of(self, value: Money) -> int | None:
        """How many of a coin or note; None where nobody has said."""
        return dict(self.pieces).get(value)

    def with_number(self, value: Money, number: int | None) -> CountDraft:
        """With so many of a coin or note; None takes back what was said."""
        others = tuple(pair for pair in self.pieces if pair[0] != value)
        return replace(self, pieces=others if number is None else (*others, (value, number)))

    def protocol(self) -> CashCount:
        """The pieces so far."""
        return counted_pieces(dict(self.pieces))


Counted = Money | CashCount
"""What a count says: its sum alone, or coin by coin."""


def amount_of(counted: Counted) -> Money:
    """The sum that was counted."""
    return counted.total if isinstance(counted, CashCount) else counted


def counted_pieces(counts: Mapping[Money, int]) -> CashCount:
    """The protocol of what was typed beside each coin and note. Refused for no such money, or a number out of reach."""
    for value, count in counts.items():
        if value not in DENOMINATIONS:
            raise Refused(msg("There is no coin or note of {value}."), value=value)
        if not 0 <= count <= MOST_PIECES:
            raise Refused(
                msg("{count} × {value} can’t be: type a number from 0 to {most}."),
                count=count,
                value=value,
                most=MOST_PIECES,
            )
    return CashCount(tuple(Pieces(value, counts[value]) for value in DENOMINATIONS if counts.get(value)))


def to_take_out(counted: Money, stays: Money) -> Money:
    """What of the counted cash leaves the drawer. Refused when more is to stay than was counted."""
    if stays > counted:
        raise Refused(
            msg("{stays} can’t stay in the drawer: only {counted} were counted."), stays=stays, counted=counted
        )
    return counted - stays


def stored_pieces(rows: Iterable[tuple[int, int]]) -> CashCount:
    """The protocol as the Z keeps it: cents and number of each."""
    return CashCount(tuple(Pieces(Money(cents), count) for cents, count in rows))
