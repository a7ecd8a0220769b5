"""The scenes of the office's reports; `till.ui.screens` renders them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from till.money import Money
from till.reports.voucher_liability import month_by_month, months_after
from till.ui.office.opened import opened
from till.ui.office.reports.page import VoucherLiabilityPage
from till.ui.office.window import OfficeWindow
from till.ui.stage import Scene, Stage


def voucher_liability(stage: Stage) -> OfficeWindow:
    """What is owed for vouchers, one type opened; two years of it in the chart."""
    window, page = opened(stage, "voucher-liability", VoucherLiabilityPage)
    report = page.report
    if report is None:
        raise TypeError(page)
    first = months_after(report.day.replace(day=1), -23)
    made_up = {
        months_after(first, n): (
            Money(18_000 + (n * 7_919) % 31_000 + 1_100 * (n % 12) * (n % 3)),
            Money(9_000 + (n * 5_003) % 26_000),
        )
        for n in range(24)
    }
    page.chart.show_months(month_by_month(made_up, report.day))
    page.table.opened.emit(next(row for row in page.table.model.shown if row.key is not None))
    return window


def voucher_liability_wrong(stage: Stage) -> OfficeWindow:
    """The vouchers and the accounts do not agree."""
    window, page = opened(stage, "voucher-liability", VoucherLiabilityPage)
    if page.report is not None:
        multi = page.report.ledger.multi + Money(1234)
        page.show_report(replace(page.report, ledger=replace(page.report.ledger, multi=multi)))
    return window


def voucher_liability_before(stage: Stage) -> OfficeWindow:
    """As of a day before the shop sold anything."""
    window, page = opened(stage, "voucher-liability", VoucherLiabilityPage)
    page.day.type_in(dt.date(1999, 1, 1))
    page.work.finish()
    return window


REPORT_SCENES: tuple[Scene, ...] = (voucher_liability, voucher_liability_wrong, voucher_liability_before)
