"""What `verify` asks of the vouchers: no balance below zero or above what was sold."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from till.business_case import BonTyp, GvTyp
from till.db.finding import Check, Finding, Progress
from till.documents.model import DocumentKind
from till.documents.models import DocumentRow, LineRow
from till.i18n import msg
from till.ledger import chain
from till.ledger.account import Account
from till.ledger.balances import balances
from till.ledger.models import EntryRow
from till.money import ZERO, Money
from till.vouchers.bookings import paid_account
from till.vouchers.model import VatTreatment, VoucherEventKind, VoucherOrigin
from till.vouchers.models import VoucherEventRow, VoucherRow
from till.vouchers.numbers import matching
from till.vouchers.value import bonus_of

PORTION = 1000
_REFUNDING = tuple(kind.value for kind in (DocumentKind.RETURN, DocumentKind.CANCELLATION, DocumentKind.FREE_RETURN))
_BY_A_LINE = (VoucherOrigin.SOLD.value, VoucherOrigin.REFUND.value)
_ACCOUNTS = (Account.VOUCHER_MULTI, Account.VOUCHER_SINGLE, Account.VOUCHER_BONUS)
_SOLD_AS = {
    VatTreatment.MULTI_PURPOSE.value: GvTyp.MEHRZWECK_KAUF.value,
    VatTreatment.SINGLE_PURPOSE.value: GvTyp.EINZWECK_KAUF.value,
}


def values(session: Session, progress: Progress) -> Iterator[Finding]:
    """What is left on each voucher lies between nothing and what it was sold with; every posting has its voucher."""
    left = balances(session, _ACCOUNTS)
    vouchers = session.execute(_WORTH).all()
    known = {str(row.id) for row in vouchers}
    most = _Most(vouchers, _added(session))
    for i, row in enumerate(vouchers):
        if i % PORTION == 0:
            progress(i, len(vouchers))
        yield from _out_of_range(row, left, most.of(row))
    for account, subject in left:
        if subject not in known:
            yield Finding(msg("Account {account} names a voucher that is not there."), {"account": account.value})


_WORTH = select(
    *(VoucherRow.id, VoucherRow.number, VoucherRow.sale, VoucherRow.face),
    *(VoucherRow.vat_treatment, VoucherRow.replaces),
)


class _Most:
    """The most that can be on a voucher: what it was sold with and what was added.

    A voucher that took another one's place may get back what was redeemed under the numbers before: then it is what the
    first of them was sold with.
    """

    def __init__(self, vouchers: Sequence[Any], added: dict[uuid.UUID, Money]) -> None:
        self._added = added
        replaced = {row.replaces for row in vouchers} - {None}
        self._replaced = {row.id: row for row in vouchers if row.id in replaced}

    def of(self, row: Any) -> tuple[Money, Money]:
        """The most of its paid and of its bonus part."""
        added, seen = self._added.get(row.id, ZERO), {row.id}
        while (before := self._replaced.get(row.replaces)) is not None and before.id not in seen:
            row = before
            seen.add(row.id)
            added += self._added.get(row.id, ZERO)
        return row.sale, bonus_of(row.sale, row.face) + added


def _added(session: Session) -> dict[uuid.UUID, Money]:
    """What corrections put on each voucher as bonus (V41), without what it brought along from the number before."""
    is_carried = exists().where(
        VoucherRow.id == VoucherEventRow.voucher_id, VoucherRow.document_id == VoucherEventRow.document_id
    )
    raised = select(VoucherEventRow.voucher_id, func.sum(VoucherEventRow.amount).label("added")).where(
        VoucherEventRow.kind == VoucherEventKind.CORRECTED.value, VoucherEventRow.amount > ZERO, ~is_carried
    )
    rows = session.execute(raised.group_by(VoucherEventRow.voucher_id))
    return {row.voucher_id: row.added for row in rows}


def _out_of_range(row: Any, left: dict[tuple[Account, str], Money], most: tuple[Money, Money]) -> Iterator[Finding]:
    subject = str(row.id)
    paid = -left.get((paid_account(VatTreatment(row.vat_treatment)), subject), ZERO)
    bonus = -left.get((Account.VOUCHER_BONUS, subject), ZERO)
    if not ZERO <= paid <= most[0] or not ZERO <= bonus <= most[1]:
        yield Finding(
            msg("Voucher {number} has {paid} paid and {bonus} bonus left, which it was not sold with."),
            {"number": row.number, "paid": paid, "bonus": bonus},
        )


def terms(session: Session, _progress: Progress) -> Iterator[Finding]:
    """Each voucher still is what the line of its receipt sold, at that till and time, and is found under its number.

    What was sold in training is none (T13).
    """
    agreed = and_(
        LineRow.document_id == VoucherRow.document_id,
        LineRow.voucher_id == VoucherRow.id,
        LineRow.gv_typ == case(_SOLD_AS, value=VoucherRow.vat_treatment),
        LineRow.vat_key == VoucherRow.vat_key,
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
    keys = session.execute(select(VoucherRow.number, VoucherRow.number_key))
    lost = (number for number, key in keys if key != matching(number))
    for number in dict.fromkeys([*session.scalars(changed), *lost]):
        yield Finding(msg("Voucher {number} is not what its receipt says."), {"number": number})


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
