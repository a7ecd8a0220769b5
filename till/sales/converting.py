"""Makes a voucher's value credit of a customer: paid part to paid credit, bonus part to goodwill (V45, 60-fiscal A4.3)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from till.business_case import BonTyp, GvTyp, VatKey
from till.db.context import Context
from till.db.locks import Lock, LockKind, hold
from till.documents.model import CREDIT, Document, DocumentKind, Draft, Line, Reference
from till.documents.post import ANOTHER_WISH, Booking, already_posted, post_new
from till.errors import Refused
from till.ledger import chain, journal
from till.ledger.chain import Record
from till.ledger.entry import Entry, Posting, merged
from till.money import ZERO, Money
from till.sales.bookings import postings
from till.sales.draft import NO_PAYMENT, vat_totals, voucher_note
from till.sales.pricing import Rates, key_today, rate_of
from till.tax import included_tax
from till.vouchers.bookings import converted
from till.vouchers.events import NewEvent, note_event
from till.vouchers.locks import voucher_lock
from till.vouchers.model import VatTreatment, Voucher, VoucherEventKind
from till.vouchers.models import VoucherEventRow
from till.vouchers.redeem import take
from till.vouchers.value import Redemption, Wish

REASON = "voucher-conversion"
"""The ledger's reason where only given value becomes goodwill: no Vorgang, an entry alone."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """A wish to make `amount` of a voucher, above 0, credit of the customer with this id.

    The id is older than the booking: the same wish again is the same document and event.
    """

    voucher_id: uuid.UUID
    customer_id: uuid.UUID
    amount: Money
    id: uuid.UUID = field(default_factory=uuid.uuid4)


@dataclass(frozen=True, slots=True)
class Converted:
    """What was booked: the parts that left the voucher, and the receipt; None where nobody had paid for what was converted.

    Not `is_new` when it was booked before and its answer was lost; `taken` is None then.
    """

    document: Document | None
    taken: Redemption | None
    is_new: bool = True


def convert(session: Session, context: Context, wish: Conversion, rates: Rates) -> Converted:
    """Book a conversion in the caller's transaction. The same wish again gives the first document.

    The parts leave the voucher in their proportion (V39). A multi-purpose voucher is redeemed for credit; a single-purpose
    one is taken back with the VAT of its sale, as credit is taxed when it is spent. Refused as a redemption is: for a
    voucher that is not active, or holds less. Bonus never becomes paid credit.
    """
    hold(session, [Lock(LockKind.TILL, context.till_id), voucher_lock(wish.voucher_id)])
    record: Record = {"voucher": wish.voucher_id, "customer": wish.customer_id, "amount": wish.amount, "kind": REASON}
    known = already_posted(session, wish.id, record)
    if known is not None or _is_noted(session, wish):
        return Converted(known, None, is_new=False)
    taken = take(session, context, Wish(wish.voucher_id, wish.amount))
    legs = converted(taken.voucher, taken.share, str(wish.customer_id))
    document = None
    if taken.share.paid:
        lines = _lines(taken, rates)
        legs = merged([*postings(context.till_id, (lines, (NO_PAYMENT,)), ((), ())), *legs])
        document = post_new(
            session, context, _draft(context, wish, taken.voucher, lines), Booking(legs, content=record)
        )
    else:
        _book_alone(session, _entry(context, wish, legs))
    _note(session, context, wish, taken)
    return Converted(document, taken)


def _is_noted(session: Session, wish: Conversion) -> bool:
    """Whether it was booked as an entry alone; Refused when the id was used for another wish."""
    columns = VoucherEventRow.voucher_id, VoucherEventRow.other_id, VoucherEventRow.amount
    known = session.execute(select(*columns).where(VoucherEventRow.id == wish.id)).first()
    if known is None:
        return False
    if tuple(known) != (wish.voucher_id, wish.customer_id, -wish.amount):
        raise Refused(ANOTHER_WISH)
    return True


def _lines(taken: Redemption, rates: Rates) -> tuple[Line, ...]:
    voucher, paid = taken.voucher, taken.share.paid
    single = voucher.vat_treatment is VatTreatment.SINGLE_PURPOSE
    key = key_today(voucher.vat_key, voucher.vat_rate_bp, rates) if single else VatKey.NOT_TAXABLE
    rate_bp = rate_of(rates, key)
    given_up = Line(
        text=voucher.type_name,
        gv_typ=GvTyp.EINZWECK_KAUF if single else GvTyp.MEHRZWECK_EINLOESUNG,
        gv_name=CREDIT,
        vat_key=key,
        rate_bp=rate_bp,
        gross=-paid,
        tax=included_tax(-paid, rate_bp),
        unit_price=-paid,
        voucher=voucher_note(voucher, taken.rest),
    )
    credited = Line(
        text=CREDIT,
        gv_typ=GvTyp.MEHRZWECK_KAUF,
        gv_name=CREDIT,
        vat_key=VatKey.NOT_TAXABLE,
        rate_bp=0,
        gross=paid,
        unit_price=paid,
    )
    return given_up, credited


def _draft(context: Context, wish: Conversion, voucher: Voucher, lines: tuple[Line, ...]) -> Draft:
    return Draft(
        id=wish.id,
        kind=DocumentKind.VOUCHER_CONVERSION,
        bon_typ=BonTyp.BELEG,
        started_at=context.now,
        lines=lines,
        payments=(NO_PAYMENT,),
        vat=vat_totals(lines),
        references=_sold_by(voucher),
    )


def _sold_by(voucher: Voucher) -> tuple[Reference, ...]:
    """The receipt whose sale a single-purpose voucher takes back with it (60-fiscal A3.4 rule 7)."""
    if voucher.vat_treatment is VatTreatment.MULTI_PURPOSE or voucher.document_id is None:
        return ()
    return (Reference(voucher.issued_till, voucher.issued_number, voucher.document_id),)


def _entry(context: Context, wish: Conversion, legs: tuple[Posting, ...]) -> Entry:
    return Entry(
        wish.id,
        REASON,
        None,
        context.now,
        context.business_date,
        context.till_id,
        context.shift_id,
        context.user_id,
        legs,
    )


def _book_alone(session: Session, entry: Entry) -> None:
    journal.append(session, entry)
    chain.extend(session, entry.till_id, chain.RecordKind.ENTRY, str(entry.id), journal.record_of(entry))


def _note(session: Session, context: Context, wish: Conversion, taken: Redemption) -> None:
    kind = VoucherEventKind.CONVERTED_IN_PART if taken.rest > ZERO else VoucherEventKind.CONVERTED
    document_id = wish.id if taken.share.paid else None
    event = NewEvent(
        wish.voucher_id, kind, amount=-wish.amount, document_id=document_id, other_id=wish.customer_id, id=wish.id
    )
    note_event(session, context, event)
