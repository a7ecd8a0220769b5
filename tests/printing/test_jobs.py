"""The shop's side of the print queue: what is owed, counted, answered and moved (70-devices D3)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from till.errors import Refused
from till.printing import jobs, progress
from till.printing.job import Answer, Backlog, Ending, JobState

if TYPE_CHECKING:
    from tests.printing.conftest import Counter

LATER = dt.datetime(2025, 3, 2, 9, 0, tzinfo=dt.UTC)


def test_enqueuing_the_same_receipt_again_changes_nothing(counter: Counter) -> None:
    first = counter.owe(1)
    counter.force_state(first, JobState.PRINTED)
    assert counter.owe(1) == first
    assert counter.states() == [JobState.PRINTED]


def test_the_same_receipt_may_be_owed_to_two_printers(counter: Counter) -> None:
    assert counter.owe(1) != counter.owe(1, endpoint="kitchen")


def test_a_job_is_read_back_as_it_was_ordered(counter: Counter) -> None:
    job_id = counter.owe(1)
    with counter.database.read() as session:
        [job] = jobs.open_jobs(session)
    assert (job.id, job.order, job.state) == (job_id, counter.order(1), JobState.QUEUED)
    assert (job.attempts, job.last_error, job.is_copy) == (0, "", False)
    assert job.created_at == counter.clock.now()


def test_copies_are_numbered_on_and_never_originals(counter: Counter) -> None:
    with counter.database.write() as session:
        jobs.enqueue_copy(session, counter.order(1), LATER)
    counter.owe(2)
    with counter.database.write() as session:
        jobs.enqueue_copy(session, counter.order(2), LATER)
        jobs.enqueue_copy(session, counter.order(2), LATER)
        found = jobs.open_jobs(session)
    assert [(job.order.document_id, job.order.copy_no) for job in found] == [
        (counter.documents[1], 2),
        (counter.documents[2], 1),
        (counter.documents[2], 2),
        (counter.documents[2], 3),
    ]


def test_the_badge_counts_what_is_not_on_paper(counter: Counter) -> None:
    endings = [
        JobState.QUEUED,
        JobState.SENDING,
        JobState.UNCERTAIN,
        JobState.PRINTED,
        JobState.SENT,
        JobState.CANCELLED,
    ]
    for number, state in enumerate(endings):
        counter.force_state(counter.owe(number), state)
    counter.owe(50, endpoint="kitchen")
    with counter.database.read() as session:
        assert jobs.unprinted(session) == 4
        assert jobs.backlogs(session) == [Backlog("bon", 2, 1), Backlog("kitchen", 1, 0)]
        assert len(jobs.open_jobs(session, "bon")) == 3


@pytest.mark.parametrize(("said", "state"), [(Answer.PRINTED, JobState.PRINTED), (Answer.CANCEL, JobState.CANCELLED)])
def test_an_answer_settles_a_doubtful_job(counter: Counter, said: Answer, state: JobState) -> None:
    job_id = counter.owe(1)
    counter.force_state(job_id, JobState.UNCERTAIN)
    with counter.database.write() as session:
        assert jobs.answer(session, job_id, said, LATER) is None
    assert counter.states() == [state]


def test_not_printed_makes_a_copy_of_the_same_receipt(counter: Counter) -> None:
    job_id = counter.owe(1)
    counter.force_state(job_id, JobState.UNCERTAIN)
    with counter.database.write() as session:
        copy_id = jobs.answer(session, job_id, Answer.PRINT_COPY, LATER)
        [copy] = jobs.open_jobs(session)
    assert (copy.id, copy.order) == (copy_id, replace(counter.order(1), copy_no=2))
    assert copy.is_copy
    assert counter.states() == [JobState.CANCELLED, JobState.QUEUED]


@pytest.mark.parametrize("state", [state for state in JobState if state is not JobState.UNCERTAIN])
def test_only_a_doubtful_job_takes_an_answer(counter: Counter, state: JobState) -> None:
    job_id = counter.owe(1)
    counter.force_state(job_id, state)
    with pytest.raises(Refused), counter.database.write() as session:
        jobs.answer(session, job_id, Answer.PRINT_COPY, LATER)
    assert counter.states() == [state]


def test_a_job_that_is_being_sent_cannot_be_cancelled(counter: Counter) -> None:
    job_id = counter.owe(1)
    counter.force_state(job_id, JobState.SENDING)
    with pytest.raises(Refused), counter.database.write() as session:
        jobs.cancel(session, job_id, LATER)
    assert counter.states() == [JobState.SENDING]


def test_waiting_jobs_move_to_another_printer_and_doubtful_ones_stay(counter: Counter) -> None:
    for number, state in enumerate([JobState.QUEUED, JobState.UNCERTAIN, JobState.SENDING, JobState.QUEUED]):
        counter.force_state(counter.owe(number), state)
    with counter.database.write() as session:
        assert jobs.redirect(session, "bon", "kitchen", LATER) == 2
        assert jobs.backlogs(session) == [Backlog("bon", 1, 1), Backlog("kitchen", 2, 0)]


def test_a_receipt_that_the_other_printer_had_already_arrives_as_a_copy(counter: Counter) -> None:
    counter.force_state(counter.owe(1, endpoint="kitchen"), JobState.PRINTED)
    counter.owe(1)
    with counter.database.write() as session:
        assert jobs.redirect(session, "bon", "kitchen", LATER) == 1
        [job] = jobs.open_jobs(session)
    assert (job.order.endpoint, job.order.copy_no) == ("kitchen", 2)


def test_moving_to_the_same_printer_is_refused(counter: Counter) -> None:
    with pytest.raises(Refused), counter.database.write() as session:
        jobs.redirect(session, "bon", "bon", LATER)


def test_a_job_moved_away_is_not_claimed_any_more(counter: Counter) -> None:
    counter.owe(1)
    with counter.database.write() as session:
        [job] = jobs.open_jobs(session)
        jobs.redirect(session, "bon", "kitchen", LATER)
        assert not progress.claim(session, job, LATER)
    assert counter.states() == [JobState.QUEUED]


def test_a_job_is_claimed_once_and_its_attempts_are_counted(counter: Counter) -> None:
    counter.owe(1)
    with counter.database.write() as session:
        [job] = jobs.open_jobs(session)
        assert progress.claim(session, job, LATER)
        assert not progress.claim(session, job, LATER)
        progress.settle(session, job.id, Ending(JobState.QUEUED), LATER)
        assert progress.claim(session, job, LATER)
    with counter.database.read() as session:
        [job] = jobs.open_jobs(session)
    assert (job.state, job.attempts) == (JobState.SENDING, 2)


def test_old_receipts_are_emptied_but_never_printed_again(counter: Counter) -> None:
    done, waiting = counter.owe(1), counter.owe(2)
    counter.force_state(done, JobState.PRINTED)
    with counter.database.write() as session:
        assert jobs.blank_finished(session, before=counter.clock.now()) == 0
        assert jobs.blank_finished(session, before=LATER) == 1
        [left] = jobs.open_jobs(session)
    assert (left.id, left.order.snapshot) == (waiting, counter.order(2).snapshot)
    assert counter.owe(1) == done
