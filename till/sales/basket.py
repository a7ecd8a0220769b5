"""The basket: an immutable value; every change returns a new basket, so that undo is keeping the old one."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction

from till.business_case import GvTyp, VatKey
from till.catalog.price_list import ListPrice
from till.errors import Refused
from till.i18n import msg
from till.money import MAX_CENTS, ZERO, Money, half_up
from till.quantity import MAX_THOUSANDTHS, ONE, Quantity, price_of

MAX_LINES = 500
MAX_NOTE = 80
FULL_BP = 10_000


class ItemKind(StrEnum):
    """What a basket line sells; vouchers take no part in basket discounts (V29)."""

    ARTICLE = "article"
    DEPOSIT = "deposit"
    VOUCHER = "voucher"


@dataclass(frozen=True, slots=True)
class VoucherOrder:
    """The voucher that a line will issue: its type and value, the typed number (empty = automatic) and its text.

    `may_be_free`: it may cost nothing (V10); `takes_vouchers`: it may be bought with other vouchers (V23).
    """

    type_id: uuid.UUID
    face: Money
    number: str = ""
    text: str = ""
    may_be_free: bool = False
    takes_vouchers: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A copy of what is sold as it was when it came into the basket.

    `list_price`: the line goes by these prices, whatever its quantity becomes; None: its price was typed, or has no tiers
    and nothing planned.
    """

    kind: ItemKind
    number: str
    name: str
    vat_key: VatKey
    gv_typ: GvTyp = GvTyp.UMSATZ
    gtin: str = ""
    unit: str = ""
    category_id: str = ""
    category: str = ""
    takes_discount: bool = True
    whole_pieces: bool = True
    voucher: VoucherOrder | None = None
    list_price: ListPrice | None = None


@dataclass(frozen=True, slots=True)
class PercentOff:
    """A discount in basis points of the line or basket: 10 % is 1000."""

    basis_points: int


@dataclass(frozen=True, slots=True)
class AmountOff:
    """A discount as an amount, positive."""

    amount: Money


Discount = PercentOff | AmountOff


def discount_values(discount: Discount | None) -> list[object] | None:
    """A discount as plain values for records: its kind and its size."""
    match discount:
        case PercentOff(basis_points):
            return ["percent", basis_points]
        case AmountOff(amount):
            return ["amount", amount]
        case None:
            return None


@dataclass(frozen=True, slots=True)
class BasketLine:
    """One line: item, quantity, unit price (gross) and its discount. `id` names it within its basket.

    `belongs_to` is the id of the line whose deposit (Pfand) this is; it follows that line. `price_before`: what it cost
    until a planned price came into force while the basket was open; the screen says so.
    """

    id: int
    item: Item
    quantity: Quantity
    unit_price: Money
    discount: Discount | None = None
    note: str = ""
    belongs_to: int | None = None
    price_before: Money | None = None

    @property
    def gross(self) -> Money:
        """Price times quantity before discounts, half-up to the cent."""
        return price_of(self.unit_price, self.quantity)


