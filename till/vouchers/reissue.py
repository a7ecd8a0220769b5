"""Gives a voucher another number: the old one is closed, and all that was left on it stands on the new one (V44)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from till.business_case import BonTyp
from till.db.context import Context
from till.db.locks import Lock, LockKind, hold
from till.documents.model import Document, DocumentKind, Draft
from till.documents.post import Booking, already_posted, post_new
from till.errors import Refused
from till.ledger.chain import Record
from till.money import ZERO, Money
from till.vouchers.bookings import moved
from till.vouchers.events import NewEvent, note_event
from till.vouchers.issue import insert_row, new_number
from till.vouchers.locks import number_lock, voucher_lock
from till.vouchers.model import Voucher, VoucherEventKind, VoucherOrigin, VoucherStanding
from till.vouchers.reason import checked_reason
from till.vouchers.standing import UNKNOWN, issued_by, known_voucher, open_standing
from till.vouchers.types import voucher_type
from till.vouchers.value import Share

BON_NAME = "Gutscheinersatz"
"""Its word in the books, which stays German whatever the screen speaks."""


@dataclass(frozen=True, slots=True)
class Reissue:
    """A wish to replace a voucher, and why; without a `number` the next one of its type is taken, where there is one.

    The id is older than the booking: the same wish again is the same document and voucher.
    """

    voucher_id: uuid.UUID
    reason: str
    number: str = ""
    id: uuid.UUID = field(default_factory=uuid.uuid4)


@dataclass(frozen=True, slots=True)
class Reissued:
    """The document that closed the old voucher, and the new one; not `is_new` when it was booked before."""

    document: Document
    voucher: Voucher
    is_new: bool


def reissue(session: Session, context: Context, wish: Reissue) -> Reissued:
    """Close a voucher, blocked or not, and put all that is left on it onto a new one with the same validity.

    No money moves and no VAT falls due. Refused where nothing is left on it, and for a number that was used before.
    """
    reason = checked_reason(wish.reason)
    found = known_voucher(session, wish.voucher_id)
    locks = [Lock(LockKind.TILL, context.till_id), voucher_lock(found.id), number_lock(found.type_id)]
    hold(session, locks)
    record: Record = {"voucher": found.id, "number": wish.number.strip(), "reason": reason, "kind": BON_NAME}
    known = already_posted(session, wish.id, record)
    if known is not None:
        (made,) = issued_by(session, known.id)
        return Reissued(known, made, is_new=False)
    now = open_standing(session, found.id, context.business_date)
    new = _planned(session, context, now, wish)
    document = post_new(session, context, _draft(context, wish, (found, new), reason), _booking(now, new, record))
    new = replace(new, document_id=document.id, issued_number=document.number)
    insert_row(session, new)
    _note(session, context, now, new, reason)
    return Reissued(document, new, is_new=True)


def carried(now: VoucherStanding) -> Money:
    """What corrections added and is still unspent: on the new voucher too it is bonus that is spent last (V41)."""
    added = min(now.added, now.bonus_left)
    return added if added < now.remaining else ZERO


def _planned(session: Session, context: Context, now: VoucherStanding, wish: Reissue) -> Voucher:
    old = now.voucher
    kind = voucher_type(session, old.type_id)
    if kind is None:
        raise Refused(UNKNOWN)
    new_id = uuid.uuid5(wish.id, "voucher")
    return replace(
        old,
        id=new_id,
        number=new_number(session, kind, new_id, wish.number),
        sale=now.paid_left,
        face=now.remaining - carried(now),
        issued_at=context.now,
        issued_till=context.till_id,
        origin=VoucherOrigin.REPLACEMENT,
        entry_id=None,
        replaces=old.id,
    )


def _draft(context: Context, wish: Reissue, both: tuple[Voucher, Voucher], reason: str) -> Draft:
    old, new = both
    return Draft(
        id=wish.id,
        kind=DocumentKind.VOUCHER_REPLACEMENT,
        bon_typ=BonTyp.SONSTIGE,
        bon_name=BON_NAME,
        started_at=context.now,
        note=f"{old.number} > {new.number}: {reason}",
    )


def _booking(now: VoucherStanding, new: Voucher, record: Record) -> Booking:
    return Booking(moved(now.voucher, new, Share(now.paid_left, now.bonus_left)), content=record)


def _note(session: Session, context: Context, now: VoucherStanding, new: Voucher, reason: str) -> None:
    document_id = new.document_id
    closed = NewEvent(now.voucher.id, VoucherEventKind.REPLACED, reason, -now.remaining, document_id, new.id)
    note_event(session, context, closed)
    added = carried(now)
    if added:
        note_event(session, context, NewEvent(new.id, VoucherEventKind.CORRECTED, reason, added, document_id))
