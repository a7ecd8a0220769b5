"""The bar under the articles: what concerns the whole basket and the till."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from till.app.views import SaleState
from till.ui.fonts import semibold
from till.ui.look import Look
from till.ui.theme import SMALL_TARGET, Size
from till.ui.widgets.button import Arrangement, Button, Face, Kind
from till.ui.widgets.text import lay_out_now

_HEIGHT = 60
_ROOMY = 860


class FunctionBar(QWidget):
    """Each button has a signal of its own."""

    discount_asked = Signal()
    cancel_asked = Signal()
    park_asked = Signal()
    drawer_asked = Signal()
    receipts_asked = Signal()
    last_asked = Signal()
    price_check_asked = Signal()
    voucher_check_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        t = look.t
        self._look = look
        self._is_armed = False
        self._has_lines = False
        self.first = Button(look, Face())
        self.cancel = Button(look, Face(t("Discard basket"), "trash"))
        self.park = Button(look, Face(t("Park"), "player-pause"))
        self._buttons = (
            self.first,
            self.cancel,
            self.park,
            Button(look, Face(t("Drawer"), "cash-register")),
            Button(look, Face(t("Receipts"), "search")),
            Button(look, Face(t("Last receipt"), "receipt")),
            Button(look, Face(t("Price check"), "tag")),
        )
        of_basket = (self._first_asked, self._ask_to_cancel, self.park_asked)
        signals = (*of_basket, self.drawer_asked, self.receipts_asked, self.last_asked, self.price_check_asked)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for button, signal in zip(self._buttons, signals, strict=True):
            button.clicked.connect(signal)
            row.addWidget(button.tall(_HEIGHT), 1)
        self._arrange(is_roomy=False)

    def show_state(self, state: SaleState) -> None:
        """What concerns the basket needs one; without one the parked ones can be looked at."""
        has_lines, t = bool(state.priced.lines), self._look.t
        self._has_lines = has_lines
        check = Face(t("Check voucher"), "ticket", name=t("See what is on a voucher without selling"))
        self.first.set_face(Face(t("Discount on all"), "percentage") if has_lines else check)
        self.cancel.setEnabled(has_lines)
        self.park.setEnabled(has_lines or state.parked > 0)
        is_list = state.parked > 0 and not has_lines
        self.park.set_face(Face(t("Parked"), "player-play") if is_list else Face(t("Park"), "player-pause"))
        self._arm(is_armed=False)

    def _first_asked(self) -> None:
        """A discount needs a basket; without one, vouchers are asked about (V38)."""
        (self.discount_asked if self._has_lines else self.voucher_check_asked).emit()

    def _ask_to_cancel(self) -> None:
        """The first tap asks in the button itself, the second one discards; anything else takes it back."""
        if self._is_armed:
            self.cancel_asked.emit()
        self._arm(is_armed=not self._is_armed)

    def _arm(self, *, is_armed: bool) -> None:
        self._is_armed = is_armed
        t = self._look.t
        self.cancel.set_face(Face(t("Really discard?") if is_armed else t("Discard basket"), "trash"))
        self.cancel.set_kind(Kind.DANGER if is_armed else Kind.PLAIN)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit what depends on the width."""
        super().resizeEvent(event)
        self._arrange(is_roomy=event.size().width() >= _ROOMY)
        lay_out_now(self)

    def _arrange(self, *, is_roomy: bool) -> None:
        is_tight = self._look.target_px > SMALL_TARGET
        self._row.setSpacing(10 if is_roomy else 4 if is_tight else 6)
        for button in self._buttons:
            if is_roomy:
                button.arranged(Arrangement.CENTRED, padding=8).in_type(semibold(Size.BODY - 1))
            else:
                button.arranged(Arrangement.STACKED, padding=2 if is_tight else 4).in_type(semibold(Size.SMALL))