@dataclass(frozen=True, slots=True)
class Basket:
    """What the customer wants to buy. `order_id` is born with the basket and becomes the document's id."""

    order_id: uuid.UUID
    started_at: dt.datetime
    lines: tuple[BasketLine, ...] = ()
    discount: Discount | None = None
    next_line_id: int = field(default=1)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in it."""
        return not self.lines

    def line(self, line_id: int) -> BasketLine:
        """The line with this id; refused in words when it is gone."""
        for line in self.lines:
            if line.id == line_id:
                return line
        raise Refused(msg("This line is no longer in the basket. Choose another one."))

    def with_line(
        self, item: Item, unit_price: Money, quantity: Quantity = ONE, *, deposit: Deposit | None = None
    ) -> Basket:
        """Add an item. A like line without discount, note and voucher is raised instead of making a second one."""
        line = _of_quantity(BasketLine(self.next_line_id, item, quantity, unit_price), quantity)
        _check_line(line)
        like = self._like(item, unit_price, deposit)
        if like is not None:
            return self.with_quantity(like.id, like.quantity + quantity)
        _check_room(len(self.lines) + (2 if deposit else 1))
        lines, next_id = (*self.lines, line), self.next_line_id + 1
        if deposit is not None:
            tied = BasketLine(next_id, deposit.item, quantity, deposit.unit_price, belongs_to=line.id)
            _check_line(tied)
            lines, next_id = (*lines, tied), next_id + 1
        return replace(self, lines=lines, next_line_id=next_id)

    def with_quantity(self, line_id: int, quantity: Quantity) -> Basket:
        """Set the quantity of a line and of the deposit tied to it; a line that goes by a list takes its price for so many."""
        line = self.line(line_id)
        if line.item.voucher is not None and quantity != ONE:
            raise Refused(msg("Each voucher has its own number. Add it once more for another one."))
        if line.belongs_to is not None:
            raise Refused(msg("This deposit belongs to its article. Change the article’s quantity."))
        return self._changed(line_id, lambda old: _of_quantity(old, quantity), tied=True)

    def with_price(self, line_id: int, unit_price: Money) -> Basket:
        """Set the unit price (gross) of a line for good, whatever its quantity; a voucher's price belongs to its type."""
        if self.line(line_id).item.voucher is not None:
            raise Refused(msg("A voucher’s value belongs to its type. Remove the line and choose another voucher."))
        if unit_price < ZERO:
            raise Refused(msg("A price can’t be below 0. Type 0 or more."))
        return self._changed(line_id, lambda old: _at_typed_price(old, unit_price))

    def with_list_price(self, line_id: int, list_price: ListPrice) -> Basket:
        """Let a line go by other list prices than it did; it remembers what it cost, where that is something else."""
        return self._changed(line_id, lambda old: _at_list_price(old, list_price))

    def with_vat_key(self, line_id: int, vat_key: VatKey) -> Basket:
        """Tax a line by another key: its article was taxed wrongly, or the law has changed while the basket was parked."""
        return self._changed(line_id, lambda old: replace(old, item=replace(old.item, vat_key=vat_key)))

    def with_line_discount(self, line_id: int, discount: Discount | None) -> Basket:
        """Set or take away the discount of a line."""
        line = self.line(line_id)
        if discount is not None and not line.item.takes_discount and line.item.voucher is None:
            raise Refused(msg("“{name}” takes no discount."), name=line.item.name)
        return self._changed(line_id, lambda old: replace(old, discount=discount))

    def with_note(self, line_id: int, note: str) -> Basket:
        """Set the note of a line, printed below it; at most 80 characters, and what can't be printed becomes a blank (X3)."""
        if len(note) > MAX_NOTE:
            raise Refused(msg("A note has at most {most} characters."), most=MAX_NOTE)
        printable = "".join(c if c.isprintable() else " " for c in note)
        return self._changed(line_id, lambda old: replace(old, note=printable))

    def with_voucher(self, line_id: int, number: str, text: str) -> Basket:
        """Give the voucher of a line another number, where its number is asked, and other words (V22)."""
        line = self.line(line_id)
        if line.item.voucher is None:
            raise Refused(msg("“{name}” is no voucher."), name=line.item.name)
        order = replace(line.item.voucher, number=number, text=text)
        return self._changed(line_id, lambda old: replace(old, item=replace(old.item, voucher=order)))

    def with_discount(self, discount: Discount | None) -> Basket:
        """Set or take away the discount on the whole basket; it skips lines that take none (T3, V29)."""
        if discount is not None:
            discountable = sum(line.gross.cents for line in self.lines if line.item.takes_discount)
            _check_discount(discount, Money(discountable))
        return replace(self, discount=discount)

    def without_line(self, line_id: int) -> Basket:
        """Take a line and its deposit out."""
        self.line(line_id)
        lines = tuple(line for line in self.lines if line_id not in {line.id, line.belongs_to})
        return replace(self, lines=lines, discount=self.discount if lines else None)

    def _like(self, item: Item, unit_price: Money, deposit: Deposit | None) -> BasketLine | None:
        if item.voucher is not None:
            return None
        for line in self.lines:
            plain = line.discount is None and not line.note and line.belongs_to is None
            if plain and line.item == item and (item.list_price is not None or line.unit_price == unit_price):
                has_deposit = any(other.belongs_to == line.id for other in self.lines)
                return line if has_deposit == (deposit is not None) else None
        return None

    def _changed(self, line_id: int, change: LineChange, *, tied: bool = False) -> Basket:
        self.line(line_id)
        lines = []
        for line in self.lines:
            hit = line.id == line_id or (tied and line.belongs_to == line_id)
            new = change(line) if hit else line
            if hit:
                _check_line(new)
            lines.append(new)
        return replace(self, lines=tuple(lines))


