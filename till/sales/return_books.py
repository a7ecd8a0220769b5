"""Reads what the books say about a receipt that something comes back of: what came back before, and how its vouchers stand."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from till.documents import find
from till.documents.model import TAKEN_BACK, Document, DocumentKind, Line
from till.documents.models import DocumentRow, LineRow, PaymentRow, ReferenceRow
from till.errors import Refused
from till.i18n import msg
from till.money import ZERO, Money
from till.quantity import Quantity
from till.sales.funding import SOLD_PARTS, Part, costs, part_of
from till.sales.refund import deposit_of, left_of, value_left
from till.sales.return_draft import Books, Target
from till.sales.returned import EarlierReturn, History, Returnable, ReturnableLine
from till.vouchers.events import events_of
from till.vouchers.model import Voucher, VoucherEventKind, VoucherState
from till.vouchers.standing import refusal_of, standing_of, voucher_by_id
from till.vouchers.value import bonus_of

_KINDS = sorted(kind.value for kind in TAKEN_BACK)


def receipt(session: Session, document_id: uuid.UUID) -> Document:
    """The receipt with this id, whatever it is; Refused when there is none."""
    found = find.document(session, document_id)
    if found is None:
        raise Refused(msg("This receipt is not there any more."))
    return found


def refusal_of_receipt(original: Document, history: History) -> Refused | None:
    """Why nothing can come back of a receipt at all; None when something can."""
    text = _REFUSALS.get(original.draft.kind)
    if text is None and original.draft.kind is not DocumentKind.SALE:
        text = msg("Receipt {number} moved only cash, or nothing: there is nothing to bring back.")
    if text is None and not _is_anything_left(original.draft.lines, history):
        text = msg("Everything on receipt {number} has come back already.")
    return None if text is None else Refused(text, number=original.number)


_REFUSALS = {
    DocumentKind.TRAINING_SALE: msg("Receipt {number} was only practised. Nothing was sold with it."),
    DocumentKind.TRAINING_ABORTED: msg("Receipt {number} was only practised. Nothing was sold with it."),
    DocumentKind.ABORTED: msg("Receipt {number} was aborted. Nothing was sold with it."),
    DocumentKind.RETURN: msg("Receipt {number} is a return itself. Sell again what was brought back by mistake."),
    DocumentKind.FREE_RETURN: msg("Receipt {number} is a return itself. Sell again what was brought back by mistake."),
    DocumentKind.VOUCHER_CONVERSION: msg("Receipt {number} made a voucher into credit: nothing was sold with it."),
    DocumentKind.CANCELLATION: msg(
        "Receipt {number} is a cancellation itself. Sell again what was cancelled by mistake."
    ),
}


def history_of(session: Session, document_id: uuid.UUID) -> History:
    """What earlier documents took back of a receipt."""
    quantities: dict[int, Quantity] = {}
    gross: dict[int, Money] = {}
    for row in session.execute(_taken_back(document_id)):
        quantities[row.returns] = quantities.get(row.returns, Quantity(0)) + -row.quantity
        gross[row.returns] = gross.get(row.returns, ZERO) - row.gross
    refunded: dict[str, Money] = {}
    for row in session.execute(_paid_back(document_id)):
        refunded[row.tender_id] = refunded.get(row.tender_id, ZERO) - row.amount
    return History(quantities, gross, refunded, _earlier(session, document_id))


def books_of(session: Session, original: Document, today: dt.date) -> Books:
    """All that a return of this receipt is planned from."""
    paying = {line.voucher.voucher_id for line in original.draft.lines if _has_paid(line) and line.voucher is not None}
    targets = {voucher_id: _target(session, voucher_id, today) for voucher_id in paying}
    return Books(
        original,
        history_of(session, original.id),
        {voucher_id: target for voucher_id, target in targets.items() if target is not None},
        {voucher.id: voucher for voucher in _sold(session, original)},
    )


def refusal_of_voucher(session: Session, sold: Voucher, today: dt.date) -> Refused | None:
    """Why the sale of a voucher can't be taken back: some of it is gone, or another took its place (V28)."""
    now = standing_of(session, sold, today)
    if now.state is VoucherState.REPLACED:
        return Refused(
            msg("Voucher {number} was replaced by {other} on {date}, so its sale can’t be taken back."),
            number=sold.number,
            other=now.reason,
            date=now.since or sold.issued_at,
        )
    if now.state is VoucherState.CANCELLED:
        return refusal_of(now)
    touched = [event for event in events_of(session, sold.id) if event.new.kind in _TOUCHED]
    if not touched and (now.paid_left, now.bonus_left) == (sold.sale, bonus_of(sold.sale, sold.face)):
        return None
    last = touched[-1] if touched else None
    used_up = now.since if now.state is VoucherState.USED else None
    text = _TOUCHED[last.new.kind] if last is not None else _USED_UP if used_up is not None else _PART_USED
    return Refused(
        text,
        number=sold.number,
        face=sold.face,
        left=now.remaining,
        date=last.at if last is not None else used_up or sold.issued_at,
        amount=last.new.amount if last is not None else ZERO,
        reason=last.new.reason if last is not None else "",
    )


