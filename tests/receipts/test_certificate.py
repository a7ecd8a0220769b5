"""The gift certificate: real text with embedded fonts, a code that scanners read, and foreign words drawn as they are."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass, replace

import pypdf
import pytest
import zxingcpp
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from pypdf.generic import ContentStream

from till.catalog.barcodes import parse, voucher_barcode
from till.formats import Formats
from till.i18n import Translator
from till.money import MAX_CENTS, Money
from till.receipts.certificate import Certificate, CertificateSize, to_pdf
from till.receipts.source import ShopHeader, VoucherSlip

SHOP = ShopHeader(
    "Blumen & Tee Sommer", ("Sommergasse 7", "01234 Blütenstadt"), contact=("Tel. 0351 1234567", "www.blumen.example")
)
SIZES = list(CertificateSize)
LONG_TEXT = "<b>Für Oma</b><script>alert('x')</script> & Opa " + "und alles Liebe zur Hochzeit " * 3
LONG_NUMBER = "SPENDE-2026-FÜR-DIE-GÄRTNER-DER-STADT-01"


def slip(language: str = "de", **changes: object) -> VoucherSlip:
    plain = VoucherSlip(
        shop=SHOP,
        formats=Formats(Translator(language)),
        type_name="Wertgutschein",
        number="AG25-0001",
        barcode=voucher_barcode("901", "AG25-0001"),
        value=Money(2500),
        valid_from=dt.date(2026, 11, 21),
        valid_until=dt.date(2036, 12, 31),
        text="Alles Gute zum 30. Geburtstag",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def numbered(number: str, language: str = "de", **changes: object) -> Certificate:
    return Certificate(slip(language, number=number, barcode=voucher_barcode("906", number), **changes))


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def squeezed(text: str) -> str:
    return "".join(text.split())


@dataclass(frozen=True)
class Drawing:
    """What is on the first page, in millimetres of an A4: black bars, words with their ends, pictures."""

    bars: list[tuple[float, float, float, float]]
    words: list[tuple[float, float, float]]
    pictures: list[tuple[float, float, float, float]]

    def printed(self, size: CertificateSize, dpi: int) -> Image.Image:
        """The bars as a printer of so many dots makes them."""
        dots = dpi / 25.4 * size.scale
        paper = Image.new("L", (round(297 * dots), round(210 * dots)), 255)
        draw = ImageDraw.Draw(paper)
        for left, bottom, wide, high in self.bars:
            box = (left, 210 - bottom - high, left + wide, 210 - bottom)
            x0, y0, x1, y1 = (round(place * dots) for place in box)
            draw.rectangle((x0, y0, x1 - 1, y1 - 1), fill=0)
        return paper


def drawn(pdf: bytes) -> Drawing:
    """The page read back from the operators of its own drawing."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    page = reader.pages[0]
    fonts = {name: font.get_object() for name, font in page["/Resources"]["/Font"].items()}  # type: ignore[index]
    drawing = Drawing([], [], [])
    black, box, font, size, spacing, place = False, [], "", 0.0, 0.0, (0.0, 0.0)
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        match operator:
            case b"rg":
                black = all(float(part) == 0 for part in operands)
            case b"re":
                box = [float(part) for part in operands]
            case b"f*" if black and box:
                drawing.bars.append((box[0], box[1], box[2], box[3]))
                box = []
            case b"Tf":
                font, size = str(operands[0]), float(operands[1])
            case b"Tc":
                spacing = float(operands[0])
            case b"Tm":
                place = (float(operands[4]), float(operands[5]))
            case b"Tj":
                widths = fonts[font]["/Widths"]
                codes = [ord(char) for char in str(operands[0])]
                wide = sum(float(widths[code]) / 1000 * size + spacing for code in codes)
                drawing.words.append((place[0], place[0] + wide, place[1]))
            case b"cm" if float(operands[0]) > 10:
                drawing.pictures.append(tuple(float(operands[i]) for i in (4, 5, 0, 3)))  # type: ignore[arg-type]
            case _:
                pass
    return drawing


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", ["Wertgutschein", "25,00\xa0€", "Nr. AG25-0001", "Gültig von 21.11.2026 bis 31.12.2036"]),
        ("en", ["Wertgutschein", "€25.00", "No. AG25-0001", "Valid from 21/11/2026 until 31/12/2036"]),
    ],
)
def test_it_says_what_the_voucher_is(size: CertificateSize, language: str, words: list[str]) -> None:
    text = text_of(to_pdf([Certificate(slip(language))], size))
    for said in [*words, "Alles Gute zum 30. Geburtstag", "Blumen & Tee Sommer", "01234 Blütenstadt", "0351 1234567"]:
        assert squeezed(said) in squeezed(text)


