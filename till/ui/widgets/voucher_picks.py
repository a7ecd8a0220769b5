"""Several vouchers with one number: a calm list of which one is picked, by tap or by the arrow keys (V13)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from till.app.views import VoucherHit
from till.ui.fonts import bold, font, semibold
from till.ui.look import Look
from till.ui.theme import RADIUS, Size, mixed
from till.ui.widgets.button import paint_focus
from till.ui.widgets.keys import PressedByKeys
from till.ui.widgets.scroll import scroll_area
from till.ui.widgets.text import Text
from till.ui.widgets.voucher_card import sold_words, state_face

_HEIGHT = 64
_MARGIN = 14
_MOST_SEEN = 4
_GAP = 8


class VoucherPick(PressedByKeys):
    """One of them: type, when it was sold, how it stands and what is left."""

    def __init__(self, look: Look, hit: VoucherHit) -> None:
        super().__init__()
        self.hit = hit
        self._look = look
        standing, formats = hit.standing, look.formats
        self._name = standing.voucher.type_name
        self._left = formats.money(standing.remaining)
        self._below = f"{sold_words(look, standing.voucher)} · {state_face(look, standing).text}"
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(max(_HEIGHT, look.target_px))
        self.setAccessibleName(f"{self._name}, {self._below}, {self._left}")

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(240, self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it from the theme; what can't be redeemed is paler."""
        palette = self._look.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(palette.line)))
        painter.setBrush(QColor(mixed(palette.raised, palette.text, 0.05) if self.underMouse() else palette.raised))
        painter.drawRoundedRect(box, RADIUS, RADIUS)
        if self.hasFocus():
            paint_focus(painter, palette, box)
        self._paint_words(painter)
        painter.end()

    def _paint_words(self, painter: QPainter) -> None:
        palette, is_good = self._look.palette, self.hit.refusal is None
        figure = bold(Size.TITLE)
        right = QFontMetrics(figure).horizontalAdvance(self._left)
        room = self.width() - 2 * _MARGIN - right - _GAP
        line = QFontMetrics(font(Size.BODY)).height()
        top = (self.height() - 2 * line) // 2
        painter.setPen(QColor(palette.text if is_good else palette.muted))
        painter.setFont(semibold(Size.BODY))
        painter.drawText(_MARGIN, top, room, line, Qt.AlignmentFlag.AlignVCenter, _cut(self._name, painter, room))
        painter.setPen(QColor(palette.muted))
        painter.setFont(font(Size.SMALL))
        below = _cut(self._below, painter, room)
        painter.drawText(_MARGIN, top + line, room, line, Qt.AlignmentFlag.AlignVCenter, below)
        painter.setPen(QColor(palette.accent if is_good else palette.muted))
        painter.setFont(figure)
        painter.drawText(self.rect().adjusted(0, 0, -_MARGIN, 0), _RIGHT, self._left)


class VoucherPicks(QWidget):
    """`picked` with the one that is tapped, or chosen with the arrows and Enter."""

    picked = Signal(object)

    def __init__(self, look: Look, hits: Sequence[VoucherHit]) -> None:
        super().__init__()
        self.rows = [VoucherPick(look, hit) for hit in hits]
        inside = QWidget()
        inside.setProperty("role", "surface")
        listed = QVBoxLayout(inside)
        listed.setContentsMargins(0, 0, 0, 0)
        listed.setSpacing(_GAP)
        for row in self.rows:
            row.clicked.connect(lambda _checked=False, row=row: self.picked.emit(row.hit))
            listed.addWidget(row)
        seen = min(len(self.rows), _MOST_SEEN)
        self._area = scroll_area(inside)
        self._area.setFixedHeight(sum(row.height() for row in self.rows[:seen]) + _GAP * max(seen - 1, 0))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_GAP)
        words = look.t("{count} vouchers have this number. Which one is it?").format(count=len(self.rows))
        column.addWidget(Text(words, semibold(Size.BODY)).wrapped())
        column.addWidget(self._area)

    def begin(self) -> None:
        """Let the arrow keys choose, from the first that can be redeemed."""
        good = [row for row in self.rows if row.hit.refusal is None]
        (good or self.rows)[0].setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows go up and down."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None:
            event.ignore()
            return
        here = next((place for place, row in enumerate(self.rows) if row.hasFocus()), 0)
        chosen = self.rows[max(0, min(here + step, len(self.rows) - 1))]
        chosen.setFocus()
        self._area.ensureWidgetVisible(chosen)


_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def _cut(words: str, painter: QPainter, room: int) -> str:
    return painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
