"""The complaint voucher: the type that returns and cancellations give back money with, there from the first start (V4)."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from till.errors import Unavailable
from till.i18n import Translator, msg
from till.vouchers.model import Numbering, VoucherType
from till.vouchers.types import voucher_types

PLU = "999"
_FIRST_NUMBER = "RG-0001"
_MISSING = msg("The complaint voucher is missing in the master data. Restore a backup, or ask for help.")


def usual_complaint_type(t: Translator) -> VoucherType:
    """As every shop begins with it, called in the shop's language."""
    return VoucherType(
        id=uuid.uuid4(),
        plu=PLU,
        name=t("Complaint voucher"),
        numbering=Numbering.AUTOMATIC,
        next_number=_FIRST_NUMBER,
        note=t("for returns and cancellations"),
        is_complaint=True,
    )


def complaint_type(session: Session) -> VoucherType:
    """The shop's one; Unavailable where somebody has taken it out of the database."""
    for kind in voucher_types(session):
        if kind.is_complaint:
            return kind
    raise Unavailable(_MISSING)
