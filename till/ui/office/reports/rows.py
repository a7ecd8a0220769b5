"""The rows of the liability report on the screen: two treatments, their types, and below an opened type its years."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from till.i18n import Translator
from till.reports.voucher_liability import NOTHING, Left, LiabilityRow, VoucherLiability
from till.reports.voucher_words import OLD, SHORT_SECTIONS, SHORT_TITLES, totals
from till.ui.look import Look
from till.ui.widgets.table import Column
from till.vouchers.model import VatTreatment

Key = tuple[VatTreatment, uuid.UUID]
"""A type in one of the two treatments."""
_YEARS_WIDTH = 104
"""“2019–2026” is read whole."""
_CLOSED, _OPENED = "▸", "▾"


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the table; `key` is the type that a tap on it opens or closes, None where it does neither."""

    name: str
    key: Key | None = None
    sold_in: str = ""
    left: Left = NOTHING
    expired: Left = NOTHING
    expiring: Left = NOTHING
    tone: str = ""


def shown_rows(report: VoucherLiability, opened: frozenset[Key], t: Translator) -> Iterator[ShownRow]:
    """Each treatment with its sum, its types, and the years of those that are `opened`."""
    for treatment, title in SHORT_SECTIONS.items():
        rows = report.of(treatment)
        if rows:
            yield ShownRow(t(title), None, "", *totals(rows), tone="calm")
            for type_id, of_type in groupby(rows, key=lambda row: row.type_id):
                yield from _of_type((treatment, type_id), tuple(of_type), opened, t)


def _of_type(key: Key, rows: tuple[LiabilityRow, ...], opened: frozenset[Key], t: Translator) -> Iterator[ShownRow]:
    is_open = key in opened
    years = sorted({row.year for row in rows})
    sold_in = f"{years[0]}" if len(years) == 1 else f"{years[0]}–{years[-1]}"
    mark = _OPENED if is_open else _CLOSED
    yield ShownRow(f"{mark}  {rows[0].type_name}", key, sold_in, *totals(rows))
    if is_open:
        yield from _years(key, rows, t)


def _years(key: Key, rows: Iterable[LiabilityRow], t: Translator) -> Iterator[ShownRow]:
    for row in rows:
        name, tone = (t(OLD), "warn") if row.is_old else ("", "")
        yield ShownRow(name, key, f"{row.year}", row.left, row.expired, row.expiring, tone)


def columns(look: Look) -> tuple[Column[ShownRow], ...]:
    """What of a row stands where."""
    t, formats = look.t, look.formats

    def whole(part: Left) -> str:
        return formats.money(part.paid + part.bonus) if part.count else ""

    name, sold_in, count, paid, bonus, expired, soon = SHORT_TITLES
    return (
        Column(t(name), lambda row: row.name, tone=lambda row: row.tone, takes_rest=True),
        Column(t(sold_in), lambda row: row.sold_in, width_px=_YEARS_WIDTH),
        Column(t(count), lambda row: f"{row.left.count}", is_figure=True, width_px=72),
        Column(t(paid), lambda row: formats.money(row.left.paid), is_figure=True, is_strong=True, width_px=112),
        Column(t(bonus), lambda row: formats.money(row.left.bonus), is_figure=True, width_px=112),
        Column(t(expired), lambda row: whole(row.expired), is_figure=True, width_px=112),
        Column(t(soon), lambda row: whole(row.expiring), is_figure=True, width_px=116),
    )
