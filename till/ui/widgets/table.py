"""A table of the office: sorted by a tap on its title, filtered as one types, with the columns that one chooses (U8)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QAction, QColor, QContextMenuEvent, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from till.ui import icons
from till.ui.fonts import bold, font, semibold
from till.ui.look import Look
from till.ui.theme import ROW_HEIGHT, Palette, Size
from till.ui.widgets.amount_field import set_active
from till.ui.widgets.button import icon_button
from till.ui.widgets.keys import ENTER, TellingLine
from till.ui.widgets.text import Text

Row = TypeVar("Row")
_PADDING = 12
_PILL_HEIGHT = 24
_ICON = 20
_NEAR_END = 10
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """What of a row stands in a column.

    `order`: what it is sorted by, else its words. `tone`: shown as a pill in "quiet", "calm", "warn" or "danger"; "" is
    plain. `width_px` is where it begins; `takes_rest` the one that gets what is left. `is_shown` False: only when chosen.
    `icon`: the name of an icon in the place of words; a tap on it asks for the row's menu, which `shown` names.
    """

    title: str
    shown: Callable[[Row], str]
    order: Callable[[Row], object] | None = None
    tone: Callable[[Row], str] | None = None
    is_figure: bool = False
    is_strong: bool = False
    width_px: int = 120
    takes_rest: bool = False
    is_shown: bool = True
    icon: str = ""


class TableModel(QAbstractTableModel, Generic[Row]):
    """The rows; sorting and filtering work on what is here, so a caller with more than it shows does both itself."""

    def __init__(self, columns: Sequence[Column[Row]]) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self._rows: list[Row] = []
        self.shown: list[Row] = []
        self._filter = ""
        self._order: tuple[int, bool] | None = None

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows, filtered out or not."""
        return tuple(self._rows)

    def set_rows(self, rows: Iterable[Row]) -> None:
        """Show other rows, in the order and with the filter of before."""
        self._rows = list(rows)
        self._arrange()

    def add_rows(self, rows: Iterable[Row]) -> None:
        """Show these too, at the end."""
        added = [row for row in rows if self._matches(row)]
        first = len(self.shown)
        self._rows += added
        if added:
            self.beginInsertRows(QModelIndex(), first, first + len(added) - 1)
            self.shown += added
            self.endInsertRows()

    def replace_row(self, is_same: Callable[[Row], bool], row: Row) -> None:
        """Show a row as it is now in the place of the one that is the same thing; nothing moves."""
        self._rows = [row if is_same(one) else one for one in self._rows]
        for place, one in enumerate(self.shown):
            if is_same(one):
                self.shown[place] = row
                self.dataChanged.emit(self.index(place, 0), self.index(place, len(self.columns) - 1))

    def set_filter(self, text: str) -> None:
        """Show only rows in which every word of `text` stands somewhere."""
        self._filter = text.casefold()
        self._arrange()

    def rowCount(self, parent: Index | None = None) -> int:
        """How many rows are shown."""
        return 0 if parent is not None and parent.isValid() else len(self.shown)

    def columnCount(self, parent: Index | None = None) -> int:
        """How many columns there are, shown or not."""
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The words of a cell, and on which side they stand."""
        column = self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole and column.icon:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return column.shown(self.shown[index.row()])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The title of a column."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(self.columns[section])
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 is the order in which the rows came."""
        self._order = None if column < 0 else (column, order is Qt.SortOrder.DescendingOrder)
        self._arrange()

    def _arrange(self) -> None:
        self.beginResetModel()
        self.shown = [row for row in self._rows if self._matches(row)]
        if self._order is not None:
            place, is_descending = self._order
            column = self.columns[place]
            self.shown.sort(key=lambda row: _sortable(column, row), reverse=is_descending)
        self.endResetModel()

    def _matches(self, row: Row) -> bool:
        if not self._filter:
            return True
        words = " ".join(column.shown(row) for column in self.columns).casefold()
        return all(word in words for word in self._filter.split())


