"""When the demo shop is open and when its customers come."""

from __future__ import annotations

import datetime as dt
from random import Random
from zoneinfo import ZoneInfo

OPENED_BY = dt.time(8, 50)
_CLOSES = dt.time(18, 30)
_CLOSES_SATURDAY = dt.time(16)
_SATURDAY, _SUNDAY = 5, 6
_HOLIDAYS = {(1, 1), (5, 1), (10, 3), (12, 25), (12, 26)}
_CUSTOMERS = {0: (27, 35), 1: (26, 34), 2: (28, 36), 3: (30, 38), 4: (42, 52), _SATURDAY: (40, 50)}
_BUSY_HOURS = {9: 6, 10: 9, 11: 12, 12: 10, 13: 7, 14: 7, 15: 9, 16: 12, 17: 12, 18: 5}
_SERVED_IN = dt.timedelta(seconds=140)


def opening_days(today: dt.date, count: int) -> list[dt.date]:
    """The days on which the shop was open among the last `count` before `today`: no Sundays, no public holidays."""
    days = (today - dt.timedelta(days=back) for back in range(count, 0, -1))
    return [day for day in days if day.weekday() != _SUNDAY and (day.month, day.day) not in _HOLIDAYS]


def is_advent(day: dt.date) -> bool:
    """Whether Christmas is near, so that wreaths and many vouchers are sold."""
    return dt.date(day.year, 11, 20) <= day <= dt.date(day.year, 12, 24)


def closing_time(day: dt.date) -> dt.time:
    """When the door is shut: earlier on Saturdays."""
    return _CLOSES_SATURDAY if day.weekday() == _SATURDAY else _CLOSES


def instant(day: dt.date, time: dt.time, zone: str) -> dt.datetime:
    """A wall-clock time of the shop as an instant in UTC."""
    return dt.datetime.combine(day, time, ZoneInfo(zone)).astimezone(dt.UTC)


def arrivals(rng: Random, day: dt.date, zone: str) -> list[dt.datetime]:
    """When the day's customers come to the counter, in UTC and far enough apart to be served one by one.

    More of them on Fridays and Saturdays, before noon and after work.
    """
    count = rng.randint(*_CUSTOMERS[day.weekday()])
    came = sorted(_moment(rng, day, zone) for _ in range(count))
    for i in range(1, count):
        came[i] = max(came[i], came[i - 1] + _SERVED_IN)
    return came


def _moment(rng: Random, day: dt.date, zone: str) -> dt.datetime:
    closes = closing_time(day)
    hours = [hour for hour in _BUSY_HOURS if dt.time(hour) < closes]
    hour = rng.choices(hours, [_BUSY_HOURS[hour] for hour in hours])[0]
    last_minute = closes.minute if hour == closes.hour else 60
    minute, second = divmod(rng.randrange(last_minute * 60), 60)
    return instant(day, dt.time(hour, minute, second), zone)
