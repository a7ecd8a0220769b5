"""The status desk: how printer, TSE, drawer, database and disk are, for the chips and strips of the screen."""

from __future__ import annotations

import datetime as dt
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from till.app.paper import receipt_endpoint
from till.app.views import PrinterState, Status, UncertainJob
from till.app.workplace import DISK_STOP_BYTES, Workplace
from till.audit import trail
from till.db.engine import BUSY, DAMAGED, DISK_ERROR, DISK_FULL, NO_CONNECTION, READ_ONLY
from till.devices.model import PrinterStatus
from till.documents.models import DocumentRow
from till.documents.post import CLOCK_BEHIND
from till.errors import Refused, Unavailable
from till.fiscal.recorder import FAILURE_SENTENCES
from till.fiscal.signing import OutageBegan, Ready, SigningEvent
from till.i18n import msg
from till.printing.events import DrawerKicked, JobChanged, StatusChanged, WorkerEvent
from till.printing.job import Answer, JobState, PrintJob
from till.printing.jobs import answer, open_jobs
from till.printing.worker import PrinterWorker
from till.vouchers.standing import voucher_by_id

DISK_WARN_BYTES = 200_000_000
DATABASE_BUSY, DATABASE_GONE, CLOCK_BACK = BUSY, NO_CONNECTION, CLOCK_BEHIND  # a screen sees no database
_WAITING = {
    BUSY: msg("The database is busy right now. The till waits for it and tries again by itself."),
    NO_CONNECTION: msg("The database can’t be reached. The till tries again by itself until it is back."),
    READ_ONLY: msg(
        "The database can only be read. Check the rights of the data folder and whether the disk is write-protected; "
        "the till tries again by itself."
    ),
    DISK_FULL: msg("The disk is full. Free some space; the till tries again by itself."),
    DISK_ERROR: msg("The disk can’t be written. Check it; the till tries again by itself."),
}


