"""The steps of a job through its printer's worker, each its own short transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from till.i18n import msg
from till.printing.job import Ending, JobState, PrintJob
from till.printing.jobs import job_of
from till.printing.models import PrintJobRow

INTERRUPTED = msg("The till stopped while the receipt was being sent.")
CLAIM_IN_DOUBT = msg("The database broke off while the receipt was to be sent.")
UNREADABLE = msg("The till can't turn this receipt into print.")


def next_job(session: Session, endpoint: str, but: Collection[int] = ()) -> PrintJob | None:
    """The oldest job that waits for the printer, leaving out the ids in `but`."""
    query = select(PrintJobRow).where(PrintJobRow.endpoint == endpoint, PrintJobRow.state == JobState.QUEUED)
    if but:
        query = query.where(PrintJobRow.id.not_in(but))
    row = session.scalar(query.order_by(PrintJobRow.id).limit(1))
    return None if row is None else job_of(row)


def claim(session: Session, job: PrintJob, now: dt.datetime) -> bool:
    """Mark the job as being sent; False when it was cancelled or moved meanwhile. Commit before the first byte."""
    statement = (
        update(PrintJobRow)
        .where(
            PrintJobRow.id == job.id,
            PrintJobRow.endpoint == job.order.endpoint,
            PrintJobRow.state == JobState.QUEUED,
        )
        .values(state=JobState.SENDING, attempts=PrintJobRow.attempts + 1, last_error="", updated_at=now)
    )
    return bool(session.execute(statement).rowcount)  # type: ignore[attr-defined]


def mark_doubtful(session: Session, job: PrintJob, now: dt.datetime) -> bool:
    """Ask about a job that seems to be claimed by a `claim` whose answer was lost; False when it was not claimed.

    Nothing was sent by the caller, but another till's worker may have been faster: a person knows, the till doesn't.
    """
    statement = (
        update(PrintJobRow)
        .where(
            PrintJobRow.id == job.id,
            PrintJobRow.state.in_((JobState.SENDING, JobState.UNCERTAIN)),
            PrintJobRow.attempts == job.attempts + 1,
        )
        .values(state=JobState.UNCERTAIN, last_error=CLAIM_IN_DOUBT, updated_at=now)
    )
    return bool(session.execute(statement).rowcount)  # type: ignore[attr-defined]


def settle(session: Session, job_id: int, ending: Ending, now: dt.datetime) -> None:
    """Write down how the sending ended."""
    statement = update(PrintJobRow).where(PrintJobRow.id == job_id, PrintJobRow.state == JobState.SENDING)
    session.execute(statement.values(state=ending.state, last_error=ending.reason, updated_at=now))


def mark_unreadable(session: Session, job_id: int, now: dt.datetime) -> None:
    """Note that a waiting job can't be encoded; it goes on waiting, for a repaired till."""
    statement = update(PrintJobRow).where(PrintJobRow.id == job_id, PrintJobRow.state == JobState.QUEUED)
    session.execute(statement.values(last_error=UNREADABLE, updated_at=now))


def mark_interrupted(session: Session, endpoint: str, now: dt.datetime) -> list[int]:
    """What an earlier run left in the middle of sending is doubtful; returns the jobs' ids."""
    is_left = (PrintJobRow.endpoint == endpoint) & (PrintJobRow.state == JobState.SENDING)
    job_ids = list(session.scalars(select(PrintJobRow.id).where(is_left)))
    if job_ids:
        values = {"state": JobState.UNCERTAIN, "last_error": INTERRUPTED, "updated_at": now}
        session.execute(update(PrintJobRow).where(is_left).values(values))
    return job_ids
