"""What is asked when a voucher is sold, and the answers made into goods for the basket (V20, V21, V22)."""

from __future__ import annotations

import contextlib
import datetime as dt
import uuid
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from till.app.goods import Good, portion_count, sold_type, voucher_good
from till.app.views import VoucherAsk, VoucherWish
from till.catalog import barcodes, lookup
from till.catalog.barcodes import CodeKind, ScannedCode
from till.errors import Refused
from till.formats import shortened
from till.i18n import msg
from till.money import Money
from till.quantity import ONE, Quantity
from till.sales.basket import Basket
from till.staff.cards import STAFF_CARD, is_card
from till.vouchers.issue import free_number
from till.vouchers.model import Numbering
from till.vouchers.numbers import matching
from till.vouchers.terms import Price, needs_price, price_of
from till.vouchers.wording import checked_text

NO_NUMBER = msg("This is the barcode of a receipt or a customer card. Scan the voucher.")
OTHER_TYPE = msg("This is a voucher of another type, number {number}. Scan the one that is to be sold.")
ALSO_ARTICLE = msg("{number} is also the code of “{name}”. Press Enter if it is the voucher’s number all the same.")
OVER = msg("“{name}” would be valid until {until} only, and that day is over. Change the voucher type in the office.")
IN_BASKET = msg("Number {number} is in this basket already. Scan or type another one.")


def ask_of(session: Session, type_id: uuid.UUID, day: dt.date, quantity: Quantity = ONE) -> VoucherAsk | None:
    """What has to be asked for so many of this type; None where number and price are known (V20).

    Refused when it is not sold any more, or would be over already on this business `day`, and for a quantity that vouchers
    don't have.
    """
    kind = sold_type(session, type_id)
    if kind.valid_until is not None and kind.valid_until < day:
        raise Refused(OVER, name=kind.name, until=kind.valid_until)
    asks_number, asks_price = kind.numbering is Numbering.OWN, needs_price(kind)
    if not asks_number and not asks_price:
        return None
    count = portion_count(quantity)
    return VoucherAsk(type_id, kind.plu, kind.name, asks_number, asks_price, kind.zero_price_allowed, count)


def worth(session: Session, type_id: uuid.UUID, price: Money) -> Price:
    """What a voucher would cost and be worth at this price; refused in words as the sale itself would be (V10, V11)."""
    return price_of(sold_type(session, type_id), price)


@dataclass(frozen=True, slots=True)
class ScannedNumber:
    """The number that a scan says; `doubt` in words where it may not be meant: then somebody has to confirm it."""

    number: str
    doubt: Refused | None = None


def scanned_number(session: Session, ask: VoucherAsk, code: str) -> ScannedNumber:
    """The number that a scan says for a voucher of the type that is asked for; the till's own prefix is stripped (V25).

    Refused for a barcode of another kind. The code of an article is in doubt: nobody shall sell goods as a number.
    """
    if is_card(code):
        raise Refused(STAFF_CARD)
    scanned = barcodes.parse(code)
    if scanned.kind in {CodeKind.RECEIPT, CodeKind.CUSTOMER}:
        raise Refused(NO_NUMBER)
    if scanned.kind is CodeKind.VOUCHER and scanned.type_plu != ask.plu.upper():
        raise Refused(OTHER_TYPE, number=shortened(scanned.number))
    if scanned.kind is CodeKind.VOUCHER:
        return ScannedNumber(scanned.number)
    return ScannedNumber(scanned.text, _is_goods_too(session, scanned))


def _is_goods_too(session: Session, scanned: ScannedCode) -> Refused | None:
    with contextlib.suppress(Refused):
        for hit in lookup.find(session, scanned):
            if isinstance(hit, lookup.ArticleHit):
                return Refused(ALSO_ARTICLE, number=scanned.text, name=shortened(hit.article.name))
    return None


def number_for(session: Session, basket: Basket, wanted: tuple[uuid.UUID, str], line_id: int | None = None) -> str:
    """The number as it is kept. Refused when this type used it, with the day, or when another line of the basket has it."""
    type_id, typed = wanted
    number = free_number(session, type_id, typed)
    for line in basket.lines:
        order = line.item.voucher
        is_other = order is not None and order.type_id == type_id and line.id != line_id
        if is_other and order is not None and matching(order.number) == matching(number):
            raise Refused(IN_BASKET, number=number)
    return number


def good(session: Session, basket: Basket, wish: VoucherWish) -> Good:
    """The voucher as goods for the basket, with number and words."""
    kind = sold_type(session, wish.type_id)
    number = ""
    if kind.numbering is Numbering.OWN:
        number = number_for(session, basket, (wish.type_id, wish.number))
    plain = voucher_good(session, wish.type_id, wish.price if needs_price(kind) else None)
    order = plain.item.voucher
    assert order is not None  # noqa: S101 - a voucher's goods always carry one
    order = replace(order, number=number, text=checked_text(wish.text))
    return replace(plain, item=replace(plain.item, voucher=order))


def changed(session: Session, basket: Basket, line_id: int, words: tuple[str, str]) -> Basket:
    """The basket with another number (where it is asked) and other words on a voucher's line (V22)."""
    typed, text = words
    order = basket.line(line_id).item.voucher
    number = ""
    if order is not None and order.number:
        number = number_for(session, basket, (order.type_id, typed), line_id)
    return basket.with_voucher(line_id, number, checked_text(text))
