"""The sheets of labels that stationers sell, and a single card: where each label begins, in millimetres."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from till.errors import Refused
from till.i18n import msg

NOT_ON_SHEET = msg("The sheet has {most} labels. Begin with one of these.")


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in millimetres."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page with labels in columns and rows; `left` and `top` are its margins, `gap` lies between two columns."""

    key: str
    page: Size
    label: Size
    columns: int
    rows: int
    left: float
    top: float
    gap: float = 0.0

    @property
    def labels(self) -> int:
        """How many there are on a page."""
        return self.columns * self.rows

    def places(self, first: int) -> Iterator[tuple[int, float, float]]:
        """Page, and left and top edge, of each label from the `first` one (1 is the topmost left) on, without end.

        Raises Refused where the sheet has no such label.
        """
        if not 1 <= first <= self.labels:
            raise Refused(NOT_ON_SHEET, most=self.labels)
        return self._places(first)

    def _places(self, first: int) -> Iterator[tuple[int, float, float]]:
        for place in count(first - 1):
            page, on_page = divmod(place, self.labels)
            row, column = divmod(on_page, self.columns)
            yield (
                page,
                self.left + column * (self.label.width + self.gap),
                self.top + row * self.label.height,
            )


_A4 = Size(210.0, 297.0)
_CARD = Size(85.6, 53.98)  # ISO/IEC 7810 ID-1
SHEETS = (
    Sheet("24", _A4, Size(70.0, 37.0), 3, 8, 0.0, 0.5),
    Sheet("40", _A4, Size(48.5, 25.4), 4, 10, 8.0, 21.5),
    Sheet("65", _A4, Size(38.1, 21.2), 5, 13, 4.65, 10.7, 2.55),
    Sheet("card", _CARD, _CARD, 1, 1, 0.0, 0.0),
)
"""24: 70 x 37 mm; 40: 48.5 x 25.4 mm; 65: 38.1 x 21.2 mm, as the usual A4 sheets have them; card: one bank card a page."""
