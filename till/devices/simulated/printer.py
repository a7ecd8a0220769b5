"""A receipt printer that exists only as a TCP server on 127.0.0.1, with the faults and bad manners of real ones.

As on Epson's printers, real-time commands (DLE …) are answered at once, everything else is executed in
order and is held, not lost, while the printer can't print; so GS r is answered when all before it is done.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from till.devices.model import PrinterProfile
from till.devices.profiles import DEFAULT_PROFILE
from till.devices.simulated.connection import Connection, Misbehaviour
from till.devices.simulated.marks import CutKind
from till.devices.simulated.paper import Receipt
from till.devices.simulated.print_head import PrintHead


class Fault(StrEnum):
    """What can be wrong with the printer itself; all but the first keep it from printing."""

    PAPER_NEAR_END = "paper_near_end"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    OFFLINE = "offline"
    CUTTER_JAM = "cutter_jam"


@dataclass(frozen=True, slots=True)
class Kick:
    """A pulse to the drawer: connector pin, milliseconds, and whether it was a real-time one."""

    pin: int
    on_ms: int
    realtime: bool


@dataclass(frozen=True, slots=True)
class FaultChanged:
    """Somebody put paper in or opened the cover."""

    fault: Fault
    on: bool


@dataclass(frozen=True, slots=True)
class Connected:
    """A till has opened a connection."""


@dataclass(frozen=True, slots=True)
class DrawerClosed:
    """Somebody pushed the drawer shut."""


PrinterEvent = Receipt | Kick | FaultChanged | Connected | DrawerClosed
_BLOCKING = frozenset(Fault) - {Fault.PAPER_NEAR_END}
_LINE_CLOSED = b""


class SimulatedPrinter:
    """A printer to be looked at and played with; use it as a context manager or switch it on and off.

    `receipts`, `kicks` and `unknown` (commands that it can't draw) grow while it works. Listeners are
    called from the printer's threads. A receipt ends with a cut, with the next ESC @ or when the line is closed.
    """

    def __init__(self, profile: PrinterProfile = DEFAULT_PROFILE, port: int = 0) -> None:
        self.profile = profile
        self.port = port
        self.receipts: list[Receipt] = []
        self.kicks: list[Kick] = []
        self.drawer_open = False
        self._head = PrintHead(profile)
        self._faults: frozenset[Fault] = frozenset()
        self._misbehaviour = Misbehaviour()
        self._buffer: deque[tuple[Connection, bytes]] = deque()
        self._connections: list[Connection] = []
        self._server: socket.socket | None = None
        self._changed = threading.Condition()
        self._events: list[PrinterEvent] = []
        self._listeners: list[Callable[[PrinterEvent], None]] = []

    def __enter__(self) -> Self:
        self.power_on()
        return self

    def __exit__(self, *_: object) -> None:
        self.power_off()

    @property
    def uri(self) -> str:
        """Its address for the settings."""
        return f"tcp://127.0.0.1:{self.port}"

    @property
    def faults(self) -> frozenset[Fault]:
        """What is wrong with it now."""
        return self._faults

    @property
    def misbehaviour(self) -> Misbehaviour:
        """Its manners now."""
        return self._misbehaviour

    @property
    def unknown(self) -> list[bytes]:
        """Commands that it could not draw."""
        return self._head.unknown

    def listen(self, callback: Callable[[PrinterEvent], None]) -> None:
        """Tell `callback` of each receipt, kick, fault, connection and closed drawer."""
        self._listeners.append(callback)

    def power_on(self) -> None:
        """Listen on the port; the same one again after `power_off`."""
        self._server = socket.create_server(("127.0.0.1", self.port))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._server,), name=f"simulated-{self.port}", daemon=True).start()

    def power_off(self) -> None:
        """Lose all connections and everything that was not yet printed; a half-printed receipt hangs out of it."""
        server, self._server = self._server, None
        if server is not None:
            with contextlib.suppress(OSError):  # wakes the accept; macOS refuses it
                server.shutdown(socket.SHUT_RDWR)
            server.close()
        with self._changing():
            self._buffer.clear()
            self._finish(CutKind.NONE)
            self._head.reset()
            connections, self._connections = self._connections, []
        for connection in connections:
            connection.break_off()

    def set_fault(self, name: Fault | str, on: bool = True) -> None:  # noqa: FBT001, FBT002 - set_fault("paper_out", False) reads well
        """Let a fault begin or end; held commands are executed when the last one that blocks has ended."""
        fault = Fault(name)
        with self._changing():
            self._faults = self._faults | {fault} if on else self._faults - {fault}
            self._events.append(FaultChanged(fault, on))
            for connection in self._connections:
                if connection.wants_push:
                    connection.answer(self._pushed_status())
            self._work()

    def misbehave(self, misbehaviour: Misbehaviour) -> None:
        """Take on other manners, for connections that are open too."""
        self._misbehaviour = misbehaviour

    def close_drawer(self) -> None:
        """Push the drawer shut."""
        with self._changing():
            self.drawer_open = False
            self._events.append(DrawerClosed())

    def push(self, noise: bytes) -> None:
        """Send bytes that nobody asked for over every open connection."""
        with self._changing():
            for connection in self._connections:
                connection.answer(noise)

    def wait_for_receipts(self, count: int, timeout_s: float = 5.0) -> list[Receipt]:
        """All receipts as soon as there are `count`; TimeoutError when they don't come."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.receipts) >= count, timeout_s):
                message = f"{len(self.receipts)} of {count} receipts came"
                raise TimeoutError(message)
            return list(self.receipts)

    def wait_for_kicks(self, count: int, timeout_s: float = 5.0) -> list[Kick]:
        """All kicks as soon as there are `count`; TimeoutError when they don't come."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.kicks) >= count, timeout_s):
                message = f"{len(self.kicks)} of {count} kicks came"
                raise TimeoutError(message)
            return list(self.kicks)

    @contextlib.contextmanager
    def _changing(self) -> Iterator[None]:
        """Change the printer; waiters and listeners hear of it when the lock is free again."""
        with self._changed:
            yield
            self._changed.notify_all()
            events, self._events = self._events, []
        for event in events:
            for callback in self._listeners:
                callback(event)

    def _accept(self, server: socket.socket) -> None:
        while True:
            try:
                line, _ = server.accept()
            except OSError:
                return
            connection = Connection(line, lambda: self._misbehaviour)
            with self._changing():
                self._connections.append(connection)
                self._events.append(Connected())
            threading.Thread(target=self._serve, args=(connection,), name="simulated-line", daemon=True).start()

    def _serve(self, connection: Connection) -> None:
        for command in connection.commands():
            with self._changing():
                if command[0] == 0x10:  # noqa: PLR2004 - DLE
                    self._execute_realtime(connection, command)
                else:
                    self._buffer.append((connection, command))
                    self._work()
        with self._changing():
            if connection in self._connections:
                self._connections.remove(connection)
                self._buffer.append((connection, _LINE_CLOSED))
                self._work()

    def _work(self) -> None:
        while self._buffer and not self._faults & _BLOCKING:
            connection, command = self._buffer.popleft()
            self._execute(connection, command)

    def _execute_realtime(self, connection: Connection, command: bytes) -> None:
        if command[1:2] == b"\x04":
            answer = self._realtime_status(command[2])
            if answer is not None:
                connection.answer(bytes((answer,)))
        elif command[1:3] == b"\x14\x01":
            self._kick(Kick(5 if command[3] else 2, command[4] * 100, realtime=True))

    def _execute(self, connection: Connection, command: bytes) -> None:
        name = command[:2]
        if command == _LINE_CLOSED:
            self._finish(CutKind.NONE)
        elif name == b"\x1b@":
            self._finish(CutKind.NONE)
            self._head.reset()
            self._head.raw += command
        elif name in {b"\x1dV", b"\x1bi", b"\x1bm"}:
            self._cut(command)
        elif name == b"\x1bp":
            self._kick(Kick(5 if command[2] in {1, 49} else 2, command[3] * 2, realtime=False))
        elif name == b"\x1dr":
            connection.answer(self._sensor(command[2]))
        elif command == b"\x1dIC":
            connection.answer(b"_" + self.profile.name.encode() + b"\0")
        elif name == b"\x1da":
            connection.wants_push = bool(command[2])
        else:
            self._head.execute(command)

    def _cut(self, command: bytes) -> None:
        self._head.raw += command
        is_partial = command[:2] == b"\x1bm" or (command[:2] == b"\x1dV" and command[2] in {1, 49, 66, 98, 104})
        self._finish(CutKind.PARTIAL if is_partial else CutKind.FULL)

    def _finish(self, cut: CutKind) -> None:
        has_printed = self._head.has_printed
        marks, raw = self._head.tear_off()
        if has_printed:
            receipt = Receipt(marks, raw, cut, self.profile.dots)
            self.receipts.append(receipt)
            self._events.append(receipt)

    def _kick(self, kick: Kick) -> None:
        self.kicks.append(kick)
        self.drawer_open = True
        self._events.append(kick)

    def _realtime_status(self, question: int) -> int | None:
        """The answer to DLE EOT n."""
        faults = self._faults
        paper_out, jammed = Fault.PAPER_OUT in faults, Fault.CUTTER_JAM in faults
        facts = {
            1: 0x04 * self.drawer_open | 0x08 * bool(faults & _BLOCKING),
            2: 0x04 * (Fault.COVER_OPEN in faults) | 0x20 * paper_out | 0x40 * jammed,
            3: 0x08 * jammed,
            4: 0x0C * (paper_out or Fault.PAPER_NEAR_END in faults) | 0x60 * paper_out,
        }.get(question)
        return None if facts is None else 0x12 | facts

    def _sensor(self, which: int) -> bytes:
        """The answer to GS r n."""
        if which in {1, 49}:
            return bytes((0x03 * bool(self._faults & {Fault.PAPER_NEAR_END, Fault.PAPER_OUT}),))
        return bytes((int(self.drawer_open),))

    def _pushed_status(self) -> bytes:
        """The four bytes that GS a makes the printer send at each change."""
        faults = self._faults
        first = 0x10 | 0x04 * self.drawer_open | 0x08 * bool(faults & _BLOCKING) | 0x20 * (Fault.COVER_OPEN in faults)
        paper_out = Fault.PAPER_OUT in faults
        paper = 0x03 * (paper_out or Fault.PAPER_NEAR_END in faults) | 0x0C * paper_out
        return bytes((first, 0x08 * (Fault.CUTTER_JAM in faults), paper, 0))
