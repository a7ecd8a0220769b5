"""The office's list of all Z: found by number or day, shown as printed, gaps told, printed again as a copy (T11)."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from till.app.bootstrap import Till
from till.app.views import ClosingEntry
from till.clock import FixedClock
from till.money import Money
from till.ui.main.window import MainWindow
from till.ui.office.closings import ClosingsPage, missing_numbers
from till.ui.office.window import OfficeWindow

DAY_S = 86_400
ROSE = "4400119000179"


@pytest.fixture
def three_days(till: Till, clock: FixedClock) -> Till:
    """Saturday to Monday: a rose each day; on Sunday 1,00 is missing, on Monday nobody counts."""
    del clock
    own = till.workplace.clock
    assert isinstance(own, FixedClock)
    for counted in (Money(15350), Money(15600), None):
        till.sale.scan(ROSE)
        till.sale.pay_cash(Money(350))
        till.sale.complete()
        till.sale.dismiss()
        till.cash.close_shift(counted)
        own.advance(DAY_S)
        till.cash.open_shift(till.cash.suggested_float())
    return till


@pytest.fixture
def office(three_days: Till, window: MainWindow, qtbot: QtBot) -> OfficeWindow:
    """The office on its page of closings."""
    made = OfficeWindow(window.look, three_days)
    qtbot.addWidget(made)
    made.resize(1024, 768)
    made.show()
    made.open_page("closings")
    return made


@pytest.fixture
def page(office: OfficeWindow) -> ClosingsPage:
    """The page, all read."""
    page = office.page
    assert isinstance(page, ClosingsPage)
    page.work.finish()
    return page


def numbers(page: ClosingsPage) -> list[int]:
    return [row.z.z_number for row in page.table.model.shown]


def cells(page: ClosingsPage, place: int) -> list[str]:
    row = page.table.model.shown[place]
    return [column.shown(row) for column in page.table.model.columns]


def test_each_z_stands_there_with_turnover_and_difference_the_newest_first(page: ClosingsPage) -> None:
    assert numbers(page) == [3, 2, 1]
    assert cells(page, 0)[0] == "3"
    assert cells(page, 0)[-2:] == ["€3.50", "not counted"]
    assert cells(page, 1)[-1].replace("-", "−") == "−€1.00"
    assert cells(page, 2)[-1] == "€0.00"
    assert page.gaps.text() == "3 Z, without a gap"


def test_the_newest_is_shown_as_it_was_printed(page: ClosingsPage, qtbot: QtBot) -> None:
    assert page.paper_title.text() == "Z 3"
    page.paper.painter.finish()
    qtbot.waitUntil(lambda: "Z-Nr. 3" in page.paper.label.accessibleDescription())
    assert not page.paper.label.pixmap().isNull()


@pytest.mark.parametrize(
    ("typed", "found"), [("2", [2, 3, 1]), ("22/11", [2]), ("2026-11-23", [3]), ("KASSE-1", [3, 2, 1]), ("1999", [])]
)
def test_a_z_is_found_by_number_day_or_till(page: ClosingsPage, typed: str, found: list[int]) -> None:
    page.table.search.line.setText(typed)
    assert numbers(page) == found
    assert page.copy_button.isEnabled() is bool(found)
    assert (page.shown.z_number if page.shown else 0) == (found[0] if found else 0)


def test_a_chosen_z_is_shown(page: ClosingsPage) -> None:
    page.table.view.selectRow(2)
    assert page.paper_title.text() == "Z 1"
    assert page.shown is not None
    assert page.paper.document_id == page.shown.document_id


def test_a_new_z_comes_with_the_next_look_and_the_chosen_one_stays(page: ClosingsPage, three_days: Till) -> None:
    page.table.view.selectRow(1)
    three_days.cash.close_shift(None)
    page.begin()
    page.work.finish()
    assert numbers(page) == [4, 3, 2, 1]
    assert page.paper_title.text() == "Z 2"


def test_a_z_is_saved_as_pdf_under_till_and_number(page: ClosingsPage, tmp_path: Path) -> None:
    page.save_pdf_to(tmp_path)
    (saved,) = tmp_path.glob("*.pdf")
    assert saved.name == "Z-KASSE-1-3.pdf"
    assert saved.read_bytes().startswith(b"%PDF")
    assert saved.name in page.message.text


def test_without_a_printer_a_copy_is_refused_in_words(page: ClosingsPage) -> None:
    page.copy_button.click()
    assert "No printer" in page.message.text


def test_before_the_first_z_the_table_says_what_will_stand_there(till: Till, window: MainWindow, qtbot: QtBot) -> None:
    page = ClosingsPage(window.look, till)
    qtbot.addWidget(page)
    page.begin()
    page.work.finish()
    assert page.shown is None
    assert not page.pdf_button.isEnabled()
    assert page.gaps.text() == ""


def entry(till_id: str, number: int) -> ClosingEntry:
    now = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
    return ClosingEntry(uuid.uuid4(), till_id, number, now, now.date(), 1, Money(100), None, None, Money(0))


def test_what_is_missing_is_told_by_till() -> None:
    entries = [entry("A", 1), entry("A", 2), entry("B", 2), entry("B", 5)]
    assert missing_numbers(entries) == [("B", 1), ("B", 3), ("B", 4)]
    assert missing_numbers(entries[:2]) == []
    assert missing_numbers([]) == []


def test_a_gap_is_a_warning_on_the_page(page: ClosingsPage, monkeypatch: pytest.MonkeyPatch, three_days: Till) -> None:
    monkeypatch.setattr(three_days.receipts, "every_closing", lambda: (entry("A", 1), entry("A", 3)))
    page.begin()
    page.work.finish()
    assert "Z 2 of till A is missing" in page.message.text
    assert page.gaps.text() == ""


def test_five_thousand_z_are_found_in_no_time(
    page: ClosingsPage, monkeypatch: pytest.MonkeyPatch, three_days: Till, qtbot: QtBot
) -> None:
    many = tuple(entry("A", number) for number in range(5_000, 0, -1))
    monkeypatch.setattr(three_days.receipts, "every_closing", lambda: many)
    page.begin()
    page.work.finish()
    with qtbot.captureExceptions() as raised:
        began = dt.datetime.now(dt.UTC)
        for typed in ("4", "42", "421", "4211"):
            page.table.search.line.setText(typed)
            QApplication.processEvents()
        took = dt.datetime.now(dt.UTC) - began
    assert raised == []
    assert numbers(page) == [4211]
    assert took < dt.timedelta(seconds=2), "four letters; a tenth of that on a machine with nothing else to do"
