"""What the shop owes for its vouchers on a day, as values (10-vouchers V46)."""

from __future__ import annotations

import calendar
import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import add

from till.money import ZERO, Money
from till.vouchers.model import VatTreatment

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Left:
    """What is left on `count` vouchers, in its two parts."""

    count: int = 0
    paid: Money = ZERO
    bonus: Money = ZERO

    def __add__(self, other: Left) -> Left:
        return Left(self.count + other.count, self.paid + other.paid, self.bonus + other.bonus)


NOTHING = Left()


@dataclass(frozen=True, slots=True)
class LiabilityRow:
    """What is left of one type's vouchers of one year of sale, or of what was brought in from before this till (V52).

    `expired` and `expiring` (within the months that the report looks ahead) are parts of `left`.
    """

    treatment: VatTreatment
    type_id: uuid.UUID
    type_name: str
    year: int
    is_old: bool
    left: Left
    expired: Left = NOTHING
    expiring: Left = NOTHING


@dataclass(frozen=True, slots=True)
class Month:
    """What a month did to the liability, `first` being its first day; `outstanding` is what was owed at its end.

    `sold` also has what was brought in; `redeemed` is all else: redemptions less what came back of them, corrections
    and cancelled sales. So `outstanding` is always that of the month before + sold - redeemed.
    """

    first: dt.date
    sold: Money
    redeemed: Money
    outstanding: Money


@dataclass(frozen=True, slots=True)
class LedgerSums:
    """The same three sums taken straight from the accounts, without a look at any voucher. What is owed is positive."""

    multi: Money = ZERO
    single: Money = ZERO
    bonus: Money = ZERO


@dataclass(frozen=True, slots=True)
class VoucherLiability:
    """The report as of the end of `day`, looking `months_ahead` for what expires.

    Only what was paid for multi-purpose vouchers is a liability; single-purpose ones are turnover already, and bonus
    parts are price reductions to come: both are told for the record.
    """

    day: dt.date
    months_ahead: int
    rows: tuple[LiabilityRow, ...]
    months: tuple[Month, ...]
    ledger: LedgerSums

    def of(self, treatment: VatTreatment) -> tuple[LiabilityRow, ...]:
        """The rows of one treatment, by type and year."""
        return tuple(row for row in self.rows if row.treatment is treatment)

    @property
    def multi(self) -> Left:
        """What is left on multi-purpose vouchers; its paid part is the liability."""
        return sum_of(row.left for row in self.of(VatTreatment.MULTI_PURPOSE))

    @property
    def single(self) -> Left:
        """What is left on single-purpose vouchers."""
        return sum_of(row.left for row in self.of(VatTreatment.SINGLE_PURPOSE))

    @property
    def expiring(self) -> Left:
        """What of all vouchers expires within the months ahead."""
        return sum_of(row.expiring for row in self.rows)

    @property
    def expired(self) -> Left:
        """What of all vouchers has expired."""
        return sum_of(row.expired for row in self.rows)

    @property
    def counted(self) -> LedgerSums:
        """The sums of the rows, to be compared with the ledger's."""
        return LedgerSums(self.multi.paid, self.single.paid, self.multi.bonus + self.single.bonus)

    @property
    def is_proved(self) -> bool:
        """Whether voucher by voucher and account by account come to the same cent, and the months do too."""
        at_the_end = self.months[-1].outstanding if self.months else ZERO
        return self.counted == self.ledger and at_the_end == self.ledger.multi


def sum_of(parts: Iterable[Left]) -> Left:
    """All of them together."""
    return reduce(add, parts, NOTHING)


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last one of a shorter month."""
    years, month = divmod(day.month - 1 + months, _MONTHS)
    year, month = day.year + years, month + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def month_by_month(changes: dict[dt.date, tuple[Money, Money]], last: dt.date) -> tuple[Month, ...]:
    """Every month from the first with a change (sold, redeemed; by its first day) to that of `last`, none left out."""
    found: list[Month] = []
    first, outstanding = min(changes, default=None), ZERO
    while first is not None and first <= last:
        sold, redeemed = changes.get(first, (ZERO, ZERO))
        outstanding += sold - redeemed
        found.append(Month(first, sold, redeemed, outstanding))
        first = months_after(first, 1)
    return tuple(found)
