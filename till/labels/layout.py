"""Where ink goes on a label: words in their sizes and the bars of its barcode, in millimetres from its top left edge."""

from __future__ import annotations

from dataclasses import dataclass

from till.errors import Refused
from till.formats import shortened
from till.i18n import msg
from till.labels.sheet import Size
from till.pages.codes import bars_of, code128
from till.pages.fonts import SANS, SANS_BOLD, register_fonts

TOO_LONG = msg("The barcode of {number} is too long for these labels. Choose larger ones.")
PRINTER_STEP = 25.4 / 600
"""A dot of a usual laser printer: bars are whole dots wide, or they come out unevenly and can't be read."""
LEAST_MODULE = 4 * PRINTER_STEP
_MOST_MODULE = 12 * PRINTER_STEP
_POINT = 25.4 / 72
_LINE = 1.25
_MOST_DOTS = 20_000
_DOTS_PER_MODULE = 2


@dataclass(frozen=True, slots=True)
class Label:
    """What stands on a label: words as they are read, and the text of the barcode. `detail` is value and validity, or ""."""

    shop: str
    title: str
    number: str
    barcode: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text: its centre and baseline, and its size in points."""

    text: str
    centre: float
    baseline: float
    points: float
    is_bold: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A black bar."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Ink:
    """All that is printed on one label."""

    words: tuple[Words, ...]
    bars: tuple[Bar, ...]


def lay_out(label: Label, size: Size) -> Ink:
    """Place everything on a label of this size; what is too long ends in "…".

    Raises Refused where the barcode could not be read in print: a bar is at least four dots of a laser printer wide.
    """
    small, large, margin = _type_sizes(size)
    room = size.width - 2 * margin
    lines = [(label.shop, small, False), (label.title, large, True), (label.detail, small, False)]
    words, top = [], margin
    for text, points, is_bold in lines:
        if text:
            top += points * _POINT * _LINE
            shown = _fitting(text, points, room, is_bold=is_bold)
            words.append(Words(shown, size.width / 2, top - points * _POINT * 0.25, points, is_bold))
    foot = size.height - margin
    words.append(Words(_fitting(label.number, small, room), size.width / 2, foot - small * _POINT * 0.2, small))
    gap = small * _POINT * 0.4
    bottom = foot - small * _POINT * _LINE
    return Ink(tuple(words), _bars(label, size, top + gap, bottom - gap))


def _type_sizes(size: Size) -> tuple[float, float, float]:
    """Points of small and large type, and the margin, as a label of this height has room for."""
    if size.height < 23:  # noqa: PLR2004 - mm
        return 5.5, 6.5, 1.5
    if size.height < 30:  # noqa: PLR2004 - mm
        return 6.0, 8.0, 2.0
    if size.height < 45:  # noqa: PLR2004 - mm
        return 7.5, 10.0, 3.0
    return 9.0, 14.0, 5.0


def _bars(label: Label, size: Size, top: float, bottom: float) -> tuple[Bar, ...]:
    raster = code128(label.barcode, _MOST_DOTS, 1)
    if raster is None:
        raise Refused(TOO_LONG, number=shortened(label.number))
    modules = raster.width // _DOTS_PER_MODULE
    steps = int(size.width / modules / PRINTER_STEP)
    module = min(steps * PRINTER_STEP, _MOST_MODULE)
    if module < LEAST_MODULE - PRINTER_STEP / 2:
        raise Refused(TOO_LONG, number=shortened(label.number))
    left = (size.width - modules * module) / 2
    return tuple(
        Bar(left + start / _DOTS_PER_MODULE * module, top, length / _DOTS_PER_MODULE * module, bottom - top)
        for start, length in bars_of(raster)
    )


def _fitting(text: str, points: float, room: float, *, is_bold: bool = False) -> str:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    register_fonts()
    name, most = SANS_BOLD if is_bold else SANS, room / _POINT
    if stringWidth(text, name, points) <= most:
        return text
    shown = text
    while shown and stringWidth(f"{shown}…", name, points) > most:
        shown = shown[:-1]
    return f"{shown}…"
