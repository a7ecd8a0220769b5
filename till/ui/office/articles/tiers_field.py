"""Prices by quantity (Staffelpreise), a row for each: from how many on, and what each costs then."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from till.catalog.price_list import MAX_TIERS, Tier
from till.errors import Refused
from till.i18n import msg
from till.ui.look import Look
from till.ui.widgets.button import Button, Face, Kind, icon_button
from till.ui.widgets.form import Field, MoneyField, QuantityField

HALF_TYPED = msg("A price by quantity needs both: from which quantity on, and the price.")


class TiersField(Field[tuple[Tier, ...]]):
    """As many rows as somebody adds; a row with nothing in it counts for nothing."""

    def __init__(self, look: Look, label: str, check: Callable[[tuple[Tier, ...]], object] | None = None) -> None:
        super().__init__(look, label, check)
        self.rows: list[_Row] = []
        self.box.setProperty("role", "")
        self.add = Button(look, Face(look.t("Add a price by quantity"), "plus"), Kind.PLAIN)
        self.add.clicked.connect(self._add)
        self._column = QVBoxLayout(self.box)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self.add)
        self.setFocusProxy(self.add)

    def _add(self) -> None:
        row = self._new_row()
        QTimer.singleShot(0, row.quantity, row.quantity.line.setFocus)
        self._edited()

    def _new_row(self) -> _Row:
        row = _Row(self._look, is_first=not self.rows)
        row.quantity.changed.connect(self._edited)
        row.price.changed.connect(self._edited)
        row.remove.clicked.connect(lambda: self._take_out(row))
        self.rows.append(row)
        self._column.insertWidget(len(self.rows) - 1, row)
        self.add.setEnabled(len(self.rows) < MAX_TIERS)
        return row

    def _take_out(self, row: _Row) -> None:
        self._drop(row)
        self._edited()
        self.add.setFocus()

    def _drop(self, row: _Row) -> None:
        self.rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
        self.add.setEnabled(True)
        if self.rows:
            self.rows[0].show_titles()

    def _typed(self) -> object:
        return tuple(typed for row in self.rows if any(typed := (row.quantity.line.text(), row.price.line.text())))

    def _read(self) -> tuple[Tier, ...]:
        found = []
        for row in self.rows:
            quantity, price = row.quantity.read(), row.price.read()
            if (quantity is None) != (price is None):
                raise Refused(HALF_TYPED)
            if quantity is not None and price is not None:
                found.append(Tier(quantity, price))
        return tuple(found)

    def _write(self, value: tuple[Tier, ...]) -> None:
        for row in list(self.rows):
            self._drop(row)
        for tier in value:
            row = self._new_row()
            row.quantity.set_value(tier.quantity)
            row.price.set_value(tier.price)


class _Row(QWidget):
    """One price; the titles stand over the first row only."""

    def __init__(self, look: Look, *, is_first: bool) -> None:
        super().__init__()
        self.quantity = QuantityField(look, look.t("From quantity"))
        self.price = MoneyField(look, look.t("Price each"))
        self.remove = icon_button(look, "trash", look.t("Remove this price"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.quantity, 1)
        row.addWidget(self.price, 1)
        column = QVBoxLayout()
        column.addStretch(1)
        column.addWidget(self.remove)
        row.addLayout(column)
        for field in (self.quantity, self.price):
            field.label.setVisible(is_first)

    def show_titles(self) -> None:
        """It has become the first row."""
        self.quantity.label.show()
        self.price.label.show()
