"""The history of a voucher, from its postings and from what happened to it besides: nothing is kept twice (V43)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from till.documents.models import DocumentRow
from till.ledger.account import Account
from till.ledger.models import EntryRow, PostingRow
from till.money import ZERO, Money
from till.staff.users import people
from till.vouchers.bookings import paid_account
from till.vouchers.events import VoucherEvent, events_of
from till.vouchers.model import Voucher, VoucherEventKind, VoucherOrigin
from till.vouchers.standing import voucher_by_id


class Happening(StrEnum):
    """What a line of a voucher's history tells."""

    SOLD = "sold"
    REFUNDED = "refunded"
    BROUGHT_IN = "brought-in"
    MADE_FROM = "made-from"
    REDEEMED = "redeemed"
    GIVEN_BACK = "given-back"
    REDUCED = "reduced"
    RAISED = "raised"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    REPLACED = "replaced"
    CANCELLED = "cancelled"
    CONVERTED = "converted"


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that happened to a voucher: when, at which till, by whom, and with which receipt.

    `amount` is what it has more (+) or less (-) by it, `rest` what was on it then. `reason` is what was typed; `other` the
    number of the voucher that this one became or came from, and `other_id` its id.
    """

    happening: Happening
    at: dt.datetime
    till_id: str
    user_name: str
    amount: Money = ZERO
    rest: Money = ZERO
    receipt: int | None = None
    document_id: uuid.UUID | None = None
    reason: str = ""
    other: str = ""
    other_id: uuid.UUID | None = None


_BEGUN_AS = {
    VoucherOrigin.SOLD: Happening.SOLD,
    VoucherOrigin.REFUND: Happening.REFUNDED,
    VoucherOrigin.REPLACEMENT: Happening.MADE_FROM,
    VoucherOrigin.OLD: Happening.BROUGHT_IN,
}
_PLAIN = {
    VoucherEventKind.BLOCKED: Happening.BLOCKED,
    VoucherEventKind.UNBLOCKED: Happening.UNBLOCKED,
    VoucherEventKind.REPLACED: Happening.REPLACED,
    VoucherEventKind.CANCELLED: Happening.CANCELLED,
    VoucherEventKind.CONVERTED: Happening.CONVERTED,
    VoucherEventKind.CONVERTED_IN_PART: Happening.CONVERTED,
}


def history(session: Session, found: Voucher) -> tuple[HistoryLine, ...]:
    """All that happened to a voucher, oldest first."""
    events = events_of(session, found.id)
    lines = [*_moved(session, found, events), *_unmoved(session, found, events)]
    births = _BEGUN_AS.values()
    lines.sort(key=lambda line: (line.at, line.happening not in births, line.receipt is None, line.receipt or 0))
    return tuple(_with_rests(lines))


def _moved(session: Session, found: Voucher, events: Sequence[VoucherEvent]) -> Iterator[HistoryLine]:
    """What moved value, one line for each entry of the ledger."""
    booked = {event.new.document_id or event.new.id: event for event in events}
    names = {person.user.id: person.user.name for person in people(session, with_former=True)}
    for row in _entries(session, found):
        line = HistoryLine(
            Happening.REDEEMED,
            row.booked_at,
            row.till_id,
            row.user_name or names.get(row.user_id, ""),
            -row.amount,
            receipt=row.number,
            document_id=row.document_id,
        )
        is_birth = row.id == found.entry_id if found.document_id is None else row.document_id == found.document_id
        yield _named(session, found, line, (is_birth, booked.get(row.document_id or row.id)))


def _named(session: Session, found: Voucher, line: HistoryLine, entry: tuple[bool, VoucherEvent | None]) -> HistoryLine:
    """The line with what it tells; `entry` says whether it made the voucher, and what it did besides moving value."""
    is_birth, event = entry
    if is_birth:
        return _with_other(session, replace(line, happening=_BEGUN_AS[found.origin]), found.replaces)
    if event is not None:
        happening = _PLAIN.get(event.new.kind) or (Happening.RAISED if line.amount > ZERO else Happening.REDUCED)
        told = replace(line, happening=happening, reason=event.new.reason)
        return _with_other(session, told, event.new.other_id)
    return replace(line, happening=Happening.GIVEN_BACK) if line.amount > ZERO else line


def _unmoved(session: Session, found: Voucher, events: Sequence[VoucherEvent]) -> Iterator[HistoryLine]:
    """What moved nothing: blocked, let go again, or closed by a document that had no value of it."""
    wish_id = func.coalesce(EntryRow.document_id, EntryRow.id)
    moving = set(session.scalars(select(wish_id).where(EntryRow.id.in_(_entry_ids(found)))))
    for event in events:
        new = event.new
        if new.kind in _PLAIN and (new.document_id or new.id) not in moving:
            line = HistoryLine(_PLAIN[new.kind], event.at, event.till_id, event.user_name, reason=new.reason)
            yield _with_other(session, replace(line, document_id=new.document_id), new.other_id)


def _with_other(session: Session, line: HistoryLine, other_id: uuid.UUID | None) -> HistoryLine:
    other = None if other_id is None else voucher_by_id(session, other_id)
    return line if other is None else replace(line, other=other.number, other_id=other.id)


def _with_rests(lines: list[HistoryLine]) -> Iterator[HistoryLine]:
    rest = ZERO
    for line in lines:
        rest += line.amount
        yield replace(line, rest=rest)


def _accounts(found: Voucher) -> tuple[str, str]:
    return paid_account(found.vat_treatment).value, Account.VOUCHER_BONUS.value


def _entry_ids(found: Voucher) -> Any:
    return select(PostingRow.entry_id).where(
        PostingRow.account.in_(_accounts(found)), PostingRow.subject == str(found.id)
    )


def _entries(session: Session, found: Voucher) -> Sequence[Any]:
    """The entries that moved value of it, each with its sum (debit +) and the head of its document, if it has one."""
    amounts = (
        select(PostingRow.entry_id, func.sum(PostingRow.amount).label("amount"))
        .where(PostingRow.account.in_(_accounts(found)), PostingRow.subject == str(found.id))
        .group_by(PostingRow.entry_id)
        .subquery()
    )
    return session.execute(
        select(
            EntryRow.id,
            EntryRow.document_id,
            EntryRow.booked_at,
            EntryRow.till_id,
            EntryRow.user_id,
            DocumentRow.number,
            DocumentRow.user_name,
            amounts.c.amount,
        )
        .join(EntryRow, EntryRow.id == amounts.c.entry_id)
        .outerjoin(DocumentRow, DocumentRow.id == EntryRow.document_id)
        .order_by(EntryRow.booked_at)
    ).all()
