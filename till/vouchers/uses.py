"""What was taken from a voucher lately, for whoever asks what is on it (V38)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from till.documents.models import DocumentRow
from till.ledger.account import Account
from till.ledger.models import EntryRow, PostingRow
from till.money import Money
from till.vouchers.bookings import paid_account
from till.vouchers.model import Voucher


@dataclass(frozen=True, slots=True)
class Use:
    """Value that left a voucher (positive) or came back onto it (negative), and the receipt; 0: none was made."""

    at: dt.datetime
    till_id: str
    number: int
    amount: Money


def last_uses(session: Session, voucher: Voucher, limit: int) -> list[Use]:
    """The newest uses of a voucher, newest first; what brought it into being is none."""
    accounts = (paid_account(voucher.vat_treatment).value, Account.VOUCHER_BONUS.value)
    entry = (EntryRow.id, EntryRow.document_id, EntryRow.booked_at, EntryRow.till_id, DocumentRow.number)
    rows = session.execute(
        select(*entry, func.sum(PostingRow.amount).label("amount"))
        .join(PostingRow, PostingRow.entry_id == EntryRow.id)
        .outerjoin(DocumentRow, DocumentRow.id == EntryRow.document_id)
        .where(PostingRow.account.in_(accounts), PostingRow.subject == str(voucher.id))
        .group_by(*entry)
        .order_by(EntryRow.booked_at.desc(), DocumentRow.number.desc())
        .limit(limit + 1)
    ).all()
    births = {voucher.entry_id, voucher.document_id} - {None}
    found = [row for row in rows if row.id not in births and row.document_id not in births]
    return [Use(row.booked_at, row.till_id, row.number or 0, row.amount) for row in found[:limit]]
