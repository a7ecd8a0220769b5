"""A staff card on paper: the size of a bank card, with its owner's name and the barcode that signs in."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from pathlib import Path

from till.errors import Unavailable
from till.i18n import msg
from till.pages.codes import bars_of, code128
from till.pages.fonts import SANS, SANS_BOLD, register_fonts
from till.raster import Raster

NOT_SAVED = msg("{path} can’t be written: {reason}.")
_MM = 72 / 25.4
_WIDTH, _HEIGHT = 85.6 * _MM, 53.98 * _MM  # ISO/IEC 7810 ID-1
_MARGIN = 4 * _MM
_MOST_DOTS = 1200
_BAR_DOTS = 120
_LONGEST_NAME = 34


@dataclass(frozen=True, slots=True, repr=False)
class CardPaper:
    """What stands on a card. `code` is a secret: this value has no repr, so that it is never logged."""

    shop: str
    name: str
    code: str


def barcode(code: str) -> Raster:
    """The Code 128 of a card, 2 dots per module with its quiet zones."""
    raster = code128(code, _MOST_DOTS, _BAR_DOTS)
    if raster is None:
        raise ValueError(code[:2])  # pragma: no cover - a card's code has one length, and fits
    return raster


def to_pdf(card: CardPaper) -> bytes:
    """One page to cut out and laminate."""
    from reportlab.pdfgen.canvas import Canvas

    register_fonts()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(_WIDTH, _HEIGHT), invariant=True, pageCompression=1)
    canvas.setFont(SANS, 9)
    canvas.drawString(_MARGIN, _HEIGHT - 9 * _MM, card.shop[:_LONGEST_NAME])
    canvas.setFont(SANS_BOLD, 13)
    canvas.drawString(_MARGIN, _HEIGHT - 16 * _MM, card.name[:_LONGEST_NAME])
    raster = barcode(card.code)
    module = (_WIDTH - 2 * _MARGIN) / raster.width
    for start, length in bars_of(raster):
        canvas.rect(_MARGIN + start * module, 7 * _MM, length * module, 18 * _MM, stroke=0, fill=1)
    canvas.save()
    return out.getvalue()


def save(card: CardPaper, path: Path) -> None:
    """Write the PDF for its owner's eyes only; Unavailable when the place can't be written."""
    try:
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(to_pdf(card))
    except OSError as error:
        raise Unavailable(NOT_SAVED, path=str(path), reason=error.strerror or str(error)) from error
