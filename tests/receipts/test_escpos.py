"""ESC/POS: the bytes that go to a printer, and what the simulated printer makes of them over a real line."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from till.business_case import VatKey
from till.devices.model import PrinterProfile
from till.devices.profiles import printer_profile
from till.devices.simulated.marks import CutKind, LineEnd, TextMark
from till.devices.simulated.paper import Receipt as Paper
from till.devices.simulated.printer import SimulatedPrinter
from till.documents.model import Line
from till.quantity import pieces
from till.raster import from_modules
from till.receipts.build import build
from till.receipts.document import QR, Align, Barcode, Block, Cut, Logo, Receipt, ReceiptKind, Text
from till.receipts.escpos import _dummy_class, encode
from till.receipts.layout import PrintedLine, lay_out
from till.receipts.sanitize import for_codepage
from till.receipts.source import ReceiptSource, TseStamp

EPSON_80 = printer_profile("TM-T20III")
NAMES = ("TM-T20III", "TM-T88V", "POS-58", "Xprinter-80", "NT-5890K")
MakeSale = Callable[..., ReceiptSource]
MakeLine = Callable[..., Line]
Samples = Callable[[str], dict[str, Receipt]]


@pytest.fixture
def printer(request: pytest.FixtureRequest) -> Iterator[SimulatedPrinter]:
    with SimulatedPrinter(printer_profile(getattr(request, "param", "TM-T20III"))) as simulated:
        yield simulated


def _print(printer: SimulatedPrinter, job: bytes) -> Paper:
    before = len(printer.receipts)
    with socket.create_connection(("127.0.0.1", printer.port)) as line:
        line.sendall(job)
    return printer.wait_for_receipts(before + 1)[-1]


def _line_widths(paper: Paper) -> Iterator[int]:
    width = 0
    for mark in paper.marks:
        if isinstance(mark, TextMark):
            width += mark.style.cell[0] * len(mark.text)
        elif isinstance(mark, LineEnd):
            yield width
            width = 0


def _codes(paper: Paper) -> dict[str, str]:
    return {found.format.name: found.text for found in zxingcpp.read_barcodes(paper.paper_image())}


def _paper(*blocks: Block) -> Receipt:
    return Receipt(ReceiptKind.SALE, "Beleg 1", "de", "KOPIE", blocks)


def _expected(receipt: Receipt, profile: PrinterProfile) -> str:
    items = lay_out(receipt, profile.columns, lambda text: for_codepage(text, profile.codepage_name))
    return "".join(f"{item.text}\n" for item in items if isinstance(item, PrintedLine))


@pytest.mark.parametrize("printer", NAMES, indirect=True)
def test_every_paper_is_printed_as_it_was_laid_out(printer: SimulatedPrinter, samples: Samples) -> None:
    profile = printer.profile
    for receipt in samples("en").values():
        paper = _print(printer, encode(receipt, profile))
        assert paper.text.rstrip("\n") == _expected(receipt, profile).rstrip("\n")
        assert (paper.cut is CutKind.PARTIAL) is profile.cutter
        assert all(width <= profile.dots for width in _line_widths(paper))
    assert printer.unknown == []
    assert printer.kicks == []


def test_twenty_different_sales_are_read_back_from_paper(
    printer: SimulatedPrinter, sale: MakeSale, line: MakeLine, stamp: TseStamp
) -> None:
    names = (
        "Öl Größe L",
        "Brötchen",
        "Käse €/kg",
        "Süßholz",
        "Ä",
        "100 % Wolle",
        "T-Shirt „weiß“",
        "½ Torte",
        "a" * 60,
    )
    for number in range(22):
        lines = [
            line(names[(number + i) % len(names)], 199 + 7 * i + number, VatKey(1 + i % 2), quantity=pieces(1 + i % 3))
            for i in range(1 + number % 6)
        ]
        signed = replace(stamp, transaction_number=number, qr=f"{stamp.qr}{number:03d}")
        source = sale("en", *lines, tse=signed, barcode=f"$RKASSE-2026-0001.{number}")
        receipt = build(source)
        paper = _print(printer, encode(receipt, printer.profile))
        assert paper.text.rstrip("\n") == _expected(receipt, printer.profile).rstrip("\n")
        assert _codes(paper) == {"QRCode": signed.qr, "Code128": source.barcode}
    assert printer.unknown == []


@pytest.mark.parametrize("printer", NAMES, indirect=True)
def test_the_codes_are_read_from_the_paper_of_every_printer(printer: SimulatedPrinter, samples: Samples) -> None:
    paper = _print(printer, encode(samples("en")["sale"], printer.profile))
    found = _codes(paper)
    assert found["QRCode"].startswith("V0;KASSE-2026-0001;")
    assert found["Code128"] == "$RKASSE-2026-0001.5"


@pytest.mark.parametrize("printer", NAMES, indirect=True)
def test_the_paper_of_a_training_says_so_and_has_no_barcode_to_bring_it_back_with(
    printer: SimulatedPrinter, samples: Samples
) -> None:
    paper = _print(printer, encode(samples("de")["training"], printer.profile))
    assert paper.text.count("TRAINING") >= 10
    assert paper.text.count("kein Beleg") == 2
    assert "Code128" not in _codes(paper)
    assert "AVTraining" in _codes(paper)["QRCode"]


@pytest.mark.parametrize("name", NAMES)
def test_umlauts_and_the_euro_are_in_the_code_page_of_the_profile(name: str) -> None:
    profile = printer_profile(name)
    job = encode(_paper(Text("ÄÖÜäöüß€")), profile)
    assert job == b"\x1b@\x1bt" + bytes([profile.codepage_slot]) + "ÄÖÜäöüß€".encode("cp858") + b"\n"


def test_no_code_page_but_the_profiles_and_no_national_characters_are_chosen(samples: Samples) -> None:
    for receipt in samples("en").values():
        commands = _without_pictures(encode(receipt, EPSON_80))
        assert commands.startswith(b"\x1b@\x1bt\x13")
        assert [commands.count(command) for command in (b"\x1b@", b"\x1bt", b"\x1bR")] == [1, 1, 0]


def test_a_copy_is_marked_on_paper_and_an_original_is_not(printer: SimulatedPrinter, samples: Samples) -> None:
    receipt = samples("en")["sale"]
    assert _print(printer, encode(receipt, printer.profile, copy=True)).text.lstrip().startswith("COPY\n")
    assert "COPY" not in _print(printer, encode(receipt, printer.profile)).text


def test_strips_are_never_taller_than_the_printer_takes(samples: Samples) -> None:
    job = encode(samples("en")["sale"], replace(EPSON_80, max_strip_rows=50))
    heights = [int.from_bytes(found[1], "little") for found in re.finditer(rb"\x1dv0\x00\x48\x00(..)", job, re.DOTALL)]
    assert heights
    assert max(heights) == 50


def test_a_barcode_too_long_for_the_paper_becomes_a_qr_code(printer: SimulatedPrinter) -> None:
    data = "$V" + "GUTSCHEIN-" * 7
    paper = _print(printer, encode(_paper(Barcode(data, data[:12]), Cut()), printer_profile("POS-58")))
    assert _codes(paper) == {"QRCode": data}


def test_letters_that_the_printer_lacks_are_drawn(printer: SimulatedPrinter) -> None:
    paper = _print(
        printer, encode(_paper(Text("Vorher"), Text("Привет, Žena 😀"), Text("Nachher"), Cut()), printer.profile)
    )
    assert paper.text.rstrip() == "Vorher\nNachher"
    (picture,) = paper.images
    assert picture.width == printer.profile.dots
    assert 100 < sum(picture.convert("L").point(lambda value: value == 0).tobytes()) < 5000


def test_a_logo_is_printed_or_its_words_stand_in(printer: SimulatedPrinter) -> None:
    receipt = _paper(Logo("shop", "Studio"), Logo("none"), Logo("wide", "zu breit"), Text("Ende"), Cut())
    logos = {"shop": from_modules([[True] * 10], 10), "wide": from_modules([[True] * 600], 1)}
    paper = _print(printer, encode(receipt, printer.profile, logos=logos))
    assert paper.text.split() == ["zu", "breit", "Ende"]
    assert [picture.height for picture in paper.images] == [10]
    assert _print(printer, encode(receipt, printer.profile)).text.rstrip() == "Studio\nzu breit\nEnde"


def test_a_printer_without_cutter_feeds_the_paper_to_its_edge(samples: Samples) -> None:
    job = encode(samples("en")["voucher-slip"], printer_profile("POS-58"))
    assert job.endswith(b"\x1bd\x04")
    assert b"\x1dV" not in job[-8:]


def test_a_full_cut_is_made_where_it_is_asked_for(printer: SimulatedPrinter) -> None:
    assert _print(printer, encode(_paper(Text("x"), Cut(partial=False)), printer.profile)).cut is CutKind.FULL


def test_the_drawer_stays_shut_whatever_is_written(printer: SimulatedPrinter, sale: MakeSale, line: MakeLine) -> None:
    nasty = "Seife\x1bp\x00\x19\xfa\x10\x14\x01\x00\x01\x1b@\x1dV\x00 ende"
    source = sale("en", line(nasty, 100, note=nasty))
    paper = _print(printer, encode(build(source), printer.profile))
    assert printer.kicks == []
    assert printer.unknown == []
    assert "Seifep" in paper.text
    assert paper.cut is CutKind.PARTIAL


@settings(max_examples=200)
@given(st.text(max_size=80), st.sampled_from(Align))
def test_no_text_carries_a_control_code_to_a_printer(text: str, align: Align) -> None:
    job = encode(_paper(Text(text, align)), EPSON_80)
    assert job.startswith(b"\x1b@\x1bt\x13")
    assert set(_without_pictures(job[5:])) & (set(range(0x20)) | {0x7F}) <= {0x0A}


@given(st.text(max_size=60).filter(str.strip))
def test_a_qr_code_takes_any_text_as_data_only(text: str) -> None:
    job = encode(_paper(QR(text.encode("utf-8", "replace").decode())), EPSON_80)
    assert _without_pictures(job) == b"\x1b@\x1bt\x13"


def test_nothing_is_printed_to_the_console(capfd: pytest.CaptureFixture[str], samples: Samples) -> None:
    encode(samples("en")["sale"], EPSON_80)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("before", [None, "/somewhere"])
def test_the_import_of_the_encoder_leaves_the_environment_alone(
    monkeypatch: pytest.MonkeyPatch, before: str | None
) -> None:
    if before is None:
        monkeypatch.delenv("ESCPOS_CAPABILITIES_PICKLE_DIR", raising=False)
    else:
        monkeypatch.setenv("ESCPOS_CAPABILITIES_PICKLE_DIR", before)
    _dummy_class.cache_clear()
    encode(_paper(Text("x")), EPSON_80)
    assert os.environ.get("ESCPOS_CAPABILITIES_PICKLE_DIR") == before


def _without_pictures(job: bytes) -> bytes:
    rest = b""
    while (start := job.find(b"\x1dv0\x00")) >= 0:
        size = int.from_bytes(job[start + 4 : start + 6], "little") * int.from_bytes(
            job[start + 6 : start + 8], "little"
        )
        rest += job[:start]
        job = job[start + 8 + size :]
    return rest + job
