"""The fault switches: each breaks what it names, and mending makes it whole again."""

from __future__ import annotations

import io
import threading
import time

import pytest

from till.fiscal.faulty import Behaviour, Fault, FaultyRecorder
from till.fiscal.recorder import FAILURE_SENTENCES, TseError, TseFailure
from till.fiscal.soft_tse import SoftTse

CLIENT = "KASSE-2026-0001"
SALE = ("Kassenbeleg-V1", "Beleg^1.00_0.00_0.00_0.00_0.00^1.00:Bar")


@pytest.fixture
def faulty(tse: SoftTse) -> FaultyRecorder:
    return FaultyRecorder(tse)


def test_without_a_fault_it_is_the_recorder_inside(faulty: FaultyRecorder, tse: SoftTse) -> None:
    faulty.register_client("KASSE-2")
    faulty.self_test()
    number = faulty.start(CLIENT).transaction_number
    assert faulty.open_transactions(CLIENT) == (number,)
    finished = faulty.finish(CLIENT, number, *SALE)
    assert faulty.lookup(number) == tse.lookup(number) == finished
    assert faulty.details() == tse.details()
    target = io.BytesIO()
    faulty.export(target)
    assert target.getvalue()


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        (Fault.FAIL_START, TseFailure.START_FAILED),
        (Fault.UNREACHABLE, TseFailure.UNREACHABLE),
        (Fault.TIME_NOT_SET, TseFailure.TIME_NOT_SET),
        (Fault.STORAGE_FULL, TseFailure.STORAGE_FULL),
        (Fault.CERTIFICATE_EXPIRED, TseFailure.CERTIFICATE_EXPIRED),
    ],
)
def test_a_start_fails_as_it_is_told(faulty: FaultyRecorder, tse: SoftTse, fault: Fault, failure: TseFailure) -> None:
    faulty.switch(Behaviour(fault))
    for call in (lambda: faulty.start(CLIENT), faulty.self_test):
        with pytest.raises(TseError, match="simulated") as caught:
            call()
        assert caught.value.failure is failure
        assert caught.value.msgid == FAILURE_SENTENCES[failure]
    assert tse.open_transactions(CLIENT) == ()
    faulty.switch(Behaviour())
    assert faulty.behaviour == Behaviour(Fault.NONE, 0.0)
    assert faulty.start(CLIENT).transaction_number == 1


def test_a_failed_finish_leaves_the_transaction_open(faulty: FaultyRecorder) -> None:
    faulty.switch(Behaviour(Fault.FAIL_FINISH))
    number = faulty.start(CLIENT).transaction_number
    with pytest.raises(TseError) as caught:
        faulty.finish(CLIENT, number, *SALE)
    assert caught.value.failure is TseFailure.FINISH_FAILED
    with pytest.raises(TseError):
        faulty.self_test()
    assert faulty.open_transactions(CLIENT) == (number,)
    assert faulty.lookup(number) is None


def test_a_failing_start_lets_open_transactions_end(faulty: FaultyRecorder) -> None:
    number = faulty.start(CLIENT).transaction_number
    faulty.switch(Behaviour(Fault.FAIL_START))
    assert faulty.finish(CLIENT, number, *SALE).transaction_number == number


def test_a_finish_whose_answer_is_lost_can_be_looked_up(faulty: FaultyRecorder) -> None:
    number = faulty.start(CLIENT).transaction_number
    faulty.switch(Behaviour(Fault.LOSE_FINISH_ANSWER))
    with pytest.raises(TseError, match="answer was lost"):
        faulty.finish(CLIENT, number, *SALE)
    finished = faulty.lookup(number)
    assert finished is not None
    assert (finished.process_type, finished.process_data) == SALE
    faulty.self_test()


def test_a_start_whose_answer_is_lost_is_open(faulty: FaultyRecorder) -> None:
    faulty.switch(Behaviour(Fault.LOSE_START_ANSWER))
    with pytest.raises(TseError, match="answer was lost"):
        faulty.start(CLIENT)
    assert faulty.open_transactions(CLIENT) == (1,)


def test_out_of_reach_nothing_answers_but_its_name(faulty: FaultyRecorder, tse: SoftTse) -> None:
    faulty.switch(Behaviour(Fault.UNREACHABLE))
    for call in (
        lambda: faulty.lookup(1),
        lambda: faulty.open_transactions(CLIENT),
        lambda: faulty.register_client(CLIENT),
        lambda: faulty.export(io.BytesIO()),
        lambda: faulty.finish(CLIENT, 1, *SALE),
    ):
        with pytest.raises(TseError, match="unreachable"):
            call()
    assert faulty.details() == tse.details()


def test_a_slow_tse_answers_late_and_mending_wakes_it(faulty: FaultyRecorder) -> None:
    faulty.switch(Behaviour(slow_s=0.05))
    began = time.monotonic()
    faulty.self_test()
    assert time.monotonic() - began >= 0.05
    faulty.switch(Behaviour(slow_s=60))
    threading.Timer(0.05, lambda: faulty.switch(Behaviour())).start()
    faulty.self_test()
    assert time.monotonic() - began < 30
