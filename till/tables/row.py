"""A row of a table as it was read: texts, and the number by which a person finds it again."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Row:
    """`number` is the line of the CSV, or the row of the sheet; `cells` are texts, "" for an empty one.

    Numbers of a sheet are plain decimals with a point, days YYYY-MM-DD, truth "1" or "0", percentages "19 %".
    """

    number: int
    cells: list[str]
