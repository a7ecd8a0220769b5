"""The basket on the screen: rows of 44 pixels, the selected one with a red X that takes it out."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from till.sales.pricing import PricedLine
from till.ui import icons
from till.ui.fonts import bold, font
from till.ui.look import Look
from till.ui.sale.basket_model import BasketModel
from till.ui.theme import ROW_HEIGHT, Size

_PADDING = 16
_NAME_X = 60
_REMOVE_WIDTH = 48
_AMOUNT_WIDTH = 96


class BasketList(QListView):
    """Shows the lines and which one is selected; tapping the selected line again selects none."""

    selected = Signal()
    removal_asked = Signal(int)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._lines = BasketModel(look, self)
        self.setModel(self._lines)
        self.setItemDelegate(_LineDelegate(look, self._lines, self))
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(look.t("Basket"))
        self.setMinimumHeight(ROW_HEIGHT * 2)

    @property
    def line(self) -> PricedLine | None:
        """The selected line."""
        rows = self.selectionModel().selectedIndexes()
        return self._lines.line(rows[0].row()) if rows else None

    @property
    def lines(self) -> BasketModel:
        """The rows."""
        return self._lines

    def show_lines(self, lines: tuple[PricedLine, ...], touched: int | None) -> None:
        """Show these lines; the one that was touched last is selected and in sight."""
        self._lines.show_lines(lines)
        row = self._lines.row_of(touched)
        if row is not None:
            self.choose(row)
        elif self.line is None:
            self.clearSelection()

    def choose(self, row: int) -> None:
        """Select the line in this row."""
        index = self._lines.index(row)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(index)
        self.selected.emit()

    def step(self, by: int) -> None:
        """Select the line above (-1) or below (1)."""
        count = self._lines.rowCount()
        if count:
            at = self.currentIndex().row() if self.line is not None else (count if by < 0 else -1)
            self.choose(max(0, min(count - 1, at + by)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """No key means anything here."""
        event.ignore()  # the page gives arrows and digits their meaning, wherever the focus is

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select a line, deselect it, or take it out at its X."""
        index = self.indexAt(event.position().toPoint())
        if not index.isValid():
            self.clearSelection()
            self.selected.emit()
            return
        is_selected = self.selectionModel().isSelected(index)
        if is_selected and event.position().x() >= self.viewport().width() - _REMOVE_WIDTH:
            self.removal_asked.emit(self._lines.line(index.row()).line.id)
        elif is_selected:
            self.clearSelection()
            self.selected.emit()
        else:
            self.choose(index.row())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A second fast tap does nothing."""
        event.accept()  # the second tap of a fast pair must not take out the line that moved up

    def viewportEvent(self, event: QEvent) -> bool:
        """No tooltips of the model’s texts."""
        if event.type() == QEvent.Type.ToolTip:
            return True
        return super().viewportEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it from the theme."""
        super().paintEvent(event)
        if self._lines.rowCount() == 0:
            self._paint_empty()

    def _paint_empty(self) -> None:
        painter = QPainter(self.viewport())
        colour = self._look.palette.muted
        middle = self.viewport().rect().center()
        painter.setOpacity(0.55)
        painter.drawPixmap(
            middle.x() - 20, middle.y() - 48, icons.pixmap("barcode", colour, 40, self.devicePixelRatioF())
        )
        painter.setOpacity(1)
        painter.setPen(QColor(colour))
        painter.setFont(font(Size.BODY))
        box = QRect(0, middle.y(), self.viewport().width(), 28)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._look.t("Scan or tap an article"))
        painter.end()


class _LineDelegate(QStyledItemDelegate):
    """Paints one line: quantity, name with its second row, amount, and the X on the selected one."""

    def __init__(self, look: Look, lines: BasketModel, parent: BasketList) -> None:
        super().__init__(parent)
        self._look, self._lines = look, lines

    def sizeHint(self, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The size that its content asks for."""
        return QSize(option.rect.width(), ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        priced = self._lines.line(index.row())
        box: QRect = option.rect
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        self._paint_ground(painter, box, is_selected=is_selected)
        self._paint_quantity(painter, box, priced)
        right = box.right() + 1 - (_REMOVE_WIDTH if is_selected else _PADDING)
        self._paint_name(painter, box, priced, right)
        self._paint_amount(painter, box, priced, right)
        if is_selected:
            self._paint_remove(painter, box)
        painter.restore()

    def _paint_ground(self, painter: QPainter, box: QRect, *, is_selected: bool) -> None:
        palette = self._look.palette
        if is_selected:
            painter.fillRect(box, QColor(palette.soft))
            painter.fillRect(QRect(box.left(), box.top(), 3, box.height()), QColor(palette.accent))
        painter.setPen(QPen(QColor(palette.line)))
        painter.drawLine(box.bottomLeft(), box.bottomRight())

    def _paint_quantity(self, painter: QPainter, box: QRect, priced: PricedLine) -> None:
        painter.setPen(QColor(self._look.palette.muted))
        shown = f"{self._look.formats.quantity(priced.line.quantity)} ×"
        painter.setFont(font(Size.BODY if len(shown) <= 5 else Size.TINY))  # noqa: PLR2004 - fits the column
        painter.drawText(
            QRect(box.left() + _PADDING, box.top(), _NAME_X - _PADDING - 2, box.height()),
            Qt.AlignmentFlag.AlignVCenter,
            shown,
        )

    def _paint_name(self, painter: QPainter, box: QRect, priced: PricedLine, right: int) -> None:
        note = self._lines.note_of(priced)
        room = right - _AMOUNT_WIDTH - _NAME_X - box.left()
        top = QRect(box.left() + _NAME_X, box.top() + (3 if note else 0), room, 24 if note else box.height())
        self._paint_text(painter, top, priced.line.item.name, Size.BODY)
        if note:
            painter.setPen(QColor(self._look.palette.muted))
            below = QRect(top.left(), box.top() + 24, room + 24, 17)
            self._paint_text(painter, below, note, Size.TINY)

    def _paint_text(self, painter: QPainter, box: QRect, text: str, size_px: int) -> None:
        if size_px == Size.BODY:
            painter.setPen(QColor(self._look.palette.text))
        painter.setFont(font(size_px))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_amount(self, painter: QPainter, box: QRect, priced: PricedLine, right: int) -> None:
        painter.setPen(QColor(self._look.palette.text))
        painter.setFont(bold(Size.BODY))
        place = QRect(right - _AMOUNT_WIDTH, box.top(), _AMOUNT_WIDTH, box.height())
        painter.drawText(
            place,
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
            self._look.formats.amount(priced.amount),
        )

    def _paint_remove(self, painter: QPainter, box: QRect) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = 32
        x, y = box.right() + 1 - _REMOVE_WIDTH + 8, box.top() + (box.height() - size) // 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._look.palette.dangersoft))
        painter.drawEllipse(x, y, size, size)
        mark = icons.pixmap("x", self._look.palette.danger, 18, painter.device().devicePixelRatioF())
        painter.drawPixmap(x + 7, y + 7, mark)
