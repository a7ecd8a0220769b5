"""The Z closing: counts, books the difference, freezes the sums and the chain's head (60-fiscal A3.5)."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from till import __version__
from till.business_case import BonTyp, GvTyp
from till.db.context import Context
from till.db.counter import next_number
from till.db.locks import Lock, LockKind, hold
from till.documents.model import Document, DocumentKind, Draft
from till.documents.models import DocumentRow, LineRow, PaymentRow
from till.documents.post import Booking, post
from till.errors import Refused
from till.i18n import msg
from till.ledger import chain
from till.ledger.account import Account
from till.ledger.balances import add_checkpoint
from till.ledger.entry import Posting
from till.money import ZERO, Money
from till.shifts.models import ClosingRow
from till.shifts.period import Period, entries_in, present_period
from till.shifts.shift import cash_document, cash_line, open_shift_of, target_cash

Z_SERIES = "closing"


@dataclass(frozen=True, slots=True)
class CaseTotal:
    """One row of businesscases.csv: gross and tax of a GV_TYP, its name and VAT key."""

    gv_typ: str
    gv_name: str
    vat_key: int
    rate_bp: int
    gross: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class TenderTotal:
    """One row of payment.csv."""

    zahlart_typ: str
    name: str
    count: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Closing:
    """A Z with its sums. `difference` is counted minus target; None where nothing was counted."""

    id: uuid.UUID
    till_id: str
    z_number: int
    closed_at: dt.datetime
    business_date: dt.date
    first_number: int
    last_number: int
    target_cash: Money
    counted_cash: Money | None
    cases: tuple[CaseTotal, ...]
    tenders: tuple[TenderTotal, ...]
    sales: int
    cancellations: int
    cancelled: Money
    chain_head: str

    @property
    def difference(self) -> Money | None:
        """Counted minus target."""
        return None if self.counted_cash is None else self.counted_cash - self.target_cash


@dataclass(frozen=True, slots=True)
class Closed:
    """What closing a shift made: the Z, its document, and the document of the difference if there was one."""

    closing: Closing
    document: Document
    difference: Document | None


def close_shift(session: Session, context: Context, counted: Money | None) -> Closed:
    """Close the open shift with a Z. A difference is booked, never a reason to refuse (T11).

    The sums are taken after the difference is booked. Both documents belong to the open shift, whatever shift the
    context names. Refuses when no shift is open or the count is below 0.
    """
    hold(session, [Lock(LockKind.TILL, context.till_id)])
    shift = open_shift_of(session, context.till_id)
    if shift is None:
        raise Refused(msg("The till is closed already."))
    if counted is not None and counted < ZERO:
        raise Refused(msg("The counted cash can’t be below 0."))
    context = replace(context, shift_id=shift.id, business_date=shift.business_date)
    target = target_cash(session, context.till_id)
    difference = _book_difference(session, context, counted - target) if counted is not None else None
    z_number = next_number(session, context.till_id, Z_SERIES)
    document = post(session, context, _closing_draft(session, context, z_number))
    period = present_period(session, context.till_id)
    closing = _sums(session, context, (document, z_number, period), (target, counted))
    _enter(session, context, closing, shift.id)
    add_checkpoint(session, closing.id, period.previous, entries_in(session, period))
    return Closed(closing, document, difference)


def closing(session: Session, closing_id: uuid.UUID) -> Closing | None:
    """The Z of this closing document, or None."""
    row = session.execute(select(ClosingRow.__table__).where(ClosingRow.id == closing_id)).first()
    return None if row is None else _closing(row)


def latest(session: Session, till_id: str) -> Closing | None:
    """The newest Z of a till, or None before the first."""
    row = session.execute(
        select(ClosingRow.__table__).where(ClosingRow.till_id == till_id).order_by(ClosingRow.z_number.desc()).limit(1)
    ).first()
    return None if row is None else _closing(row)


def record_of(session: Session, closing_id: uuid.UUID) -> chain.Record | None:
    """A stored closing as the chain covers it; None when it is missing."""
    row = session.execute(select(ClosingRow.__table__).where(ClosingRow.id == closing_id)).first()
    return None if row is None else dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


def _book_difference(session: Session, context: Context, difference: Money) -> Document | None:
    if not difference:
        return None
    line = cash_line("Kassendifferenz", GvTyp.DIFFERENZ, difference)
    draft = cash_document(DocumentKind.COUNT_DIFFERENCE, line, context)
    legs = (
        Posting(Account.CASH, difference, context.till_id),
        Posting(Account.OVER_SHORT, -difference, context.till_id),
    )
    return post(session, context, draft, Booking(legs))


def _closing_draft(session: Session, context: Context, z_number: int) -> Draft:
    return Draft(
        id=uuid.uuid4(),
        kind=DocumentKind.CLOSING,
        bon_typ=BonTyp.SONSTIGE,
        bon_name=f"Tagesabschluss Z {z_number}",
        note=chain.head(session, context.till_id),
        started_at=context.now,
    )


def _sums(
    session: Session, context: Context, what: tuple[Document, int, Period], cash: tuple[Money, Money | None]
) -> Closing:
    document, z_number, period = what
    cases, tenders = sums_of(session, period)
    return Closing(
        id=document.id,
        till_id=context.till_id,
        z_number=z_number,
        closed_at=context.now,
        business_date=context.business_date,
        first_number=period.first_number,
        last_number=document.number,
        target_cash=cash[0],
        counted_cash=cash[1],
        cases=cases,
        tenders=tenders,
        sales=_sales(session, period),
        cancellations=0,
        cancelled=ZERO,
        chain_head=chain.head(session, context.till_id),
    )


def _sales(session: Session, period: Period) -> int:
    return session.execute(
        select(func.count()).where(period.documents, DocumentRow.kind == DocumentKind.SALE.value)
    ).scalar_one()


def sums_of(session: Session, period: Period) -> tuple[tuple[CaseTotal, ...], tuple[TenderTotal, ...]]:
    """The business cases and tenders of a period, summed from its documents (60-fiscal A3.4 rule 4)."""
    return _cases(session, period), _tenders(session, period)


def _cases(session: Session, period: Period) -> tuple[CaseTotal, ...]:
    key = (LineRow.gv_typ, LineRow.gv_name, LineRow.vat_key, LineRow.rate_bp)
    rows = session.execute(
        select(*key, func.sum(LineRow.gross).label("gross"), func.sum(LineRow.tax).label("tax"))
        .join(DocumentRow, DocumentRow.id == LineRow.document_id)
        .where(period.documents, DocumentRow.bon_typ == BonTyp.BELEG.value)
        .group_by(*key)
        .order_by(*key)
    )
    return tuple(CaseTotal(r.gv_typ, r.gv_name, r.vat_key, r.rate_bp, r.gross, r.tax) for r in rows)


def _tenders(session: Session, period: Period) -> tuple[TenderTotal, ...]:
    key = (PaymentRow.zahlart_typ, PaymentRow.name)
    rows = session.execute(
        select(*key, func.count().label("number"), func.sum(PaymentRow.amount).label("amount"))
        .join(DocumentRow, DocumentRow.id == PaymentRow.document_id)
        .where(period.documents, DocumentRow.bon_typ == BonTyp.BELEG.value)
        .group_by(*key)
        .order_by(*key)
    )
    return tuple(TenderTotal(r.zahlart_typ, r.name, r.number, r.amount) for r in rows)


def _enter(session: Session, context: Context, z: Closing, shift_id: uuid.UUID) -> None:
    row = {
        "id": z.id,
        "till_id": z.till_id,
        "z_number": z.z_number,
        "shift_id": shift_id,
        "closed_at": z.closed_at,
        "business_date": z.business_date,
        "first_number": z.first_number,
        "last_number": z.last_number,
        "target_cash": z.target_cash,
        "counted_cash": z.counted_cash,
        "program_version": __version__,
        "chain_head": z.chain_head,
        "totals": chain.canonical(_totals(z)),
    }
    session.execute(insert(ClosingRow), row)
    chain.extend(session, context.till_id, chain.RecordKind.CLOSING, str(z.id), row)


def _totals(z: Closing) -> Mapping[str, object]:
    return {
        "cases": [[c.gv_typ, c.gv_name, c.vat_key, c.rate_bp, c.gross, c.tax] for c in z.cases],
        "tenders": [[t.zahlart_typ, t.name, t.count, t.amount] for t in z.tenders],
        "sales": z.sales,
        "cancellations": z.cancellations,
        "cancelled": z.cancelled,
    }


def _closing(row: Any) -> Closing:
    totals = json.loads(row.totals)
    return Closing(
        id=row.id,
        till_id=row.till_id,
        z_number=row.z_number,
        closed_at=row.closed_at,
        business_date=row.business_date,
        first_number=row.first_number,
        last_number=row.last_number,
        target_cash=row.target_cash,
        counted_cash=row.counted_cash,
        cases=tuple(CaseTotal(t, n, k, r, Money(g), Money(x)) for t, n, k, r, g, x in totals["cases"]),
        tenders=tuple(TenderTotal(t, n, c, Money(a)) for t, n, c, a in totals["tenders"]),
        sales=totals["sales"],
        cancellations=totals["cancellations"],
        cancelled=Money(totals["cancelled"]),
        chain_head=row.chain_head,
    )
