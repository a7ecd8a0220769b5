"""The shop's voucher types: reading them and adding one."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from till.business_case import VatKey
from till.catalog.revision import touch
from till.vouchers.model import Numbering, VatTreatment, VoucherType
from till.vouchers.models import VoucherTypeRow


def voucher_types(session: Session) -> list[VoucherType]:
    """All types, by PLU."""
    return [_type(row) for row in session.execute(select(VoucherTypeRow.__table__).order_by(VoucherTypeRow.plu))]


def voucher_type(session: Session, type_id: uuid.UUID) -> VoucherType | None:
    """The type with this id, or None."""
    row = session.execute(select(VoucherTypeRow.__table__).where(VoucherTypeRow.id == type_id)).first()
    return None if row is None else _type(row)


def add_type(session: Session, new: VoucherType) -> None:
    """Add a type; its PLU must be free among types (and articles: see the catalog's PLU table)."""
    session.execute(
        insert(VoucherTypeRow),
        {
            "id": new.id,
            "plu": new.plu,
            "name": new.name,
            "note": new.note,
            "numbering": new.numbering.value,
            "next_number": new.next_number,
            "vat_treatment": new.vat_treatment.value,
            "vat_key": new.vat_key.value,
            "sale": new.sale,
            "face": new.face,
            "zero_price_allowed": new.zero_price_allowed,
            "face_bonus_bp": new.face_bonus_bp,
            "may_be_bought_with_vouchers": new.may_be_bought_with_vouchers,
            "label_template": new.label_template,
            "valid_from": new.valid_from,
            "valid_until": new.valid_until,
            "active": new.active,
            "category_id": new.category_id,
            "position": new.position,
            "is_complaint": new.is_complaint,
        },
    )
    touch(session)


def set_type_position(session: Session, type_id: uuid.UUID, position: int | None) -> None:
    """Give a type's tile another place in its category; what it is worth stays."""
    session.execute(update(VoucherTypeRow).where(VoucherTypeRow.id == type_id).values(position=position))
    touch(session)


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
