"""The TSE thread: order kept, callers never held up, outages told, and tidied up after."""

from __future__ import annotations

import queue
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import pytest

from till.clock import FixedClock
from till.fiscal.faulty import Behaviour, Fault, FaultyRecorder
from till.fiscal.process_data import ProcessType
from till.fiscal.recorder import Recorder, TseError, TseFailure
from till.fiscal.signing import (
    EndedLate,
    OutageBegan,
    Ready,
    SigningEvent,
    SigningLimits,
    SigningThread,
    StartedLate,
)
from till.fiscal.soft_tse import SoftTse

CLIENT = "KASSE-2026-0001"
SALE = "Beleg^1.00_0.00_0.00_0.00_0.00^1.00:Bar"
ABORT = "AVBelegabbruch^0.00_0.00_0.00_0.00_0.00^"
WAIT_S = 20.0
QUICK = SigningLimits(answer_s=1.0, first_probe_s=0.05, longest_probe_s=0.2, stop_s=2.0)
PATIENT = SigningLimits(answer_s=WAIT_S, first_probe_s=0.05, longest_probe_s=0.2, stop_s=5.0)


class Till:
    """A signing thread on a TSE with fault switches, and the events it told."""

    def __init__(self, tse: SoftTse, clock: FixedClock) -> None:
        self.tse = tse
        self.clock = clock
        self.faulty = FaultyRecorder(tse)
        self.events: queue.Queue[SigningEvent] = queue.Queue()
        self.thread = SigningThread(self.faulty, CLIENT, clock, PATIENT)

    def launch(self, limits: SigningLimits = PATIENT, *, recorder: Recorder | None = None) -> SigningThread:
        self.thread = SigningThread(recorder or self.faulty, CLIENT, self.clock, limits)
        self.thread.listen(self.events.put)
        self.thread.launch()
        return self.thread

    def next(self) -> SigningEvent:
        return self.events.get(timeout=WAIT_S)

    def until(self, kind: type[SigningEvent]) -> list[SigningEvent]:
        """The events up to the first of a kind."""
        seen = [self.next()]
        while not isinstance(seen[-1], kind):
            seen.append(self.next())
        return seen

    def sell(self, order: uuid.UUID) -> Future[Any]:
        return self.thread.finish(order, ProcessType.KASSENBELEG, SALE)


@pytest.fixture
def till(tse: SoftTse, clock: FixedClock) -> Iterator[Till]:
    till = Till(tse, clock)
    yield till
    till.faulty.switch(Behaviour())
    till.thread.stop()


@pytest.fixture
def order() -> uuid.UUID:
    return uuid.uuid4()


def failure_of(future: Future[Any]) -> TseFailure:
    error = future.exception(timeout=WAIT_S)
    assert isinstance(error, TseError)
    return error.failure


def test_a_sale_is_started_and_finished(till: Till, order: uuid.UUID) -> None:
    thread = till.launch()
    started = thread.begin(order).result(WAIT_S)
    finished = till.sell(order).result(WAIT_S)
    assert finished.transaction_number == started.transaction_number
    assert finished.process_data == SALE
    assert till.next() == Ready()
    assert thread.outage is None
    assert till.tse.open_transactions(CLIENT) == ()


def test_it_registers_the_till_by_itself(till: Till) -> None:
    thread = SigningThread(till.tse, "KASSE-NEW", till.clock)
    thread.launch()
    assert thread.begin(uuid.uuid4()).result(WAIT_S).transaction_number == 1
    thread.stop()


def test_commands_keep_their_order(till: Till) -> None:
    till.faulty.switch(Behaviour(slow_s=0.005))
    thread = till.launch()
    orders = [uuid.uuid4() for _ in range(5)]
    begun = [thread.begin(order) for order in orders]
    ended = [till.sell(order) for order in reversed(orders)]
    numbers = [future.result(WAIT_S).transaction_number for future in begun]
    assert numbers == sorted(numbers)
    counters = [future.result(WAIT_S).signature_counter for future in ended]
    assert counters == sorted(counters)
    assert [future.result().transaction_number for future in ended] == numbers[::-1]


def test_an_order_that_was_never_begun_is_signed_all_the_same(till: Till, order: uuid.UUID) -> None:
    till.launch()
    assert till.sell(order).result(WAIT_S).transaction_number == 1


