"""Printers are found by who listens, without a byte being sent; the chosen one is asked for its name."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from till.devices.discovery import model_of, neighbours, printers_at, profile_named
from till.devices.profiles import printer_profile
from till.devices.simulated.connection import Misbehaviour
from till.devices.simulated.printer import SimulatedPrinter
from till.devices.transports.null import NullTransport
from till.devices.transports.tcp import TcpTransport


@pytest.fixture
def printer() -> Iterator[SimulatedPrinter]:
    with SimulatedPrinter(printer_profile("TM-m30")) as on:
        yield on


def always(_done: int, _all: int) -> bool:
    return True


def test_who_listens_on_the_port_is_found_and_nobody_else(printer: SimulatedPrinter) -> None:
    assert printers_at(["127.0.0.2", "127.0.0.1", "127.0.0.3"], always, printer.port) == [printer.uri]


def test_nothing_is_sent_to_whom_is_found() -> None:
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def listen() -> None:
            line, _ = server.accept()
            with line:
                heard.append(line.recv(100))

        ear = threading.Thread(target=listen)
        ear.start()
        assert len(printers_at(["127.0.0.1"], always, port)) == 1
        ear.join(5)
    assert heard == [b""], "a laser printer would print it"


def test_the_search_tells_how_far_it_is_and_can_be_ended(printer: SimulatedPrinter) -> None:
    told: list[tuple[int, int]] = []

    def go_on(done: int, whole: int) -> bool:
        told.append((done, whole))
        return done == 0

    hosts = [f"127.0.1.{number}" for number in range(1, 65)] + ["127.0.0.1"]
    assert printers_at(hosts, go_on, printer.port) == []
    assert told == [(0, 65), (64, 65)]
    assert printers_at(hosts, always, printer.port) == [printer.uri]


def test_the_neighbours_are_a_small_private_network_without_this_pc() -> None:
    found = neighbours()
    assert len(found) in {0, 253}
    assert len({host.rpartition(".")[0] for host in found}) <= 1


def test_a_printer_tells_its_model(printer: SimulatedPrinter) -> None:
    line = TcpTransport("127.0.0.1", printer.port)
    line.open()
    try:
        assert model_of(line) == "TM-m30"
    finally:
        line.close()


def test_a_printer_that_says_nothing_has_no_name_and_is_not_asked_for_it(printer: SimulatedPrinter) -> None:
    printer.misbehave(Misbehaviour(mute=True))
    line = TcpTransport("127.0.0.1", printer.port)
    line.open()
    try:
        assert not model_of(line)
    finally:
        line.close()
    assert not model_of(NullTransport())
    assert not printer.unknown


@pytest.mark.parametrize(
    ("said", "profile"),
    [
        ("TM-T20III", "TM-T20III"),
        ("TM-T20II", "TM-T20II"),
        ("EPSON TM-m30III", "TM-m30"),
        ("LaserJet", None),
        ("", None),
    ],
)
def test_a_profile_is_proposed_by_the_longest_name_that_fits(said: str, profile: str | None) -> None:
    found = profile_named(said)
    assert (found.name if found else None) == profile
