"""What a print head leaves on paper, in order: text in a style, ends of lines, pictures, feeds and the cut."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image


class Align(IntEnum):
    """Where a line stands on the paper; the numbers of ESC a."""

    LEFT = 0
    CENTRE = 1
    RIGHT = 2


class Font(Enum):
    """A built-in font by its cell: width and height in dots."""

    A = (12, 24)
    B = (9, 17)


class CutKind(Enum):
    """How a receipt came off; NONE means that no cut ended it."""

    NONE = "none"
    PARTIAL = "partial"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Style:
    """How text looks; `width` and `height` multiply the font's cell, `underline` is its thickness in dots."""

    font: Font = Font.A
    bold: bool = False
    underline: int = 0
    reverse: bool = False
    width: int = 1
    height: int = 1

    @property
    def cell(self) -> tuple[int, int]:
        """Width and height of one character in dots."""
        return self.font.value[0] * self.width, self.font.value[1] * self.height


@dataclass(frozen=True, slots=True)
class TextMark:
    """Characters in one style."""

    text: str
    style: Style


@dataclass(frozen=True, slots=True)
class LineEnd:
    """The line so far is printed at `align`, and the paper moves on by at least `spacing` dots."""

    spacing: int
    align: Align


@dataclass(frozen=True, slots=True)
class PictureMark:
    """A raster strip of mode "1", black where the printer burns."""

    image: Image
    align: Align


@dataclass(frozen=True, slots=True)
class FeedMark:
    """Blank paper, in dots."""

    dots: int


Mark = TextMark | LineEnd | PictureMark | FeedMark
