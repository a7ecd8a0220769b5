"""What the scenes of `till.ui.screens` play on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from till.app.bootstrap import Till
from till.app.views import Tile
from till.ui.main.window import MainWindow


@dataclass(frozen=True, slots=True)
class Stage:
    """What a scene plays on."""

    till: Till
    window: MainWindow
    voucher: str

    def tiles(self, count: int) -> tuple[Tile, ...]:
        """The first tiles with a price."""
        return tuple(tile for tile in self.till.sale.assortment().tiles if tile.price)[:count]

    def asking_tile(self) -> Tile:
        """The first tile whose price is asked."""
        return next(tile for tile in self.till.sale.assortment().tiles if tile.price is None)


Scene = Callable[[Stage], QWidget | None]
"""Brings the stage into a state; the window to take a picture of, where it is not the counter's."""
