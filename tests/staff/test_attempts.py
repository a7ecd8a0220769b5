"""Wrong PINs wait longer and longer and lock at last; nobody is locked out for good who could unlock the others."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from till.db.context import Context
from till.db.engine import Database
from till.errors import Refused
from till.staff import attempts, changes
from till.staff.attempts import LAST_WAIT_S, LOCKED_AT, Attempt, begin, failures_of, forgive, wait_after, wrong
from till.staff.pin import Argon2
from till.staff.users import User


def later(context: Context, seconds: float) -> Context:
    """The same, so many seconds later."""
    return replace(context, now=context.now + dt.timedelta(seconds=seconds))


def fail(session: Session, context: Context, user_id: str, times: int) -> Context:
    """Type a wrong PIN so often, each as soon as it may be; when that was."""
    for _ in range(times):
        attempt = begin(session, context, user_id)
        assert attempt.refusal is None
        context = later(context, wait_after(attempt.count))
    return context


def test_the_waits_grow() -> None:
    waits = [wait_after(count) for count in range(LOCKED_AT + 2)]
    assert waits == [0, 0, 0, 10, 30, 60, 120, 300, 600, 900, LAST_WAIT_S, LAST_WAIT_S]
    assert waits == sorted(waits)


def test_three_mistakes_cost_nothing_but_the_third_a_wait(session: Session, marie: Context, jan: User) -> None:
    for count in (1, 2, 3):
        attempt = begin(session, marie, jan.id)
        assert (attempt.refusal, attempt.count) == (None, count)
    assert "10 seconds" in str(wrong(attempt))
    waiting = begin(session, later(marie, 4), jan.id)
    assert str(waiting.refusal) == "Too many wrong PINs for Jan Alt. The next try is possible in 6 seconds."
    assert waiting.stored == "", "while it waits nothing is compared, not even the right PIN"
    assert failures_of(session, jan.id) == 3, "a try that may not be made costs nothing"
    assert begin(session, later(marie, 10), jan.id).refusal is None


def test_the_first_wrong_ones_say_no_more_than_that(session: Session, marie: Context, jan: User) -> None:
    assert str(wrong(begin(session, marie, jan.id))) == "This is not the PIN of Jan Alt."


def test_a_right_pin_is_forgiven_all(session: Session, marie: Context, jan: User) -> None:
    now = fail(session, marie, jan.id, 5)
    attempt = begin(session, now, jan.id)
    forgive(session, attempt)
    assert failures_of(session, jan.id) == 0
    assert begin(session, now, jan.id).count == 1


def test_the_tenth_locks_until_somebody_unlocks(session: Session, marie: Context, jan: User) -> None:
    now = fail(session, marie, jan.id, LOCKED_AT)
    much_later = later(now, 10 * 365 * 86400)
    refusal = begin(session, much_later, jan.id).refusal
    assert "Jan Alt is locked after 10 wrong PINs" in str(refusal)
    changes.unlock(session, marie, jan.id)
    assert begin(session, marie, jan.id).refusal is None


def test_a_new_pin_unlocks(session: Session, marie: Context, jan: User, pins: Argon2) -> None:
    fail(session, marie, jan.id, LOCKED_AT)
    changes.set_pin(session, marie, jan.id, pins.hash("2580"))
    attempt = begin(session, marie, jan.id)
    assert attempt.refusal is None
    assert pins.verify(attempt.stored, "2580")


def test_who_alone_could_unlock_is_never_locked_but_waits_an_hour_each_time(
    session: Session, marie: Context, jan: User
) -> None:
    assert jan.id == "2"
    now = fail(session, marie, "1", LOCKED_AT)
    for _ in range(3):
        assert "in 1 seconds" in str(begin(session, later(now, -1), "1").refusal)
        attempt = begin(session, now, "1")
        assert attempt.refusal is None
        now = later(now, LAST_WAIT_S)


def test_a_thousand_pins_tried_at_once_are_three(session: Session, marie: Context, jan: User) -> None:
    tries = [begin(session, marie, jan.id) for _ in range(1000)]
    assert sum(attempt.refusal is None for attempt in tries) == 3


def test_a_thousand_pins_tried_with_patience_are_ten(session: Session, marie: Context, jan: User) -> None:
    tries = [begin(session, later(marie, 3600 * hour), jan.id) for hour in range(1000)]
    assert sum(attempt.refusal is None for attempt in tries) == LOCKED_AT


def test_a_thousand_pins_of_the_last_manager_take_six_weeks(session: Session, marie: Context, jan: User) -> None:
    assert jan.is_active
    tried_until = fail(session, marie, "1", 1000).now
    assert tried_until - marie.now > dt.timedelta(days=41)


def test_a_clock_put_back_begins_the_wait_again_but_never_a_longer_one(
    session: Session, marie: Context, jan: User
) -> None:
    now = fail(session, marie, jan.id, 3)
    yesterday = later(now, -86400)
    assert "10 seconds" in str(begin(session, yesterday, jan.id).refusal)
    assert "5 seconds" in str(begin(session, later(yesterday, 5), jan.id).refusal)
    assert begin(session, later(yesterday, 10), jan.id).refusal is None


def test_a_clock_put_forward_ends_a_wait_but_forgets_no_mistake(session: Session, marie: Context, jan: User) -> None:
    year = 365 * 86400
    tries = [begin(session, later(marie, year * count), jan.id) for count in range(20)]
    assert [attempt.count for attempt in tries[:LOCKED_AT]] == list(range(1, LOCKED_AT + 1))
    assert all(attempt.refusal is not None for attempt in tries[LOCKED_AT:])


def test_without_a_pin_there_is_nothing_to_guess(session: Session, marie: Context) -> None:
    with pytest.raises(Refused, match="Marie Klein has no PIN"):
        begin(session, marie, "1")
    with pytest.raises(Refused, match="nobody with the number 99"):
        begin(session, marie, "99")


def test_who_was_let_go_can_not_even_try(session: Session, marie: Context, jan: User) -> None:
    changes.change_user(session, marie, replace(jan, is_active=False))
    with pytest.raises(Refused, match="nobody with the number 2"):
        begin(session, marie, jan.id)


def test_a_right_pin_does_not_undo_what_a_manager_changed_meanwhile(
    session: Session, marie: Context, jan: User, pins: Argon2
) -> None:
    attempt = begin(session, marie, jan.id)
    changes.set_pin(session, marie, jan.id, pins.hash("2580"))
    forgive(session, attempt, pins.hash("1508"))
    assert pins.verify(begin(session, marie, jan.id).stored, "2580")


def test_tries_at_many_tills_at_once_are_all_counted(founded: Database, marie: Context, jan: User) -> None:
    made: list[Attempt] = []

    def try_once(till: str) -> None:
        made.append(founded.run(lambda session: begin(session, replace(marie, till_id=till), jan.id)))

    threads = [threading.Thread(target=try_once, args=(f"KASSE-{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(attempt.count for attempt in made if attempt.refusal is None) == [1, 2, 3]
    with founded.read() as session:
        assert attempts.failures_of(session, jan.id) == 3
