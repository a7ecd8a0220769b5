"""The complaint voucher: the type that returns and cancellations give back money with, there from the first start (V4)."""

from __future__ import annotations

import uuid

from till.i18n import Translator
from till.vouchers.model import Numbering, VoucherType

PLU = "999"
_FIRST_NUMBER = "RG-0001"


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
