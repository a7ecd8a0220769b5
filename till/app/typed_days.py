"""Days as somebody types them into a search: gestern, 21.11., 1.11.-15.11., November, letzte Woche, 2026-11-21."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})?", re.ASCII)
_SHORT_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_MONTH = re.compile(r"(\d{1,2})[/.](\d{4})", re.ASCII)
_BETWEEN = re.compile(r"\s+(?:bis|to|-)\s+|\s*[–—]\s*|(?<=\.)-(?=\d)|(?<=\d{4})-(?=\d+\.)", re.ASCII)
_MOST_WORDS = 4
_CENTURY = 2000
_WEEK = 7
_DECEMBER = 12
_MONTHS = (
    ("januar", "january", "jan"),
    ("februar", "february", "feb"),
    ("märz", "march", "maerz"),
    ("april", "apr"),
    ("mai", "may"),
    ("juni", "june", "jun"),
    ("juli", "july", "jul"),
    ("august", "aug"),
    ("september", "sept", "sep"),
    ("oktober", "october", "okt", "oct"),
    ("november", "nov"),
    ("dezember", "december", "dez", "dec"),
)
_WEEKDAYS = (
    ("montag", "monday"),
    ("dienstag", "tuesday"),
    ("mittwoch", "wednesday"),
    ("donnerstag", "thursday"),
    ("freitag", "friday"),
    ("samstag", "saturday", "sonnabend"),
    ("sonntag", "sunday"),
)
_DAYS_AGO = {"heute": 0, "today": 0, "gestern": 1, "yesterday": 1, "vorgestern": 2}
_THIS_WEEK = ("diese woche", "this week")
_LAST_WEEK = ("letzte woche", "vorige woche", "last week")
_THIS_MONTH = ("dieser monat", "diesen monat", "this month")
_LAST_MONTH = ("letzter monat", "letzten monat", "voriger monat", "last month")


@dataclass(frozen=True, slots=True)
class Days:
    """From the first day to the last, both included."""

    first: dt.date
    last: dt.date

    @classmethod
    def back(cls, today: dt.date, count: int) -> Days:
        """The last `count` days, today included."""
        return cls(today - dt.timedelta(days=count - 1), today)


def days_at(words: Sequence[str], today: dt.date) -> tuple[Days, int] | None:
    """The days that the first of these words name, and how many words that took; as many as make sense. None for none."""
    for count in range(min(_MOST_WORDS, len(words)), 0, -1):
        found = days(" ".join(words[:count]), today)
        if found is not None:
            return found, count
    return None


def days(typed: str, today: dt.date) -> Days | None:
    """The days that a text names, or None. Without a year they are the latest that are not in the future."""
    text = typed.strip().casefold()
    for read in (_one_day, _month, _week):
        found = read(text, today)
        if found is not None:
            return found
    parts = _BETWEEN.split(text)
    first, last = (_one_day(parts[0], today), _one_day(parts[-1], today)) if len(parts) == 2 else (None, None)  # noqa: PLR2004 - from and to
    return _ordered(first.first, last.last) if first is not None and last is not None else None


def is_short_day(typed: str) -> bool:
    """Whether a text that names a day may as well be an amount: 21.11 without a point behind it."""
    return _SHORT_DAY.fullmatch(typed.strip()) is not None


def _ordered(first: dt.date, last: dt.date) -> Days:
    """1.12.-5.1. begins in the year before."""
    if first <= last:
        return Days(first, last)
    earlier = _date(first.year - 1, first.month, first.day)
    return Days(earlier, last) if earlier is not None else Days(last, first)


def _one_day(text: str, today: dt.date) -> Days | None:
    if text in _DAYS_AGO:
        day: dt.date | None = today - dt.timedelta(days=_DAYS_AGO[text])
    elif (back := _place(_WEEKDAYS, text)) is not None:
        day = today - dt.timedelta(days=(today.weekday() - back) % _WEEK or _WEEK)
    elif found := _ISO.fullmatch(text):
        day = _date(int(found[1]), int(found[2]), int(found[3]))
    elif found := _DAY.fullmatch(text) or _SLASHED.fullmatch(text) or _SHORT_DAY.fullmatch(text):
        year = found[3] if len(found.groups()) > 2 else None  # noqa: PLR2004 - day, month, year
        day = _latest(lambda y: _date(y, int(found[2]), int(found[1])), year, today)
    else:
        return None
    return Days(day, day) if day is not None else None


def _month(text: str, today: dt.date) -> Days | None:
    name, _, year = text.partition(" ")
    place = _place(_MONTHS, name)
    month = place + 1 if place is not None and (not year or year.isdecimal()) else 0
    if found := _MONTH.fullmatch(text):
        month, year = int(found[1]), found[2]
    elif text in _THIS_MONTH or text in _LAST_MONTH:
        return _months_back(today, int(text in _LAST_MONTH))
    first = _latest(lambda y: _date(y, month, 1), year or None, today) if month else None
    return _whole_month(first) if first is not None else None


def _week(text: str, today: dt.date) -> Days | None:
    if text not in _THIS_WEEK and text not in _LAST_WEEK:
        return None
    monday = today - dt.timedelta(days=today.weekday() + (_WEEK if text in _LAST_WEEK else 0))
    return Days(monday, monday + dt.timedelta(days=_WEEK - 1))


def _months_back(today: dt.date, count: int) -> Days:
    first = today.replace(day=1)
    return _whole_month((first - dt.timedelta(days=1)).replace(day=1) if count else first)


def _whole_month(first: dt.date) -> Days:
    following = dt.date(first.year + first.month // _DECEMBER, first.month % _DECEMBER + 1, 1)
    return Days(first, following - dt.timedelta(days=1))


def _latest(make: Callable[[int], dt.date | None], year: str | None, today: dt.date) -> dt.date | None:
    """The day in the year that is said, else in the last one in which it is not to come; 29.2. may be years ago."""
    if year:
        return make(int(year) + (_CENTURY if len(year) == 2 else 0))  # noqa: PLR2004 - two digits
    years = range(today.year, today.year - 9, -1)
    return next((day for day in map(make, years) if day is not None and day <= today), None)


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _place(names: Sequence[Sequence[str]], word: str) -> int | None:
    return next((place for place, spelled in enumerate(names) if word in spelled), None)
