"""Draws a receipt as it would lie on the counter: one image of all marks, one pixel per dot of the printer."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from till.devices.simulated.marks import Align, CutKind, FeedMark, Font, LineEnd, Mark, PictureMark, Style, TextMark
from till.i18n import resource

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

_WHITE = 255
_FONT_PIXELS = {Font.A: 19, Font.B: 13}
_BASELINES = {Font.A: 19, Font.B: 13}
_CUT_ROWS = 16
_DASH_DOTS = 12


@dataclass(frozen=True, slots=True)
class Receipt:
    """One piece of paper: its marks, the bytes that made it, how it was cut and how wide the paper is in dots."""

    marks: tuple[Mark, ...]
    raw: bytes
    cut: CutKind
    dots: int

    @property
    def text(self) -> str:
        """The printed characters; each end of a line is a line feed."""
        return "".join(_characters(mark) for mark in self.marks)

    @property
    def images(self) -> tuple[Image, ...]:
        """The printed raster strips, mode "1"."""
        return tuple(mark.image for mark in self.marks if isinstance(mark, PictureMark))

    def paper_image(self) -> Image:
        """The whole receipt drawn at one pixel per dot, mode "L", with a dashed line where it was cut."""
        strips = list(_strips(self.marks, self.dots))
        if self.cut is not CutKind.NONE:
            strips.append(_cut_line(self.dots))
        return _joined(strips, self.dots)


def _characters(mark: Mark) -> str:
    match mark:
        case TextMark():
            return mark.text
        case LineEnd():
            return "\n"
        case _:
            return ""


def _strips(marks: Iterable[Mark], dots: int) -> Iterable[Image]:
    line: list[TextMark] = []
    for mark in marks:
        match mark:
            case TextMark():
                line.append(mark)
            case LineEnd():
                yield from _line_rows(line, mark, dots)
                line = []
            case PictureMark():
                yield _placed(mark.image, mark.align, dots)
            case FeedMark():
                yield _blank(dots, mark.dots)


def _blank(width: int, height: int) -> Image:
    from PIL import Image

    return Image.new("L", (width, height), _WHITE)


def _joined(strips: list[Image], dots: int) -> Image:
    paper = _blank(dots, max(1, sum(strip.height for strip in strips)))
    top = 0
    for strip in strips:
        paper.paste(strip, (0, top))
        top += strip.height
    return paper


def _placed(picture: Image, align: Align, dots: int) -> Image:
    """A picture on a strip of paper; what is wider than the paper is lost at the right, as on a real printer."""
    strip = _blank(dots, picture.height)
    strip.paste(picture.convert("L"), (_left(align, dots, picture.width), 0))
    return strip


def _left(align: Align, dots: int, width: int) -> int:
    spare = max(0, dots - width)
    return {Align.LEFT: 0, Align.CENTRE: spare // 2, Align.RIGHT: spare}[align]


def _line_rows(line: list[TextMark], end: LineEnd, dots: int) -> Iterable[Image]:
    """The rows of one line; a line that is too long goes on in the next row."""
    for row in _wrapped([(char, mark.style) for mark in line for char in mark.text], dots):
        width = sum(style.cell[0] for _, style in row)
        height = max((style.cell[1] for _, style in row), default=0)
        strip = _blank(dots, max(height, end.spacing))
        left = _left(end.align, dots, width)
        for char, style in row:
            strip.paste(_glyph(char, style), (left, height - style.cell[1]))
            left += style.cell[0]
        yield strip


def _wrapped(cells: list[tuple[str, Style]], dots: int) -> list[list[tuple[str, Style]]]:
    rows: list[list[tuple[str, Style]]] = [[]]
    width = 0
    for char, style in cells:
        if rows[-1] and width + style.cell[0] > dots:
            rows.append([])
            width = 0
        rows[-1].append((char, style))
        width += style.cell[0]
    return rows


@functools.lru_cache(maxsize=4096)
def _glyph(char: str, style: Style) -> Image:
    """One character in its cell; enlarged cells are drawn large, then fitted."""
    from PIL import Image, ImageDraw, ImageOps

    scale = max(style.width, style.height)
    width, height = style.font.value
    glyph = _blank(width * scale, height * scale)
    pen = ImageDraw.Draw(glyph)
    baseline = _BASELINES[style.font] * scale
    pen.text((width * scale / 2, baseline), char, fill=0, font=_font(style.font, style.bold, scale), anchor="ms")
    glyph = glyph.resize(style.cell, Image.Resampling.BOX)
    if style.underline:
        ImageDraw.Draw(glyph).rectangle((0, glyph.height - style.underline, glyph.width, glyph.height), fill=0)
    return ImageOps.invert(glyph) if style.reverse else glyph


@functools.lru_cache(maxsize=32)
def _font(font: Font, bold: bool, scale: int) -> FreeTypeFont:  # noqa: FBT001 - the key of a cache
    from PIL import ImageFont

    face = resource("fonts", f"NotoSansMono-{'Bold' if bold else 'Regular'}.ttf")
    return ImageFont.truetype(face, _FONT_PIXELS[font] * scale)


def _cut_line(dots: int) -> Image:
    from PIL import ImageDraw

    strip = _blank(dots, _CUT_ROWS)
    pen = ImageDraw.Draw(strip)
    for left in range(0, dots, 2 * _DASH_DOTS):
        pen.line((left, _CUT_ROWS // 2, left + _DASH_DOTS - 1, _CUT_ROWS // 2), fill=0)
    return strip
