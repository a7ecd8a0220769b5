"""Tables of the people who work at the till, their roles, and what they prove themselves with."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from till.db.base import Base
from till.db.types import Code, Digest, Label, Prose
from till.money import Money


class RoleRow(Base):
    """A role: what people in it may do unless it is said otherwise for one of them. `return_limit` None: there is none."""

    __tablename__ = "staff_role"
    id: Mapped[Code] = mapped_column(primary_key=True)
    name: Mapped[Label]
    discount_percent: Mapped[int]
    return_limit: Mapped[Money | None]


class RolePermissionRow(Base):
    """One permission of a role."""

    __tablename__ = "staff_role_permission"
    role_id: Mapped[Code] = mapped_column(ForeignKey("staff_role.id"), primary_key=True)
    permission: Mapped[Code] = mapped_column(primary_key=True)


class UserRow(Base):
    """A person at the till (Bediener); never deleted, documents name the id."""

    __tablename__ = "staff_user"
    id: Mapped[Code] = mapped_column(primary_key=True)
    name: Mapped[Label]
    short: Mapped[Code]
    is_active: Mapped[bool]
    role_id: Mapped[Code] = mapped_column(ForeignKey("staff_role.id"))
    discount_percent: Mapped[int | None]


class UserPermissionRow(Base):
    """A permission that one person has beyond the role, or is denied although the role has it."""

    __tablename__ = "staff_user_permission"
    user_id: Mapped[Code] = mapped_column(ForeignKey("staff_user.id"), primary_key=True)
    permission: Mapped[Code] = mapped_column(primary_key=True)
    is_granted: Mapped[bool]


class CredentialRow(Base):
    """What a person proves themselves with, only as hashes, and the PINs that were wrong since the last right one."""

    __tablename__ = "staff_credential"
    user_id: Mapped[Code] = mapped_column(ForeignKey("staff_user.id"), primary_key=True)
    pin_hash: Mapped[Prose | None]
    card_digest: Mapped[Digest | None] = mapped_column(unique=True)
    failures: Mapped[int]
    failed_at: Mapped[dt.datetime | None]
