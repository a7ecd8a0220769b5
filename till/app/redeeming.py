"""What a voucher could pay of the present sale, shown before anything is redeemed (V31, V32, V35, V37, G6a)."""

from __future__ import annotations

import datetime as dt
import uuid
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy.orm import Session

from till.app.views import Surplus, Unnumbered, VoucherHit
from till.errors import Refused
from till.i18n import msg
from till.money import ZERO, Money, total
from till.sales.order import Order, coverage
from till.sales.tender import Tendered, TenderKind
from till.shop.tenders import VOUCHER
from till.vouchers.lookalikes import lookalike
from till.vouchers.model import VatTreatment, Voucher, VoucherStanding, VoucherState
from till.vouchers.redeem import NOT_IN_CASH, UNKNOWN, goodwill_left
from till.vouchers.rules import VoucherRules, voucher_rules
from till.vouchers.standing import find_vouchers, refusal_of, standing_of, voucher_by_id
from till.vouchers.unnumbered import has_number, oldest_first, unnumbered_types
from till.vouchers.value import Wish, share_left

_AT_MOST = msg("{number}: at most {most} can be redeemed here.")
_NO_MONEY = msg("{number}: what is left of it was given, not paid for. It stays on the voucher.")
_NOT_WITHOUT_NUMBER = msg("Vouchers without a number are not redeemed by amount in this shop.")


def offers_by_number(
    session: Session, today: dt.date, order: Order, wanted: tuple[str, str | None]
) -> tuple[VoucherHit, ...]:
    """The vouchers with a number (and type's PLU, None = any) with what each could pay."""
    number, type_plu = wanted
    return tuple(_offer(session, today, order, found) for found in find_vouchers(session, number, type_plu))


def voucher_like(session: Session, number: str) -> str | None:
    """The one number that looks like the typed one (V15)."""
    return lookalike(session, number)


def takes_letters(session: Session) -> bool:
    """Whether the shop types voucher numbers with letters."""
    return voucher_rules(session).letters


def one_offer(session: Session, today: dt.date, order: Order, voucher_id: uuid.UUID) -> VoucherHit:
    """The voucher with this id and what it could pay."""
    found = voucher_by_id(session, voucher_id)
    if found is None:
        raise Refused(UNKNOWN)
    return _offer(session, today, order, found)


def checked_offer(session: Session, today: dt.date, order: Order, wanted: tuple[uuid.UUID, Money]) -> VoucherHit:
    """As `one_offer`; refused in words when the voucher can't pay the wanted amount here."""
    voucher_id, amount = wanted
    hit = one_offer(session, today, order, voucher_id)
    if hit.refusal is not None:
        raise hit.refusal
    if amount > hit.offered:
        raise Refused(_AT_MOST, number=shown_number(hit.standing.voucher), most=hit.offered)
    return hit


def checked_goodwill(session: Session, today: dt.date, order: Order, wanted: tuple[uuid.UUID, Money]) -> VoucherHit:
    """An expired voucher that is to pay the wanted amount all the same; refused when it has not expired, or can't (V37)."""
    voucher_id, amount = wanted
    hit = one_offer(session, today, order, voucher_id)
    if hit.standing.state is not VoucherState.EXPIRED:
        raise hit.refusal or Refused(msg("{number}: it has not expired."), number=hit.standing.voucher.number)
    if amount > hit.goodwill:
        raise Refused(_AT_MOST, number=shown_number(hit.standing.voucher), most=hit.goodwill)
    return hit


def checked_surplus(hit: VoucherHit, amount: Money) -> Money:
    """What goes back in cash when the voucher pays `amount`; refused when that leaves something due, or with the reason."""
    surplus = hit.surplus
    if surplus is None or amount != hit.offered:
        raise Refused(msg("The rest of a voucher is paid out only when the voucher pays all that is due."))
    if surplus.refusal is not None:
        raise surplus.refusal
    return surplus.cash


def still_covers(session: Session, today: dt.date, order: Order, one: Tendered) -> bool:
    """Whether a voucher in a payment that waited can still do what it was meant to."""
    if one.voucher_id is None:
        return False
    try:
        hit = one_offer(session, today, order, one.voucher_id)
    except Refused:
        return False
    if one.goodwill is not None and hit.standing.state is VoucherState.EXPIRED:
        return one.amount <= hit.goodwill
    cash = hit.surplus.cash if hit.surplus is not None and hit.surplus.refusal is None else ZERO
    return hit.refusal is None and one.amount <= hit.offered and one.paid_out <= cash


def unnumbered(session: Session, today: dt.date, order: Order) -> tuple[Unnumbered, ...]:
    """The types whose vouchers are redeemed by amount, with what is outstanding (V14); none unless the shop wants it."""
    if not voucher_rules(session).without_number:
        return ()
    found = []
    for kind in unnumbered_types(session):
        outstanding = total(standing.remaining for standing in oldest_first(session, kind.id, today))
        if outstanding:
            hits = _by_amount(session, today, order, (kind.id, order.settlement.open))
            found.append(Unnumbered(kind.id, kind.name, outstanding, total(hit.offered for hit in hits)))
    return tuple(found)


