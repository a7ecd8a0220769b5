"""The history of a voucher, from its postings and from what happened to it besides: nothing is kept twice (V43)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy.orm import Session

from till.money import ZERO, Money
from till.staff.users import people
from till.vouchers.events import VoucherEvent, events_of
from till.vouchers.model import Voucher, VoucherEventKind, VoucherOrigin
from till.vouchers.movements import Movement, movements
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
    moved, events = movements(session, found), events_of(session, found.id)
    lines = [*_moved(session, found, moved, events), *_unmoved(session, moved, events)]
    births = _BEGUN_AS.values()
    lines.sort(key=lambda line: (line.at, line.happening not in births, line.receipt is None, line.receipt or 0))
    return tuple(_with_rests(lines))


def _moved(
    session: Session, found: Voucher, moved: Sequence[Movement], events: Sequence[VoucherEvent]
) -> Iterator[HistoryLine]:
    """What moved value, one line for each entry of the ledger."""
    booked = {event.new.document_id or event.new.id: event for event in events}
    names = {person.user.id: person.user.name for person in people(session, with_former=True)}
    for one in moved:
        line = HistoryLine(
            Happening.REDEEMED,
            one.at,
            one.till_id,
            one.user_name or names.get(one.user_id, ""),
            one.amount,
            receipt=one.receipt,
            document_id=one.document_id,
        )
        yield _named(session, found, line, (one.made(found), booked.get(one.booking_id)))


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


def _unmoved(session: Session, moved: Sequence[Movement], events: Sequence[VoucherEvent]) -> Iterator[HistoryLine]:
    """What moved nothing: blocked, let go again, or closed by a document that had no value of it."""
    moving = {one.booking_id for one in moved}
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
