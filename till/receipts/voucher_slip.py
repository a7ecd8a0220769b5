"""The slip that is handed over with a sold voucher (10-vouchers V25)."""

from __future__ import annotations

from collections.abc import Iterator

from till.receipts.document import BIG, BOLD, Align, Barcode, Block, Cut, Feed, Receipt, ReceiptKind, Rule, Text
from till.receipts.source import VoucherSlip


def voucher_slip(slip: VoucherSlip) -> Receipt:
    """The paper that stands for the voucher: shop, type, value, number, barcode, validity, the buyer's words."""
    t = slip.formats.translator
    title = t("Voucher {number}").format(number=slip.number)
    return Receipt(ReceiptKind.VOUCHER_SLIP, title, t.language, t("COPY"), tuple(_blocks(slip)))


def _blocks(slip: VoucherSlip) -> Iterator[Block]:
    formats = slip.formats
    yield Text(slip.shop.name, Align.CENTRE, BOLD)
    yield from (Text(line, Align.CENTRE) for line in slip.shop.address)
    yield Rule()
    yield Text(slip.type_name, Align.CENTRE, BIG)
    yield Text(formats.money(slip.value), Align.CENTRE, BIG)
    yield Feed()
    if slip.text:
        yield Text(slip.text, Align.CENTRE)
        yield Feed()
    yield Text(slip.number, Align.CENTRE, BIG)
    yield Barcode(slip.barcode)
    yield Text(_validity(slip), Align.CENTRE)
    yield Cut()


def _validity(slip: VoucherSlip) -> str:
    t, formats = slip.formats.translator, slip.formats
    return t("Valid from {first} until {last}").format(
        first=formats.date(slip.valid_from), last=formats.date(slip.valid_until)
    )