def test_beginning_again_gives_the_open_transaction(till: Till, order: uuid.UUID) -> None:
    thread = till.launch()
    assert thread.begin(order).result(WAIT_S) == thread.begin(order).result(WAIT_S)
    assert till.tse.open_transactions(CLIENT) == (1,)


def test_an_abort_ends_as_belegabbruch(till: Till, order: uuid.UUID) -> None:
    thread = till.launch()
    thread.begin(order)
    finished = thread.abort(order).result(WAIT_S)
    assert finished is not None
    assert (finished.process_type, finished.process_data) == ("Kassenbeleg-V1", ABORT)
    assert thread.abort(order).result(WAIT_S) is None


def test_submitted_work_runs_on_the_tse_s_thread(till: Till) -> None:
    thread = till.launch()
    assert thread.submit(lambda recorder: recorder.details().is_test).result(WAIT_S)
    assert thread.submit(lambda _: threading.current_thread().name).result(WAIT_S) == "tse"


def test_a_defect_rises_where_the_answer_is_read_and_is_no_outage(till: Till, order: uuid.UUID) -> None:
    thread = till.launch()
    with pytest.raises(ZeroDivisionError):
        thread.submit(lambda _: 1 // 0).result(WAIT_S)
    assert thread.outage is None
    thread.begin(order).result(WAIT_S)


def test_a_slow_tse_never_holds_up_the_caller(till: Till, order: uuid.UUID) -> None:
    thread = till.launch(QUICK)
    thread.begin(order).result(WAIT_S)
    till.faulty.switch(Behaviour(slow_s=60))
    began = time.monotonic()
    future = till.sell(order)
    assert time.monotonic() - began < 0.5
    assert failure_of(future) is TseFailure.UNREACHABLE
    assert time.monotonic() - began < 10
    assert failure_of(till.sell(uuid.uuid4())) is TseFailure.UNREACHABLE
    outage = till.until(OutageBegan)[-1]
    assert outage == thread.outage == OutageBegan(TseFailure.UNREACHABLE, "no answer within 1 s", till.clock.now())


def test_a_finish_that_comes_too_late_is_told(till: Till, order: uuid.UUID) -> None:
    till.launch(QUICK).begin(order).result(WAIT_S)
    till.faulty.switch(Behaviour(slow_s=60))
    failure_of(till.sell(order))
    till.faulty.switch(Behaviour())
    late = till.until(EndedLate)[-1]
    assert isinstance(late, EndedLate)
    assert (late.order_id, late.finished.process_data) == (order, SALE)
    till.until(Ready)
    assert till.tse.open_transactions(CLIENT) == ()


def test_a_start_that_comes_too_late_is_told_and_used(till: Till, order: uuid.UUID) -> None:
    thread = till.launch(QUICK)
    till.until(Ready)
    till.faulty.switch(Behaviour(slow_s=60))
    failure_of(thread.begin(order))
    till.faulty.switch(Behaviour())
    late = till.until(StartedLate)[-1]
    assert isinstance(late, StartedLate)
    till.until(Ready)
    assert till.sell(order).result(WAIT_S).transaction_number == late.started.transaction_number == 1


@pytest.mark.parametrize("fault", [Fault.FAIL_START, Fault.STORAGE_FULL, Fault.UNREACHABLE])
def test_an_outage_is_told_once_and_ends_by_itself(till: Till, fault: Fault) -> None:
    thread = till.launch()
    till.until(Ready)
    till.faulty.switch(Behaviour(fault))
    failed = failure_of(thread.begin(uuid.uuid4()))
    since = till.clock.now()
    till.clock.advance(60)
    assert failure_of(till.sell(uuid.uuid4())) is failed
    time.sleep(0.3)
    till.faulty.switch(Behaviour())
    began, ready = till.next(), till.next()
    assert began == OutageBegan(failed, "simulated fault", since)
    assert ready == Ready()
    assert thread.outage is None
    assert till.sell(uuid.uuid4()).result(WAIT_S).transaction_number == 1


def test_a_tse_that_is_dead_at_the_start_is_an_outage_and_comes_back(till: Till, order: uuid.UUID) -> None:
    till.faulty.switch(Behaviour(Fault.UNREACHABLE))
    till.launch()
    assert isinstance(till.next(), OutageBegan)
    assert failure_of(till.sell(order)) is TseFailure.UNREACHABLE
    till.faulty.switch(Behaviour())
    assert till.next() == Ready()
    assert till.sell(order).result(WAIT_S).transaction_number == 1


def test_what_waits_when_an_outage_begins_fails_with_it(till: Till) -> None:
    till.launch()
    till.until(Ready)
    till.faulty.switch(Behaviour(Fault.UNREACHABLE, slow_s=0.2))
    waiting = [till.sell(uuid.uuid4()) for _ in range(3)]
    began = time.monotonic()
    assert {failure_of(future) for future in waiting} == {TseFailure.UNREACHABLE}
    assert time.monotonic() - began < WAIT_S / 2
    assert till.tse.open_transactions(CLIENT) == ()


def test_a_failed_finish_is_aborted_after_the_outage(till: Till, order: uuid.UUID) -> None:
    till.launch().begin(order).result(WAIT_S)
    till.faulty.switch(Behaviour(Fault.FAIL_FINISH))
    assert failure_of(till.sell(order)) is TseFailure.FINISH_FAILED
    till.faulty.switch(Behaviour())
    late = till.until(EndedLate)[-1]
    assert isinstance(late, EndedLate)
    assert (late.order_id, late.finished.process_data) == (order, ABORT)
    till.until(Ready)
    assert till.tse.open_transactions(CLIENT) == ()


def test_a_finish_stored_without_answer_is_found_after_the_outage(till: Till, order: uuid.UUID) -> None:
    till.launch().begin(order).result(WAIT_S)
    till.faulty.switch(Behaviour(Fault.LOSE_FINISH_ANSWER))
    assert failure_of(till.sell(order)) is TseFailure.UNREACHABLE
    late = till.until(EndedLate)[-1]
    assert late == EndedLate(order, till.tse.lookup(1))  # type: ignore[arg-type]  # None would not be equal
    assert late.finished.process_data == SALE


def test_a_start_whose_answer_was_lost_is_aborted_after_the_outage(till: Till, order: uuid.UUID) -> None:
    thread = till.launch()
    till.until(Ready)
    till.faulty.switch(Behaviour(Fault.LOSE_START_ANSWER))
    failure_of(thread.begin(order))
    late = till.until(EndedLate)[-1]
    assert isinstance(late, EndedLate)
    assert (late.order_id, late.finished.transaction_number, late.finished.process_data) == (None, 1, ABORT)


def test_transactions_of_an_earlier_run_are_left_to_the_recovery(till: Till, order: uuid.UUID) -> None:
    inherited = till.tse.start(CLIENT).transaction_number
    thread = till.launch()
    till.until(Ready)
    till.faulty.switch(Behaviour(Fault.FAIL_START))
    failure_of(thread.begin(order))
    till.faulty.switch(Behaviour())
    till.until(Ready)
    assert till.tse.open_transactions(CLIENT) == (inherited,)


def test_a_transaction_that_the_tse_forgot_does_not_keep_the_outage_up(till: Till, order: uuid.UUID) -> None:
    number = till.launch().begin(order).result(WAIT_S).transaction_number
    till.until(Ready)
    till.thread.submit(lambda recorder: recorder.finish(CLIENT, number, "Kassenbeleg-V1", ABORT)).result(WAIT_S)
    assert failure_of(till.sell(order)) is TseFailure.FINISH_FAILED
    till.until(Ready)
    assert till.sell(order).result(WAIT_S).transaction_number == number + 1


def test_an_order_sold_again_after_a_failed_abort_gets_a_new_transaction(till: Till, order: uuid.UUID) -> None:
    thread = till.launch(SigningLimits(answer_s=WAIT_S, first_probe_s=WAIT_S))
    first = thread.begin(order).result(WAIT_S)
    till.faulty.switch(Behaviour(Fault.FAIL_FINISH))
    failure_of(thread.abort(order))
    till.faulty.switch(Behaviour())
    thread._end_outage()
    second = thread.begin(order).result(WAIT_S)
    assert second.transaction_number == first.transaction_number + 1
    assert till.sell(order).result(WAIT_S).transaction_number == second.transaction_number


def test_probes_grow_rarer_and_start_anew_after_a_recovery(till: Till) -> None:
    thread = till.launch(SigningLimits(answer_s=WAIT_S, first_probe_s=0.02, longest_probe_s=0.05))
    till.until(Ready)
    till.faulty.switch(Behaviour(Fault.UNREACHABLE))
    failure_of(thread.begin(uuid.uuid4()))
    deadline = time.monotonic() + WAIT_S
    while thread._probe_distance_s < 0.05 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert thread._probe_distance_s == 0.05
    till.faulty.switch(Behaviour())
    till.until(Ready)
    assert thread._probe_distance_s == 0.02


def test_a_tse_that_passes_its_test_too_slowly_stays_in_outage(till: Till, order: uuid.UUID) -> None:
    till.faulty.switch(Behaviour(slow_s=0.2))
    thread = till.launch(SigningLimits(answer_s=0.1, first_probe_s=0.02, longest_probe_s=0.02))
    failure_of(thread.begin(order))
    time.sleep(0.6)
    assert isinstance(till.next(), OutageBegan)
    assert till.events.empty()
    assert thread.outage is not None
    till.faulty.switch(Behaviour())
    assert till.until(Ready) == [Ready()]


def test_stopping_works_off_what_is_queued(till: Till, order: uuid.UUID) -> None:
    thread = till.launch()
    thread.begin(order)
    aborted = thread.abort(order)
    thread.stop()
    assert aborted.done()
    assert till.tse.open_transactions(CLIENT) == ()
    assert failure_of(thread.begin(order)) is TseFailure.UNREACHABLE


def test_stopping_does_not_wait_for_a_dead_tse(till: Till, order: uuid.UUID) -> None:
    thread = till.launch(SigningLimits(answer_s=60, stop_s=0.2))
    till.until(Ready)
    till.faulty.switch(Behaviour(slow_s=60))
    stuck, waiting = thread.begin(order), till.sell(order)
    began = time.monotonic()
    thread.stop()
    assert time.monotonic() - began < 5
    assert failure_of(stuck) is failure_of(waiting) is TseFailure.UNREACHABLE
    assert not thread._watch.is_alive()


def test_a_listener_that_fails_does_not_stop_the_signing(
    till: Till, order: uuid.UUID, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_event: SigningEvent) -> None:
        raise RuntimeError("the listener's own defect")

    till.thread = SigningThread(till.faulty, CLIENT, till.clock, PATIENT)
    till.thread.listen(fail)
    till.thread.listen(till.events.put)
    till.thread.launch()
    assert till.next() == Ready()
    assert till.thread.begin(order).result(WAIT_S).transaction_number == 1
    assert "A listener of the TSE failed on Ready()" in caplog.text


def test_a_driver_with_a_defect_is_an_outage_and_is_logged(till: Till, caplog: pytest.LogCaptureFixture) -> None:
    class Defective(FaultyRecorder):
        def self_test(self) -> None:
            raise RuntimeError("driver bug")

    till.launch(recorder=Defective(till.tse))
    began = till.next()
    assert isinstance(began, OutageBegan)
    assert (began.failure, began.reason) == (TseFailure.UNREACHABLE, "RuntimeError('driver bug')")
    assert "self test failed unexpectedly" in caplog.text


def test_long_work_gets_its_own_limit(till: Till) -> None:
    thread = till.launch(SigningLimits(answer_s=0.1, first_probe_s=0.02))
    thread.submit(lambda _: time.sleep(0.3), limit_s=WAIT_S).result(WAIT_S)
    gate = threading.Event()
    long = thread.submit(lambda _: gate.wait(WAIT_S), limit_s=WAIT_S)
    assert failure_of(thread.begin(uuid.uuid4())) is TseFailure.UNREACHABLE
    gate.set()
    assert long.done()


def test_a_given_up_call_is_not_run(till: Till, order: uuid.UUID) -> None:
    thread = till.launch()
    till.until(Ready)
    gate = threading.Event()
    thread.submit(lambda _: gate.wait(WAIT_S))
    cancelled = thread.begin(order)
    cancelled.cancel()
    gate.set()
    thread.submit(lambda recorder: recorder.details()).result(WAIT_S)
    assert till.tse.open_transactions(CLIENT) == ()
