"""Finds vouchers and says how they stand: what is left on them, and why one can't be redeemed (V15, V31)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from till.business_case import VatKey
from till.errors import Refused
from till.formats import shortened
from till.i18n import msg
from till.ledger.account import Account
from till.ledger.balances import balance
from till.money import ZERO, Money, total
from till.vouchers.bookings import paid_account
from till.vouchers.events import VoucherEvent, events_of
from till.vouchers.model import (
    VatTreatment,
    Voucher,
    VoucherEventKind,
    VoucherOrigin,
    VoucherStanding,
    VoucherState,
)
from till.vouchers.models import VoucherRow
from till.vouchers.movements import last_taking
from till.vouchers.numbers import checked, matching

UNKNOWN = msg("This voucher is not known here.")
CLOSED = frozenset({VoucherState.USED, VoucherState.CANCELLED, VoucherState.REPLACED, VoucherState.CONVERTED})
"""In these states there is nothing to correct, to block or to replace (V42)."""
_CLOSED_AS = {
    VoucherEventKind.CANCELLED: VoucherState.CANCELLED,
    VoucherEventKind.REPLACED: VoucherState.REPLACED,
}


def find_vouchers(session: Session, number: str, type_plu: str | None = None) -> list[Voucher]:
    """The vouchers with this number: several where types share it (V13). Refused in words when there is none."""
    query = select(VoucherRow.__table__).where(VoucherRow.number_key == matching(checked(number)))
    if type_plu is not None:
        query = query.where(VoucherRow.type_plu == type_plu)
    found = [voucher_of_row(row) for row in session.execute(query.order_by(VoucherRow.issued_at))]
    if not found:
        raise Refused(
            msg("There is no voucher with the number {number}. Check it, or ask where it was bought."),
            number=shortened(number.strip()),
        )
    return found


def vouchers_numbered(session: Session, type_id: uuid.UUID, numbers: Sequence[str]) -> list[Voucher]:
    """Those of a type with these numbers, some thousand at most; a number that none has is left out."""
    keys = [matching(number) for number in numbers]
    wanted = select(VoucherRow.__table__).where(VoucherRow.type_id == type_id, VoucherRow.number_key.in_(keys))
    return [voucher_of_row(row) for row in session.execute(wanted)]


def voucher_by_id(session: Session, voucher_id: uuid.UUID) -> Voucher | None:
    """The voucher with this id, or None."""
    row = session.execute(select(VoucherRow.__table__).where(VoucherRow.id == voucher_id)).first()
    return None if row is None else voucher_of_row(row)


def known_voucher(session: Session, voucher_id: uuid.UUID) -> Voucher:
    """The voucher with this id; Refused where there is none."""
    found = voucher_by_id(session, voucher_id)
    if found is None:
        raise Refused(UNKNOWN)
    return found


def issued_by(session: Session, document_id: uuid.UUID) -> list[Voucher]:
    """The vouchers that a document sold, by number (V24)."""
    rows = session.execute(
        select(VoucherRow.__table__).where(VoucherRow.document_id == document_id).order_by(VoucherRow.number)
    )
    return [voucher_of_row(row) for row in rows]


def standing_of(session: Session, found: Voucher, today: dt.date) -> VoucherStanding:
    """How a voucher stands on `today`: its state and what is left, from its postings and what happened to it."""
    paid = -balance(session, paid_account(found.vat_treatment), str(found.id))
    bonus = -balance(session, Account.VOUCHER_BONUS, str(found.id))
    happened = events_of(session, found.id)
    is_owed = found.receivable_id is not None and balance(session, Account.RECEIVABLE, str(found.receivable_id)) > ZERO
    state, event = state_from(Facts(found, paid + bonus, tuple(happened), is_owed), today)
    since, reason = _told(session, found, state, event)
    return VoucherStanding(found, state, paid, bonus, since, added_by(happened), reason)


def open_standing(session: Session, voucher_id: uuid.UUID, today: dt.date) -> VoucherStanding:
    """How a voucher stands that something is left on; refused in words where it is spent, cancelled or replaced (V42)."""
    now = standing_of(session, known_voucher(session, voucher_id), today)
    refusal = refusal_of(now)
    if now.state in CLOSED and refusal is not None:
        raise refusal
    return now


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides a voucher's state besides the day: what is left, what happened, whether its invoice is still owed."""

    voucher: Voucher
    remaining: Money
    happened: tuple[VoucherEvent, ...]
    is_owed: bool


