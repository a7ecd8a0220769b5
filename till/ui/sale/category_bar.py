"""The bar of categories over the article grid: as many as fit, the rest one tap away."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from till.app.views import CategoryTab
from till.ui.fonts import semibold
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, Kind, icon_button

ALL = ""
_GAP = 8


class CategoryBar(QWidget):
    """Sends `chosen` with a category's id, or ALL."""

    chosen = Signal(str)

    def __init__(self, look: Look, categories: tuple[CategoryTab, ...]) -> None:
        super().__init__()
        self._look = look
        self._first = 0
        self._chips: dict[str, Button] = {}
        self.setFixedHeight(look.target_px)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._more = icon_button(look, "dots", look.t("More categories"), kind=Kind.PLAIN)
        self._more.setParent(self)
        self._more.clicked.connect(self._turn)
        self._add(ALL, look.t("All"))
        for category in categories:
            self._add(category.id, category.name)
        self._chips[ALL].setChecked(True)

    def sizeHint(self) -> QSize:
        """The size that its content asks for."""
        return QSize(self._look.target_px * 4, self._look.target_px)

    def choose(self, category_id: str) -> None:
        """Show this category as the chosen one and send it."""
        for chip_id, chip in self._chips.items():
            chip.setChecked(chip_id == category_id)
        self.chosen.emit(category_id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit what depends on the width."""
        super().resizeEvent(event)
        self._place()

    def _add(self, category_id: str, name: str) -> None:
        chip = Button(self._look, Face(name), Kind.CHIP).in_type(semibold(Size.BODY - 1))
        chip.setCheckable(True)
        chip.setParent(self)
        chip.clicked.connect(lambda: self.choose(category_id))
        self._chips[category_id] = chip

    def _turn(self) -> None:
        end = self._end(self._first)
        self._first = 0 if end >= len(self._chips) else end
        self._place()

    def _place(self) -> None:
        chips = list(self._chips.values())
        end = self._end(self._first)
        x = 0
        for place, chip in enumerate(chips):
            is_shown = self._first <= place < end
            chip.setVisible(is_shown)
            if is_shown:
                width = min(chip.sizeHint().width(), self.width())
                chip.setGeometry(x, 0, width, self.height())
                x += width + _GAP
        self._more.setVisible(self._first > 0 or end < len(chips))
        self._more.setGeometry(x, 0, self.height(), self.height())

    def _end(self, first: int) -> int:
        """The place behind the last chip that fits when the bar begins at `first`."""
        widths = [chip.sizeHint().width() for chip in self._chips.values()]
        if first == 0 and sum(widths) + _GAP * (len(widths) - 1) <= self.width():
            return len(widths)
        room = self.width() - self.height() - _GAP
        end = first
        while end < len(widths) and (widths[end] <= room or end == first):
            room -= widths[end] + _GAP
            end += 1
        return end
