"""The basket's lines as a list model that tells the view only what changed."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from till.money import ZERO
from till.quantity import ONE
from till.sales.basket import AmountOff, PercentOff
from till.sales.pricing import PricedLine
from till.ui.look import Look

Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


class BasketModel(QAbstractListModel):
    """Rows are the basket's lines; `show_lines` compares by line id and moves nothing that stayed."""

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._lines: list[PricedLine] = []

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """The number of lines."""
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a screen reader says of a line."""
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole} and index.isValid():
            return self.spoken(self._lines[index.row()])
        return None

    def line(self, row: int) -> PricedLine:
        """The line in this row."""
        return self._lines[row]

    def row_of(self, line_id: int | None) -> int | None:
        """The row of the line with this id; None when there is none."""
        for row, priced in enumerate(self._lines):
            if priced.line.id == line_id:
                return row
        return None

    def show_lines(self, lines: tuple[PricedLine, ...]) -> None:
        """Show these lines: rows that went are removed, new ones inserted, changed ones repainted."""
        old = [priced.line.id for priced in self._lines]
        new = [priced.line.id for priced in lines]
        head = _common(old, new)
        tail = _common(old[head:][::-1], new[head:][::-1])
        self._remove(head, len(old) - tail)
        self._insert(head, list(lines[head : len(new) - tail]))
        for row, priced in enumerate(lines):
            if self._lines[row] != priced:
                self._lines[row] = priced
                self.dataChanged.emit(self.index(row), self.index(row))

    def note_of(self, priced: PricedLine) -> str:
        """The second row of a line: unit price, discount, note, number; empty where there is nothing to say."""
        t, formats, line = self._look.t, self._look.formats, priced.line
        parts: list[str] = []
        if line.price_before is not None:
            parts.append(t("new price, was {price}").format(price=formats.amount(line.price_before)))
        if line.quantity != ONE:
            parts.append(t("{price} each").format(price=formats.amount(line.unit_price)))
        match line.discount:
            case PercentOff(basis_points):
                parts.append(f"−{formats.percent(basis_points)}")
            case AmountOff(amount):
                parts.append(f"−{formats.money(amount)}")
            case None:
                pass
        if priced.basket_off > ZERO:
            parts.append(t("share of the discount {amount}").format(amount=f"−{formats.amount(priced.basket_off)}"))
        parts += self._of_voucher(priced)
        parts += [t("“{text}”").format(text=text) for text in _texts(priced)]
        return " · ".join(parts)

    def _of_voucher(self, priced: PricedLine) -> list[str]:
        """Its number where that is known already, and its worth where that is not what it costs (V7, V29)."""
        t, formats, voucher = self._look.t, self._look.formats, priced.line.item.voucher
        parts: list[str] = []
        if voucher is not None and voucher.number:
            parts.append(t("No. {number}").format(number=voucher.number))
        if voucher is not None and voucher.face != priced.amount:
            parts.append(t("worth {amount}").format(amount=formats.money(voucher.face)))
        return parts

    def spoken(self, priced: PricedLine) -> str:
        """The line as a screen reader says it."""
        formats = self._look.formats
        quantity, amount = formats.quantity(priced.line.quantity), formats.money(priced.amount)
        return f"{quantity} × {priced.line.item.name}, {amount}"

    def _remove(self, first: int, end: int) -> None:
        if end > first:
            self.beginRemoveRows(_NO_INDEX, first, end - 1)
            del self._lines[first:end]
            self.endRemoveRows()

    def _insert(self, first: int, lines: list[PricedLine]) -> None:
        if lines:
            self.beginInsertRows(_NO_INDEX, first, first + len(lines) - 1)
            self._lines[first:first] = lines
            self.endInsertRows()


def _texts(priced: PricedLine) -> list[str]:
    voucher_text = priced.line.item.voucher.text if priced.line.item.voucher else ""
    return [text for text in (voucher_text, priced.line.note) if text]


def _common(one: list[int], other: list[int]) -> int:
    """How many ids both begin with."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count
