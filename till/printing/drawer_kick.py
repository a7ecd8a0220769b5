"""The one kick of the drawer that may be pending: it is given up rather than executed late."""

from __future__ import annotations

import threading
import time

from till.devices.model import DrawerReason


class DrawerKick:
    """Asked for by the shop, taken by the worker within `ttl_s`; a second wish while one is pending is the same kick."""

    def __init__(self, ttl_s: float) -> None:
        self._ttl_s = ttl_s
        self._lock = threading.Lock()
        self._wish: tuple[DrawerReason, float] | None = None

    @property
    def is_pending(self) -> bool:
        """True while a kick may still go out."""
        return 0 < self.left_s < float("inf")

    @property
    def left_s(self) -> float:
        """Seconds until the pending kick is too late; infinite without one, never negative."""
        with self._lock:
            return float("inf") if self._wish is None else max(0.0, self._wish[1] - time.monotonic())

    def ask(self, reason: DrawerReason) -> None:
        """Wish for a kick, now or within the time to live."""
        with self._lock:
            self._wish = (reason, time.monotonic() + self._ttl_s)

    def take(self) -> DrawerReason | None:
        """The reason of a kick that is still in time; it is the taker's now."""
        return self._take(is_late=False)

    def take_expired(self) -> DrawerReason | None:
        """The reason of a kick that came too late, for telling the user."""
        return self._take(is_late=True)

    def _take(self, *, is_late: bool) -> DrawerReason | None:
        with self._lock:
            if self._wish is None or (time.monotonic() >= self._wish[1]) is not is_late:
                return None
            reason, self._wish = self._wish[0], None
            return reason
