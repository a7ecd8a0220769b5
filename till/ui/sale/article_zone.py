"""The right side of the sale screen: categories and tiles, or search hits, or what has to be seen instead."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from till.app.views import Assortment, Tile
from till.ui.fonts import bold
from till.ui.look import Look
from till.ui.sale.category_bar import ALL, CategoryBar
from till.ui.sale.tile_grid import Pager, TileGrid
from till.ui.theme import Size
from till.ui.widgets.button import Kind, icon_button
from till.ui.widgets.text import ShorteningText


class ArticleZone(QWidget):
    """Shows the assortment; `taken` with a tile, `search_ended` when the hits are closed."""

    taken = Signal(object)
    search_ended = Signal()

    def __init__(self, look: Look, assortment: Assortment, begins_with: str = ALL) -> None:
        """`begins_with` is the category that is shown first; one that is not there any more is as none."""
        super().__init__()
        self._look, self._assortment = look, assortment
        self._category = ALL
        self.grid = TileGrid(look)
        self.grid.taken.connect(self.taken)
        self.bar = CategoryBar(look, assortment.categories)
        self.bar.chosen.connect(self._choose)
        self._found = ShorteningText("", bold(Size.TITLE))
        self._heads = QStackedWidget()
        self._build()
        is_there = any(category.id == begins_with for category in assortment.categories)
        self.bar.choose(begins_with if is_there else ALL)

    @property
    def found(self) -> str:
        """The line over the search hits."""
        return self._found.text()

    def show_hits(self, text: str, hits: tuple[Tile, ...]) -> None:
        """Show the hits of a search in the place of the tiles."""
        t, count = self._look.t, len(hits)
        if hits:
            words = t.plural("{count} hit for “{text}”", "{count} hits for “{text}”", count)
        else:
            words = t("Nothing found for “{text}”")
        self._found.setText(words.format(count=count, text=text))
        self._heads.setCurrentIndex(1)
        self.grid.show_tiles(hits, are_hits=True)

    def show_assortment(self) -> None:
        """Show the tiles of the chosen category."""
        if self._heads.currentIndex() != 0:
            self._heads.setCurrentIndex(0)
            self._choose(self._category)

    def _choose(self, category_id: str) -> None:
        self._category = category_id
        tiles = self._assortment.tiles
        if category_id != ALL:
            tiles = tuple(tile for tile in tiles if tile.category_id == category_id)
        self.grid.show_tiles(tiles)

    def _build(self) -> None:
        hits = QWidget()
        row = QHBoxLayout(hits)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._found, 1)
        close = icon_button(self._look, "x", self._look.t("End the search"), kind=Kind.PLAIN)
        close.clicked.connect(self.search_ended)
        row.addWidget(close)
        self._heads.addWidget(self.bar)
        self._heads.addWidget(hits)
        self._heads.setFixedHeight(self._look.target_px)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._heads, 1)
        head.addWidget(Pager(self._look, self.grid))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.grid, 1)
