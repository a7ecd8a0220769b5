"""A receipt as the model keeps it: what was sold and who paid, and what of it came back; plain integers."""

from __future__ import annotations

import datetime as dt
from collections import Counter as Tally
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from till.simulation.shopping import Good, Kind, half_up
from till.simulation.taxes import rate
from till.simulation.voucher import VoucherKey


class Part(StrEnum):
    """What of a voucher paid: its paid part, its bonus, or what of the paid part was handed out in cash."""

    PAID = "paid"
    BONUS = "bonus"
    SURPLUS = "surplus"


@dataclass(slots=True)
class SoldLine:
    """A line of a receipt by its position there: its price, what came off it, and the thousandths that came back.

    `off` stands on the next position where it is not 0; of a voucher, which is `voucher`, it is in the price already.
    """

    position: int
    good: Good
    thousandths: int
    gross: int
    off: int = 0
    voucher: VoucherKey | None = None
    came: int = 0

    @property
    def left(self) -> int:
        """The thousandths that can still come back."""
        return self.thousandths - self.came

    @property
    def cost(self) -> int:
        """What was paid for all of it."""
        return self.gross - self.off

    def parts(self, thousandths: int) -> tuple[int, int]:
        """What of price and discount comes back with so much now: all parts of a line sum to the whole."""
        return self._part(self.gross, thousandths), self._part(self.off, thousandths)

    def may_come(self, thousandths: int) -> bool:
        """Whether so much can come back: not more than is left, and no half pieces."""
        is_by_piece = self.thousandths % 1000 == 0
        return 0 <= thousandths <= self.left and not (is_by_piece and thousandths % 1000)

    def _part(self, cents: int, thousandths: int) -> int:
        before, after = (half_up(cents * until, self.thousandths) for until in (self.came, self.came + thousandths))
        return after - before


@dataclass(slots=True)
class Source:
    """What a voucher gave to a receipt by one of its lines there, under a VAT key, and how much of it came back."""

    position: int
    voucher: VoucherKey
    part: Part
    vat_key: int
    cents: int
    came: int = 0
    is_single: bool = False

    @property
    def left(self) -> int:
        """What has not come back."""
        return self.cents - self.came


@dataclass(slots=True)
class Receipt:
    """A completed sale. `money` is what each tender took; `has_surplus`: a voucher paid more than was due.

    `came` is the gross that came back by VAT key, `money_came` what of it no voucher had paid, `times` in how many documents.
    """

    till: str
    number: int
    day: dt.date
    lines: tuple[SoldLine, ...]
    sources: tuple[Source, ...]
    money: Mapping[str, int]
    has_surplus: bool = False
    came: Tally[int] = field(default_factory=Tally)
    money_came: int = 0
    times: int = 0

    @property
    def is_anything_left(self) -> bool:
        """Whether some of it can still come back."""
        return any(line.left for line in self.lines)

    @property
    def money_whole(self) -> int:
        """What no voucher had paid."""
        return sum(line.cost for line in self.lines) - sum(source.cents for source in self.sources)

    def line_at(self, position: int) -> SoldLine | None:
        """What was sold at a position."""
        return next((line for line in self.lines if line.position == position), None)

    def rate_of(self, vat_key: int) -> int:
        """The rate that it was sold with."""
        return rate(vat_key, self.day)

    def with_deposits(self, wanted: Mapping[int, int]) -> dict[int, int]:
        """What comes back with that: the deposit right below goods of which there were as many, unless it is named."""
        found = dict(wanted)
        for above, line in self._neighbours():
            is_deposit = line.good.kind is Kind.DEPOSIT and above.good.kind is Kind.ARTICLE
            is_tied = is_deposit and above.thousandths == line.thousandths
            if is_tied and line.position not in wanted and above.position in wanted:
                found[line.position] = min(wanted[above.position], line.left)
        return {position: thousandths for position, thousandths in found.items() if thousandths}

    def _neighbours(self) -> Iterator[tuple[SoldLine, SoldLine]]:
        yield from zip(self.lines, self.lines[1:], strict=False)
