"""How many vouchers stand at once, for lists: the same rules as for one, with a few queries for all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from till.ledger.account import Account
from till.ledger.balances import balances_of
from till.money import ZERO, Money
from till.vouchers.bookings import VALUE_ACCOUNTS, paid_account
from till.vouchers.events import VoucherEvent, events_by_voucher
from till.vouchers.model import Voucher, VoucherEventKind, VoucherStanding, VoucherState
from till.vouchers.standing import Facts, added_by, state_from


@dataclass(frozen=True, slots=True)
class Known:
    """A voucher as it stands, without since when and why, and what happened to it."""

    standing: VoucherStanding
    happened: tuple[VoucherEvent, ...]


def with_events(session: Session, found: Sequence[Voucher], today: dt.date) -> list[Known]:
    """How these vouchers stand on `today`, in their order; some thousand at most."""
    left = balances_of(session, VALUE_ACCOUNTS, [str(voucher.id) for voucher in found])
    happened = events_by_voucher(session, [voucher.id for voucher in found])
    open_items = [str(voucher.receivable_id) for voucher in found if voucher.receivable_id is not None]
    owed = balances_of(session, (Account.RECEIVABLE,), open_items)
    known = []
    for voucher in found:
        paid = -left.get((paid_account(voucher.vat_treatment), str(voucher.id)), ZERO)
        bonus = -left.get((Account.VOUCHER_BONUS, str(voucher.id)), ZERO)
        events = tuple(happened.get(voucher.id, ()))
        is_owed = owed.get((Account.RECEIVABLE, str(voucher.receivable_id)), ZERO) > ZERO
        state, _event = state_from(Facts(voucher, paid + bonus, events, is_owed), today)
        known.append(Known(VoucherStanding(voucher, state, paid, bonus, None, added_by(events)), events))
    return known


def redeemed_of(known: Known) -> Money:
    """What was redeemed or taken off by corrections (V41).

    What went onto a new number, or back with the receipt that sold it, is not redeemed. What was redeemed under an earlier
    number and came back on this one makes it never less than nothing.
    """
    now = known.standing
    if now.state is VoucherState.CANCELLED:
        return ZERO
    gone = next((-e.new.amount for e in known.happened if e.new.kind is VoucherEventKind.REPLACED), ZERO)
    return max(now.voucher.face + now.added - now.remaining - gone, ZERO)
