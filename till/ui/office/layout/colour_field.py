"""A colour: one of twelve with names, or any as #RRGGBB; what is chosen has a mark and its name, not its colour alone (U7)."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from till.catalog.categories import COLOURS, NOT_A_COLOUR, is_colour
from till.errors import Refused
from till.ui import icons
from till.ui.look import Look
from till.ui.theme import text_on
from till.ui.widgets.button import paint_focus
from till.ui.widgets.form import LineField
from till.ui.widgets.keys import PressedByKeys

_PER_ROW = 4
_RADIUS = 8


class Swatch(PressedByKeys):
    """One colour to tap."""

    def __init__(self, look: Look, colour: str, name: str) -> None:
        super().__init__()
        self._look, self.colour = look, colour
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(look.target_px, look.target_px)

    def sizeHint(self) -> QSize:
        """As large as a finger."""
        return QSize(self._look.target_px, self._look.target_px)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The colour; the chosen one has a check mark on it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        palette = self._look.palette
        painter.setPen(QPen(QColor(palette.text if self.isChecked() else palette.line), 2 if self.isChecked() else 1))
        painter.setBrush(QColor(self.colour))
        painter.drawRoundedRect(box, _RADIUS, _RADIUS)
        if self.isChecked():
            mark = icons.pixmap("check", text_on(self.colour), 22, self.devicePixelRatioF())
            painter.drawPixmap((self.width() - 22) // 2, (self.height() - 22) // 2, mark)
        if self.hasFocus():
            paint_focus(painter, palette, QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()


class ColourField(LineField[str]):
    """Twelve good grounds, and below them the colour as it is written, to be typed freely."""

    def __init__(self, look: Look, label: str) -> None:
        super().__init__(look, label)
        self.line.setMaxLength(7)
        self.line.setPlaceholderText("#RRGGBB")
        self.swatches = [Swatch(look, colour, look.t(name)) for colour, name in COLOURS]
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        for place, swatch in enumerate(self.swatches):
            grid.addWidget(swatch, place // _PER_ROW, place % _PER_ROW, Qt.AlignmentFlag.AlignLeft)
            swatch.clicked.connect(self._choose)
        grid.setColumnStretch(_PER_ROW, 1)
        column = self.layout()
        if isinstance(column, QVBoxLayout):
            column.insertWidget(1, holder)
        self.changed.connect(self._mark)

    def _choose(self) -> None:
        swatch = self.sender()
        if isinstance(swatch, Swatch):
            self.line.setText(swatch.colour)
            self._mark()
            self._edited()

    def _mark(self) -> None:
        typed = self.line.text().strip().upper()
        for swatch in self.swatches:
            swatch.setChecked(swatch.colour == typed)

    def _read(self) -> str:
        typed = self.line.text().strip().upper()
        if not is_colour(typed):
            raise Refused(NOT_A_COLOUR)
        return typed

    def _write(self, value: str) -> None:
        self.line.setText(value)
        self._mark()
