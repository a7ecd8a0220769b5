"""The shop's own lines at the top and the end of receipts: what may stand in them, and on which paper they wrap."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from till.errors import Refused
from till.i18n import msg
from till.receipts.layout import display_width
from till.receipts.media import COLUMNS
from till.receipts.sanitize import printable

MOST_LINES = 12
PAPERS = (48, 42, 32)
"""The columns of the papers that shops use: 80 mm, 80 mm at 180 dpi, 58 mm."""

_CONTROLS = {"Cc", "Cf", "Co", "Cs", "Cn"}


def checked_lines(lines: Iterable[str]) -> tuple[str, ...]:
    """The lines without blanks at their ends and empty ones after the last; refused where one can't be printed so.

    A control code would be a command to the printer; a line wider than the paper would break where nobody wants it.
    """
    kept = [line.rstrip() for line in lines]
    while kept and not kept[-1]:
        kept.pop()
    if len(kept) > MOST_LINES:
        raise Refused(msg("At most {most} lines."), most=MOST_LINES)
    for number, line in enumerate(kept, 1):
        _check_line(number, line)
    return tuple(kept)


def wraps_on(lines: Iterable[str]) -> tuple[int, ...]:
    """On which papers one of the lines is too wide and wraps, by their columns."""
    widest = max((display_width(printable(line)) for line in lines), default=0)
    return tuple(columns for columns in PAPERS if widest > columns)


def _check_line(number: int, line: str) -> None:
    if any(unicodedata.category(char) in _CONTROLS for char in line):
        raise Refused(msg("Line {line} holds a control character. Type it again."), line=number)
    width = display_width(printable(line))
    if width > COLUMNS:
        raise Refused(
            msg("Line {line} has {width} characters; at most {most} fit on the paper."),
            line=number,
            width=width,
            most=COLUMNS,
        )
