"""The raw TCP line (port 9100) to network printers: in chunks, with time limits, and honest about what went out."""

from __future__ import annotations

import contextlib
import logging
import socket
import time
from dataclasses import dataclass

from till.errors import DeviceError

CHUNK_BYTES = 4096
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TcpLimits:
    """Time limits in seconds: for connecting, and for each chunk of a write."""

    connect_s: float = 3.0
    write_s: float = 5.0


class TcpTransport:
    """One connection at a time; most printers accept no second one (70-devices 2.6)."""

    can_read = True

    def __init__(self, host: str, port: int, limits: TcpLimits = TcpLimits()) -> None:
        self.address = (host, port)
        self._limits = limits
        self._socket: socket.socket | None = None

    def open(self) -> None:
        """Connect within the limit; DeviceError (retryable) when nobody answers."""
        self.close()
        try:
            self._socket = socket.create_connection(self.address, self._limits.connect_s)
        except OSError as error:
            message = f"connect {self.address}: {error}"
            raise DeviceError(message) from error
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def write(self, payload: bytes) -> None:
        """Send all of `payload`; DeviceError says how many bytes the system had taken over by then."""
        sent = 0
        line = self._line()
        try:
            while sent < len(payload):
                line.settimeout(self._limits.write_s)
                sent += line.send(payload[sent : sent + CHUNK_BYTES])
        except OSError as error:
            message = f"write after {sent} of {len(payload)} bytes: {error}"
            raise DeviceError(message, sent_any=sent > 0) from error

    def read(self, limit: int, timeout_s: float) -> bytes:
        """At most `limit` bytes, or none when `timeout_s` is over; DeviceError when the peer hung up."""
        line = self._line()
        line.settimeout(max(timeout_s, 0.001))
        try:
            answer = line.recv(limit)
        except TimeoutError:
            return b""
        except OSError as error:
            message = f"read: {error}"
            raise DeviceError(message) from error
        if not answer:
            message = "the device hung up"
            raise DeviceError(message)
        return answer

    def close(self) -> None:
        """Hang up so that what was sent still arrives."""
        line, self._socket = self._socket, None
        if line is None:
            return
        with contextlib.suppress(OSError), line:
            line.shutdown(socket.SHUT_WR)
            self._drop_answers(line)

    def _line(self) -> socket.socket:
        if self._socket is None:
            message = "the line is not open"
            raise DeviceError(message)
        return self._socket

    @staticmethod
    def _drop_answers(line: socket.socket) -> None:
        """Read what is left: closing a socket with unread bytes resets the line and may discard what was sent."""
        line.setblocking(False)
        until = time.monotonic() + 0.05
        while time.monotonic() < until and line.recv(CHUNK_BYTES):
            _log.debug("dropped late answers of %s", line.getpeername())
