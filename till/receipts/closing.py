"""The papers of a shift's end: Z closing and X report."""

from __future__ import annotations

from collections.abc import Iterator

from till.formats import Formats
from till.i18n import Translator
from till.money import total
from till.receipts import frame
from till.receipts.document import BIG, BOLD, Block, Cut, Receipt, ReceiptKind, Row, Rule, Text
from till.receipts.sold import vat_blocks
from till.receipts.source import ClosingFigures, XReport
from till.shifts.figures import Tally


def x_report(report: XReport) -> Receipt:
    """The figures so far, printed without changing any (60-fiscal A3.5)."""
    t, formats, figures = report.formats.translator, report.formats, report.figures
    blocks: list[Block] = [
        *frame.short_head(report.shop),
        Rule(),
        frame.heading(t("X report (no closing)")),
        Row(t("Till"), report.till_id),
        Row(t("Cashier"), report.user_name),
        Row(t("As of"), formats.date_time(figures.closed_at)),
        *figure_blocks(figures, formats),
        Cut(),
    ]
    return Receipt(ReceiptKind.X_REPORT, t("X report"), t.language, t("COPY"), tuple(blocks))


def figure_blocks(figures: ClosingFigures, formats: Formats) -> Iterator[Block]:
    """Period, VAT keys, tenders, cancellations (BFH X R 23-24/21) and the cash in the drawer."""
    t = formats.translator
    yield Rule()
    yield Row(t("Business day"), formats.date(figures.business_date))
    yield Row(t("Opened"), formats.date_time(figures.opened_at))
    yield Row(t("Receipts"), _receipts(figures))
    yield Rule()
    yield from vat_blocks(figures.vat, formats)
    yield Row(t("Total"), formats.money(total(row.gross for row in figures.vat)), style=BIG)
    yield Rule()
    yield Text(t("Payments"), style=BOLD)
    for tender in figures.tenders:
        yield Row(f"{tender.count} x {tender.name}", formats.money(tender.amount))
    yield Rule()
    yield from _deeds(figures, formats)
    yield Rule()
    yield from _cash(figures, formats)


def deeds(figures: ClosingFigures, t: Translator) -> tuple[tuple[str, Tally], ...]:
    """What an auditor asks after: what was taken back or thrown away is told even when there was none."""
    rows = [
        (t("Cancellations"), Tally(figures.cancellations, figures.cancelled), True),
        (t("Returns"), figures.returns, True),
        (t("Aborted sales"), figures.aborted, True),
        (t("Lines removed before payment"), figures.removed, True),
        (t("Returns without a receipt"), figures.free_returns, False),
        (t("Discounts"), figures.discounts, False),
        (t("Vouchers sold"), figures.vouchers_sold, False),
        (t("Vouchers redeemed"), figures.vouchers_redeemed, False),
        (t("Training, no turnover"), figures.trainings, False),
    ]
    return tuple((name, tally) for name, tally, is_always_there in rows if tally.count or is_always_there)


def _deeds(figures: ClosingFigures, formats: Formats) -> Iterator[Block]:
    t = formats.translator
    for name, tally in deeds(figures, t):
        yield Row(f"{tally.count} x {name}", formats.money(tally.amount))
    openings = t("Drawer opened without a sale")
    yield Row(f"{figures.drawer_openings} x {openings}", "")


def _receipts(figures: ClosingFigures) -> str:
    if figures.first_number is None:
        return str(figures.receipts)
    return f"{figures.receipts} ({figures.first_number}–{figures.last_number})"


def _cash(figures: ClosingFigures, formats: Formats) -> Iterator[Block]:
    t = formats.translator
    yield Text(t("Cash of the drawer"), style=BOLD)
    if figures.cash_before is not None:
        yield Row(t("From before"), formats.money(figures.cash_before))
    for moved in figures.movements:
        yield Row(f"{moved.count} x {moved.name}", formats.money(moved.amount))
    if figures.cash_target is None:
        yield Row(t("Cash, target"), t("after the count"))
        return
    yield Row(t("Cash, target"), formats.money(figures.cash_target))
    if figures.counted is None:
        yield Row(t("Cash, counted"), t("not counted"))
    else:
        yield Row(t("Cash, counted"), formats.money(figures.counted))
        yield Row(t("Difference"), formats.money(figures.counted - figures.cash_target), style=BOLD)
    yield from _count(figures, formats)
    yield from _drop(figures, formats)


def _count(figures: ClosingFigures, formats: Formats) -> Iterator[Block]:
    """The count by coin and note."""
    if figures.pieces:
        yield Rule()
        yield Text(formats.translator("Count of the drawer"), style=BOLD)
    for value, count in figures.pieces:
        yield Row(f"{count} x {formats.money(value)}", formats.money(value * count))


def _drop(figures: ClosingFigures, formats: Formats) -> Iterator[Block]:
    """What was taken out when the drawer had been counted, and what that leaves for the next shift."""
    there = figures.cash_target if figures.counted is None else figures.counted
    if figures.dropped and there is not None:
        yield Rule()
        yield Row(formats.translator("Taken out afterwards"), formats.money(-figures.dropped))
        yield Row(formats.translator("Stays in the drawer"), formats.money(there - figures.dropped), style=BOLD)
