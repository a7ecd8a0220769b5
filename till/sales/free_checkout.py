"""Books a return without a receipt: goods back at today's rate, and money or a voucher for them (S1, 60-fiscal A4.3)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from till.business_case import BonTyp, ZahlartTyp
from till.db.context import Context
from till.db.locks import Lock, LockKind, hold
from till.documents.model import Document, DocumentKind, Draft, Line, Payment
from till.documents.post import Booking, already_posted, post, post_new
from till.errors import Refused
from till.i18n import msg
from till.money import Money, total
from till.sales.aborted import next_id
from till.sales.bookings import postings
from till.sales.checkout import Rules
from till.sales.draft import NO_PAYMENT, given_line, vat_totals
from till.sales.free_return import FreeReturnOrder, note_of, order_record, returned_lines
from till.sales.pricing import PricedBasket, Rates, rate_of
from till.shifts.movement import check_drawer
from till.shifts.shift import target_cash
from till.tax import spread_tax
from till.vouchers import issue
from till.vouchers.locks import number_lock
from till.vouchers.model import Voucher, VoucherOrigin
from till.vouchers.rules import voucher_rules
from till.vouchers.standing import issued_by
from till.vouchers.types import voucher_type


@dataclass(frozen=True, slots=True)
class FreelyReturned:
    """A booked return without a receipt and the voucher that was given for it; not `is_new` when it was booked before."""

    document: Document
    vouchers: tuple[Voucher, ...]
    is_new: bool = True


def take_back_freely(session: Session, context: Context, order: FreeReturnOrder, rules: Rules) -> FreelyReturned:
    """Book the return in the caller's transaction. The same one again gives the first document.

    Refused, with nothing booked, when the drawer holds less than is to be paid out, and in training.
    """
    hold(session, _locks(context, order))
    record = order_record(order)
    known = already_posted(session, order.id, record)
    if known is not None:
        return FreelyReturned(known, tuple(issued_by(session, known.id)), is_new=False)
    vouchers = _planned(session, context, order, rules)
    payments = _payments(order)
    cash = total(payment.amount for payment in payments if payment.zahlart_typ is ZahlartTyp.BAR)
    check_drawer(target_cash(session, context.till_id), cash)
    lines = _taxed((*returned_lines(order.priced, rules.rates), *(given_line(voucher) for voucher in vouchers)))
    draft = Draft(
        id=order.id,
        kind=DocumentKind.FREE_RETURN,
        bon_typ=BonTyp.BELEG,
        started_at=order.priced.basket.started_at,
        lines=lines,
        payments=payments,
        vat=vat_totals(lines),
        note=note_of(order.reason),
    )
    legs = postings(context.till_id, (lines, payments), (vouchers, ()))
    document = post_new(session, context, draft, Booking(legs, content=record))
    return FreelyReturned(document, tuple(issue.enter(session, one, document.id, document.number) for one in vouchers))


def throw_away(session: Session, context: Context, back: PricedBasket, rates: Rates) -> Document:
    """Book a return that somebody left as AVBelegabbruch with its lines: it moves nothing (60-fiscal A2.1)."""
    lines = _taxed(returned_lines(back, rates))
    draft = Draft(
        id=next_id(session, back.basket.order_id),
        kind=DocumentKind.ABORTED,
        bon_typ=BonTyp.ABBRUCH,
        started_at=back.basket.started_at,
        lines=lines,
        vat=vat_totals(lines),
    )
    return post(session, context, draft)


def _locks(context: Context, order: FreeReturnOrder) -> list[Lock]:
    ranges = [] if order.voucher_type is None else [number_lock(order.voucher_type)]
    return [Lock(LockKind.TILL, context.till_id), *ranges]


def _payments(order: FreeReturnOrder) -> tuple[Payment, ...]:
    if order.tender is None or not order.amount:
        return (NO_PAYMENT,)
    return (Payment(order.tender.id, order.tender.zahlart_typ, order.tender.name, -order.amount),)


def _planned(session: Session, context: Context, order: FreeReturnOrder, rules: Rules) -> tuple[Voucher, ...]:
    """The voucher that is given for the goods: what it is worth is owed for them, so none of it is a gift (V4)."""
    if order.voucher_type is None:
        return ()
    kind = voucher_type(session, order.voucher_type)
    if kind is None:
        raise Refused(msg("This voucher is no longer given. Choose another way."))
    rate_bp = rate_of(rules.rates, kind.vat_key)
    new = issue.NewVoucher(uuid.uuid5(order.id, "voucher"), sale=order.amount, face=order.amount, rate_bp=rate_bp)
    planned = issue.plan(session, context, kind, new, rules.voucher_terms or voucher_rules(session).terms)
    return (replace(planned, origin=VoucherOrigin.REFUND),)


def _taxed(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """A voucher that is taxed at once stands on a key with the goods: the tax of each key is shared anew over its lines."""
    taxes: dict[int, Money] = {}
    for key in {line.vat_key for line in lines}:
        places = [i for i, line in enumerate(lines) if line.vat_key is key]
        spread = spread_tax([lines[i].gross for i in places], lines[places[0]].rate_bp)
        taxes |= dict(zip(places, spread, strict=True))
    return tuple(replace(line, tax=taxes[i]) for i, line in enumerate(lines))
