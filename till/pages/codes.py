"""Code128 and QR codes as rasters whose modules are whole dots, so that scanners read them from thermal paper."""

from __future__ import annotations

from math import ceil

from till.raster import Raster, from_modules

BARCODE_QUIET_MODULES = 10  # 70-devices 4.1
QR_QUIET_MODULES = 4  # ISO/IEC 18004
QR_MIN_MM = 30  # DSFinV-K 2.4 p. 122

_MM_PER_INCH = 25.4
_BARCODE_DOTS = 2
_QR_DOTS = 3


def code128(data: str, most_dots: int, height_dots: int) -> Raster | None:
    """A Code128 of printable ASCII with quiet zones, 2 dots per module, or 1 where the paper is narrow.

    None when even that is wider than `most_dots`. ValueError for other characters.
    """
    if not (data.isascii() and data.isprintable() and data):
        msg = f"a barcode takes printable ASCII, got {data!r}"
        raise ValueError(msg)
    from barcode.codex import Code128

    modules = [digit == "1" for digit in Code128(data).build()[0]]
    dots = min(_BARCODE_DOTS, most_dots // (len(modules) + 2 * BARCODE_QUIET_MODULES))
    if dots < 1:
        return None
    quiet = [False] * BARCODE_QUIET_MODULES
    line = from_modules([[*quiet, *modules, *quiet]], dots)
    return Raster(line.width, height_dots, line.row(0) * height_dots)


def bars_of(raster: Raster) -> list[tuple[int, int]]:
    """Where the black bars of a barcode begin, and how long they are, in dots of its first row."""
    row, bars, start = raster.row(0), [], -1
    for x in range(raster.width + 1):
        is_black = x < raster.width and bool(row[x // 8] & (0x80 >> x % 8))
        if is_black and start < 0:
            start = x
        elif not is_black and start >= 0:
            bars.append((start, x - start))
            start = -1
    return bars


def qr(data: str, most_dots: int, dpi: int) -> Raster:
    """A QR code at level M with quiet zone: QR_MIN_MM wide at 3 dots per module or more, less where paper is narrow.

    ValueError when it doesn't fit at 1 dot per module.
    """
    import segno

    code = segno.make(data, error="m", micro=False, boost_error=False)
    modules = [[bool(module) for module in row] for row in code.matrix]
    for_size = ceil(QR_MIN_MM / _MM_PER_INCH * dpi / len(modules))
    dots = min(max(_QR_DOTS, for_size), most_dots // (len(modules) + 2 * QR_QUIET_MODULES))
    if dots < 1:
        msg = f"a QR code of {len(modules)} modules does not fit into {most_dots} dots"
        raise ValueError(msg)
    return from_modules(modules, dots, QR_QUIET_MODULES)
