"""The sums of a day, for X and Z alike: what was sold, paid, given off, thrown away, brought in and taken out (T11)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.orm import Session

from till.audit import trail
from till.business_case import BonTyp, GvTyp
from till.documents.model import WITHOUT_RECEIPT, DocumentKind
from till.documents.models import DocumentRow, LineRow, PaymentRow
from till.money import ZERO, Money, total
from till.shifts.movement import STORNO, kind_of
from till.shifts.period import Period

CASH_ONLY = (
    DocumentKind.OPENING_FLOAT,
    DocumentKind.COUNT_DIFFERENCE,
    DocumentKind.CASH_MOVEMENT,
    DocumentKind.CASH_REVERSAL,
)
"""What moves cash and is no sale."""
_CASH_ONLY = [kind.value for kind in CASH_ONLY]
_ALL_KINDS = frozenset(kind.value for kind in DocumentKind)
_TRADE = _ALL_KINDS - frozenset(_CASH_ONLY)
_SOLD = (GvTyp.EINZWECK_KAUF.value, GvTyp.MEHRZWECK_KAUF.value)
_CANCELLED = (DocumentKind.CANCELLATION.value, DocumentKind.CASH_REVERSAL.value)
_RETURNED = (DocumentKind.RETURN.value,)
_REDEEMED = (GvTyp.EINZWECK_EINLOESUNG.value, GvTyp.MEHRZWECK_EINLOESUNG.value, GvTyp.RABATT.value)


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
class MovementTotal:
    """What came of one kind of cash movement: a MovementKind, the opening float, or what was taken back."""

    kind: str
    count: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something was done, and what it came to."""

    count: int = 0
    amount: Money = ZERO


NEVER = Tally()


@dataclass(frozen=True, slots=True)
class Sums:
    """A period in sums.

    `cases` and `tenders` are all that moved (60-fiscal A3.4 rule 4), `turnover` and `takings` those without the movements
    of cash alone.
    `cancellations` are receipts and cash movements that were taken back as a whole, `returns` parts of receipts: how many
    documents, and what goods, vouchers and cash in them were worth, as booked; `aborted` what an AVBelegabbruch threw away; amounts of what was
    redeemed are positive, of discounts negative, of movements as the drawer sees them. `trainings` are sales that were only
    practised: they explain numbers, and are in none of the other sums (T13). `removed` is what was taken out of baskets
    before they were paid, from the audit trail. `free_returns` are goods that came back without a receipt, negative (S1).
    """

    cases: tuple[CaseTotal, ...] = ()
    tenders: tuple[TenderTotal, ...] = ()
    turnover: tuple[CaseTotal, ...] = ()
    takings: tuple[TenderTotal, ...] = ()
    movements: tuple[MovementTotal, ...] = ()
    sales: int = 0
    cancellations: Tally = NEVER
    returns: Tally = NEVER
    aborted: Tally = NEVER
    discounts: Tally = NEVER
    vouchers_sold: Tally = NEVER
    vouchers_redeemed: Tally = NEVER
    trainings: Tally = NEVER
    removed: Tally = NEVER
    free_returns: Tally = NEVER
    drawer_openings: int = 0


def sums_of(session: Session, period: Period) -> Sums:
    """The sums of a period, from its documents."""
    cases, tenders = _cases(session, period), _tenders(session, period)
    documents = _documents(session, period)
    return Sums(
        cases=_case_totals_of(cases, _ALL_KINDS),
        tenders=_tender_totals_of(tenders, _ALL_KINDS),
        turnover=_case_totals_of(cases, _TRADE),
        takings=_tender_totals_of(tenders, _TRADE),
        movements=_movements(session, period),
        sales=documents.get(DocumentKind.SALE, NEVER).count,
        cancellations=_taken_back(session, period, _CANCELLED),
        returns=_taken_back(session, period, _RETURNED),
        aborted=documents.get(DocumentKind.ABORTED, NEVER),
        discounts=_discounts(session, period),
        vouchers_sold=_vouchers_sold(session, period),
        vouchers_redeemed=_vouchers_redeemed(session, period),
        trainings=documents.get(DocumentKind.TRAINING_SALE, NEVER),
        removed=_removed(session, period),
        free_returns=_free_returns(session, period),
        drawer_openings=documents.get(DocumentKind.NO_SALE, NEVER).count,
    )


def to_totals(sums: Sums) -> Mapping[str, object]:
    """The sums as a Z keeps them."""
    return {
        "cases": _case_rows(sums.cases),
        "tenders": _tender_rows(sums.tenders),
        "turnover": _case_rows(sums.turnover),
        "takings": _tender_rows(sums.takings),
        "movements": [[m.kind, m.count, m.amount] for m in sums.movements],
        "sales": sums.sales,
        **{name: _tally_row(getattr(sums, name)) for name in _TALLIES},
        "drawer_openings": sums.drawer_openings,
    }


