"""What `verify` asks of returns: never more back than was sold, by its opposite to the cent, and value where it came from."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from till.business_case import GvTyp
from till.db.finding import Check, Finding, Progress
from till.documents import find
from till.documents.model import TAKEN_BACK, Document, DocumentKind, Line
from till.documents.models import DocumentRow, ReferenceRow
from till.i18n import msg
from till.ledger.account import Account
from till.ledger.entry import Posting
from till.ledger.journal import StoredEntry, entries_of
from till.money import Money, total
from till.quantity import Quantity
from till.sales.funding import SOLD_PARTS, part_of
from till.shifts.movement import STORNO
from till.tax import included_tax
from till.vouchers.model import VoucherEventKind
from till.vouchers.models import VoucherEventRow

_KINDS = sorted(kind.value for kind in TAKEN_BACK)
_PAID = {GvTyp.EINZWECK_KAUF, GvTyp.EINZWECK_EINLOESUNG, GvTyp.MEHRZWECK_KAUF, GvTyp.MEHRZWECK_EINLOESUNG}
_PAID_ACCOUNTS = {Account.VOUCHER_MULTI, Account.VOUCHER_SINGLE}
_BONUS = {GvTyp.RABATT}
_BONUS_ACCOUNTS = {Account.VOUCHER_BONUS}


def returns(session: Session, progress: Progress) -> Iterator[Finding]:
    """What came back of each receipt was sold by it, is its exact opposite, and went back on the vouchers that had paid."""
    originals = session.scalars(
        select(ReferenceRow.referenced_id)
        .join(DocumentRow, DocumentRow.id == ReferenceRow.document_id)
        .where(DocumentRow.kind.in_(_KINDS))
        .distinct()
    ).all()
    for done, original_id in enumerate(originals):
        progress(done, len(originals))
        yield from _of_receipt(session, original_id)
    for row in session.execute(_nameless()):
        yield Finding(
            msg("Document {number} of till {till} takes something back and doesn’t say from which receipt."),
            {"number": row.number, "till": row.till_id},
        )


def _nameless() -> Select[str, int]:
    """Returns without lines that name what they take back: those without a receipt have none, and are checked there."""
    return (
        select(DocumentRow.till_id, DocumentRow.number)
        .outerjoin(ReferenceRow, ReferenceRow.document_id == DocumentRow.id)
        .where(DocumentRow.kind == DocumentKind.CANCELLATION.value, ReferenceRow.document_id.is_(None))
    )


def _of_receipt(session: Session, original_id: uuid.UUID) -> Iterator[Finding]:
    original = find.document(session, original_id)
    backs = _taking_back(session, original_id)
    where = {"number": backs[0].number, "till": backs[0].till_id}
    if original is None or original.draft.kind is not DocumentKind.SALE:
        yield Finding(msg("Document {number} of till {till} takes back what is no sale."), where)
        return
    entries = entries_of(session, [original_id, *(back.id for back in backs)])
    strange = {back.id for back in backs if not _is_opposite(original.draft.lines, back)}
    for back in backs:
        if back.id in strange or not _is_booked(session, back, entries):
            yield Finding(
                msg("Document {number} of till {till} does not take back what its receipt says."),
                {"number": back.number, "till": back.till_id},
            )
    if strange:
        return
    if not _is_within(original.draft.lines, backs) or _is_reversed_wrongly(original, backs, entries):
        yield Finding(
            msg("More or something else came back of document {number} of till {till} than it sold."),
            {"number": original.number, "till": original.till_id},
        )


def _taking_back(session: Session, original_id: uuid.UUID) -> list[Document]:
    ids = session.scalars(
        select(DocumentRow.id)
        .join(ReferenceRow, ReferenceRow.document_id == DocumentRow.id)
        .where(ReferenceRow.referenced_id == original_id, DocumentRow.kind.in_(_KINDS))
        .order_by(DocumentRow.ended_at, DocumentRow.till_id, DocumentRow.number)
    ).all()
    return [found for one in ids if (found := find.document(session, one)) is not None]


def _is_opposite(lines: Sequence[Line], back: Document) -> bool:
    """Each line that names one takes back the like of it, and each line that is called Storno names one or pays one out."""
    for line in back.draft.lines:
        if line.returns is None:
            if line.gv_name == STORNO and (line.voucher is None or line.gross.cents > 0):
                return False
        elif not 0 <= line.returns < len(lines) or not _is_like(lines[line.returns], line):
            return False
    return len(back.draft.references) == 1


def _is_like(sold: Line, back: Line) -> bool:
    same = (sold.gv_typ, sold.rate_bp, sold.article_number) == (back.gv_typ, back.rate_bp, back.article_number)
    return same and back.gv_name == STORNO and back.gross.cents * sold.gross.cents <= 0


def _is_within(lines: Sequence[Line], backs: Sequence[Document]) -> bool:
    """No line came back more often than it was sold, a whole one to the cent, and its tax is that of what came back."""
    came = [line for back in backs for line in back.draft.lines if line.returns is not None]
    quantities: Counter[int] = Counter()
    gross: Counter[int] = Counter()
    for line in came:
        position = line.returns if line.returns is not None else 0
        gross[position] -= line.gross.cents
        quantities[position] -= line.quantity.thousandths
    return all(_fits(lines, i, quantities[i], gross) for i in gross) and _is_taxed(lines, came)


def _fits(lines: Sequence[Line], position: int, quantity: int, gross: Mapping[int, int]) -> bool:
    line = lines[position]
    if abs(gross[position]) > abs(line.gross.cents):
        return False
    if part_of(line) not in SOLD_PARTS:
        return True
    is_whole = quantity == line.quantity.thousandths
    return 0 < quantity <= line.quantity.thousandths and (not is_whole or _is_all(lines, position, gross))


def _is_all(lines: Sequence[Line], position: int, gross: Mapping[int, int]) -> bool:
    """A line that came back as a whole did so with all of its Rabatt lines."""
    places = [position, *(i for i, line in enumerate(lines) if line.reduces == position)]
    return all(gross.get(i, 0) == lines[i].gross.cents for i in places)


def _is_taxed(lines: Sequence[Line], came: Sequence[Line]) -> bool:
    keys = {lines[line.returns].vat_key for line in came if line.returns is not None}
    for key in keys:
        same = [line for line in came if line.returns is not None and lines[line.returns].vat_key is key]
        if total(line.tax for line in same) != included_tax(total(line.gross for line in same), same[0].rate_bp):
            return False
    return True


def _is_booked(session: Session, back: Document, entries: Mapping[uuid.UUID, list[StoredEntry]]) -> bool:
    """The vouchers' postings are those of the lines, and each voucher whose sale was taken back is closed by it."""
    legs = [leg for stored in entries.get(back.id, []) for leg in stored.postings]
    lines = [line for line in back.draft.lines if line.voucher is not None]
    ended = {line.voucher.voucher_id for line in lines if line.voucher is not None and _ends(line)}
    noted = session.scalars(
        select(VoucherEventRow.voucher_id).where(
            VoucherEventRow.document_id == back.id, VoucherEventRow.kind == VoucherEventKind.CANCELLED.value
        )
    ).all()
    named = {line.voucher.voucher_id for line in lines if line.voucher is not None}
    return set(noted) == ended and all(
        _posted(legs, one, _PAID_ACCOUNTS) == -_told(lines, one, _PAID)
        and (one in ended or _posted(legs, one, _BONUS_ACCOUNTS) == -_told(lines, one, _BONUS))
        for one in named
    )


