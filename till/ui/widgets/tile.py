"""A tile of the article grid: name, price, and a ground in its category's colour with readable text."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QImage,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QSizePolicy

from till.app.views import Tile
from till.ui.fonts import font, semibold
from till.ui.look import Look
from till.ui.pictures import Pictures, paint_covering
from till.ui.theme import RADIUS, Size, TileColours, mixed, tile_colours
from till.ui.widgets.button import paint_focus
from till.ui.widgets.keys import PressedByKeys

_PADDING = 12
_EDGE = 4
_NAME_LINES = 2
_STRIP_GAP = 10
_LEAST_PICTURE = 28


class TileButton(PressedByKeys):
    """Shows one article or voucher; a tap sells it.

    A picture fills the upper part, where there is room for it; name and price stay on the plain ground below it.
    """

    def __init__(self, look: Look, pictures: Pictures) -> None:
        super().__init__()
        self._look, self._pictures = look, pictures
        self._tile: Tile | None = None
        self._price = ""
        self._number = ""
        self._is_chosen = False
        self._colours = tile_colours("", look.palette)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMinimumSize(look.target_px, look.target_px)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def tile(self) -> Tile | None:
        """What it sells now."""
        return self._tile

    def sizeHint(self) -> QSize:
        """The size that its content asks for."""
        return QSize(140, 104)

    def show_tile(self, tile: Tile, *, is_hit: bool = False, is_chosen: bool = False) -> None:
        """Show `tile`; a search hit shows its number too, and the chosen one (Enter takes it) has a ring."""
        self._tile = tile
        formats = self._look.formats
        self._price = formats.money(tile.price) if tile.price is not None else self._look.t("Ask price")
        self._number = tile.number if is_hit else ""
        self._is_chosen = is_chosen
        self._colours = tile_colours(tile.colour, self._look.palette)
        self.setAccessibleName(f"{tile.name}, {self._price}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it from the theme."""
        if self._tile is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        self._paint_ground(painter, box, self._colours)
        lines = wrapped(self._tile.name, semibold(Size.BODY), self._inner().width())
        image = self._pictures.image(self._tile.picture)
        if image is not None:
            self._paint_picture(painter, image, len(lines))
        self._paint_name(painter, lines, is_below=image is not None)
        self._paint_foot(painter)
        if self.hasFocus() or self._is_chosen:
            paint_focus(painter, self._look.palette, box.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _paint_ground(self, painter: QPainter, box: QRectF, colours: TileColours) -> None:
        shape = QPainterPath()
        shape.addRoundedRect(box, RADIUS, RADIUS)
        ground = colours.ground
        if self.isDown():
            ground = mixed(ground, self._look.palette.text, 0.16)
        elif self.underMouse():
            ground = mixed(ground, self._look.palette.text, 0.04)
        painter.fillPath(shape, QColor(ground))
        if colours.edge:
            painter.save()
            painter.setClipPath(shape)
            inner = QPainterPath()
            inner.addRoundedRect(box.adjusted(_EDGE, 0, RADIUS, 0), RADIUS, RADIUS)
            painter.fillPath(shape.subtracted(inner), QColor(colours.edge))
            painter.restore()

    def _paint_picture(self, painter: QPainter, image: QImage, name_lines: int) -> None:
        height = self._name_top(name_lines) - _STRIP_GAP + 3
        if height < _LEAST_PICTURE:
            return
        shape, upper = QPainterPath(), QPainterPath()
        shape.addRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)
        left = _EDGE if self._colours.edge else 0
        upper.addRect(QRectF(left, 0, self.width() - left, height))
        paint_covering(painter, image, shape.intersected(upper))

    def _name_top(self, lines: int) -> float:
        """Where the name begins when it stands right over the price."""
        line = QFontMetrics(semibold(Size.BODY)).height() - 1
        return self._inner().bottom() - QFontMetrics(font(14)).height() - lines * line

    def _paint_name(self, painter: QPainter, lines: list[str], *, is_below: bool) -> None:
        painter.setPen(QColor(self._colours.ink))
        box = self._inner()
        painter.setFont(semibold(Size.BODY))
        height = painter.fontMetrics().height() - 1
        y = self._name_top(len(lines)) if is_below else float(box.top() - 3)
        for line in lines:
            painter.drawText(QRectF(box.left(), y, box.width() + 2, height + 1), Qt.AlignmentFlag.AlignVCenter, line)
            y += height

    def _paint_foot(self, painter: QPainter) -> None:
        painter.setPen(QColor(self._colours.faint_ink))
        painter.setFont(font(14))
        box = self._inner()
        painter.drawText(box, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, self._price)
        if self._number:
            painter.setFont(font(Size.TINY))
            room = box.width() - painter.fontMetrics().horizontalAdvance(self._price) - 24
            shown = painter.fontMetrics().elidedText(self._number, Qt.TextElideMode.ElideLeft, max(room, 0))
            painter.drawText(box, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignRight, shown)

    def _inner(self) -> QRect:
        return self.rect().adjusted(_PADDING, _PADDING - 2, -_PADDING + 4, -_PADDING + 3)


def wrapped(text: str, font_used: QFont, width: int) -> list[str]:
    """`text` in at most two lines of `width` pixels, the last one ending in "…" where it does not fit."""
    layout = QTextLayout(text, font_used)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    starts: list[int] = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        starts.append(line.textStart())
    layout.endLayout()
    lines = [text[a:b].strip() for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
    if len(lines) <= _NAME_LINES:
        return lines
    rest = text[starts[1] :]
    metrics = QFontMetrics(font_used)
    return [lines[0], metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width)]
