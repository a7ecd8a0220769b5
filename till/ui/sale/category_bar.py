"""The bar of tabs over the article grid: as many as fit, the rest one tap away."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPainterPath, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from till.app.views import FIRST_TAB, CategoryTab, Grid
from till.ui.fonts import semibold
from till.ui.look import Look
from till.ui.pictures import Pictures, paint_covering
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, Kind, icon_button

_GAP = 8
_PICTURE_PX = 28
_PICTURE_RADIUS = 6


class CategoryBar(QWidget):
    """Sends `chosen` with a category's id, or FIRST_TAB."""

    chosen = Signal(str)

    def __init__(self, look: Look, pictures: Pictures) -> None:
        super().__init__()
        self._look, self._pictures = look, pictures
        self._first = 0
        self._chosen = FIRST_TAB
        self.chips: dict[str, Button] = {}
        self._shown: Grid | None = None
        pictures.arrived.connect(self._repaint)
        self.setFixedHeight(look.target_px)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.more = icon_button(look, "dots", look.t("More categories"), kind=Kind.PLAIN)
        self.more.setParent(self)
        self.more.clicked.connect(self._turn)

    @property
    def tab(self) -> str:
        """The chosen tab."""
        return self._chosen

    def show_grid(self, grid: Grid) -> None:
        """Show these tabs; the chosen one stays chosen, unless it is gone."""
        if grid == self._shown:
            return
        self._shown = grid
        for chip in self.chips.values():
            chip.hide()
            chip.deleteLater()
        self.chips = {}
        first = self._look.t("Favourites") if grid.has_favourites else self._look.t("All")
        for tab in (CategoryTab(FIRST_TAB, first, ""), *grid.tabs):
            self._add(tab)
        if self._chosen not in self.chips:
            self._chosen = FIRST_TAB
        self.chips[self._chosen].setChecked(True)
        self._pictures.ask((), grid.tabs)
        self._first = 0
        self._show_chosen()

    def sizeHint(self) -> QSize:
        """The size that its content asks for."""
        return QSize(self._look.target_px * 4, self._look.target_px)

    def choose(self, category_id: str) -> None:
        """Show this category as the chosen one and send it."""
        self._chosen = category_id
        for chip_id, chip in self.chips.items():
            chip.setChecked(chip_id == category_id)
        self.chosen.emit(category_id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit what depends on the width."""
        super().resizeEvent(event)
        self._place()

    def _add(self, tab: CategoryTab) -> None:
        chip = CategoryChip(self._look, self._pictures, tab)
        chip.setCheckable(True)
        chip.setParent(self)
        chip.clicked.connect(lambda: self.choose(tab.id))
        self.chips[tab.id] = chip

    def _repaint(self) -> None:
        for chip in self.chips.values():
            chip.update()

    def _show_chosen(self) -> None:
        """Turn to the chips among which the chosen one is."""
        places = list(self.chips)
        while self._chosen in places and places.index(self._chosen) >= self._end(self._first):
            self._first = self._end(self._first)
        self._place()

    def _turn(self) -> None:
        end = self._end(self._first)
        self._first = 0 if end >= len(self.chips) else end
        self._place()

    def _place(self) -> None:
        chips = list(self.chips.values())
        end = self._end(self._first)
        x = 0
        for place, chip in enumerate(chips):
            is_shown = self._first <= place < end
            chip.setVisible(is_shown)
            if is_shown:
                width = min(chip.sizeHint().width(), self.width())
                chip.setGeometry(x, 0, width, self.height())
                x += width + _GAP
        self.more.setVisible(self._first > 0 or end < len(chips))
        self.more.setGeometry(x, 0, self.height(), self.height())

    def _end(self, first: int) -> int:
        """The place behind the last chip that fits when the bar begins at `first`."""
        widths = [chip.sizeHint().width() for chip in self.chips.values()]
        if first == 0 and sum(widths) + _GAP * (len(widths) - 1) <= self.width():
            return len(widths)
        room = self.width() - self.height() - _GAP
        end = first
        while end < len(widths) and (widths[end] <= room or end == first):
            room -= widths[end] + _GAP
            end += 1
        return end


class CategoryChip(Button):
    """A tab with its picture, if it has one, before its name."""

    def __init__(self, look: Look, pictures: Pictures, tab: CategoryTab) -> None:
        self._pictures, self._picture = pictures, tab.picture
        super().__init__(look, Face(tab.name, icon="tag" if tab.picture else ""), Kind.CHIP)
        self.in_type(semibold(Size.BODY - 1))

    def _paint_icon(self, painter: QPainter, ink: str, x: int, y: int) -> None:
        image = self._pictures.image(self._picture)
        if image is None:
            super()._paint_icon(painter, ink, x, y)
            return
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(x, y, _PICTURE_PX, _PICTURE_PX), _PICTURE_RADIUS, _PICTURE_RADIUS)
        paint_covering(painter, image, shape)

    def _icon_size(self) -> int:
        return _PICTURE_PX
