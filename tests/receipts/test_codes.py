"""Barcodes and QR codes: a decoder reads back what was drawn, on paper of any width."""

from __future__ import annotations

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from till.pages.codes import code128, qr
from till.raster import Raster, from_modules
from till.receipts.media import picture_of, raster_of


def _read(raster: Raster) -> tuple[str, str]:
    (found,) = zxingcpp.read_barcodes(picture_of(raster.centred(raster.width + 40)).convert("L"))
    return found.format.name, found.text


@pytest.mark.parametrize("data", ["$RKASSE-2026-0001.5", "$VMZG.MZG-0001", "GS-7K3M-9QXA", "a b~!", "4006381333931"])
@pytest.mark.parametrize("dots", [384, 512, 576])
def test_a_barcode_is_read_back(data: str, dots: int) -> None:
    raster = code128(data, dots, 80)
    assert raster is not None
    assert raster.width <= dots
    assert _read(raster) == ("Code128", data)


def test_a_barcode_has_whole_dots_and_a_quiet_zone() -> None:
    raster = code128("GS-7K3M-9QXA", 384, 80)
    assert raster is not None
    bars = "".join(f"{byte:08b}" for byte in raster.row(0))[: raster.width]
    assert bars.startswith("0" * 20 + "1")
    assert bars.rstrip("0") + "0" * 20 == bars
    runs = {len(run) for run in bars.replace("01", "0 1").replace("10", "1 0").split()[1:-1]}
    assert runs <= {2, 4, 6, 8}


def test_a_barcode_too_wide_for_two_dots_takes_one_and_then_none() -> None:
    narrow = code128("$VMZG-2026.SOMMER-0001", 384, 80)
    assert narrow is not None
    assert narrow.width <= 384
    assert code128("A" * 60, 384, 80) is None


@pytest.mark.parametrize("data", ["", "Größe", "a\nb", "\x1bp"])
def test_a_barcode_of_other_characters_is_refused(data: str) -> None:
    with pytest.raises(ValueError, match="printable ASCII"):
        code128(data, 576, 80)


@pytest.mark.parametrize(("dots", "dpi"), [(384, 203), (512, 180), (576, 203)])
def test_the_code_of_a_tse_is_30_mm_wide_and_read_back(dots: int, dpi: int) -> None:
    data = "V0;KASSE-2026-0001;Kassenbeleg-V1;" + "aRnBvcXyZ0" * 38
    raster = qr(data, dots, dpi)
    modules_width = raster.width - 2 * 4 * 3
    assert modules_width / dpi * 25.4 >= 30
    assert _read(raster) == ("QRCode", data)


def test_a_short_code_is_30_mm_wide_too() -> None:
    raster = qr("https://example.org/b/7", 576, 203)
    assert 240 <= raster.width * 25 / 33 <= 288


def test_a_code_too_large_for_three_dots_shrinks_to_the_paper() -> None:
    raster = qr("x" * 1500, 384, 203)
    assert raster.width <= 384
    assert _read(raster) == ("QRCode", "x" * 1500)


def test_a_code_that_does_not_fit_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="60 dots"):
        qr("x" * 300, 60, 203)


@settings(max_examples=25)
@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=14))
def test_any_short_ascii_text_is_read_back_from_a_barcode(data: str) -> None:
    raster = code128(data, 576, 60)
    assert raster is not None
    assert _read(raster) == ("Code128", data)


def test_a_raster_is_cut_into_strips_and_centred_without_losing_a_dot() -> None:
    picture = from_modules([[True, False, True], [False, True, False]], dots=5, margin=1)
    assert (picture.width, picture.height) == (25, 20)
    strips = list(picture.strips(7))
    assert [strip.height for strip in strips] == [7, 7, 6]
    assert b"".join(strip.bits for strip in strips) == picture.bits
    wide = picture.centred(100)
    assert wide.width == 100
    assert [f"{int.from_bytes(wide.row(y), 'big'):b}".count("1") for y in (5, 10)] == [10, 5]
    assert picture_of(wide).convert("L").getbbox() is not None
    assert picture.centred(10) is picture


def test_a_picture_becomes_a_raster_and_back() -> None:
    raster = from_modules([[True, False, True]], dots=5)
    assert raster_of(picture_of(raster).convert("RGB")) == raster


def test_bits_of_another_size_are_no_raster() -> None:
    with pytest.raises(ValueError, match="no raster"):
        Raster(9, 2, b"123")
