"""What `verify` asks of the vouchers: no balance below zero or above what was sold."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from till.business_case import BonTyp
from till.db.finding import Check, Finding, Progress
from till.db.types import MoneyType
from till.documents.model import DocumentKind
from till.documents.models import DocumentRow, LineRow
from till.i18n import msg
from till.ledger import chain
from till.ledger.account import Account
from till.ledger.balances import id_of, subject_of
from till.ledger.models import EntryRow, PostingRow
from till.money import ZERO, Money
from till.vouchers.bookings import VALUE_ACCOUNTS, paid_account, sold_as
from till.vouchers.model import VatTreatment, VoucherEventKind, VoucherOrigin
from till.vouchers.models import VoucherEventRow, VoucherRow
from till.vouchers.numbers import matching
from till.vouchers.portions import portions
from till.vouchers.value import bonus_of

PORTION = 5_000
_REFUNDING = tuple(kind.value for kind in (DocumentKind.RETURN, DocumentKind.CANCELLATION, DocumentKind.FREE_RETURN))
_BY_A_LINE = (VoucherOrigin.SOLD.value, VoucherOrigin.REFUND.value)
_PAID_ON = {treatment.value: paid_account(treatment).value for treatment in VatTreatment}
_NIL = literal(ZERO, MoneyType())
_SOLD_AS = {treatment.value: sold_as(treatment).value for treatment in VatTreatment}


def values(session: Session, progress: Progress) -> Iterator[Finding]:
    """What is left on each voucher lies between nothing and what it was sold with; every posting has its voucher.

    The database looks for what is wrong, a portion at a time: nothing here grows with the number of vouchers.
    """
    whole = session.execute(select(func.count()).select_from(VoucherRow)).scalar_one()
    for done, portion in portions(session, PORTION):
        progress(min(done, whole), whole)
        for row in session.execute(_suspects(portion)).all():
            paid, bonus = _most(session, row)
            if not ZERO <= -row.paid <= paid or not ZERO <= -row.bonus <= bonus:
                yield Finding(
                    msg("Voucher {number} has {paid} paid and {bonus} bonus left, which it was not sold with."),
                    {"number": row.number, "paid": -row.paid, "bonus": -row.bonus},
                )
    for account in VALUE_ACCOUNTS:
        yield from _of_nobody(session, account, lambda: progress(whole, whole))


def _suspects(portion: ColumnElement[bool]) -> Any:
    """Those of a portion with less than nothing left, or more than their row says; owed amounts are negative.

    What took another one's place is looked at in any case: its own row is not what it was sold with.
    """
    own = case(_PAID_ON, value=VoucherRow.vat_treatment)
    paid = func.sum(case((PostingRow.account == own, PostingRow.amount), else_=_NIL))
    bonus = func.sum(case((PostingRow.account == Account.VOUCHER_BONUS.value, PostingRow.amount), else_=_NIL))
    given = case((VoucherRow.face > VoucherRow.sale, VoucherRow.face - VoucherRow.sale), else_=_NIL)
    is_wrong = or_(paid > _NIL, paid + VoucherRow.sale < _NIL, bonus > _NIL, bonus + given < _NIL)
    columns = (VoucherRow.id, VoucherRow.number, VoucherRow.sale, VoucherRow.face, VoucherRow.replaces)
    booked = and_(PostingRow.account.in_(VALUE_ACCOUNTS), PostingRow.subject == subject_of(VoucherRow.id))
    joined = select(*columns, paid.label("paid"), bonus.label("bonus")).outerjoin(PostingRow, booked)
    return joined.where(portion).group_by(*columns).having(or_(is_wrong, VoucherRow.replaces.is_not(None)))


def _most(session: Session, row: Any) -> tuple[Money, Money]:
    """The most that can be on a voucher, paid and bonus: what it was sold with and what was added.

    A voucher that took another one's place may get back what was redeemed under the numbers before: then it is what the
    first of them was sold with.
    """
    seen, first = [row.id], row
    while first.replaces is not None and first.replaces not in seen:
        columns = (VoucherRow.id, VoucherRow.sale, VoucherRow.face, VoucherRow.replaces)
        before = session.execute(select(*columns).where(VoucherRow.id == first.replaces)).first()
        if before is None:
            break
        first = before
        seen.append(first.id)
    return first.sale, bonus_of(first.sale, first.face) + _added(session, seen)


def _added(session: Session, vouchers: list[uuid.UUID]) -> Money:
    """What corrections put on these vouchers as bonus (V41), without what one brought along from the number before."""
    is_carried = exists().where(
        VoucherRow.id == VoucherEventRow.voucher_id, VoucherRow.document_id == VoucherEventRow.document_id
    )
    raised = select(func.sum(VoucherEventRow.amount)).where(
        VoucherEventRow.kind == VoucherEventKind.CORRECTED.value,
        VoucherEventRow.amount > ZERO,
        VoucherEventRow.voucher_id.in_(vouchers),
        ~is_carried,
    )
    return session.execute(raised).scalar_one() or ZERO


def _of_nobody(session: Session, account: Account, go_on: Callable[[], object]) -> Iterator[Finding]:
    """Postings whose voucher is not there, looked for in portions of their subjects."""
    is_known = exists().where(
        VoucherRow.id == id_of(PostingRow.subject), PostingRow.subject == subject_of(VoucherRow.id)
    )
    after: str | None = ""
    while after is not None:
        go_on()
        here = (PostingRow.account == account.value, PostingRow.subject > after)
        subjects = select(PostingRow.subject).where(*here).order_by(PostingRow.subject)
        last = session.execute(subjects.offset(PORTION - 1).limit(1)).scalar_one_or_none()
        bounds = here if last is None else (*here, PostingRow.subject <= last)
        unknown = select(PostingRow.subject).where(*bounds, ~is_known).group_by(PostingRow.subject)
        for _ in session.scalars(unknown).all():
            yield Finding(msg("Account {account} names a voucher that is not there."), {"account": account.value})
        after = last


def terms(session: Session, progress: Progress) -> Iterator[Finding]:
    """Each voucher still is what the line of its receipt sold, at that till and time, and is found under its number.

    What was sold in training is none (T13).
    """
    agreed = and_(
        LineRow.document_id == VoucherRow.document_id,
        LineRow.voucher_id == VoucherRow.id,
        LineRow.gv_typ == case(_SOLD_AS, value=VoucherRow.vat_treatment),
        LineRow.vat_key == VoucherRow.vat_key,
        LineRow.rate_bp == VoucherRow.vat_rate_bp,
        LineRow.voucher_number == VoucherRow.number,
        LineRow.voucher_type == VoucherRow.type_name,
        LineRow.voucher_valid_until == VoucherRow.valid_until,
        LineRow.voucher_face == VoucherRow.face,
        LineRow.gross == VoucherRow.sale,
        LineRow.voucher_text == VoucherRow.text,
        exists().where(
            DocumentRow.id == VoucherRow.document_id,
            DocumentRow.till_id == VoucherRow.issued_till,
            DocumentRow.number == VoucherRow.issued_number,
            DocumentRow.ended_at == VoucherRow.issued_at,
            DocumentRow.bon_typ == BonTyp.BELEG.value,
        ),
    )
    changed = select(VoucherRow.number).outerjoin(LineRow, agreed)
    changed = changed.where(LineRow.document_id.is_(None), VoucherRow.origin.in_(_BY_A_LINE))
    for number in dict.fromkeys([*session.scalars(changed), *_lost(session, progress)]):
        yield Finding(msg("Voucher {number} is not what its receipt says."), {"number": number})


def _lost(session: Session, progress: Progress) -> Iterator[str]:
    """Those that are not found under their number."""
    for done, portion in portions(session, PORTION):
        progress(done, 0)
        keys = session.execute(select(VoucherRow.number, VoucherRow.number_key).where(portion)).all()
        yield from (number for number, key in keys if key != matching(number))


def origins(session: Session, _progress: Progress) -> Iterator[Finding]:
    """Each voucher came into being in one of the known ways, and has what belongs to that way and nothing else."""
    was_sold = exists().where(DocumentRow.id == VoucherRow.document_id, DocumentRow.kind == DocumentKind.SALE.value)
    was_refunded = exists().where(DocumentRow.id == VoucherRow.document_id, DocumentRow.kind.in_(_REFUNDING))
    was_replaced = exists().where(
        VoucherEventRow.voucher_id == VoucherRow.replaces,
        VoucherEventRow.other_id == VoucherRow.id,
        VoucherEventRow.kind == VoucherEventKind.REPLACED.value,
    )
    was_brought_in = exists().where(EntryRow.id == VoucherRow.entry_id, EntryRow.document_id.is_(None))
    no_entry, no_other = VoucherRow.entry_id.is_(None), VoucherRow.replaces.is_(None)
    ways = (
        and_(VoucherRow.origin == VoucherOrigin.SOLD.value, was_sold, no_entry, no_other),
        and_(VoucherRow.origin == VoucherOrigin.REFUND.value, was_refunded, no_entry, no_other),
        and_(VoucherRow.origin == VoucherOrigin.REPLACEMENT.value, was_replaced, no_entry),
        and_(VoucherRow.origin == VoucherOrigin.OLD.value, was_brought_in, no_other, VoucherRow.document_id.is_(None)),
    )
    has_receivable = and_(VoucherRow.receivable_id.is_not(None), VoucherRow.receivable_name != "")
    has_none = and_(VoucherRow.receivable_id.is_(None), VoucherRow.receivable_name == "")
    for number in session.scalars(select(VoucherRow.number).where(~and_(or_(*ways), or_(has_receivable, has_none)))):
        yield Finding(msg("Voucher {number} did not come into being as it says."), {"number": number})


def happenings(session: Session, _progress: Progress) -> Iterator[Finding]:
    """What happened to vouchers is in the chain, unchanged."""
    known = chain.contents(session, chain.RecordKind.VOUCHER_EVENT)
    stored = session.execute(select(VoucherEventRow.__table__)).all()
    for row in stored:
        if known.get(str(row.id)) != chain.digest(dict(row._mapping)):  # noqa: SLF001 - SQLAlchemy's public name
            yield Finding(msg("What happened to a voucher on {date} was changed."), {"date": row.at})
    if len(stored) < len(known):
        yield Finding(msg("{count} happenings to vouchers are gone."), {"count": len(known) - len(stored)})


CHECKS = (
    Check("vouchers", msg("vouchers"), values),
    Check("voucher-terms", msg("vouchers as sold"), terms),
    Check("voucher-origins", msg("where vouchers come from"), origins),
    Check("voucher-events", msg("what happened to vouchers"), happenings),
)
