"""The right pane of the payment: what was given, what is open, quick cash, change, and Complete."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from till.app.cash import CashDesk
from till.app.views import SaleState, TenderKey
from till.money import ZERO, Money
from till.sales.tender import Tendered, TenderKind
from till.ui import icons
from till.ui.fonts import bold, font, semibold
from till.ui.keys import Action
from till.ui.look import Look
from till.ui.message import Message
from till.ui.payment.tender_column import ICONS, icon_of
from till.ui.payment.tender_names import tender_name
from till.ui.theme import PAY_HEIGHT, Size
from till.ui.widgets.button import Arrangement, Button, Face, Kind, icon_button, primary_button
from till.ui.widgets.figure import Figure
from till.ui.widgets.text import ShorteningText, Text

_QUICK_COLUMNS = 3
_ROW_HEIGHT = 52


class SettledColumn(QFrame):
    """`taken_back` with a payment's id, `quick_cash` with an amount, `completed` to book the sale."""

    taken_back = Signal(int)
    quick_cash = Signal(object)
    completed = Signal()

    def __init__(self, look: Look, cash: CashDesk) -> None:
        super().__init__()
        self._look = look
        self.setProperty("role", "card")
        self.message = Message(look, cash)
        self.open = Text("", bold(Size.FIGURE)).right()
        self.change = Figure(look.t("Change"), Size.DUE, is_right=True)
        self.complete = primary_button(look, Face(look.t("Complete"), key=look.key_of(Action.PAY)))
        self.complete.arranged(Arrangement.SPREAD, padding=20).tall(PAY_HEIGHT)
        self.complete.clicked.connect(self.completed)
        self._payments = QVBoxLayout()
        self._shown: tuple[Tendered, ...] = ()
        self._own_icons: dict[str, str] = {}
        self._none = Text(look.t("nothing yet"), font(Size.BODY), "muted")
        self._quick = QGridLayout()
        self._quick_buttons: list[Button] = []
        self._back_buttons: list[Button] = []
        self._quick_amounts: tuple[Money, ...] = ()
        self._quick_word = Text(look.t("Quick cash"), semibold(Size.BODY - 1), "muted")
        self._build()

    @property
    def quick_keys(self) -> list[Button]:
        """The quick-cash keys, the exact amount first."""
        return list(self._quick_buttons)

    @property
    def take_back_keys(self) -> list[Button]:
        """The red X of each payment."""
        return list(self._back_buttons)

    def offer(self, tenders: tuple[TenderKey, ...]) -> None:
        """Know the ways to pay that are offered, so that each payment has the icon of its own."""
        self._own_icons = {tender.id: icon_of(tender) for tender in tenders if tender.kind is TenderKind.CARD}

    def show_state(self, state: SaleState) -> None:
        """Show the payments and what is left to pay."""
        formats, settlement = self._look.formats, state.settlement
        if state.tendered != self._shown:
            self._show_payments(state.tendered)
        if state.quick_cash != self._quick_amounts:
            self._show_quick(state.quick_cash)
        self.open.setText(formats.money(settlement.open))
        self.open.set_role("" if settlement.open > ZERO else "muted")
        room = self.width() - 34 if self.width() > self._look.target_px * 3 else 0
        self.change.show_amount(formats.money(settlement.back), room)
        self.change.set_role("accent" if settlement.back > ZERO else "muted")
        self.complete.setEnabled(settlement.is_complete and bool(state.priced.lines))

    def _show_payments(self, tendered: tuple[Tendered, ...]) -> None:
        _empty(self._payments)
        self._shown = tendered
        self._none.setVisible(not tendered)
        self._back_buttons = []
        for payment in tendered:
            self._payments.addWidget(self._payment(payment))

    def _payment(self, payment: Tendered) -> QFrame:
        row_frame = QFrame()
        row_frame.setProperty("role", "row")
        row_frame.setMinimumHeight(max(_ROW_HEIGHT, self._look.target_px + 4))
        column = QVBoxLayout(row_frame)
        column.setContentsMargins(0, 0, 0, 2)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setSpacing(8)
        mark = Text("", font(Size.BODY))
        icon = self._own_icons.get(payment.tender_id, ICONS[payment.kind])
        mark.setPixmap(icons.pixmap(icon, self._look.palette.text, 20, self.devicePixelRatioF()))
        row.addWidget(mark)
        called = tender_name(self._look, payment.tender_id if payment.voucher_id is None else "", payment.name)
        row.addWidget(ShorteningText(called, font(Size.BODY)), 1)
        row.addWidget(Text(self._look.formats.amount(payment.amount), bold(Size.BODY)))
        name = self._look.t("Take back {payment}").format(payment=called)
        back = icon_button(self._look, "x", name, kind=Kind.DANGER)
        self._back_buttons.append(back)
        back.clicked.connect(lambda: self.taken_back.emit(payment.id))
        row.addWidget(back)
        column.addLayout(row)
        words = self._more(payment)
        if words:
            column.addWidget(Text(words, font(Size.SMALL), "muted").wrapped())
        return row_frame

    def _more(self, payment: Tendered) -> str:
        """What is rare about a payment: its surplus goes back, or it is goodwill (V35, V37)."""
        t, parts = self._look.t, []
        if payment.paid_out:
            parts.append(t("and {amount} back in cash").format(amount=self._look.formats.money(payment.paid_out)))
        if payment.goodwill is not None:
            parts.append(t("Expired, accepted: {reason}").format(reason=payment.goodwill.reason))
        return " · ".join(parts)

    def _show_quick(self, amounts: tuple[Money, ...]) -> None:
        _empty(self._quick)
        self._quick_amounts, self._quick_buttons = amounts, []
        self._quick_word.setVisible(bool(amounts))
        for place, amount in enumerate(amounts):
            key = self._quick_key(amount, is_exact=place == 0)
            self._quick_buttons.append(key)
            self._quick.addWidget(key, *divmod(place, _QUICK_COLUMNS))

    def _quick_key(self, amount: Money, *, is_exact: bool) -> Button:
        shown = self._look.formats.money(amount)
        face = Face(self._look.t("exact"), name="") if is_exact else Face(_whole(self._look.formats.amount(amount)))
        button = Button(self._look, face, Kind.SOFT if is_exact else Kind.KEY)
        button.arranged(Arrangement.CENTRED, padding=4).in_type(semibold(Size.BODY if is_exact else Size.TITLE)).tall(
            52
        )
        button.setAccessibleName(self._look.t("{amount} in cash").format(amount=shown))
        button.clicked.connect(lambda: self.quick_cash.emit(amount))
        return button

    def _build(self) -> None:
        t = self._look.t
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(Text(t("Payments"), semibold(Size.BODY - 1), "muted"))
        column.addWidget(self._none)
        column.addWidget(self._payment_list(), 1)
        still_open = QHBoxLayout()
        still_open.addWidget(Text(t("still open"), semibold(Size.BODY - 1), "muted"))
        still_open.addWidget(self.open, 1)
        column.addLayout(still_open)
        column.addWidget(self._quick_word)
        self._quick.setSpacing(8)
        column.addLayout(self._quick)
        column.addWidget(self.change)
        column.addWidget(self.message)
        column.addWidget(self.complete)

    def _payment_list(self) -> QScrollArea:
        inside = QWidget()
        inside.setProperty("role", "surface")
        outer = QVBoxLayout(inside)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(self._payments)
        outer.addStretch(1)
        self._payments.setSpacing(0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(area.focusPolicy().NoFocus)
        area.setWidget(inside)
        return area


def _whole(amount: str) -> str:
    """Quick amounts that are whole euros are shown without cents."""
    return amount[:-3] if amount.endswith(("00",)) and amount[-3:-2] in {",", "."} else amount


def _empty(layout: QVBoxLayout | QGridLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
