"""The staff desk: sign in with PIN or card, change places, lock, approve, and manage users, roles and PINs (T12, X1)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeVar

from sqlalchemy.orm import Session

from till.app.afterwork import Write
from till.app.attendance import Approval, Locked, Present, present_of
from till.app.needs import needs
from till.app.workplace import Workplace
from till.audit import trail
from till.db.context import Context
from till.errors import Refused
from till.i18n import msg
from till.ledger.chain import canonical
from till.staff import attempts, cards, changes, pin, roles, users
from till.staff.permission import Need, NotAllowed, Permission, Rights
from till.staff.pin import PinHashing
from till.staff.roles import Role
from till.staff.users import OwnRights, Person, User

_T = TypeVar("_T")
NEEDS_PROOF = msg("{user} signs in with PIN or card.")


@dataclass(frozen=True, slots=True)
class Name:
    """A name to tap on the screen where one signs in; `needs_proof`: it then asks for PIN or card."""

    person: Person
    needs_proof: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A person, and how many PINs of theirs were wrong since the last right one."""

    person: Person
    wrong_pins: int

    @property
    def must_wait(self) -> bool:
        """Whether the name waits for its next try, or is locked."""
        return bool(attempts.wait_after(self.wrong_pins))


class StaffDesk:
    """One till's staff. What hashes a PIN runs on a thread of its own and gives a Future; its refusals come out of that.

    A Future's callbacks and the listeners are called on that thread.
    """

    def __init__(self, workplace: Workplace, pins: PinHashing) -> None:
        self._workplace = workplace
        self._pins = pins
        self._attendance = workplace.attendance
        self._attendance.when_used(self._note_use)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="staff")

    # Who is here

    @property
    def current(self) -> User | None:
        """Who is signed in; None while the till is locked."""
        return None if self._attendance.is_locked else self._attendance.user

    @property
    def is_locked(self) -> bool:
        """Whether somebody has to sign in first. A screen asks every second or so, as the till locks by itself."""
        return self._attendance.is_locked

    @property
    def works_alone(self) -> bool:
        """Whether one person works here without PIN or card: then nobody signs in, and nothing is ever locked."""
        return self._attendance.is_alone

    def listen(self, callback: Callable[[], None]) -> None:
        """Call `callback` when somebody signed in, the till was locked, or rights have changed; on any thread."""
        self._attendance.listen(callback)

    def may(self, permission: Permission) -> bool:
        """Whether the one at work may do this of their own."""
        return self._attendance.may(permission)

    def names(self) -> tuple[Name, ...]:
        """Everybody who may sign in here, by name."""
        with self._workplace.database.read() as session:
            return tuple(Name(one, not self._may_tap(session, one)) for one in users.people(session))

    def approvers(self, need: Need) -> tuple[User, ...]:
        """Who may approve this to the one at work, and has a PIN or card to do it with, by name."""
        here = self._attendance.user
        with self._workplace.database.read() as session:
            others = [one for one in users.people(session) if one.user.id != here.id and not one.is_free]
            return tuple(one.user for one in others if users.rights_of(session, one.user.id).allow(need))

    # Coming and going

    def sign_in(self, user_id: str, typed: str) -> Future[User]:
        """Sign in with a PIN. Refused when it is wrong, or too many were."""
        return self._thread.submit(lambda: self._enter(self._proved_by_pin(user_id, typed)))

    def sign_in_by_card(self, code: str) -> Future[User]:
        """Sign in with the code of a staff card."""
        return self._thread.submit(lambda: self._enter(self._owner_of(code)))

    def switch_to(self, user_id: str) -> User:
        """Change places in one tap: with who has neither PIN nor card, or has proved themselves since the till was locked.

        Refused where it would bring more rights: then PIN or card are asked for.
        """
        with self._workplace.database.read() as session:
            person = next((one for one in users.people(session) if one.user.id == user_id), None)
            if person is None or not self._may_tap(session, person):
                name = person.user.name if person is not None else users.user_by_id(session, user_id).name
                raise Refused(NEEDS_PROOF, user=name)
            present = _present(session, user_id)
        self._attendance.enter(present)
        return present.user

    def lock(self) -> None:
        """Lock the till; the basket is kept."""
        self._attendance.lock()

    def look_again(self) -> None:
        """Read who works here again, if another till has changed it; a till where nobody acts asks now and then."""
        self._attendance.reread()

    def note_activity(self) -> None:
        """Somebody touched the screen: the time until the till locks begins again."""
        self._attendance.note_activity()

    # Approving on the spot

    def approve(self, need: Need, approver_id: str, typed: str) -> Future[Approval]:
        """Somebody who may approves one action of the one at work, with their PIN; `need` is that of the NotAllowed.

        It counts once, for five minutes, and only as long as the same person is signed in.
        """
        asked = self._attendance.user
        return self._thread.submit(lambda: self._approved(need, asked, self._proved_by_pin(approver_id, typed)))

    def approve_by_card(self, need: Need, code: str) -> Future[Approval]:
        """As `approve`, with a staff card."""
        asked = self._attendance.user
        return self._thread.submit(lambda: self._approved(need, asked, self._owner_of(code)))

    # Managing

    def standings(self) -> tuple[Standing, ...]:
        """All who work here or once did, by name, and how they stand with their PINs."""
        with self._workplace.database.read() as session:
            found = users.people(session, with_former=True)
            return tuple(Standing(one, attempts.failures_of(session, one.user.id)) for one in found)

    def everybody(self) -> tuple[Person, ...]:
        """All who work here or once did, by name."""
        with self._workplace.database.read() as session:
            return tuple(users.people(session, with_former=True))

    def roles(self) -> tuple[Role, ...]:
        """All roles, by name."""
        with self._workplace.database.read() as session:
            return tuple(roles.roles(session))

    def rights_of(self, user_id: str) -> tuple[OwnRights, Rights]:
        """What is different for a person, also a former one, and what they may do in all."""
        with self._workplace.database.read() as session:
            changes.require_known(session, user_id)
            return users.own_rights(session, user_id), users.rights_of(session, user_id)

    @needs(Permission.STAFF)
    def hire(self, user: User, typed: str | None = None, rights: OwnRights | None = None) -> Future[User]:
        """Add a person, with a PIN if one is given; the id is drawn by the till."""

        def work() -> User:
            start = changes.Start(self._hashed(typed), rights or OwnRights())
            return self._run(lambda session, context: changes.hire(session, context, user, start))

        return self._thread.submit(work)

    @needs(Permission.STAFF)
    def change_user(self, user: User) -> None:
        """Change name, initials or role, let somebody go, or take them back."""
        self._run(lambda session, context: changes.change_user(session, context, user))

    @needs(Permission.STAFF)
    def change_rights(self, user_id: str, rights: OwnRights) -> None:
        """Say what is different for one person."""
        self._run(lambda session, context: changes.change_rights(session, context, user_id, rights))

    @needs(Permission.STAFF)
    def change_person(self, user: User, rights: OwnRights) -> None:
        """`change_user` and `change_rights` in one: both are done, or neither."""
        self._run(lambda session, context: changes.change_person(session, context, user, rights))

    @needs(Permission.STAFF)
    def change_role(self, role: Role) -> None:
        """Change what people in a role may do, or add a role."""
        self._run(lambda session, context: changes.change_role(session, context, role))

    @needs(Permission.STAFF)
    def set_pin(self, user_id: str, typed: str | None) -> Future[None]:
        """Give a person a new PIN, or take it away; the name is unlocked by it."""
        return self._thread.submit(lambda: self._set_pin(user_id, typed))

    def change_own_pin(self, old: str, new: str) -> Future[None]:
        """The one at work changes the own PIN; the old one is asked for as when signing in."""
        user = self._attendance.user

        def work() -> None:
            if self.current != user:
                raise Locked
            pin.checked_pin(new)
            self._proved_by_pin(user.id, old)
            self._set_pin(user.id, new)

        return self._thread.submit(work)

    @needs(Permission.STAFF)
    def new_card(self, user_id: str) -> str:
        """Give a person a new card; its code is told here once, to be printed, and an earlier card is worth nothing."""
        code = cards.new_card_code()
        self._run(lambda session, context: changes.set_card(session, context, user_id, cards.card_digest(code)))
        return code

    @needs(Permission.STAFF)
    def take_card(self, user_id: str) -> None:
        """A card was lost or given back: it is worth nothing any more."""
        self._run(lambda session, context: changes.set_card(session, context, user_id, None))

    @needs(Permission.STAFF)
    def unlock(self, user_id: str) -> None:
        """Forgive the wrong PINs of a person."""
        self._run(lambda session, context: changes.unlock(session, context, user_id))

    def stop(self) -> None:
        """End the thread; what is being hashed is finished."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    # Inside

    def _may_tap(self, session: Session, person: Person) -> bool:
        return person.is_free or self._attendance.may_tap(_present(session, person.user.id))

    def _enter(self, user: User) -> User:
        with self._workplace.database.read() as session:
            present = _present(session, user.id)
        self._attendance.enter(present)
        return present.user

    def _proved_by_pin(self, user_id: str, typed: str) -> User:
        """The person, if this is their PIN; the try is counted before the hash is looked at."""
        if not pin.is_pin(typed):
            raise Refused(pin.NOT_A_PIN, shortest=pin.SHORTEST, longest=pin.LONGEST)
        database, context = self._workplace.database, self._workplace.context(needs_shift=False)
        attempt = database.run(lambda session: attempts.begin(session, context, user_id))
        if attempt.refusal is not None:
            raise attempt.refusal
        if not self._pins.verify(attempt.stored, typed):
            claimed = replace(context, user_id=attempt.user.id, user_name=attempt.user.name)
            database.run(lambda session: _note_wrong(session, claimed, attempt.count))
            raise attempts.wrong(attempt)
        fresh = self._pins.hash(typed) if self._pins.is_outdated(attempt.stored) else None
        database.run(lambda session: attempts.forgive(session, attempt, fresh))
        return attempt.user

    def _owner_of(self, code: str) -> User:
        with self._workplace.database.read() as session:
            return users.user_by_card(session, cards.card_digest(code))

    def _approved(self, need: Need, asked: User, approver: User) -> Approval:
        with self._workplace.database.read() as session:
            rights = users.rights_of(session, approver.id)
        if not rights.allow(need):
            raise NotAllowed(approver.name, need, rights)
        if self.current != asked:
            raise Locked
        context = replace(self._workplace.context(needs_shift=False), user_id=asked.id, user_name=asked.name)
        approval = Approval(need.permission, approver, rights, asked, context.now)
        self._workplace.database.run(lambda session: _note(session, context, trail.Action.APPROVED, (approval, need)))
        self._attendance.keep(approval)
        return approval

    def _note_use(self, approval: Approval, need: Need) -> None:
        """Behind the counter: the approval itself was noted before it could be used."""
        context = replace(
            self._workplace.context(needs_shift=False), user_id=approval.user.id, user_name=approval.user.name
        )
        used = trail.Action.APPROVAL_USED
        self._workplace.afterwork.do(Write(lambda session: _note(session, context, used, (approval, need))))

    def _hashed(self, typed: str | None) -> str | None:
        return None if typed is None else self._pins.hash(pin.checked_pin(typed))

    def _set_pin(self, user_id: str, typed: str | None) -> None:
        stored = self._hashed(typed)
        self._run(lambda session, context: changes.set_pin(session, context, user_id, stored))

    def _run(self, work: Callable[[Session, Context], _T]) -> _T:
        context = self._workplace.context(needs_shift=False)
        done = self._workplace.run(lambda session: work(session, context))
        self._attendance.reread()
        return done


def _present(session: Session, user_id: str) -> Present:
    present = present_of(session, user_id)
    if present is None:
        raise Refused(users.NOBODY_WITH, user=user_id)
    return present


def _note_wrong(session: Session, context: Context, count: int) -> None:
    trail.note(session, context, trail.Action.PIN_WRONG, f"user {context.user_id}", after=str(count))


def _note(session: Session, context: Context, action: trail.Action, what: tuple[Approval, Need]) -> None:
    """Both people stand in the row: who did it as its user, who approved it in its text."""
    approval, need = what
    told = {"by": approval.by.id, "by_name": approval.by.name, "discount_bp": need.discount_bp}
    if need.amount:
        told["amount"] = need.amount.cents
    trail.note(session, context, action, need.permission.value, after=canonical(told))
