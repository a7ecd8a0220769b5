"""A receipt as PDF: one page of 80 mm, as long as it needs, with real text and the codes as pictures."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from till.pages.fonts import MONO, MONO_BOLD, register_fonts
from till.raster import Raster
from till.receipts.document import Receipt
from till.receipts.layout import PrintedLine
from till.receipts.media import (
    COLUMNS,
    DOTS,
    DPI,
    MM_PER_INCH,
    NO_LOGOS,
    Logos,
    font_size,
    line_height,
    picture_of,
    pictured,
)

_POINT = 72 / DPI  # points per dot
_PAGE_WIDTH = 80 / MM_PER_INCH * 72
_MARGIN = (_PAGE_WIDTH - DOTS * _POINT) / 2
_CELL = DOTS // COLUMNS
_MOST_DOTS = 39_000  # of one page: PDF readers take 14,400 points at most
_GAP = 12  # dots above and below a picture


def to_pdf(receipt: Receipt, *, copy: bool = False, logos: Logos = NO_LOGOS) -> bytes:
    """The PDF file, the same bytes for the same receipt; a receipt of more than 4.8 m goes on on a second page."""
    from reportlab.pdfgen.canvas import Canvas

    register_fonts()
    out = io.BytesIO()
    canvas = Canvas(out, invariant=True, lang=receipt.language, pageCompression=1)
    canvas.setTitle(receipt.title)
    for page in _pages(pictured(receipt.as_copy() if copy else receipt, logos)):
        _draw_page(canvas, page)
    canvas.save()
    return out.getvalue()


def _pages(parts: tuple[PrintedLine | Raster, ...]) -> Iterator[list[PrintedLine | Raster]]:
    page: list[PrintedLine | Raster] = []
    used = 0
    for part in parts:
        height = _height(part)
        if page and used + height > _MOST_DOTS:
            yield page
            page, used = [], 0
        page.append(part)
        used += height
    yield page


def _draw_page(canvas: Any, parts: list[PrintedLine | Raster]) -> None:
    top = sum(map(_height, parts)) * _POINT + 2 * _MARGIN
    canvas.setPageSize((_PAGE_WIDTH, top))
    top -= _MARGIN
    for part in parts:
        top -= _height(part) * _POINT
        if isinstance(part, Raster):
            _draw_raster(canvas, part, top + _GAP * _POINT)
        else:
            _draw_line(canvas, part, top)
    canvas.showPage()


def _height(part: PrintedLine | Raster) -> int:
    return part.height + 2 * _GAP if isinstance(part, Raster) else line_height(_CELL, part)


def _draw_line(canvas: Any, line: PrintedLine, bottom: float) -> None:
    if not line.text:
        return
    style = line.style
    size = font_size(_CELL * style.height) * _POINT
    text = canvas.beginText(_MARGIN, bottom + 0.2 * line_height(_CELL, line) * _POINT)
    text.setFont(MONO_BOLD if style.bold else MONO, size)
    text.setHorizScale(100 * style.width / style.height)
    text.textOut(line.text)
    canvas.drawText(text)


def _draw_raster(canvas: Any, raster: Raster, bottom: float) -> None:
    from reportlab.lib.utils import ImageReader

    picture = ImageReader(picture_of(raster))
    width, height = raster.width * _POINT, raster.height * _POINT
    canvas.drawImage(picture, (_PAGE_WIDTH - width) / 2, bottom, width, height)
