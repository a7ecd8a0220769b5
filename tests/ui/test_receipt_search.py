"""Receipts looked for on the screen: at the counter and in the office (T9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from till.app.bootstrap import Till
from till.app.views import Tile
from till.catalog.barcodes import receipt_barcode
from till.clock import FixedClock
from till.money import Money
from till.ui.keys import Action
from till.ui.main.window import MainWindow
from till.ui.office.receipts import ReceiptsPage
from till.ui.receipts.results import ReceiptResults
from till.ui.widgets.button import Button

Sell = Callable[..., int]


@pytest.fixture
def clock(till: Till) -> FixedClock:
    """The till's clock."""
    assert isinstance(till.workplace.clock, FixedClock)
    return till.workplace.clock


@pytest.fixture
def sell(till: Till, tile: Callable[[str], Tile]) -> Sell:
    """Sells these for cash; the receipt's number."""

    def sold(*names: str) -> int:
        for name in names:
            till.sale.add(tile(name))
        till.sale.pay_cash(till.sale.state.settlement.open)
        number = till.sale.complete().document.number
        till.sale.dismiss()
        return number

    return sold


@pytest.fixture
def look_for(window: MainWindow) -> Callable[[str], list[int]]:
    """Opens the counter's receipts, types, presses Enter; the numbers that are found."""

    def look(typed: str) -> list[int]:
        window.act(Action.RECEIPTS)
        QTest.keyClicks(window.receipts, typed)
        QTest.keyClick(window.receipts, Qt.Key.Key_Return)
        window.receipts.work.finish()
        return numbers(window)

    return look


@pytest.fixture
def page(till: Till, window: MainWindow, qtbot: QtBot) -> ReceiptsPage:
    """The office's receipts."""
    made = ReceiptsPage(window.look, till)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    made.begin()
    made.work.finish()
    return made


def results(window: MainWindow) -> ReceiptResults:
    assert window.receipts.results is not None
    return window.receipts.results


def numbers(window: MainWindow) -> list[int]:
    return [head.number for head in results(window).heads]


def chip(window: MainWindow, words: str) -> Button:
    finder = results(window).finder
    return next(one for one in finder.findChildren(Button) if one.face.text == words and not one.isHidden())


def test_one_field_finds_by_number_amount_article_and_day(
    look_for: Callable[[str], list[int]], sell: Sell, clock: FixedClock
) -> None:
    rose, tea = sell("Rose"), sell("Assam TGFOP 100 g")
    clock.advance(86400)
    late = sell("Rose")
    assert look_for(str(tea)) == [tea]
    assert look_for("8,90") == [tea]
    assert look_for("rose") == [late, rose]
    assert look_for("rose gestern") == [rose]
    assert look_for("21/11") == [tea, rose]


def test_the_first_that_is_found_is_shown_and_nothing_is_said_calmly(
    window: MainWindow, look_for: Callable[[str], list[int]], sell: Sell
) -> None:
    rose = sell("Rose")
    sell("Tulpe 10er")
    look_for("rose")
    assert window.receipts.title == f"Receipt {rose}"
    assert look_for("gestern") == []
    assert "Nothing was found for “gestern”" in window.receipts.message.text
    QTest.keyClick(window.receipts, Qt.Key.Key_Escape)
    window.receipts.work.finish()
    assert len(numbers(window)) == 2
    QTest.keyClick(window.receipts, Qt.Key.Key_Escape)
    assert window.page is window.sale


def test_what_was_typed_may_be_meant_otherwise(
    window: MainWindow, look_for: Callable[[str], list[int]], sell: Sell, till: Till
) -> None:
    second = sell("Rose")
    till.sale.add(next(t for t in till.sale.assortment().tiles if t.name == "Lieferung"), price=Money(second * 100))
    till.sale.pay_cash(Money(second * 100))
    third = till.sale.complete().document.number
    assert look_for(str(second)) == [second]
    chip(window, f"Amount €{second}.00").click()
    window.receipts.work.finish()
    assert numbers(window) == [third]
    assert results(window).finder.said == (f"Amount €{second}.00",)


def test_chips_narrow_to_a_day_and_widen_to_all_kinds(
    window: MainWindow, sell: Sell, clock: FixedClock, till: Till
) -> None:
    old = sell("Rose")
    clock.advance(86400)
    new = sell("Rose")
    till.cash.open_drawer()
    window.act(Action.RECEIPTS)
    assert numbers(window) == [new, old]
    chip(window, "Yesterday").click()
    window.receipts.work.finish()
    assert numbers(window) == [old]
    clock.advance(86400)
    results(window).finder.look_again()
    window.receipts.work.finish()
    assert numbers(window) == [new], "a till may stand open over midnight"
    clock.advance(-86400)
    chip(window, "Today").click()
    window.receipts.work.finish()
    assert numbers(window) == [new]
    chip(window, "All").click()
    window.receipts.work.finish()
    assert numbers(window) == [new + 1, new]
    chip(window, "Today").click()
    window.receipts.work.finish()
    assert len(numbers(window)) == 4  # with the float


