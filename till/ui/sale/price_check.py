"""What something costs, shown large in the place of the articles; nothing comes into the basket (F7)."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from till.app.price_check import PriceChecked
from till.ui.fonts import bold, font, semibold
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face
from till.ui.widgets.text import ShorteningText, Text


class PriceCheckPanel(QWidget):
    """Shows one price; `dismissed` with the next tap."""

    dismissed = Signal()

    def __init__(self, look: Look, found: PriceChecked) -> None:
        super().__init__()
        self._look = look
        self.price = Text(self._price(found), bold(Size.DUE))
        card = QFrame()
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(24, 20, 24, 20)
        inside.setSpacing(6)
        inside.addWidget(ShorteningText(found.name, bold(Size.FIELD)))
        inside.addWidget(Text(self._below(found), font(Size.BODY), "muted"))
        inside.addWidget(self.price)
        for words in self._more(found):
            inside.addWidget(Text(words, semibold(Size.TITLE)).wrapped())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(Text(look.t("Price check"), bold(Size.TITLE)))
        column.addWidget(card)
        close = Button(look, Face(look.t("Back to the articles"), "arrow-left")).tall(56)
        close.clicked.connect(self.dismissed)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self.setAccessibleName(f"{found.name}, {self.price.text()}")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Any tap goes back."""
        self.dismissed.emit()
        event.accept()

    def _price(self, found: PriceChecked) -> str:
        amount = found.label_price if found.label_price is not None else found.price
        return self._look.t("Ask price") if amount is None else self._look.formats.money(amount)

    def _below(self, found: PriceChecked) -> str:
        t, formats = self._look.t, self._look.formats
        parts = [t("No. {number}").format(number=found.number)] if found.number else []
        if found.unit:
            parts.append(t("per {unit}").format(unit=found.unit))
        if found.weight is not None:
            parts.append(f"{formats.quantity(found.weight)} {found.unit}")
        return " · ".join(parts)

    def _more(self, found: PriceChecked) -> Iterator[str]:
        t, formats = self._look.t, self._look.formats
        if found.label_price is not None and found.price is not None:
            yield t("{price} per {unit}").format(price=formats.money(found.price), unit=found.unit)
        for tier in found.tiers:
            words = t("from {quantity} {unit}: {price} each")
            yield words.format(
                quantity=formats.quantity(tier.quantity), unit=found.unit, price=formats.money(tier.price)
            )
        if found.deposit is not None:
            yield t("plus deposit {price}").format(price=formats.money(found.deposit))
        later = found.next_prices
        if later is not None and later.prices.price is not None:
            words = t("from {moment} on: {price}")
            yield words.format(moment=formats.value(later.valid_from), price=formats.money(later.prices.price))
