"""What `verify` asks of corrected, blocked and replaced vouchers: what is told of them is what was booked, and no more."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from till.audit.models import AuditRow
from till.audit.trail import Action
from till.db.finding import Check, Finding, Progress
from till.documents.model import DocumentKind
from till.documents.models import DocumentRow
from till.i18n import msg
from till.ledger.account import Account
from till.ledger.models import EntryRow, PostingRow
from till.money import ZERO, Money
from till.vouchers.block import told
from till.vouchers.model import VoucherEventKind, VoucherOrigin
from till.vouchers.models import VoucherEventRow, VoucherRow

PORTION = 500
_PARTS = [Account.VOUCHER_MULTI.value, Account.VOUCHER_SINGLE.value, Account.VOUCHER_BONUS.value]
_OF_VOUCHERS = [
    *_PARTS,
    Account.VOUCHER_SINGLE_CONTRA.value,
    Account.VOUCHER_BONUS_CONTRA.value,
    Account.VOUCHER_CORRECTION.value,
]
_DOCUMENTS = {
    VoucherEventKind.CORRECTED.value: DocumentKind.VOUCHER_CORRECTION.value,
    VoucherEventKind.REPLACED.value: DocumentKind.VOUCHER_REPLACEMENT.value,
}
_AUDITED = {
    VoucherEventKind.BLOCKED.value: Action.VOUCHER_BLOCKED.value,
    VoucherEventKind.UNBLOCKED.value: Action.VOUCHER_UNBLOCKED.value,
}
_WRONG = msg("Voucher {number}: what happened to it on {date} is not what was booked.")
_SAME = ("valid_from", "valid_until", "vat_treatment", "vat_key", "type_id", "text", "receivable_id")
"""What a replacement keeps of the voucher whose place it takes."""


def booked_as_told(session: Session, progress: Progress) -> Iterator[Finding]:
    """Each correction and replacement is the document that it names, of that amount, reason, till, time and person."""
    documents = {row.id: row for row in session.execute(select(DocumentRow).where(_is_voucher_document())).scalars()}
    told_by = set()
    rows = _events(session, list(_DOCUMENTS))
    for place, (event, number) in enumerate(rows):
        if place % PORTION == 0:
            progress(place, len(rows))
        told_by.add(event.document_id)
        document = documents.get(event.document_id)
        if document is None or not _agrees(session, event, document):
            yield Finding(_WRONG, {"number": number, "date": event.at})
    for document in documents.values():
        if document.id not in told_by or not _is_of_vouchers_alone(session, document.id):
            yield Finding(
                msg("Document {number} of till {till} names a voucher to which nothing happened."),
                {"number": document.number, "till": document.till_id},
            )


def replaced(session: Session, _progress: Progress) -> Iterator[Finding]:
    """A voucher that takes another one's place has its terms, and what was left on it: no cent more, none less."""
    made = select(VoucherRow.__table__).where(VoucherRow.origin == VoucherOrigin.REPLACEMENT.value)
    for new in session.execute(made).all():
        old = session.execute(select(VoucherRow.__table__).where(VoucherRow.id == new.replaces)).first()
        if old is None or not _took_place(session, old, new):
            yield Finding(
                msg("Voucher {number} is not what was left on the voucher whose place it took."), {"number": new.number}
            )


def in_the_trail(session: Session, _progress: Progress) -> Iterator[Finding]:
    """Vouchers are blocked and let go by turns, and each time stands in the audit trail with its reason."""
    trail = Counter(
        (row.action, row.subject, row.at, row.user_id, row.after)
        for row in session.execute(select(AuditRow.__table__).where(AuditRow.action.in_(list(_AUDITED.values()))))
    )
    blocked: set[uuid.UUID] = set()
    for event, number in _events(session, list(_AUDITED)):
        is_blocking = event.kind == VoucherEventKind.BLOCKED.value
        noted = (_AUDITED[event.kind], str(event.voucher_id), event.at, event.user_id, told(number, event.reason))
        if not trail[noted] or is_blocking is (event.voucher_id in blocked):
            yield Finding(_WRONG, {"number": number, "date": event.at})
        else:
            trail[noted] -= 1
        blocked ^= {event.voucher_id}
    for _action, _subject, at, _user, after in trail.elements():
        yield Finding(_WRONG, {"number": after.partition("\n")[0], "date": at})


