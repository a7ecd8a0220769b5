"""A counter with a real database, a simulated printer and a worker that waits only milliseconds."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from till.clock import FixedClock
from till.db.base import Base
from till.db.engine import Database, sqlite_url
from till.devices.drivers.escpos_printer import PrinterLimits
from till.devices.endpoints import transport_factory
from till.devices.model import PrinterProfile
from till.devices.profiles import DEFAULT_PROFILE
from till.devices.simulated.marks import CutKind
from till.devices.simulated.printer import SimulatedPrinter
from till.printing import jobs
from till.printing.events import DrawerKicked, JobChanged, StatusChanged, WorkerEvent, WorkerTroubled
from till.printing.job import JobState, NewJob
from till.printing.models import PrintJobRow
from till.printing.worker import PrinterEndpoint, PrinterWorker, WorkerPace

NOW = dt.datetime(2025, 3, 1, 12, 0, tzinfo=dt.UTC)
PACE = WorkerPace(
    retry_first_s=0.02,
    retry_last_s=0.1,
    blocked_s=0.05,
    idle_s=0.1,
    drawer_open_s=0.05,
    kick_s=0.4,
    database_s=0.02,
    limits=PrinterLimits(status_s=0.2, confirm_s=0.6, ask_every_s=0.05, quiet_s=0.01),
)


def encode(snapshot: str, profile: PrinterProfile, is_copy: bool) -> bytes:  # noqa: FBT001 - the worker's own form
    """A receipt of one line, with ESC @ first and a cut last, as a real encoder makes it."""
    mark = "KOPIE\n" if is_copy else ""
    select_codepage = bytes((0x1B, 0x74, profile.codepage_slot))
    return b"\x1b@" + select_codepage + f"{mark}{snapshot}\n".encode("cp858") + b"\x1dVB\x00"


class Counter:
    """The database, the printer and its worker, with words for what tests do with them."""

    pace = PACE
    encode = staticmethod(encode)

    def __init__(self, path: Path) -> None:
        self.database = Database(sqlite_url(path), wait_s=0.2)
        Base.metadata.create_all(self.database.engine, tables=[Base.metadata.tables["print_job"]])
        self.clock = FixedClock(NOW)
        self.printer = SimulatedPrinter()
        self.printer.power_on()
        self.events: list[WorkerEvent] = []
        self.workers: list[PrinterWorker] = []
        self.documents: dict[int, uuid.UUID] = {}

    def worker(self, profile: PrinterProfile = DEFAULT_PROFILE, pace: WorkerPace = PACE) -> PrinterWorker:
        """A worker, not yet started, for the printer "bon"."""
        return self.worker_of(PrinterEndpoint("bon", transport_factory(self.printer.uri), profile, encode), pace)

    def worker_of(self, endpoint: PrinterEndpoint, pace: WorkerPace = PACE) -> PrinterWorker:
        """A worker, not yet started."""
        worker = PrinterWorker(self.database, endpoint, self.clock, pace)
        worker.listen(self.events.append)
        self.workers.append(worker)
        return worker

    def owe(self, number: int, endpoint: str = "bon") -> int:
        """Enqueue receipt `number`; the id of its job."""
        with self.database.write() as session:
            job_id = jobs.enqueue(session, self.order(number, endpoint), NOW)
        for worker in self.workers:
            worker.wake()
        return job_id

    def order(self, number: int, endpoint: str = "bon") -> NewJob:
        """Receipt `number`, always of the same document."""
        document_id = self.documents.setdefault(number, uuid.uuid4())
        return NewJob(endpoint, "receipt", document_id, "receipt", f"Bon {number:03d} äöü €")

    def force_state(self, job_id: int, state: JobState) -> None:
        """What a crash leaves behind."""
        with self.database.write() as session:
            session.get_one(PrintJobRow, job_id).state = state

    def states(self) -> list[str]:
        """The states of all jobs in the order of their making."""
        with self.database.read() as session:
            return list(session.scalars(select(PrintJobRow.state).order_by(PrintJobRow.id)))

    def reasons(self) -> list[str]:
        """Why the last attempt at each job failed."""
        with self.database.read() as session:
            return list(session.scalars(select(PrintJobRow.last_error).order_by(PrintJobRow.id)))

    def reach(self, *states: JobState) -> None:
        """Wait until the jobs are in these states."""
        self.until(lambda: self.states() == list(states))

    def until(self, is_so: Callable[[], bool], timeout_s: float = 8.0) -> None:
        """Wait for something; fails with what there is instead."""
        deadline = time.monotonic() + timeout_s
        while not is_so():
            assert time.monotonic() < deadline, (self.states(), self.reasons(), self.events[-5:])
            time.sleep(0.005)

    def whole_receipts(self) -> list[str]:
        """The text of each receipt that came out with a cut."""
        return [receipt.text for receipt in self.printer.receipts if receipt.cut is not CutKind.NONE]

    def times_printed(self, number: int) -> int:
        """How many whole receipts carry this number."""
        return sum(f"Bon {number:03d}" in text for text in self.whole_receipts())

    def when(self, state: JobState, do: Callable[[], object]) -> None:
        """Do something on the workers' thread as soon as the first job reaches a state."""
        done: list[WorkerEvent] = []

        def watch(event: WorkerEvent) -> None:
            if isinstance(event, JobChanged) and event.state is state and not done:
                done.append(event)
                do()

        for worker in self.workers:
            worker.listen(watch)

    def kicks(self) -> list[bool]:
        """For each kick that was asked for, whether it went out."""
        return [event.was_sent for event in list(self.events) if isinstance(event, DrawerKicked)]

    def statuses(self) -> list[StatusChanged]:
        """What was told about the printer's state."""
        return [event for event in list(self.events) if isinstance(event, StatusChanged)]

    def troubles(self) -> list[WorkerTroubled]:
        """What went wrong unexpectedly."""
        return [event for event in list(self.events) if isinstance(event, WorkerTroubled)]

    def close(self) -> None:
        """Stop all that was started."""
        for worker in self.workers:
            if worker.is_running:
                worker.stop()
        self.printer.power_off()
        self.database.close()


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """A counter with a printer that is on and in good order."""
    made = Counter(tmp_path / "till.db")
    yield made
    made.close()


@pytest.fixture
def silent_profile() -> PrinterProfile:
    """A printer that is known to answer nothing."""
    return replace(DEFAULT_PROFILE, cap_status=False, drawer_realtime=False)
