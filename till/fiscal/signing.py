"""The one thread that talks to the TSE, so that a slow or dead one never holds up the counter.

It knows neither the database nor the screen: it takes commands, answers with futures and tells
listeners of outages. Each future is settled within `SigningLimits.answer_s`, whatever the TSE does.
"""

from __future__ import annotations

import datetime as dt
import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, TypeVar
from uuid import UUID

from till.clock import Clock
from till.fiscal.process_data import ProcessType, abort_process_data
from till.fiscal.recorder import Finished, Recorder, Started, TseError, TseFailure

_logger = logging.getLogger(__name__)
_T = TypeVar("_T")
_CLOSING = "the till is closing"
_WATCH_STOP_S = 1.0


@dataclass(frozen=True, slots=True)
class SigningLimits:
    """How long anything may take, in seconds; probes for recovery double from the first to the longest distance."""

    answer_s: float = 5.0
    first_probe_s: float = 1.0
    longest_probe_s: float = 60.0
    stop_s: float = 5.0


@dataclass(frozen=True, slots=True)
class Ready:
    """The TSE signs: at the start, and again after an outage."""


@dataclass(frozen=True, slots=True)
class OutageBegan:
    """The TSE does not sign since `since` (the till's clock, UTC); `reason` is what the device said."""

    failure: TseFailure
    reason: str
    since: dt.datetime


@dataclass(frozen=True, slots=True)
class StartedLate:
    """A transaction was started after its caller had been told that it failed; it is used for the order's end."""

    order_id: UUID
    started: Started


@dataclass(frozen=True, slots=True)
class EndedLate:
    """A transaction ended after its caller had been told that it failed: by its own end, or aborted after an outage.

    The outage receipt stays as it is (60-fiscal A2.6). `order_id` is None if the answer to the start was lost.
    """

    order_id: UUID | None
    finished: Finished


SigningEvent = Ready | OutageBegan | StartedLate | EndedLate


@dataclass(slots=True)
class _Command:
    """Work for the TSE's thread, the future that is waited for, and what to do with an answer that comes too late."""

    work: Callable[[], Any]
    on_late: Callable[[Any], None]
    limit_s: float
    future: Future[Any] = field(default_factory=Future)
    given_at: float = field(default_factory=monotonic)

    @property
    def deadline(self) -> float:
        return self.given_at + self.limit_s


