"""The article grid: tiles that fill the space, in pages; nothing scrolls, and only the page that is seen is read."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from till.app.views import Tile, TilePage
from till.ui.fonts import semibold
from till.ui.look import Look
from till.ui.pictures import Pictures
from till.ui.theme import Size
from till.ui.widgets.button import Kind, icon_button
from till.ui.widgets.text import Text
from till.ui.widgets.tile import TileButton

_GAP = 10
_LEAST_HEIGHT = 72
_NOTHING = TilePage((), 0)
Read = Callable[[int, int], TilePage | None]
"""Gives the tiles from a place on, so many of them; None where they can't be read now, which it has said."""


class TileGrid(QWidget):
    """Shows tiles page by page; sends `taken` with the tile that was tapped, `paged` when the page changed."""

    taken = Signal(object)
    paged = Signal()

    def __init__(self, look: Look, pictures: Pictures) -> None:
        super().__init__()
        self._look, self._pictures = look, pictures
        self._hits: tuple[Tile, ...] = ()
        self._are_hits = False
        self._read: Read = lambda _first, _count: _NOTHING
        self._content = _NOTHING
        self._is_shown: tuple[int, int] | None = None
        self._chosen: int | None = None
        self._page = 0
        self._columns, self._rows = 4, 5
        self._tallest = 0
        self.places: list[TileButton] = []
        self.fixed_shape: tuple[int, int] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        pictures.arrived.connect(self._repaint)

    @property
    def page(self) -> int:
        """The page shown, from 0."""
        return self._page

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self._content.places // self.per_page))

    @property
    def per_page(self) -> int:
        """How many places a page has."""
        return self._columns * self._rows

    @property
    def shape(self) -> tuple[int, int]:
        """Tiles side by side, and rows."""
        return self._columns, self._rows

    @property
    def chosen(self) -> Tile | None:
        """The search hit that Enter takes."""
        return self._hits[self._chosen] if self._chosen is not None and self._chosen < len(self._hits) else None

    @property
    def shown(self) -> list[TileButton]:
        """The tiles on the screen."""
        return [button for button in self.places if not button.isHidden()]

    def sizeHint(self) -> QSize:
        """The size that its content asks for."""
        return QSize(560, 480)

    def minimumSizeHint(self) -> QSize:
        """The least size in which it can be used."""
        return QSize(self._look.target_px * 3, _LEAST_HEIGHT * 2)

    def show_hits(self, hits: tuple[Tile, ...]) -> None:
        """Show what a search found; the first one is chosen."""
        self._hits, self._are_hits, self._page = hits, True, 0
        self._chosen = 0 if hits else None
        self._read = lambda first, count: TilePage(hits[first : first + count], len(hits))
        self.reload()

    def show_pages(self, read: Read, page: int = 0) -> None:
        """Show what `read` gives, from this page on."""
        self._hits, self._are_hits, self._page, self._chosen = (), False, page, None
        self._read = read
        self.reload()

    def reload(self) -> None:
        """Read again what is shown."""
        self._is_shown = None
        self._refresh()

    def turn(self, by: int) -> None:
        """Show the next (1) or previous (-1) page."""
        self._page = (self._page + by) % self.pages
        self._refresh()

    def move_choice(self, by: int) -> None:
        """Choose another search hit; the page follows."""
        if self._chosen is None:
            return
        self._chosen = max(0, min(len(self._hits) - 1, self._chosen + by))
        self._page = self._chosen // self.per_page
        self._refresh()

    @property
    def columns(self) -> int:
        """Tiles side by side."""
        return self._columns

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit what depends on the width."""
        super().resizeEvent(event)
        self._measure(is_new_width=event.oldSize().width() != event.size().width())
        self._refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrow keys walk over the tiles."""
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self._columns,
            Qt.Key.Key_Down: self._columns,
        }
        step = steps.get(Qt.Key(event.key()))
        shown = self.shown
        at = next((place for place, button in enumerate(shown) if button.hasFocus()), None)
        if step is None or at is None:
            event.ignore()
        elif 0 <= at + step < len(shown):
            shown[at + step].setFocus(Qt.FocusReason.TabFocusReason)

    def _measure(self, *, is_new_width: bool) -> None:
        """Rows stay when a strip takes a little height, so that tiles do not jump under the finger."""
        if self.fixed_shape is not None:
            self._columns, self._rows = self.fixed_shape
            return
        self._columns = max(2, round(self.width() / (118 + 0.055 * self.width())))
        row = (self.height() + _GAP) / self._rows - _GAP
        ideal = self.width() / self._columns * 0.72
        has_grown = self.height() > self._tallest
        self._tallest = max(self._tallest, self.height())
        if is_new_width or has_grown or not max(_LEAST_HEIGHT, ideal * 0.72) <= row <= ideal * 1.4:
            self._rows = max(1, round(self.height() / (ideal + _GAP)))

    def _refresh(self) -> None:
        self._take_in()
        if self._page >= self.pages:
            self._page = self.pages - 1
            self._take_in()
        first = self._page * self.per_page
        self._grow(self.per_page)
        for place, button in enumerate(self.places):
            tile = self._content.tiles[place] if place < min(self.per_page, len(self._content.tiles)) else None
            button.setGeometry(self._place(place))
            button.setVisible(place < self.per_page and self._show_place(button, tile, first + place))
        self.paged.emit()

    def _show_place(self, button: TileButton, tile: Tile | None, at: int) -> bool:
        """Show what lies at a place; False where nothing is to be seen there."""
        if tile is not None:
            button.show_tile(tile, is_hit=self._are_hits, is_chosen=at == self._chosen)
        return tile is not None

    def _take_in(self) -> None:
        """Read the page, unless it is the one that is there."""
        wanted = (self._page * self.per_page, self.per_page)
        if wanted == self._is_shown:
            return
        content = self._read(*wanted)
        if content is not None:
            self._content, self._is_shown = content, wanted
            self._pictures.ask(tile for tile in content.tiles if tile is not None)

    def _repaint(self) -> None:
        for button in self.shown:
            button.update()

    def _grow(self, count: int) -> None:
        while len(self.places) < count:
            button = self._make_button()
            button.setParent(self)
            button.clicked.connect(self._tapped)
            self.places.append(button)

    def _make_button(self) -> TileButton:
        return TileButton(self._look, self._pictures)

    def _tapped(self) -> None:
        button = self.sender()
        if isinstance(button, TileButton) and button.tile is not None:
            self.taken.emit(button.tile)

    def _place(self, place: int) -> QRect:
        row, column = divmod(place, self._columns)
        lefts = [round(n * (self.width() + _GAP) / self._columns) for n in (column, column + 1)]
        tops = [round(n * (self.height() + _GAP) / self._rows) for n in (row, row + 1)]
        return QRect(lefts[0], tops[0], lefts[1] - lefts[0] - _GAP, tops[1] - tops[0] - _GAP)


class Pager(QWidget):
    """Turns the pages of a grid; hidden while there is only one."""

    def __init__(self, look: Look, grid: TileGrid) -> None:
        super().__init__()
        self._grid = grid
        self._where = Text("", semibold(Size.SMALL), "muted")
        self._where.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._where.setMinimumWidth(36)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        back = icon_button(look, "chevron-left", look.t("Previous page"), kind=Kind.PLAIN)
        forth = icon_button(look, "chevron-right", look.t("Next page"), kind=Kind.PLAIN)
        back.clicked.connect(lambda: grid.turn(-1))
        forth.clicked.connect(lambda: grid.turn(1))
        for widget in (back, self._where, forth):
            row.addWidget(widget)
        grid.paged.connect(self._show_page)
        self._show_page()

    def _show_page(self) -> None:
        self._where.setText(f"{self._grid.page + 1}/{self._grid.pages}")
        self.setVisible(self._grid.pages > 1)