def state_from(facts: Facts, today: dt.date) -> tuple[VoucherState, VoucherEvent | None]:
    """The state, and what brought it about where that is something that happened; pure."""
    for event in reversed(facts.happened):
        if event.new.kind in _CLOSED_AS:
            return _CLOSED_AS[event.new.kind], event
    if facts.remaining <= ZERO:
        emptied = [event for event in facts.happened if event.new.kind is VoucherEventKind.CONVERTED]
        return (VoucherState.CONVERTED, emptied[-1]) if emptied else (VoucherState.USED, None)
    locks = [e for e in facts.happened if e.new.kind in {VoucherEventKind.BLOCKED, VoucherEventKind.UNBLOCKED}]
    if locks and locks[-1].new.kind is VoucherEventKind.BLOCKED:
        return VoucherState.BLOCKED, locks[-1]
    if facts.is_owed:
        return VoucherState.PENDING, None
    if today > facts.voucher.valid_until:
        return VoucherState.EXPIRED, None
    return VoucherState.NOT_YET_VALID if today < facts.voucher.valid_from else VoucherState.ACTIVE, None


def added_by(happened: Iterable[VoucherEvent]) -> Money:
    """The bonus that corrections put on a voucher, in all (V41)."""
    corrections = (event.new.amount for event in happened if event.new.kind is VoucherEventKind.CORRECTED)
    return total(amount for amount in corrections if amount > ZERO)


def _told(
    session: Session, found: Voucher, state: VoucherState, event: VoucherEvent | None
) -> tuple[dt.datetime | None, str]:
    """Since when it is so, and why."""
    if state is VoucherState.USED:
        last = last_taking(session, found)
        return None if last is None else last.at, ""
    if state is VoucherState.PENDING:
        return None, found.receivable_name
    if event is None:
        return None, ""
    return event.at, event.new.reason if state is VoucherState.BLOCKED else _number_of(session, event.new.other_id)


def _number_of(session: Session, voucher_id: uuid.UUID | None) -> str:
    other = None if voucher_id is None else voucher_by_id(session, voucher_id)
    return "" if other is None else other.number


def refusal_of(standing: VoucherStanding) -> Refused | None:
    """Why this voucher can't be redeemed now, and since when (V31); None when it can."""
    if standing.state is VoucherState.ACTIVE:
        return None
    found = standing.voucher
    text, date = _REFUSALS[standing.state], standing.since or found.issued_at
    day = {VoucherState.EXPIRED: found.valid_until, VoucherState.NOT_YET_VALID: found.valid_from}.get(
        standing.state, date
    )
    return Refused(text, number=found.number, date=day, reason=standing.reason)


_REFUSALS = {
    VoucherState.USED: msg("{number}: fully redeemed on {date}."),
    VoucherState.EXPIRED: msg("{number}: expired since {date}."),
    VoucherState.NOT_YET_VALID: msg("{number}: valid from {date}."),
    VoucherState.PENDING: msg("{number}: not paid yet: {reason}. It counts as soon as that is settled."),
    VoucherState.BLOCKED: msg("{number}: blocked since {date}: {reason}."),
    VoucherState.CANCELLED: msg("{number}: cancelled on {date} with the receipt that sold it."),
    VoucherState.REPLACED: msg("{number}: replaced by {reason} on {date}. Take that one."),
    VoucherState.CONVERTED: msg("{number}: made into credit on {date}."),
}


def voucher_of_row(row: Any) -> Voucher:
    """The voucher that a row of its table holds."""
    return Voucher(
        id=row.id,
        type_id=row.type_id,
        type_name=row.type_name,
        type_plu=row.type_plu,
        number=row.number,
        sale=row.sale,
        face=row.face,
        vat_treatment=VatTreatment(row.vat_treatment),
        vat_key=VatKey(row.vat_key),
        vat_rate_bp=row.vat_rate_bp,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        issued_at=row.issued_at,
        issued_till=row.issued_till,
        issued_number=row.issued_number,
        text=row.text,
        origin=VoucherOrigin(row.origin),
        document_id=row.document_id,
        entry_id=row.entry_id,
        replaces=row.replaces,
        receivable_id=row.receivable_id,
        receivable_name=row.receivable_name,
    )
