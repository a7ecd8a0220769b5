"""Finds receipt printers in the shop's own network, and asks the chosen one what it is (70-devices 6.7)."""

from __future__ import annotations

import contextlib
import ipaddress
import selectors
import socket
import time
from collections.abc import Callable, Iterator, Sequence

from till.devices.drivers.escpos_answers import AnswerKind, answer_kind
from till.devices.endpoints import RAW_PORT
from till.devices.model import PrinterProfile
from till.devices.profiles import PROFILES
from till.devices.protocols import Transport

ANSWER_S = 0.6
_AT_ONCE = 64
_NOWHERE = ("192.0.2.1", 9)  # RFC 5737: nobody is there, and a datagram socket that is connected sends nothing
_NEIGHBOURS_BITS = 24
_STATUS, _MODEL = b"\x10\x04\x01", b"\x1dIC"
_BLOCK, _END = b"_", b"\x00"
_ASK_S = 1.0
_LONGEST_MODEL = 40

GoOn = Callable[[int, int], bool]


def neighbours() -> list[str]:
    """The addresses beside this PC's own, at most 253; none where it has no private IPv4 address."""
    own = _own_address()
    if own is None or not own.is_private or own.is_loopback:
        return []
    network = ipaddress.ip_network(f"{own}/{_NEIGHBOURS_BITS}", strict=False)
    return [str(host) for host in network.hosts() if host != own]


def printers_at(hosts: Sequence[str], go_on: GoOn, port: int = RAW_PORT) -> list[str]:
    """The addresses (`tcp://…`) of those who take a connection on a printer's port; nothing is ever sent to them.

    A laser printer listens there too, and would print what it was asked. `go_on` is told how many were tried of how
    many, and ends the search by False; what was found until then is returned.
    """
    found: list[str] = []
    for start in range(0, len(hosts), _AT_ONCE):
        if not go_on(start, len(hosts)):
            return found
        portion = hosts[start : start + _AT_ONCE]
        answering = set(_answering(portion, port))
        found += [f"tcp://{host}:{port}" for host in portion if host in answering]
    go_on(len(hosts), len(hosts))
    return found


def model_of(line: Transport) -> str:
    """What the printer on this open line calls itself (`GS I 67`); empty for one that says nothing, or is no ESC/POS one.

    Raises DeviceError when the line breaks.
    """
    if not line.can_read:
        return ""
    line.write(_STATUS)
    if not any(answer_kind(byte) is AnswerKind.REALTIME for byte in line.read(16, _ASK_S)):
        return ""
    line.write(_MODEL)
    return _block(line)


def profile_named(model: str) -> PrinterProfile | None:
    """The profile for what a printer calls itself: the one with the longest name that this begins with."""
    said = model.casefold().removeprefix("epson ")
    fitting = [profile for name, profile in PROFILES.items() if said.startswith(name.casefold())]
    return max(fitting, key=lambda profile: len(profile.name), default=None)


def _block(line: Transport) -> str:
    """The text between the header and the NUL of a block answer."""
    received, until = b"", time.monotonic() + _ASK_S
    while _END not in received and time.monotonic() < until and len(received) < 4 * _LONGEST_MODEL:
        received += line.read(64, _ASK_S)
    text = received.partition(_BLOCK)[2].partition(_END)[0].decode("ascii", "replace")
    return "".join(char for char in text if char.isprintable())[:_LONGEST_MODEL].strip()


def _answering(hosts: Sequence[str], port: int) -> Iterator[str]:
    with selectors.DefaultSelector() as waiting, contextlib.ExitStack() as lines:
        for host in hosts:
            line = lines.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
            line.setblocking(False)
            line.connect_ex((host, port))
            waiting.register(line, selectors.EVENT_WRITE, host)
        until = time.monotonic() + ANSWER_S
        while waiting.get_map() and (left := until - time.monotonic()) > 0:
            for key, _ in waiting.select(left):
                waiting.unregister(key.fileobj)
                if _is_connected(key.fileobj):
                    yield str(key.data)


def _is_connected(line: object) -> bool:
    return isinstance(line, socket.socket) and line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0


def _own_address() -> ipaddress.IPv4Address | None:
    """The address by which this PC would go out; None without a network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        try:
            line.connect(_NOWHERE)
        except OSError:
            return None
        return ipaddress.IPv4Address(line.getsockname()[0])
