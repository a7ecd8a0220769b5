"""The shop's voucher types as they are stored: read, added, changed."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from till.business_case import VatKey
from till.catalog.plu import Plu, PluKind, checked, claim
from till.catalog.revision import touch
from till.vouchers.model import Numbering, VatTreatment, VoucherType
from till.vouchers.models import VoucherTypeRow


def voucher_types(session: Session) -> list[VoucherType]:
    """All types, by PLU."""
    return [_type(row) for row in session.execute(select(VoucherTypeRow.__table__).order_by(VoucherTypeRow.plu))]


def types_still_sold_first(session: Session) -> list[VoucherType]:
    """All types, by PLU; those that are sold no more at the end, as their vouchers live on (V2)."""
    return sorted(voucher_types(session), key=lambda kind: not kind.active)


def voucher_type(session: Session, type_id: uuid.UUID) -> VoucherType | None:
    """The type with this id, or None."""
    row = session.execute(select(VoucherTypeRow.__table__).where(VoucherTypeRow.id == type_id)).first()
    return None if row is None else _type(row)


def add_type(session: Session, new: VoucherType) -> None:
    """Add a type under its PLU number, kept in capitals. Refused where a type or an article has that number (V5)."""
    claim(session, _plu(new))
    session.execute(insert(VoucherTypeRow), {"id": new.id, **_columns(new), "is_complaint": new.is_complaint})
    touch(session)


def change_type(session: Session, changed: VoucherType) -> None:
    """Put a type in the place of the one with its id; vouchers already sold keep their terms (V3). Its PLU number must be free."""
    claim(session, _plu(changed))
    session.execute(update(VoucherTypeRow).where(VoucherTypeRow.id == changed.id).values(_columns(changed)))
    touch(session)


def set_next_number(session: Session, type_id: uuid.UUID, number: str) -> None:
    """Let the type's numbers go on from here (V50). The caller holds `locks.number_lock`."""
    session.execute(update(VoucherTypeRow).where(VoucherTypeRow.id == type_id).values(next_number=number))


def set_type_position(session: Session, type_id: uuid.UUID, position: int | None) -> None:
    """Give a type's tile another place in its category; what it is worth stays."""
    session.execute(update(VoucherTypeRow).where(VoucherTypeRow.id == type_id).values(position=position))
    touch(session)


def _plu(kind: VoucherType) -> Plu:
    return Plu(kind.plu, PluKind.VOUCHER_TYPE, str(kind.id))


def _columns(kind: VoucherType) -> dict[str, object]:
    """What the shop may change of a type."""
    return {
        "plu": checked(kind.plu),
        "name": kind.name,
        "note": kind.note,
        "numbering": kind.numbering.value,
        "next_number": kind.next_number,
        "vat_treatment": kind.vat_treatment.value,
        "vat_key": kind.vat_key.value,
        "sale": kind.sale,
        "face": kind.face,
        "zero_price_allowed": kind.zero_price_allowed,
        "face_bonus_bp": kind.face_bonus_bp,
        "may_be_bought_with_vouchers": kind.may_be_bought_with_vouchers,
        "label_template": kind.label_template,
        "valid_from": kind.valid_from,
        "valid_until": kind.valid_until,
        "active": kind.active,
        "category_id": kind.category_id,
        "position": kind.position,
    }


def _type(row: Any) -> VoucherType:
    return VoucherType(
        id=row.id,
        plu=row.plu,
        name=row.name,
        numbering=Numbering(row.numbering),
        vat_treatment=VatTreatment(row.vat_treatment),
        vat_key=VatKey(row.vat_key),
        sale=row.sale,
        face=row.face,
        zero_price_allowed=row.zero_price_allowed,
        face_bonus_bp=row.face_bonus_bp,
        may_be_bought_with_vouchers=row.may_be_bought_with_vouchers,
        next_number=row.next_number,
        label_template=row.label_template,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        note=row.note,
        active=row.active,
        category_id=row.category_id,
        position=row.position,
        is_complaint=row.is_complaint,
    )