_PART_USED = msg(
    "Voucher {number} was worth {face}, and {left} of it is left: its sale can’t be taken back. "
    "Take back what was paid with it first."
)
_USED_UP = msg(
    "Voucher {number} over {face} was used up on {date}: its sale can’t be taken back. "
    "Take back what was paid with it first."
)
_CORRECTED = msg(
    "Voucher {number} was corrected by {amount} ({reason}), and {left} is left on it: its sale can’t be taken back."
)
_CREDITED = msg(
    "Voucher {number} was made into credit on {date}, and {left} is left on it: its sale can’t be taken back."
)
_TOUCHED = {
    VoucherEventKind.CORRECTED: _CORRECTED,
    VoucherEventKind.CONVERTED: _CREDITED,
    VoucherEventKind.CONVERTED_IN_PART: _CREDITED,
}


def returnable(session: Session, document_id: uuid.UUID, today: dt.date) -> Returnable:
    """A receipt as one who takes things back sees it."""
    original = receipt(session, document_id)
    history = history_of(session, document_id)
    refusal = refusal_of_receipt(original, history)
    if original.draft.kind is not DocumentKind.SALE:
        return Returnable(original, refusal=refusal)
    sold = {voucher.id: voucher for voucher in _sold(session, original)}
    places = [i for i, line in enumerate(original.draft.lines) if part_of(line) in SOLD_PARTS]
    lines = tuple(_returnable_line(session, original, history, (i, sold, today)) for i in places)
    cancel = next((line.refusal for line in lines if line.refusal is not None), None)
    return Returnable(original, lines, history.documents, refusal, refusal or cancel)


def _returnable_line(
    session: Session, original: Document, history: History, which: tuple[int, Mapping[uuid.UUID, Voucher], dt.date]
) -> ReturnableLine:
    (position, sold, today), lines = which, original.draft.lines
    line = lines[position]
    voucher = sold.get(line.voucher.voucher_id) if line.voucher is not None else None
    is_left = left_of(line, history, position) > Quantity(0)
    return ReturnableLine(
        position=position,
        text=line.text,
        unit=line.unit,
        unit_price=line.unit_price,
        sold=line.quantity,
        returned=history.quantity_of(position),
        amount=costs(lines, position),
        amount_left=value_left(lines, history, position),
        deposit_of=deposit_of(lines, position),
        voucher=line.voucher,
        refusal=refusal_of_voucher(session, voucher, today) if voucher is not None and is_left else None,
    )


def _is_anything_left(lines: Sequence[Line], history: History) -> bool:
    return any(left_of(line, history, i) > Quantity(0) for i, line in enumerate(lines) if part_of(line) in SOLD_PARTS)


def _has_paid(line: Line) -> bool:
    return part_of(line) in {Part.PAID, Part.BONUS, Part.OTHER}


def _sold(session: Session, original: Document) -> list[Voucher]:
    notes = [line.voucher for line in original.draft.lines if part_of(line) is Part.VOUCHER]
    found = (voucher_by_id(session, note.voucher_id) for note in notes if note is not None)
    return [voucher for voucher in found if voucher is not None]


