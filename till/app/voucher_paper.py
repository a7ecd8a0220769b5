"""A voucher on paper: what its slip says, and whether its type wants one (V17, V25)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from till.app.shop_header import header_of
from till.app.workplace import Workplace
from till.catalog.barcodes import voucher_barcode
from till.receipts.source import VoucherSlip
from till.vouchers.model import Voucher, VoucherStanding
from till.vouchers.types import voucher_type

SLIP_ROLE, LABEL_ROLE = "receipt", "voucher-label"
DEFAULT, NOTHING = "default", "none"


def role_of(session: Session, voucher: Voucher) -> str | None:
    """What prints a sold voucher by its type's template (V17): the slip, a label; None: nothing is printed."""
    kind = voucher_type(session, voucher.type_id)
    template = DEFAULT if kind is None else kind.label_template
    if template == NOTHING:
        return None
    return SLIP_ROLE if template == DEFAULT else LABEL_ROLE


def slip_of(workplace: Workplace, voucher: Voucher, standing: VoucherStanding | None = None) -> VoucherSlip:
    """What stands on the paper of a voucher: what it was sold with, or what `standing` says is left on it."""
    return VoucherSlip(
        shop=header_of(workplace.shop),
        formats=workplace.receipt_formats(),
        type_name=voucher.type_name,
        number=voucher.number,
        barcode=voucher_barcode(voucher.type_plu, voucher.number),
        value=voucher.face if standing is None else standing.remaining,
        valid_from=voucher.valid_from,
        valid_until=voucher.valid_until,
        text=voucher.text,
    )
