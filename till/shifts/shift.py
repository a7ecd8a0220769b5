"""Opens shifts and knows the open one, the float and the cash that should be in the drawer (60-fiscal A0.6)."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import exists, insert, select
from sqlalchemy.orm import Session

from till.business_case import BonTyp, GvTyp, VatKey, ZahlartTyp
from till.db.context import Context
from till.db.locks import Lock, LockKind, hold
from till.documents.model import Document, DocumentKind, Draft, Line, Payment, VatTotal
from till.documents.post import Booking, post
from till.errors import Refused
from till.i18n import msg
from till.ledger import chain
from till.ledger.account import Account
from till.ledger.balances import balance_among, balance_at
from till.ledger.entry import Posting
from till.money import MAX_CENTS, ZERO, Money
from till.shifts.models import ClosingRow, ShiftRow
from till.shifts.period import entries_in, present_period


@dataclass(frozen=True, slots=True)
class Shift:
    """An opened drawer."""

    id: uuid.UUID
    till_id: str
    opened_at: dt.datetime
    business_date: dt.date
    user_name: str
    opening_float: Money


def open_shift_of(session: Session, till_id: str) -> Shift | None:
    """The shift that is open on this till, or None."""
    closed = exists().where(ClosingRow.shift_id == ShiftRow.id)
    row = session.execute(
        select(ShiftRow.__table__)
        .where(ShiftRow.till_id == till_id, ~closed)
        .order_by(ShiftRow.opened_at.desc())
        .limit(1)
    ).first()
    return None if row is None else _shift(row)


def shift_by_id(session: Session, shift_id: uuid.UUID) -> Shift | None:
    """The shift with this id, or None."""
    row = session.execute(select(ShiftRow.__table__).where(ShiftRow.id == shift_id)).first()
    return None if row is None else _shift(row)


def target_cash(session: Session, till_id: str) -> Money:
    """What should be in the drawer now, by the ledger: what was there at the last Z and what has come since."""
    period = present_period(session, till_id)
    before = balance_at(session, period.previous, Account.CASH, till_id) if period.previous else ZERO
    return before + balance_among(session, entries_in(session, period), Account.CASH, till_id)


def open_shift(session: Session, context: Context, opening_float: Money) -> tuple[Shift, Document | None]:
    """Open a shift with `opening_float` in the drawer; what it differs from the ledger is booked as Geldtransit.

    Refuses a second open shift and a float below 0. `context.business_date` is the local date of now.
    """
    hold(session, [Lock(LockKind.TILL, context.till_id)])
    if open_shift_of(session, context.till_id) is not None:
        raise Refused(msg("The till is open already."))
    if opening_float < ZERO or opening_float.cents > MAX_CENTS:
        raise Refused(
            msg("The float can’t be {amount}. Count the drawer and type what is in it."), amount=opening_float
        )
    shift = Shift(uuid.uuid4(), context.till_id, context.now, context.business_date, context.user_name, opening_float)
    _enter(session, shift, context.user_id)
    added = opening_float - target_cash(session, context.till_id)
    opened = replace(context, shift_id=shift.id)
    return shift, _book_float(session, opened, added) if added else None


def cash_document(kind: DocumentKind, line: Line, context: Context, tender_id: str = "cash") -> Draft:
    """A Vorgang that only moves cash: one line on key 5, paid in cash."""
    return Draft(
        id=uuid.uuid4(),
        kind=kind,
        bon_typ=BonTyp.BELEG,
        started_at=context.now,
        lines=(line,),
        payments=(Payment(tender_id, ZahlartTyp.BAR, "Bar", line.gross),),
        vat=(VatTotal(VatKey.NOT_TAXABLE, 0, line.gross, ZERO),),
    )


def cash_line(text: str, gv_typ: GvTyp, amount: Money) -> Line:
    """The line of such a Vorgang; positive into the drawer."""
    return Line(text=text, gv_typ=gv_typ, vat_key=VatKey.NOT_TAXABLE, rate_bp=0, gross=amount, unit_price=amount)


def _book_float(session: Session, context: Context, added: Money) -> Document:
    line = cash_line("Wechselgeld", GvTyp.GELDTRANSIT, added)
    draft = cash_document(DocumentKind.OPENING_FLOAT, line, context)
    legs = (Posting(Account.CASH, added, context.till_id), Posting(Account.TRANSIT, -added, context.till_id))
    return post(session, context, draft, Booking(legs))


def _enter(session: Session, shift: Shift, user_id: str) -> None:
    row: dict[str, object] = {
        "id": shift.id,
        "till_id": shift.till_id,
        "opened_at": shift.opened_at,
        "business_date": shift.business_date,
        "user_id": user_id,
        "user_name": shift.user_name,
        "opening_float": shift.opening_float,
    }
    session.execute(insert(ShiftRow), row)
    chain.extend(session, shift.till_id, chain.RecordKind.SHIFT, str(shift.id), row)


def _shift(row: Any) -> Shift:
    return Shift(row.id, row.till_id, row.opened_at, row.business_date, row.user_name, row.opening_float)
