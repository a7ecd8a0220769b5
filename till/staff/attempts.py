"""Wrong PINs: each costs a longer wait, the tenth locks; counted in the books, so that no restart and no other till helps.

An attempt is counted as wrong before it is checked and forgiven when it was right: pulling the plug in between gains nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from till.db.context import Context
from till.db.locks import Lock, LockKind, hold
from till.errors import Refused
from till.i18n import msg
from till.staff.models import CredentialRow
from till.staff.permission import Permission
from till.staff.users import User, active_users, rights_of, user_by_id

WAITS_S = {3: 10, 4: 30, 5: 60, 6: 120, 7: 300, 8: 600, 9: 900}
LOCKED_AT = 10
LAST_WAIT_S = 3600

NO_PIN = msg("{user} has no PIN. Sign in with the card, or let somebody who may set one.")
WAIT = msg("Too many wrong PINs for {user}. The next try is possible in {seconds} seconds.")
LOCKED = msg(
    "{user} is locked after {count} wrong PINs. Somebody who may change users can unlock the name or set a new PIN."
)
WRONG = msg("This is not the PIN of {user}.")
WRONG_WAIT = msg("This is not the PIN of {user}. The next try is possible in {seconds} seconds.")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: for whom, against which hash, how many tries are counted with it; `refusal` where it may not be made."""

    user: User
    stored: str = ""
    count: int = 0
    refusal: Refused | None = None


def wait_after(count: int) -> int:
    """The wait in seconds after so many wrong PINs in a row; the tenth locks instead."""
    return WAITS_S.get(count, 0 if count < LOCKED_AT else LAST_WAIT_S)


def begin(session: Session, context: Context, user_id: str) -> Attempt:
    """Count a try of this person as wrong and give what to compare with; Refused for nobody, or without a PIN.

    A refusal is returned, not raised, because what is written with it must stay: a wait that began in the future
    (a clock that was put back) begins again now, so that nobody waits longer than the rule says.
    """
    user = user_by_id(session, user_id)
    hold(session, [Lock(LockKind.STAFF, user_id)])
    row = session.execute(
        select(CredentialRow.pin_hash, CredentialRow.failures, CredentialRow.failed_at).where(
            CredentialRow.user_id == user_id
        )
    ).one_or_none()
    if row is None or row.pin_hash is None:
        raise Refused(NO_PIN, user=user.name)
    if row.failures >= LOCKED_AT and _somebody_else_can_unlock(session, user_id):
        return Attempt(user, refusal=Refused(LOCKED, user=user.name, count=row.failures))
    passed = (context.now - row.failed_at).total_seconds() if row.failed_at is not None else 0
    if passed < 0:
        _store(session, user_id, failures=row.failures, failed_at=context.now)
    left = wait_after(row.failures) - max(passed, 0)
    if row.failed_at is not None and left > 0:
        return Attempt(user, refusal=Refused(WAIT, user=user.name, seconds=ceil(left)))
    _store(session, user_id, failures=row.failures + 1, failed_at=context.now)
    return Attempt(user, row.pin_hash, row.failures + 1)


def forgive(session: Session, attempt: Attempt, fresh: str | None = None) -> None:
    """The PIN was right: count from nought again, and keep a `fresh` hash of it if one was made with today's parameters.

    Nothing is done when somebody has set a new PIN meanwhile.
    """
    columns: dict[str, object] = {"failures": 0, "failed_at": None}
    if fresh is not None:
        columns["pin_hash"] = fresh
    is_same = CredentialRow.pin_hash == attempt.stored
    session.execute(update(CredentialRow).where(CredentialRow.user_id == attempt.user.id, is_same).values(columns))


def reset(session: Session, user_id: str) -> None:
    """Somebody unlocked the name or set a new PIN: count from nought again."""
    _store(session, user_id, failures=0, failed_at=None)


def failures_of(session: Session, user_id: str) -> int:
    """How many PINs were wrong since the last right one."""
    stored = select(CredentialRow.failures).where(CredentialRow.user_id == user_id)
    return session.execute(stored).scalar_one_or_none() or 0


def wrong(attempt: Attempt) -> Refused:
    """What is said to a wrong PIN."""
    seconds = wait_after(attempt.count)
    if not seconds:
        return Refused(WRONG, user=attempt.user.name)
    return Refused(WRONG_WAIT, user=attempt.user.name, seconds=seconds)


def _somebody_else_can_unlock(session: Session, user_id: str) -> bool:
    """The last one who may is never locked for good: that would lock the shop out, so it is an hour per try instead."""
    for other in active_users(session):
        if other.id == user_id or failures_of(session, other.id) >= LOCKED_AT:
            continue
        if Permission.STAFF in rights_of(session, other.id).permissions:
            return True
    return False


def _store(session: Session, user_id: str, **columns: object) -> None:
    session.execute(update(CredentialRow).where(CredentialRow.user_id == user_id).values(columns))
