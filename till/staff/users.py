"""The people who work at the till, as values and by id."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import Select, insert, select
from sqlalchemy.orm import Session

from till.errors import Refused
from till.i18n import msg
from till.staff.models import UserRow


@dataclass(frozen=True, slots=True)
class User:
    """A person at the till. `id` is the BEDIENER_ID of the DSFinV-K; `short` the initials in the top bar."""

    id: str
    name: str
    short: str
    is_active: bool = True


def add_user(session: Session, user: User) -> None:
    """Add a person with a new id."""
    session.execute(insert(UserRow).values(asdict(user)))


def user_by_id(session: Session, user_id: str) -> User:
    """The active person with this id; Refused otherwise."""
    row = session.execute(_users().where(UserRow.id == user_id)).one_or_none()
    if row is None:
        raise Refused(msg("There is nobody with the number {user} at this till."), user=user_id)
    return User(*row)


def active_users(session: Session) -> list[User]:
    """Everybody who may work at the till, by name."""
    return [User(*row) for row in session.execute(_users().order_by(UserRow.name))]


def _users() -> Select[str, str, str, bool]:
    return select(UserRow.id, UserRow.name, UserRow.short, UserRow.is_active).where(UserRow.is_active)
