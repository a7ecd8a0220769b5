"""A sheet of labels as it will be printed, drawn from the same ink as the PDF."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from till.labels.layout import Ink
from till.labels.sheet import SHEETS, Sheet
from till.ui.look import Look

_PAPER, _BLACK, _EDGE, _USED = "#FFFFFF", "#000000", "#D5D9DF", "#EEF0F3"
_POINT = 25.4 / 72


class LabelPreview(QWidget):
    """White in every theme, as paper is; labels that are used already are grey."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._sheet: Sheet = SHEETS[0]
        self._first = 1
        self._inks: Sequence[Ink] = ()
        self.setAccessibleName(look.t("Preview of the first sheet"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def inks(self) -> Sequence[Ink]:
        """What is drawn, label by label."""
        return self._inks

    def show_labels(self, sheet: Sheet, first: int, inks: Sequence[Ink]) -> None:
        """Show these labels on a sheet, beginning with its label `first`."""
        self._sheet, self._first, self._inks = sheet, first, inks
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Small enough for the narrowest screen."""
        return QSize(220, 240)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the sheet as large as there is room."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        page = self._sheet.page
        scale = min((self.width() - 2) / page.width, (self.height() - 2) / page.height)
        painter.translate((self.width() - page.width * scale) / 2, (self.height() - page.height * scale) / 2)
        painter.scale(scale, scale)
        painter.fillRect(QRectF(0, 0, page.width, page.height), QColor(_PAPER))
        self._paint_edges(painter)
        for ink, (_, left, top) in zip(self._inks, self._sheet.places(self._first), strict=False):
            painter.save()
            painter.translate(left, top)
            _paint(painter, ink)
            painter.restore()
        painter.end()

    def _paint_edges(self, painter: QPainter) -> None:
        size = self._sheet.label
        pen = painter.pen()
        pen.setColor(QColor(_EDGE))
        pen.setWidthF(0.25)
        painter.setPen(pen)
        places = self._sheet.places(1)
        for number in range(1, self._sheet.labels + 1):
            _, left, top = next(places)
            painter.setBrush(QColor(_USED) if number < self._first else Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(left, top, size.width, size.height))


def _paint(painter: QPainter, ink: Ink) -> None:
    for bar in ink.bars:
        painter.fillRect(QRectF(bar.left, bar.top, bar.width, bar.height), QColor(_BLACK))
    painter.setPen(QColor(_BLACK))
    for words in ink.words:
        type_ = QFont("Noto Sans")
        type_.setWeight(QFont.Weight.Bold if words.is_bold else QFont.Weight.Normal)
        type_.setPixelSize(100)
        painter.save()
        painter.setFont(type_)
        painter.translate(words.centre, words.baseline)
        painter.scale(words.points * _POINT / 100, words.points * _POINT / 100)
        width = painter.fontMetrics().horizontalAdvance(words.text)
        painter.drawText(-width // 2, 0, words.text)
        painter.restore()
