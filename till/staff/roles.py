"""Roles: named sets of permissions with a ceiling for discounts; every shop begins with three."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from till.errors import Refused
from till.i18n import Translator, msg
from till.money import Money
from till.staff.models import RolePermissionRow, RoleRow
from till.staff.permission import EVERYTHING, Permission, Rights, check_limit, check_percent

CASHIER = "cashier"
SHIFT_LEAD = "shift-lead"
MANAGER = "manager"

_CASHIER = Rights(
    frozenset(
        {
            Permission.SELL,
            Permission.SELL_VOUCHER,
            Permission.FREE_PRICE,
            Permission.LINE_DISCOUNT,
            Permission.REMOVE,
            Permission.REPRINT,
            Permission.OPEN_SHIFT,
            Permission.CLOSE_SHIFT,
        }
    ),
    discount_percent=10,
)
_SHIFT_LEAD = Rights(
    _CASHIER.permissions
    | {
        Permission.CHANGE_PRICE,
        Permission.BASKET_DISCOUNT,
        Permission.REFUND,
        Permission.RETURN_WITHOUT_RECEIPT,
        Permission.CANCEL_RECEIPT,
        Permission.BLOCK_VOUCHER,
        Permission.X_REPORT,
        Permission.SEE_EXPECTED_CASH,
        Permission.CASH_IN_OUT,
        Permission.OPEN_DRAWER,
        Permission.TRAINING,
    },
    discount_percent=30,
    return_limit=Money(5000),
)


@dataclass(frozen=True, slots=True)
class Role:
    """A role and what people in it may do."""

    id: str
    name: str
    rights: Rights


def standard_roles(t: Translator) -> list[Role]:
    """The three roles of a new shop, named in its language; who manages may do everything."""
    return [
        Role(CASHIER, t("Sales staff"), _CASHIER),
        Role(SHIFT_LEAD, t("Shift lead"), _SHIFT_LEAD),
        Role(MANAGER, t("Manager"), EVERYTHING),
    ]


def add_roles(session: Session, added: Iterable[Role]) -> None:
    """Add roles with new ids."""
    for role in added:
        _check(role)
        session.execute(insert(RoleRow).values({"id": role.id, **_columns(role)}))
        _add_permissions(session, role)


def roles(session: Session) -> list[Role]:
    """All roles, by name."""
    return [_role(session, row) for row in session.scalars(select(RoleRow).order_by(RoleRow.name, RoleRow.id))]


def role_by_id(session: Session, role_id: str) -> Role:
    """The role; Refused when there is none."""
    row = session.get(RoleRow, role_id)
    if row is None:
        raise Refused(msg("There is no role “{role}”. Choose another one."), role=role_id)
    return _role(session, row)


def store_role(session: Session, role: Role) -> None:
    """Put the role in the place of the stored one with its id; the rules about who may are those of `changes`."""
    _check(role)
    session.execute(update(RoleRow).where(RoleRow.id == role.id).values(_columns(role)))
    session.execute(delete(RolePermissionRow).where(RolePermissionRow.role_id == role.id))
    _add_permissions(session, role)


def permissions_of(session: Session, role_id: str) -> frozenset[Permission]:
    """The permissions of a role; words of a newer version that this one doesn't know give nothing."""
    stored = session.scalars(select(RolePermissionRow.permission).where(RolePermissionRow.role_id == role_id))
    return known_permissions(stored)


def known_permissions(stored: Iterable[str]) -> frozenset[Permission]:
    """The permissions that this version knows among stored words."""
    words = set(stored)
    return frozenset(permission for permission in Permission if permission.value in words)


def _check(role: Role) -> None:
    check_percent(role.rights.discount_percent)
    check_limit(role.rights.return_limit)
    if not role.id.strip() or not role.name.strip():
        raise Refused(msg("A role needs a name."))


def _columns(role: Role) -> dict[str, object]:
    rights = role.rights
    return {"name": role.name, "discount_percent": rights.discount_percent, "return_limit": rights.return_limit}


def _add_permissions(session: Session, role: Role) -> None:
    rows = [{"role_id": role.id, "permission": one.value} for one in sorted(role.rights.permissions)]
    if rows:
        session.execute(insert(RolePermissionRow), rows)


def _role(session: Session, row: RoleRow) -> Role:
    return Role(row.id, row.name, Rights(permissions_of(session, row.id), row.discount_percent, row.return_limit))
