"""What something costs, without putting it into the basket (F7)."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from till.app.views import ButtonKind, Tile
from till.catalog import barcodes, lookup
from till.catalog.article import Article
from till.catalog.barcodes import CodeKind, ScannedCode
from till.catalog.price_list import LaterPrices, ListPrice, Tier
from till.catalog.prices import schedule_of
from till.errors import Refused
from till.i18n import msg
from till.money import Money
from till.quantity import Quantity, price_of
from till.vouchers.terms import needs_price
from till.vouchers.types import voucher_type


@dataclass(frozen=True, slots=True)
class PriceChecked:
    """What something costs now: `price` None = the till asks. `next_prices`: what is planned next.

    `label_price` is what a scale's label in the hand costs, and `weight` what it says of the weight, if anything.
    """

    name: str
    number: str
    unit: str
    price: Money | None
    tiers: tuple[Tier, ...] = ()
    deposit: Money | None = None
    next_prices: LaterPrices | None = None
    label_price: Money | None = None
    weight: Quantity | None = None


def price_of_code(session: Session, code: str, now: dt.datetime) -> PriceChecked:
    """The price of what has this code; Refused as a scan is. Whatever is scanned, nothing comes into the basket."""
    scanned = barcodes.parse(code)
    hit = lookup.find(session, scanned)[0]
    if isinstance(hit, lookup.VoucherTypeHit):
        return _voucher(session, uuid.UUID(hit.ref))
    checked = _article(session, hit.article, now)
    is_label = scanned.kind in {CodeKind.PRICE, CodeKind.WEIGHT} and scanned.text not in hit.article.codes
    return _labelled(checked, scanned) if is_label else checked


def price_of_tile(session: Session, tile: Tile, now: dt.datetime) -> PriceChecked:
    """The price of what a tile sells."""
    if tile.kind is ButtonKind.VOUCHER:
        return _voucher(session, uuid.UUID(tile.id))
    return _article(session, lookup.article_by_id(session, uuid.UUID(tile.id)), now)


def _article(session: Session, article: Article, now: dt.datetime) -> PriceChecked:
    schedule = schedule_of(session, article).at(now)
    deposit = None
    if article.deposit_id is not None:
        tied = lookup.article_by_id(session, article.deposit_id)
        deposit = schedule_of(session, tied).at(now).now.price
    return PriceChecked(
        name=article.name,
        number=article.number,
        unit=article.unit,
        price=schedule.now.price,
        tiers=schedule.now.tiers,
        deposit=deposit,
        next_prices=schedule.later[0] if schedule.later else None,
    )


def _voucher(session: Session, type_id: uuid.UUID) -> PriceChecked:
    kind = voucher_type(session, type_id)
    if kind is None or not kind.active:
        raise Refused(msg("This voucher is no longer sold."))
    return PriceChecked(kind.name, kind.plu, "", None if needs_price(kind) else kind.sale)


def _labelled(checked: PriceChecked, scanned: ScannedCode) -> PriceChecked:
    costs = scanned.price
    if costs is None and checked.price is not None and scanned.weight is not None:
        costs = price_of(ListPrice(checked.price, checked.tiers).of(scanned.weight), scanned.weight)
    return replace(checked, label_price=costs, weight=scanned.weight)
