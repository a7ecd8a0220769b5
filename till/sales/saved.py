"""An open basket as JSON and back, so that it survives a restart and a power cut (T5)."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.orm import Session

from till.business_case import GvTyp, VatKey
from till.catalog.price_list import ListPrice, Tier
from till.documents.find import document
from till.documents.model import Reference
from till.ledger.chain import canonical
from till.money import ZERO, Money
from till.quantity import Quantity
from till.sales.basket import (
    AmountOff,
    Basket,
    BasketLine,
    Discount,
    Item,
    ItemKind,
    PercentOff,
    VoucherOrder,
    discount_values,
)
from till.sales.models import OpenBasketRow
from till.sales.order import goodwill_values
from till.sales.tender import Goodwill, Tendered, TenderKind

VERSION = 1
_FORGET = delete(OpenBasketRow).where(OpenBasketRow.till_id == bindparam("till_id"))


@dataclass(frozen=True, slots=True)
class SavedSale:
    """A sale under way: basket, payments taken so far, and the aborted documents that it goes back to."""

    basket: Basket
    tendered: tuple[Tendered, ...] = ()
    references: tuple[Reference, ...] = ()


def save(session: Session, till_id: str, sale: SavedSale, at: dt.datetime) -> None:
    """Keep the sale as the till's open one; an empty basket is forgotten instead."""
    forget(session, till_id)
    if not sale.basket.is_empty:
        row = {"order_id": sale.basket.order_id, "till_id": till_id, "saved_at": at, "body": to_json(sale)}
        session.execute(insert(OpenBasketRow), row)


def save_unless_booked(session: Session, till_id: str, sale: SavedSale, at: dt.datetime) -> None:
    """As `save`, but a sale that was booked meanwhile stays forgotten."""
    if document(session, sale.basket.order_id) is None:
        save(session, till_id, sale, at)


def forget(session: Session, till_id: str) -> None:
    """Drop the till's open basket: it was booked or thrown away."""
    session.connection().execute(_FORGET, {"till_id": till_id})


def saved_order(session: Session, till_id: str) -> uuid.UUID | None:
    """The order of the till's open sale, or None."""
    return session.execute(select(OpenBasketRow.order_id).where(OpenBasketRow.till_id == till_id)).scalar_one_or_none()


def saved(session: Session, till_id: str) -> SavedSale | None:
    """The till's open sale, or None."""
    body = session.execute(select(OpenBasketRow.body).where(OpenBasketRow.till_id == till_id)).scalar_one_or_none()
    return None if body is None else from_json(body)


def to_json(sale: SavedSale) -> str:
    """The sale as JSON."""
    basket = sale.basket
    return canonical(
        {
            "version": VERSION,
            "order": basket.order_id,
            "started_at": basket.started_at,
            "discount": discount_values(basket.discount),
            "next": basket.next_line_id,
            "lines": [_line(line) for line in basket.lines],
            "tendered": [_tendered(tendered) for tendered in sale.tendered],
            "references": [[r.till_id, r.number, r.document_id] for r in sale.references],
        }
    )


def from_json(body: str) -> SavedSale:
    """The sale of this JSON. Raises ValueError for another version."""
    read = json.loads(body)
    if read.get("version") != VERSION:
        raise ValueError(f"a saved basket of version {read.get('version')}")
    basket = Basket(
        order_id=uuid.UUID(read["order"]),
        started_at=dt.datetime.fromisoformat(read["started_at"]),
        lines=tuple(_read_line(line) for line in read["lines"]),
        discount=_read_discount(read["discount"]),
        next_line_id=read["next"],
    )
    return SavedSale(
        basket,
        tuple(_read_tendered(values) for values in read["tendered"]),
        tuple(Reference(till, number, uuid.UUID(document)) for till, number, document in read["references"]),
    )


def _tendered(one: Tendered) -> list[object]:
    """What is rare stands there only where it is, as in the baskets that were saved before there was such."""
    values: list[object] = [one.id, one.kind.value, one.tender_id, one.name, one.amount, one.voucher_id]
    if one.paid_out or one.goodwill is not None:
        values += [one.paid_out, *goodwill_values(one.goodwill)]
    return values


def _line(line: BasketLine) -> dict[str, object]:
    item, voucher = line.item, line.item.voucher
    return {
        "id": line.id,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "discount": discount_values(line.discount),
        "note": line.note,
        "belongs_to": line.belongs_to,
        "kind": item.kind.value,
        "number": item.number,
        "name": item.name,
        "vat_key": item.vat_key.value,
        "gv_typ": item.gv_typ.value,
        "gtin": item.gtin,
        "unit": item.unit,
        "category": [item.category_id, item.category],
        "takes_discount": item.takes_discount,
        "whole_pieces": item.whole_pieces,
        "voucher": None if voucher is None else _voucher(voucher),
    } | _prices(line)


def _prices(line: BasketLine) -> dict[str, object]:
    """What only few lines have: prices by quantity, planned ones, and what they cost before such came into force."""
    kept: dict[str, object] = {}
    if line.price_before is not None:
        kept["price_before"] = line.price_before
    prices = line.item.list_price
    if prices is not None:
        kept["list_price"] = [prices.price, [[tier.quantity, tier.price] for tier in prices.tiers], prices.until]
    return kept


def _voucher(voucher: VoucherOrder) -> list[object]:
    rules = (voucher.may_be_free, voucher.takes_vouchers)
    return [voucher.type_id, voucher.face, voucher.number, voucher.text, *(rules if any(rules) else ())]


def _read_line(read: dict[str, Any]) -> BasketLine:
    return BasketLine(
        id=read["id"],
        item=_read_item(read),
        quantity=Quantity(read["quantity"]),
        unit_price=Money(read["unit_price"]),
        discount=_read_discount(read["discount"]),
        note=read["note"],
        belongs_to=read["belongs_to"],
        price_before=_read_money(read.get("price_before")),
    )


def _read_item(read: dict[str, Any]) -> Item:
    voucher = read["voucher"]
    return Item(
        kind=ItemKind(read["kind"]),
        number=read["number"],
        name=read["name"],
        vat_key=VatKey(read["vat_key"]),
        gv_typ=GvTyp(read["gv_typ"]),
        gtin=read["gtin"],
        unit=read["unit"],
        category_id=read["category"][0],
        category=read["category"][1],
        takes_discount=read["takes_discount"],
        whole_pieces=read["whole_pieces"],
        voucher=None if voucher is None else VoucherOrder(uuid.UUID(voucher[0]), Money(voucher[1]), *voucher[2:]),
        list_price=_read_list_price(read.get("list_price")),
    )


def _read_list_price(read: list[Any] | None) -> ListPrice | None:
    if read is None:
        return None
    price, tiers, until = read
    return ListPrice(
        Money(price),
        tuple(Tier(Quantity(quantity), Money(amount)) for quantity, amount in tiers),
        None if until is None else dt.datetime.fromisoformat(until),
    )


def _read_money(cents: int | None) -> Money | None:
    return None if cents is None else Money(cents)


def _read_discount(read: list[Any] | None) -> Discount | None:
    if read is None:
        return None
    return PercentOff(read[1]) if read[0] == "percent" else AmountOff(Money(read[1]))


def _read_tendered(values: list[Any]) -> Tendered:
    number, kind, tender_id, name, amount, voucher_id, *more = values
    voucher = uuid.UUID(voucher_id) if voucher_id else None
    paid_out = Money(more[0]) if more else ZERO
    goodwill = Goodwill(*more[1:]) if more[1:] else None
    return Tendered(number, TenderKind(kind), tender_id, name, Money(amount), voucher, paid_out, goodwill)
