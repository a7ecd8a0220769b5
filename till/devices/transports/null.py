"""The line to no device: it swallows every byte, for a till without a printer."""

from __future__ import annotations


class NullTransport:
    """Always there, never answers; a job over it ends as sent."""

    can_read = False

    def open(self) -> None:
        """Nothing to connect."""

    def write(self, payload: bytes) -> None:
        """Forget the bytes."""

    def read(self, limit: int, timeout_s: float) -> bytes:
        """Nothing ever comes."""
        del limit, timeout_s
        return b""

    def close(self) -> None:
        """Nothing to hang up."""