class SigningThread:
    """Owns a Recorder and works commands off in their order. `client_id` is this till's at the TSE.

    During an outage commands fail at once with the outage's TseError, and the thread probes for recovery.
    Afterwards it aborts what it left open: ends that failed, and starts whose answers were lost.
    Transactions of an earlier run are not touched; they are for the recovery after a crash.
    Callbacks of futures and listeners run on this thread's side and must be short.
    """

    def __init__(self, recorder: Recorder, client_id: str, clock: Clock, limits: SigningLimits | None = None) -> None:
        self._recorder = recorder
        self._client_id = client_id
        self._clock = clock
        self._limits = limits or SigningLimits()
        self._queue: queue.SimpleQueue[_Command | None] = queue.SimpleQueue()
        self._changed = threading.Condition()
        self._pending: list[_Command] = []
        self._outage: OutageBegan | None = None
        self._is_stopping = False
        self._is_stopped = False
        self._probe_distance_s = self._limits.first_probe_s
        self._next_probe = 0.0
        self._listeners: list[Callable[[SigningEvent], None]] = []
        self._open: dict[UUID, Started] = {}
        self._given_up: set[UUID] = set()
        self._inherited: set[int] | None = None
        self._worker = threading.Thread(target=self._work, name="tse", daemon=True)
        self._watch = threading.Thread(target=self._expire_in_time, name="tse-watch", daemon=True)

    def listen(self, callback: Callable[[SigningEvent], None]) -> None:
        """Call `callback` with every event from now on."""
        self._listeners.append(callback)

    @property
    def outage(self) -> OutageBegan | None:
        """The present outage, if there is one."""
        return self._outage

    def launch(self) -> None:
        """Start the thread; it first tests the TSE and registers the till."""
        self._worker.start()
        self._watch.start()

    def begin(self, order_id: UUID) -> Future[Started]:
        """Start the order's transaction, at its first line; beginning again returns the one that is open."""
        return self._enqueue(
            lambda: self._begin(order_id), on_late=lambda started: self._notify(StartedLate(order_id, started))
        )

    def finish(self, order_id: UUID, process_type: ProcessType, process_data: str) -> Future[Finished]:
        """End the order's transaction with what happened; one that was never started is started now."""
        return self._end(order_id, lambda: self._finish(order_id, process_type, process_data))

    def abort(self, order_id: UUID) -> Future[Finished | None]:
        """End the order's transaction as AVBelegabbruch; None if it has none."""
        return self._end(order_id, lambda: self._abort(order_id))

    def submit(self, work: Callable[[Recorder], _T], limit_s: float | None = None) -> Future[_T]:
        """Run `work` on the TSE's thread: look-ups and ends after a crash, details; never a start.

        `limit_s` takes the place of `answer_s` for what is known to be long, an export; sales wait behind it.
        """
        return self._enqueue(lambda: work(self._recorder), limit_s=limit_s)

    def stop(self) -> None:
        """Work off what is queued and end the thread, within `stop_s`; what is left by then fails."""
        with self._changed:
            self._is_stopping = True
        self._queue.put(None)
        _join(self._worker, self._limits.stop_s)
        self._settle_all(self._take_pending(), TseError(TseFailure.UNREACHABLE, _CLOSING))
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()
        _join(self._watch, _WATCH_STOP_S)

    def _end(self, order_id: UUID, work: Callable[[], Any]) -> Future[Any]:
        def give_up_on_failure(future: Future[Any]) -> None:
            if future.cancelled() or future.exception() is not None:
                self._given_up.add(order_id)

        def tell(finished: Finished | None) -> None:
            if finished is not None:
                self._notify(EndedLate(order_id, finished))

        future = self._enqueue(work, on_late=tell)
        future.add_done_callback(give_up_on_failure)
        return future

    def _enqueue(
        self,
        work: Callable[[], Any],
        on_late: Callable[[Any], None] = lambda _: None,
        limit_s: float | None = None,
    ) -> Future[Any]:
        command = _Command(work, on_late, self._limits.answer_s if limit_s is None else limit_s)
        with self._changed:
            refusal = self._refusal()
            if refusal is None:
                self._pending.append(command)
                self._queue.put(command)
                self._changed.notify_all()
        if refusal is not None:
            command.future.set_exception(refusal)
        return command.future

    def _refusal(self) -> TseError | None:
        if self._is_stopping:
            return TseError(TseFailure.UNREACHABLE, _CLOSING)
        if self._outage is not None:
            return TseError(self._outage.failure, self._outage.reason)
        return None

    def _work(self) -> None:
        self._probe()
        while True:
            try:
                command = self._queue.get(timeout=self._seconds_to_probe())
            except queue.Empty:
                self._probe()
                continue
            if command is None:
                return
            self._run(command)

    def _run(self, command: _Command) -> None:
        if command.future.done():
            return
        try:
            answer = command.work()
        except TseError as error:
            _settle(command.future, error=error)
            self._begin_outage(error)
        except Exception as error:  # noqa: BLE001 - it rises where the future is read
            _settle(command.future, error=error)
        else:
            if not _settle(command.future, answer):
                command.on_late(answer)

    def _begin(self, order_id: UUID) -> Started:
        """The order's open transaction; a new one if an end was tried and may have reached the TSE."""
        started = self._open.get(order_id)
        if started is None or order_id in self._given_up:
            started = self._start_anew(order_id)
            self._open[order_id] = started
        return started

    def _start_anew(self, order_id: UUID) -> Started:
        """An end that is given up while a slow start is under way stays given up."""
        was_given_up = order_id in self._given_up
        self._given_up.discard(order_id)
        try:
            return self._recorder.start(self._client_id)
        except BaseException:
            if was_given_up:
                self._given_up.add(order_id)
            raise

    def _finish(self, order_id: UUID, process_type: ProcessType, process_data: str) -> Finished:
        number = self._begin(order_id).transaction_number
        finished = self._recorder.finish(self._client_id, number, process_type.value, process_data)
        del self._open[order_id]
        return finished

    def _abort(self, order_id: UUID) -> Finished | None:
        if order_id not in self._open:
            return None
        return self._finish(order_id, ProcessType.KASSENBELEG, abort_process_data())

    def _probe(self) -> None:
        began = monotonic()
        try:
            self._recorder.self_test()
            self._recorder.register_client(self._client_id)
            self._tidy_up()
            if monotonic() - began > self._limits.answer_s:
                raise TseError(TseFailure.UNREACHABLE, "it answers too slowly")  # noqa: TRY301 - the same way out
        except TseError as error:
            self._begin_outage(error)
        except Exception as error:
            _logger.exception("The TSE's self test failed unexpectedly")
            self._begin_outage(TseError(TseFailure.UNREACHABLE, repr(error)))
        else:
            self._end_outage()

    def _tidy_up(self) -> None:
        """End what an outage left open (60-fiscal A2.6, Finish failed)."""
        still_open = set(self._recorder.open_transactions(self._client_id))
        if self._inherited is None:
            self._inherited = still_open
        for order_id in list(self._given_up):
            self._end_given_up(order_id, still_open)
        ours = {started.transaction_number for started in self._open.values()}
        for number in sorted(still_open - self._inherited - ours):
            self._notify(EndedLate(None, self._abort_number(number)))

    def _end_given_up(self, order_id: UUID, still_open: set[int]) -> None:
        started = self._open.get(order_id)
        if started is not None:
            number = started.transaction_number
            ended = self._abort_number(number) if number in still_open else self._recorder.lookup(number)
            still_open.discard(number)
            del self._open[order_id]
            if ended is not None:
                self._notify(EndedLate(order_id, ended))
        self._given_up.discard(order_id)

    def _abort_number(self, number: int) -> Finished:
        return self._recorder.finish(self._client_id, number, ProcessType.KASSENBELEG.value, abort_process_data())

    def _seconds_to_probe(self) -> float | None:
        return None if self._outage is None else max(0.0, self._next_probe - monotonic())

    def _begin_outage(self, error: TseError) -> None:
        with self._changed:
            self._next_probe = monotonic() + self._probe_distance_s
            self._probe_distance_s = min(2 * self._probe_distance_s, self._limits.longest_probe_s)
            if self._outage is not None:
                return
            self._outage = outage = OutageBegan(error.failure, error.detail, self._clock.now())
        self._settle_all(self._take_pending(), error)
        self._notify(outage)

    def _end_outage(self) -> None:
        with self._changed:
            self._outage = None
            self._probe_distance_s = self._limits.first_probe_s
        self._notify(Ready())

    def _expire_in_time(self) -> None:
        """The watch: settles what the TSE did not answer in time."""
        while True:
            expired = self._next_expired()
            if expired is None:
                return
            error = TseError(TseFailure.UNREACHABLE, f"no answer within {expired.limit_s:g} s")
            if _settle(expired.future, error=error):
                self._begin_outage(error)

    def _next_expired(self) -> _Command | None:
        """Wait for a command whose time is up; None when the thread has stopped."""
        with self._changed:
            while not self._is_stopped:
                self._pending = [command for command in self._pending if not command.future.done()]
                earliest = min(self._pending, key=lambda command: command.deadline, default=None)
                left_s = None if earliest is None else earliest.deadline - monotonic()
                if left_s is not None and left_s <= 0:
                    return earliest
                self._changed.wait(left_s)
        return None

    def _take_pending(self) -> list[_Command]:
        with self._changed:
            pending, self._pending = self._pending, []
        return pending

    def _settle_all(self, commands: list[_Command], error: TseError) -> None:
        for command in commands:
            _settle(command.future, error=error)

    def _notify(self, event: SigningEvent) -> None:
        for listener in list(self._listeners):
            try:
                listener(event)
            except Exception:
                _logger.exception("A listener of the TSE failed on %r", event)


def _join(thread: threading.Thread, limit_s: float) -> None:
    """Wait for a thread that may never have been started."""
    if thread.is_alive():
        thread.join(limit_s)


def _settle(future: Future[Any], answer: object = None, *, error: BaseException | None = None) -> bool:
    """Give the future its answer or error; False if it had one already."""
    try:
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(answer)
    except InvalidStateError:
        return False
    return True
