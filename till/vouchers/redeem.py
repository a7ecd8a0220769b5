"""Finds vouchers, says how they stand, and takes value from them inside a sale (V30 to V39)."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from till.business_case import VatKey
from till.db.context import Context
from till.db.locks import Lock, LockKind
from till.errors import Refused
from till.formats import shortened
from till.i18n import msg
from till.ledger.account import Account
from till.ledger.balances import balance
from till.ledger.models import EntryRow, PostingRow
from till.money import ZERO, Money
from till.vouchers.bookings import paid_account
from till.vouchers.model import VatTreatment, Voucher, VoucherStanding, VoucherState
from till.vouchers.models import VoucherRow
from till.vouchers.numbers import checked, matching
from till.vouchers.value import Redemption, share_of


def voucher_lock(voucher_id: uuid.UUID) -> Lock:
    """The lock under which a voucher's value is read and taken."""
    return Lock(LockKind.VOUCHER, str(voucher_id))


def find(session: Session, number: str, type_plu: str | None = None) -> list[Voucher]:
    """The vouchers with this number: several where types share it (V13). Refused in words when there is none."""
    query = select(VoucherRow.__table__).where(VoucherRow.number_key == matching(checked(number)))
    if type_plu is not None:
        query = query.where(VoucherRow.type_plu == type_plu)
    found = [_voucher(row) for row in session.execute(query.order_by(VoucherRow.issued_at))]
    if not found:
        raise Refused(
            msg("There is no voucher with the number {number}. Check it, or ask where it was bought."),
            number=shortened(number.strip()),
        )
    return found


def voucher(session: Session, voucher_id: uuid.UUID) -> Voucher | None:
    """The voucher with this id, or None."""
    row = session.execute(select(VoucherRow.__table__).where(VoucherRow.id == voucher_id)).first()
    return None if row is None else _voucher(row)


def issued_by(session: Session, document_id: uuid.UUID) -> list[Voucher]:
    """The vouchers that a document sold, by number (V24)."""
    rows = session.execute(
        select(VoucherRow.__table__).where(VoucherRow.document_id == document_id).order_by(VoucherRow.number)
    )
    return [_voucher(row) for row in rows]


def standing(session: Session, found: Voucher, today: dt.date) -> VoucherStanding:
    """How a voucher stands on `today`: its state and what is left, from its postings."""
    paid = -balance(session, paid_account(found.vat_treatment), str(found.id))
    bonus = -balance(session, Account.VOUCHER_BONUS, str(found.id))
    state = _state(found, paid + bonus, today)
    since = _last_movement(session, found) if state is VoucherState.USED else None
    return VoucherStanding(found, state, paid, bonus, since)


def refusal(standing: VoucherStanding) -> Refused | None:
    """Why this voucher can't be redeemed now, and since when (V31); None when it can."""
    found = standing.voucher
    match standing.state:
        case VoucherState.ACTIVE:
            return None
        case VoucherState.USED:
            return Refused(
                msg("{number}: fully redeemed on {date}."), number=found.number, date=standing.since or found.issued_at
            )
        case VoucherState.EXPIRED:
            return Refused(msg("{number}: expired since {date}."), number=found.number, date=found.valid_until)
        case VoucherState.NOT_YET_VALID:
            return Refused(msg("{number}: valid from {date}."), number=found.number, date=found.valid_from)
        case _:
            return Refused(msg("{number}: can’t be redeemed."), number=found.number)


def take(session: Session, context: Context, voucher_id: uuid.UUID, amount: Money) -> Redemption:
    """What redeeming `amount` takes, checked against the ledger under the voucher's lock (V32, V36, V39).

    Refuses in words a voucher that is gone, spent, expired or holds less; the document that the caller
    posts in the same transaction books it. ValueError unless `amount` is above 0: it would load the voucher.
    """
    if amount <= ZERO:
        raise ValueError(f"the amount to redeem must be above 0, not {amount}")
    found = voucher(session, voucher_id)
    if found is None:
        raise Refused(msg("This voucher is not known here. Take it out of the payment."))
    now = standing(session, found, context.business_date)
    reason = _spent_elsewhere(session, now, amount) or refusal(now)
    if reason is not None:
        raise reason
    before = found.face - now.remaining
    return Redemption(found, share_of(found.sale, found.face, before, amount), now.remaining - amount)


def _spent_elsewhere(session: Session, now: VoucherStanding, amount: Money) -> Refused | None:
    if amount <= now.remaining:
        return None
    last = _last_entry(session, now.voucher)
    if last is None:
        return Refused(msg("{number}: only {left} is left."), number=now.voucher.number, left=now.remaining)
    return Refused(
        msg("{number}: only {left} is left. Redeemed at till {till}, {time}."),
        number=now.voucher.number,
        left=now.remaining,
        till=last.till_id,
        time=last.booked_at,
    )


def _state(found: Voucher, remaining: Money, today: dt.date) -> VoucherState:
    if remaining <= ZERO:
        return VoucherState.USED
    if today > found.valid_until:
        return VoucherState.EXPIRED
    if today < found.valid_from:
        return VoucherState.NOT_YET_VALID
    return VoucherState.ACTIVE


def _last_movement(session: Session, found: Voucher) -> dt.datetime | None:
    last = _last_entry(session, found)
    return last.booked_at if last is not None else None


def _last_entry(session: Session, found: Voucher) -> Any:
    accounts = (paid_account(found.vat_treatment).value, Account.VOUCHER_BONUS.value)
    return session.execute(
        select(EntryRow.till_id, EntryRow.booked_at)
        .join(PostingRow)
        .where(PostingRow.account.in_(accounts), PostingRow.subject == str(found.id), PostingRow.amount > ZERO)
        .order_by(EntryRow.booked_at.desc())
        .limit(1)
    ).first()


def _voucher(row: Any) -> Voucher:
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
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        issued_at=row.issued_at,
        issued_till=row.issued_till,
        issued_number=row.issued_number,
        text=row.text,
    )
