"""The picture of a receipt for the screen: as wide as the paper, everything on it."""

from __future__ import annotations

import io
from collections.abc import Callable

import zxingcpp
from PIL import Image

from till.raster import from_modules
from till.receipts.document import Logo, Receipt, ReceiptKind, Text
from till.receipts.image import draw, to_png

Samples = Callable[[str], dict[str, Receipt]]


def test_the_codes_are_read_from_the_screen(samples: Samples) -> None:
    picture = Image.open(io.BytesIO(to_png(samples("en")["sale"])))
    assert (picture.format, picture.mode, picture.width) == ("PNG", "L", 640)
    found = {code.format.name: code.text for code in zxingcpp.read_barcodes(picture)}
    assert found["QRCode"].startswith("V0;KASSE-2026-0001;")
    assert found["Code128"] == "$RKASSE-2026-0001.5"


def test_a_copy_is_longer_by_its_mark(samples: Samples) -> None:
    receipt = samples("en")["no-sale"]
    original, copy = (Image.open(io.BytesIO(to_png(receipt, copy=copy))) for copy in (False, True))
    assert copy.height > original.height


def test_text_and_logo_leave_ink_and_the_margins_stay_white() -> None:
    receipt = Receipt(ReceiptKind.SALE, "Beleg 1", "de", "KOPIE", (Logo("shop"), Logo("none"), Text("x" * 48)))
    picture = draw(receipt, {"shop": from_modules([[True]], 100)})
    left, top, right, bottom = picture.point(lambda value: 255 - value).getbbox() or (0, 0, 0, 0)
    assert left >= 32
    assert right <= 608
    assert top == 32
    assert bottom <= picture.height - 32
    assert picture.getpixel((320, 80)) == 0
