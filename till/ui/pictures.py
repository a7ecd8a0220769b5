"""The pictures on tiles and tabs: read and unpacked beside the window's thread, kept by name, painted when they are there."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from weakref import ref

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPainterPath

from till.app.views import CategoryTab, Tile
from till.errors import Unavailable

MOST_KEPT = 300
Loader = Callable[[Iterable[Tile], Iterable[CategoryTab]], dict[str, bytes]]


class Pictures(QObject):
    """Knows the pictures by their names; `arrived` when more of them can be painted. A name never means another picture."""

    arrived = Signal()
    _loaded = Signal(object)

    def __init__(self, load: Loader) -> None:
        super().__init__()
        self._load = load
        self._known: OrderedDict[str, QImage] = OrderedDict()
        self._asked: set[str] = set()
        self._pool: ThreadPoolExecutor | None = None
        self._loaded.connect(self._keep)

    def image(self, name: str) -> QImage | None:
        """The picture, if it is there by now."""
        found = self._known.get(name)
        if found is not None:
            self._known.move_to_end(name)
        return found

    def ask(self, tiles: Iterable[Tile], tabs: Iterable[CategoryTab] = ()) -> None:
        """Have the pictures of these fetched as far as they are not there."""
        wanted_tiles = [tile for tile in tiles if self._lacks(tile.picture)]
        wanted_tabs = [tab for tab in tabs if self._lacks(tab.picture)]
        names = {tile.picture for tile in wanted_tiles} | {tab.picture for tab in wanted_tabs}
        if not names:
            return
        self._asked |= names
        load, living = self._load, ref(self)

        def work() -> None:
            found = _unpacked(load, wanted_tiles, wanted_tabs)
            pictures = living()
            if pictures is not None:
                pictures._loaded.emit((names, found))  # noqa: SLF001 - its own, on another thread

        self._worker().submit(work)

    def finish(self) -> None:
        """Wait for what was asked for; for tests and for pictures of the screens."""
        if self._pool is not None:
            self._pool.submit(lambda: None).result()

    def _lacks(self, name: str) -> bool:
        return bool(name) and name not in self._known and name not in self._asked

    def _worker(self) -> ThreadPoolExecutor:
        if self._pool is None:
            pool = self._pool = ThreadPoolExecutor(1, "pictures")
            self.destroyed.connect(lambda: pool.shutdown(wait=False, cancel_futures=True))
        return self._pool

    def _keep(self, loaded: tuple[set[str], dict[str, QImage]]) -> None:
        names, found = loaded
        self._asked -= names
        self._known |= found
        while len(self._known) > MOST_KEPT:
            self._known.popitem(last=False)
        if found:
            self.arrived.emit()


def paint_covering(painter: QPainter, image: QImage, shape: QPainterPath) -> None:
    """Paint a picture so that it fills `shape`; what does not fit is cut off alike on both sides."""
    box = shape.boundingRect()
    scale = max(box.width() / image.width(), box.height() / image.height())
    seen = QRectF(0, 0, box.width() / scale, box.height() / scale)
    seen.moveCenter(QRectF(image.rect()).center())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setClipPath(shape, Qt.ClipOperation.IntersectClip)
    painter.drawImage(box, image, seen)
    painter.restore()


def _unpacked(load: Loader, tiles: Iterable[Tile], tabs: Iterable[CategoryTab]) -> dict[str, QImage]:
    """The pictures that are there; a database that is away for the moment has none."""
    try:
        found = load(tiles, tabs)
    except Unavailable:
        return {}
    images = {name: QImage.fromData(png) for name, png in found.items()}
    return {name: image for name, image in images.items() if not image.isNull()}
