"""Which backups are kept: the newest of each of 7 days, 5 weeks and 12 months, and of every year (80-quality Q5)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass

DAYS, WEEKS, MONTHS = 7, 5, 12
SEALED = ".age"
UNFINISHED = ".part"
_TIME = "%Y%m%d-%H%M%S"
_NAME = re.compile(
    r"till-(?:(?P<shop>[0-9a-f]{8})-)?(?P<time>[0-9]{8}-[0-9]{6})(?:-(?P<number>[2-9]|[1-9][0-9]{1,5}))?\.db(?:\.age)?"
)


@dataclass(frozen=True, slots=True, order=True)
class Dated:
    """What the file name of a backup tells; the order is that of their making.

    `number` tells those apart that were begun within one second, as after a clock was set back. `shop` is the mark
    of the books (`till.app.backup_proof.shop_of`), so that shops may share a folder; empty in names of old versions.
    """

    made_at: dt.datetime
    number: int
    name: str
    shop: str


def name_of(made_at: dt.datetime, shop: str = "", number: int = 1, *, is_sealed: bool = False) -> str:
    """The file name of a backup, by the UTC time at which it was begun; `is_sealed`: it is encrypted."""
    time = made_at.astimezone(dt.UTC).strftime(_TIME)
    parts = ("till", shop, time, str(number) if number > 1 else "")
    return "-".join(part for part in parts if part) + ".db" + (SEALED if is_sealed else "")


def dated(name: str) -> Dated | None:
    """What this file name tells; None for a file that is no dated backup."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    try:
        made_at = dt.datetime.strptime(found["time"], _TIME).replace(tzinfo=dt.UTC)
    except ValueError:
        return None
    return Dated(made_at, int(found["number"] or 1), name, found["shop"] or "")


def newest(names: Iterable[str]) -> dt.datetime | None:
    """When the newest of the backups among these files was begun; None when there is none."""
    return max((found.made_at for found in _all_dated(names)), default=None)


def superfluous(names: Iterable[str]) -> list[str]:
    """The backups among these files that the plan lets go, oldest first: never the newest, never a foreign file.

    Counted are days, weeks and months that have a backup, so that a closed shop loses none. All of them must be of
    one shop.
    """
    backups = _all_dated(names)
    kept = set(backups[-1:])
    for period, most in _PERIODS:
        newest_of = {period(backup.made_at): backup for backup in backups}
        kept |= set(sorted(newest_of.values(), reverse=True)[:most])
    return [backup.name for backup in backups if backup not in kept]


def _all_dated(names: Iterable[str]) -> list[Dated]:
    return sorted(found for name in names if (found := dated(name)) is not None)


_Period = Callable[[dt.datetime], Hashable]
_PERIODS: tuple[tuple[_Period, int | None], ...] = (
    (lambda moment: moment.date(), DAYS),
    (lambda moment: moment.isocalendar()[:2], WEEKS),
    (lambda moment: (moment.year, moment.month), MONTHS),
    (lambda moment: moment.year, None),
)
