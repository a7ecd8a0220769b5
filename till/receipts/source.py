"""What a receipt is built from: plain values, so that building one asks no database, TSE or clock."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from till.documents.model import Document, VatTotal
from till.formats import Formats
from till.money import ZERO, Money
from till.shifts.figures import NEVER, Tally


@dataclass(frozen=True, slots=True)
class ShopHeader:
    """The shop as § 6 KassenSichV Nr. 1 wants it on every receipt: full `name`, full address in `address` lines.

    `vat_id` or `tax_number` or both; `contact` lines (phone, web) follow the address; `footer` lines end the
    receipt, e.g. opening hours, or the note of a small business that it charges no VAT (§ 34a UStDV).
    """

    name: str
    address: tuple[str, ...]
    vat_id: str = ""
    tax_number: str = ""
    contact: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    logo: str = ""


@dataclass(frozen=True, slots=True)
class TseStamp:
    """What the TSE signed, as § 6 KassenSichV Nr. 2, 4, 6 and 7 wants it; times are the TSE's own.

    `serial` is the 64 hex characters, `signature` the Prüfwert in base64, `qr` the text of the QR code that
    may replace them on paper (60-fiscal A2.3); with an empty `qr` every value is printed in full.
    """

    serial: str
    transaction_number: int
    signature_counter: int
    started_at: dt.datetime
    finished_at: dt.datetime
    signature: str
    qr: str = ""


@dataclass(frozen=True, slots=True)
class TseOutage:
    """The TSE did not sign; it has been out since `since` (60-fiscal A1, outage receipt)."""

    since: dt.datetime


@dataclass(frozen=True, slots=True)
class TenderTotal:
    """What one tender took in a shift: how often, and the sum."""

    name: str
    count: int
    amount: Money


@dataclass(frozen=True, slots=True)
class ClosingFigures:
    """The sums of a Z closing; `z_number` is None for an X report, which changes nothing.

    `vat` and `tenders` are what was sold and how it was paid; `movements` what the drawer got and gave besides, without
    the difference of the count. `cancellations` and `cancelled` are number and sum of what was reversed as a whole (60-fiscal
    A0.8), `returns` what came back in part, `aborted` what was thrown away before it was paid, `trainings` what was only practised, `removed` what was taken out of baskets, `free_returns` what came back without a receipt. `cash_before` is what was there when the period began;
    `cash_target` what should lie in the drawer, None where that is not told before the count; `counted` what lay there,
    None where nobody counted, and `pieces` the number of each coin and note. `dropped` was counted too and taken out
    afterwards, right before the Z; it is not among the movements.
    """

    z_number: int | None
    business_date: dt.date
    opened_at: dt.datetime
    closed_at: dt.datetime
    receipts: int
    first_number: int | None
    last_number: int | None
    vat: tuple[VatTotal, ...]
    tenders: tuple[TenderTotal, ...]
    cancellations: int
    cancelled: Money
    cash_target: Money | None
    counted: Money | None = None
    cash_before: Money | None = None
    movements: tuple[TenderTotal, ...] = ()
    returns: Tally = NEVER
    aborted: Tally = NEVER
    discounts: Tally = NEVER
    vouchers_sold: Tally = NEVER
    vouchers_redeemed: Tally = NEVER
    trainings: Tally = NEVER
    removed: Tally = NEVER
    free_returns: Tally = NEVER
    drawer_openings: int = 0
    pieces: tuple[tuple[Money, int], ...] = ()
    dropped: Money = ZERO


@dataclass(frozen=True, slots=True)
class ReceiptSource:
    """A document and all that its receipt shows besides; `formats` carries the receipt's language and the shop's zone.

    `tse` None: not signed, which the receipt says. `barcode` is the text of the receipt's own barcode
    (till.catalog.barcodes), empty for none. A closing brings its `closing` figures.
    """

    document: Document
    shop: ShopHeader
    formats: Formats
    tse: TseStamp | TseOutage | None
    tse_is_test: bool = False
    barcode: str = ""
    closing: ClosingFigures | None = None


@dataclass(frozen=True, slots=True)
class XReport:
    """An X report: figures without a document, as no Vorgang takes place."""

    figures: ClosingFigures
    shop: ShopHeader
    formats: Formats
    till_id: str
    user_name: str


@dataclass(frozen=True, slots=True)
class VoucherSlip:
    """A voucher on paper (V25): `barcode` is the text that the till finds it by, `value` what it is worth."""

    shop: ShopHeader
    formats: Formats
    type_name: str
    number: str
    barcode: str
    value: Money
    valid_from: dt.date
    valid_until: dt.date
    text: str = ""


@dataclass(frozen=True, slots=True)
class BalanceSlip:
    """What is `left` on a voucher at a moment (V38); `why_not` says why it can't be redeemed, empty when it can."""

    shop: ShopHeader
    formats: Formats
    type_name: str
    number: str
    left: Money
    valid_until: dt.date
    as_of: dt.datetime
    till_id: str
    why_not: str = ""
