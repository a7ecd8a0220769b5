"""A commit whose answer is lost: the worker's next try must know that the first one went through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError

from till.printing.job import JobState

if TYPE_CHECKING:
    from tests.printing.conftest import Counter

CLAIM, SETTLEMENT = 2, 3


class _Busy(Exception):  # noqa: N818 - SQLite's word
    """What the driver raises for a database that is locked."""

    sqlite_errorcode = 5


def _lose_answer(counter: Counter, to: int) -> list[int]:
    """Let the commit with this number go through and say that it did not; returns the commits counted so far."""
    commits: list[int] = []

    def commit(connection: Connection) -> None:
        commits.append(len(commits) + 1)
        if commits[-1] == to:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.commit()
            raise OperationalError("COMMIT", {}, _Busy("the answer was lost"))

    event.listen(counter.database.engine, "commit", commit)
    return commits


def test_a_claim_whose_answer_was_lost_is_asked_about_and_not_left_in_the_middle(counter: Counter) -> None:
    counter.owe(1)
    _lose_answer(counter, CLAIM)
    counter.worker().start()
    counter.reach(JobState.UNCERTAIN)
    assert counter.times_printed(1) == 0


def test_a_receipt_whose_settlement_lost_its_answer_is_printed_once(counter: Counter) -> None:
    counter.owe(1)
    commits = _lose_answer(counter, SETTLEMENT)
    counter.worker().start()
    counter.reach(JobState.PRINTED)
    counter.until(lambda: len(commits) > SETTLEMENT)
    assert counter.times_printed(1) == 1
