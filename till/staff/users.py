"""The people who work at the till, as values and by id, and what each of them may do."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from sqlalchemy import Select, insert, select
from sqlalchemy.orm import Session

from till.db.counter import CounterRow, next_number
from till.errors import Refused
from till.i18n import msg
from till.staff.models import CredentialRow, RoleRow, UserPermissionRow, UserRow
from till.staff.permission import Permission, Rights
from till.staff.roles import CASHIER, known_permissions, permissions_of

NOBODY_WITH = msg("There is nobody with the number {user} at this till.")
UNKNOWN_CARD = msg("This card is not known here, or is worth nothing any more. Sign in with the PIN.")
NO_NAME = msg("A user needs a name and initials: the name stands on receipts.")
LONG_NAME = msg("A name has at most {most} printable letters, initials at most {short}.")
MOST_NAME = 50  # BEDIENER_NAME of the DSFinV-K
MOST_SHORT = 4
_ALL_TILLS = ""
_SERIES = "staff"


@dataclass(frozen=True, slots=True)
class User:
    """A person at the till. `id` is the BEDIENER_ID of the DSFinV-K; `short` the initials in the top bar."""

    id: str
    name: str
    short: str
    is_active: bool = True
    role_id: str = CASHIER


@dataclass(frozen=True, slots=True)
class OwnRights:
    """What is different for one person: granted beyond the role, withdrawn from it, an own ceiling (None: the role's)."""

    granted: frozenset[Permission] = field(default_factory=frozenset)
    withdrawn: frozenset[Permission] = field(default_factory=frozenset)
    discount_percent: int | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the screen where one signs in or is managed: who it is and what they prove themselves with."""

    user: User
    has_pin: bool
    has_card: bool

    @property
    def is_free(self) -> bool:
        """Whether anybody may sign in with this name, as there is neither PIN nor card."""
        return not (self.has_pin or self.has_card)


def checked_name(name: str) -> str:
    """The name without blanks too many; Refused when it is missing or does not fit on receipts."""
    return _checked(name, MOST_NAME)


def checked_short(short: str) -> str:
    """The initials without blanks too many; Refused when they are missing or too long."""
    return _checked(short, MOST_SHORT)


def _checked(words: str, most: int) -> str:
    tidy = " ".join(words.split())
    if not tidy:
        raise Refused(NO_NAME)
    if len(tidy) > most or not tidy.isprintable():
        raise Refused(LONG_NAME, most=MOST_NAME, short=MOST_SHORT)
    return tidy


def add_user(session: Session, user: User) -> None:
    """Add a person with a new id; the rules about who may are those of `changes`."""
    session.execute(insert(UserRow).values(asdict(user)))


def user_by_id(session: Session, user_id: str) -> User:
    """The active person with this id; Refused otherwise."""
    row = session.execute(_users().where(UserRow.id == user_id, UserRow.is_active)).one_or_none()
    if row is None:
        raise Refused(NOBODY_WITH, user=user_id)
    return User(*row)


def user_by_card(session: Session, digest: str) -> User:
    """The active person whose card has this digest; Refused otherwise."""
    owner = _users().join(CredentialRow, CredentialRow.user_id == UserRow.id)
    row = session.execute(owner.where(CredentialRow.card_digest == digest, UserRow.is_active)).one_or_none()
    if row is None:
        raise Refused(UNKNOWN_CARD)
    return User(*row)


def active_users(session: Session) -> list[User]:
    """Everybody who may work at the till, by name."""
    return [User(*row) for row in session.execute(_users().where(UserRow.is_active).order_by(UserRow.name, UserRow.id))]


def people(session: Session, *, with_former: bool = False) -> list[Person]:
    """Everybody who may work here, by name; `with_former`: also those who may not any more."""
    query = (
        select(
            *_USER,
            CredentialRow.pin_hash.is_not(None).label("pin"),
            CredentialRow.card_digest.is_not(None).label("card"),
        )
        .join(CredentialRow, CredentialRow.user_id == UserRow.id, isouter=True)
        .order_by(UserRow.name, UserRow.id)
    )
    if not with_former:
        query = query.where(UserRow.is_active)
    return [
        Person(User(row.id, row.name, row.short, row.is_active, row.role_id), bool(row.pin), bool(row.card))
        for row in session.execute(query)
    ]


def own_rights(session: Session, user_id: str) -> OwnRights:
    """What is different for this person."""
    percent = session.execute(select(UserRow.discount_percent).where(UserRow.id == user_id)).scalar_one()
    rows = session.execute(
        select(UserPermissionRow.permission, UserPermissionRow.is_granted).where(UserPermissionRow.user_id == user_id)
    ).all()
    granted = known_permissions(row.permission for row in rows if row.is_granted)
    withdrawn = known_permissions(row.permission for row in rows if not row.is_granted)
    return OwnRights(granted, withdrawn, percent)


def rights_of(session: Session, user_id: str) -> Rights:
    """What a person may do: the role's permissions and the granted ones, without the withdrawn ones."""
    own = own_rights(session, user_id)
    role = session.execute(
        select(RoleRow.id, RoleRow.discount_percent, RoleRow.return_limit)
        .join(UserRow, UserRow.role_id == RoleRow.id)
        .where(UserRow.id == user_id)
    ).one()
    percent = role.discount_percent if own.discount_percent is None else own.discount_percent
    permissions = (permissions_of(session, role.id) | own.granted) - own.withdrawn
    return Rights(permissions, percent, role.return_limit)


def staff_revision(session: Session) -> int:
    """A number that grows with every change of users, roles and PINs, at whatever till; 0 before the first."""
    stored = select(CounterRow.value).where(CounterRow.till_id == _ALL_TILLS, CounterRow.series == _SERIES)
    return session.execute(stored).scalar_one_or_none() or 0


def raise_revision(session: Session) -> None:
    """Let every till see that users, roles or PINs have changed."""
    next_number(session, _ALL_TILLS, _SERIES)


_USER = (UserRow.id, UserRow.name, UserRow.short, UserRow.is_active, UserRow.role_id)


def _users() -> Select[str, str, str, bool, str]:
    return select(*_USER)
