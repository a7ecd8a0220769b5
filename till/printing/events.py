"""What a printer's worker tells its listeners; they are called on the worker's thread."""

from __future__ import annotations

from dataclasses import dataclass

from till.devices.model import DrawerReason, PrinterStatus
from till.printing.job import JobState


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """The printer is in another state than before; `online` False also means that it can't be reached."""

    endpoint: str
    status: PrinterStatus


@dataclass(frozen=True, slots=True)
class JobChanged:
    """A job has reached another state, already committed; `reason` is a msgid or empty."""

    endpoint: str
    job_id: int
    state: JobState
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DrawerKicked:
    """A kick went out (`was_sent`), or the drawer must be opened with the key."""

    endpoint: str
    reason: DrawerReason
    was_sent: bool


@dataclass(frozen=True, slots=True)
class WorkerTroubled:
    """Something unexpected happened; it is in the log, and the worker goes on. `job_id` names the job it was about."""

    endpoint: str
    error: str
    job_id: int | None = None


WorkerEvent = StatusChanged | JobChanged | DrawerKicked | WorkerTroubled
