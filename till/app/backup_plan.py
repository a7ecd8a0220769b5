"""Which backups are kept: the newest of each of 7 days, 5 weeks and 12 months, and of every year (80-quality Q5)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Hashable, Iterable

DAYS, WEEKS, MONTHS = 7, 5, 12
_FORM = "till-%Y%m%d-%H%M%S.db"
_NAME = re.compile(r"till-[0-9]{8}-[0-9]{6}\.db")


def name_of(made_at: dt.datetime) -> str:
    """The file name of a backup, by the UTC time at which it was begun."""
    return made_at.astimezone(dt.UTC).strftime(_FORM)


def made_at(name: str) -> dt.datetime | None:
    """When the backup with this file name was begun; None for a file that is no dated backup."""
    if not _NAME.fullmatch(name):
        return None
    try:
        return dt.datetime.strptime(name, _FORM).replace(tzinfo=dt.UTC)
    except ValueError:
        return None


def newest(names: Iterable[str]) -> dt.datetime | None:
    """When the newest of the backups among these files was begun; None when there is none."""
    return max(_dated(names), default=None)


def superfluous(names: Iterable[str]) -> list[str]:
    """The backups among these files that the plan lets go, oldest first: never the newest, never a foreign file.

    Counted are days, weeks and months that have a backup, so that a closed shop loses none.
    """
    dated = _dated(names)
    kept = {max(dated)} if dated else set()
    for period, most in _PERIODS:
        newest_of = {period(moment): moment for moment in sorted(dated)}
        kept |= set(sorted(newest_of.values(), reverse=True)[:most])
    return [dated[moment] for moment in sorted(dated) if moment not in kept]


def _dated(names: Iterable[str]) -> dict[dt.datetime, str]:
    return {moment: name for name in names if (moment := made_at(name)) is not None}


_Period = Callable[[dt.datetime], Hashable]
_PERIODS: tuple[tuple[_Period, int | None], ...] = (
    (lambda moment: moment.date(), DAYS),
    (lambda moment: moment.isocalendar()[:2], WEEKS),
    (lambda moment: (moment.year, moment.month), MONTHS),
    (lambda moment: moment.year, None),
)
