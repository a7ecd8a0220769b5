"""What `verify` asks of vouchers that became credit: paid part became paid credit, bonus became goodwill, to the cent."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from till.db.finding import Check, Finding, Progress
from till.documents.model import DocumentKind
from till.documents.models import DocumentRow
from till.i18n import msg
from till.ledger.account import Account
from till.ledger.models import EntryRow, PostingRow
from till.money import ZERO, Money
from till.sales.converting import REASON
from till.vouchers.model import VoucherEventKind
from till.vouchers.models import VoucherEventRow, VoucherRow

PORTION = 500
_KINDS = [VoucherEventKind.CONVERTED.value, VoucherEventKind.CONVERTED_IN_PART.value]
_PAID = (Account.VOUCHER_MULTI.value, Account.VOUCHER_SINGLE.value)
_Sums = dict[tuple[uuid.UUID, str, str], Money]


def conversions(session: Session, progress: Progress) -> Iterator[Finding]:
    """What left each voucher is what its customer got, each part on its own account; nothing was converted unnoted."""
    query = select(VoucherEventRow.__table__, VoucherRow.number).join(VoucherRow)
    rows = session.execute(query.where(VoucherEventRow.kind.in_(_KINDS)).order_by(VoucherEventRow.id)).all()
    for place in range(0, len(rows), PORTION):
        progress(place, len(rows))
        some = rows[place : place + PORTION]
        heads, sums = _booked(session, some)
        for row in some:
            if not _agrees(row, heads.get(row.id), sums):
                yield Finding(
                    msg("Voucher {number} did not become credit on {date} as it says."),
                    {"number": row.number, "date": row.at},
                )
    noted = {row.id for row in rows}
    for entry_id, till_id in session.execute(_conversion_entries()):
        if entry_id not in noted:
            yield Finding(
                msg("Till {till} made something into credit by {entry}, which nobody noted."),
                {"till": till_id, "entry": entry_id},
            )


def _conversion_entries() -> Any:
    """By the id of the wish: that of the document, or of an entry without one."""
    wish_id = func.coalesce(EntryRow.document_id, EntryRow.id)
    is_one = or_(DocumentRow.kind == DocumentKind.VOUCHER_CONVERSION.value, EntryRow.reason == REASON)
    return (
        select(wish_id, EntryRow.till_id)
        .outerjoin(DocumentRow, DocumentRow.id == EntryRow.document_id)
        .where(is_one)
        .order_by(EntryRow.booked_at)
    )


def _booked(session: Session, events: Sequence[Any]) -> tuple[dict[uuid.UUID, Any], _Sums]:
    """The entries of these events by the events' ids, and what they posted by account and subject."""
    ids = [event.id for event in events]
    is_wanted = or_(EntryRow.document_id.in_(ids), EntryRow.id.in_(ids))
    heads = {row.document_id or row.id: row for row in session.execute(select(EntryRow.__table__).where(is_wanted))}
    wishes = {row.id: wish for wish, row in heads.items()}
    legs = session.execute(
        select(PostingRow.entry_id, PostingRow.account, PostingRow.subject, PostingRow.amount).where(
            PostingRow.entry_id.in_(list(wishes))
        )
    )
    return heads, {(wishes[leg.entry_id], leg.account, leg.subject): leg.amount for leg in legs}


def _agrees(event: Any, entry: Any, sums: _Sums) -> bool:
    def moved(account: str, subject: uuid.UUID) -> Money:
        return sums.get((event.id, account, str(subject)), ZERO)

    if entry is None or (entry.till_id, entry.user_id, entry.booked_at) != (event.till_id, event.user_id, event.at):
        return False
    paid = moved(_PAID[0], event.voucher_id) + moved(_PAID[1], event.voucher_id)
    bonus = moved(Account.VOUCHER_BONUS.value, event.voucher_id)
    got = (moved(Account.CUSTOMER_CREDIT.value, event.other_id), moved(Account.GOODWILL.value, event.other_id))
    return (
        got == (-paid, -bonus)
        and paid + bonus == -event.amount
        and paid >= ZERO
        and bonus >= ZERO
        and event.document_id == entry.document_id
        and (paid == ZERO) == (entry.document_id is None)
    )


CHECKS = (Check("voucher-conversions", msg("vouchers that became credit"), conversions),)
