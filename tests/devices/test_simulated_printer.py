"""The simulated printer behaves as a real one: order, holding, faults, drawer, and it survives any noise."""

from __future__ import annotations

import socket
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from till.devices.profiles import printer_profile
from till.devices.simulated.connection import Misbehaviour
from till.devices.simulated.marks import CutKind
from till.devices.simulated.printer import (
    Connected,
    DrawerClosed,
    Fault,
    FaultChanged,
    Kick,
    PrinterEvent,
    SimulatedPrinter,
)

JOB = b"\x1b@\x1bt\x13" + "Größe: 5 €\n".encode("cp858") + b"\x1dV\x00"


def _call(printer: SimulatedPrinter) -> socket.socket:
    return socket.create_connection(("127.0.0.1", printer.port), 2.0)


def test_the_address_fits_the_settings(paper_printer: SimulatedPrinter) -> None:
    assert paper_printer.uri == f"tcp://127.0.0.1:{paper_printer.port}"


@pytest.mark.parametrize(
    ("command", "cut"),
    [
        (b"\x1dV\x00", CutKind.FULL),
        (b"\x1dV\x01", CutKind.PARTIAL),
        (b"\x1dVA\x10", CutKind.FULL),
        (b"\x1dVB\x10", CutKind.PARTIAL),
        (b"\x1bi", CutKind.FULL),
        (b"\x1bm", CutKind.PARTIAL),
    ],
)
def test_a_cut_ends_a_receipt(paper_printer: SimulatedPrinter, command: bytes, cut: CutKind) -> None:
    with _call(paper_printer) as line:
        line.sendall(b"Bon 1\n" + command + b"Bon 2\n" + command)
        first, second = paper_printer.wait_for_receipts(2)
    assert (first.text, first.cut, second.text) == ("Bon 1\n", cut, "Bon 2\n")
    assert first.raw == b"Bon 1\n" + command


def test_without_a_cut_the_next_job_and_the_end_of_the_line_end_a_receipt(paper_printer: SimulatedPrinter) -> None:
    with _call(paper_printer) as line:
        line.sendall(b"\x1b@Bon 1\n\x1b@Bon 2\n")
    first, second = paper_printer.wait_for_receipts(2)
    assert (first.text, second.text) == ("Bon 1\n", "Bon 2\n")
    assert {first.cut, second.cut} == {CutKind.NONE}


def test_blank_paper_is_no_receipt(paper_printer: SimulatedPrinter) -> None:
    with _call(paper_printer) as line:
        line.sendall(b"\x1b@\n \n\x1dV\x00" + JOB)
    [receipt] = paper_printer.wait_for_receipts(1)
    assert "Größe" in receipt.text


def test_each_make_has_its_own_slot_for_a_codepage() -> None:
    with SimulatedPrinter(printer_profile("NT-5890K")) as printer:
        with _call(printer) as line:
            line.sendall(b"\x1b@\x1bt\x35\x84\xd5\n\x1bt\x63\x84\xd5\n")
        [receipt] = printer.wait_for_receipts(1)
    assert receipt.text == "ä€\n\ufffd\ufffd\n"
    assert receipt.dots == 384


def test_jobs_are_held_while_blocked_and_answers_are_a_barrier(paper_printer: SimulatedPrinter) -> None:
    paper_printer.set_fault(Fault.PAPER_OUT)
    with _call(paper_printer) as line:
        line.sendall(JOB + b"\x1dr\x01\x10\x04\x04")
        assert line.recv(10) == b"\x7e"
        line.settimeout(0.15)
        with pytest.raises(TimeoutError):
            line.recv(10)
        assert paper_printer.receipts == []
        paper_printer.set_fault(Fault.PAPER_OUT, False)
        line.settimeout(2.0)
        assert line.recv(10) == b"\x00"
    assert len(paper_printer.wait_for_receipts(1)) == 1


