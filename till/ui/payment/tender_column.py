"""The left pane of the payment: what is due, the ways to pay, the way back."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from till.app.views import SaleState, TenderKey
from till.sales.tender import TenderKind
from till.ui.fonts import semibold
from till.ui.keys import Action
from till.ui.look import Look
from till.ui.main.strips import Strips
from till.ui.payment.tender_names import tender_name
from till.ui.theme import Size
from till.ui.widgets.button import Arrangement, Button, Face, Kind
from till.ui.widgets.figure import Figure
from till.ui.widgets.scroll import scroll_area
from till.ui.widgets.text import Text

ICONS = {TenderKind.CASH: "cash", TenderKind.CARD: "credit-card", TenderKind.VOUCHER: "ticket"}
_KEYS = {TenderKind.CASH: Action.CASH, TenderKind.CARD: Action.CARD, TenderKind.VOUCHER: Action.VOUCHER}
_BUTTON_HEIGHT = 56
_FEW = 5


def icon_of(tender: TenderKey) -> str:
    """The icon of a way to pay; the shop's own ones share one."""
    return ICONS[tender.kind] if tender.kind is not TenderKind.CARD or tender.by_card else "wallet"


class TenderColumn(QFrame):
    """`chosen` with the tender that was tapped; `left` to go back to the sale."""

    chosen = Signal(object)
    left = Signal()

    def __init__(self, look: Look, tenders: tuple[TenderKey, ...]) -> None:
        super().__init__()
        self._look = look
        self._buttons: dict[str, Button] = {}
        self._ways = QVBoxLayout()
        self.tenders = tenders
        self.setProperty("role", "card")
        self.due = Figure(look.t("To pay"), Size.DUE)
        self.strips = Strips(look, is_narrow=True)
        self._build()

    def first(self, kind: TenderKind) -> TenderKey | None:
        """The first tender of this kind, which its function key takes."""
        return next((tender for tender in self.tenders if tender.kind is kind), None)

    def show_state(self, state: SaleState) -> None:
        """Show what is due."""
        room = self.width() - 34 if self.width() > self._look.target_px * 3 else 0
        self.due.show_amount(self._look.formats.money(state.settlement.due), room)

    def show_chosen(self, tender: TenderKey) -> None:
        """Mark the way that is being taken."""
        for tender_id, button in self._buttons.items():
            button.setChecked(tender_id == tender.id)

    def offer(self, tenders: tuple[TenderKey, ...]) -> None:
        """Offer these ways to pay: the shop may have changed them since the page was built."""
        if tenders == self.tenders:
            return
        self.tenders = tenders
        while (item := self._ways.takeAt(0)) is not None:
            button = item.widget()
            if button is not None:
                button.hide()
                button.deleteLater()
        self._fill()

    def _fill(self) -> None:
        self._buttons = {}
        is_tight = len(self.tenders) > _FEW
        for tender in self.tenders:
            button = self._button(tender)
            button.tall(self._look.target_px if is_tight else _BUTTON_HEIGHT)
            self._ways.addWidget(button)
        self._ways.addStretch(1)

    def _scrolled_ways(self) -> QScrollArea:
        inside = QWidget()
        inside.setProperty("role", "surface")
        inside.setLayout(self._ways)
        self._ways.setContentsMargins(0, 0, 0, 0)
        self._ways.setSpacing(8)
        return scroll_area(inside)

    def _build(self) -> None:
        t = self._look.t
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(self.due)
        column.addWidget(Text(t("Ways to pay"), semibold(Size.BODY - 1), "muted"))
        column.addWidget(self._scrolled_ways(), 1)
        self._fill()
        column.addWidget(self.strips)
        back = Button(self._look, Face(t("Back to the sale"), "arrow-left")).tall(_BUTTON_HEIGHT)
        back.clicked.connect(self.left)
        column.addWidget(back)

    def _button(self, tender: TenderKey) -> Button:
        is_first = self.first(tender.kind) is tender
        key = self._look.key_of(_KEYS[tender.kind]) if is_first else ""
        face = Face(tender_name(self._look, tender.id, tender.name), icon_of(tender), key=key)
        button = Button(self._look, face, Kind.PLAIN).arranged(Arrangement.SPREAD, padding=14)
        button.setCheckable(True)
        button.clicked.connect(lambda: self.chosen.emit(tender))
        self._buttons[tender.id] = button
        return button
