"""A till listens nowhere; only the demo's printer does, and only on this PC (80-quality X4)."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from till.app.bootstrap import Till
from till.devices.simulated.printer import SimulatedPrinter

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc/net")
LISTENING, LOCALHOST = "0A", "0100007F"


def test_a_running_till_opens_no_listener(make_till: Callable[..., Till]) -> None:
    before = _listeners()
    till = make_till()
    till.begin_upkeep()
    till.sale.scan("4006381333931")
    till.sale.pay_cash(till.sale.state.settlement.open)
    till.sale.complete()
    assert till.settle()
    assert _listeners() == before


def test_a_till_with_a_printer_calls_it_and_is_not_called(make_till: Callable[..., Till]) -> None:
    with SimulatedPrinter() as printer:
        before = _listeners()
        till = make_till(printer=printer.uri)
        till.cash.open_drawer()
        assert till.settle()
        assert _listeners() == before


def test_the_simulated_printer_is_reached_from_this_pc_alone() -> None:
    before = _listeners()
    with SimulatedPrinter() as printer:
        (mine,) = _listeners() - before
        assert mine == ("tcp", LOCALHOST, printer.port)


def _listeners() -> set[tuple[str, str, int]]:
    """Protocol, address (hexadecimal, as the kernel writes it) and port of each socket where this process waits."""
    own = _own_sockets()
    found = set()
    for protocol in ("tcp", "tcp6", "udp", "udp6"):
        table = Path(f"/proc/net/{protocol}")
        lines = table.read_text(encoding="ascii").splitlines()[1:] if table.exists() else []
        for line in lines:
            columns = line.split()
            address, port = columns[1].split(":")
            if columns[9] in own and (protocol.startswith("udp") or columns[3] == LISTENING):
                found.add((protocol, address, int(port, 16)))
    return found


def _own_sockets() -> set[str]:
    """The inodes of the sockets that this process holds open."""
    links = set()
    for handle in Path("/proc/self/fd").iterdir():
        try:
            links.add(str(handle.readlink()))
        except FileNotFoundError:  # closed meanwhile: the handle of the listing itself
            continue
    return {found[1] for link in links if (found := re.fullmatch(r"socket:\[(\d+)\]", link))}
