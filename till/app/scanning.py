"""What a scanned code names at this counter: goods for the basket, vouchers' own numbers, earlier receipts."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy.orm import Session

from till.app.goods import Asked, Good, article_good, voucher_good
from till.app.views import ScanKind, ScanResult
from till.catalog import lookup
from till.catalog.barcodes import CodeKind, ScannedCode
from till.documents import find
from till.documents.model import Document
from till.errors import Refused
from till.formats import shortened
from till.i18n import msg
from till.quantity import Quantity

MAX_NUMBER = 2**31 - 1
NO_RECEIPT = msg("There is no receipt number {number} at this till.")


def goods_of(session: Session, scanned: ScannedCode, quantity: Quantity, now: dt.datetime) -> tuple[Good, Quantity]:
    """The article or voucher type with this code and how much of it: what a scale's label says, else `quantity`."""
    hit = lookup.find(session, scanned)[0]
    if isinstance(hit, lookup.VoucherTypeHit):
        return voucher_good(session, uuid.UUID(hit.ref), None), quantity
    is_label = scanned.kind in {CodeKind.PRICE, CodeKind.WEIGHT}
    return article_good(session, hit.article, Asked(now, hit.price)), hit.quantity if is_label else quantity


def receipt_of(session: Session, scanned: ScannedCode) -> ScanResult:
    """The receipt whose barcode this is."""
    return ScanResult(ScanKind.RECEIPT, receipt=receipt_with(session, scanned.till_id, scanned.number))


def receipt_with(session: Session, till_id: str, number: int | str) -> Document:
    """The receipt with this number; Refused when there is none, and for digits that no counter ever reaches."""
    wanted = int(number)
    found = find.by_number(session, till_id, wanted) if 0 < wanted <= MAX_NUMBER else None
    if found is None:
        raise Refused(NO_RECEIPT, number=shortened(str(number)))
    return found
