"""A picture in black and white, dot by dot, as thermal printers take it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Raster:
    """`height` rows of `width` dots; `bits` holds each row in whole bytes, first dot highest, 1 = black.

    Raises ValueError when `bits` has another length.
    """

    width: int
    height: int
    bits: bytes

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1 or len(self.bits) != self.row_bytes * self.height:
            msg = f"{len(self.bits)} bytes are no raster of {self.width} x {self.height} dots"
            raise ValueError(msg)

    @property
    def row_bytes(self) -> int:
        """Bytes of one row."""
        return (self.width + 7) // 8

    def row(self, y: int) -> bytes:
        """The bytes of row `y`, counted from the top."""
        return self.bits[y * self.row_bytes : (y + 1) * self.row_bytes]

    def strips(self, most_rows: int) -> Iterator[Raster]:
        """The same picture in strips of at most `most_rows` rows, from top to bottom."""
        for top in range(0, self.height, most_rows):
            rows = min(most_rows, self.height - top)
            yield Raster(self.width, rows, self.bits[top * self.row_bytes : (top + rows) * self.row_bytes])

    def centred(self, width: int) -> Raster:
        """With equal white margins up to `width` dots; itself when it is as wide already."""
        left = (width - self.width) // 2
        if left <= 0:
            return self
        return Raster(width, self.height, b"".join(_shifted(self.row(y), left, width) for y in range(self.height)))


def from_modules(rows: Sequence[Sequence[bool]], dots: int, margin: int = 0) -> Raster:
    """A code drawn with `dots` dots per module and a white `margin` of as many modules on each side."""
    blank = [False] * (len(rows[0]) + 2 * margin)
    side = [False] * margin
    framed = [blank] * margin + [[*side, *row, *side] for row in rows] + [blank] * margin
    return Raster(len(blank) * dots, len(framed) * dots, b"".join(_packed(row, dots) * dots for row in framed))


def _packed(row: Sequence[bool], dots: int) -> bytes:
    digits = "".join(("1" if black else "0") * dots for black in row)
    size = (len(digits) + 7) // 8
    return int(digits.ljust(size * 8, "0"), 2).to_bytes(size, "big")


def _shifted(row: bytes, left: int, width: int) -> bytes:
    size = (width + 7) // 8
    room = size * 8 - left - len(row) * 8
    number = int.from_bytes(row, "big")
    # The last byte of a row may carry padding beyond the new width; it is white, so that shifting it out loses nothing.
    return (number << room if room >= 0 else number >> -room).to_bytes(size, "big")
