"""A commit whose answer is lost: the worker's next try must know that the first one went through."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
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


@pytest.mark.parametrize("to", [CLAIM, SETTLEMENT])
def test_a_lost_answer_neither_leaves_a_receipt_in_the_middle_nor_prints_it_twice(counter: Counter, to: int) -> None:
    counter.owe(1)
    commits = _lose_answer(counter, to)
    counter.worker().start()
    counter.reach(JobState.PRINTED)
    counter.until(lambda: len(commits) > to)
    assert counter.times_printed(1) == 1
