"""The tabs of the counter one below the other: the first page, then the categories, each with colour and count."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from till.app.layout import CategoryEntry
from till.app.views import FIRST_TAB
from till.ui import icons
from till.ui.fonts import font, semibold
from till.ui.look import Look
from till.ui.theme import RADIUS, Size
from till.ui.widgets.button import Kind, icon_button, paint_focus
from till.ui.widgets.keys import PressedByKeys
from till.ui.widgets.scroll import scroll_area

_SWATCH = 20


class TabRow(PressedByKeys):
    """One tab: its colour, its name, and in small letters how many tiles it has, or that it is hidden.

    `stepped` by up and down: how far, and whether Alt says that the tab itself shall move.
    """

    stepped = Signal(int, bool)

    def __init__(self, look: Look, name: str, told: str, colour: str) -> None:
        super().__init__()
        self._look, self._name, self._told, self._colour = look, name, told, colour
        self.setCheckable(True)
        self.setAccessibleName(f"{name}, {told}" if told else name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(look.target_px + 8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """The size that its content asks for."""
        return QSize(200, self._look.target_px + 8)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down are the list's, before the area around it would scroll."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(step, bool(event.modifiers() & Qt.KeyboardModifier.AltModifier))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it from the theme."""
        palette = self._look.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isChecked():
            painter.fillRect(self.rect(), QColor(palette.soft))
            painter.fillRect(QRect(0, 0, 3, self.height()), QColor(palette.accent))
        top = (self.height() - _SWATCH) // 2
        if self._colour:
            painter.setPen(QPen(QColor(palette.line)))
            painter.setBrush(QColor(self._colour))
            painter.drawRoundedRect(QRectF(14.5, top + 0.5, _SWATCH - 1, _SWATCH - 1), 5, 5)
        else:
            painter.drawPixmap(14, top, icons.pixmap("tag", palette.accent, _SWATCH, self.devicePixelRatioF()))
        self._paint_words(painter, QRect(46, 0, self.width() - 56, self.height()))
        painter.setPen(QColor(palette.line))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        if self.hasFocus():
            painter.setClipRect(self.rect())
            paint_focus(painter, palette, QRectF(self.rect()).adjusted(0, 0, 0, 0))
        painter.end()

    def _paint_words(self, painter: QPainter, box: QRect) -> None:
        palette = self._look.palette
        small = font(Size.SMALL)
        lines = [(self._name, semibold(Size.BODY), palette.text)]
        lines += [(self._told, small, palette.muted)] if self._told else []
        heights = [QFontMetrics(used).height() for _, used, _ in lines]
        y = (box.height() - sum(heights)) // 2
        for (words, used, ink), height in zip(lines, heights, strict=True):
            painter.setFont(used)
            painter.setPen(QColor(ink))
            shown = QFontMetrics(used).elidedText(words, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(QRect(box.left(), y, box.width(), height), Qt.AlignmentFlag.AlignVCenter, shown)
            y += height


class CategoryList(QFrame):
    """Sends `chosen` with a tab's id, and `moved` with a category's id and its new place. Alt and an arrow move too."""

    chosen = Signal(str)
    moved = Signal(str, int)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._tab = FIRST_TAB
        self._order: list[str] = []
        self.rows: dict[str, TabRow] = {}
        self.setProperty("role", "card")
        self.up = icon_button(look, "chevron-up", look.t("Move the tab forward"), kind=Kind.PLAIN)
        self.down = icon_button(look, "chevron-down", look.t("Move the tab back"), kind=Kind.PLAIN)
        self.up.clicked.connect(lambda: self._move(-1))
        self.down.clicked.connect(lambda: self._move(1))
        self._column = QVBoxLayout()
        self._build()

    @property
    def tab(self) -> str:
        """The chosen tab."""
        return self._tab

    def show_entries(self, entries: tuple[CategoryEntry, ...]) -> None:
        """Show these; the chosen one stays chosen."""
        t, had_focus = self._look.t, next((key for key, row in self.rows.items() if row.hasFocus()), None)
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._order = [entry.category.id for entry in entries]
        self.rows = {FIRST_TAB: TabRow(self._look, t("First page (favourites)"), "", "")}
        without_tab = t("no tab")
        for entry in entries:
            told = t.plural("{count} tile", "{count} tiles", entry.tiles).format(count=entry.tiles)
            told = told if entry.category.is_active else f"{told} · {without_tab}"
            self.rows[entry.category.id] = TabRow(self._look, entry.category.name, told, entry.category.colour)
        for key, row in self.rows.items():
            self._column.addWidget(row)
            row.clicked.connect(lambda _checked, key=key: self.choose(key))
            row.stepped.connect(self._step)
        self._column.addStretch(1)
        self._mark(self._tab if self._tab in self.rows else FIRST_TAB)
        if had_focus in self.rows:
            self.rows[had_focus].setFocus()

    def choose(self, tab: str) -> None:
        """Choose a tab and send it."""
        self._mark(tab)
        self.chosen.emit(tab)

    def mark(self, tab: str) -> None:
        """Show a tab as the chosen one, without sending it."""
        self._mark(tab)

    def _step(self, by: int, moves: bool) -> None:  # noqa: FBT001 - a signal's slot
        if moves:
            self._move(by)
            return
        keys = list(self.rows)
        key = keys[max(0, min(len(keys) - 1, keys.index(self._tab) + by))]
        self.choose(key)
        self.rows[key].setFocus(Qt.FocusReason.TabFocusReason)

    def _move(self, by: int) -> None:
        if self._tab in self._order:
            place = self._order.index(self._tab) + by
            if 0 <= place < len(self._order):
                self.moved.emit(self._tab, place)

    def _mark(self, tab: str) -> None:
        self._tab = tab
        for key, row in self.rows.items():
            row.setChecked(key == tab)
        place = self._order.index(tab) if tab in self._order else None
        self.up.setEnabled(place is not None and place > 0)
        self.down.setEnabled(place is not None and place < len(self._order) - 1)

    def _build(self) -> None:
        inside = QWidget()
        inside.setProperty("role", "surface")
        inside.setLayout(self._column)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        area = scroll_area(inside)
        foot = QHBoxLayout()
        foot.setContentsMargins(10, 8, 10, 10)
        foot.setSpacing(8)
        foot.addWidget(self.up)
        foot.addWidget(self.down)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, RADIUS // 2, 1, 1)
        column.setSpacing(0)
        column.addWidget(area, 1)
        column.addLayout(foot)
