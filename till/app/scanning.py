"""What a scanned code names at this counter: goods for the basket, vouchers' own numbers, earlier receipts."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from till.app.goods import Asked, Good, article_good, article_tile, sold_type, type_tile, voucher_good
from till.app.views import ButtonKind, Choice, ScanKind, ScanResult, VoucherAsk
from till.app.voucher_sale import ask_of
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


@dataclass(frozen=True, slots=True)
class Named:
    """What a code names: a good and how much of it, else what has to be asked about it first."""

    quantity: Quantity
    good: Good | None = None
    ask: VoucherAsk | None = None


def choices_of(session: Session, scanned: ScannedCode, quantity: Quantity) -> tuple[Choice, ...]:
    """The articles and voucher types with this code and how much of each: what a scale's label says, else `quantity`.

    Refused where there is none.
    """
    return tuple(_choice(session, scanned, hit, quantity) for hit in lookup.find(session, scanned))


def named_by(session: Session, choice: Choice, now: dt.datetime, day: dt.date) -> Named:
    """The goods of a choice, ready for the basket, or what is to be asked about its voucher type."""
    tile = choice.tile
    assert tile is not None  # noqa: S101 - the caller has seen that it is no voucher that was sold
    type_id = uuid.UUID(tile.id)
    if tile.kind is ButtonKind.ARTICLE:
        article = lookup.article_by_id(session, type_id)
        return Named(choice.quantity, article_good(session, article, Asked(now, choice.price)))
    ask = ask_of(session, type_id, day, choice.quantity)
    if ask is not None:
        return Named(choice.quantity, ask=ask)
    return Named(choice.quantity, voucher_good(session, type_id, None))


def _choice(session: Session, scanned: ScannedCode, hit: lookup.Hit, quantity: Quantity) -> Choice:
    if isinstance(hit, lookup.VoucherTypeHit):
        return Choice(type_tile(sold_type(session, uuid.UUID(hit.ref)), {}), quantity)
    is_label = scanned.kind in {CodeKind.PRICE, CodeKind.WEIGHT}
    return Choice(article_tile(hit.article, {}), hit.quantity if is_label else quantity, hit.price)


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