class Table(QFrame, Generic[Row]):
    """A card with the table, over it what finds and arranges it; `empty` is said where there is nothing to show.

    `chosen` with a row when it is selected, `opened` when it is tapped twice or Enter is pressed; `more_wanted` when its end
    comes into sight; `typed` with what is typed into the search, when `filters` is False and the caller finds the rows.
    `menu_asked` with a row and where on the screen: by its icon, a right click or the menu key. `sort_asked` with a column
    once `leave_sorting` has left the order to the caller.
    """

    chosen = Signal(object)
    opened = Signal(object)
    more_wanted = Signal()
    typed = Signal(str)
    menu_asked = Signal(object, QPoint)
    sort_asked = Signal(int)

    def __init__(
        self, look: Look, columns: Sequence[Column[Row]], *, empty: str, filters: bool = True, searches: bool = True
    ) -> None:
        super().__init__()
        self._look, self._filters = look, filters
        self.setProperty("role", "card")
        self.model: TableModel[Row] = TableModel(columns)
        self.view = _View(look, self.model)
        self.search = TableSearch(look)
        self.bar = QHBoxLayout()
        self._empty = Text(empty, font(Size.BODY), "muted").wrapped()
        self._build(searches=searches)
        self._connect()
        self._show_empty()

    @property
    def row(self) -> Row | None:
        """The row that is selected."""
        index = self.view.currentIndex()
        return self.model.shown[index.row()] if index.isValid() and index.row() < len(self.model.shown) else None

    def set_rows(self, rows: Iterable[Row], *, selected: Callable[[Row], bool] | None = None) -> None:
        """Show other rows; the first one that is `selected` is chosen, without telling of it."""
        blocked = self.blockSignals(True)
        self.model.set_rows(rows)
        if selected is not None:
            self.select(selected)
        self.blockSignals(blocked)
        self._show_empty()

    def add_rows(self, rows: Iterable[Row]) -> None:
        """Show these too, at the end."""
        self.model.add_rows(rows)
        self._show_empty()

    def select(self, wanted: Callable[[Row], bool]) -> bool:
        """Choose the first row that is `wanted`; False where there is none."""
        for place, row in enumerate(self.model.shown):
            if wanted(row):
                self.view.setCurrentIndex(self.model.index(place, 0))
                return True
        return False

    def leave_sorting(self) -> None:
        """A tap on a title asks the caller, who alone has all rows, for another order."""
        titles = self.view.horizontalHeader()
        self.view.setSortingEnabled(False)
        titles.setSectionsClickable(True)
        titles.setSortIndicatorShown(True)
        titles.sectionClicked.connect(self.sort_asked)

    def show_order(self, column: int, *, is_descending: bool) -> None:
        """Mark the column that the rows come sorted by."""
        order = Qt.SortOrder.DescendingOrder if is_descending else Qt.SortOrder.AscendingOrder
        self.view.horizontalHeader().setSortIndicator(column, order)

    def say_when_empty(self, words: str) -> None:
        """Say something else where there is nothing to show."""
        self._empty.setText(words)

    def choose_columns(self) -> None:
        """Open the list of columns below its button."""
        menu = QMenu(self)
        for place, column in enumerate(self.model.columns):
            action = QAction(column.title, menu, checkable=True, checked=not self.view.isColumnHidden(place))
            action.toggled.connect(lambda is_on, place=place: self.view.setColumnHidden(place, not is_on))
            menu.addAction(action)
        menu.popup(self.columns_button.mapToGlobal(QPoint(0, self.columns_button.height())))
        self._menu = menu

    def _connect(self) -> None:
        self.view.selectionModel().currentRowChanged.connect(self._choose)
        self.view.opened.connect(self._open)
        self.view.menu_asked.connect(lambda place, where: self.menu_asked.emit(self.model.shown[place], where))
        self.view.verticalScrollBar().valueChanged.connect(self._look_at_end)
        self.search.line.textChanged.connect(self._search)
        self.columns_button.clicked.connect(self.choose_columns)

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(self.model.shown[index.row()])

    def _open(self, place: int) -> None:
        self.opened.emit(self.model.shown[place])

    def _look_at_end(self, value: int) -> None:
        bar = self.view.verticalScrollBar()
        if value >= bar.maximum() - _NEAR_END:
            self.more_wanted.emit()

    def _search(self, text: str) -> None:
        if self._filters:
            self.model.set_filter(text)
            self._show_empty()
        self.typed.emit(text)

    def _show_empty(self) -> None:
        self._layers.setCurrentIndex(0 if self.model.shown else 1)

    def _build(self, *, searches: bool) -> None:
        self.columns_button = icon_button(self._look, "columns", self._look.t("Choose columns"))
        self.bar.setContentsMargins(_PADDING, 8, 4, 8)
        self.bar.setSpacing(8)
        self.bar.addStretch(1)
        self.bar.addWidget(self.search)
        self.bar.addWidget(self.columns_button)
        self.search.setVisible(searches)
        self.columns_button.setVisible(searches)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setContentsMargins(24, 24, 24, 24)
        self._layers = QStackedLayout()
        self._layers.addWidget(self.view)
        self._layers.addWidget(self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 8)
        column.setSpacing(0)
        column.addLayout(self.bar)
        column.addLayout(self._layers, 1)


