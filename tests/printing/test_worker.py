"""Every way in which a printer fails: nothing is lost, nothing printed twice, and the shop goes on (70-devices D3)."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

import pytest

from till.db.engine import sqlite_module
from till.devices.drivers.escpos_printer import GIVEN_UP, LINE_LOST, NOT_CONFIRMED
from till.devices.endpoints import transport_factory
from till.devices.model import DrawerReason, PrinterProfile
from till.devices.profiles import DEFAULT_PROFILE
from till.devices.protocols import Transport
from till.devices.simulated.connection import Misbehaviour
from till.devices.simulated.printer import Connected, Fault, PrinterEvent
from till.printing import jobs, progress
from till.printing.events import JobChanged, WorkerEvent
from till.printing.job import Answer, JobState
from till.printing.worker import PrinterEndpoint

if TYPE_CHECKING:
    from tests.printing.conftest import Counter

QUEUED, SENDING, PRINTED = JobState.QUEUED, JobState.SENDING, JobState.PRINTED
SENT, UNCERTAIN, CANCELLED = JobState.SENT, JobState.UNCERTAIN, JobState.CANCELLED
BLOCKING_FAULTS = [Fault.PAPER_OUT, Fault.COVER_OPEN, Fault.OFFLINE, Fault.CUTTER_JAM]


def test_jobs_come_out_once_and_in_their_order(counter: Counter) -> None:
    for number in (1, 2, 3):
        counter.owe(number)
    counter.worker().start()
    counter.reach(PRINTED, PRINTED, PRINTED)
    assert [text.split()[1] for text in counter.whole_receipts()] == ["001", "002", "003"]
    assert "äöü €" in counter.whole_receipts()[0]


def test_a_job_that_comes_while_the_worker_sleeps_is_printed_at_once(counter: Counter) -> None:
    worker = counter.worker(pace=replace(counter.pace, idle_s=60.0))
    worker.start()
    counter.until(lambda: bool(counter.statuses()))
    counter.owe(1)
    counter.reach(PRINTED)


def test_states_are_told_in_order_and_after_their_commit(counter: Counter) -> None:
    worker = counter.worker()
    committed: list[tuple[str, list[str]]] = []
    worker.listen(
        lambda event: committed.append((event.state, counter.states())) if isinstance(event, JobChanged) else None
    )
    counter.owe(1)
    worker.start()
    counter.until(lambda: len(committed) == 2)
    assert committed == [(SENDING, [SENDING]), (PRINTED, [PRINTED])]


@pytest.mark.parametrize("fault", BLOCKING_FAULTS)
def test_nothing_is_sent_to_a_printer_that_cannot_print(counter: Counter, fault: Fault) -> None:
    counter.printer.set_fault(fault)
    worker = counter.worker()
    counter.owe(1)
    worker.start()
    counter.until(lambda: bool(counter.statuses()))
    time.sleep(0.2)
    assert counter.states() == [QUEUED]
    assert not worker.status.can_print
    counter.printer.set_fault(fault, False)
    counter.reach(PRINTED)
    assert counter.times_printed(1) == 1


@pytest.mark.parametrize("fault", BLOCKING_FAULTS)
def test_a_printer_that_stops_in_the_middle_is_waited_for_without_limit(counter: Counter, fault: Fault) -> None:
    worker = counter.worker()
    counter.when(SENDING, lambda: counter.printer.set_fault(fault))
    counter.owe(1)
    worker.start()
    counter.until(lambda: not worker.status.can_print)
    time.sleep(2 * counter.pace.limits.confirm_s)
    assert counter.states() == [SENDING]
    counter.printer.set_fault(fault, False)
    counter.reach(PRINTED)
    assert counter.times_printed(1) == 1


def test_paper_near_its_end_is_told_but_stops_nothing(counter: Counter) -> None:
    counter.printer.set_fault(Fault.PAPER_NEAR_END)
    worker = counter.worker()
    counter.owe(1)
    worker.start()
    counter.reach(PRINTED)
    assert worker.status.rec_near_end is True


def test_a_cable_pulled_in_the_middle_is_a_question_never_a_second_receipt(counter: Counter) -> None:
    worker = counter.worker()
    counter.when(SENDING, lambda: counter.printer.misbehave(Misbehaviour(stalled=True)))
    counter.owe(1)
    worker.start()
    counter.reach(UNCERTAIN)
    assert counter.reasons() == [NOT_CONFIRMED]
    counter.printer.misbehave(Misbehaviour())
    counter.owe(2)
    counter.reach(UNCERTAIN, PRINTED)
    assert (counter.times_printed(1), counter.times_printed(2)) == (1, 1)


def test_a_connection_that_breaks_in_the_middle_of_the_bytes_is_a_question(counter: Counter) -> None:
    asked_before_the_job = 4 * 3 + 3
    counter.printer.misbehave(Misbehaviour(drop_after=asked_before_the_job + 10))
    counter.worker().start()
    counter.owe(1)
    counter.reach(UNCERTAIN)
    assert counter.reasons() == [LINE_LOST]
    counter.printer.misbehave(Misbehaviour())
    time.sleep(0.3)
    assert counter.states() == [UNCERTAIN]
    assert counter.whole_receipts() == []


def test_a_printer_that_is_off_gets_its_jobs_when_it_is_on_again(counter: Counter) -> None:
    counter.printer.power_off()
    worker = counter.worker()
    counter.owe(1)
    worker.start()
    counter.until(lambda: worker.status.online is False)
    counter.owe(2)
    assert counter.states() == [QUEUED, QUEUED]
    counter.printer.power_on()
    counter.reach(PRINTED, PRINTED)
    assert (counter.times_printed(1), counter.times_printed(2)) == (1, 1)


def test_a_power_cut_at_the_printer_loses_its_buffer_but_not_the_question(counter: Counter) -> None:
    worker = counter.worker()
    counter.when(SENDING, lambda: counter.printer.set_fault(Fault.PAPER_OUT))
    counter.owe(1)
    worker.start()
    counter.until(lambda: worker.status.rec_empty is True)
    counter.printer.power_off()
    counter.reach(UNCERTAIN)
    counter.printer.set_fault(Fault.PAPER_OUT, False)
    counter.printer.power_on()
    counter.owe(2)
    counter.reach(UNCERTAIN, PRINTED)
    assert (counter.times_printed(1), counter.times_printed(2)) == (0, 1)


def test_a_mute_printer_prints_once_and_the_cashier_is_asked(counter: Counter) -> None:
    counter.printer.misbehave(Misbehaviour(mute=True))
    counter.owe(1)
    counter.worker().start()
    counter.reach(UNCERTAIN)
    time.sleep(0.3)
    assert counter.times_printed(1) == 1


def test_a_printer_known_to_be_mute_ends_in_sent_without_waiting(
    counter: Counter, silent_profile: PrinterProfile
) -> None:
    counter.printer.misbehave(Misbehaviour(mute=True))
    worker = counter.worker(silent_profile)
    counter.owe(1)
    counter.owe(2)
    started = time.monotonic()
    worker.start()
    counter.reach(SENT, SENT)
    assert time.monotonic() - started < counter.pace.limits.confirm_s
    counter.printer.wait_for_receipts(2)
    assert (counter.times_printed(1), counter.times_printed(2)) == (1, 1)


def test_a_printer_that_answered_before_and_hangs_now_gets_nothing(counter: Counter) -> None:
    worker = counter.worker()
    worker.start()
    counter.until(lambda: worker.status.online is True)
    counter.printer.misbehave(Misbehaviour(stalled=True))
    counter.owe(1)
    counter.until(lambda: worker.status.online is False)
    time.sleep(0.3)
    assert counter.states() == [QUEUED]
    counter.printer.misbehave(Misbehaviour())
    counter.reach(PRINTED)
    assert counter.times_printed(1) == 1


def test_late_answers_are_not_taken_for_a_confirmation(counter: Counter) -> None:
    counter.printer.misbehave(Misbehaviour(late_s=2 * counter.pace.limits.status_s))
    worker = counter.worker(pace=replace(counter.pace, limits=replace(counter.pace.limits, confirm_s=5.0)))
    counter.when(SENDING, lambda: counter.printer.set_fault(Fault.PAPER_OUT))
    counter.owe(1)
    worker.start()
    counter.reach(SENDING)
    time.sleep(1.0)
    assert counter.states() == [SENDING]
    counter.printer.set_fault(Fault.PAPER_OUT, False)
    counter.reach(PRINTED)
    assert counter.times_printed(1) == 1


def test_a_confirmation_of_an_earlier_till_is_not_taken_for_this_job(counter: Counter) -> None:
    def leave_an_old_answer(event: PrinterEvent) -> None:
        if isinstance(event, Connected):
            counter.printer.push(b"\x00\x00")

    counter.printer.listen(leave_an_old_answer)
    worker = counter.worker()
    counter.when(SENDING, lambda: counter.printer.set_fault(Fault.PAPER_OUT))
    counter.owe(1)
    worker.start()
    counter.until(lambda: worker.status.rec_empty is True)
    time.sleep(0.2)
    assert counter.states() == [SENDING]
    counter.printer.set_fault(Fault.PAPER_OUT, False)
    counter.reach(PRINTED)


def test_pushed_status_is_not_taken_for_a_confirmation(counter: Counter) -> None:
    def encode_with_push(snapshot: str, _profile: PrinterProfile, _is_copy: bool) -> bytes:  # noqa: FBT001 - the worker's form
        return b"\x1b@\x1da\xff" + snapshot.encode("ascii", "replace") + b"\n\x1dVB\x00"

    endpoint = PrinterEndpoint("bon", transport_factory(counter.printer.uri), DEFAULT_PROFILE, encode_with_push)
    worker = counter.worker_of(endpoint)
    counter.owe(1)
    counter.when(SENDING, lambda: counter.printer.set_fault(Fault.PAPER_OUT))
    worker.start()
    counter.until(lambda: worker.status.rec_empty is True)
    for _ in range(5):
        counter.printer.set_fault(Fault.PAPER_NEAR_END)
        counter.printer.set_fault(Fault.PAPER_NEAR_END, False)
    time.sleep(0.2)
    assert counter.states() == [SENDING]
    counter.printer.set_fault(Fault.PAPER_OUT, False)
    counter.reach(PRINTED)


def test_what_a_crash_left_in_the_middle_is_a_question(counter: Counter) -> None:
    left, fresh = counter.owe(1), counter.owe(2)
    counter.force_state(left, SENDING)
    worker = counter.worker()
    worker.start()
    counter.reach(UNCERTAIN, PRINTED)
    assert counter.reasons() == [progress.INTERRUPTED, ""]
    assert JobChanged("bon", left, UNCERTAIN, progress.INTERRUPTED) in counter.events
    assert (counter.times_printed(1), counter.times_printed(2)) == (0, 1)
    assert fresh > left


def test_a_restart_does_not_touch_what_another_printer_is_sending(counter: Counter) -> None:
    other = counter.owe(1, endpoint="kitchen")
    counter.force_state(other, SENDING)
    counter.owe(2)
    counter.worker().start()
    counter.reach(SENDING, PRINTED)


def test_the_till_closes_while_the_printer_waits_for_paper(counter: Counter) -> None:
    worker = counter.worker()
    counter.when(SENDING, lambda: counter.printer.set_fault(Fault.PAPER_OUT))
    counter.owe(1)
    worker.start()
    counter.until(lambda: worker.status.rec_empty is True)
    started = time.monotonic()
    worker.stop()
    assert time.monotonic() - started < 2.0
    assert not worker.is_running
    assert counter.states() == [UNCERTAIN]
    assert counter.reasons() == [GIVEN_UP]


def test_the_cashiers_no_prints_a_marked_copy(counter: Counter) -> None:
    worker = counter.worker()
    left = counter.owe(1)
    counter.force_state(left, SENDING)
    worker.start()
    counter.reach(UNCERTAIN)
    with counter.database.write() as session:
        jobs.answer(session, left, Answer.PRINT_COPY, counter.clock.now())
    worker.wake()
    counter.reach(CANCELLED, PRINTED)
    assert counter.whole_receipts()[0].startswith("KOPIE\n")


def test_a_cancelled_job_is_not_printed(counter: Counter) -> None:
    counter.printer.set_fault(Fault.COVER_OPEN)
    worker = counter.worker()
    job_id = counter.owe(1)
    worker.start()
    counter.until(lambda: worker.status.cover_open is True)
    with counter.database.write() as session:
        jobs.cancel(session, job_id, counter.clock.now())
    counter.printer.set_fault(Fault.COVER_OPEN, False)
    counter.owe(2)
    counter.reach(CANCELLED, PRINTED)
    assert counter.times_printed(1) == 0


def test_a_receipt_that_cannot_be_encoded_holds_up_nobody(counter: Counter) -> None:
    def encode_or_fail(snapshot: str, _profile: PrinterProfile, _is_copy: bool) -> bytes:  # noqa: FBT001 - the worker's form
        if "001" in snapshot:
            raise KeyError(snapshot)
        return b"\x1b@" + snapshot.encode("ascii", "replace") + b"\n\x1dVB\x00"

    endpoint = PrinterEndpoint("bon", transport_factory(counter.printer.uri), DEFAULT_PROFILE, encode_or_fail)
    worker = counter.worker_of(endpoint)
    broken = counter.owe(1)
    counter.owe(2)
    worker.start()
    counter.reach(QUEUED, PRINTED)
    counter.owe(3)
    counter.reach(QUEUED, PRINTED, PRINTED)
    assert counter.reasons()[0] == progress.UNREADABLE
    assert [trouble.job_id for trouble in counter.troubles()] == [broken]


def test_a_locked_database_is_waited_for_and_nothing_doubles(counter: Counter) -> None:
    worker = counter.worker()
    blocker = sqlite_module().connect(
        str(counter.database.engine.url.database), isolation_level=None, check_same_thread=False
    )
    counter.when(SENDING, lambda: blocker.execute("BEGIN IMMEDIATE"))
    counter.owe(1)
    worker.start()
    counter.printer.wait_for_receipts(1)
    time.sleep(0.6)
    assert counter.states() == [SENDING]
    blocker.execute("ROLLBACK")
    blocker.close()
    counter.reach(PRINTED)
    assert counter.times_printed(1) == 1
    assert counter.troubles() == []


def test_a_listener_that_fails_harms_nobody(counter: Counter) -> None:
    def fail(event: WorkerEvent) -> None:
        raise RuntimeError(event)

    worker = counter.worker()
    worker.listen(fail)
    counter.owe(1)
    worker.start()
    counter.reach(PRINTED)


def test_an_unexpected_error_is_told_and_survived(counter: Counter) -> None:
    to_printer = transport_factory(counter.printer.uri)
    visits = count()

    def fail_at_the_first_visit() -> Transport:
        if next(visits) == 1:
            message = "a defect"
            raise RuntimeError(message)
        return to_printer()

    worker = counter.worker_of(PrinterEndpoint("bon", fail_at_the_first_visit, DEFAULT_PROFILE, counter.encode))
    counter.owe(1)
    worker.start()
    counter.reach(PRINTED)
    assert [trouble.error for trouble in counter.troubles()] == ["a defect"]


def test_a_till_without_a_printer_never_waits(counter: Counter) -> None:
    worker = counter.worker_of(PrinterEndpoint("none", transport_factory("null:"), DEFAULT_PROFILE, counter.encode))
    counter.owe(1, endpoint="none")
    worker.start()
    counter.reach(SENT)
    worker.open_drawer(DrawerReason.CASH_PAYMENT)
    counter.until(lambda: counter.kicks() == [True])


def test_an_idle_printer_is_looked_after(counter: Counter) -> None:
    worker = counter.worker()
    worker.start()
    counter.until(lambda: worker.status.online is True)
    counter.printer.set_fault(Fault.PAPER_OUT)
    counter.until(lambda: worker.status.rec_empty is True)
    counter.printer.set_fault(Fault.PAPER_OUT, False)
    counter.until(lambda: worker.status.can_print)
    counter.printer.power_off()
    counter.until(lambda: worker.status.online is False)


def test_stopping_a_worker_of_a_dead_printer_is_quick(counter: Counter) -> None:
    counter.printer.power_off()
    worker = counter.worker()
    counter.owe(1)
    worker.start()
    counter.until(lambda: worker.status.online is False)
    started = time.monotonic()
    worker.stop()
    assert time.monotonic() - started < 1.0
    assert counter.states() == [QUEUED]


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_no_receipt_is_doubled_and_none_is_lost(counter: Counter, seed: int) -> None:
    luck = random.Random(seed)
    counter.worker(
        pace=replace(counter.pace, limits=replace(counter.pace.limits, status_s=0.06, confirm_s=0.2))
    ).start()
    accidents: list[Callable[[], None]] = [
        *(partial(counter.printer.set_fault, fault) for fault in Fault),
        counter.printer.power_off,
        partial(counter.printer.misbehave, Misbehaviour(mute=True)),
        partial(counter.printer.misbehave, Misbehaviour(stalled=True)),
        partial(counter.printer.misbehave, Misbehaviour(drop_after=luck.randrange(60))),
        partial(counter.printer.misbehave, Misbehaviour(late_s=0.05)),
    ]
    numbers = range(1, 13)
    for number in numbers:
        luck.choice(accidents)()
        counter.owe(number)
        time.sleep(luck.random() * 0.3)
        _mend(counter)
        time.sleep(luck.random() * 0.1)
    counter.until(lambda: not {QUEUED, SENDING} & set(counter.states()), timeout_s=20.0)
    for number, state in zip(numbers, counter.states(), strict=True):
        times = counter.times_printed(number)
        assert times == 1 if state == PRINTED else times <= 1, (number, state, times)


def _mend(counter: Counter) -> None:
    counter.printer.power_off()
    counter.printer.misbehave(Misbehaviour())
    for fault in Fault:
        counter.printer.set_fault(fault, False)
    counter.printer.power_on()