def _ends(line: Line) -> bool:
    return line.returns is not None and line.quantity < Quantity(0)


def _posted(legs: Sequence[Posting], voucher_id: uuid.UUID, accounts: Collection[Account]) -> Money:
    subject = str(voucher_id)
    return total(leg.amount for leg in legs if leg.subject == subject and leg.account in accounts)


def _told(lines: Sequence[Line], voucher_id: uuid.UUID, cases: Collection[GvTyp]) -> Money:
    """What lines say about the paid or the bonus part of a voucher: what it gets, less what is taken from it."""
    return total(
        line.gross
        for line in lines
        if line.gv_typ in cases and line.voucher is not None and line.voucher.voucher_id == voucher_id
    )


def _is_reversed_wrongly(
    original: Document, backs: Sequence[Document], entries: Mapping[uuid.UUID, list[StoredEntry]]
) -> bool:
    """A cancellation's entry reverses that of its receipt, and takes back all of it; nothing else does."""
    sold = entries.get(original.id, [])
    for back in backs:
        is_cancelled = back.draft.kind is DocumentKind.CANCELLATION
        for entry in entries.get(back.id, []):
            expected = sold[0].values["id"] if is_cancelled and sold else None
            if entry.values["reverses"] != expected:
                return True
        if is_cancelled and not _is_whole(original.draft.lines, backs):
            return True
    return False


def _is_whole(lines: Sequence[Line], backs: Sequence[Document]) -> bool:
    """Line by line nothing is left."""
    left = [line.gross.cents for line in lines]
    for line in (line for back in backs for line in back.draft.lines if line.returns is not None):
        left[line.returns or 0] += line.gross.cents
    return not any(left)


CHECKS = (Check("returns", msg("returns and cancelled receipts"), returns),)
