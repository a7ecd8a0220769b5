"""Takes value from vouchers inside a sale (V30 to V39)."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from till.db.context import Context
from till.db.locks import Lock, LockKind
from till.errors import Refused
from till.i18n import msg
from till.money import ZERO, Money
from till.vouchers.model import VoucherStanding
from till.vouchers.standing import last_taking, refusal_of, standing_of, voucher_by_id
from till.vouchers.value import Redemption, share_left


def voucher_lock(voucher_id: uuid.UUID) -> Lock:
    """The lock under which a voucher's value is read and taken."""
    return Lock(LockKind.VOUCHER, str(voucher_id))


def take(session: Session, context: Context, voucher_id: uuid.UUID, amount: Money) -> Redemption:
    """What redeeming `amount` takes, checked against the ledger under the voucher's lock (V32, V36, V39).

    Refuses in words a voucher that is gone, spent, expired or holds less; the document that the caller
    posts in the same transaction books it. ValueError unless `amount` is above 0: it would load the voucher.
    """
    if amount <= ZERO:
        raise ValueError(f"the amount to redeem must be above 0, not {amount}")
    found = voucher_by_id(session, voucher_id)
    if found is None:
        raise Refused(msg("This voucher is not known here. Take it out of the payment."))
    now = standing_of(session, found, context.business_date)
    reason = _spent_elsewhere(session, now, amount) or refusal_of(now)
    if reason is not None:
        raise reason
    return Redemption(found, share_left(now, amount), now.remaining - amount)


def _spent_elsewhere(session: Session, now: VoucherStanding, amount: Money) -> Refused | None:
    if amount <= now.remaining:
        return None
    last = last_taking(session, now.voucher)
    if last is None:
        return Refused(msg("{number}: only {left} is left."), number=now.voucher.number, left=now.remaining)
    return Refused(
        msg("{number}: only {left} is left. Redeemed at till {till}, {time}."),
        number=now.voucher.number,
        left=now.remaining,
        till=last.till_id,
        time=last.booked_at,
    )
