"""The counter's grid in the office: tiles are chosen and moved by hand, by buttons and by keys, and nothing is sold."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QLabel

from till.app.views import Tile
from till.ui.look import Look
from till.ui.pictures import Pictures
from till.ui.sale.tile_grid import TileGrid
from till.ui.theme import RADIUS
from till.ui.widgets.button import paint_focus
from till.ui.widgets.tile import TileButton

_GHOST_SHARE = 0.75


class PlaceButton(TileButton):
    """A place of the grid; one that is free is shown by its outline."""

    def __init__(self, look: Look, pictures: Pictures) -> None:
        super().__init__(look, pictures)
        self.at = 0
        self._is_free = False

    @property
    def is_free(self) -> bool:
        """Whether no tile lies here."""
        return self._is_free

    def show_free(self, words: str) -> None:
        """Show that no tile lies here."""
        self._is_free = True
        self.setAccessibleName(words)
        self.update()

    def show_tile(self, tile: Tile, *, is_hit: bool = False, is_chosen: bool = False) -> None:
        """Show the tile that lies here."""
        self._is_free = False
        super().show_tile(tile, is_hit=is_hit, is_chosen=is_chosen)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A tile, or the outline of its place."""
        if not self._is_free:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, box = self._look.palette, QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(QColor(palette.muted if self.underMouse() else palette.line), 1.5, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(box, RADIUS, RADIUS)
        if self.hasFocus():
            paint_focus(painter, palette, box)
        painter.end()


class EditGrid(TileGrid):
    """Sends `chosen_tile` with the tile that is chosen, or None, and `moved` with tile, its place and where it shall lie.

    A tap chooses a tile, a tap on a free place moves the chosen one there; dragging does both at once. With the keyboard:
    Enter chooses, Alt and an arrow move, Delete asks to take it out (`removal_asked`). Search hits are taken as at the
    counter.
    """

    chosen_tile = Signal(object)
    moved = Signal(object, int, int)
    removal_asked = Signal()

    def __init__(self, look: Look, pictures: Pictures) -> None:
        super().__init__(look, pictures)
        self.shows_free = False
        self._picked: str | None = None
        self._picked_at: int | None = None
        self._pressed_at: QPoint | None = None
        self._ghost: QLabel | None = None
        self.taken.connect(self._tap)

    @property
    def picked(self) -> Tile | None:
        """The chosen tile, as long as it lies on the page that is seen."""
        return next((tile for tile in self.shown_tiles if tile.id == self._picked), None)

    @property
    def shown_tiles(self) -> list[Tile]:
        """The tiles on the page that is seen."""
        return [one.tile for one in self._filled() if one.tile is not None]

    @property
    def picked_at(self) -> int | None:
        """The place of the chosen tile."""
        return self._picked_at

    def take_shape_of_counter(self) -> None:
        """Have as many columns and rows as the counter's grid beside it, so that pages end at the same tile."""
        grids = (one for one in QApplication.allWidgets() if type(one) is TileGrid)
        counter = next((one for one in grids if one.isVisible()), None)  # not that of a window that is just going
        if counter is not None and counter.shape != self.shape:
            self.fixed_shape = counter.shape
            self._measure(is_new_width=False)
            self.reload()

    def pick(self, tile: Tile | None) -> None:
        """Choose a tile, or none."""
        self._picked = None if tile is None else tile.id
        self._picked_at = next((b.at for b in self._filled() if b.tile is not None and b.tile.id == self._picked), None)
        self._refresh()
        self.chosen_tile.emit(tile)

    def follow(self, tile: Tile, place: int) -> None:
        """A tile was moved to this place: read again, and keep it chosen and in sight."""
        self._page = place // self.per_page
        self._picked, self._picked_at = tile.id, place
        self.reload()
        self.chosen_tile.emit(tile)
        button = next((one for one in self._filled() if one.at == place), None)
        focused = QApplication.focusWidget()
        if button is not None and focused is not None and self.isAncestorOf(focused):
            button.setFocus()

    def move_picked(self, by: int) -> None:
        """Ask for the chosen tile to be moved so many places on."""
        tile, at = self.picked, self._picked_at
        if tile is not None and at is not None and 0 <= at + by < self._last_place():
            self.moved.emit(tile, at, at + by)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt with an arrow moves the chosen tile, Delete takes it out; arrows alone walk."""
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self.columns,
            Qt.Key.Key_Down: self.columns,
        }
        step = steps.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.move_picked(step)
        elif event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace} and self.picked is not None:
            self.removal_asked.emit()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A tile that is pulled away from its place is dragged; it sells and chooses nothing then."""
        if not isinstance(watched, PlaceButton) or not isinstance(event, QMouseEvent):
            return False
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress and not watched.is_free and not self._are_hits:
            self._pressed_at = event.globalPosition().toPoint()
        elif kind == QEvent.Type.MouseMove and self._pressed_at is not None:
            return self._drag(watched, event.globalPosition().toPoint())
        elif kind == QEvent.Type.MouseButtonRelease:
            self._pressed_at = None
            return self._drop(watched, event.globalPosition().toPoint())
        return False

    def _show_place(self, button: TileButton, tile: Tile | None, at: int) -> bool:
        assert isinstance(button, PlaceButton)  # noqa: S101 - made below
        button.at = at
        if tile is not None:
            is_chosen = at == self._chosen if self._are_hits else tile.id == self._picked
            button.show_tile(tile, is_hit=self._are_hits, is_chosen=is_chosen)
        elif self.shows_free and not self._are_hits:
            button.show_free(self._look.t("Free place {number}").format(number=at + 1))
        return tile is not None or (self.shows_free and not self._are_hits)

    def _make_button(self) -> TileButton:
        button = PlaceButton(self._look, self._pictures)
        button.installEventFilter(self)
        return button

    def _tapped(self) -> None:
        button = self.sender()
        if not isinstance(button, PlaceButton):
            return
        if not button.is_free:
            super()._tapped()
            return
        tile, at = self.picked, self._picked_at
        if tile is not None and at is not None:
            self.moved.emit(tile, at, button.at)

    def _tap(self, tile: Tile) -> None:
        if not self._are_hits:
            self.pick(None if tile.id == self._picked else tile)

    def _filled(self) -> list[PlaceButton]:
        return [one for one in self.places if isinstance(one, PlaceButton) and not one.isHidden() and not one.is_free]

    def _last_place(self) -> int:
        return self._content.places

    def _drag(self, button: PlaceButton, at: QPoint) -> bool:
        assert self._pressed_at is not None  # noqa: S101 - seen by the caller
        if self._ghost is None:
            if (at - self._pressed_at).manhattanLength() < QApplication.startDragDistance():
                return False
            self._ghost = self._lift(button)
        self._ghost.move(self.mapFromGlobal(at) - self._ghost.rect().center())
        return True

    def _lift(self, button: PlaceButton) -> QLabel:
        ghost = QLabel(self)
        ghost.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        ghost.setScaledContents(True)
        ghost.resize(button.size() * _GHOST_SHARE)
        ghost.setPixmap(button.grab())
        ghost.show()
        ghost.raise_()
        return ghost

    def _drop(self, button: PlaceButton, at: QPoint) -> bool:
        if self._ghost is None:
            return False
        self._ghost.deleteLater()
        self._ghost = None
        button.setDown(False)
        here = self.mapFromGlobal(at)
        under = next((one for one in self.shown if one.geometry().contains(here)), None)
        if isinstance(under, PlaceButton) and under is not button and button.tile is not None:
            self.moved.emit(button.tile, button.at, under.at)
        return True
