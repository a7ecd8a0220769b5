"""Parking on the sale screen: the basket is put aside, and those that wait are listed in the place of the articles (T5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from till.app.bootstrap import Till
from till.app.views import SaleState
from till.app.workplace import CLOSED
from till.errors import Refused
from till.sales.parked import Parked
from till.ui.keys import Action, shown_key
from till.ui.look import Look
from till.ui.message import Message, Tone, once
from till.ui.sale.parked_panel import ParkedPanel


@dataclass(frozen=True, slots=True)
class Place:
    """Where parking happens: `message` under the articles, `beside` the basket, `show` for the place of the articles."""

    message: Message
    beside: Message
    show: Callable[[QWidget | None], None]


class Parking(QObject):
    """`begun` before the basket is looked at (what is typed is forgotten), `left` when the cashier goes back."""

    begun = Signal()
    left = Signal()

    def __init__(self, look: Look, till: Till, place: Place) -> None:
        super().__init__()
        self._look, self._till, self._place = look, till, place

    def tell_restored(self, state: SaleState) -> None:
        """The basket from before is here again; vouchers that can no longer pay are named beside it."""
        words = [self._look.t("The basket from before is here again.")]
        words += [self._look.formats.sentence(lost) for lost in state.lost]
        self._place.beside.tell(" ".join(words), Tone.WARN if state.lost else Tone.CALM)

    def park(self) -> None:
        """Put the basket aside; with an empty one, show those that wait."""
        desk = self._till.sale
        if not desk.state.priced.lines:
            self.show()
            return
        self.begun.emit()
        order_id = desk.state.priced.basket.order_id
        parking = once(desk.park, lambda: desk.state.priced.basket.order_id != order_id)
        self._place.message.insist(parking, lambda _: self._tell_parked())

    def show(self, *, by_keys: bool = False) -> None:
        """Show the baskets that wait; `by_keys`: with the focus on the first, so that Enter recalls it."""
        if not self._till.cash.is_open:
            self._place.message.refuse(Refused(CLOSED))
            return
        self.begun.emit()
        self._place.message.attempt(self._till.sale.parked, lambda baskets: self._list(baskets, by_keys=by_keys))

    def _list(self, baskets: tuple[Parked, ...], *, by_keys: bool) -> None:
        panel = ParkedPanel(self._look, self._till, baskets)
        panel.recalled.connect(self._recalled)
        panel.left.connect(self.left)
        self._place.show(panel)
        if by_keys:
            panel.begin()

    def _tell_parked(self) -> None:
        key = shown_key(self._look.key_of(Action.PARKED))
        words = (
            self._look.t("The basket is parked. {key} shows all that wait.")
            if key
            else self._look.t("The basket is parked.")
        )
        self._place.beside.tell(words.format(key=key))

    def _recalled(self, changes: tuple[Refused, ...]) -> None:
        """Back to the articles; what has changed since it was parked is said beside the basket."""
        self.left.emit()
        self._place.beside.clear()
        if changes:
            words = " ".join(self._look.formats.sentence(change) for change in changes)
            self._place.beside.tell(words, Tone.WARN)
