"""Lays things out in a line and goes on in the next one where there is no room: for chips of any length."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Items from left to right in lines; one that is wider than the line is made as wide as that."""

    def __init__(self, parent: QWidget | None = None, *, gap: int = 8) -> None:
        super().__init__(parent)
        self._gap = gap
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Take one more at the end."""
        self._items.append(item)

    def count(self) -> int:
        """How many there are."""
        return len(self._items)

    def itemAt(self, place: int) -> QLayoutItem | None:
        """The item at a place, or None."""
        return self._items[place] if 0 <= place < len(self._items) else None

    def takeAt(self, place: int) -> QLayoutItem | None:
        """Give an item back."""
        return self._items.pop(place) if 0 <= place < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """It takes no more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Less width is more lines."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As high as its lines are at this width."""
        return self._arranged(QRect(0, 0, width, 0), moves=False)

    def setGeometry(self, box: QRect) -> None:
        """Put the items in their places."""
        super().setGeometry(box)
        self._arranged(box, moves=True)

    def sizeHint(self) -> QSize:
        """The size that its content asks for."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """Room for the highest of them."""
        highest = max((item.sizeHint().height() for item in self._items if not item.isEmpty()), default=0)
        return QSize(0, highest)

    def _arranged(self, box: QRect, *, moves: bool) -> int:
        """The height that the lines take in the width of the box."""
        at = box.topLeft()
        bottom = at.y()
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint().boundedTo(QSize(box.width(), 1 << 16))
            if at.x() > box.left() and at.x() + size.width() > box.right() + 1:
                at = QPoint(box.left(), bottom + self._gap)
            if moves:
                item.setGeometry(QRect(at, size))
            bottom = max(bottom, at.y() + size.height())
            at.setX(at.x() + size.width() + self._gap)
        return bottom - box.top()
