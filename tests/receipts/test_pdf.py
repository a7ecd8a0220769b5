"""The PDF of a receipt: real text, embedded fonts, codes that a camera reads."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pypdf
import pytest
import zxingcpp
from PIL import Image

from till.documents.model import Line
from till.money import MAX_CENTS
from till.raster import from_modules
from till.receipts.build import build
from till.receipts.document import QR, Barcode, Logo, Receipt, ReceiptKind, Text
from till.receipts.pdf import to_pdf
from till.receipts.source import ReceiptSource
from till.receipts.text import to_text

Samples = Callable[[str], dict[str, Receipt]]
MakeSale = Callable[..., ReceiptSource]
MakeLine = Callable[..., Line]


def _read(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def _without_codes(receipt: Receipt) -> str:
    blocks = tuple(block for block in receipt.blocks if not isinstance(block, QR | Barcode))
    return to_text(replace(receipt, blocks=blocks))


def _text(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in _read(pdf).pages)


def test_the_text_can_be_copied_out_of_the_pdf(samples: Samples) -> None:
    for receipt in samples("en").values():
        copied = "".join(_text(to_pdf(receipt)).split())
        lines = ["".join(line.split()) for line in _without_codes(receipt).splitlines()]
        assert [line for line in lines if line not in copied] == []


def test_umlauts_euro_and_the_largest_amount_are_right(sale: MakeSale, line: MakeLine) -> None:
    text = _text(to_pdf(build(sale("en", line("ÄÖÜäöüß „Größe“ Žluťoučký Привет", MAX_CENTS)))))
    assert "ÄÖÜäöüß „Größe“ Žluťoučký" in text
    assert "Привет" in text
    assert "€99,999,999.99" in text


def test_emoji_and_control_codes_do_no_harm(sale: MakeSale, line: MakeLine) -> None:
    assert "Seife ?" in _text(to_pdf(build(sale("en", line("Sei\x1bfe\x00 😀", 100)))))


@pytest.mark.parametrize("language", ["de", "en"])
def test_training_is_said_all_over_the_pdf(samples: Samples, language: str) -> None:
    text = _text(to_pdf(samples(language)["training"]))
    assert text.count("TRAINING") >= 10
    assert text.count("keine Rechnung" if language == "de" else "no invoice") == 2


def test_the_page_is_80_mm_wide_and_as_long_as_the_receipt(samples: Samples, sale: MakeSale, line: MakeLine) -> None:
    short, long = samples("en")["no-sale"], build(sale("en", *[line(f"Artikel {n}", 100) for n in range(500)]))
    for receipt in (short, long):
        (page,) = _read(to_pdf(receipt)).pages
        assert float(page.mediabox.width) / 72 * 25.4 == pytest.approx(80)
    assert float(page.mediabox.height) > 4000


def test_an_endless_receipt_goes_on_on_the_next_page(sale: MakeSale, line: MakeLine) -> None:
    pages = _read(to_pdf(build(sale("en", *[line(f"Artikel {n}", 100) for n in range(1500)])))).pages
    assert len(pages) == 2
    assert all(float(page.mediabox.height) <= 14400 for page in pages)
    assert "Artikel 1499" in pages[1].extract_text()


def test_every_font_is_embedded(samples: Samples) -> None:
    page: Any = _read(to_pdf(samples("en")["sale"])).pages[0]
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    used = [font for font in fonts if "NotoSansMono" in font["/BaseFont"]]
    assert len(used) >= 2
    assert all("/FontFile2" in font["/FontDescriptor"] for font in used)


def test_the_codes_are_read_from_the_pdf(samples: Samples) -> None:
    (page,) = _read(to_pdf(samples("en")["sale"])).pages
    found: dict[str, str] = {}
    for image in page.images:
        picture = Image.open(io.BytesIO(image.data)).convert("L")
        framed = Image.new("L", (picture.width + 40, picture.height + 40), 255)
        framed.paste(picture, (20, 20))
        found |= {code.format.name: code.text for code in zxingcpp.read_barcodes(framed)}
    assert found["QRCode"].startswith("V0;KASSE-2026-0001;")
    assert found["Code128"] == "$RKASSE-2026-0001.5"


def test_the_same_receipt_is_the_same_file_with_title_and_language(samples: Samples) -> None:
    receipt = samples("en")["sale"]
    assert to_pdf(receipt) == to_pdf(receipt)
    reader = _read(to_pdf(receipt))
    assert reader.metadata is not None
    assert reader.metadata.title == "Receipt 5"
    assert str(reader.root_object["/Lang"]) == "en"


def test_a_copy_is_marked_and_a_logo_is_drawn() -> None:
    receipt = Receipt(ReceiptKind.SALE, "Beleg 1", "de", "KOPIE", (Logo("shop"), Text("Studio")))
    pdf = to_pdf(receipt, copy=True, logos={"shop": from_modules([[True, False]], 100)})
    assert "KOPIE" in _text(pdf)
    assert len(_read(pdf).pages[0].images) == 1
