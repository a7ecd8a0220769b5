"""The right side of the sale screen: categories and tiles, or search hits, or what has to be seen instead."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from till.app.offer import Offer
from till.app.views import FIRST_TAB, Tile, TilePage
from till.errors import Refused, Unavailable
from till.ui.fonts import bold
from till.ui.look import Look
from till.ui.pictures import Pictures
from till.ui.sale.category_bar import CategoryBar
from till.ui.sale.tile_grid import Pager, TileGrid
from till.ui.theme import Size
from till.ui.widgets.button import Kind, icon_button
from till.ui.widgets.text import ShorteningText

_BUSY_FINGER_MS = 300
_HITS = 1


class ArticleZone(QWidget):
    """Shows what is sold, a page at a time as it is read.

    `taken` with a tile, `search_ended` when the hits are closed, `failed` with what kept a page from being read.
    """

    taken = Signal(object)
    search_ended = Signal()
    failed = Signal(object)

    def __init__(self, look: Look, offer: Offer, begins_with: str = FIRST_TAB) -> None:
        """`begins_with` is the tab that is shown first; one that is not there any more is as none."""
        super().__init__()
        self._look, self._offer = look, offer
        pictures = self._pictures = Pictures(offer.pictures)
        self.grid = TileGrid(look, pictures)
        self.grid.taken.connect(self.taken)
        self.bar = CategoryBar(look, pictures)
        self.bar.chosen.connect(self._choose)
        self._found = ShorteningText("", bold(Size.TITLE))
        self._heads = QStackedWidget()
        self._build()
        self._show_grid()
        self.bar.choose(begins_with if begins_with in self.bar.chips else FIRST_TAB)

    @property
    def found(self) -> str:
        """The line over the search hits."""
        return self._found.text()

    @property
    def pictures(self) -> Pictures:
        """The pictures of its tiles and tabs."""
        return self._pictures

    def show_hits(self, text: str, hits: tuple[Tile, ...]) -> None:
        """Show the hits of a search in the place of the tiles."""
        t, count = self._look.t, len(hits)
        if hits:
            words = t.plural("{count} hit for “{text}”", "{count} hits for “{text}”", count)
        else:
            words = t("Nothing found for “{text}”")
        self._found.setText(words.format(count=count, text=text))
        self._heads.setCurrentIndex(_HITS)
        self.grid.show_hits(hits)

    def show_assortment(self) -> None:
        """Show the tiles of the chosen tab."""
        if self._heads.currentIndex() == _HITS:
            self._heads.setCurrentIndex(0)
            self._show_grid()
            self._choose(self.bar.tab)

    def refresh(self) -> None:
        """The office or another till changed tabs or tiles: show them as they are now, on the same page.

        Not under a finger that is just tapping, nor in the place of search hits: then as soon as that is over.
        """
        if self._heads.currentIndex() == _HITS:
            return
        if QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton:
            QTimer.singleShot(_BUSY_FINGER_MS, self, self.refresh)
            return
        self._show_grid()
        self.grid.show_pages(self._read, self.grid.page)

    def _choose(self, _tab_id: str) -> None:
        self.grid.show_pages(self._read)

    def _show_grid(self) -> None:
        try:
            self.bar.show_grid(self._offer.grid())
        except (Refused, Unavailable) as error:
            self.failed.emit(error)

    def _read(self, first: int, count: int) -> TilePage | None:
        try:
            return self._offer.page(self.bar.tab, first, count)
        except (Refused, Unavailable) as error:
            self.failed.emit(error)
            return None

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
