"""What the scenes of `till.ui.screens` play on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

from PySide6.QtWidgets import QWidget

from till.app.bootstrap import Till
from till.app.views import Tile
from till.ui.main.window import MainWindow
from till.ui.theme import ThemeName

SIZES = ((1024, 768), (1366, 768), (1920, 1080))
LANGUAGES = ("de", "en")


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


@dataclass(frozen=True, slots=True)
class Variant:
    """How a scene is rendered."""

    theme: ThemeName
    language: str
    size: tuple[int, int]

    def name(self, scene: Scene) -> str:
        """The file's name without its ending."""
        width, height = self.size
        return f"{name_of(scene)}-{self.theme}-{self.language}-{width}x{height}"


@dataclass(frozen=True, slots=True)
class Plan:
    """Which scenes are rendered, and how."""

    scenes: tuple[Scene, ...]
    variants: tuple[Variant, ...]


def name_of(scene: Scene) -> str:
    """A scene's name in file names."""
    return scene.__name__.replace("_", "-")


def every_variant() -> tuple[Variant, ...]:
    """Every theme, language and size."""
    return tuple(Variant(theme, language, size) for theme, language, size in product(ThemeName, LANGUAGES, SIZES))