def from_totals(stored: str) -> tuple[Sums, dict[str, Any]]:
    """The sums that a Z keeps, and all that stands beside them."""
    totals: dict[str, Any] = json.loads(stored)
    sums = Sums(
        cases=_case_totals(totals["cases"]),
        tenders=_tender_totals(totals["tenders"]),
        turnover=_case_totals(totals["turnover"]),
        takings=_tender_totals(totals["takings"]),
        movements=tuple(MovementTotal(kind, count, Money(cents)) for kind, count, cents in totals["movements"]),
        sales=totals["sales"],
        drawer_openings=totals["drawer_openings"],
        **{name: Tally(totals[name][0], Money(totals[name][1])) for name in _TALLIES},
    )
    return sums, totals


_TALLIES = (
    "cancellations",
    "returns",
    "aborted",
    "discounts",
    "vouchers_sold",
    "vouchers_redeemed",
    "trainings",
    "removed",
    "free_returns",
)


def _cases(session: Session, period: Period) -> list[tuple[str, CaseTotal]]:
    """The cases of each kind of document: all of a day's lines are read once, however they are summed up."""
    key = (LineRow.gv_typ, LineRow.gv_name, LineRow.vat_key, LineRow.rate_bp)
    rows = session.execute(
        select(DocumentRow.kind, *key, func.sum(LineRow.gross).label("gross"), func.sum(LineRow.tax).label("tax"))
        .join(DocumentRow, DocumentRow.id == LineRow.document_id)
        .where(period.documents, DocumentRow.bon_typ == BonTyp.BELEG.value)
        .group_by(*key, DocumentRow.kind)
        .order_by(*key)
    )
    return [(r.kind, CaseTotal(r.gv_typ, r.gv_name, r.vat_key, r.rate_bp, r.gross, r.tax)) for r in rows]


def _case_totals_of(cases: list[tuple[str, CaseTotal]], kinds: frozenset[str]) -> tuple[CaseTotal, ...]:
    sums: dict[tuple[str, str, int, int], CaseTotal] = {}
    for kind, case in cases:
        if kind in kinds:
            key = (case.gv_typ, case.gv_name, case.vat_key, case.rate_bp)
            before = sums.get(key, CaseTotal(*key, ZERO, ZERO))
            sums[key] = replace(before, gross=before.gross + case.gross, tax=before.tax + case.tax)
    return tuple(sums.values())


def _tenders(session: Session, period: Period) -> list[tuple[str, TenderTotal]]:
    key = (PaymentRow.zahlart_typ, PaymentRow.name)
    rows = session.execute(
        select(DocumentRow.kind, *key, func.count().label("number"), func.sum(PaymentRow.amount).label("amount"))
        .join(DocumentRow, DocumentRow.id == PaymentRow.document_id)
        .where(period.documents, DocumentRow.bon_typ == BonTyp.BELEG.value)
        .group_by(*key, DocumentRow.kind)
        .order_by(*key)
    )
    return [(r.kind, TenderTotal(r.zahlart_typ, r.name, r.number, r.amount)) for r in rows]


def _tender_totals_of(tenders: list[tuple[str, TenderTotal]], kinds: frozenset[str]) -> tuple[TenderTotal, ...]:
    sums: dict[tuple[str, str], TenderTotal] = {}
    for kind, tender in tenders:
        if kind in kinds:
            key = (tender.zahlart_typ, tender.name)
            before = sums.get(key, TenderTotal(*key, 0, ZERO))
            sums[key] = replace(before, count=before.count + tender.count, amount=before.amount + tender.amount)
    return tuple(sums.values())


def _movements(session: Session, period: Period) -> tuple[MovementTotal, ...]:
    is_in = (LineRow.gross > literal_column("0")).label("is_in")
    rows = session.execute(
        select(
            DocumentRow.kind, LineRow.gv_typ, is_in, func.count().label("number"), func.sum(LineRow.gross).label("sum")
        )
        .join(LineRow, LineRow.document_id == DocumentRow.id)
        .where(period.documents, DocumentRow.kind.in_(_CASH_ONLY))
        .group_by(DocumentRow.kind, LineRow.gv_typ, is_in)
    )
    found: dict[str, Tally] = {}
    for row in rows:
        before = found.get(name := _name(row.kind, row.gv_typ, row.sum), Tally())
        found[name] = Tally(before.count + row.number, before.amount + row.sum)
    return tuple(MovementTotal(name, tally.count, tally.amount) for name, tally in sorted(found.items()))


def _name(kind: str, gv_typ: str, gross: Money) -> str:
    meant = kind_of(GvTyp(gv_typ), gross) if kind == DocumentKind.CASH_MOVEMENT.value else None
    return meant.value if meant is not None else kind


