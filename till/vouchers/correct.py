"""Corrects what a voucher is worth: value taken off, or bonus added, by a posting and never by editing (V41, V42)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from till.business_case import BonTyp
from till.db.context import Context
from till.db.locks import Lock, LockKind, hold
from till.documents.model import Document, DocumentKind, Draft
from till.documents.post import Booking, already_posted, post_new
from till.errors import Refused
from till.i18n import msg
from till.ledger.chain import Record
from till.ledger.entry import Posting
from till.money import MAX_CENTS, ZERO, Money
from till.vouchers.bookings import bonus_added, written_off
from till.vouchers.events import NewEvent, note_event
from till.vouchers.locks import voucher_lock
from till.vouchers.model import VoucherEventKind, VoucherStanding
from till.vouchers.reason import checked_reason
from till.vouchers.standing import open_standing
from till.vouchers.value import share_left

BON_NAME = "Gutscheinkorrektur"
"""Its word in the books, which stays German whatever the screen speaks (60-fiscal A4.3)."""
AMOUNT_MISSING = msg("Type an amount above 0.")


@dataclass(frozen=True, slots=True)
class Correction:
    """A wish to correct a voucher: `amount` is taken off where it is negative, and added as bonus where it is positive.

    The id is older than the booking: the same wish again is the same document.
    """

    voucher_id: uuid.UUID
    amount: Money
    reason: str
    id: uuid.UUID = field(default_factory=uuid.uuid4)


@dataclass(frozen=True, slots=True)
class Booked:
    """The document of something done to a voucher; not `is_new` when it was booked before and its answer was lost."""

    document: Document
    is_new: bool


def correct(session: Session, context: Context, wish: Correction) -> Booked:
    """Book a correction. The same wish again gives the first document.

    Refused without an amount or a reason, with more than remains, and where nothing is left to correct (V42). What is taken
    off splits as a redemption does (V39); what is added is bonus and is spent last (V41).
    """
    reason = checked_reason(wish.reason)
    hold(session, [Lock(LockKind.TILL, context.till_id), voucher_lock(wish.voucher_id)])
    record: Record = {"voucher": wish.voucher_id, "amount": wish.amount, "reason": reason, "kind": BON_NAME}
    known = already_posted(session, wish.id, record)
    if known is not None:
        return Booked(known, is_new=False)
    now = open_standing(session, wish.voucher_id, context.business_date)
    check_amount(now, wish.amount)
    draft = Draft(
        id=wish.id,
        kind=DocumentKind.VOUCHER_CORRECTION,
        bon_typ=BonTyp.SONSTIGE,
        bon_name=BON_NAME,
        started_at=context.now,
        note=f"{now.voucher.number} {wish.amount}: {reason}",
    )
    document = post_new(session, context, draft, Booking(_legs(now, wish.amount), content=record))
    note_event(
        session,
        context,
        NewEvent(wish.voucher_id, VoucherEventKind.CORRECTED, reason, wish.amount, document.id),
    )
    return Booked(document, is_new=True)


def check_amount(now: VoucherStanding, amount: Money) -> None:
    """Refuse an amount that no correction of this voucher can have; `amount` as a Correction's."""
    if not amount:
        raise Refused(AMOUNT_MISSING)
    if -amount > now.remaining:
        raise Refused(msg("{number}: only {left} is left."), number=now.voucher.number, left=now.remaining)
    if now.remaining.cents + amount.cents > MAX_CENTS:
        raise Refused(msg("A voucher can’t be worth more than {most}."), most=Money(MAX_CENTS))


def _legs(now: VoucherStanding, amount: Money) -> tuple[Posting, ...]:
    if amount > ZERO:
        return bonus_added(now.voucher, amount)
    return written_off(now.voucher, share_left(now, -amount))
