"""The cash drawer behind the printer: opened now or not at all, even when the printer can't print (70-devices 5.1)."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from till.devices.model import DrawerReason, PrinterProfile
from till.devices.profiles import DEFAULT_PROFILE
from till.devices.simulated.printer import Fault, Kick, PrinterEvent
from till.printing.events import DrawerKicked
from till.printing.job import JobState

if TYPE_CHECKING:
    from tests.printing.conftest import Counter

CASH = DrawerReason.CASH_PAYMENT


def test_the_drawer_opens_before_the_receipt_comes(counter: Counter) -> None:
    seen: list[PrinterEvent] = []
    counter.printer.listen(seen.append)
    worker = counter.worker()
    counter.owe(1)
    worker.open_drawer(CASH)
    worker.start()
    counter.reach(JobState.PRINTED)
    kinds = [type(event).__name__ for event in seen]
    assert kinds.index("Kick") < kinds.index("Receipt")
    assert counter.printer.kicks == [Kick(pin=2, on_ms=100, realtime=True)]
    assert DrawerKicked("bon", CASH, was_sent=True) in counter.events


def test_the_drawer_opens_while_paper_is_out(counter: Counter) -> None:
    counter.printer.set_fault(Fault.PAPER_OUT)
    worker = counter.worker()
    counter.owe(1)
    worker.start()
    counter.until(lambda: worker.status.rec_empty is True)
    worker.open_drawer(CASH)
    counter.printer.wait_for_kicks(1)
    assert counter.states() == [JobState.QUEUED]


def test_the_drawer_opens_while_a_receipt_hangs_in_the_printer(counter: Counter) -> None:
    worker = counter.worker()
    counter.when(JobState.SENDING, lambda: counter.printer.set_fault(Fault.PAPER_OUT))
    counter.owe(1)
    worker.start()
    counter.until(lambda: worker.status.rec_empty is True)
    worker.open_drawer(DrawerReason.NO_SALE)
    counter.printer.wait_for_kicks(1)
    assert counter.states() == [JobState.SENDING]


def test_without_a_realtime_pulse_a_blocked_printer_never_opens_the_drawer_later(counter: Counter) -> None:
    counter.printer.set_fault(Fault.PAPER_OUT)
    worker = counter.worker(replace(DEFAULT_PROFILE, drawer_realtime=False))
    worker.start()
    worker.open_drawer(CASH)
    counter.until(lambda: counter.kicks() == [False])
    counter.printer.set_fault(Fault.PAPER_OUT, False)
    counter.owe(1)
    counter.reach(JobState.PRINTED)
    assert counter.printer.kicks == []


def test_without_a_realtime_pulse_the_ordinary_one_opens_the_drawer(counter: Counter) -> None:
    worker = counter.worker(replace(DEFAULT_PROFILE, drawer_realtime=False))
    worker.start()
    worker.open_drawer(CASH)
    assert counter.printer.wait_for_kicks(1) == [Kick(pin=2, on_ms=50, realtime=False)]


def test_a_kick_is_forgotten_when_the_printer_comes_back_too_late(counter: Counter) -> None:
    counter.printer.power_off()
    worker = counter.worker()
    worker.start()
    worker.open_drawer(CASH)
    counter.until(lambda: counter.kicks() == [False])
    counter.printer.power_on()
    counter.owe(1)
    counter.reach(JobState.PRINTED)
    assert counter.printer.kicks == []


def test_a_kick_reaches_a_printer_that_comes_back_in_time(counter: Counter) -> None:
    counter.printer.power_off()
    worker = counter.worker(pace=replace(counter.pace, kick_s=5.0))
    worker.start()
    counter.until(lambda: worker.status.online is False)
    worker.open_drawer(CASH)
    time.sleep(0.1)
    counter.printer.power_on()
    counter.printer.wait_for_kicks(1)
    counter.until(lambda: counter.kicks() == [True])


def test_two_wishes_before_the_first_kick_are_one(counter: Counter) -> None:
    worker = counter.worker()
    worker.open_drawer(CASH)
    worker.open_drawer(CASH)
    worker.start()
    counter.until(lambda: counter.kicks() == [True])
    counter.owe(1)
    counter.reach(JobState.PRINTED)
    assert len(counter.printer.kicks) == 1


def test_a_printer_that_tells_nothing_still_opens_the_drawer(counter: Counter, silent_profile: PrinterProfile) -> None:
    worker = counter.worker(silent_profile)
    worker.start()
    worker.open_drawer(CASH)
    counter.printer.wait_for_kicks(1)


def test_a_drawer_whose_polarity_is_known_is_seen_open_and_closed(counter: Counter) -> None:
    worker = counter.worker(replace(DEFAULT_PROFILE, drawer_open_level=True))
    worker.start()
    worker.open_drawer(CASH)
    counter.until(lambda: worker.status.drawer_opened is True)
    counter.printer.close_drawer()
    counter.until(lambda: worker.status.drawer_opened is False)


def test_a_drawer_whose_polarity_is_unknown_is_neither_open_nor_closed(counter: Counter) -> None:
    worker = counter.worker()
    worker.start()
    counter.until(lambda: worker.status.drawer_pin3 is False)
    assert worker.status.drawer_opened is None
