"""Books what comes back of a receipt: the one transaction in which goods, money and voucher value go back (S1, S2)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from till.business_case import BonTyp, ZahlartTyp
from till.db.context import Context
from till.db.locks import Lock, LockKind, hold
from till.documents.model import Document, DocumentKind, Draft, Reference
from till.documents.post import Booking, already_posted, post_new
from till.documents.reason import too_long
from till.errors import Refused
from till.i18n import msg
from till.ledger.entry import Posting, merged
from till.ledger.journal import entries_of
from till.money import ZERO, Money, total
from till.sales.bookings import postings
from till.sales.order import TenderFace
from till.sales.pricing import Rates, rate_of
from till.sales.return_books import books_of, receipt, refusal_of_receipt, refusal_of_voucher
from till.sales.return_draft import Books, plan_of, return_lines, return_payments, vat_of
from till.sales.returned import NO_REASON, MoneyBack, ReturnPlan, ReturnWish, wish_record
from till.shifts.movement import check_drawer
from till.shifts.shift import target_cash
from till.vouchers import bookings as voucher_bookings
from till.vouchers import issue
from till.vouchers.events import NewEvent, note_event
from till.vouchers.locks import number_lock, voucher_lock
from till.vouchers.model import Voucher, VoucherEventKind, VoucherOrigin
from till.vouchers.redeem import NOT_IN_CASH
from till.vouchers.rules import voucher_rules
from till.vouchers.standing import issued_by
from till.vouchers.terms import WORTH_NOTHING
from till.vouchers.types import voucher_type
from till.vouchers.value import Share

TENDER_GONE = msg("This way to pay can’t be used to refund. Choose another one.")


@dataclass(frozen=True, slots=True)
class ReturnRules:
    """The rates of the day, the ways to pay by which money can go out (cash first), and since when the return is under way."""

    rates: Rates
    tenders: tuple[TenderFace, ...]
    started_at: dt.datetime

    @property
    def faces(self) -> Mapping[str, TenderFace]:
        """The ways to pay by their ids."""
        return {face.id: face for face in self.tenders}


@dataclass(frozen=True, slots=True)
class Returned:
    """A booked return or cancellation: its document, and the vouchers that were given instead of money.

    Not `is_new` when it was booked before and its answer was lost.
    """

    document: Document
    vouchers: tuple[Voucher, ...]
    is_new: bool


@dataclass(frozen=True, slots=True)
class _Planned:
    """A wish, the books that it was planned from, and what came of it."""

    wish: ReturnWish
    rules: ReturnRules
    books: Books
    plan: ReturnPlan


def planned(session: Session, context: Context, wish: ReturnWish, rules: ReturnRules) -> ReturnPlan:
    """What a wish comes to by the books of now; nothing is booked.

    Raises Refused for what can't come back; what is only missing yet stands in the plan's `refusal`.
    """
    return _planned(session, context, wish, rules).plan


def give_back(session: Session, context: Context, wish: ReturnWish, rules: ReturnRules) -> Returned:
    """Book a wish in the caller's transaction. The same wish again returns the document that was booked.

    Raises Refused, with nothing booked, for what can't come back (any more), for a voucher of the receipt that is not
    whole any more, while something is still open, and when the drawer doesn't hold the cash.
    """
    _hold_all(session, context, wish)
    record = wish_record(wish)
    known = already_posted(session, wish.id, record)
    if known is not None:
        return Returned(known, tuple(issued_by(session, known.id)), is_new=False)
    found = _planned(session, context, wish, rules)
    if found.plan.refusal is not None:
        raise found.plan.refusal
    new = tuple(_new_voucher(session, context, found, number) for number in range(len(wish.vouchers)))
    issue.check_all_different(new)
    draft = _draft(found, new)
    legs = _legs(context, found, draft, new)
    booking = Booking(legs, content=record, reverses=_reversed(session, found) if legs else None)
    document = post_new(session, context, draft, booking)
    for voucher in found.plan.cancelled:
        ended = NewEvent(voucher.id, VoucherEventKind.CANCELLED, wish.reason, document_id=document.id)
        note_event(session, context, ended)
    entered = tuple(issue.enter(session, voucher, document.id, document.number) for voucher in new)
    return Returned(document, entered, is_new=True)


def _hold_all(session: Session, context: Context, wish: ReturnWish) -> None:
    """Take the locks, and look again: while this one waited, another voucher may have taken the place of one of them."""
    held: set[Lock] = set()
    while not (wanted := set(_locks(session, context, wish))) <= held:
        hold(session, wanted - held)
        held |= wanted


def _locks(session: Session, context: Context, wish: ReturnWish) -> list[Lock]:
    """The till, all vouchers of the receipt and those that took their place, the types of new ones, and the receipt."""
    books = books_of(session, receipt(session, wish.original_id), context.business_date)
    named = {line.voucher.voucher_id for line in books.lines if line.voucher is not None}
    named |= {target.voucher.id for target in books.targets.values()}
    return [
        Lock(LockKind.TILL, context.till_id),
        *(voucher_lock(voucher_id) for voucher_id in named),
        *(number_lock(one.type_id) for one in wish.vouchers),
        Lock(LockKind.DOCUMENT, str(wish.original_id)),
    ]


def _planned(session: Session, context: Context, wish: ReturnWish, rules: ReturnRules) -> _Planned:
    books = books_of(session, receipt(session, wish.original_id), context.business_date)
    refusal = refusal_of_receipt(books.original, books.history)
    if refusal is not None:
        raise refusal
    plan = plan_of(books, wish, tuple(rules.faces))
    found = _Planned(wish, rules, books, plan)
    return replace(found, plan=replace(plan, refusal=_refusal(session, context, found)))


def _refusal(session: Session, context: Context, found: _Planned) -> Refused | None:
    """The first reason why it can't be booked like this."""
    today = context.business_date
    vouchers = (refusal_of_voucher(session, voucher, today) for voucher in found.plan.cancelled)
    return (
        next((refusal for refusal in vouchers if refusal is not None), None)
        or _wrong_reason(found.wish)
        or _wrong_refund(session, found)
        or _left_open(found.plan.open)
        or _empty_drawer(session, context, found)
    )


