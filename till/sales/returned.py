"""What can be brought back of a receipt, what somebody wants back, and what comes of it; values that a screen only shows."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from till.documents.model import Document, DocumentKind, VoucherNote
from till.errors import Refused
from till.i18n import msg
from till.ledger.chain import Record
from till.money import ZERO, Money, total
from till.quantity import Quantity
from till.vouchers.model import Voucher

NO_REASON = msg("Say why the receipt is cancelled: an auditor will ask.")


@dataclass(frozen=True, slots=True)
class ReturnableLine:
    """A line that can be brought back: what was sold, what came back already, and what is left of it.

    `amount` is what it cost after its discounts, `amount_left` what is left of that. `deposit_of` is the position of the
    article whose deposit this most likely is: it comes back with that one unless it is named itself. `refusal` says why
    this line alone can't come back, None when it can.
    """

    position: int
    text: str
    unit: str
    unit_price: Money
    sold: Quantity
    returned: Quantity
    amount: Money
    amount_left: Money
    deposit_of: int | None = None
    voucher: VoucherNote | None = None
    refusal: Refused | None = None

    @property
    def left(self) -> Quantity:
        """What is still there to be brought back."""
        return self.sold + -self.returned

    @property
    def is_by_piece(self) -> bool:
        """Whether whole pieces were sold; of weighed goods and vouchers any part or only all of it comes back."""
        return self.sold.is_whole


@dataclass(frozen=True, slots=True)
class EarlierReturn:
    """A document that took something of the receipt back already; `value` is what goods and vouchers were worth, positive."""

    document_id: uuid.UUID
    till_id: str
    number: int
    at: dt.datetime
    kind: DocumentKind
    value: Money


@dataclass(frozen=True, slots=True)
class Returnable:
    """A receipt as one who takes things back sees it.

    `refusal` says why nothing of it can come back; `cancel_refusal` why it can't be cancelled as a whole, though single
    lines may come back. Both are None when it can.
    """

    original: Document
    lines: tuple[ReturnableLine, ...] = ()
    earlier: tuple[EarlierReturn, ...] = ()
    refusal: Refused | None = None
    cancel_refusal: Refused | None = None


@dataclass(frozen=True, slots=True)
class MoneyBack:
    """Money to the customer by one tender; below zero it comes from the customer (a surplus that was paid out in cash)."""

    tender_id: str
    amount: Money


@dataclass(frozen=True, slots=True)
class NewVoucherBack:
    """A voucher to be issued instead of money: of this type, worth this much, all of it paid (V4).

    `number` where the type's numbers are typed.
    """

    type_id: uuid.UUID
    amount: Money
    number: str = ""


@dataclass(frozen=True, slots=True)
class ReturnWish:
    """What somebody wants to bring back, and how it is refunded. `id` is what makes a repetition the same Vorgang.

    `quantities` by the position of the original's lines; a cancellation takes all that is left and needs none. `refunds`
    None: by the ways to pay that the receipt was paid with, as far as `vouchers` leave anything. `paid_out` names the
    vouchers whose paid part is refunded too instead of going back on them.
    """

    id: uuid.UUID
    original_id: uuid.UUID
    quantities: tuple[tuple[int, Quantity], ...] = ()
    is_cancellation: bool = False
    reason: str = ""
    refunds: tuple[MoneyBack, ...] | None = None
    vouchers: tuple[NewVoucherBack, ...] = ()
    paid_out: frozenset[uuid.UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Back:
    """What comes back of one line of the original, for the booking; `gross` has the original's sign."""

    position: int
    quantity: Quantity
    gross: Money


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """A line that comes back: how much of it, and what that was worth, positive."""

    position: int
    text: str
    unit: str
    quantity: Quantity
    amount: Money


@dataclass(frozen=True, slots=True)
class ValueBack:
    """What goes back on a voucher that had paid: paid part on paid part, bonus on bonus (G9).

    `voucher` is the one that gets it: the replacement, where `paid_with` is another.
    `paid_out` of the paid part is refunded instead, which only is possible where it `may_be_paid_out`: nothing of one that
    is blocked or expired is. `rest` is what can be redeemed afterwards; `said` tells what else is to
    know (it is blocked, expired, replaced).
    """

    voucher: Voucher
    paid_with: VoucherNote
    paid: Money
    bonus: Money
    paid_out: Money
    rest: Money
    may_be_paid_out: bool = False
    said: Refused | None = None

    @property
    def back(self) -> Money:
        """What goes back on the voucher."""
        return self.paid + self.bonus - self.paid_out


@dataclass(frozen=True, slots=True)
class ReturnPlan:
    """What a wish comes to; nothing is booked yet, and every figure is positive towards the customer.

    `value` is what the lines were worth; `back` goes back on vouchers, `cancelled` are vouchers that were sold and now end.
    `to_refund` is left for money and new vouchers: `refunds` and `vouchers` (the wish's own, or by the ways it was paid)
    share it, and `open` is what they leave. `parts` are for the booking. `refusal` says why it can't be completed like this;
    None: it can.
    """

    lines: tuple[PlannedLine, ...]
    value: Money
    back: tuple[ValueBack, ...]
    cancelled: tuple[Voucher, ...]
    to_refund: Money
    refunds: tuple[MoneyBack, ...]
    vouchers: tuple[NewVoucherBack, ...]
    parts: tuple[Back, ...] = ()
    refusal: Refused | None = None

    @property
    def open(self) -> Money:
        """What is still to be given to the customer in some way; below zero it is too much."""
        given = total(one.amount for one in self.refunds) + total(one.amount for one in self.vouchers)
        return self.to_refund - given

    @property
    def said(self) -> tuple[Refused, ...]:
        """What is to know about the vouchers before it is completed, in words."""
        return tuple(one.said for one in self.back if one.said is not None)


@dataclass(frozen=True, slots=True)
class History:
    """What earlier documents took back of a receipt, by the position of its lines, and what they refunded by tender.

    Amounts have the sign of the original: positive for what was sold, negative for what vouchers paid.
    """

    quantities: Mapping[int, Quantity] = field(default_factory=dict)
    gross: Mapping[int, Money] = field(default_factory=dict)
    refunded: Mapping[str, Money] = field(default_factory=dict)
    documents: tuple[EarlierReturn, ...] = ()

    def quantity_of(self, position: int) -> Quantity:
        """How much of a line came back already."""
        return self.quantities.get(position, Quantity(0))

    def gross_of(self, position: int) -> Money:
        """What came back of a line's gross already."""
        return self.gross.get(position, ZERO)


def wish_record(wish: ReturnWish) -> Record:
    """What makes two wishes the same; the digest of it is the document's idempotency key (architecture 4)."""
    refunds = wish.refunds
    return {
        "original": wish.original_id,
        "quantities": [[position, quantity] for position, quantity in sorted(wish.quantities)],
        "cancellation": wish.is_cancellation,
        "reason": wish.reason,
        "refunds": None if refunds is None else [[one.tender_id, one.amount] for one in refunds],
        "vouchers": [[one.type_id, one.amount, one.number] for one in wish.vouchers],
        "paid_out": sorted(str(one) for one in wish.paid_out),
    }
