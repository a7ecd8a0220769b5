"""The thread of one printer and its drawer: takes its jobs from the queue, one after the other, each at most once.

Shop and worker meet only in the database and by `wake` and `open_drawer`, so a dead printer never holds up a sale
(70-devices 6.5, 6.6).
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy.orm import Session

from till.clock import Clock
from till.db.engine import Database
from till.devices.drivers.escpos_printer import EscposPrinter, PrinterLimits
from till.devices.endpoints import TransportFactory
from till.devices.model import SILENT, DrawerReason, PrinterProfile, PrinterStatus, PrintOutcome
from till.errors import DeviceError, Unavailable
from till.i18n import msg
from till.printing import progress
from till.printing.drawer_kick import DrawerKick
from till.printing.events import DrawerKicked, JobChanged, StatusChanged, WorkerEvent, WorkerTroubled
from till.printing.job import Ending, JobState, PrintJob

BROKEN_OFF = msg("Printing was broken off by an error in the till.")

_log = logging.getLogger(__name__)
_UNREACHABLE = PrinterStatus(online=False)
_JOIN_S = 5.0
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class PrinterEndpoint:
    """One printer as its worker needs it.

    `encode` turns a snapshot into the bytes for a printer of this profile; its last argument is True for a
    copy, which must say so.
    """

    id: str
    make_transport: TransportFactory
    profile: PrinterProfile
    encode: Callable[[str, PrinterProfile, bool], bytes]


@dataclass(frozen=True, slots=True)
class WorkerPace:
    """How often and how long, in seconds; tests shorten them.

    `retry_first_s` doubles up to `retry_last_s` while the printer is out of reach, and up to `blocked_s` while it
    answers but can't print. `idle_s`: looking after a printer that has nothing to do; `drawer_open_s`: while its
    drawer is known to be open. `kick_s`: how long a kick may wait.
    """

    retry_first_s: float = 0.2
    retry_last_s: float = 10.0
    blocked_s: float = 2.0
    idle_s: float = 20.0
    drawer_open_s: float = 0.5
    kick_s: float = 3.0
    database_s: float = 0.5
    limits: PrinterLimits = field(default_factory=PrinterLimits)


class PrinterWorker:
    """Start it once per printer; every public method may be called from any thread."""

    def __init__(
        self,
        database: Database,
        endpoint: PrinterEndpoint,
        clock: Clock,
        pace: WorkerPace = WorkerPace(),
    ) -> None:
        self.endpoint = endpoint
        self._database = database
        self._clock = clock
        self._pace = pace
        self._printer = EscposPrinter(endpoint.make_transport, endpoint.profile, pace.limits)
        self._kick = DrawerKick(pace.kick_s)
        self._listeners: list[Callable[[WorkerEvent], None]] = []
        self._status: PrinterStatus | None = None
        self._unreadable: set[int] = set()
        self._retry_s = pace.retry_first_s
        self._next_look = 0.0
        self._has_tidied_up = False
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"printer-{endpoint.id}", daemon=True)

    @property
    def status(self) -> PrinterStatus:
        """What the printer said last; SILENT before the first word."""
        return self._status or SILENT

    @property
    def is_running(self) -> bool:
        """True between `start` and the end of the thread."""
        return self._thread.is_alive()

    def listen(self, callback: Callable[[WorkerEvent], None]) -> None:
        """Call `callback` on the worker's thread for every event from now on; what it raises is only logged."""
        self._listeners.append(callback)

    def start(self) -> None:
        """Begin to work; jobs that an earlier run left in the middle become uncertain first."""
        self._thread.start()

    def stop(self) -> None:
        """End within 5 s; what a printer has not confirmed by then is uncertain."""
        self._stopping.set()
        self._woken.set()
        self._thread.join(_JOIN_S)
        if self._thread.is_alive():
            _log.warning("the worker of printer %s is still busy and is left behind", self.endpoint.id)

    def wake(self) -> None:
        """Look into the queue now; called after the commit of a new job."""
        self._woken.set()

    def open_drawer(self, reason: DrawerReason) -> None:
        """Kick the drawer, before anything is printed; a kick that can't go out in time is dropped, never queued."""
        self._kick.ask(reason)
        self._woken.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            wait_s = self._round_or_trouble()
            if self._kick.is_pending:
                wait_s = min(wait_s, self._kick.left_s, self._pace.retry_first_s)
            self._woken.wait(wait_s)
            self._woken.clear()

    def _round_or_trouble(self) -> float:
        """One round, and how long to wait for the next; whatever goes wrong, the thread lives on."""
        try:
            return self._round()
        except Unavailable as error:
            _log.warning("printer %s waits for the database: %s", self.endpoint.id, error)
        except Exception as error:  # noqa: BLE001 - the thread must live on; the error is logged and told
            _log.exception("printer %s: unexpected error", self.endpoint.id)
            self._tell(WorkerTroubled(self.endpoint.id, str(error)))
        return self._longer_wait(self._pace.retry_last_s)

    def _round(self) -> float:
        self._tidy_up()
        self._drop_late_kick()
        is_due = time.monotonic() >= self._next_look
        if not is_due and not self._kick.is_pending and self._next_job() is None:
            return self._next_look - time.monotonic()
        try:
            self._visit()
        except DeviceError as error:
            _log.info("printer %s: %s", self.endpoint.id, error)
            self._note(_UNREACHABLE)
            return self._wait_after_visit(self._pace.retry_last_s)
        return self._wait_after_visit(self._pace.blocked_s)

    def _wait_after_visit(self, longest_s: float) -> float:
        if self._next_job() is not None:
            return self._longer_wait(longest_s)
        self._retry_s = self._pace.retry_first_s
        idle_s = self._pace.drawer_open_s if self.status.drawer_opened else self._pace.idle_s
        self._next_look = time.monotonic() + idle_s
        return idle_s

    def _longer_wait(self, longest_s: float) -> float:
        wait_s = min(self._retry_s, longest_s)
        self._retry_s = min(self._retry_s * 2, self._pace.retry_last_s)
        return wait_s

    def _tidy_up(self) -> None:
        if self._has_tidied_up:
            return
        job_ids = self._commit(lambda session: progress.mark_interrupted(session, self.endpoint.id, self._clock.now()))
        self._has_tidied_up = True
        for job_id in job_ids:
            self._tell(JobChanged(self.endpoint.id, job_id, JobState.UNCERTAIN, progress.INTERRUPTED))

    def _visit(self) -> None:
        """One connection: how is the printer, the drawer first, then all jobs as long as all goes well."""
        self._printer.open()
        try:
            self._note(self._printer.query_status())
            self._kick_drawer()
            while self.status.can_print and not self._stopping.is_set():
                job = self._next_job()
                if job is None or not self._print(job):
                    return
                self._kick_drawer()
                self._note(self._printer.query_status())
        finally:
            self._printer.close()

    def _print(self, job: PrintJob) -> bool:
        """Print one job; False when this connection should end, lest a late confirmation is taken for another job's."""
        payload = self._encode(job)
        if payload is None or not self._claim(job):
            return True
        try:
            result = self._printer.print_bytes(payload, self._keep_waiting)
        except DeviceError:
            self._settle(job, Ending(JobState.QUEUED))
            raise
        except Exception:
            self._settle(job, Ending(JobState.UNCERTAIN, BROKEN_OFF))
            raise
        self._retry_s = self._pace.retry_first_s
        self._settle(job, Ending(JobState(result.outcome), result.reason))
        return result.outcome is not PrintOutcome.UNCERTAIN

    def _encode(self, job: PrintJob) -> bytes | None:
        """The job's bytes; one that can't be encoded is set aside until the next start and holds up nobody."""
        order = job.order
        try:
            return self.endpoint.encode(order.snapshot, self.endpoint.profile, job.is_copy)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one receipt must not hold up the others
            _log.exception("job %s can't be encoded", job.id)
            self._unreadable.add(job.id)
            self._commit(lambda session: progress.mark_unreadable(session, job.id, self._clock.now()))
            self._tell(JobChanged(self.endpoint.id, job.id, JobState.QUEUED, progress.UNREADABLE))
            self._tell(WorkerTroubled(self.endpoint.id, str(error), job.id))
            return None

    def _claim(self, job: PrintJob) -> bool:
        """Take the job for this worker. After a lost answer it may be taken already, which only a person can tell."""
        tries = itertools.count()

        def work(session: Session) -> JobState | None:
            is_repeated = next(tries) > 0
            if progress.claim(session, job, self._clock.now()):
                return JobState.SENDING
            in_doubt = is_repeated and progress.mark_doubtful(session, job, self._clock.now())
            return JobState.UNCERTAIN if in_doubt else None

        state = self._commit(work)
        if state is not None:
            reason = progress.CLAIM_IN_DOUBT if state is JobState.UNCERTAIN else ""
            self._tell(JobChanged(self.endpoint.id, job.id, state, reason))
        return state is JobState.SENDING

    def _settle(self, job: PrintJob, ending: Ending) -> None:
        self._commit(lambda session: progress.settle(session, job.id, ending, self._clock.now()))
        self._tell(JobChanged(self.endpoint.id, job.id, ending.state, ending.reason))

    def _keep_waiting(self, status: PrinterStatus) -> bool:
        """While the printer waits for paper the drawer must still open, and the till must be able to close."""
        self._note(status)
        self._kick_drawer()
        return not self._stopping.is_set()

    def _kick_drawer(self) -> None:
        reason = self._kick.take()
        if reason is None:
            return
        try:
            self._printer.open_drawer(reason)
        except DeviceError as error:
            _log.warning("printer %s: %s", self.endpoint.id, error)
            self._tell(DrawerKicked(self.endpoint.id, reason, was_sent=False))
        else:
            self._tell(DrawerKicked(self.endpoint.id, reason, was_sent=True))

    def _drop_late_kick(self) -> None:
        reason = self._kick.take_expired()
        if reason is not None:
            self._tell(DrawerKicked(self.endpoint.id, reason, was_sent=False))

    def _next_job(self) -> PrintJob | None:
        with self._database.read() as session:
            return progress.next_job(session, self.endpoint.id, self._unreadable)

    def _commit(self, work: Callable[[Session], _T]) -> _T:
        """One short transaction; a busy database is waited for, as what the printer did can't be undone."""
        while True:
            try:
                return self._database.run(work)
            except Unavailable as error:
                if self._stopping.wait(self._pace.database_s):
                    raise
                _log.warning("printer %s waits for the database: %s", self.endpoint.id, error)

    def _note(self, status: PrinterStatus) -> None:
        if status != self._status:
            self._status = status
            self._tell(StatusChanged(self.endpoint.id, status))

    def _tell(self, event: WorkerEvent) -> None:
        for callback in self._listeners:
            try:
                callback(event)
            except Exception:  # noqa: BLE001 - a listener's defect is not the printer's
                _log.exception("a listener of printer %s failed", self.endpoint.id)
