"""The small label that is stuck on a gift card or an envelope in the place of a slip (10-vouchers V17)."""

from __future__ import annotations

from collections.abc import Iterator

from till.receipts.document import BIG, BOLD, Align, Barcode, Block, Cut, Receipt, ReceiptKind, Text
from till.receipts.source import VoucherSlip
from till.vouchers.label_templates import LabelTemplate


def voucher_label(slip: VoucherSlip, template: LabelTemplate) -> Receipt:
    """The label of one voucher: what `template` shows, and always number and barcode, by which the till finds it."""
    t = slip.formats.translator
    title = t("Voucher {number}").format(number=slip.number)
    return Receipt(ReceiptKind.VOUCHER_SLIP, title, t.language, t("COPY"), tuple(_blocks(slip, template)))


def _blocks(slip: VoucherSlip, template: LabelTemplate) -> Iterator[Block]:
    t, formats = slip.formats.translator, slip.formats
    if template.has_shop:
        yield Text(slip.shop.name, Align.CENTRE, BOLD)
    yield Text(slip.type_name, Align.CENTRE)
    if template.has_value:
        yield Text(formats.money(slip.value), Align.CENTRE, BIG)
    yield Barcode(slip.barcode)
    yield Text(slip.number, Align.CENTRE, BOLD)
    if template.has_validity:
        yield Text(t("valid until {date}").format(date=formats.date(slip.valid_until)), Align.CENTRE)
    yield Cut()
