"""Names to tap: initials in a circle, the name, and whether a PIN or card is asked for then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from till.staff.users import User
from till.ui.fonts import bold, font, semibold
from till.ui.look import Look
from till.ui.theme import RADIUS, Size, mixed
from till.ui.widgets.button import paint_focus
from till.ui.widgets.keys import PressedByKeys
from till.ui.widgets.tile import wrapped

_HEIGHT = 76
_CIRCLE = 44
_PADDING = 14
_COLUMN_WIDTH = 220


@dataclass(frozen=True, slots=True)
class Choice:
    """A name and what stands below it: "PIN or card", or "one tap"."""

    user: User
    needs_proof: bool


class NameTile(PressedByKeys):
    """One name; checked while it is the chosen one."""

    def __init__(self, look: Look, choice: Choice) -> None:
        super().__init__()
        self._look, self.choice = look, choice
        t = look.t
        self._below = t("PIN or card") if choice.needs_proof else t("one tap")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(max(_HEIGHT, look.target_px))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{choice.user.name}, {self._below}")
        self.setToolTip(choice.user.name)

    def sizeHint(self) -> QSize:
        """The size that its content asks for."""
        return QSize(_COLUMN_WIDTH, self.height())

    def minimumSizeHint(self) -> QSize:
        """The least size in which it can be used."""
        return QSize(160, self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it from the theme."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        self._paint_circle(painter)
        self._paint_words(painter)
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        palette = self._look.palette
        ground = palette.soft if self.isChecked() else palette.surface
        if self.isDown() or self.underMouse():
            ground = mixed(ground, palette.text, 0.16 if self.isDown() else 0.04)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(palette.accent if self.isChecked() else palette.line)))
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(box, RADIUS, RADIUS)
        if self.hasFocus():
            paint_focus(painter, palette, box)

    def _paint_circle(self, painter: QPainter) -> None:
        palette = self._look.palette
        box = QRectF(_PADDING, (self.height() - _CIRCLE) / 2, _CIRCLE, _CIRCLE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.accent if self.isChecked() else palette.soft))
        painter.drawEllipse(box)
        painter.setPen(QColor(palette.onaccent if self.isChecked() else palette.accent))
        painter.setFont(bold(Size.BODY))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.choice.user.short)

    def _paint_words(self, painter: QPainter) -> None:
        left = _PADDING + _CIRCLE + 12
        width = self.width() - left - 10
        lines = wrapped(self.choice.user.name, semibold(Size.BODY), width)
        heights = [20] * len(lines) + [18]
        top = (self.height() - sum(heights)) // 2
        painter.setFont(semibold(Size.BODY))
        painter.setPen(QColor(self._look.palette.text))
        for line in lines:
            painter.drawText(QRect(left, top, width + 2, 20), Qt.AlignmentFlag.AlignVCenter, line)
            top += 20
        painter.setFont(font(Size.SMALL))
        painter.setPen(QColor(self._look.palette.muted))
        painter.drawText(QRect(left, top, width, 18), Qt.AlignmentFlag.AlignVCenter, self._below)


class Names(QScrollArea):
    """The names, in one column or two; `tapped` with the Choice."""

    tapped = Signal(object)

    def __init__(self, look: Look, choices: Sequence[Choice], columns: int = 2) -> None:
        super().__init__()
        self.tiles = tuple(self._tile(look, choice) for choice in choices)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setProperty("role", "surface")
        grid = QGridLayout()
        grid.setSpacing(10)
        for place, tile in enumerate(self.tiles):
            grid.addWidget(tile, *divmod(place, columns))
        for column in range(columns):
            grid.setColumnStretch(column, 1)
        outer = QVBoxLayout(inside)
        outer.setContentsMargins(0, 0, 6, 0)
        outer.addLayout(grid)
        outer.addStretch(1)
        self.setWidget(inside)

    def choose(self, user_id: str) -> None:
        """Mark this name as the chosen one; "" marks none."""
        for tile in self.tiles:
            tile.setChecked(tile.choice.user.id == user_id)

    def _tile(self, look: Look, choice: Choice) -> NameTile:
        tile = NameTile(look, choice)
        tile.clicked.connect(lambda: self.tapped.emit(choice))
        return tile
