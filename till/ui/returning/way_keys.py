"""The ways to give something for what comes back, as big keys that show how much goes by each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from till.app.refund_ways import RefundWay
from till.app.views import TenderKey
from till.money import Money
from till.ui.look import Look
from till.ui.payment.tender_column import icon_of
from till.ui.payment.tender_names import tender_name
from till.ui.widgets.button import Arrangement, Button, Face


class WayKeys(QWidget):
    """`chosen` with the RefundWay that is tapped."""

    chosen = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.buttons: dict[RefundWay, Button] = {}
        self._faces: dict[RefundWay, tuple[str, str]] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def offer(self, ways: Sequence[RefundWay], tenders: Sequence[TenderKey]) -> None:
        """Offer these; `tenders` tell their icons."""
        if tuple(self.buttons) == tuple(ways):
            return
        for button in self.buttons.values():
            button.hide()
            button.deleteLater()
        icons = {tender.id: icon_of(tender) for tender in tenders}
        self.buttons = {}
        for way in ways:
            icon = icons.get(way.tender_id, "ticket") if way.voucher_type is None else "ticket"
            self._faces[way] = (tender_name(self._look, way.tender_id, way.name), icon)
            self.buttons[way] = self._button(way).tall(self._look.target_px)
            self._column.addWidget(self.buttons[way])

    def show_amounts(self, amounts: Mapping[RefundWay, Money]) -> None:
        """Show how much goes by each; what has an amount is marked."""
        for way, button in self.buttons.items():
            amount = amounts.get(way)
            name, icon = self._faces[way]
            shown = "" if amount is None else self._look.formats.money(amount)
            button.set_face(Face(name, icon, trailing=shown))
            button.setChecked(amount is not None)

    def _button(self, way: RefundWay) -> Button:
        name, icon = self._faces[way]
        button = Button(self._look, Face(name, icon)).arranged(Arrangement.SPREAD, padding=14)
        button.setCheckable(True)
        button.clicked.connect(lambda: self._choose(way))
        return button

    def _choose(self, way: RefundWay) -> None:
        self.buttons[way].setChecked(True)
        self.chosen.emit(way)
