"""Labels as a PDF: sheet after sheet, with real text and bars as shapes, so that every printer draws them sharply."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from till.labels.layout import Ink, Label, lay_out
from till.labels.sheet import Sheet
from till.pages.fonts import SANS, SANS_BOLD, register_fonts
from till.tables.whole import written_whole

_MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Printing:
    """How labels are printed: on which sheets, from which label of the first one on, in which language."""

    sheet: Sheet
    first: int = 1
    language: str = "de"


def write_labels(path: Path, labels: Iterable[Label], how: Printing, told: Callable[[int], object]) -> int:
    """Write the PDF and say how many labels it has; `told` how many are done, and may raise to end it.

    It comes to be as a whole. Raises Refused for a barcode that the labels are too small for, Unavailable for the disk.
    """
    from reportlab.pdfgen.canvas import Canvas

    register_fonts()
    places = how.sheet.places(how.first)
    with written_whole(path) as unfinished:
        size = (how.sheet.page.width * _MM, how.sheet.page.height * _MM)
        canvas = Canvas(str(unfinished), pagesize=size, invariant=True, lang=how.language, pageCompression=1)
        done = page = 0
        for done, (label, (on_page, left, top)) in enumerate(zip(labels, places, strict=False), 1):
            if on_page != page:
                canvas.showPage()
                page = on_page
            if done % how.sheet.labels == 0:
                told(done)
            _draw(canvas, lay_out(label, how.sheet.label), (left, how.sheet.page.height - top))
        canvas.save()
    return done


def _draw(canvas: Any, ink: Ink, corner: tuple[float, float]) -> None:
    """Draw a label whose top left corner stands here, counted from the bottom of the page as PDF does."""
    left, top = corner
    for bar in ink.bars:
        bottom = top - bar.top - bar.height
        canvas.rect((left + bar.left) * _MM, bottom * _MM, bar.width * _MM, bar.height * _MM, stroke=0, fill=1)
    for words in ink.words:
        canvas.setFont(SANS_BOLD if words.is_bold else SANS, words.points)
        canvas.drawCentredString((left + words.centre) * _MM, (top - words.baseline) * _MM, words.text)
