"""The Z closing: counts, books the difference, freezes the sums and the chain's head (60-fiscal A3.5)."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from till import __version__
from till.business_case import BonTyp, GvTyp
from till.db.context import Context
from till.db.counter import next_number
from till.db.locks import Lock, LockKind, hold
from till.documents.model import Document, DocumentKind, Draft
from till.documents.post import Booking, post
from till.errors import Refused
from till.i18n import msg
from till.ledger import chain
from till.ledger.account import Account
from till.ledger.balances import add_checkpoint
from till.ledger.entry import Posting
from till.money import MAX_CENTS, ZERO, Money
from till.shifts.cash_in_out import move
from till.shifts.count import CashCount, Counted, amount_of, stored_pieces
from till.shifts.figures import CaseTotal, Sums, TenderTotal, from_totals, sums_of, to_totals
from till.shifts.models import ClosingRow
from till.shifts.movement import Movement
from till.shifts.period import entries_in, present_period
from till.shifts.shift import cash_document, cash_line, open_shift_of, target_cash
from till.shop.snapshot import master_record

Z_SERIES = "closing"
_GROSS = 4  # the place of the gross amount in a stored CaseTotal


@dataclass(frozen=True, slots=True)
class Closing:
    """A Z with its sums. `counted_cash` is None where nothing was counted; `pieces` where nobody told coin by coin.

    `dropped` was counted too, and taken out right before the Z, when target and count had been compared: what is left of
    the counted cash is tomorrow's float.
    """

    id: uuid.UUID
    till_id: str
    z_number: int
    closed_at: dt.datetime
    business_date: dt.date
    first_number: int
    last_number: int
    target_cash: Money
    counted_cash: Money | None
    pieces: CashCount | None
    sums: Sums
    chain_head: str
    dropped: Money = ZERO

    @property
    def cases(self) -> tuple[CaseTotal, ...]:
        """The rows of businesscases.csv."""
        return self.sums.cases

    @property
    def tenders(self) -> tuple[TenderTotal, ...]:
        """The rows of payment.csv."""
        return self.sums.tenders

    @property
    def sales(self) -> int:
        """How many sales there were."""
        return self.sums.sales

    @property
    def difference(self) -> Money | None:
        """Counted minus target."""
        return None if self.counted_cash is None else self.counted_cash - self.target_cash


@dataclass(frozen=True, slots=True)
class ClosingLine:
    """A Z in a list: what there is to see of it without its paper. `turnover` is what was sold, at gross."""

    id: uuid.UUID
    till_id: str
    z_number: int
    closed_at: dt.datetime
    business_date: dt.date
    receipts: int
    turnover: Money
    counted_cash: Money | None
    difference: Money | None
    dropped: Money


_LINES = select(
    ClosingRow.id,
    ClosingRow.till_id,
    ClosingRow.z_number,
    ClosingRow.closed_at,
    ClosingRow.business_date,
    ClosingRow.target_cash,
    ClosingRow.counted_cash,
    ClosingRow.totals,
)


@dataclass(frozen=True, slots=True)
class Closed:
    """What closing a shift made: the Z, its document, and those of the difference and the drop where there was one."""

    closing: Closing
    document: Document
    difference: Document | None
    drop: Document | None = None


def close_shift(session: Session, context: Context, counted: Counted | None, drop: Movement | None = None) -> Closed:
    """Close the open shift with a Z. A difference is booked, never a reason to refuse (T11).

    `counted` is a sum, or a protocol by coin and note, which the Z then keeps. `drop` is what is taken out of that before
    the Z (Abschöpfung), so that the rest is tomorrow's float; it is refused as any movement is, and then nothing is booked.

    The sums are taken after the difference is booked. Both documents belong to the open shift, whatever shift the
    context names. Refuses when no shift is open or the count is below 0.
    """
    hold(session, [Lock(LockKind.TILL, context.till_id)])
    shift = open_shift_of(session, context.till_id)
    if shift is None:
        raise Refused(msg("The till is closed already."))
    amount = None if counted is None else checked_count(counted)
    context = replace(context, shift_id=shift.id, business_date=shift.business_date)
    target = target_cash(session, context.till_id)
    difference = _book_difference(session, context, amount - target) if amount is not None else None
    dropped = move(session, context, drop).document if drop is not None else None
    taken = -dropped.draft.total if dropped is not None else ZERO
    z_number = next_number(session, context.till_id, Z_SERIES)
    document = post(session, context, _closing_draft(session, context, z_number))
    period = present_period(session, context.till_id)
    closing = Closing(
        id=document.id,
        till_id=context.till_id,
        z_number=z_number,
        closed_at=context.now,
        business_date=context.business_date,
        first_number=period.first_number,
        last_number=document.number,
        target_cash=target,
        counted_cash=amount,
        pieces=counted if isinstance(counted, CashCount) else None,
        sums=sums_of(session, period),
        chain_head=chain.head(session, context.till_id),
        dropped=taken,
    )
    _enter(session, context, closing, shift.id)
    add_checkpoint(session, closing.id, period.previous, entries_in(session, period))
    return Closed(closing, document, difference, dropped)


def checked_count(counted: Counted) -> Money:
    """The sum of a count; Refused below 0 and beyond what a till holds."""
    amount = amount_of(counted)
    if amount < ZERO:
        raise Refused(msg("The counted cash can’t be below 0."))
    if amount.cents > MAX_CENTS:
        raise Refused(msg("The counted cash can’t be {amount}. Count again."), amount=amount)
    return amount


def closing(session: Session, closing_id: uuid.UUID) -> Closing | None:
    """The Z of this closing document, or None."""
    row = session.execute(select(ClosingRow.__table__).where(ClosingRow.id == closing_id)).first()
    return None if row is None else _closing(row)


def numbered(session: Session, till_id: str, z_number: int) -> Closing | None:
    """The Z with this number of a till, or None."""
    row = session.execute(
        select(ClosingRow.__table__).where(ClosingRow.till_id == till_id, ClosingRow.z_number == z_number)
    ).first()
    return None if row is None else _closing(row)


def recent(session: Session, till_id: str, limit: int) -> list[ClosingLine]:
    """The newest Z of a till, newest first."""
    newest = _LINES.where(ClosingRow.till_id == till_id).order_by(ClosingRow.z_number.desc()).limit(limit)
    return [_line(row) for row in session.execute(newest)]


def every(session: Session) -> list[ClosingLine]:
    """All Z of all tills, newest first."""
    rows = session.execute(_LINES.order_by(ClosingRow.closed_at.desc(), ClosingRow.z_number.desc()))
    return [_line(row) for row in rows]


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
        "totals": chain.canonical(
            {
                **to_totals(z.sums),
                "pieces": _piece_rows(z.pieces),
                "dropped": z.dropped,
                "master": master_record(session, z.business_date),
            }
        ),
    }
    session.execute(insert(ClosingRow), row)
    chain.extend(session, context.till_id, chain.RecordKind.CLOSING, str(z.id), row)


def _line(row: Any) -> ClosingLine:
    """There may be thousands, so of the sums only what is shown is made a value."""
    totals = json.loads(row.totals)
    return ClosingLine(
        id=row.id,
        till_id=row.till_id,
        z_number=row.z_number,
        closed_at=row.closed_at,
        business_date=row.business_date,
        receipts=totals["sales"],
        turnover=Money(sum(case[_GROSS] for case in totals["turnover"])),
        counted_cash=row.counted_cash,
        difference=None if row.counted_cash is None else row.counted_cash - row.target_cash,
        dropped=Money(totals["dropped"]),
    )


def _piece_rows(count: CashCount | None) -> list[list[object]] | None:
    return None if count is None else [[pieces.value, pieces.count] for pieces in count.pieces]


def _closing(row: Any) -> Closing:
    sums, beside = from_totals(row.totals)
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
        pieces=None if beside["pieces"] is None else stored_pieces(beside["pieces"]),
        sums=sums,
        chain_head=row.chain_head,
        dropped=Money(beside["dropped"]),
    )