def test_the_pad_types_numbers_amounts_and_days(window: MainWindow, sell: Sell) -> None:
    sell("Rose")
    tea = sell("Assam TGFOP 100 g")
    window.act(Action.RECEIPTS)
    for key in ("8", ",", "9", "0", "1"):
        window.receipts._put(key)
    window.receipts._acted("back")
    window.receipts._acted("find")
    window.receipts.work.finish()
    assert (results(window).finder.typed, numbers(window)) == ("8,90", [tea])
    window.receipts._acted("clear")
    window.receipts.work.finish()
    assert len(numbers(window)) == 2


def test_a_scan_on_this_page_searches_for_it(window: MainWindow, sell: Sell, till: Till) -> None:
    rose = sell("Rose")
    sell("Tulpe 10er")
    window.act(Action.RECEIPTS)
    window.on_scan("4400119000179")
    window.receipts.work.finish()
    assert numbers(window) == [rose]
    window.on_scan(receipt_barcode("KASSE-1", rose + 1))
    window.receipts.work.finish()
    assert window.receipts.title == f"Receipt {rose + 1}"
    assert till.sale.state.priced.lines == ()


def test_a_long_list_is_read_on_page_by_page(window: MainWindow, sell: Sell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("till.ui.receipts.results.PAGE", 2)
    sold = [sell("Rose") for _ in range(5)]
    window.act(Action.RECEIPTS)
    for shown in (2, 4, 5):
        assert numbers(window) == sold[::-1][:shown]
        if not results(window)._more.isHidden():
            results(window)._more.click()
            window.receipts.work.finish()
    assert results(window)._more.isHidden()
    assert results(window).finder.count.text() == "5 receipts"


def test_a_receipt_asked_for_stays_in_sight_beside_the_latest(window: MainWindow, sell: Sell, till: Till) -> None:
    first = sell("Rose")
    sell("Rose")
    window._show_receipt(till.receipts.find(first))
    assert window.receipts.title == f"Receipt {first}"
    assert len(numbers(window)) == 2


def test_what_was_thrown_away_is_marked(
    window: MainWindow, till: Till, tile: Callable[[str], Tile], qtbot: QtBot
) -> None:
    till.sale.add(tile("Rose"))
    till.sale.cancel()
    assert till.settle()
    window.act(Action.RECEIPTS)
    chip(window, "All").click()
    window.receipts.work.finish()
    assert "· Aborted" in window.receipts.title
    window.receipts.painter.finish()
    qtbot.waitUntil(lambda: window.receipts.paper_width > 200)
    assert window.receipts.message.text == ""


def test_the_office_finds_sorts_and_shows(page: ReceiptsPage, sell: Sell) -> None:
    rose, tea = sell("Rose"), sell("Assam TGFOP 100 g")
    page.begin()
    page.work.finish()
    assert [head.number for head in page.table.model.shown] == [tea, rose]
    page.table.view.sortByColumn(7, Qt.SortOrder.AscendingOrder)
    assert [head.number for head in page.table.model.shown] == [rose, tea]
    page.finder.put("8.90")
    page.finder.look_now()
    page.work.finish()
    assert [head.number for head in page.table.model.shown] == [tea]
    assert page.paper.title == f"Receipt {tea}"
    page.cashier.combo.setCurrentIndex(1)
    page.cashier.combo.activated.emit(1)
    page.work.finish()
    assert page.finder.count.text() == "1 receipt"
    page.finder.put("x")
    page.finder.look_now()
    page.work.finish()
    assert page.paper.title == "Choose a receipt."
    assert not page.export_button.isEnabled()


def test_the_office_exports_what_is_found(page: ReceiptsPage, sell: Sell, tmp_path: Path) -> None:
    rose = sell("Rose")
    sell("Assam TGFOP 100 g")
    page.finder.put("rose")
    page.finder.look_now()
    page.work.finish()
    page.export_to(tmp_path / "found.csv")
    page.work.finish()
    assert page.message.text == f"1 receipt was written to {tmp_path / 'found.csv'}."
    lines = (tmp_path / "found.csv").read_text("utf-8-sig").splitlines()
    assert [line.split(";")[0] for line in lines] == ["Number", str(rose)]
    page.export_to(tmp_path / "no stick" / "found.csv")
    page.work.finish()
    assert "file, folder or stick is not there" in page.message.text


def test_a_scan_in_the_office_searches_too(page: ReceiptsPage, sell: Sell) -> None:
    rose = sell("Rose")
    sell("Tulpe 10er")
    assert page.on_scan("4400119000179")
    page.work.finish()
    assert [head.number for head in page.table.model.shown] == [rose]


def test_a_slow_search_never_holds_up_the_window(
    page: ReceiptsPage, till: Till, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    may_answer, understand = threading.Event(), till.receipt_search.understand
    monkeypatch.setattr(till.receipt_search, "understand", lambda typed: may_answer.wait(10) and understand(typed))
    page.finder.put("heute")
    began = dt.datetime.now(dt.UTC)
    page.finder.look_now()
    assert dt.datetime.now(dt.UTC) - began < dt.timedelta(seconds=2)
    assert page.work.is_busy
    may_answer.set()
    qtbot.waitUntil(lambda: not page.work.is_busy)
    assert page.finder.said == ("21/11/2026",)