class StatusDesk:
    """Gathers what the devices' threads tell; tells its own listeners, on those threads."""

    def __init__(self, workplace: Workplace, worker: PrinterWorker | None) -> None:
        self._workplace = workplace
        self._worker = worker
        self._lock = threading.Lock()
        self._listeners: list[Callable[[Status], None]] = []
        self._status = Status(
            printer=PrinterState.NONE if worker is None else PrinterState.OFFLINE,
            unprinted=0,
            uncertain=(),
            tse_ready=False,
            tse_is_test=True,
            tse_outage_since=None,
            tse_reason="",
            drawer_open=None,
            shift_open=workplace.shift is not None,
            database_waiting=False,
            disk_low=False,
            training=workplace.is_training,
        )
        self.check_disk()
        if worker is not None:
            worker.listen(self.note_printer)

    @property
    def current(self) -> Status:
        """How everything is now."""
        return self._status

    def listen(self, callback: Callable[[Status], None]) -> None:
        """Call `callback` with the new status after every change, on any thread."""
        self._listeners.append(callback)

    def note_printer(self, event: WorkerEvent) -> None:
        """Take in what the printer's worker tells."""
        match event:
            case StatusChanged(_, status):
                self._set(printer=_printer_state(status), drawer_open=status.drawer_opened)
                self.count_jobs()
            case DrawerKicked(_, _, was_sent):
                self._set(drawer_needs_key=not was_sent)
            case JobChanged():
                self.count_jobs()
            case _:
                pass

    def note_signing(self, event: SigningEvent) -> None:
        """Take in what the TSE's thread tells."""
        match event:
            case Ready():
                self._set(tse_ready=True, tse_outage_since=None, tse_reason="", tse_failure="")
            case OutageBegan(failure, reason, since):
                words = FAILURE_SENTENCES[failure]
                self._set(tse_ready=False, tse_outage_since=since, tse_reason=reason, tse_failure=words)
            case _:
                pass

    def note_tse_kind(self, *, is_test: bool) -> None:
        """Whether the TSE only plays one."""
        self._set(tse_is_test=is_test)

    def note_database(self, reason: Unavailable | None) -> None:
        """Why writes behind the counter wait for the database; None when they go on."""
        trouble = "" if reason is None else _WAITING.get(reason.msgid, _WAITING[BUSY])
        self._set(database_waiting=reason is not None, database_trouble=trouble)

    def note_backup(self, failure: str) -> None:
        """The last backup is there (empty), or why it isn't: the msgid of a sentence."""
        self._set(backup_failed=failure)

    def note_damage(self) -> None:
        """The books are damaged; they stay so until the next start has looked again."""
        self._set(books_damaged=True)

    def note_shift(self) -> None:
        """The till was opened or closed."""
        self._set(shift_open=self._workplace.shift is not None)

    def note_training(self) -> None:
        """Training began or ended."""
        self._set(training=self._workplace.is_training)

    def note_owed(self) -> None:
        """A receipt is owed to the printer: look at it now, count what waits, and see whether the disk still has room."""
        self.retry_printing()
        self.count_jobs()
        self.check_disk()

    def check_disk(self) -> None:
        """Look how much room is left (80-quality Q3)."""
        free = self._free_bytes()
        self._set(disk_low=free < DISK_WARN_BYTES, disk_full=free < DISK_STOP_BYTES)

    def count_jobs(self) -> None:
        """Read from the queue what is not printed."""
        with self._workplace.database.read() as session:
            jobs = open_jobs(session, receipt_endpoint(self._workplace.settings.till_id))
            uncertain = [job for job in jobs if job.state is JobState.UNCERTAIN]
            doubted = tuple(self._in_doubt(session, job) for job in uncertain)
        waiting = [job for job in jobs if job.state is JobState.QUEUED and self._is_overdue(job.created_at)]
        self._set(unprinted=len(waiting), uncertain=doubted)

    def answer_uncertain(self, job_id: int, *, printed: bool) -> None:
        """What the cashier saw: the receipt was printed, or it comes once more as a copy (D3)."""

        def work(session: Session) -> None:
            context = self._workplace.context(needs_shift=False)
            said = Answer.PRINTED if printed else Answer.PRINT_COPY
            answer(session, job_id, said, context.now)
            trail.note(session, context, trail.Action.PRINT_ANSWERED, f"job {job_id}", after=said.value)

        self._workplace.run(work)
        self.count_jobs()
        self.retry_printing()

    def retry_printing(self) -> None:
        """Look at the printer now."""
        if self._worker is not None:
            self._worker.wake()

    def _is_overdue(self, since: dt.datetime) -> bool:
        """A receipt that is just being printed is none that is missing."""
        troubled = self._status.printer not in {PrinterState.READY, PrinterState.PAPER_LOW}
        return troubled or self._workplace.clock.now() - since > dt.timedelta(seconds=10)

    def _in_doubt(self, session: Session, job: PrintJob) -> UncertainJob:
        voucher = voucher_by_id(session, job.order.document_id)
        if voucher is not None:
            return UncertainJob(job.id, voucher.issued_number, voucher.number)
        return UncertainJob(job.id, self._number(session, job.order.document_id))

    def _number(self, session: Session, document_id: object) -> int:
        found = session.execute(select(DocumentRow.number).where(DocumentRow.id == document_id)).scalar_one_or_none()
        return found or 0

    def _free_bytes(self) -> int:
        """The room on the data folder's disk; a folder that is not there any more has none."""
        try:
            return shutil.disk_usage(self._workplace.settings.data_dir).free
        except OSError:
            return 0

    def _set(self, **changes: object) -> None:
        with self._lock:
            changed = replace(self._status, **changes)  # type: ignore[arg-type]
            is_new = changed != self._status
            self._status = changed
        if is_new:
            for callback in self._listeners:
                callback(self._status)


def _printer_state(status: PrinterStatus) -> PrinterState:
    if status.online is False and not (status.rec_empty or status.cover_open):
        return PrinterState.OFFLINE
    if status.cover_open:
        return PrinterState.COVER_OPEN
    if status.rec_empty:
        return PrinterState.PAPER_OUT
    return PrinterState.PAPER_LOW if status.rec_near_end else PrinterState.READY


def waiting_words(error: Unavailable) -> str | None:
    """What to say while the till tries again by itself: a msgid with the error's values; None where that is no use."""
    return None if error.msgid == DAMAGED else _WAITING.get(error.msgid, error.msgid)


def passes_by_itself(error: Exception) -> bool:
    """Whether the database is only busy or out of reach, so that a start may be tried again without anybody's doing."""
    return isinstance(error, Unavailable) and error.msgid in {BUSY, NO_CONNECTION}


def is_about_the_clock(refusal: Refused) -> bool:
    """Whether it can be answered with: the clock is right (`CashDesk.confirm_clock`)."""
    return refusal.msgid == CLOCK_BEHIND
