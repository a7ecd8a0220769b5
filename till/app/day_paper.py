"""The figures of a Z or X as their papers show them: what was sold and paid, and what the drawer got and gave besides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy.orm import Session

from till.app.workplace import Workplace
from till.business_case import VatKey, ZahlartTyp
from till.documents.model import Document, DocumentKind, VatTotal
from till.i18n import Translator, msg
from till.money import ZERO, Money, total
from till.receipts import source
from till.receipts.source import ClosingFigures
from till.shifts.closing import Closing, closing
from till.shifts.figures import CaseTotal, Sums
from till.shifts.interim import Interim
from till.shifts.movement import MovementKind
from till.shifts.shift import shift_by_id

_NAMES = {
    DocumentKind.OPENING_FLOAT.value: msg("Opening float"),
    DocumentKind.CASH_REVERSAL.value: msg("Cash in or out taken back"),
    **{kind.value: kind.called for kind in MovementKind},
}


def z_figures(session: Session, document: Document, t: Translator) -> ClosingFigures | None:
    """The figures that a closing's document stands for; None for other documents."""
    z = closing(session, document.id)
    if z is None:
        return None
    shift = shift_by_id(session, document.shift_id) if document.shift_id else None
    opened_at = shift.opened_at if shift else z.closed_at
    before_drop = replace(z, sums=_without_drop(z.sums, z.dropped))
    figures = _figures(before_drop, (opened_at, z.closed_at), z.business_date, t)
    return replace(figures, z_number=z.z_number, counted=z.counted_cash, pieces=_pieces(z), dropped=z.dropped)


def x_figures(workplace: Workplace, day: Interim, t: Translator) -> ClosingFigures:
    """The figures of now; without the target, and what it could be told from, where the shop counts blind."""
    shift, counted = workplace.shift, workplace.last_count
    opened_at = shift.opened_at if shift else day.as_of
    figures = _figures(day, (opened_at, day.as_of), workplace.business_date, t)
    if counted is not None and counted.expected == day.target_cash:
        figures = replace(figures, counted=counted.counted)
    return figures if workplace.may_tell_cash else replace(figures, cash_target=None, cash_before=None)


def _figures(
    day: Closing | Interim, between: tuple[dt.datetime, dt.datetime], business_date: dt.date, t: Translator
) -> ClosingFigures:
    """What X and Z have in common: no number, and nobody has counted."""
    sums = day.sums
    return ClosingFigures(
        z_number=None,
        business_date=business_date,
        opened_at=between[0],
        closed_at=between[1],
        receipts=sums.sales,
        first_number=day.first_number,
        last_number=day.last_number,
        vat=_vat(sums.turnover),
        tenders=_tenders(sums),
        cancellations=sums.cancellations.count,
        cancelled=sums.cancellations.amount,
        cash_target=day.target_cash,
        cash_before=day.target_cash - _came(sums),
        movements=_movements(sums, t),
        returns=sums.returns,
        aborted=sums.aborted,
        discounts=sums.discounts,
        vouchers_sold=sums.vouchers_sold,
        vouchers_redeemed=sums.vouchers_redeemed,
        trainings=sums.trainings,
        removed=sums.removed,
        free_returns=sums.free_returns,
        drawer_openings=sums.drawer_openings,
    )


def _without_drop(sums: Sums, dropped: Money) -> Sums:
    """The sums as they were when the drawer was counted: what was taken out afterwards stands below the count."""
    if not dropped:
        return sums
    before = (
        replace(one, count=one.count - 1, amount=one.amount + dropped) if one.kind == MovementKind.BANK_DROP else one
        for one in sums.movements
    )
    return replace(sums, movements=tuple(one for one in before if one.count))


def _tenders(sums: Sums) -> tuple[source.TenderTotal, ...]:
    return tuple(source.TenderTotal(t.name, t.count, t.amount) for t in sums.takings if t.name)


def _movements(sums: Sums, t: Translator) -> tuple[source.TenderTotal, ...]:
    return tuple(source.TenderTotal(t(_NAMES[m.kind]), m.count, m.amount) for m in sums.movements if m.kind in _NAMES)


def _came(sums: Sums) -> Money:
    """What came into the drawer before it was counted: cash from sales, and what was brought less what was taken."""
    sold = total(t.amount for t in sums.takings if t.zahlart_typ == ZahlartTyp.BAR.value)
    return sold + total(m.amount for m in sums.movements if m.kind in _NAMES)


def _pieces(z: Closing) -> tuple[tuple[Money, int], ...]:
    return () if z.pieces is None else tuple((pieces.value, pieces.count) for pieces in z.pieces.pieces)


def _vat(cases: Iterable[CaseTotal]) -> tuple[VatTotal, ...]:
    gross: dict[tuple[int, int], Money] = {}
    tax: dict[tuple[int, int], Money] = {}
    for case in cases:
        key = (case.vat_key, case.rate_bp)
        gross[key] = gross.get(key, ZERO) + case.gross
        tax[key] = tax.get(key, ZERO) + case.tax
    return tuple(VatTotal(VatKey(key), rate, gross[key, rate], tax[key, rate]) for key, rate in sorted(gross))
