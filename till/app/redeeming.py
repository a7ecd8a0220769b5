"""What a voucher could pay of the present sale, shown before anything is redeemed (V31, V32, G6a)."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy.orm import Session

from till.app.views import VoucherHit
from till.errors import Refused
from till.i18n import msg
from till.money import ZERO, Money
from till.sales.order import Order, coverage
from till.vouchers.model import VatTreatment, Voucher, VoucherStanding
from till.vouchers.standing import find_vouchers, refusal_of, standing_of, voucher_by_id


def offers_by_number(
    session: Session, today: dt.date, order: Order, wanted: tuple[str, str | None]
) -> tuple[VoucherHit, ...]:
    """The vouchers with a number (and type's PLU, None = any) with what each could pay."""
    number, type_plu = wanted
    return tuple(_offer(session, today, order, found) for found in find_vouchers(session, number, type_plu))


def one_offer(session: Session, today: dt.date, order: Order, voucher_id: uuid.UUID) -> VoucherHit:
    """The voucher with this id and what it could pay."""
    found = voucher_by_id(session, voucher_id)
    if found is None:
        raise Refused(msg("This voucher is not known here. Take it out of the payment."))
    return _offer(session, today, order, found)


def checked_offer(session: Session, today: dt.date, order: Order, wanted: tuple[uuid.UUID, Money]) -> VoucherHit:
    """As `one_offer`; refused in words when the voucher can't pay the wanted amount here."""
    voucher_id, amount = wanted
    hit = one_offer(session, today, order, voucher_id)
    if hit.refusal is not None:
        raise hit.refusal
    if amount > hit.offered:
        number = hit.standing.voucher.number
        raise Refused(msg("{number}: at most {most} can be redeemed here."), number=number, most=hit.offered)
    return hit


def _offer(session: Session, today: dt.date, order: Order, found: Voucher) -> VoucherHit:
    standing = standing_of(session, found, today)
    taken = order.voucher_amounts().get(found.id, ZERO)
    coverable = _coverable(order, standing)
    offered = min(standing.remaining - taken, order.settlement.open, coverable)
    refusal = refusal_of(standing) or _used_here(standing, taken) or _buys_none(order, standing, coverable)
    return VoucherHit(standing, max(offered, ZERO), refusal)


def _used_here(standing: VoucherStanding, taken: Money) -> Refused | None:
    if taken and taken >= standing.remaining:
        return Refused(msg("{number}: all of it is in this payment already."), number=standing.voucher.number)
    return None


def _buys_none(order: Order, standing: VoucherStanding, coverable: Money) -> Refused | None:
    """Where all that is left to pay are vouchers, the reason why this one is of no use (V23, V31)."""
    are_vouchers = any(line.line.item.voucher is not None for line in order.priced.lines)
    if coverable > ZERO or not are_vouchers or not order.settlement.open:
        return None
    return Refused(
        msg("{number}: vouchers can’t be bought with vouchers here. Take another way to pay."),
        number=standing.voucher.number,
    )


def _coverable(order: Order, standing: VoucherStanding) -> Money:
    """What vouchers may still pay of this basket: other vouchers only where their type allows it, bonus parts only goods."""
    may = coverage(order.priced)
    taken = sum(amount.cents for amount in order.voucher_amounts().values())
    most = may.bonus if standing.bonus_left else may.paid
    if standing.voucher.vat_treatment is VatTreatment.SINGLE_PURPOSE:
        most = min(most, may.per_key.get(standing.voucher.vat_key, ZERO))
    return most - Money(taken)
