"""Changes of users, roles and PINs: each audited before and after, none gives more than its giver has, one manager stays.

Every function takes the unit of work and who acts, and raises Refused without leaving anything behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from till.audit import trail
from till.db.context import Context
from till.db.locks import Lock, LockKind, hold
from till.errors import Refused
from till.i18n import msg
from till.ledger.chain import canonical
from till.staff import attempts, roles, users
from till.staff.models import CredentialRow, UserPermissionRow, UserRow
from till.staff.permission import EVERYTHING, Permission, Rights, check_percent
from till.staff.roles import Role
from till.staff.users import OwnRights, User, people, rights_of

NO_MANAGER_LEFT = msg(
    "Nobody would be left who may change users and roles. Give that permission to somebody else first, then do this again."
)
PIN_FIRST = msg(
    "{user} may change users and roles, so nobody else may sign in with that name. Set a PIN or card first."
)
MORE_THAN_OWN = msg("This goes beyond what you may do yourself. Let somebody do it who may do all of it.")
_EVERYBODY = ""


@dataclass(frozen=True, slots=True)
class Start:
    """What somebody new begins with: a PIN, given as its hash, and what is different for this person."""

    pin_hash: str | None = None
    rights: OwnRights = field(default_factory=OwnRights)


def hire(session: Session, context: Context, user: User, start: Start | None = None) -> User:
    """Add a person under the next free number, whatever the id of `user` says; numbers are never given twice."""
    start = start or Start()
    with _change(session, context) as own:
        number = session.execute(select(func.count()).select_from(UserRow)).scalar_one() + 1
        while session.get(UserRow, str(number)) is not None:
            number += 1
        added = _checked(session, replace(user, id=str(number), is_active=True))
        users.add_user(session, added)
        _store_rights(session, added.id, start.rights)
        if start.pin_hash is not None:
            _store_credential(session, added.id, pin_hash=start.pin_hash)
        _check_within(own, rights_of(session, added.id))
        _note(session, context, trail.Action.USER_CHANGED, added.id, after=_person(session, added.id))
        return added


def change_user(session: Session, context: Context, user: User) -> None:
    """Change name, initials or role of a person, let them go (`is_active` False) or take them back."""
    with _change(session, context) as own, _audited_person(session, context, own, user.id):
        _store_user(session, user)


def change_rights(session: Session, context: Context, user_id: str, rights: OwnRights) -> None:
    """Say what is different for one person; a permission that is both granted and withdrawn is withdrawn."""
    with _change(session, context) as own, _audited_person(session, context, own, user_id):
        _store_rights(session, user_id, rights)


def change_person(session: Session, context: Context, user: User, rights: OwnRights) -> None:
    """`change_user` and `change_rights` as one change: what is allowed is judged by the end, and one row is audited."""
    with _change(session, context) as own, _audited_person(session, context, own, user.id):
        _store_user(session, user)
        _store_rights(session, user.id, rights)


def change_role(session: Session, context: Context, role: Role) -> None:
    """Change what people in a role may do, or add a role with a new id; it counts for them at every till at once."""
    with _change(session, context) as own:
        before = next((one for one in roles.roles(session) if one.id == role.id), None)
        for one in (before, role):
            _check_within(own, one.rights if one is not None else Rights())
        if before is None:
            roles.add_roles(session, [role])
        else:
            roles.store_role(session, role)
        told = {"before": _role(before) if before is not None else "", "after": _role(role)}
        trail.note(session, context, trail.Action.ROLE_CHANGED, f"role {role.id}", **told)


def set_pin(session: Session, context: Context, user_id: str, pin_hash: str | None) -> None:
    """Set the PIN of a person, given as its hash, or take it away; wrong ones that were counted are forgiven.

    Everybody may change their own PIN.
    """
    with _change(session, context) as own, _audited_person(session, context, own, user_id, trail.Action.PIN_CHANGED):
        _store_credential(session, user_id, pin_hash=pin_hash)
        attempts.reset(session, user_id)


def set_pin_from_outside(session: Session, context: Context, user_id: str, pin_hash: str | None) -> None:
    """As `set_pin`, by who owns the books and the PC they are on: their rights are not asked, all else is.

    The way back in when the only one who may change users has forgotten the PIN.
    """
    with (
        _one_change(session, context),
        _audited_person(session, context, EVERYTHING, user_id, trail.Action.PIN_CHANGED),
    ):
        _store_credential(session, user_id, pin_hash=pin_hash)
        attempts.reset(session, user_id)


def set_card(session: Session, context: Context, user_id: str, card_digest: str | None) -> None:
    """Give a person a card, given as its digest, or take it away; an earlier card is worth nothing from now on."""
    with _change(session, context) as own, _audited_person(session, context, own, user_id, trail.Action.CARD_CHANGED):
        _store_credential(session, user_id, card_digest=card_digest)


def unlock(session: Session, context: Context, user_id: str) -> None:
    """Forgive the wrong PINs of a person, so that the next try is possible at once."""
    with _change(session, context) as own:
        _check_within(own, rights_of(session, require_known(session, user_id).id))
        before = str(attempts.failures_of(session, user_id))
        attempts.reset(session, user_id)
        _note(session, context, trail.Action.USER_UNLOCKED, user_id, before=before, after="0")


@contextmanager
def _change(session: Session, context: Context) -> Iterator[Rights]:
    """One change by somebody who works here; gives what they may do themselves."""
    with _one_change(session, context):
        yield rights_of(session, context.user_id)


@contextmanager
def _one_change(session: Session, context: Context) -> Iterator[None]:
    """One change at a time over all tills; afterwards somebody must still be able to manage, and every till is told."""
    hold(session, [Lock(LockKind.TILL, context.till_id), Lock(LockKind.STAFF, _EVERYBODY)])
    yield
    _check_somebody_manages(session)
    users.raise_revision(session)


@contextmanager
def _audited_person(
    session: Session,
    context: Context,
    own: Rights,
    user_id: str,
    action: trail.Action = trail.Action.USER_CHANGED,
) -> Iterator[None]:
    require_known(session, user_id)
    before = _person(session, user_id)
    _check_within(own, rights_of(session, user_id))
    yield
    _check_within(own, rights_of(session, user_id))
    _note(session, context, action, user_id, before=before, after=_person(session, user_id))


def _check_within(own: Rights, touched: Rights) -> None:
    """Who may change users must not make themselves, through others, more than they are."""
    if not own.cover(touched):
        raise Refused(MORE_THAN_OWN)


def _check_somebody_manages(session: Session) -> None:
    at_work = people(session)
    managers = [one for one in at_work if Permission.STAFF in rights_of(session, one.user.id).permissions]
    if not managers:
        raise Refused(NO_MANAGER_LEFT)
    if len(at_work) > 1:
        for one in managers:
            if one.is_free:
                raise Refused(PIN_FIRST, user=one.user.name)


def _checked(session: Session, user: User) -> User:
    tidy = replace(user, name=users.checked_name(user.name), short=users.checked_short(user.short))
    roles.role_by_id(session, tidy.role_id)
    return tidy


def _store_user(session: Session, user: User) -> None:
    changed = _checked(session, user)
    columns = {"name": changed.name, "short": changed.short, "is_active": changed.is_active}
    session.execute(update(UserRow).where(UserRow.id == user.id).values(columns | {"role_id": changed.role_id}))


def _store_rights(session: Session, user_id: str, rights: OwnRights) -> None:
    if rights.discount_percent is not None:
        check_percent(rights.discount_percent)
    session.execute(update(UserRow).where(UserRow.id == user_id).values(discount_percent=rights.discount_percent))
    session.execute(delete(UserPermissionRow).where(UserPermissionRow.user_id == user_id))
    rows = [
        {"user_id": user_id, "permission": one.value, "is_granted": one not in rights.withdrawn}
        for one in sorted(rights.granted | rights.withdrawn)
    ]
    if rows:
        session.execute(insert(UserPermissionRow), rows)


def require_known(session: Session, user_id: str) -> UserRow:
    """The row of a person, also a former one; Refused when there never was one with this id."""
    row = session.get(UserRow, user_id, populate_existing=True)
    if row is None:
        raise Refused(users.NOBODY_WITH, user=user_id)
    return row


def _store_credential(session: Session, user_id: str, **columns: str | None) -> None:
    if session.get(CredentialRow, user_id) is None:
        session.execute(insert(CredentialRow).values({"user_id": user_id, "failures": 0}))
    session.execute(update(CredentialRow).where(CredentialRow.user_id == user_id).values(columns))


def _note(session: Session, context: Context, action: trail.Action, user_id: str, **told: str) -> None:
    trail.note(session, context, action, f"user {user_id}", **told)


def _person(session: Session, user_id: str) -> str:
    """All that is kept of a person, but no hash: of PIN and card only whether there is one."""
    (person,) = (one for one in people(session, with_former=True) if one.user.id == user_id)
    own = users.own_rights(session, user_id)
    told = {
        "name": person.user.name,
        "short": person.user.short,
        "active": person.user.is_active,
        "role": person.user.role_id,
        "granted": sorted(own.granted),
        "withdrawn": sorted(own.withdrawn),
        "discount_percent": own.discount_percent,
        "pin": person.has_pin,
        "card": person.has_card,
    }
    return canonical(told)


def _role(role: Role) -> str:
    told = {
        "name": role.name,
        "permissions": sorted(role.rights.permissions),
        "discount_percent": role.rights.discount_percent,
        "return_limit": role.rights.return_limit,
    }
    return canonical(told)
