"""A TSE that fails on command, around any other TSE: for the demo's fault switches and for tests."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from till.fiscal.recorder import Finished, Recorder, Started, TseDetails, TseError, TseFailure


class Fault(StrEnum):
    """What the TSE does wrong until it is switched back."""

    NONE = "none"
    FAIL_START = "fail_start"
    FAIL_FINISH = "fail_finish"
    LOSE_START_ANSWER = "lose_start_answer"
    LOSE_FINISH_ANSWER = "lose_finish_answer"
    UNREACHABLE = "unreachable"
    TIME_NOT_SET = "time_not_set"
    STORAGE_FULL = "storage_full"
    CERTIFICATE_EXPIRED = "certificate_expired"


_REFUSALS = {
    Fault.UNREACHABLE: TseFailure.UNREACHABLE,
    Fault.TIME_NOT_SET: TseFailure.TIME_NOT_SET,
    Fault.STORAGE_FULL: TseFailure.STORAGE_FULL,
    Fault.CERTIFICATE_EXPIRED: TseFailure.CERTIFICATE_EXPIRED,
}
_START_REFUSALS = {**_REFUSALS, Fault.FAIL_START: TseFailure.START_FAILED}
_FINISH_REFUSALS = {**_REFUSALS, Fault.FAIL_FINISH: TseFailure.FINISH_FAILED}


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How the TSE is to behave from now on; `slow_s` delays each answer by so many seconds."""

    fault: Fault = Fault.NONE
    slow_s: float = 0.0


class FaultyRecorder:
    """A Recorder around `recorder` that can be broken and mended while it runs, from any thread.

    Switching wakes a call that is being slow. A self test fails under every fault but lost
    answers, so that an outage lasts until the switch is turned back.
    """

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._behaviour = Behaviour()
        self._switched = threading.Event()

    @property
    def behaviour(self) -> Behaviour:
        """How it behaves now."""
        return self._behaviour

    def switch(self, behaviour: Behaviour) -> None:
        """Behave so from the next call on."""
        self._behaviour = behaviour
        woken, self._switched = self._switched, threading.Event()
        woken.set()

    def register_client(self, client_id: str) -> None:
        """As the recorder, unless it is out of reach."""
        self._reach()
        self._recorder.register_client(client_id)

    def start(self, client_id: str) -> Started:
        """As the recorder; may fail, be slow, or start and lose the answer."""
        self._answer(_START_REFUSALS)
        started = self._recorder.start(client_id)
        self._lose(Fault.LOSE_START_ANSWER)
        return started

    def finish(self, client_id: str, transaction_number: int, process_type: str, process_data: str) -> Finished:
        """As the recorder; may fail, be slow, or finish and lose the answer."""
        self._answer(_FINISH_REFUSALS)
        finished = self._recorder.finish(client_id, transaction_number, process_type, process_data)
        self._lose(Fault.LOSE_FINISH_ANSWER)
        return finished

    def lookup(self, transaction_number: int) -> Finished | None:
        """As the recorder, unless it is out of reach."""
        self._reach()
        return self._recorder.lookup(transaction_number)

    def open_transactions(self, client_id: str) -> tuple[int, ...]:
        """As the recorder, unless it is out of reach."""
        self._reach()
        return self._recorder.open_transactions(client_id)

    def self_test(self) -> None:
        """As the recorder; fails as start and finish would."""
        self._answer({**_START_REFUSALS, **_FINISH_REFUSALS})
        self._recorder.self_test()

    def details(self) -> TseDetails:
        """As the recorder, always: who it is was read when it worked."""
        return self._recorder.details()

    def export(self, target: BinaryIO) -> None:
        """As the recorder, unless it is out of reach."""
        self._reach()
        self._recorder.export(target)

    def _reach(self) -> None:
        self._answer({Fault.UNREACHABLE: TseFailure.UNREACHABLE})

    def _answer(self, refusals: dict[Fault, TseFailure]) -> None:
        self._switched.wait(self._behaviour.slow_s)
        failure = refusals.get(self._behaviour.fault)
        if failure is not None:
            raise TseError(failure, "simulated fault")

    def _lose(self, fault: Fault) -> None:
        if self._behaviour.fault is fault:
            raise TseError(TseFailure.UNREACHABLE, "the answer was lost")