def _wrong_reason(wish: ReturnWish) -> Refused | None:
    if wish.is_cancellation and not wish.reason:
        return Refused(NO_REASON)
    return too_long(wish.reason)


def _wrong_refund(session: Session, found: _Planned) -> Refused | None:
    """A way to pay that is none, an amount that makes no sense, or a voucher type that is not sold."""
    for one in found.plan.refunds:
        if one.tender_id not in found.rules.faces:
            return Refused(TENDER_GONE)
        if one.amount < ZERO and not _comes_back_in_cash(found, one):
            return Refused(msg("A refund must be above 0."))
    for new in found.plan.vouchers:
        kind = voucher_type(session, new.type_id)
        if kind is None or not kind.active:
            return Refused(msg("This voucher is no longer sold."))
        if new.amount <= ZERO:
            return Refused(WORTH_NOTHING, name=kind.name)
    return _wrong_cash(session, found.plan)


def _wrong_cash(session: Session, plan: ReturnPlan) -> Refused | None:
    """In a shop that pays out nothing of vouchers, their paid part can become another voucher, but no money (V35)."""
    money = total(one.amount for one in plan.refunds)
    from_vouchers = total(one.paid_out for one in plan.back)
    if money <= plan.to_refund - from_vouchers or voucher_rules(session).surplus_in_cash:
        return None
    return Refused(NOT_IN_CASH)


def _comes_back_in_cash(found: _Planned, one: MoneyBack) -> bool:
    """A surplus that was paid out in cash comes back in cash when the whole receipt is cancelled, and no cent more (V35)."""
    paid_out = total(payment.amount for payment in found.books.original.draft.payments if payment.amount < ZERO)
    refunded = total(found.books.history.refunded.values())
    is_paid_out = found.wish.is_cancellation and paid_out and _is_cash(found, one.tender_id)
    return bool(is_paid_out) and one.amount >= paid_out - refunded


def _is_cash(found: _Planned, tender_id: str) -> bool:
    return found.rules.faces[tender_id].zahlart_typ is ZahlartTyp.BAR


def _left_open(open_amount: Money) -> Refused | None:
    if open_amount > ZERO:
        return Refused(msg("{open} is still to be refunded. Say how."), open=open_amount)
    if open_amount < ZERO:
        return Refused(msg("{excess} too much would be refunded. Take some of it off."), excess=-open_amount)
    return None


def _empty_drawer(session: Session, context: Context, found: _Planned) -> Refused | None:
    cash = total(one.amount for one in found.plan.refunds if _is_cash(found, one.tender_id))
    try:
        check_drawer(target_cash(session, context.till_id), -cash)
    except Refused as refused:
        return refused
    return None


def _new_voucher(session: Session, context: Context, found: _Planned, number: int) -> Voucher:
    """A voucher over what is owed: all of it was paid for, by what comes back (V4)."""
    wanted = found.wish.vouchers[number]
    kind = voucher_type(session, wanted.type_id)
    if kind is None:
        raise Refused(msg("This voucher is no longer sold."))
    voucher_id = uuid.uuid5(found.wish.id, f"voucher {number}")
    rate_bp = rate_of(found.rules.rates, kind.vat_key)
    new = issue.NewVoucher(voucher_id, wanted.amount, wanted.amount, wanted.number, rate_bp=rate_bp)
    planned_one = issue.plan(session, context, kind, new, voucher_rules(session).terms)
    return replace(planned_one, origin=VoucherOrigin.REFUND)


def _draft(found: _Planned, new: Sequence[Voucher]) -> Draft:
    original, wish = found.books.original, found.wish
    lines = return_lines(found.books, found.plan, new, found.rules.rates)
    return Draft(
        id=wish.id,
        kind=DocumentKind.CANCELLATION if wish.is_cancellation else DocumentKind.RETURN,
        bon_typ=BonTyp.BELEG,
        started_at=found.rules.started_at,
        lines=lines,
        payments=return_payments(found.plan, found.rules.faces),
        vat=vat_of(lines),
        references=(Reference(original.till_id, original.number, original.id),),
        note=wish.reason,
    )


def _legs(context: Context, found: _Planned, draft: Draft, new: Sequence[Voucher]) -> tuple[Posting, ...]:
    legs = list(postings(context.till_id, (draft.lines, draft.payments), (new, ())))
    for voucher in found.plan.cancelled:
        legs += voucher_bookings.cancelled(voucher)
    for one in found.plan.back:
        legs += voucher_bookings.given_back(one.voucher, Share(one.paid - one.paid_out, one.bonus))
    return merged(legs)


def _reversed(session: Session, found: _Planned) -> uuid.UUID | None:
    """The entry that a cancellation takes back: the database lets that happen once."""
    original_id = found.books.original.id
    stored = entries_of(session, [original_id]).get(original_id, [])
    return uuid.UUID(str(stored[0].values["id"])) if found.wish.is_cancellation and stored else None
