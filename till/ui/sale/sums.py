"""The block under the basket: positions, VAT and discount in small, the total in big, the typed number."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from till.money import ZERO
from till.sales.pricing import PricedBasket
from till.ui.fonts import bold, font
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.text import ShorteningText, Text

SUMS_HEIGHT = 84


class Sums(QFrame):
    """Shows the basket's figures and, while digits are typed, the number in the place of the word."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setProperty("role", "sums")
        self._word = look.t("Total")
        self._positions = ShorteningText("", font(Size.SMALL), "muted")
        self._discount = Text("", font(Size.SMALL), "muted").right()
        self._label = Text(self._word, bold(Size.TITLE))
        self._total = Text("", bold(Size.TOTAL)).right()
        self._build()

    @property
    def total(self) -> str:
        """The total as it stands there."""
        return self._total.text()

    @property
    def typed(self) -> str:
        """The typed number as it stands there; empty while nothing is typed."""
        return "" if self._label.text() == self._word else self._label.text()

    def show_basket(self, priced: PricedBasket) -> None:
        """Show the basket's figures."""
        formats = self._look.formats
        self._positions.setText(self._small_print(priced))
        off = priced.discount
        self._discount.setText(
            self._look.t("Discount {amount}").format(amount=f"−{formats.amount(off)}") if off > ZERO else ""
        )
        self._total.setText(formats.money(priced.total))
        self._total.setAccessibleName(f"{self._word} {self._total.text()}")

    def show_typed(self, typed: str) -> None:
        """Show the number that is being typed; empty brings the word back."""
        shown = typed if self._look.t.language == "de" else typed.replace(",", ".")
        self._label.setFont(bold(Size.FIGURE if typed else Size.TITLE))
        self._label.set_role("accent" if typed else "")
        self._label.setText(shown or self._word)

    def _small_print(self, priced: PricedBasket) -> str:
        t, formats, count = self._look.t, self._look.formats, len(priced.lines)
        if not count:
            return ""
        positions = t.plural("{count} item", "{count} items", count).format(count=count)
        taxes = [f"{formats.percent(key.rate_bp)} {formats.amount(key.tax)}" for key in priced.vat if key.rate_bp]
        included = t("incl. VAT")
        return " · ".join([positions, f"{included} {taxes[0]}", *taxes[1:]]) if taxes else positions

    def _build(self) -> None:
        small = QHBoxLayout()
        small.setSpacing(8)
        small.addWidget(self._positions, 1)
        small.addWidget(self._discount)
        big = QHBoxLayout()
        big.addWidget(self._label)
        big.addWidget(self._total, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 2)
        column.setSpacing(0)
        column.addLayout(small)
        column.addLayout(big, 1)
