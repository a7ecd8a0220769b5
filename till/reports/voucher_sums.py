"""Reads what the shop owes for vouchers: sums made by the database, some thousand vouchers at a time (10-vouchers V46)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, case, extract, func, literal, or_, select
from sqlalchemy.orm import Session

from till.db.types import MoneyType
from till.ledger.account import Account
from till.ledger.balances import subject_of
from till.ledger.models import EntryRow, PostingRow
from till.money import ZERO, Money
from till.reports.voucher_liability import (
    NOTHING,
    LedgerSums,
    Left,
    LiabilityRow,
    VoucherLiability,
    month_by_month,
    months_after,
)
from till.vouchers.bookings import VALUE_ACCOUNTS
from till.vouchers.model import VatTreatment, VoucherOrigin
from till.vouchers.models import VoucherRow, VoucherTypeRow
from till.vouchers.portions import portions

PORTION = 5_000
_EXPIRED, _EXPIRING, _VALID = 0, 1, 2
_NIL = literal(ZERO, MoneyType())
_Key = tuple[str, uuid.UUID, int, bool]
_Parts = dict[int, Left]
Query = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class AsOf:
    """The end of which day is asked for, on the wall clock of `zone`; `is_now`: all that is booked counts.

    An earlier day counts what belongs to business days up to it.
    """

    day: dt.date
    zone: str
    months_ahead: int
    is_now: bool = True


def voucher_liability(
    session: Session, as_of: AsOf, told: Callable[[int], object] = lambda _vouchers: None
) -> VoucherLiability:
    """The whole report. `told` hears how many vouchers are done, and may raise to end it.

    The session must see one moment from beginning to end, as `Database.read` gives it.
    """
    counted: dict[_Key, _Parts] = defaultdict(dict)
    changes: dict[dt.date, tuple[Money, Money]] = {}
    years = _years(session, as_of)
    for done, portion in portions(session, PORTION):
        told(done)
        _add_standings(session, counted, _standings(as_of, years, portion))
        _add_changes(session, changes, _changes(as_of, portion))
    first_of_month = as_of.day.replace(day=1)
    return VoucherLiability(
        as_of.day,
        as_of.months_ahead,
        _rows(session, counted),
        month_by_month(changes, max([first_of_month, *changes])),
        _ledger(session, as_of),
    )


def _years(session: Session, as_of: AsOf) -> ColumnElement[int]:
    """The local year in which a voucher was sold, in SQL."""
    first, last = session.execute(select(func.min(VoucherRow.issued_at), func.max(VoucherRow.issued_at))).one()
    zone = ZoneInfo(as_of.zone)
    known = range(_year(first, as_of), _year(last, as_of) + 1)
    ends = [(VoucherRow.issued_at < dt.datetime(year + 1, 1, 1, tzinfo=zone), year) for year in known]
    return case(*ends, else_=known[-1])


def _year(instant: dt.datetime | None, as_of: AsOf) -> int:
    return as_of.day.year if instant is None else instant.astimezone(ZoneInfo(as_of.zone)).year


def _standings(as_of: AsOf, years: ColumnElement[int], portion: ColumnElement[bool]) -> Query:
    """What is left by treatment, type, year, origin and term; vouchers with nothing on them are left out."""
    is_bonus = PostingRow.account == Account.VOUCHER_BONUS.value
    amount = _counted(as_of)
    ahead = months_after(as_of.day, as_of.months_ahead)
    term = case(
        (VoucherRow.valid_until < as_of.day, _EXPIRED), (VoucherRow.valid_until <= ahead, _EXPIRING), else_=_VALID
    )
    of_one = select(
        VoucherRow.vat_treatment,
        VoucherRow.type_id,
        years.label("year"),
        (VoucherRow.origin == VoucherOrigin.OLD.value).label("is_old"),
        term.label("term"),
        func.sum(case((is_bonus, _NIL), else_=amount)).label("paid"),
        func.sum(case((is_bonus, amount), else_=_NIL)).label("bonus"),
    )
    found = _with_postings(of_one, as_of, PostingRow.account.in_(VALUE_ACCOUNTS)).where(portion)
    one = found.group_by(VoucherRow.id).subquery()
    key = (one.c.vat_treatment, one.c.type_id, one.c.year, one.c.is_old, one.c.term)
    sums = (func.count().label("vouchers"), func.sum(one.c.paid).label("paid"), func.sum(one.c.bonus).label("bonus"))
    return select(*key, *sums).where(or_(one.c.paid != ZERO, one.c.bonus != ZERO)).group_by(*key)


def _with_postings(query: Query, as_of: AsOf, accounts: ColumnElement[bool], *, entries: bool = False) -> Query:
    """The vouchers with their postings, and with the entries of these where the day or `entries` asks for them.

    The joins are outer ones so that SQLite begins with the portion's vouchers: without statistics it takes an account for
    a handful of rows, and would go through all of its postings for each portion.
    """
    booked = and_(accounts, PostingRow.subject == subject_of(VoucherRow.id))
    query = query.select_from(VoucherRow).outerjoin(PostingRow, booked)
    if as_of.is_now and not entries:
        return query
    return query.outerjoin(EntryRow, EntryRow.id == PostingRow.entry_id)


def _counted(as_of: AsOf) -> ColumnElement[Money]:
    """The amount of a posting that counts: of an earlier day only what was booked for business days up to it."""
    if as_of.is_now:
        return PostingRow.amount.expression
    return case((EntryRow.business_date <= as_of.day, PostingRow.amount), else_=_NIL)


def _add_standings(session: Session, counted: dict[_Key, _Parts], query: Query) -> None:
    for row in session.execute(query):
        parts = counted[row.vat_treatment, row.type_id, row.year, bool(row.is_old)]
        parts[row.term] = parts.get(row.term, NOTHING) + Left(row.vouchers, -row.paid, -row.bonus)


def _changes(as_of: AsOf, portion: ColumnElement[bool]) -> Query:
    """What each month did to the liability. A voucher that replaces another one brings nothing new."""
    amount = _counted(as_of)
    is_issue = and_(
        or_(EntryRow.document_id == VoucherRow.document_id, EntryRow.id == VoucherRow.entry_id),
        VoucherRow.origin != VoucherOrigin.REPLACEMENT.value,
        PostingRow.amount < ZERO,
    )
    year, month = extract("year", EntryRow.business_date), extract("month", EntryRow.business_date)
    issued = func.sum(case((is_issue, amount), else_=_NIL))
    query = select(year.label("year"), month.label("month"), issued.label("issued"), func.sum(amount).label("all"))
    is_multi = PostingRow.account == Account.VOUCHER_MULTI.value
    return _with_postings(query, as_of, is_multi, entries=True).where(portion).group_by(year, month)


def _add_changes(session: Session, changes: dict[dt.date, tuple[Money, Money]], query: Query) -> None:
    for year, month, issued, whole in session.execute(query):
        if year is not None and (issued or whole):
            first = dt.date(int(year), int(month), 1)
            sold, redeemed = changes.get(first, (ZERO, ZERO))
            changes[first] = (sold - issued, redeemed + whole - issued)


def _rows(session: Session, counted: dict[_Key, _Parts]) -> tuple[LiabilityRow, ...]:
    names = {row.id: row.name for row in session.execute(select(VoucherTypeRow.id, VoucherTypeRow.name))}
    rows = [_row(key, names.get(key[1], ""), parts) for key, parts in counted.items()]
    return tuple(sorted(rows, key=lambda row: (row.treatment, row.type_name, str(row.type_id), row.is_old, row.year)))


def _row(key: _Key, name: str, parts: _Parts) -> LiabilityRow:
    treatment, type_id, year, is_old = key
    expired, expiring = parts.get(_EXPIRED, NOTHING), parts.get(_EXPIRING, NOTHING)
    left = expired + expiring + parts.get(_VALID, NOTHING)
    return LiabilityRow(VatTreatment(treatment), type_id, name, year, is_old, left, expired, expiring)


def _ledger(session: Session, as_of: AsOf) -> LedgerSums:
    """The accounts by themselves: whatever stands on them, whether a voucher is known for it or not."""
    booked = select(PostingRow.account, func.sum(PostingRow.amount).label("sum")).where(
        PostingRow.account.in_(VALUE_ACCOUNTS)
    )
    if not as_of.is_now:
        booked = booked.join(EntryRow, EntryRow.id == PostingRow.entry_id).where(EntryRow.business_date <= as_of.day)
    sums = {Account(row.account): -row.sum for row in session.execute(booked.group_by(PostingRow.account))}
    return LedgerSums(*(sums.get(account, ZERO) for account in VALUE_ACCOUNTS))
