"""Who watches a long work of the office: told how far it is, and asked whether it shall go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from till.errors import Refused
from till.i18n import msg

CANCELLED = msg("It was cancelled. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Watch:
    """Who watches a long work: `progress` is told the rows so far, `is_cancelled` asked between portions.

    Both are called on the thread that works.
    """

    progress: Callable[[int], None] = lambda _rows: None
    is_cancelled: Callable[[], bool] = lambda: False

    def told(self, rows: int) -> None:
        """Raises Refused when the work is to end here."""
        if self.is_cancelled():
            raise Refused(CANCELLED)
        self.progress(rows)
