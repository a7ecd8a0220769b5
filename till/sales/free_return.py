"""Goods taken back without a receipt: what comes back, at most at today's price, and for what reason (S1); pure."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field, replace

from till.business_case import GvTyp
from till.catalog.price_list import ListPrice
from till.documents.model import WITHOUT_RECEIPT, Line
from till.documents.reason import checked_reason
from till.errors import Refused
from till.i18n import msg
from till.ledger.chain import Record
from till.money import ZERO, Money
from till.quantity import ONE, Quantity
from till.sales.basket import Basket, BasketLine, Deposit, Item
from till.sales.draft import document_lines
from till.sales.order import Order, TenderFace
from till.sales.pricing import PricedBasket, Rates, price

WHY_NO_REFERENCE = "Ohne Ursprungsbeleg"
"""What the note begins with: the reason why this negative turnover names no receipt; the reason for the return follows."""
NOTHING_CHOSEN = msg("Nothing comes back yet. Scan or tap what is brought.")
NO_REASON = msg("Say why it is taken back: without a receipt an auditor will ask.")
_TURNED = {GvTyp.PFAND: GvTyp.PFAND_RUECKZAHLUNG}


@dataclass(frozen=True, slots=True)
class Returned:
    """Something that is brought back: what it costs today (`today`) is the most that is given for it."""

    item: Item
    today: ListPrice
    deposit: Deposit | None = None

    def today_of(self, line: BasketLine) -> ListPrice:
        """The prices of today of its line, or of the line of its deposit."""
        if line.belongs_to is None or self.deposit is None:
            return self.today
        return self.deposit.item.list_price or ListPrice(self.deposit.unit_price)


@dataclass(frozen=True, slots=True)
class FreeReturn:
    """What comes back so far. The basket holds it at what is given for it, positive; its order's id becomes the document's.

    `today`: the prices of today, by the id of the line.
    """

    basket: Basket
    today: dict[int, ListPrice] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing comes back yet."""
        return self.basket.is_empty

    def most(self, line_id: int) -> Money:
        """What one unit of this line costs today in its quantity: more is never given for it."""
        return self.today[line_id].of(self.basket.line(line_id).quantity)

    def with_item(self, good: Returned, quantity: Quantity = ONE) -> FreeReturn:
        """Put something in at today's price; a like line is raised."""
        item = replace(good.item, list_price=good.today if good.today.may_change else None)
        after = self.basket.with_line(item, good.today.of(quantity), quantity, deposit=good.deposit)
        return self._checked(FreeReturn(after, {line.id: good.today_of(line) for line in after.lines} | self.today))

    def with_quantity(self, line_id: int, quantity: Quantity) -> FreeReturn:
        """Set how much of a line comes back; the deposit tied to it follows."""
        return self._checked(FreeReturn(self.basket.with_quantity(line_id, quantity), self.today))

    def with_price(self, line_id: int, unit_price: Money) -> FreeReturn:
        """Give less than today's price for a line; Refused for more, and for nothing."""
        if unit_price <= ZERO:
            raise Refused(msg("Type what is given for it, above 0."))
        return self._checked(FreeReturn(self.basket.with_price(line_id, unit_price), self.today))

    def without_line(self, line_id: int) -> FreeReturn:
        """Take a line out, with its deposit."""
        return FreeReturn(self.basket.without_line(line_id), self.today)

    def _checked(self, after: FreeReturn) -> FreeReturn:
        for line in after.basket.lines:
            most = after.most(line.id)
            if line.unit_price > most:
                raise Refused(
                    msg("“{name}” costs {price} today. Without a receipt no more can be given for it."),
                    name=line.item.name,
                    price=most,
                )
        return after


def begun(order_id: uuid.UUID, started_at: dt.datetime) -> FreeReturn:
    """An empty return."""
    return FreeReturn(Basket(order_id, started_at))


@dataclass(frozen=True, slots=True)
class FreeReturnOrder:
    """A return without a receipt, ready to be booked.

    What is given for it: money by the way that `tender` names, or a voucher of this type (None: money).
    """

    priced: PricedBasket
    reason: str
    tender: TenderFace | None = None
    voucher_type: uuid.UUID | None = None

    @property
    def id(self) -> uuid.UUID:
        """The id of the document; older than the booking, so that the same return is booked once."""
        return self.priced.basket.order_id

    @property
    def amount(self) -> Money:
        """What the customer gets, positive."""
        return self.priced.total


def ordered(back: FreeReturn, rates: Rates, reason: str, way: TenderFace | uuid.UUID) -> FreeReturnOrder:
    """The return priced at the rates of now. Refused while nothing comes back, and without a reason."""
    if back.is_empty:
        raise Refused(NOTHING_CHOSEN)
    priced, said = price(back.basket, rates), checked_reason(reason, NO_REASON)
    if isinstance(way, TenderFace):
        return FreeReturnOrder(priced, said, tender=way)
    return FreeReturnOrder(priced, said, voucher_type=way)


def note_of(reason: str) -> str:
    """The note of the document: why it names no receipt, and why the goods came back."""
    return f"{WHY_NO_REFERENCE}: {reason}"


def returned_lines(priced: PricedBasket, rates: Rates) -> tuple[Line, ...]:
    """The lines of the document: negative quantities and amounts at the rates of now, under a name of their own."""
    return tuple(_turned(line) for line in document_lines(Order(priced, ()), (), {}, rates))


def order_record(order: FreeReturnOrder) -> Record:
    """What makes two such returns the same; its digest is the document's idempotency key (architecture 4)."""
    return {
        "free-return": order.id,
        "lines": [_line_values(line) for line in order.priced.basket.lines],
        "reason": order.reason,
        "tender": order.tender.id if order.tender is not None else "",
        "voucher": str(order.voucher_type or ""),
    }


def _turned(line: Line) -> Line:
    return replace(
        line,
        gv_typ=_TURNED.get(line.gv_typ, line.gv_typ),
        gv_name=WITHOUT_RECEIPT,
        quantity=-line.quantity,
        gross=-line.gross,
        tax=-line.tax,
    )


def _line_values(line: BasketLine) -> list[object]:
    return [line.item.number, line.item.name, line.item.vat_key.value, line.quantity, line.unit_price]