@pytest.mark.parametrize(("size", "width", "height"), [("A4", 297, 210), ("A6", 148.5, 105)])
def test_it_is_a_sheet_on_its_side_with_embedded_fonts(size: str, width: float, height: float) -> None:
    (page,) = pypdf.PdfReader(io.BytesIO(to_pdf([Certificate(slip())], CertificateSize(size)))).pages
    assert float(page.mediabox.width) == pytest.approx(width / 25.4 * 72, abs=0.5)
    assert float(page.mediabox.height) == pytest.approx(height / 25.4 * 72, abs=0.5)
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    named = [font for font in fonts if "NotoSans" in font["/BaseFont"]]
    assert named
    assert all("/FontFile2" in font["/FontDescriptor"] for font in named)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("number", ["A1", "AG25-0001", "Spende1003", "4006381333948", LONG_NUMBER, "X" * 40])
def test_its_code_is_read_from_paper_whatever_the_number(size: CertificateSize, number: str) -> None:
    (found,) = zxingcpp.read_barcodes(drawn(to_pdf([numbered(number)], size)).printed(size, 300))
    scanned = parse(found.text)
    assert (scanned.type_plu, scanned.number.casefold()) == ("906", number.casefold())


def test_a_short_number_has_the_code_that_every_scanner_reads() -> None:
    drawing = drawn(to_pdf([numbered("Spende1003")], CertificateSize.A6))
    (found,) = zxingcpp.read_barcodes(drawing.printed(CertificateSize.A6, 300))
    assert found.format.name == "Code128"


@pytest.mark.parametrize("size", SIZES)
def test_the_bars_are_wide_enough_for_a_hand_scanner(size: CertificateSize) -> None:
    """At least 0.25 mm for the narrowest bar, measured in the drawing itself."""
    bars = drawn(to_pdf([numbered("Spende1003")], size)).bars
    assert min(wide for _, _, wide, _ in bars) * size.scale >= 0.249


@pytest.mark.parametrize("size", SIZES)
def test_foreign_words_are_drawn_as_they_are_and_wrap(size: CertificateSize) -> None:
    text = squeezed(text_of(to_pdf([Certificate(slip(text=LONG_TEXT.strip()))], size)))
    assert squeezed(LONG_TEXT) in text
    assert "<script>" in text


@pytest.mark.parametrize("size", SIZES)
def test_nothing_runs_over_the_edge_of_its_field(size: CertificateSize) -> None:
    """The shop's words end left of the tinted field, the voucher's in it, its code on the white box in that."""
    wild = slip(
        text="W" * 120,
        type_name="W" * 30,
        number="W" * 40,
        barcode=voucher_barcode("906", "W" * 40),
        value=Money(MAX_CENTS),
        shop=replace(SHOP, name="W" * 80, contact=("W" * 60, "W" * 60, "W" * 400)),
    )
    drawing = drawn(to_pdf([Certificate(wild)], size))
    assert len(drawing.words) > 10
    for left, right, baseline in drawing.words:
        assert 20 <= left < 102 or left >= 114
        assert right <= (100 if left < 102 else 283)
        assert 12 <= baseline <= 198
    for left, bottom, wide, high in drawing.bars:
        assert left >= 114
        assert left + wide <= 275
        assert bottom >= 24
        assert bottom + high <= 64


def test_what_no_font_has_and_control_codes_do_no_harm() -> None:
    text = text_of(to_pdf([Certificate(slip(text="Sei\x1bfe\x00 😀 Žluťoučký Привет"))], CertificateSize.A4))
    assert "Seife ? Žluťoučký Привет" in text


@given(words=st.text(max_size=300), number=st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=40))
@settings(max_examples=40)
def test_whatever_was_typed_becomes_one_page(words: str, number: str) -> None:
    assume(number.strip())
    wild = slip(text=words, type_name=words, number=number, barcode=voucher_barcode("906", number))
    reader = pypdf.PdfReader(io.BytesIO(to_pdf([Certificate(wild)], CertificateSize.A6)))
    assert len(reader.pages) == 1


def test_the_shops_picture_stands_over_its_name_in_its_own_shape() -> None:
    logo = Image.new("L", (576, 200), 255)
    ImageDraw.Draw(logo).rectangle((0, 0, 575, 199), fill=0)
    kept = io.BytesIO()
    logo.save(kept, "PNG")
    assert drawn(to_pdf([Certificate(slip())], CertificateSize.A4)).pictures == []
    drawing = drawn(to_pdf([Certificate(slip(), kept.getvalue())], CertificateSize.A4))
    ((left, bottom, wide, high),) = drawing.pictures
    assert left + wide <= 100
    assert wide / high == pytest.approx(576 / 200, abs=0.01)
    assert max(baseline for start, _, baseline in drawing.words if start < 102) < bottom


def test_several_vouchers_have_a_page_each_and_the_same_bytes_each_time() -> None:
    several = [numbered(f"AG-{place:04}") for place in range(1, 21)]
    pdf = to_pdf(several, CertificateSize.A6)
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) == 20
    assert [f"AG-{place:04}" in page.extract_text() for place, page in enumerate(reader.pages, 1)] == [True] * 20
    assert pdf == to_pdf(several, CertificateSize.A6)
    assert reader.metadata is not None
    assert reader.metadata.title == "Gutschein AG-0001 … AG-0020"


def test_without_words_nothing_stands_in_quotation_marks() -> None:
    assert "„" not in text_of(to_pdf([Certificate(slip(text=""))], CertificateSize.A4))
