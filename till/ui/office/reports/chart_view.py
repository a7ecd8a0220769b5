"""The chart of what is owed for vouchers: the sum at each month's end, and below it what each month sold and redeemed (U9)."""

from __future__ import annotations

from fractions import Fraction

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from till.reports.chart import Chart, chart_of, is_named
from till.reports.voucher_liability import Month
from till.ui.fonts import font
from till.ui.look import Look
from till.ui.theme import Size

_LEFT, _RIGHT, _TOP, _BOTTOM, _BETWEEN = 92, 12, 12, 22, 18
_UPPER = 0.58
_LEAST_STEP = 26
_LEAST_HEIGHT = 120


class LiabilityChart(QWidget):
    """Paints as many of the newest months as there is room for; `told` the words of the month that is pointed at."""

    told = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._months: tuple[Month, ...] = ()
        self._chart: Chart = chart_of(())
        self._chosen: int | None = None
        self.setMinimumHeight(_LEAST_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(look.t("Liability by month"))

    @property
    def chart(self) -> Chart:
        """What is painted."""
        return self._chart

    def show_months(self, months: tuple[Month, ...]) -> None:
        """Show other months; the newest one is told."""
        self._months = months
        self._fit()

    def choose(self, place: int) -> None:
        """Point at a month by its place among those that are shown."""
        if not self._chart.months:
            return
        self._chosen = min(max(place, 0), len(self._chart.months) - 1)
        words = self._words(self._chart.months[self._chosen])
        self.setAccessibleDescription(words)
        self.told.emit(words)
        self.update()

    def resizeEvent(self, _event: object) -> None:
        """Fit the number of months."""
        self._fit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at the month below the pointer."""
        if self._chart.months:
            self.choose(int((event.position().x() - _LEFT) // self._step))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A finger points too."""
        self.mouseMoveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right go from month to month."""
        ways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        way = ways.get(Qt.Key(event.key()))
        if way is None or self._chosen is None:
            event.ignore()
        else:
            self.choose(self._chosen + way)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint scales, bars and the line."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(Size.TINY))
        upper, lower = self._panels()
        formats = self._look.formats
        self._paint_scale(painter, upper, formats.money(self._chart.owed_top))
        self._paint_scale(painter, lower, formats.money(self._chart.moved_top))
        if self._chart.months:
            self._paint_chosen(painter)
            self._paint_bars(painter, lower)
            self._paint_line(painter, upper)
            self._paint_names(painter)

    @property
    def _step(self) -> float:
        return max(1.0, (self.width() - _LEFT - _RIGHT) / max(1, len(self._chart.months)))

    def _fit(self) -> None:
        room = (self.width() - _LEFT - _RIGHT) // _LEAST_STEP
        self._chart = chart_of(self._months, max(1, room))
        self.choose(len(self._chart.months) - 1)
        self.update()

    def _panels(self) -> tuple[QRectF, QRectF]:
        width = self.width() - _LEFT - _RIGHT
        height = self.height() - _TOP - _BOTTOM - _BETWEEN
        upper = QRectF(_LEFT, _TOP, width, height * _UPPER)
        return upper, QRectF(_LEFT, upper.bottom() + _BETWEEN, width, height * (1 - _UPPER))

    def _paint_scale(self, painter: QPainter, panel: QRectF, top: str) -> None:
        painter.setPen(QPen(QColor(self._look.palette.line), 1))
        for y in (panel.top(), panel.center().y(), panel.bottom()):
            painter.drawLine(QPointF(panel.left(), y), QPointF(panel.right(), y))
        painter.setPen(QColor(self._look.palette.muted))
        room = QRectF(0, panel.top() - 8, _LEFT - 8, 16)
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, top)

    def _paint_chosen(self, painter: QPainter) -> None:
        if self._chosen is not None:
            left = _LEFT + self._chosen * self._step
            band = QRectF(left, _TOP - 4, self._step, self.height() - _TOP - _BOTTOM + 4)
            painter.fillRect(band, QColor(self._look.palette.ground))

    def _paint_bars(self, painter: QPainter, panel: QRectF) -> None:
        width = self._step * 0.36
        for place, month in enumerate(self._chart.months):
            left = panel.left() + (place + 0.12) * self._step
            pair = ((self._chart.sold(month), "accent"), (self._chart.redeemed(month), "warn"))
            for number, (part, colour) in enumerate(pair):
                high = _of(part, panel.height())
                bar = QRectF(left + number * (width + 1), panel.bottom() - high, width - 1, high)
                painter.fillRect(bar, QColor(getattr(self._look.palette, colour)))

    def _paint_line(self, painter: QPainter, panel: QRectF) -> None:
        points = [
            QPointF(panel.left() + (place + 0.5) * self._step, panel.bottom() - _of(part, panel.height()))
            for place, part in enumerate(map(self._chart.owed, self._chart.months))
        ]
        line = QPainterPath(points[0])
        for point in points[1:]:
            line.lineTo(point)
        ground = QPainterPath(line)
        ground.lineTo(points[-1].x(), panel.bottom())
        ground.lineTo(points[0].x(), panel.bottom())
        accent = QColor(self._look.palette.accent)
        painter.fillPath(ground, QColor(self._look.palette.soft))
        painter.setPen(QPen(accent, 2))
        painter.drawPath(line)
        painter.setBrush(accent)
        painter.drawEllipse(points[-1 if self._chosen is None else self._chosen], 3.5, 3.5)

    def _paint_names(self, painter: QPainter) -> None:
        painter.setPen(QColor(self._look.palette.muted))
        metrics, count = QFontMetrics(font(Size.TINY)), len(self._chart.months)
        taken = self.width() + 1.0
        for place in range(count - 1, -1, -1):
            first = self._chart.months[place].first
            name = f"{first:%m/%y}"
            half = metrics.horizontalAdvance(name) / 2
            middle = min(_LEFT + (place + 0.5) * self._step, self.width() - half)
            if is_named(first, place, count) and middle + half + 6 < taken:
                taken = middle - half
                painter.drawText(QPointF(taken, self.height() - 6.0), name)

    def _words(self, month: Month) -> str:
        money = self._look.formats.money
        words = self._look.t("{month}: sold {sold}, redeemed {redeemed}, outstanding {outstanding}")
        return words.format(
            month=f"{month.first:%m/%Y}",
            sold=money(month.sold),
            redeemed=money(month.redeemed),
            outstanding=money(month.outstanding),
        )


def _of(part: Fraction, height: float) -> float:
    return height * part.numerator / part.denominator
