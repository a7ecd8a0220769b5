"""What the typed number means: quantity of the next scan, quantity, discount or price of the selected line."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from till.app.selling import SaleDesk
from till.app.views import ButtonKind, Tile
from till.errors import Refused
from till.i18n import msg
from till.quantity import ONE, Quantity
from till.sales.basket import AmountOff, Discount, PercentOff
from till.sales.pricing import PricedLine
from till.ui.entry import Entry
from till.ui.look import Look
from till.ui.message import Message
from till.ui.sale.basket_column import BACK, DISCOUNT, PRICE, QUANTITY
from till.ui.sale.prompt import Ask, Prompt

_NO_LINE = msg("Select a line first: tap it, or use the arrow keys.")
_VALUE_OF = msg("Value of “{name}”")
_PRICE_OF = msg("Price of “{name}”")
_QUANTITY_OF = msg("Quantity of “{name}”")
_DISCOUNT_ON = msg("Discount on “{name}”")
_NOTHING_TYPED = msg("Type a number first.")


class PadInput(QObject):
    """Holds the typed number and the open question; `changed` when either did.

    `selected` tells the basket's selected line; refusals go to `message`.
    """

    changed = Signal()

    def __init__(self, look: Look, desk: SaleDesk, message: Message, selected: Callable[[], PricedLine | None]) -> None:
        super().__init__()
        self._look, self._desk, self._message, self._selected = look, desk, message, selected
        self.entry = Entry(has_decimal_key=look.has_decimal_key)
        self.prompt: Prompt | None = None
        self.read_text: Callable[[], str] = str

    def press(self, key: str) -> None:
        """A digit or the comma was typed."""
        self._set(self.entry.pressed(key))

    def clear(self) -> bool:
        """Cancel the question, else forget the typed number; False when there was neither."""
        if self.prompt is None and not self.entry:
            return False
        self.prompt = None
        self._set(self.entry.cleared())
        return True

    def quantity(self) -> Quantity:
        """The quantity of the next scan or tile: the typed number, else one. Raises Refused."""
        return self.entry.quantity() if self.entry and self.prompt is None else ONE

    def taken(self) -> None:
        """The typed number was used."""
        if self.prompt is None:
            self._set(self.entry.cleared())

    def ask(self, prompt: Prompt | None) -> None:
        """Open a question, or close it."""
        self.prompt = prompt
        self._set(self.entry.cleared())

    def act(self, key_id: str) -> None:
        """A key of the pad's right column was pressed."""
        if key_id == BACK:
            self._set(self.entry.shortened())
        elif self.prompt is not None:
            self._act_on_prompt(self.prompt, key_id)
        else:
            {QUANTITY: self._quantity, DISCOUNT: self._discount, PRICE: self._price}[key_id]()

    def confirm(self) -> bool:
        """Answer the question with what is typed; a refused answer leaves it open."""
        prompt = self.prompt
        if prompt is None:
            return False
        entry, text = self.entry, self.read_text()
        self._message.attempt(lambda: prompt.take(prompt, entry, text), lambda _: self.ask(None))
        return True

    def ask_price(self, tile: Tile) -> None:
        """Ask what an article costs or a voucher is worth, then sell it (V6, V9, T4)."""
        quantity = self._quantity_or_none()
        if quantity is not None:
            title = self._look.t(_VALUE_OF if tile.kind is ButtonKind.VOUCHER else _PRICE_OF)
            take = lambda _, entry, __: self._desk.add(tile, quantity, _filled(entry).money())  # noqa: E731 - short
            self.ask(Prompt(Ask.AMOUNT, title.format(name=tile.name), take))

    def ask_basket_discount(self) -> None:
        """Ask for the discount on the whole basket (T3); 0 takes it away."""
        take = lambda prompt, entry, _: self._desk.set_discount(_discount(prompt.ask, entry))  # noqa: E731 - short
        prompt = Prompt(Ask.PERCENT, self._look.t("Discount on the whole basket"), take, switches=True)
        if self.entry:
            entry = self.entry
            self._message.attempt(lambda: prompt.take(prompt, entry, ""), lambda _: self.taken())
        else:
            self.ask(prompt)

    def ask_note(self) -> None:
        """Ask for the note of the selected line."""
        line = self._line()
        if line is not None:
            title = self._look.t("Note on “{name}”").format(name=line.line.item.name)
            take = lambda _, __, text: self._desk.set_note(line.line.id, text.strip())  # noqa: E731 - short
            self.ask(Prompt(Ask.NOTE, title, take, text=line.line.note))

    def _act_on_prompt(self, prompt: Prompt, key_id: str) -> None:
        if key_id == PRICE:
            self._message.clear()
            self.clear()
        elif prompt.switches:
            self.prompt = prompt.switched(Ask.PERCENT if key_id == QUANTITY else Ask.AMOUNT)
            self.changed.emit()

    def _quantity(self) -> None:
        take = lambda line_id, _, entry: self._desk.set_quantity(line_id, _filled(entry).quantity())  # noqa: E731 - short
        self._for_line(Ask.QUANTITY, _QUANTITY_OF, take)

    def _price(self) -> None:
        take = lambda line_id, _, entry: self._desk.set_price(line_id, _filled(entry).money())  # noqa: E731 - short
        self._for_line(Ask.AMOUNT, _PRICE_OF, take)

    def _discount(self) -> None:
        if self._selected() is None:
            self.ask_basket_discount()
            return
        take = lambda line_id, prompt, entry: self._desk.set_line_discount(line_id, _discount(prompt.ask, entry))  # noqa: E731 - short
        self._for_line(Ask.PERCENT, _DISCOUNT_ON, take)

    def _for_line(self, ask: Ask, title: str, take: Callable[[int, Prompt, Entry], object]) -> None:
        """Do it with the typed number at once; with none typed, ask."""
        line = self._line()
        if line is None:
            return
        line_id = line.line.id
        words = self._look.t(title).format(name=line.line.item.name)
        is_discount = ask is Ask.PERCENT
        prompt = Prompt(ask, words, lambda asked, entry, _: take(line_id, asked, entry), switches=is_discount)
        if self.entry:
            entry = self.entry
            self._message.attempt(lambda: prompt.take(prompt, entry, ""), lambda _: self.taken())
        else:
            self.ask(prompt)

    def _line(self) -> PricedLine | None:
        line = self._selected()
        if line is None:
            self._message.refuse(Refused(_NO_LINE))
        return line

    def _quantity_or_none(self) -> Quantity | None:
        try:
            return self.quantity()
        except Refused as refusal:
            self._message.refuse(refusal)
            return None

    def _set(self, entry: Entry) -> None:
        self.entry = entry
        self.changed.emit()


def _discount(ask: Ask, entry: Entry) -> Discount | None:
    """The typed discount; 0 takes it away."""
    if ask is Ask.PERCENT:
        basis_points = _filled(entry).percent()
        return PercentOff(basis_points) if basis_points else None
    amount = _filled(entry).money()
    return AmountOff(amount) if amount else None


def _filled(entry: Entry) -> Entry:
    if not entry:
        raise Refused(_NOTHING_TYPED)
    return entry
