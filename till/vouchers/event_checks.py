"""What `verify` asks of corrected, blocked and replaced vouchers: what is told of them is what was booked, and no more."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from till.audit.models import AuditRow
from till.audit.trail import Action
from till.db.finding import Check, Finding, Progress
from till.documents.model import DocumentKind
from till.documents.models import DocumentRow
from till.i18n import msg
from till.ledger.account import Account
from till.ledger.balances import subject_of
from till.ledger.models import EntryRow, PostingRow
from till.money import ZERO, Money
from till.vouchers.block import told
from till.vouchers.bookings import VALUE_ACCOUNTS
from till.vouchers.model import VoucherEventKind, VoucherOrigin
from till.vouchers.models import VoucherEventRow, VoucherRow

PORTION = 500
_OF_VOUCHERS = [
    *VALUE_ACCOUNTS,
    Account.VOUCHER_SINGLE_CONTRA,
    Account.VOUCHER_BONUS_CONTRA,
    Account.VOUCHER_CORRECTION,
]
_DOCUMENTS = {
    VoucherEventKind.CORRECTED.value: DocumentKind.VOUCHER_CORRECTION.value,
    VoucherEventKind.REPLACED.value: DocumentKind.VOUCHER_REPLACEMENT.value,
}
_AUDITED = {
    VoucherEventKind.BLOCKED.value: Action.VOUCHER_BLOCKED.value,
    VoucherEventKind.UNBLOCKED.value: Action.VOUCHER_UNBLOCKED.value,
}
_CLOSING = [VoucherEventKind.REPLACED.value, VoucherEventKind.CANCELLED.value]
_WRONG = msg("Voucher {number}: what happened to it on {date} is not what was booked.")
_SAME = ("valid_from", "valid_until", "vat_treatment", "vat_key", "vat_rate_bp", "type_id", "text", "receivable_id")
"""What a replacement keeps of the voucher whose place it takes."""


def booked_as_told(session: Session, progress: Progress) -> Iterator[Finding]:
    """Each correction and replacement is the document that it names, of that amount, reason, till, time and person."""
    documents = {row.id: row for row in session.execute(_DOCUMENTS_OF_VOUCHERS)}
    told_by: set[uuid.UUID | None] = set()
    foreign = set(session.scalars(_WITH_OTHER_ACCOUNTS))
    rows = _events(session, list(_DOCUMENTS))
    for place in range(0, len(rows), PORTION):
        progress(place, len(rows))
        some = rows[place : place + PORTION]
        told_by.update(row.document_id for row in some)
        moved = _moved_by(session, [row.document_id for row in some])
        for row in some:
            if not _agrees(row, documents.get(row.document_id), moved):
                yield Finding(_WRONG, {"number": row.number, "date": row.at})
    for document in documents.values():
        if document.id not in told_by or document.id in foreign:
            yield Finding(
                msg("Document {number} of till {till} names a voucher to which nothing happened."),
                {"number": document.number, "till": document.till_id},
            )


def replaced(session: Session, progress: Progress) -> Iterator[Finding]:
    """A voucher that takes another one's place has its terms, and what was left on it: no cent more, none less."""
    made = session.execute(_VOUCHERS.where(VoucherRow.origin == VoucherOrigin.REPLACEMENT.value)).all()
    for place in range(0, len(made), PORTION):
        progress(place, len(made))
        some = made[place : place + PORTION]
        before = session.execute(_VOUCHERS.where(VoucherRow.id.in_([row.replaces for row in some if row.replaces])))
        old = {row.id: row for row in before}
        moved = _moved_by(session, [row.document_id for row in some if row.document_id])
        carried = _carried_by(session, [row.id for row in some])
        for new in some:
            if not _took_place(old.get(new.replaces), new, moved, carried.get((new.document_id, new.id), ZERO)):
                yield Finding(
                    msg("Voucher {number} is not what was left on the voucher whose place it took."),
                    {"number": new.number},
                )


def closed(session: Session, _progress: Progress) -> Iterator[Finding]:
    """Nothing is left on a voucher that was replaced or cancelled: nobody could redeem it."""
    owed = func.sum(PostingRow.amount)
    rows = session.execute(
        select(VoucherRow.number, owed.label("owed"))
        .join(VoucherEventRow, VoucherEventRow.voucher_id == VoucherRow.id)
        .join(PostingRow, PostingRow.subject == subject_of(VoucherRow.id))
        .where(VoucherEventRow.kind.in_(_CLOSING), PostingRow.account.in_(VALUE_ACCOUNTS))
        .group_by(VoucherRow.id, VoucherRow.number)
        .having(owed != ZERO)
    )
    for row in rows:
        yield Finding(
            msg("Voucher {number} is closed, and {left} is still on it."), {"number": row.number, "left": -row.owed}
        )


