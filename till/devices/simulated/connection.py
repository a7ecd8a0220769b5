"""One connection to the simulated printer: reads commands and sends answers, as late or badly as it is told."""

from __future__ import annotations

import contextlib
import socket
import struct
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from till.devices.simulated.escpos_reader import EscposReader

_TICK_S = 0.01
_PIECE_BYTES = 16_384
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class Misbehaviour:
    """Bad manners of a printer or its network, all at once if wanted; the default is a good one.

    `mute`: prints but never answers. `stalled`: takes the connection and reads nothing.
    `drop_after`: hangs up after so many bytes of a connection. `late_s`: each answer comes so much later.
    `slow_s`: a pause before each piece that it reads.
    """

    mute: bool = False
    stalled: bool = False
    drop_after: int | None = None
    late_s: float = 0.0
    slow_s: float = 0.0


class Connection:
    """The printer's end of the line; `wants_push` is set by the till with GS a."""

    def __init__(self, line: socket.socket, manners: Callable[[], Misbehaviour]) -> None:
        line.settimeout(_TICK_S)
        self.wants_push = False
        self._line = line
        self._manners = manners
        self._outbox: deque[tuple[float, bytes]] = deque()
        self._received = 0
        self._is_open = True

    def answer(self, answer: bytes) -> None:
        """Send something to the till, from any thread; a mute printer doesn't."""
        if not self._manners().mute:
            self._outbox.append((time.monotonic() + self._manners().late_s, answer))

    def commands(self) -> Iterator[bytes]:
        """The commands that arrive, until the line is closed by either side."""
        reader = EscposReader()
        with self._line:
            while self._is_open:
                for command in reader.feed(self._receive()):
                    yield command
                    self._send_due_answers()
                self._send_due_answers()

    def break_off(self) -> None:
        """Hang up in the middle of everything."""
        self._is_open = False
        with contextlib.suppress(OSError):
            self._line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            self._line.shutdown(socket.SHUT_RDWR)

    def _receive(self) -> bytes:
        manners = self._manners()
        if manners.stalled:
            time.sleep(_TICK_S)
            return b""
        left = _PIECE_BYTES if manners.drop_after is None else manners.drop_after - self._received
        if left <= 0:
            self.break_off()
            return b""
        try:
            received = self._line.recv(min(left, _PIECE_BYTES))
        except TimeoutError:
            return b""
        except OSError:
            received = b""
        self._is_open = self._is_open and bool(received)
        self._received += len(received)
        time.sleep(manners.slow_s)
        return received

    def _send_due_answers(self) -> None:
        while self._outbox and self._outbox[0][0] <= time.monotonic():
            _, answer = self._outbox.popleft()
            with contextlib.suppress(OSError):  # the till has hung up: nobody hears the answer
                self._line.sendall(answer)
