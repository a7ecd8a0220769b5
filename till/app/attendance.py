"""Who is at this till, what they may, and the approvals in hand: asked by every action of the desks, so all in memory."""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from till.clock import Clock
from till.db.engine import Database
from till.errors import Refused, Unavailable
from till.i18n import msg
from till.staff.permission import NOTHING, Need, NotAllowed, Permission, Rights
from till.staff.users import User, people, rights_of, staff_revision

REREAD_S = 5
APPROVAL_S = 300
LOCKED = msg("The till is locked. Choose your name and sign in; the basket is kept.")
NOBODY = msg("Nobody may work at this till yet. Set the shop up first.")


class Locked(Refused):
    """Nobody is signed in, so nothing is done."""

    def __init__(self) -> None:
        super().__init__(LOCKED)


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody at work. `is_alone`: nobody else works here and there is neither PIN nor card, so there is no signing in."""

    user: User
    rights: Rights
    is_alone: bool


@dataclass(frozen=True, slots=True)
class Approval:
    """What somebody else has approved for one action of one person, and until when; their own ceiling goes with it."""

    permission: Permission
    by: User
    rights: Rights
    user: User
    given_at: dt.datetime


class Attendance:
    """The person at one till. Kept in memory; changes made at another till are seen within `REREAD_S` seconds.

    Its values are whole and replaced at once, because signing in ends on another thread than the counter's.
    """

    def __init__(self, database: Database, clock: Clock, lock_after_s: int = 0) -> None:
        """`lock_after_s`: seconds without any action after which the till locks; 0: never."""
        self._database = database
        self._clock = clock
        self._lock_after_s = lock_after_s
        self._turn = threading.RLock()
        self._listeners: list[Callable[[], None]] = []
        self._noting_use: list[Callable[[Approval, Need], None]] = []
        self._approvals: dict[Permission, Approval] = {}
        self._proved: set[str] = set()
        self._is_unattended = False
        self._active_at = self._looked_at = clock.now()
        with database.read() as session:
            self._revision = staff_revision(session)
            self._present = _first(session)
        self._is_signed_in = self._present.is_alone

    @property
    def user(self) -> User:
        """Who is at work; while the till is locked, who was last."""
        return self._present.user

    @property
    def rights(self) -> Rights:
        """What the one at work may do; nothing while the till is locked."""
        return NOTHING if self.is_locked else self._present.rights

    @property
    def is_alone(self) -> bool:
        """Whether nobody else works here and there is neither PIN nor card."""
        return self._present.is_alone

    @property
    def is_locked(self) -> bool:
        """Whether somebody has to sign in first; looks at the clock, as nobody may have touched the till for long."""
        with self._turn:
            if self._is_signed_in and self._has_idled():
                self.lock()
            return not self._is_signed_in

    def listen(self, callback: Callable[[], None]) -> None:
        """Call `callback` when somebody signed in, the till was locked, or rights have changed; on any thread."""
        self._listeners.append(callback)

    def when_used(self, callback: Callable[[Approval, Need], None]) -> None:
        """Call `callback` with every approval that an action has used up."""
        self._noting_use.append(callback)

    def lock_after(self, seconds: int) -> None:
        """Lock after so many seconds without any action from now on; 0: never."""
        with self._turn:
            self._lock_after_s = seconds
            self._active_at = self._clock.now()

    def note_activity(self) -> None:
        """Somebody touched the till: the time until it locks begins again. A locked one stays locked."""
        if not self.is_locked:
            self._active_at = self._clock.now()

    def may(self, permission: Permission) -> bool:
        """Whether the one at work has this permission of their own, whatever the ceiling of discounts."""
        return permission in self.rights.permissions

    def answers_for(self, permission: Permission) -> User:
        """Who answers for an action that is being done: the one at work, or who has approved it for them."""
        approval = None if self.may(permission) else self._approvals.get(permission)
        return self.user if approval is None else approval.by

    def enter(self, present: Present) -> None:
        """This person has proved who they are and is at work now; approvals of the one before are gone."""
        with self._turn:
            self._present = present
            self._is_signed_in = True
            self._active_at = self._clock.now()
            self._proved.add(present.user.id)
            self._approvals = {}
        self._tell()

    def lock(self) -> None:
        """Nobody is at work any more, and everybody has to prove again who they are. The one who works alone stays."""
        with self._turn:
            if not self._is_signed_in or self._present.is_alone:
                return
            self._is_signed_in = False
            self._proved = set()
            self._approvals = {}
        self._tell()

    def may_tap(self, present: Present) -> bool:
        """Whether a tap on the name is enough: they proved themselves since the till was locked last, and gain nothing.

        So cashiers change places in one tap, and nobody becomes a manager by it.
        """
        with self._turn:
            has_proved = present.user.id in self._proved
            return has_proved and not self.is_locked and self._present.rights.cover(present.rights)

    def keep(self, approval: Approval) -> None:
        """Hold an approval until it is used; refused when somebody else has come to the till meanwhile."""
        with self._turn:
            if self.is_locked or approval.user.id != self.user.id:
                raise Locked
            self._approvals[approval.permission] = approval

    @contextlib.contextmanager
    def allowing(self, *needs: Need) -> Iterator[None]:
        """Do something that needs these permissions; raises Locked or NotAllowed before anything is done.

        An approval is used up when it was done, and kept when it failed.
        """
        used = [] if self._is_unattended else self._check(needs)
        yield
        for approval, need in used:
            with self._turn:
                is_spent = self._approvals.pop(approval.permission, None) is None
            for callback in () if is_spent else self._noting_use:  # by an action within this one
                callback(approval, need)

    @contextlib.contextmanager
    def unattended(self) -> Iterator[None]:
        """What the program itself does, with nobody at the counter, needs no permission; for the demo's mornings."""
        self._is_unattended = True
        try:
            yield
        finally:
            self._is_unattended = False

    def reread(self) -> None:
        """Read rights again if anything has changed, at this till or another; what is known counts while it can't be read."""
        self._looked_at = self._clock.now()
        with contextlib.suppress(Unavailable), self._database.read() as session:
            revision = staff_revision(session)
            if revision != self._revision:
                self._revision = revision
                self._take(session)

    def _take(self, session: Session) -> None:
        """Who has a new PIN has to prove it; who was let go is gone; who is alone now needs no signing in any more."""
        with self._turn:
            self._proved &= {self.user.id}
            found = present_of(session, self.user.id)
            self._present = found or _first(session)
            self._is_signed_in = self._present.is_alone or (self._is_signed_in and found is not None)
            if not self._is_signed_in:
                self._proved, self._approvals = set(), {}
        self._tell()

    def _check(self, needs: tuple[Need, ...]) -> list[tuple[Approval, Need]]:
        if abs((self._clock.now() - self._looked_at).total_seconds()) >= REREAD_S:
            self.reread()
        with self._turn:
            if self.is_locked:
                raise Locked
            self._active_at = self._clock.now()
            return [(self._approval(need), need) for need in needs if not self._present.rights.allow(need)]

    def _approval(self, need: Need) -> Approval:
        approval = self._approvals.get(need.permission)
        if approval is None or not approval.rights.allow(need) or self._is_over(approval):
            raise NotAllowed(self.user.name, need, self._present.rights)
        return approval

    def _is_over(self, approval: Approval) -> bool:
        """After five minutes, or when the clock was put back: nobody remembers what was approved."""
        return not 0 <= (self._clock.now() - approval.given_at).total_seconds() < APPROVAL_S

    def _has_idled(self) -> bool:
        """A clock that was put back begins the time again: it must not keep the till open for longer than one more."""
        now = self._clock.now()
        self._active_at = min(self._active_at, now)
        return bool(self._lock_after_s) and (now - self._active_at).total_seconds() >= self._lock_after_s

    def _tell(self) -> None:
        for callback in self._listeners:
            callback()


def present_of(session: Session, user_id: str) -> Present | None:
    """This person with their rights; None when they may not work here any more."""
    at_work = people(session)
    for person in at_work:
        if person.user.id == user_id:
            is_alone = person.is_free and len(at_work) == 1
            return Present(person.user, rights_of(session, user_id), is_alone)
    return None


def _first(session: Session) -> Present:
    """Who is at the till before anybody has signed in: the only person, else the first by name, locked."""
    at_work = people(session)
    found = present_of(session, at_work[0].user.id) if at_work else None
    if found is None:
        raise Refused(NOBODY)
    return found
