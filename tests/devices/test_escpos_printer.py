"""The driver of a receipt printer against a printer over a real socket: status, jobs, drawer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from till.devices.drivers.escpos_printer import GIVEN_UP, LINE_LOST, NOT_CONFIRMED, EscposPrinter
from till.devices.endpoints import transport_factory
from till.devices.model import (
    SILENT,
    DrawerPulse,
    DrawerReason,
    PrinterProfile,
    PrinterStatus,
    PrintOutcome,
    PrintResult,
)
from till.devices.profiles import DEFAULT_PROFILE
from till.devices.simulated.connection import Misbehaviour
from till.devices.simulated.printer import Fault, Kick, SimulatedPrinter
from till.errors import DeviceError

Drive = Callable[..., EscposPrinter]
JOB = b"\x1b@\x1bt\x13" + "Größe: 5 €\n".encode("cp858") + b"\x1dVB\x00"
WELL = PrinterStatus(online=True, cover_open=False, rec_empty=False, rec_near_end=False, error=False, drawer_pin3=False)

LATER_THAN_ASKED = 0.25


def _on(_status: PrinterStatus) -> bool:
    return True


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Fault.PAPER_NEAR_END, replace(WELL, rec_near_end=True)),
        (Fault.PAPER_OUT, replace(WELL, online=False, rec_empty=True, rec_near_end=True)),
        (Fault.COVER_OPEN, replace(WELL, online=False, cover_open=True)),
        (Fault.OFFLINE, replace(WELL, online=False)),
        (Fault.CUTTER_JAM, replace(WELL, online=False, error=True)),
    ],
)
def test_each_fault_is_seen(paper_printer: SimulatedPrinter, drive: Drive, fault: Fault, status: PrinterStatus) -> None:
    driver = drive()
    assert driver.query_status() == WELL
    paper_printer.set_fault(fault)
    assert driver.query_status() == status
    paper_printer.set_fault(fault, False)
    assert driver.query_status() == WELL


def test_a_printed_job_is_confirmed(paper_printer: SimulatedPrinter, drive: Drive) -> None:
    assert drive().print_bytes(JOB, _on) == PrintResult(PrintOutcome.PRINTED)
    assert paper_printer.receipts[0].text == "Größe: 5 €\n"


def test_a_printer_that_never_answered_is_unknown_not_well(paper_printer: SimulatedPrinter, drive: Drive) -> None:
    paper_printer.misbehave(Misbehaviour(mute=True))
    assert drive().query_status() == SILENT


def test_a_printer_that_answered_and_is_silent_now_is_an_error(paper_printer: SimulatedPrinter, drive: Drive) -> None:
    driver = drive()
    driver.query_status()
    paper_printer.misbehave(Misbehaviour(mute=True))
    with pytest.raises(DeviceError):
        driver.query_status()


def test_a_late_answer_is_not_read_as_the_next_one(paper_printer: SimulatedPrinter, drive: Drive) -> None:
    driver = drive()
    driver.query_status()
    paper_printer.set_fault(Fault.PAPER_OUT)
    paper_printer.misbehave(Misbehaviour(late_s=LATER_THAN_ASKED))
    with pytest.raises(DeviceError):
        driver.query_status()
    paper_printer.misbehave(Misbehaviour())
    assert driver.query_status() == replace(WELL, online=False, rec_empty=True, rec_near_end=True)


def test_a_busy_printer_that_used_to_confirm_gets_no_byte_of_a_job(
    paper_printer: SimulatedPrinter, drive: Drive
) -> None:
    driver = drive()
    driver.print_bytes(JOB, _on)
    paper_printer.set_fault(Fault.OFFLINE)
    with pytest.raises(DeviceError) as error:
        driver.print_bytes(JOB, _on)
    assert error.value.retryable
    paper_printer.set_fault(Fault.OFFLINE, False)
    time.sleep(0.1)
    assert len(paper_printer.receipts) == 1


def test_a_job_that_is_not_confirmed_is_uncertain(paper_printer: SimulatedPrinter, drive: Drive) -> None:
    paper_printer.misbehave(Misbehaviour(mute=True))
    assert drive().print_bytes(JOB, _on) == PrintResult(PrintOutcome.UNCERTAIN, NOT_CONFIRMED)


def test_a_slow_printer_is_not_an_uncertain_one(paper_printer: SimulatedPrinter, drive: Drive) -> None:
    paper_printer.misbehave(Misbehaviour(slow_s=0.1))
    assert drive().print_bytes(JOB, _on).outcome is PrintOutcome.PRINTED


def test_a_late_answer_to_the_handshake_does_not_confirm_the_job(paper_printer: SimulatedPrinter, drive: Drive) -> None:
    driver = drive()
    paper_printer.misbehave(Misbehaviour(late_s=LATER_THAN_ASKED))
    jam = threading.Timer(0.1, paper_printer.set_fault, (Fault.PAPER_OUT,))
    jam.start()
    until = time.monotonic() + 1.5
    result = driver.print_bytes(JOB, lambda _status: time.monotonic() < until)
    jam.join()
    assert result.outcome is PrintOutcome.UNCERTAIN
    assert paper_printer.receipts == []


def test_late_answers_do_not_shift_the_status_while_waiting(paper_printer: SimulatedPrinter, drive: Drive) -> None:
    driver = drive()
    paper_printer.misbehave(Misbehaviour(late_s=LATER_THAN_ASKED + 0.1))
    paper_printer.set_fault(Fault.OFFLINE)
    heard: list[PrinterStatus] = []
    until = time.monotonic() + 2.0

    def listen(status: PrinterStatus) -> bool:
        heard.append(status)
        return time.monotonic() < until

    driver.print_bytes(JOB, listen)
    assert heard
    assert not any(status.rec_near_end or status.cover_open or status.rec_empty for status in heard)


def test_a_line_that_breaks_while_waiting_is_uncertain(paper_printer: SimulatedPrinter, drive: Drive) -> None:
    def pull_the_plug(_status: PrinterStatus) -> bool:
        paper_printer.power_off()
        return True

    paper_printer.misbehave(Misbehaviour(mute=True))
    assert drive().print_bytes(JOB, pull_the_plug) == PrintResult(PrintOutcome.UNCERTAIN, LINE_LOST)


def test_waiting_for_paper_ends_when_the_caller_says_so(paper_printer: SimulatedPrinter, drive: Drive) -> None:
    heard: list[PrinterStatus] = []

    def wait_a_little(status: PrinterStatus) -> bool:
        heard.append(status)
        return len(heard) < 3

    driver = drive()
    paper_printer.set_fault(Fault.PAPER_OUT)
    assert driver.print_bytes(JOB, wait_a_little) == PrintResult(PrintOutcome.UNCERTAIN, GIVEN_UP)
    assert [status.rec_empty for status in heard] == [True] * 3


def test_a_line_that_breaks_in_the_middle_of_a_long_job_is_uncertain(
    paper_printer: SimulatedPrinter, drive: Drive
) -> None:
    driver = drive()
    paper_printer.misbehave(Misbehaviour(drop_after=50_000))
    result = driver.print_bytes(b"\x1b@" + b"x" * 12_000_000, _on)
    assert result == PrintResult(PrintOutcome.UNCERTAIN, LINE_LOST)


def test_a_printer_without_answers_is_not_asked(paper_printer: SimulatedPrinter, drive: Drive) -> None:
    driver = drive(replace(DEFAULT_PROFILE, cap_status=False))
    assert driver.query_status() == SILENT
    assert driver.print_bytes(JOB, _on) == PrintResult(PrintOutcome.SENT)
    driver.close()
    assert paper_printer.wait_for_receipts(1)[0].raw == JOB


def test_a_printer_without_answers_that_hung_up_gets_nothing(paper_printer: SimulatedPrinter, drive: Drive) -> None:
    driver = drive(replace(DEFAULT_PROFILE, cap_status=False))
    paper_printer.power_off()
    with pytest.raises(DeviceError) as error:
        driver.print_bytes(JOB, _on)
    assert error.value.retryable


@pytest.mark.parametrize(
    ("pulse", "kick"),
    [
        (DrawerPulse(pin=2, on_ms=50), Kick(2, 100, realtime=True)),
        (DrawerPulse(pin=5, on_ms=200), Kick(5, 200, realtime=True)),
        (DrawerPulse(pin=2, on_ms=510), Kick(2, 500, realtime=True)),
    ],
)
def test_the_realtime_pulse_works_with_the_cover_open(
    paper_printer: SimulatedPrinter, drive: Drive, pulse: DrawerPulse, kick: Kick
) -> None:
    paper_printer.set_fault(Fault.COVER_OPEN)
    drive(replace(DEFAULT_PROFILE, drawer_pulse=pulse)).open_drawer(DrawerReason.NO_SALE)
    assert paper_printer.wait_for_kicks(1) == [kick]


def test_the_queued_pulse_is_refused_while_it_would_be_held(paper_printer: SimulatedPrinter, drive: Drive) -> None:
    driver = drive(replace(DEFAULT_PROFILE, drawer_realtime=False, drawer_pulse=DrawerPulse(5, 100, 400)))
    paper_printer.set_fault(Fault.PAPER_OUT)
    with pytest.raises(DeviceError):
        driver.open_drawer(DrawerReason.CASH_PAYMENT)
    paper_printer.set_fault(Fault.PAPER_OUT, False)
    driver.open_drawer(DrawerReason.CASH_PAYMENT)
    assert paper_printer.wait_for_kicks(1) == [Kick(5, 100, realtime=False)]


@pytest.mark.parametrize("open_is_high", [True, False])
def test_the_level_of_the_drawer_gets_its_meaning_from_the_profile(
    paper_printer: SimulatedPrinter,
    drive: Drive,
    open_is_high: bool,  # noqa: FBT001 - a parametrized level
) -> None:
    driver = drive(replace(DEFAULT_PROFILE, drawer_open_level=open_is_high))
    driver.open_drawer(DrawerReason.NO_SALE)
    paper_printer.wait_for_kicks(1)
    status = driver.query_status()
    assert (status.drawer_pin3, status.drawer_opened) == (True, open_is_high)


def test_a_printer_that_is_off_is_an_error_that_may_be_tried_again(paper_printer: SimulatedPrinter) -> None:
    paper_printer.power_off()
    driver = EscposPrinter(transport_factory(paper_printer.uri), DEFAULT_PROFILE)
    with pytest.raises(DeviceError) as error:
        driver.open()
    assert error.value.retryable


def test_without_a_device_everything_is_sent(drive: Drive) -> None:
    del drive
    profile: PrinterProfile = DEFAULT_PROFILE
    driver = EscposPrinter(transport_factory("null:"), profile)
    driver.open()
    assert driver.print_bytes(JOB, _on) == PrintResult(PrintOutcome.SENT)
    driver.open_drawer(DrawerReason.CASH_PAYMENT)
    driver.close()
