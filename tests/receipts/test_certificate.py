"""The gift certificate: real text with embedded fonts, a code that scanners read, and foreign words drawn as they are."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
import zxingcpp
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

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


def rendered(pdf: bytes, folder: Path, dpi: int = 150) -> Image.Image:
    """The first page as a printer of so many dots draws it."""
    (folder / "sheet.pdf").write_bytes(pdf)
    command = ["pdftoppm", "-r", str(dpi), "-f", "1", "-l", "1", "-png", "-singlefile"]
    subprocess.run([*command, str(folder / "sheet.pdf"), str(folder / "sheet")], check=True)
    with Image.open(folder / "sheet.png") as picture:
        return picture.convert("L")


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
def test_its_code_is_read_from_paper_whatever_the_number(size: CertificateSize, number: str, tmp_path: Path) -> None:
    page = rendered(to_pdf([numbered(number)], size), tmp_path, 200 if size is CertificateSize.A4 else 300)
    (found,) = zxingcpp.read_barcodes(page)
    scanned = parse(found.text)
    assert (scanned.type_plu, scanned.number.casefold()) == ("906", number.casefold())


def test_a_short_number_has_the_code_that_every_scanner_reads(tmp_path: Path) -> None:
    (found,) = zxingcpp.read_barcodes(rendered(to_pdf([numbered("Spende1003")], CertificateSize.A6), tmp_path, 300))
    assert found.format.name == "Code128"


@pytest.mark.parametrize("size", SIZES)
def test_the_bars_are_wide_enough_for_a_hand_scanner(size: CertificateSize) -> None:
    """At least 0.25 mm for the narrowest bar, measured in the drawing itself."""
    page = pypdf.PdfReader(io.BytesIO(to_pdf([numbered("Spende1003")], size))).pages[0]
    stream = page.get_contents()
    assert stream is not None
    drawn = [
        line.split()
        for line in stream.get_data().decode("latin-1").splitlines()
        if line.split()[-3:-1] == ["re", "f"] or " re" in line
    ]
    widths = [float(words[words.index("re") - 2]) for words in drawn if "re" in words]
    assert min(widths) * size.scale >= 0.25


@pytest.mark.parametrize("size", SIZES)
def test_foreign_words_are_drawn_as_they_are_and_wrap(size: CertificateSize) -> None:
    text = squeezed(text_of(to_pdf([Certificate(slip(text=LONG_TEXT.strip()))], size)))
    assert squeezed(LONG_TEXT) in text
    assert "<script>" in text


@pytest.mark.parametrize("size", SIZES)
def test_nothing_runs_over_the_edge_of_its_field(size: CertificateSize, tmp_path: Path) -> None:
    """Between the outer frame and the edge of the sheet there is nothing but paper."""
    wild = slip(
        text="W" * 120,
        type_name="W" * 30,
        number="W" * 40,
        value=Money(MAX_CENTS),
        shop=replace(SHOP, name="W" * 80, contact=("W" * 60,) * 6),
    )
    page = rendered(to_pdf([Certificate(wild)], size), tmp_path, 100)
    inner = round(page.width * 9.5 / 297)
    ImageDraw.Draw(page).rectangle((inner, inner, page.width - inner, page.height - inner), fill=255)
    assert page.getextrema() == (255, 255)


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


def test_the_shops_picture_stands_on_it(tmp_path: Path) -> None:
    logo = Image.new("L", (576, 200), 255)
    ImageDraw.Draw(logo).rectangle((0, 0, 575, 199), fill=0)
    kept = io.BytesIO()
    logo.save(kept, "PNG")
    without = rendered(to_pdf([Certificate(slip())], CertificateSize.A4), tmp_path, 50)
    with_it = rendered(to_pdf([Certificate(slip(), kept.getvalue())], CertificateSize.A4), tmp_path, 50)
    assert without.getpixel((60, 60)) == 255
    assert with_it.getpixel((60, 60)) == 0


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
