"""The office's report of what is owed for vouchers: figures, proof, chart, a table that folds, and two ways out (V46, U9)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from till.app.bootstrap import Till
from till.money import ZERO, Money
from till.reports.voucher_liability import month_by_month
from till.ui.main.window import MainWindow
from till.ui.office.reports.page import VoucherLiabilityPage
from till.ui.office.window import OfficeWindow

TODAY = dt.date(2026, 11, 21)


def sell(till: Till, name: str, cents: int | None = None) -> None:
    tile = next(tile for tile in till.sale.assortment().tiles if tile.name == name)
    till.sale.add(tile, price=None if cents is None else Money(cents))
    till.sale.pay_cash(till.sale.state.settlement.open)
    till.sale.complete()
    till.sale.dismiss()


@pytest.fixture
def office(till: Till, window: MainWindow, qtbot: QtBot) -> OfficeWindow:
    """The office of a shop that sold two vouchers."""
    sell(till, "Gutschein 25 €")
    sell(till, "Gutschein frei", 4000)
    made = OfficeWindow(window.look, till)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    made.open_page("voucher-liability")
    return made


@pytest.fixture
def page(office: OfficeWindow) -> VoucherLiabilityPage:
    """The page, all read."""
    page = office.page
    assert isinstance(page, VoucherLiabilityPage)
    page.work.finish()
    return page


def cells(page: VoucherLiabilityPage) -> list[list[str]]:
    return [[column.shown(row) for column in page.table.model.columns] for row in page.table.model.shown]


def test_the_page_tells_what_is_owed_and_that_it_is_proved(page: VoucherLiabilityPage) -> None:
    assert page.owed.amount == "€65.00"
    assert (page.single.amount, page.bonus.amount, page.soon.amount) == ("€0.00", "€0.00", "€0.00")
    assert page.proof.text().startswith("Proved")
    assert page.proof.property("role") == "accent"
    assert page.day.value() == TODAY


def test_the_table_folds_types_open_and_shut(page: VoucherLiabilityPage) -> None:
    assert [row[:4] for row in cells(page)] == [
        ["Multi-purpose: owed", "", "2", "€65.00"],
        ["▸  Gutschein 25 €", "2026", "1", "€25.00"],
        ["▸  Gutschein frei", "2026", "1", "€40.00"],
    ]
    middle = page.table.view.visualRect(page.table.model.index(1, 0)).center()
    QTest.mouseClick(page.table.view.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert [row[:2] for row in cells(page)][1:3] == [["▾  Gutschein 25 €", "2026"], ["", "2026"]]
    page.table.view.setFocus()
    QTest.keyClick(page.table.view, Qt.Key.Key_Return)
    assert len(cells(page)) == 3, "Enter on the type that was opened shuts it"
    head = page.table.view.visualRect(page.table.model.index(0, 0)).center()
    QTest.mouseClick(page.table.view.viewport(), Qt.MouseButton.LeftButton, pos=head)
    assert len(cells(page)) == 3, "a treatment's sum does not fold"


def test_another_day_is_read_anew(page: VoucherLiabilityPage) -> None:
    page.day.type_in(dt.date(2026, 11, 20))
    assert not page.pdf_button.isEnabled(), "what is not read yet can't be saved"
    page.work.finish()
    assert page.owed.amount == "€0.00"
    assert cells(page) == []
    assert not page.chart_card.isVisible()
    page.day.type_in(dt.date(2027, 1, 1))
    page.work.finish()
    assert "is still to come" in page.message.text


def test_a_sum_that_is_wrong_stands_there_in_red(page: VoucherLiabilityPage) -> None:
    assert page.report is not None
    page.show_report(replace(page.report, ledger=replace(page.report.ledger, multi=Money(1))))
    assert page.proof.text().startswith("The vouchers come to €65.00, the accounts to €0.01.")
    assert page.proof.property("role") == "danger"


def test_the_chart_tells_the_month_that_is_pointed_at(page: VoucherLiabilityPage) -> None:
    changes = {dt.date(2026, n, 1): (Money(n * 100), ZERO) for n in range(1, 12)}
    page.chart.show_months(month_by_month(changes, TODAY))
    assert page.month.text() == "11/2026: sold €11.00, redeemed €0.00, outstanding €66.00"
    QTest.keyClick(page.chart, Qt.Key.Key_Left)
    assert page.month.text().startswith("10/2026: sold €10.00")
    assert page.chart.accessibleDescription() == page.month.text()
    QTest.mouseMove(page.chart, QPoint(100, 50))
    QTest.mouseClick(page.chart, Qt.MouseButton.LeftButton, pos=QPoint(100, 50))
    assert page.month.text().startswith("01/2026: sold €1.00")
    QTest.keyClick(page.chart, Qt.Key.Key_Left)
    assert page.month.text().startswith("01/2026"), "there is none before the first"
    QTest.mouseClick(page.chart, Qt.MouseButton.LeftButton, pos=QPoint(page.chart.width() - 2, 50))
    assert page.month.text().startswith("11/2026")


def test_a_narrow_chart_shows_the_newest_months_alone(page: VoucherLiabilityPage) -> None:
    changes = {dt.date(2020, 1, 1): (Money(100), ZERO)}
    page.chart.show_months(month_by_month(changes, TODAY))
    wide = len(page.chart.chart.months)
    page.chart.resize(400, 150)
    assert len(page.chart.chart.months) < wide
    assert page.chart.chart.months[-1].first == dt.date(2026, 11, 1)
    assert not page.chart.grab().isNull()


def test_it_is_saved_and_says_where(page: VoucherLiabilityPage, tmp_path: Path) -> None:
    for name in ("liability.pdf", "liability.xlsx"):
        page.save_to(tmp_path / name)
        page.work.finish()
        assert page.message.text == f"Saved as {tmp_path / name}"
        assert (tmp_path / name).stat().st_size > 1000


def test_a_place_that_can_not_be_written_is_told(page: VoucherLiabilityPage, tmp_path: Path) -> None:
    page.save_to(tmp_path / "gone" / "liability.pdf")
    page.work.finish()
    assert "can't be saved there" in page.message.text


def test_the_file_is_asked_for_with_the_day_in_its_name(page: VoucherLiabilityPage) -> None:
    page.pdf_button.click()
    page.table_button.click()
    names = [dialog.selectedFiles()[0] for dialog in page.findChildren(QFileDialog)]
    assert [Path(name).name for name in names] == [
        "Voucher-liability-2026-11-21.pdf",
        "Voucher-liability-2026-11-21.xlsx",
    ]


def test_what_was_sold_meanwhile_is_there_when_one_comes_back(office: OfficeWindow, page: VoucherLiabilityPage) -> None:
    sell(page._till, "Gutschein 25 €")
    office.open_page("closings")
    office.open_page("voucher-liability")
    page.work.finish()
    assert page.owed.amount == "€90.00"
