"""What checkout is asked to book: the priced basket and how it is paid."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from till.business_case import VatKey, ZahlartTyp
from till.errors import Refused
from till.i18n import msg
from till.ledger.chain import Record
from till.money import ZERO, Money, total
from till.sales.basket import BasketLine, ItemKind, discount_values
from till.sales.pricing import PricedBasket
from till.sales.tender import Goodwill, Settlement, Tendered, TenderKind, settle
from till.vouchers.value import Wish


@dataclass(frozen=True, slots=True)
class TenderFace:
    """How a tender is called on receipts and in the DSFinV-K."""

    id: str
    name: str
    zahlart_typ: ZahlartTyp


@dataclass(frozen=True, slots=True)
class Order:
    """A sale ready to be booked. `faces` names the tenders used; `restored_from` is an aborted document before it."""

    priced: PricedBasket
    tendered: tuple[Tendered, ...]
    faces: Mapping[str, TenderFace] = field(default_factory=dict)

    @property
    def id(self) -> uuid.UUID:
        """The order's id, born with the basket."""
        return self.priced.basket.order_id

    @property
    def settlement(self) -> Settlement:
        """Where the payment stands."""
        return settle(self.priced.total, self.tendered)

    def voucher_amounts(self) -> dict[uuid.UUID, Money]:
        """What is to be redeemed of each voucher, in the order of the payments; without what is paid out."""
        return {voucher_id: wish.amount for voucher_id, wish in self.voucher_wishes().items()}

    def voucher_wishes(self) -> dict[uuid.UUID, Wish]:
        """What is to be taken from each voucher, in the order of the payments."""
        wishes: dict[uuid.UUID, Wish] = {}
        for one in self.tendered:
            if one.voucher_id is not None:
                known = wishes.get(one.voucher_id, Wish(one.voucher_id))
                is_goodwill = known.is_goodwill or one.goodwill is not None
                wishes[one.voucher_id] = replace(
                    known,
                    amount=known.amount + one.amount,
                    paid_out=known.paid_out + one.paid_out,
                    is_goodwill=is_goodwill,
                )
        return wishes


def check_complete(order: Order) -> None:
    """Refuse an empty basket, an open rest, and an excess that cash can't return; with the figures."""
    if order.priced.basket.is_empty:
        raise Refused(msg("The basket is empty. Scan or tap an article first."))
    settlement = order.settlement
    if settlement.open:
        raise Refused(msg("{open} is still open. Take a payment first."), open=settlement.open)
    if settlement.excess:
        raise Refused(
            msg("{excess} more is paid than due. Take a card or voucher payment back."), excess=settlement.excess
        )


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a basket vouchers may pay (G6a, V5, 60-fiscal A4.1)."""

    paid: Money
    bonus: Money
    per_key: Mapping[VatKey, Money]


def coverage(priced: PricedBasket) -> Coverage:
    """What vouchers may cover: bonus parts only goods and services, and those per VAT key; paid parts deposits too.

    Vouchers are paid with paid parts where their type allows it (V23).
    """
    goods: dict[VatKey, Money] = {}
    for line in priced.lines:
        if line.line.item.kind is ItemKind.ARTICLE:
            key = line.line.item.vat_key
            goods[key] = goods.get(key, ZERO) + line.amount
    deposits = total(line.amount for line in priced.lines if line.line.item.kind is ItemKind.DEPOSIT)
    vouchers = total(line.amount for line in priced.lines if takes_vouchers(line.line))
    whole = total(goods.values())
    return Coverage(whole + deposits + vouchers, whole, goods)


def bonus_limit(priced: PricedBasket) -> Money | None:
    """How much of a basket bonus parts may pay, where that is less than all of it (G6a)."""
    most = coverage(priced).bonus
    return most if most < priced.total else None


def takes_vouchers(line: BasketLine) -> bool:
    """Whether this line sells a voucher that may be bought with vouchers."""
    return line.item.voucher is not None and line.item.voucher.takes_vouchers


def order_record(order: Order) -> Record:
    """What makes two orders the same; the digest of it is the document's idempotency key (architecture 4)."""
    basket = order.priced.basket
    return {
        "order": basket.order_id,
        "discount": discount_values(basket.discount),
        "lines": [_line_values(line) for line in basket.lines],
        "tendered": [_tendered_values(tendered) for tendered in order.tendered],
        "total": order.priced.total,
    }


def is_cash(tendered: Tendered) -> bool:
    """Whether this payment was taken in cash."""
    return tendered.kind is TenderKind.CASH


def _tendered_values(tendered: Tendered) -> list[object]:
    """What is rare stands there only where it is."""
    values: list[object] = [tendered.kind.value, tendered.tender_id, tendered.amount, tendered.voucher_id]
    if tendered.paid_out or tendered.goodwill is not None:
        values += [tendered.paid_out, *goodwill_values(tendered.goodwill)]
    return values


def goodwill_values(goodwill: Goodwill | None) -> list[str]:
    """Its reason and who has allowed it; nothing for none."""
    return [] if goodwill is None else [goodwill.reason, goodwill.approved_by]


def _line_values(line: BasketLine) -> list[object]:
    item, voucher = line.item, line.item.voucher
    return [
        item.kind.value,
        item.number,
        item.name,
        item.vat_key.value,
        line.quantity,
        line.unit_price,
        discount_values(line.discount),
        line.note,
        [voucher.type_id, voucher.face, voucher.number, voucher.text] if voucher else None,
    ]