def _documents(session: Session, period: Period) -> dict[str, Tally]:
    """How many documents there are of each kind, and what they come to."""
    rows = session.execute(
        select(DocumentRow.kind, func.count().label("number"), func.sum(DocumentRow.total).label("amount"))
        .where(period.documents)
        .group_by(DocumentRow.kind)
    )
    return {row.kind: Tally(row.number, row.amount) for row in rows}


def _taken_back(session: Session, period: Period, kinds: tuple[str, ...]) -> Tally:
    """What documents of these kinds take back, at the value that was sold; what vouchers had paid of it is no part of that."""
    number = func.count(LineRow.document_id.distinct())
    is_back = (LineRow.gv_name == STORNO) & DocumentRow.kind.in_(kinds)
    is_pay = LineRow.gv_typ.in_(_REDEEMED) | LineRow.returns.is_(None) | (LineRow.gross > literal_column("0"))
    pays = LineRow.voucher_id.is_not(None) & is_pay
    amount = func.sum(LineRow.gross).filter(~pays)
    count, gross = session.execute(_counted(number, amount, period, is_back)).one()
    return Tally(count, gross or ZERO)


def _discounts(session: Session, period: Period) -> Tally:
    is_discount = (LineRow.gv_typ == GvTyp.RABATT.value) & LineRow.voucher_id.is_(None) & (LineRow.gv_name != STORNO)
    number, amount = session.execute(_lines(func.count(), period, is_discount)).one()
    return Tally(number, amount or ZERO)


def _vouchers_sold(session: Session, period: Period) -> Tally:
    """Of the lines with these cases those of vouchers: credit that a customer gets is none."""
    is_new = (LineRow.gv_name != STORNO) & (LineRow.gross >= literal_column("0"))
    is_sale = LineRow.gv_typ.in_(_SOLD) & LineRow.voucher_id.is_not(None) & is_new
    number, amount = session.execute(_lines(func.count(), period, is_sale)).one()
    return Tally(number, amount or ZERO)


def _vouchers_redeemed(session: Session, period: Period) -> Tally:
    """A voucher's paid and given parts, on whatever VAT keys, are one redemption; so is what it pays out in cash."""
    is_paid_out = LineRow.gv_typ.in_(_SOLD) & (LineRow.gross < literal_column("0"))
    is_taken = LineRow.gv_typ.in_(_REDEEMED) | is_paid_out
    is_redemption = is_taken & LineRow.voucher_id.is_not(None) & (LineRow.gv_name != STORNO)
    each = (
        _lines(LineRow.voucher_id.label("voucher"), period, is_redemption)
        .group_by(LineRow.document_id, LineRow.voucher_id)
        .subquery()
    )
    number, amount = session.execute(select(func.count(), func.sum(each.c.gross))).one()
    return Tally(number, -(amount or ZERO))


def _free_returns(session: Session, period: Period) -> Tally:
    """What was given for the goods, by whatever way: a voucher that was given for them takes nothing off it."""
    number, amount = session.execute(
        _lines(func.count(LineRow.document_id.distinct()), period, LineRow.gv_name == WITHOUT_RECEIPT)
    ).one()
    return Tally(number, amount or ZERO)


def _removed(session: Session, period: Period) -> Tally:
    amounts = trail.amounts_between(
        session, period.till_id, trail.Action.LINE_REMOVED, (period.first_position, period.last_position)
    )
    return Tally(len(amounts), total(amounts))


def _lines(counted: Any, period: Period, where: ColumnElement[bool]) -> Any:
    return _counted(counted, func.sum(LineRow.gross).label("gross"), period, where)


def _counted(counted: Any, amount: Any, period: Period, where: ColumnElement[bool]) -> Any:
    return (
        select(counted, amount)
        .select_from(LineRow)
        .join(DocumentRow, DocumentRow.id == LineRow.document_id)
        .where(period.documents, DocumentRow.bon_typ == BonTyp.BELEG.value, where)
    )


def _case_rows(cases: tuple[CaseTotal, ...]) -> list[list[object]]:
    return [[c.gv_typ, c.gv_name, c.vat_key, c.rate_bp, c.gross, c.tax] for c in cases]


def _tender_rows(tenders: tuple[TenderTotal, ...]) -> list[list[object]]:
    return [[t.zahlart_typ, t.name, t.count, t.amount] for t in tenders]


def _tally_row(tally: Tally) -> list[object]:
    return [tally.count, tally.amount]


def _case_totals(rows: list[list[Any]]) -> tuple[CaseTotal, ...]:
    return tuple(CaseTotal(t, n, k, r, Money(g), Money(x)) for t, n, k, r, g, x in rows)


def _tender_totals(rows: list[list[Any]]) -> tuple[TenderTotal, ...]:
    return tuple(TenderTotal(t, n, c, Money(a)) for t, n, c, a in rows)
