"""The Vorgang as a value: a complete copy of what happened, never joined to master data for its history."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from enum import StrEnum

from till.business_case import BonTyp, GvTyp, VatKey, ZahlartTyp
from till.money import ZERO, Money, total
from till.quantity import ONE, Quantity


class DocumentKind(StrEnum):
    """What the shop calls this Vorgang; decides its receipt's heading."""

    SALE = "sale"
    FREE_RETURN = "free-return"
    ABORTED = "aborted"
    OPENING_FLOAT = "opening-float"
    COUNT_DIFFERENCE = "count-difference"
    CASH_MOVEMENT = "cash-movement"
    CASH_REVERSAL = "cash-reversal"
    NO_SALE = "no-sale"
    RETURN = "return"
    CANCELLATION = "cancellation"
    VOUCHER_CORRECTION = "voucher-correction"
    VOUCHER_REPLACEMENT = "voucher-replacement"
    VOUCHER_CONVERSION = "voucher-conversion"
    CLOSING = "closing"
    TRAINING_BEGAN = "training-began"
    TRAINING_ENDED = "training-ended"
    TRAINING_SALE = "training-sale"
    TRAINING_ABORTED = "training-aborted"


WITHOUT_RECEIPT = "Rücknahme ohne Beleg"
"""The GV_NAME of goods that come back without a receipt: a row of their own in businesscases.csv, as nothing can be named
that they go back to (60-fiscal A3.4 rule 7)."""
CREDIT = "Kundenguthaben"
"""The GV_NAME of what becomes, or is, a customer's credit (60-fiscal A4.3)."""
SOLD = frozenset({DocumentKind.SALE, DocumentKind.TRAINING_SALE})
"""What was sold, or would have been if it were no training."""
TAKEN_BACK = frozenset({DocumentKind.RETURN, DocumentKind.CANCELLATION})
"""What takes a sale back, in part or as a whole (S1, S2)."""
FOR_CUSTOMERS = SOLD | TAKEN_BACK | {DocumentKind.FREE_RETURN, DocumentKind.VOUCHER_CONVERSION}
"""What a customer gets a receipt for, or would if it were no training."""
PRACTISED = frozenset({DocumentKind.TRAINING_SALE, DocumentKind.TRAINING_ABORTED})
"""What was only practised (T13): it has a number and lines as a sale has them, and moves nothing."""


MOVING_VALUE = frozenset({DocumentKind.VOUCHER_CORRECTION, DocumentKind.VOUCHER_REPLACEMENT})
"""What moves no money and is no turnover, and yet changes what a voucher is worth: AVSonstige with an entry (60-fiscal A4.3)."""


@dataclass(frozen=True, slots=True)
class VoucherNote:
    """What a line about a voucher prints besides its amount: number, validity, rest after a redemption, text."""

    voucher_id: uuid.UUID
    number: str
    type_name: str
    valid_until: dt.date | None = None
    face: Money | None = None
    rest: Money | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a document; amounts are gross in the direction of the sale (a discount is negative).

    `reduces` is the position (from 0) of the line that a Rabatt line belongs to. `tax` is the part of
    `gross` stored when the receipt was made; it is never computed again (60-fiscal A0.9). `returns` is the position, in the
    document that this one names, of the line that is taken back.
    """

    text: str
    gv_typ: GvTyp
    vat_key: VatKey
    rate_bp: int
    gross: Money
    tax: Money = ZERO
    gv_name: str = ""
    quantity: Quantity = ONE
    unit: str = ""
    unit_price: Money = ZERO
    article_number: str = ""
    gtin: str = ""
    category_id: str = ""
    category: str = ""
    reduces: int | None = None
    note: str = ""
    voucher: VoucherNote | None = None
    returns: int | None = None

    @property
    def net(self) -> Money:
        """Gross without tax."""
        return self.gross - self.tax


@dataclass(frozen=True, slots=True)
class Payment:
    """One tender of a document: `amount` counts towards the total, change taken off; `given` is the cash handed over."""

    tender_id: str
    zahlart_typ: ZahlartTyp
    name: str
    amount: Money
    given: Money | None = None

    @property
    def change(self) -> Money:
        """What went back to the customer; ZERO where nothing did."""
        return ZERO if self.given is None else self.given - self.amount


@dataclass(frozen=True, slots=True)
class VatTotal:
    """The VAT of one key over the whole document, as printed."""

    vat_key: VatKey
    rate_bp: int
    gross: Money
    tax: Money

    @property
    def net(self) -> Money:
        """Gross without tax."""
        return self.gross - self.tax


@dataclass(frozen=True, slots=True)
class Reference:
    """A document that this one names (REF_TYP Transaktion): the receipt a reversal or a restored basket goes back to."""

    till_id: str
    number: int
    document_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Draft:
    """What a Vorgang says before it has a number. `id` is the order's id: the same id posts once (architecture 4)."""

    id: uuid.UUID
    kind: DocumentKind
    bon_typ: BonTyp
    started_at: dt.datetime
    lines: tuple[Line, ...] = ()
    payments: tuple[Payment, ...] = ()
    vat: tuple[VatTotal, ...] = ()
    references: tuple[Reference, ...] = ()
    bon_name: str = ""
    note: str = ""

    @property
    def total(self) -> Money:
        """UMS_BRUTTO: the sum of the lines; equals the sum of the payments (60-fiscal A3.4 rule 2)."""
        return total(line.gross for line in self.lines)


@dataclass(frozen=True, slots=True)
class Document:
    """A posted Vorgang: the draft with its number, its end, and who booked it where."""

    draft: Draft
    till_id: str
    number: int
    ended_at: dt.datetime
    business_date: dt.date
    shift_id: uuid.UUID | None
    user_id: str
    user_name: str

    @property
    def id(self) -> uuid.UUID:
        """The order's id."""
        return self.draft.id