def taken_by_amount(
    session: Session, today: dt.date, order: Order, wanted: tuple[uuid.UUID, Money]
) -> tuple[VoucherHit, ...]:
    """The vouchers of a type that pay the wanted amount, each with its part as `offered`; refused when they can't (V14)."""
    type_id, amount = wanted
    kind = next((kind for kind in unnumbered_types(session) if kind.id == type_id), None)
    if kind is None or not voucher_rules(session).without_number:
        raise Refused(_NOT_WITHOUT_NUMBER)
    hits = tuple(_by_amount(session, today, order, wanted))
    most = total(hit.offered for hit in hits)
    if most < amount:
        raise Refused(_AT_MOST, number=kind.name, most=most)
    return hits


def shown_number(voucher: Voucher) -> str:
    """What a payment by this voucher is called: its number, or its type where it has none."""
    return voucher.number if has_number(voucher) else voucher.type_name


def _by_amount(session: Session, today: dt.date, order: Order, wanted: tuple[uuid.UUID, Money]) -> Iterator[VoucherHit]:
    type_id, left = wanted
    for standing in oldest_first(session, type_id, today):
        if left <= ZERO:
            return
        hit = _offer_of(session, order, standing)
        part = min(hit.offered, left) if hit.refusal is None else ZERO
        if part:
            yield replace(hit, offered=part)
            one = Tendered(0, TenderKind.VOUCHER, VOUCHER, "", part, standing.voucher.id)
            order, left = replace(order, tendered=(*order.tendered, one)), left - part


def _offer(session: Session, today: dt.date, order: Order, found: Voucher) -> VoucherHit:
    return _offer_of(session, order, standing_of(session, found, today))


def _offer_of(session: Session, order: Order, standing: VoucherStanding) -> VoucherHit:
    wish = order.voucher_wishes().get(standing.voucher.id, Wish(standing.voucher.id))
    taken, rules = wish.amount + wish.paid_out, voucher_rules(session)
    coverable = _coverable(order, standing)
    most = max(min(order.settlement.open, coverable), ZERO)
    offered = max(min(standing.remaining - taken, most), ZERO)
    refusal = refusal_of(standing) or _used_here(standing, wish) or _buys_none(order, standing, coverable)
    if standing.state is VoucherState.EXPIRED:
        return VoucherHit(standing, offered, refusal, max(min(goodwill_left(standing, rules) - taken, most), ZERO))
    surplus = _surplus(order, standing, rules, wish.amount + offered) if refusal is None else None
    return VoucherHit(standing, offered, refusal, surplus=surplus)


def _surplus(order: Order, standing: VoucherStanding, rules: VoucherRules, amount: Money) -> Surplus | None:
    """What stays once the voucher has paid `amount` of this sale; None while it does not pay all that is due."""
    used = share_left(standing, amount)
    cash, stays = standing.paid_left - used.paid, standing.bonus_left - used.bonus
    here = order.voucher_amounts().get(standing.voucher.id, ZERO)
    if not cash + stays or amount - here < order.settlement.open or not order.settlement.open:
        return None
    if not rules.surplus_in_cash:
        return Surplus(ZERO, cash + stays, Refused(NOT_IN_CASH))
    if not cash:
        return Surplus(ZERO, stays, Refused(_NO_MONEY, number=shown_number(standing.voucher)))
    return Surplus(cash, stays)


def _used_here(standing: VoucherStanding, wish: Wish) -> Refused | None:
    if wish.paid_out or (wish.amount and wish.amount >= standing.remaining):
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
    amounts = order.voucher_amounts()
    taken = total(amounts.values())
    if standing.voucher.vat_treatment is VatTreatment.SINGLE_PURPOSE:
        return min(may.bonus, may.per_key.get(standing.voucher.vat_key, ZERO)) - taken
    here = amounts.get(standing.voucher.id, ZERO)
    most = min(may.paid - taken, standing.remaining - here)
    return _with_bonus_within(standing, here, most, may.bonus - (taken - here)) if most > ZERO else most


def _with_bonus_within(standing: VoucherStanding, here: Money, most: Money, room: Money) -> Money:
    """How much of `most` the voucher can pay beyond what it pays `here`, if its given part has only this `room` (G6a)."""
    if share_left(standing, here + most).bonus <= room:
        return most
    if room <= ZERO:
        return ZERO  # rounding would leave a cent or two without a given part, which helps nobody
    steps = range(most.cents)
    return Money(bisect_right(steps, room, key=lambda cents: share_left(standing, here + Money(cents)).bonus) - 1)
