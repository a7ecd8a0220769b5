"""Fields that only the form of a voucher type has: a day that may be missing, and a percentage."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import Qt

from till.errors import Refused
from till.formats import parse_percent
from till.tables import cells
from till.ui.widgets.form import MISSING, LineField


class DayField(LineField["dt.date | None"]):
    """A day with its year, typed as 31.12.2029; None where nothing is typed."""

    def _read(self) -> dt.date | None:
        text = self.line.text().strip()
        return cells.day(text) if text else None

    def _write(self, value: dt.date | None) -> None:
        self.line.setText("" if value is None else self._look.formats.date(value))


class PercentField(LineField["int | None"]):
    """A percentage with up to two decimals, in basis points. Nothing typed is refused; None is what was never needed."""

    def _read(self) -> int | None:
        text = self.line.text().strip()
        if not text:
            raise Refused(MISSING)
        return parse_percent(text)

    def _write(self, value: int | None) -> None:
        self.line.setText("" if value is None else self._look.formats.percent(value).removesuffix("%").strip())
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight)
