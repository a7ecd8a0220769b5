"""A receipt as a picture: for the screen's preview, and as PNG to hand over."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from till.raster import Raster
from till.receipts.document import Receipt
from till.receipts.layout import PrintedLine
from till.receipts.media import COLUMNS, DOTS, DPI, NO_LOGOS, Logos, draw_line, picture_of, pictured

if TYPE_CHECKING:
    from PIL.Image import Image

_MARGIN = 32
_CELL = DOTS // COLUMNS


def to_png(receipt: Receipt, *, copy: bool = False, logos: Logos = NO_LOGOS) -> bytes:
    """The whole receipt as one grey PNG, 640 pixels wide, as it looks on 80 mm paper."""
    out = io.BytesIO()
    draw(receipt.as_copy() if copy else receipt, logos).save(out, "PNG", optimize=True, dpi=(DPI, DPI))
    return out.getvalue()


def draw(receipt: Receipt, logos: Logos = NO_LOGOS) -> Image:
    """The receipt as a Pillow picture (mode L)."""
    from PIL import Image

    parts = [_picture(part) for part in pictured(receipt, logos)]
    paper = Image.new("L", (DOTS + 2 * _MARGIN, sum(part.height for part in parts) + 2 * _MARGIN), 255)
    top = _MARGIN
    for part in parts:
        paper.paste(part, ((paper.width - part.width) // 2, top))
        top += part.height
    return paper


def _picture(part: PrintedLine | Raster) -> Image:
    return picture_of(part) if isinstance(part, Raster) else draw_line(part, _CELL, COLUMNS)