class TableSearch(QFrame):
    """The field that one types into to find rows."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setProperty("role", "search")
        self.setFixedHeight(look.target_px)
        self.setMinimumWidth(200)
        self.setMaximumWidth(320)
        self.line = TellingLine()
        self.line.setFont(font(Size.BODY))
        self.line.setMaxLength(80)
        self.line.setClearButtonEnabled(True)
        self.line.setAccessibleName(look.t("Find in the table"))
        self.line.setPlaceholderText(look.t("Find …"))
        self.line.focused.connect(lambda has: set_active(self, is_active=has))
        mark = QLabel()
        mark.setPixmap(icons.pixmap("search", look.palette.muted, 20, self.devicePixelRatioF()))
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 8, 0)
        row.addWidget(mark)
        row.addWidget(self.line, 1)


class _View(QTableView):
    """Rows as high as a finger, whole rows selected, keys as in a list."""

    opened = Signal(int)
    menu_asked = Signal(int, QPoint)

    def __init__(self, look: Look, model: TableModel[Row]) -> None:
        super().__init__()
        self._columns = model.columns
        self.setModel(model)
        self.setItemDelegate(_Painter(look, model, self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setSortingEnabled(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(max(ROW_HEIGHT, look.target_px - 4))
        self.doubleClicked.connect(self._double_clicked)
        self.clicked.connect(self._clicked)
        self._arrange_titles(model.columns)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the row; letters are left to the page."""
        if event.key() in ENTER and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        elif event.text() and event.text().isprintable():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the row below the pointer, or of the selected one by its key."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if index.isValid():
            self._ask_menu(index, None if by_key else event.globalPos())

    def _clicked(self, index: QModelIndex) -> None:
        if self._columns[index.column()].icon:
            self._ask_menu(index, None)

    def _double_clicked(self, index: QModelIndex) -> None:
        if not self._columns[index.column()].icon:
            self.opened.emit(index.row())

    def _ask_menu(self, index: QModelIndex, where: QPoint | None) -> None:
        below = self.viewport().mapToGlobal(self.visualRect(index).bottomLeft())
        self.menu_asked.emit(index.row(), where or below)

    def _arrange_titles(self, columns: Sequence[Column[Row]]) -> None:
        titles = self.horizontalHeader()
        titles.setHighlightSections(False)
        titles.setFont(semibold(Size.SMALL))
        titles.setFixedHeight(ROW_HEIGHT - 4)
        titles.setSectionsMovable(True)
        titles.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        titles.setSortIndicatorClearable(True)
        titles.setMinimumSectionSize(56)
        for place, column in enumerate(columns):
            self.setColumnWidth(place, column.width_px)
            self.setColumnHidden(place, not column.is_shown)
            if column.takes_rest:
                titles.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)


class _Painter(QStyledItemDelegate):
    """Paints a cell: words that end in "…" where there is no room, states as pills."""

    def __init__(self, look: Look, model: TableModel[Row], parent: QWidget) -> None:
        super().__init__(parent)
        self._palette = look.palette
        self._model = cast("TableModel[object]", model)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        column, row = self._model.columns[index.column()], self._model.shown[index.row()]
        box: QRectF = QRectF(option.rect)
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(self._palette.soft))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, QColor(self._palette.ground))
        painter.setPen(QColor(self._palette.line))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        tone = column.tone(row) if column.tone is not None else ""
        words = column.shown(row)
        inner = box.adjusted(_PADDING, 0, -_PADDING, 0)
        if column.icon:
            self._paint_icon(painter, box, column.icon)
        elif tone and words:
            _paint_pill(painter, inner, words, _pill(self._palette, tone))
        else:
            painter.setFont(bold(Size.BODY - 1) if column.is_strong else font(Size.BODY - 1))
            painter.setPen(QColor(self._palette.text))
            shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(inner.width()))
            painter.drawText(inner, int(_side(column)), shown)
        painter.restore()

    def _paint_icon(self, painter: QPainter, box: QRectF, name: str) -> None:
        mark = icons.pixmap(name, self._palette.muted, _ICON, painter.device().devicePixelRatioF())
        painter.drawPixmap(int(box.center().x() - _ICON / 2), int(box.center().y() - _ICON / 2), mark)


def _paint_pill(painter: QPainter, box: QRectF, words: str, colours: tuple[str, str]) -> None:
    ground, ink = colours
    type_ = semibold(Size.SMALL)
    width = min(QFontMetrics(type_).horizontalAdvance(words) + 18, int(box.width()))
    pill = QRectF(box.left(), box.center().y() - _PILL_HEIGHT / 2, width, _PILL_HEIGHT)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ground))
    painter.drawRoundedRect(pill, _PILL_HEIGHT / 2, _PILL_HEIGHT / 2)
    painter.setFont(type_)
    painter.setPen(QColor(ink))
    shown = QFontMetrics(type_).elidedText(words, Qt.TextElideMode.ElideRight, int(width) - 10)
    painter.drawText(pill, int(Qt.AlignmentFlag.AlignCenter), shown)


def _pill(palette: Palette, tone: str) -> tuple[str, str]:
    return {
        "quiet": (palette.key, palette.muted),
        "calm": (palette.soft, palette.accent),
        "warn": (palette.warnsoft, palette.warn),
        "danger": (palette.dangersoft, palette.danger),
    }[tone]


def _side(column: Column[Row]) -> Qt.AlignmentFlag:
    across = Qt.AlignmentFlag.AlignRight if column.is_figure else Qt.AlignmentFlag.AlignLeft
    return across | Qt.AlignmentFlag.AlignVCenter


def _sortable(column: Column[Row], row: Row) -> tuple[bool, object]:
    """What is missing comes first, and words are sorted as people do, capitals or not."""
    value = column.order(row) if column.order is not None else column.shown(row).casefold()
    return value is not None, value
