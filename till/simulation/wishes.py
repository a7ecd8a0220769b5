"""What somebody wants booked beside a sale, in the model's words: once, however often it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from till.simulation.shopping import Basket
from till.simulation.voucher import VoucherKey


@dataclass(frozen=True, slots=True)
class Moving:
    """Cash that is to come into a drawer without a sale (negative: to go out), by its document's id.

    `account` is the ledger's for the money's other place; `takes_back` the document that this is the opposite of.
    """

    document: str
    till: str
    account: str
    cents: int
    takes_back: str = ""


@dataclass(frozen=True, slots=True)
class ComingBack:
    """A receipt, by its order, of which something is to come back: thousandths by position, or all that is left of it.

    `refunds` are cents by tender, None as it was paid; `vouchers` types and cents of new ones; `paid_out` those whose paid
    part is to be money.
    """

    document: str
    till: str
    order: str
    quantities: tuple[tuple[int, int], ...] = ()
    is_cancellation: bool = False
    refunds: tuple[tuple[str, int], ...] | None = None
    vouchers: tuple[tuple[str, int], ...] = ()
    paid_out: frozenset[VoucherKey] = frozenset()


@dataclass(frozen=True, slots=True)
class BringingFreely:
    """Goods that come back without a receipt, at what is given for them; by a tender or as a voucher of a type (`way`)."""

    document: str
    till: str
    basket: Basket
    way: str


class Deed(StrEnum):
    """What the office does to a voucher."""

    CORRECT = "correct"
    BLOCK = "block"
    UNBLOCK = "unblock"
    REISSUE = "reissue"


@dataclass(frozen=True, slots=True)
class Caring:
    """Something that is to be done to a voucher; `document` is the id of its document or event.

    `cents` of a correction: below zero they are taken off. `number` of the new one, empty: the next of its type.
    """

    document: str
    till: str
    deed: Deed
    voucher: VoucherKey
    cents: int = 0
    number: str = ""


Wish = Moving | ComingBack | BringingFreely | Caring
