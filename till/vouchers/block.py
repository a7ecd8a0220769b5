"""Blocks a voucher that was lost or stolen, and lets it be redeemed again: its value stays what it is (V44)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from till.audit import trail
from till.db.context import Context
from till.db.locks import Lock, LockKind, hold
from till.errors import Refused
from till.i18n import msg
from till.vouchers.events import NewEvent, events_of, note_event
from till.vouchers.locks import voucher_lock
from till.vouchers.model import Voucher, VoucherEventKind, VoucherState
from till.vouchers.reason import checked_reason
from till.vouchers.standing import known_voucher, open_standing, refusal_of


@dataclass(frozen=True, slots=True)
class Blocking:
    """A wish to block a voucher, or to let it go again, and why; the same wish again does nothing more."""

    voucher_id: uuid.UUID
    reason: str
    id: uuid.UUID = field(default_factory=uuid.uuid4)


def block(session: Session, context: Context, wish: Blocking) -> None:
    """Have every till refuse this voucher from now on. Refused where it is blocked already, or nothing is left on it."""
    reason = checked_reason(wish.reason)
    if _is_done(session, context, wish):
        return
    now = open_standing(session, wish.voucher_id, context.business_date)
    refusal = refusal_of(now)
    if now.state is VoucherState.BLOCKED and refusal is not None:
        raise refusal
    note_event(session, context, NewEvent(wish.voucher_id, VoucherEventKind.BLOCKED, reason, id=wish.id))
    _note(session, context, trail.Action.VOUCHER_BLOCKED, now.voucher, reason)


def unblock(session: Session, context: Context, wish: Blocking) -> None:
    """Let a blocked voucher be redeemed again, with all that was left on it. Refused where it is not blocked."""
    reason = checked_reason(wish.reason)
    if _is_done(session, context, wish):
        return
    now = open_standing(session, wish.voucher_id, context.business_date)
    if now.state is not VoucherState.BLOCKED:
        raise Refused(msg("{number} is not blocked."), number=now.voucher.number)
    note_event(session, context, NewEvent(wish.voucher_id, VoucherEventKind.UNBLOCKED, reason, id=wish.id))
    _note(session, context, trail.Action.VOUCHER_UNBLOCKED, now.voucher, reason)


def told(number: str, reason: str) -> str:
    """What the audit trail says of it, in the words of the books."""
    return f"{number}\nGrund: {reason}"


def _is_done(session: Session, context: Context, wish: Blocking) -> bool:
    """Whether this very wish was done before and its answer was lost; takes the locks."""
    hold(session, [Lock(LockKind.TILL, context.till_id), voucher_lock(wish.voucher_id)])
    known_voucher(session, wish.voucher_id)
    return any(event.new.id == wish.id for event in events_of(session, wish.voucher_id))


def _note(session: Session, context: Context, action: trail.Action, found: Voucher, reason: str) -> None:
    trail.note(session, context, action, str(found.id), after=told(found.number, reason))
