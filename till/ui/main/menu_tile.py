"""A tile of the menu: a picture, what it leads to, a line about it, and its key."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from till.ui import icons
from till.ui.fonts import font, semibold
from till.ui.keys import shown_key
from till.ui.look import Look
from till.ui.theme import RADIUS, Size, mixed
from till.ui.widgets.button import Face, paint_focus
from till.ui.widgets.keys import PressedByKeys

_MARGIN = 14
_ICON = 28
_HEIGHT = 116
_MOST_HEIGHT = 180
_KEY_HEIGHT = 24
_WORDS = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_LINES = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)


class MenuTile(PressedByKeys):
    """`says` is the line below the name; while the tile can't be used, why not."""

    def __init__(self, look: Look, face: Face, says: str) -> None:
        super().__init__()
        self._look, self._face, self._says, self._why_not = look, face, says, ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(max(_HEIGHT, 2 * look.target_px))
        self.setMaximumHeight(_MOST_HEIGHT)
        self._name()

    @property
    def says(self) -> str:
        """The line below the name."""
        return self._why_not or self._says

    def set_name(self, name: str) -> None:
        """Say what it leads to now."""
        self._face = replace(self._face, text=name)
        self._name()
        self.update()

    def set_why_not(self, why_not: str) -> None:
        """Say why it can't be used now; empty: it can."""
        self._why_not = why_not
        self.setEnabled(not why_not)
        self._name()
        self.update()

    def sizeHint(self) -> QSize:
        """Wide enough for its name."""
        name = QFontMetrics(semibold(Size.TITLE)).horizontalAdvance(self._face.text)
        return QSize(name + 2 * _MARGIN, self.minimumHeight())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it from the theme."""
        palette = self._look.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = palette.surface
        if self.isDown():
            ground = mixed(ground, palette.text, 0.12)
        elif self.underMouse() and self.isEnabled():
            ground = mixed(ground, palette.text, 0.04)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(palette.line)))
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(box, RADIUS, RADIUS)
        if self.hasFocus():
            paint_focus(painter, palette, box)
        self._paint_words(painter)
        painter.end()

    def _paint_words(self, painter: QPainter) -> None:
        palette, is_on = self._look.palette, self.isEnabled()
        mark = icons.pixmap(
            self._face.icon, palette.accent if is_on else palette.muted, _ICON, self.devicePixelRatioF()
        )
        painter.drawPixmap(_MARGIN, _MARGIN, mark)
        if self._face.key:
            self._paint_key(painter)
        width = self.width() - 2 * _MARGIN
        top = _MARGIN + _ICON + 6
        type_ = semibold(Size.TITLE)
        line = QFontMetrics(type_).height()
        painter.setFont(type_)
        painter.setPen(QColor(palette.text if is_on else palette.muted))
        shown = painter.fontMetrics().elidedText(self._face.text, Qt.TextElideMode.ElideRight, width)
        painter.drawText(QRect(_MARGIN, top, width, line), int(_WORDS), shown)
        painter.setFont(font(Size.SMALL))
        painter.setPen(QColor(palette.muted))
        painter.drawText(QRect(_MARGIN, top + line, width, self.height() - top - line - 4), _LINES, self.says)

    def _paint_key(self, painter: QPainter) -> None:
        key = shown_key(self._face.key)
        type_ = semibold(Size.TINY)
        width = QFontMetrics(type_).horizontalAdvance(key) + 14
        box = QRectF(self.width() - _MARGIN - width, _MARGIN + 2, width, _KEY_HEIGHT)
        painter.setPen(QColor(self._look.palette.line))
        painter.setBrush(QColor(self._look.palette.ground))
        painter.drawRoundedRect(box, 6, 6)
        painter.setFont(type_)
        painter.setPen(QColor(self._look.palette.muted))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, key)

    def _name(self) -> None:
        self.setAccessibleName(self._face.text)
        self.setAccessibleDescription(self.says)
