"""The list of voucher types: name, how many are open, what they come to, and in a line what the type is (V1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from till.ui.fonts import bold, font
from till.ui.look import Look
from till.ui.theme import Palette, Size
from till.vouchers.model import VoucherType

_ROW_HEIGHT = 85
_PADDING = 14
_MARK = 3
_GAP = 8
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class TypeRow:
    """A type in the words of its row: `amount` is what customers have paid for and not got; "" is not known yet."""

    kind: VoucherType
    plu: str
    open_words: str
    amount: str
    what: str
    validity: str
    state: str

    @property
    def spoken(self) -> str:
        """The whole row, for a screen reader and as a tooltip."""
        parts = (self.kind.name, self.plu, self.open_words, self.amount, self.what, self.validity, self.state)
        return " · ".join(part for part in parts if part)


class TypeModel(QAbstractListModel):
    """The rows."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[TypeRow, ...] = ()

    def set_rows(self, rows: Iterable[TypeRow]) -> None:
        """Show other rows; where only their words differ nothing jumps."""
        new = tuple(rows)
        if [row.kind.id for row in new] == [row.kind.id for row in self.rows]:
            self.rows = new
            if new:
                self.dataChanged.emit(self.index(0, 0), self.index(len(new) - 1, 0))
            return
        self.beginResetModel()
        self.rows = new
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """How many types there are."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The name, and the whole row in words."""
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.kind.name
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.spoken
        return None


class TypeList(QFrame):
    """A card with the types. `chosen` with the one that is tapped or reached by keys."""

    chosen = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.model = TypeModel()
        self.view = _View(look, self.model)
        self.view.setAccessibleName(look.t("Voucher types"))
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 6, 1, 6)
        column.addWidget(self.view)
        self.setFocusProxy(self.view)
        self.view.selectionModel().currentChanged.connect(self._choose)

    def set_rows(self, rows: Iterable[TypeRow]) -> None:
        """Show these rows; nothing is told of it."""
        blocked = self.blockSignals(True)
        self.model.set_rows(rows)
        self.blockSignals(blocked)

    def mark(self, kind: VoucherType | None) -> None:
        """Show this type as the chosen one, without telling of it; None: none is."""
        blocked = self.blockSignals(True)
        place = next((n for n, row in enumerate(self.model.rows) if kind is not None and row.kind.id == kind.id), -1)
        self.view.setCurrentIndex(self.model.index(place, 0) if place >= 0 else QModelIndex())
        if place < 0:
            self.view.clearSelection()
        self.blockSignals(blocked)

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(self.model.rows[index.row()].kind)


class _View(QListView):
    """Rows to tap; letters and Enter are left to the page."""

    def __init__(self, look: Look, model: TypeModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(_Painter(look, model, self))
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move; the rest is the page's."""
        if event.text() and event.text().isprintable():
            event.ignore()
        else:
            super().keyPressEvent(event)


class _Painter(QStyledItemDelegate):
    """Paints a row in three lines; one that is not sold any more is grey and says so."""

    def __init__(self, look: Look, model: TypeModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._model = look, model
        self._inactive = look.t("inactive")

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """All rows are as high."""
        return QSize(_PADDING, _ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        row, palette = self._model.rows[index.row()], self._look.palette
        box: QRect = option.rect
        state = option.state
        painter.save()
        self._paint_ground(painter, box, state)
        inner = box.adjusted(_PADDING, 12, -_PADDING, -12)
        line = inner.height() // 3
        ink = palette.text if row.kind.active else palette.muted
        name = row.kind.name if row.kind.active else f"{row.kind.name} · {self._inactive}"
        lines = (
            ((name, bold(Size.BODY - 1), ink), (row.plu, font(Size.SMALL), palette.muted)),
            ((row.open_words, font(Size.SMALL), palette.muted), (row.amount, bold(Size.SMALL), ink)),
            ((row.what, font(Size.SMALL), palette.muted), (row.validity, font(Size.SMALL), palette.muted)),
        )
        for place, (left, right) in enumerate(lines):
            _paint_line(painter, QRect(inner.left(), inner.top() + place * line, inner.width(), line), left, right)
        painter.restore()

    def _paint_ground(self, painter: QPainter, box: QRect, state: QStyle.StateFlag) -> None:
        palette: Palette = self._look.palette
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(palette.soft))
            painter.fillRect(QRect(box.left(), box.top(), _MARK, box.height()), QColor(palette.accent))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, QColor(palette.key))
        painter.fillRect(QRect(box.left(), box.bottom(), box.width(), 1), QColor(palette.line))


_Words = tuple[str, QFont, str]


def _paint_line(painter: QPainter, box: QRect, left: _Words, right: _Words) -> None:
    """Words on both sides of a line; the left ones end in “…” where they would meet the right ones."""
    words, type_, ink = right
    painter.setFont(type_)
    painter.setPen(QColor(ink))
    painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
    taken = painter.fontMetrics().horizontalAdvance(words)
    words, type_, ink = left
    painter.setFont(type_)
    painter.setPen(QColor(ink))
    room = box.width() - (taken + _GAP if taken else 0)
    shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
    painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
