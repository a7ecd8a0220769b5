"""What the shop does with the print queue: enqueue, count, answer the doubtful, move to another printer."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from sqlalchemy import ColumnElement, and_, case, func, select, update
from sqlalchemy.orm import Session

from till.errors import Refused
from till.i18n import msg
from till.printing.job import OPEN_STATES, Answer, Backlog, JobState, NewJob, PrintJob
from till.printing.models import PrintJobRow


def enqueue(session: Session, order: NewJob, now: dt.datetime) -> int:
    """Owe this document to a printer, and return the job's id; wake the printer's worker after the commit.

    Enqueuing the same document and copy for the same printer again changes nothing, whatever became of it.
    """
    existing = session.scalar(select(PrintJobRow.id).where(_is_same(order)))
    if existing is not None:
        return existing
    row = _row(order, now)
    session.add(row)
    session.flush()
    return row.id


def enqueue_copy(session: Session, order: NewJob, now: dt.datetime) -> int:
    """Print a document once more, with the next copy number that is free at this printer, never as an original."""
    return enqueue(session, replace(order, copy_no=max(2, _next_copy_no(session, order))), now)


def open_jobs(session: Session, endpoint: str | None = None) -> list[PrintJob]:
    """All jobs that are not settled, oldest first, of one printer or of all."""
    query = select(PrintJobRow).where(PrintJobRow.state.in_(OPEN_STATES)).order_by(PrintJobRow.id)
    if endpoint is not None:
        query = query.where(PrintJobRow.endpoint == endpoint)
    return [job_of(row) for row in session.scalars(query)]


def backlogs(session: Session) -> list[Backlog]:
    """What each printer owes, by its id; printers that owe nothing are left out."""
    uncertain = func.sum(case((PrintJobRow.state == JobState.UNCERTAIN, 1), else_=0))
    query = (
        select(PrintJobRow.endpoint, func.count(), uncertain)
        .where(PrintJobRow.state.in_(OPEN_STATES))
        .group_by(PrintJobRow.endpoint)
        .order_by(PrintJobRow.endpoint)
    )
    rows = session.execute(query)
    return [Backlog(endpoint, int(count) - int(doubtful), int(doubtful)) for endpoint, count, doubtful in rows]


def unprinted(session: Session) -> int:
    """The number on the badge "3 receipts not printed": all open jobs."""
    return sum(backlog.waiting + backlog.uncertain for backlog in backlogs(session))


def answer(session: Session, job_id: int, said: Answer, now: dt.datetime) -> int | None:
    """Settle a doubtful job by what a person saw; PRINT_COPY returns the id of the new job, which is marked as a copy.

    Refused when the job is not in doubt (any more).
    """
    ending = JobState.PRINTED if said is Answer.PRINTED else JobState.CANCELLED
    _settle(session, job_id, {JobState.UNCERTAIN: ending}, now)
    if said is not Answer.PRINT_COPY:
        return None
    row = session.get_one(PrintJobRow, job_id)
    return enqueue_copy(session, job_of(row).order, now)


def cancel(session: Session, job_id: int, now: dt.datetime) -> None:
    """Give up a job that waits or is in doubt (the customer got the receipt by e-mail); Refused otherwise."""
    _settle(session, job_id, dict.fromkeys((JobState.QUEUED, JobState.UNCERTAIN), JobState.CANCELLED), now)


def redirect(session: Session, endpoint: str, target: str, now: dt.datetime) -> int:
    """Move all waiting jobs of a printer to another one, and return how many; doubtful ones stay and are asked about.

    A document that the target has had already arrives there as a further copy. Refused for the same printer.
    """
    if endpoint == target:
        raise Refused(SAME_PRINTER)
    waiting = select(PrintJobRow).where(PrintJobRow.endpoint == endpoint, PrintJobRow.state == JobState.QUEUED)
    orders = {row.id: job_of(row).order for row in session.scalars(waiting.order_by(PrintJobRow.id))}
    return sum(_move(session, job_id, replace(order, endpoint=target), now) for job_id, order in orders.items())


def blank_finished(session: Session, before: dt.datetime) -> int:
    """Empty the receipts of jobs settled before an instant (they may hold names); the rows stay, so nothing prints twice."""
    statement = (
        update(PrintJobRow)
        .where(PrintJobRow.state.not_in(OPEN_STATES), PrintJobRow.updated_at < before, PrintJobRow.snapshot != "")
        .values(snapshot="")
    )
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]


def job_of(row: PrintJobRow) -> PrintJob:
    """The job that a row holds."""
    order = NewJob(row.endpoint, row.role, row.document_id, row.kind, row.snapshot, row.copy_no)
    return PrintJob(row.id, order, JobState(row.state), row.attempts, row.last_error, row.created_at)


def _row(order: NewJob, now: dt.datetime) -> PrintJobRow:
    return PrintJobRow(
        endpoint=order.endpoint,
        role=order.role,
        document_id=order.document_id,
        copy_no=order.copy_no,
        kind=order.kind,
        snapshot=order.snapshot,
        state=JobState.QUEUED,
        attempts=0,
        last_error="",
        created_at=now,
        updated_at=now,
    )


def _is_same(order: NewJob) -> ColumnElement[bool]:
    return and_(
        PrintJobRow.endpoint == order.endpoint,
        PrintJobRow.document_id == order.document_id,
        PrintJobRow.copy_no == order.copy_no,
    )


def _next_copy_no(session: Session, order: NewJob) -> int:
    highest = select(func.max(PrintJobRow.copy_no)).where(
        PrintJobRow.endpoint == order.endpoint, PrintJobRow.document_id == order.document_id
    )
    return (session.scalar(highest) or 0) + 1


def _move(session: Session, job_id: int, order: NewJob, now: dt.datetime) -> int:
    """Give a waiting job to the printer in `order`; 0 when its worker was faster."""
    is_taken = session.scalar(select(PrintJobRow.id).where(_is_same(order))) is not None
    copy_no = _next_copy_no(session, order) if is_taken else order.copy_no
    statement = update(PrintJobRow).where(PrintJobRow.id == job_id, PrintJobRow.state == JobState.QUEUED)
    moved = session.execute(statement.values(endpoint=order.endpoint, copy_no=copy_no, updated_at=now))
    return int(moved.rowcount)  # type: ignore[attr-defined]


def _settle(session: Session, job_id: int, endings: dict[JobState, JobState], now: dt.datetime) -> None:
    for before, after in endings.items():
        statement = update(PrintJobRow).where(PrintJobRow.id == job_id, PrintJobRow.state == before)
        if session.execute(statement.values(state=after, updated_at=now)).rowcount:  # type: ignore[attr-defined]
            return
    raise Refused(ALREADY_SETTLED)


SAME_PRINTER = msg("The receipts already wait for this printer. Choose another one.")
ALREADY_SETTLED = msg("This receipt needs no answer any more; it was settled meanwhile.")