def _target(session: Session, voucher_id: uuid.UUID, today: dt.date) -> Target | None:
    """The voucher that gets the value back: one that was replaced is asked who took its place."""
    paid_with = found = voucher_by_id(session, voucher_id)
    while found is not None and (other := _replacement(session, found.id)) is not None:
        found = other
    if found is None or paid_with is None:
        return None
    said = _said(session, paid_with, found, today)
    keeps = today > found.valid_until or _is_blocked(session, found)
    return Target(found, standing_of(session, found, today).remaining, said, keeps)


def _is_blocked(session: Session, found: Voucher) -> bool:
    locks = [event.new.kind for event in events_of(session, found.id) if event.new.kind in _LOCKS]
    return bool(locks) and locks[-1] is VoucherEventKind.BLOCKED


def _replacement(session: Session, voucher_id: uuid.UUID) -> Voucher | None:
    for event in events_of(session, voucher_id):
        if event.new.kind is VoucherEventKind.REPLACED and event.new.other_id is not None:
            return voucher_by_id(session, event.new.other_id)
    return None


def _said(session: Session, paid_with: Voucher, target: Voucher, today: dt.date) -> Refused | None:
    """What is to know about a voucher that gets value back, whatever is left on it now."""
    if _is_blocked(session, target):
        return Refused(
            msg("Voucher {number} is blocked. It gets the value back and stays blocked."), number=target.number
        )
    if today > target.valid_until:
        return Refused(
            msg("Voucher {number} has expired on {date}. It gets the value back and stays expired."),
            number=target.number,
            date=target.valid_until,
        )
    if target.id != paid_with.id:
        return Refused(
            msg("Voucher {number} was replaced by {other}, which gets the value back."),
            number=paid_with.number,
            other=target.number,
        )
    return None


_LOCKS = {VoucherEventKind.BLOCKED, VoucherEventKind.UNBLOCKED}


def _earlier(session: Session, document_id: uuid.UUID) -> tuple[EarlierReturn, ...]:
    """The documents that took something back, oldest first, with what goods and vouchers were worth."""
    rows = session.execute(
        select(
            DocumentRow.id,
            DocumentRow.till_id,
            DocumentRow.number,
            DocumentRow.ended_at,
            DocumentRow.kind,
        )
        .join(ReferenceRow, ReferenceRow.document_id == DocumentRow.id)
        .where(ReferenceRow.referenced_id == document_id, DocumentRow.kind.in_(_KINDS))
        .order_by(DocumentRow.ended_at, DocumentRow.till_id, DocumentRow.number)
    )
    return tuple(
        EarlierReturn(row.id, row.till_id, row.number, row.ended_at, DocumentKind(row.kind), _value(session, row.id))
        for row in rows.all()
    )


def _value(session: Session, document_id: uuid.UUID) -> Money:
    found = find.document(session, document_id)
    lines = () if found is None else found.draft.lines
    sold = {i for i, line in enumerate(lines) if line.returns is not None and line.quantity < Quantity(0)}
    return sum((-line.gross for i, line in enumerate(lines) if i in sold or line.reduces in sold), ZERO)


def _taken_back(document_id: uuid.UUID) -> Any:
    lines = select(LineRow.returns, LineRow.quantity, LineRow.gross).where(LineRow.returns.is_not(None))
    return _referring(lines, LineRow, document_id)


def _paid_back(document_id: uuid.UUID) -> Any:
    return _referring(select(PaymentRow.tender_id, PaymentRow.amount), PaymentRow, document_id)


def _referring(rows: Any, table: type[LineRow | PaymentRow], document_id: uuid.UUID) -> Any:
    """These rows of the documents that take the given one back."""
    return (
        rows.join(ReferenceRow, ReferenceRow.document_id == table.document_id)
        .join(DocumentRow, DocumentRow.id == table.document_id)
        .where(ReferenceRow.referenced_id == document_id, DocumentRow.kind.in_(_KINDS))
    )
