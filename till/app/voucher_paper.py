"""A voucher on paper: what stands on it, and what its type wants printed besides the receipt that sold it (V17, V25)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from till.app.shop_header import header_of
from till.app.workplace import Workplace
from till.catalog.barcodes import voucher_barcode
from till.receipts.document import Receipt
from till.receipts.source import VoucherSlip
from till.receipts.voucher_label import voucher_label
from till.receipts.voucher_slip import voucher_slip
from till.vouchers.label_templates import NOTHING, SLIP, template
from till.vouchers.model import Voucher, VoucherStanding
from till.vouchers.types import voucher_type

SLIP_ROLE, LABEL_ROLE = "receipt", "voucher-label"


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


def label_of(session: Session, voucher: Voucher) -> str:
    """What the voucher's type wants printed now."""
    kind = voucher_type(session, voucher.type_id)
    return SLIP if kind is None else kind.label_template


def role_of(label_template: str) -> str:
    """What prints it: the printer of receipts, or that of labels."""
    return SLIP_ROLE if template(label_template) is None else LABEL_ROLE


def paper_of(
    workplace: Workplace, voucher: Voucher, label_template: str, standing: VoucherStanding | None = None
) -> Receipt | None:
    """The paper that is owed for a voucher; None where its type wants nothing. A label that is gone is a slip again."""
    if label_template == NOTHING:
        return None
    named = template(label_template)
    slip = slip_of(workplace, voucher, standing)
    return voucher_slip(slip) if named is None else voucher_label(slip, named)
