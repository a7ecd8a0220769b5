"""A box to tick, painted from the theme, with its words beside it and as high as a finger."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from till.ui import icons
from till.ui.fonts import font
from till.ui.look import Look
from till.ui.theme import Size, mixed
from till.ui.widgets.button import paint_focus
from till.ui.widgets.keys import PressedByKeys

_BOX = 24
_GAP = 12
_RADIUS = 6


class CheckBox(PressedByKeys):
    """Ticked or not; a tap anywhere on it changes that. Space and Enter do too."""

    def __init__(self, look: Look, words: str) -> None:
        super().__init__()
        self._look = look
        self.setText(words)
        self.setAccessibleName(words)
        self.setCheckable(True)
        self.setMinimumHeight(look.target_px)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def sizeHint(self) -> QSize:
        """The size that its content asks for."""
        width = QFontMetrics(font(Size.BODY)).horizontalAdvance(self.text()) + _BOX + _GAP + 16
        return QSize(width, self._look.target_px)

    def hasHeightForWidth(self) -> bool:
        """Long words break into lines."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As many lines as the words need."""
        words = QRect(0, 0, max(width - _BOX - _GAP - 8, 1), 10_000)
        needed = QFontMetrics(font(Size.BODY)).boundingRect(words, Qt.TextFlag.TextWordWrap, self.text()).height()
        return max(self._look.target_px, needed + 12)

    def minimumSizeHint(self) -> QSize:
        """The least size in which it can be used."""
        return QSize(self._look.target_px, self._look.target_px)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it from the theme."""
        palette = self._look.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(4.5, (self.height() - _BOX) / 2 + 0.5, _BOX - 1, _BOX - 1)
        ground = palette.accent if self.isChecked() else palette.surface
        painter.setBrush(QColor(mixed(ground, palette.surface, 0.0 if self.isEnabled() else 0.6)))
        painter.setPen(QPen(QColor(palette.accent if self.isChecked() else palette.muted), 1.5))
        painter.drawRoundedRect(box, _RADIUS, _RADIUS)
        if self.isChecked():
            mark = icons.pixmap("check", palette.onaccent, 18, self.devicePixelRatioF())
            painter.drawPixmap(int(box.x()) + 3, int(box.y()) + 3, mark)
        painter.setFont(font(Size.BODY))
        painter.setPen(QColor(palette.text if self.isEnabled() else palette.muted))
        words = QRect(_BOX + _GAP + 4, 0, self.width() - _BOX - _GAP - 8, self.height())
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap), self.text())
        if self.hasFocus():
            paint_focus(painter, palette, QRectF(self.rect()))
        painter.end()