@dataclass(frozen=True, slots=True)
class Deposit:
    """The deposit (Pfand) item tied to an article, with its unit price."""

    item: Item
    unit_price: Money


LineChange = Callable[[BasketLine], BasketLine]


def _of_quantity(line: BasketLine, quantity: Quantity) -> BasketLine:
    prices = line.item.list_price
    return replace(line, quantity=quantity, unit_price=line.unit_price if prices is None else prices.of(quantity))


def _at_typed_price(line: BasketLine, unit_price: Money) -> BasketLine:
    return replace(line, item=replace(line.item, list_price=None), unit_price=unit_price, price_before=None)


def _at_list_price(line: BasketLine, list_price: ListPrice) -> BasketLine:
    item = replace(line.item, list_price=list_price if list_price.may_change else None)
    new = replace(line, item=item, unit_price=list_price.of(line.quantity))
    return new if new.unit_price == line.unit_price else replace(new, price_before=line.unit_price)


def _check_room(count: int) -> None:
    if count > MAX_LINES:
        raise Refused(msg("A basket holds at most {most} lines. Complete this sale first."), most=MAX_LINES)


def _check_line(line: BasketLine) -> None:
    quantity, name = line.quantity, line.item.name
    if quantity.thousandths < 0:
        raise Refused(msg("The quantity can’t be below 0. To take something out, remove its line."))
    if quantity.thousandths == 0:
        raise Refused(msg("The quantity can’t be 0. To take “{name}” out, remove the line."), name=name)
    if quantity.thousandths > MAX_THOUSANDTHS:
        raise Refused(msg("A quantity of {quantity} is too large. The most is {most}."), quantity=quantity, most=MOST)
    if line.item.whole_pieces and not quantity.is_whole:
        raise Refused(msg("“{name}” is sold by the piece. Type a whole number."), name=name)
    if abs(line.gross.cents) > MAX_CENTS:
        raise Refused(msg("{amount} on one line is too much. Check quantity and price."), amount=line.gross)
    if line.discount is not None:
        _check_discount(line.discount, line.gross)
        _check_not_given_away(line, line.gross - taken_off(line.discount, line.gross))


MOST = Quantity(MAX_THOUSANDTHS)


def taken_off(discount: Discount | None, base: Money) -> Money:
    """What a discount takes off, positive; percent half-up to the cent."""
    match discount:
        case PercentOff(basis_points):
            return half_up(Fraction(base.cents * basis_points, FULL_BP))
        case AmountOff(amount):
            return amount
        case None:
            return ZERO


def _check_not_given_away(line: BasketLine, costs: Money) -> None:
    """A voucher that may not be free can't be made so by a discount (V10)."""
    if line.item.voucher is not None and costs <= ZERO and not line.item.voucher.may_be_free:
        raise Refused(msg("“{name}” must cost something. Give less discount."), name=line.item.name)


def _check_discount(discount: Discount, base: Money) -> None:
    match discount:
        case PercentOff(basis_points) if not 0 < basis_points <= FULL_BP:
            raise Refused(msg("A discount is between 0 and 100 %."))
        case AmountOff(amount) if amount <= ZERO:
            raise Refused(msg("A discount must be above 0."))
        case AmountOff(amount) if amount > base:
            raise Refused(
                msg("A discount of {amount} is more than the {base} it is taken from."), amount=amount, base=base
            )
