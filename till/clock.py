"""The only place that reads the time; tests and the demo put another clock here."""

from __future__ import annotations

import datetime as dt
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Tells the time in UTC."""

    def now(self) -> dt.datetime:
        """The present instant, timezone-aware, UTC, microseconds."""
        ...


class SystemClock:
    """The computer's clock."""

    def now(self) -> dt.datetime:
        """The present instant in UTC."""
        return dt.datetime.now(dt.UTC)


class FixedClock:
    """A clock that stands still until it is moved: for tests and for building the demo's history."""

    def __init__(self, instant: dt.datetime) -> None:
        self._instant = instant.astimezone(dt.UTC)

    def now(self) -> dt.datetime:
        """The instant it was last set to."""
        return self._instant

    def set(self, instant: dt.datetime) -> None:
        """Move to `instant` (aware), forwards or backwards."""
        self._instant = instant.astimezone(dt.UTC)

    def advance(self, seconds: float) -> None:
        """Move by `seconds`; negative jumps back."""
        self._instant += dt.timedelta(seconds=seconds)


def local(instant: dt.datetime, zone: str) -> dt.datetime:
    """`instant` as the wall clock in `zone` (an IANA name such as Europe/Berlin) shows it."""
    return instant.astimezone(ZoneInfo(zone))