def _is_voucher_document() -> Any:
    return DocumentRow.kind.in_(list(_DOCUMENTS.values()))


def _events(session: Session, kinds: list[str]) -> Sequence[Any]:
    """The events of these kinds with the number of their voucher, each voucher's in order."""
    query = select(VoucherEventRow, VoucherRow.number).join(VoucherRow, VoucherRow.id == VoucherEventRow.voucher_id)
    ordered = query.where(VoucherEventRow.kind.in_(kinds)).order_by(
        VoucherEventRow.voucher_id, VoucherEventRow.position
    )
    return session.execute(ordered).all()


def _agrees(session: Session, event: VoucherEventRow, document: DocumentRow) -> bool:
    is_carried = event.kind == VoucherEventKind.CORRECTED.value and _is_replacement(session, event)
    kind = DocumentKind.VOUCHER_REPLACEMENT.value if is_carried else _DOCUMENTS[event.kind]
    told_alike = (event.at, event.till_id, event.user_id, event.user_name) == (
        document.ended_at,
        document.till_id,
        document.user_id,
        document.user_name,
    )
    if document.kind != kind or not told_alike or not document.note.endswith(f": {event.reason}"):
        return False
    return is_carried or -_moved(session, document.id, event.voucher_id) == event.amount


def _is_of_vouchers_alone(session: Session, document_id: uuid.UUID) -> bool:
    """Whether it books on accounts of vouchers and nothing else: no money, no turnover, no VAT."""
    others = select(PostingRow.entry_id).join(EntryRow, EntryRow.id == PostingRow.entry_id)
    wanted = others.where(EntryRow.document_id == document_id, PostingRow.account.not_in(_OF_VOUCHERS)).limit(1)
    return session.execute(wanted).first() is None


def _is_replacement(session: Session, event: VoucherEventRow) -> bool:
    """Whether the event carries over what was added to the voucher before; `replaced` looks at its amount."""
    made_by = select(VoucherRow.document_id).where(VoucherRow.id == event.voucher_id)
    return bool(session.execute(made_by).scalar_one_or_none() == event.document_id)


def _took_place(session: Session, old: Any, new: Any) -> bool:
    """What came onto the new one is its face and what was carried over, and is what went off the old one."""
    if any(getattr(old, name) != getattr(new, name) for name in _SAME) or new.document_id is None:
        return False
    carried = sum(
        session.scalars(
            select(VoucherEventRow.amount).where(
                VoucherEventRow.voucher_id == new.id,
                VoucherEventRow.document_id == new.document_id,
                VoucherEventRow.kind == VoucherEventKind.CORRECTED.value,
            )
        ),
        ZERO,
    )
    came = -_moved(session, new.document_id, new.id)
    return bool(came == _moved(session, new.document_id, old.id) == new.face + carried)


def _moved(session: Session, document_id: uuid.UUID, voucher_id: uuid.UUID) -> Money:
    """What a document booked on both parts of a voucher; debit +, so taken off is +."""
    legs = select(PostingRow.amount).join(EntryRow, EntryRow.id == PostingRow.entry_id)
    wanted = legs.where(
        EntryRow.document_id == document_id, PostingRow.account.in_(_PARTS), PostingRow.subject == str(voucher_id)
    )
    return sum(session.scalars(wanted), ZERO)


CHECKS = (
    Check("voucher-corrections", msg("corrected and replaced vouchers"), booked_as_told),
    Check("voucher-replacements", msg("vouchers in the place of others"), replaced),
    Check("voucher-blocks", msg("blocked vouchers"), in_the_trail),
)
