"""Voucher types and vouchers as values (10-vouchers V5, V31)."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from enum import StrEnum

from till.business_case import VatKey
from till.money import ZERO, Money


class VatTreatment(StrEnum):
    """When a voucher's VAT falls due; fixed at sale (60-fiscal A0.10)."""

    MULTI_PURPOSE = "multi-purpose"
    SINGLE_PURPOSE = "single-purpose"


class Numbering(StrEnum):
    """Where a voucher's number comes from (V12)."""

    NONE = "none"
    OWN = "own"
    AUTOMATIC = "automatic"


class VoucherState(StrEnum):
    """Derived from postings, never stored (10-vouchers, head)."""

    PENDING = "pending"
    ACTIVE = "active"
    NOT_YET_VALID = "not-yet-valid"
    USED = "used"
    CONVERTED = "converted"
    EXPIRED = "expired"
    BLOCKED = "blocked"
    CANCELLED = "cancelled"
    REPLACED = "replaced"


class VoucherOrigin(StrEnum):
    """How a voucher came to be."""

    SOLD = "sold"
    REFUND = "refund"
    REPLACEMENT = "replacement"
    OLD = "old"


class VoucherEventKind(StrEnum):
    """What can happen to a voucher besides being sold and redeemed."""

    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    CORRECTED = "corrected"
    REPLACED = "replaced"
    CANCELLED = "cancelled"
    CONVERTED = "converted"
    CONVERTED_IN_PART = "converted-in-part"


@dataclass(frozen=True, slots=True)
class VoucherType:
    """A voucher type (Gutscheinart) as the shop keeps it; a change touches only vouchers sold from then on (V3).

    `sale` and `face` in cents, None = the till asks. `category_id` and `position` place its tile
    in the article grid (None = behind those that have one). `is_complaint`: the one that refunds use (V4).
    """

    id: uuid.UUID
    plu: str
    name: str
    numbering: Numbering
    vat_treatment: VatTreatment = VatTreatment.MULTI_PURPOSE
    vat_key: VatKey = VatKey.NOT_TAXABLE
    sale: Money | None = None
    face: Money | None = None
    zero_price_allowed: bool = False
    face_bonus_bp: int | None = None
    may_be_bought_with_vouchers: bool = False
    next_number: str = ""
    label_template: str = "default"
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    note: str = ""
    active: bool = True
    category_id: str = ""
    position: int | None = None
    is_complaint: bool = False


@dataclass(frozen=True, slots=True)
class Voucher:
    """One voucher with the terms fixed when it was issued. `sale` is its paid price, `face` its value at sale.

    `document_id` is what issued it; an old voucher has none, but the ledger's `entry_id` that brought it in. `receivable_id`
    names the open item that it was sold for: it is pending until that is settled (V26). `vat_rate_bp` in basis points is what
    a single-purpose one was taxed with, whatever its key's rate is later (60-fiscal A4.1); 0 for a multi-purpose one.
    """

    id: uuid.UUID
    type_id: uuid.UUID
    type_name: str
    type_plu: str
    number: str
    sale: Money
    face: Money
    vat_treatment: VatTreatment
    vat_key: VatKey
    vat_rate_bp: int
    valid_from: dt.date
    valid_until: dt.date
    issued_at: dt.datetime
    issued_till: str
    issued_number: int
    text: str = ""
    origin: VoucherOrigin = VoucherOrigin.SOLD
    document_id: uuid.UUID | None = None
    entry_id: uuid.UUID | None = None
    replaces: uuid.UUID | None = None
    receivable_id: uuid.UUID | None = None
    receivable_name: str = ""


@dataclass(frozen=True, slots=True)
class VoucherStanding:
    """A voucher as it stands now: state, remaining paid and bonus part, and since when it is so.

    `added` is the bonus that corrections put on it, in all (V41). `reason` says why it is blocked, what has not been paid
    yet, or the number that replaced it.
    """

    voucher: Voucher
    state: VoucherState
    paid_left: Money
    bonus_left: Money
    since: dt.datetime | None = None
    added: Money = ZERO
    reason: str = ""

    @property
    def remaining(self) -> Money:
        """What can still be redeemed."""
        return self.paid_left + self.bonus_left
