"""Plain text of a receipt: codes as what they say, all text in one size."""

from __future__ import annotations

from till.receipts.document import BIG, QR, Align, Barcode, Cut, Logo, Receipt, ReceiptKind, Text
from till.receipts.text import to_text


def test_codes_logos_and_big_text_are_readable() -> None:
    blocks = (
        Logo("shop", "* Studio *"),
        Logo("none"),
        Text("KOPIE", Align.CENTRE, BIG),
        QR("V0;x"),
        Barcode("$R1.5"),
        Cut(),
    )
    receipt = Receipt(ReceiptKind.SALE, "Beleg 1", "de", "KOPIE", blocks)
    assert to_text(receipt, 20) == "     * Studio *\n       KOPIE\nQR: V0;x\n      |$R1.5|\n"
