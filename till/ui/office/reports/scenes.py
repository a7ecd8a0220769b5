"""The scenes of the office's reports; `till.ui.screens` renders them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from till.money import Money
from till.ui.office.opened import opened
from till.ui.office.reports.page import VoucherLiabilityPage
from till.ui.office.window import OfficeWindow
from till.ui.stage import Scene, Stage


def voucher_liability(stage: Stage) -> OfficeWindow:
    """What is owed for vouchers, one type opened."""
    window, page = opened(stage, "voucher-liability", VoucherLiabilityPage)
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