def test_a_held_job_survives_the_end_of_its_connection_but_not_a_power_cut(paper_printer: SimulatedPrinter) -> None:
    paper_printer.set_fault(Fault.COVER_OPEN)
    with _call(paper_printer) as line:
        line.sendall(JOB + b"\x10\x04\x01")
        assert line.recv(1) == b"\x1a"
    time.sleep(0.05)
    assert paper_printer.receipts == []
    paper_printer.set_fault(Fault.COVER_OPEN, False)
    paper_printer.wait_for_receipts(1)
    paper_printer.set_fault(Fault.COVER_OPEN)
    with _call(paper_printer) as line:
        line.sendall(JOB + b"\x10\x04\x01")
        line.recv(1)
        paper_printer.power_off()
    paper_printer.set_fault(Fault.COVER_OPEN, False)
    paper_printer.power_on()
    with _call(paper_printer) as line:
        line.sendall(b"\x1dr\x01")
        line.recv(1)
    assert len(paper_printer.receipts) == 1


def test_a_queued_kick_pops_the_drawer_after_the_refill(paper_printer: SimulatedPrinter) -> None:
    paper_printer.set_fault(Fault.PAPER_OUT)
    with _call(paper_printer) as line:
        line.sendall(b"\x1bp\x01\x19\xfa\x10\x14\x01\x00\x02")
        assert paper_printer.wait_for_kicks(1) == [Kick(2, 200, realtime=True)]
        paper_printer.set_fault(Fault.PAPER_OUT, False)
        assert paper_printer.wait_for_kicks(2)[1] == Kick(5, 50, realtime=False)


def test_the_drawer_shows_in_the_status_until_it_is_closed(paper_printer: SimulatedPrinter) -> None:
    with _call(paper_printer) as line:
        line.sendall(b"\x1bp\x00\x19\xfa\x1dr\x02")
        assert line.recv(1) == b"\x01"
        assert paper_printer.drawer_open
        paper_printer.close_drawer()
        line.sendall(b"\x1dr\x02")
        assert line.recv(1) == b"\x00"


def test_listeners_hear_of_everything(paper_printer: SimulatedPrinter) -> None:
    heard: list[PrinterEvent] = []
    paper_printer.listen(heard.append)
    with _call(paper_printer) as line:
        line.sendall(b"\x10\x14\x01\x00\x01" + JOB + b"\x1dr\x01")
        line.recv(1)
    paper_printer.close_drawer()
    paper_printer.set_fault("paper_out")
    [receipt] = paper_printer.receipts
    assert heard == [
        Connected(),
        Kick(2, 100, realtime=True),
        receipt,
        DrawerClosed(),
        FaultChanged(Fault.PAPER_OUT, on=True),
    ]


def test_pushed_status_comes_only_when_asked_for(paper_printer: SimulatedPrinter) -> None:
    with _call(paper_printer) as line:
        line.sendall(b"\x1da\xff\x1dr\x01")
        assert line.recv(10) == b"\x00"
        paper_printer.set_fault(Fault.PAPER_OUT)
        assert line.recv(10) == b"\x18\x00\x0f\x00"


def test_a_command_that_it_cannot_draw_is_kept(paper_printer: SimulatedPrinter) -> None:
    with _call(paper_printer) as line:
        line.sendall(b"\x1b@\x1bR\x02\x1d(k\x03\x001Q0Bon\n\x1dV\x00")
        paper_printer.wait_for_receipts(1)
    assert paper_printer.unknown == [b"\x1bR\x02", b"\x1d(k\x03\x001Q0"]


def test_a_mute_printer_prints_all_the_same(paper_printer: SimulatedPrinter) -> None:
    paper_printer.misbehave(Misbehaviour(mute=True))
    with _call(paper_printer) as line:
        line.sendall(b"\x10\x04\x01" + JOB)
        paper_printer.wait_for_receipts(1)
        line.settimeout(0.1)
        with pytest.raises(TimeoutError):
            line.recv(1)


def test_waiting_for_a_receipt_that_does_not_come_fails(paper_printer: SimulatedPrinter) -> None:
    with pytest.raises(TimeoutError, match="0 of 1"):
        paper_printer.wait_for_receipts(1, timeout_s=0.01)
    with pytest.raises(TimeoutError, match="0 of 1"):
        paper_printer.wait_for_kicks(1, timeout_s=0.01)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noise=st.binary(max_size=300))
def test_after_any_noise_the_next_caller_is_served(paper_printer: SimulatedPrinter, noise: bytes) -> None:
    with _call(paper_printer) as line:
        line.sendall(noise)
    with _call(paper_printer) as line:
        line.sendall(b"\x10\x04\x03")
        assert line.recv(1) == b"\x12"
