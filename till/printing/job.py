"""The values of the print queue: a job, its states, and what a person may answer to a doubtful one."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from enum import StrEnum


class JobState(StrEnum):
    """Where a job is; stored. QUEUED, SENDING and UNCERTAIN are open, the others are final (70-devices 6.5)."""

    QUEUED = "queued"
    """Nothing was sent: it is tried again by itself."""
    SENDING = "sending"
    """Bytes may be on their way; only the worker that sends may say more."""
    PRINTED = "printed"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    """It may be on paper or not: never sent again by itself, a person is asked."""
    CANCELLED = "cancelled"


OPEN_STATES = (JobState.QUEUED, JobState.SENDING, JobState.UNCERTAIN)


class Answer(StrEnum):
    """What a person says to "Was receipt 123 printed?"."""

    PRINTED = "printed"
    PRINT_COPY = "print_copy"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class NewJob:
    """What is to be printed where; `copy_no` 1 is the original, more are marked as copies.

    `endpoint` is the printer's id, `role` what it is used for (receipt, voucher_label …), `kind` the sort of
    document; `snapshot` holds the receipt as JSON and is opaque to the queue.
    """

    endpoint: str
    role: str
    document_id: uuid.UUID
    kind: str
    snapshot: str
    copy_no: int = 1


@dataclass(frozen=True, slots=True)
class PrintJob:
    """A job as it stands; `last_error` is a msgid or empty, `attempts` counts the times it was sent."""

    id: int
    order: NewJob
    state: JobState
    attempts: int
    last_error: str
    created_at: dt.datetime

    @property
    def is_copy(self) -> bool:
        """True for everything after the original."""
        return self.order.copy_no > 1


@dataclass(frozen=True, slots=True)
class Ending:
    """How the sending of a job ended; `reason` is a msgid or empty."""

    state: JobState
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many receipts one printer still owes: those that come by themselves, and those that need an answer."""

    endpoint: str
    waiting: int
    uncertain: int
