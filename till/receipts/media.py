"""What the pictures of a receipt have in common: on the screen, in the PDF, and where a printer lacks letters."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from till.pages.codes import code128, qr
from till.pages.fonts import MONO, MONO_BOLD, font_file, mono_has
from till.raster import Raster
from till.receipts.document import QR, Barcode, Cut, Logo, Receipt
from till.receipts.layout import PaperItem, PrintedLine, lay_out
from till.receipts.sanitize import for_font

if TYPE_CHECKING:
    from PIL.Image import Image

COLUMNS = 48
DOTS = 576
DPI = 203
MM_PER_INCH = 25.4

_FONT_ADVANCE = 0.6  # a character of Noto Sans Mono is 0.6 em wide
_LINE_PITCH = 2.3  # of the width of a character
_BARCODE_MM = 10

Logos = Mapping[str, Raster]
"""The pictures by the names that Logo blocks call them, as wide as they shall be printed."""

NO_LOGOS: Logos = MappingProxyType({})


def pictured(receipt: Receipt, logos: Logos) -> tuple[PrintedLine | Raster, ...]:
    """The receipt on 80 mm paper in our own font: lines, and the pictures between them."""
    items = lay_out(receipt, COLUMNS, lambda text: for_font(text, mono_has))
    return tuple(part for item in items if (part := _pictured(item, logos)) is not None)


def code_raster(code: Barcode | QR, most_dots: int, dpi: int) -> Raster:
    """The code as dots, no wider than `most_dots`; a barcode that is too long for the paper becomes a QR code."""
    if isinstance(code, Barcode):
        bars = code128(code.data, most_dots, round(_BARCODE_MM / MM_PER_INCH * dpi))
        if bars is not None:
            return bars
    return qr(code.data, most_dots, dpi)


def line_height(cell: int, line: PrintedLine) -> int:
    """The dots that a line takes where a normal character is `cell` dots wide."""
    return round(cell * _LINE_PITCH) * line.style.height


def font_size(cell: float) -> float:
    """The size at which a character of the monospaced font is `cell` wide, in the same unit."""
    return cell / _FONT_ADVANCE


def draw_line(line: PrintedLine, cell: int, columns: int) -> Image:
    """The line as a grey picture (mode L), black on white, over the whole width."""
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.truetype(str(font_file(MONO_BOLD if line.style.bold else MONO)), font_size(cell))
    once = Image.new("L", (columns * cell // line.style.width, line_height(cell, line) // line.style.height), 255)
    ImageDraw.Draw(once).text((0, once.height * 0.8), line.text, fill=0, font=font, anchor="ls")
    return once.resize((columns * cell, line_height(cell, line)))


def picture_of(raster: Raster) -> Image:
    """The raster as a black and white picture (mode 1)."""
    from PIL import Image

    return Image.frombytes("1", (raster.width, raster.height), raster.bits, "raw", "1;I")


def raster_of(picture: Image) -> Raster:
    """A picture of any mode as a raster: what is darker than the middle becomes black."""
    grey = picture.convert("L").point(lambda value: 255 if value < 128 else 0)  # noqa: PLR2004 - the middle
    return Raster(grey.width, grey.height, grey.convert("1").tobytes())


def _pictured(item: PaperItem, logos: Logos) -> PrintedLine | Raster | None:
    match item:
        case PrintedLine():
            return item
        case Barcode() | QR():
            return code_raster(item, DOTS, DPI)
        case Logo():
            return logos.get(item.name)
        case Cut():
            return None