def in_the_trail(session: Session, _progress: Progress) -> Iterator[Finding]:
    """Vouchers are blocked and let go by turns, and each time stands in the audit trail with its reason."""
    trail = Counter(
        (row.action, row.subject, row.at, row.user_id, row.after)
        for row in session.execute(select(AuditRow.__table__).where(AuditRow.action.in_(list(_AUDITED.values()))))
    )
    blocked: set[uuid.UUID] = set()
    for event in _events(session, list(_AUDITED)):
        number = event.number
        is_blocking = event.kind == VoucherEventKind.BLOCKED.value
        noted = (_AUDITED[event.kind], str(event.voucher_id), event.at, event.user_id, told(number, event.reason))
        if not trail[noted] or is_blocking is (event.voucher_id in blocked):
            yield Finding(_WRONG, {"number": number, "date": event.at})
        else:
            trail[noted] -= 1
        blocked ^= {event.voucher_id}
    for _action, _subject, at, _user, after in trail.elements():
        yield Finding(_WRONG, {"number": after.partition("\n")[0], "date": at})


def _events(session: Session, kinds: list[str]) -> Sequence[Any]:
    """The events of these kinds with number and own document of their voucher, each voucher's in order."""
    columns = (*VoucherEventRow.__table__.columns, VoucherRow.number, VoucherRow.document_id.label("made_by"))
    query = select(*columns).join(VoucherRow, VoucherRow.id == VoucherEventRow.voucher_id)
    ordered = query.where(VoucherEventRow.kind.in_(kinds)).order_by(
        VoucherEventRow.voucher_id, VoucherEventRow.position
    )
    return session.execute(ordered).all()


def _agrees(event: Any, document: Any, moved: _Moved) -> bool:
    """What was added before and came along with a replacement is looked at by `replaced`."""
    is_carried = event.kind == VoucherEventKind.CORRECTED.value and event.made_by == event.document_id
    kind = DocumentKind.VOUCHER_REPLACEMENT.value if is_carried else _DOCUMENTS[event.kind]
    if document is None or document.kind != kind or not document.note.endswith(f": {event.reason}"):
        return False
    told = (event.at, event.till_id, event.user_id, event.user_name)
    booked = (document.ended_at, document.till_id, document.user_id, document.user_name)
    amount = -moved.get((document.id, str(event.voucher_id)), ZERO)
    return bool(told == booked and (is_carried or amount == event.amount))


def _took_place(old: Any, new: Any, moved: _Moved, carried: Money) -> bool:
    """What came onto the new one is its face and what was carried over, and is what went off the old one."""
    if old is None or any(getattr(old, name) != getattr(new, name) for name in _SAME):
        return False
    came = -moved.get((new.document_id, str(new.id)), ZERO)
    return bool(came == moved.get((new.document_id, str(old.id)), ZERO) == new.face + carried)


def _moved_by(session: Session, document_ids: Sequence[uuid.UUID]) -> _Moved:
    """What documents booked on both parts of each voucher; debit +, so what was taken off is +."""
    sums = select(EntryRow.document_id, PostingRow.subject, func.sum(PostingRow.amount).label("amount"))
    wanted = EntryRow.document_id.in_(document_ids), PostingRow.account.in_(VALUE_ACCOUNTS)
    rows = session.execute(
        sums.join(PostingRow, PostingRow.entry_id == EntryRow.id)
        .where(*wanted)
        .group_by(EntryRow.document_id, PostingRow.subject)
    )
    return {(row.document_id, row.subject): row.amount for row in rows}


def _carried_by(session: Session, voucher_ids: Sequence[uuid.UUID]) -> dict[tuple[uuid.UUID, uuid.UUID], Money]:
    """What corrections say in each document of each of these vouchers."""
    rows = session.execute(
        select(VoucherEventRow.document_id, VoucherEventRow.voucher_id, VoucherEventRow.amount).where(
            VoucherEventRow.voucher_id.in_(voucher_ids), VoucherEventRow.kind == VoucherEventKind.CORRECTED.value
        )
    )
    return {(row.document_id, row.voucher_id): row.amount for row in rows}


_Moved = dict[tuple[uuid.UUID, str], Money]
_VOUCHERS = select(VoucherRow.__table__)
_IS_OF_VOUCHERS = DocumentRow.kind.in_(list(_DOCUMENTS.values()))
_DOCUMENTS_OF_VOUCHERS = select(
    *(DocumentRow.id, DocumentRow.till_id, DocumentRow.number, DocumentRow.kind, DocumentRow.ended_at),
    *(DocumentRow.user_id, DocumentRow.user_name, DocumentRow.note),
).where(_IS_OF_VOUCHERS)
_WITH_OTHER_ACCOUNTS = (
    select(EntryRow.document_id)
    .join(DocumentRow, DocumentRow.id == EntryRow.document_id)
    .join(PostingRow, PostingRow.entry_id == EntryRow.id)
    .where(_IS_OF_VOUCHERS, PostingRow.account.not_in(_OF_VOUCHERS))
)
"""Documents that book money, turnover or VAT where they must not."""
CHECKS = (
    Check("voucher-corrections", msg("corrected and replaced vouchers"), booked_as_told),
    Check("voucher-replacements", msg("vouchers in the place of others"), replaced),
    Check("voucher-closed", msg("closed vouchers"), closed),
    Check("voucher-blocks", msg("blocked vouchers"), in_the_trail),
)
