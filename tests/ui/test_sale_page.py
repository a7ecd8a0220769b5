"""The sale screen over a real till: scans, tiles, pad, questions, refusals in sight."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from till.app.bootstrap import Till
from till.app.views import Tile
from till.money import Money
from till.quantity import pieces
from till.sales.basket import PercentOff
from till.ui.keys import Action
from till.ui.main.window import MainWindow
from till.ui.sale.finished import FinishedPanel
from till.ui.sale.opening import OpeningPanel
from till.ui.sale.voucher_check import VoucherCheck
from till.ui.widgets.tile import TileButton

ROSE = "4400119000179"
Tiles = Callable[[str], Tile]
SellVoucher = Callable[[int], str]
ROW = 44


def press(window: MainWindow, keys: str) -> None:
    """Press keys as a person does, wherever the focus is."""
    for key in keys:
        QTest.keyClicks(window.focusWidget() or window, key) if key != "\r" else enter(window)


def enter(window: MainWindow) -> None:
    QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Return)


def tile_button(window: MainWindow, name: str) -> TileButton:
    return next(button for button in window.sale.articles.grid.shown if button.tile and button.tile.name == name)


def tap(widget: QWidget, at: QPoint | None = None) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at or widget.rect().center())


def names(window: MainWindow) -> list[str]:
    rows = window.sale.column.basket.lines
    return [rows.line(row).line.item.name for row in range(rows.rowCount())]


def test_a_scan_becomes_a_line_and_a_total(window: MainWindow) -> None:
    window.on_scan(ROSE)
    assert names(window) == ["Rose"]
    assert window.sale.column.sums.total == "€3.50"
    assert window.sale.column.pay.face.trailing == "€3.50"


def test_a_typed_number_is_the_quantity_of_the_next_scan(window: MainWindow, till: Till) -> None:
    press(window, "3")
    assert window.sale.column.sums.typed == "3"
    window.on_scan(ROSE)
    assert till.sale.state.priced.lines[0].line.quantity == pieces(3)
    assert window.sale.column.sums.typed == ""


def test_a_typed_number_is_the_quantity_of_a_tile(window: MainWindow, till: Till) -> None:
    press(window, "2")
    tap(tile_button(window, "Tulpe 10er"))
    assert till.sale.state.priced.lines[0].line.quantity == pieces(2)


def test_an_unknown_code_is_a_red_line_and_no_dialog(window: MainWindow) -> None:
    window.on_scan(ROSE)
    window.on_scan("4006381333931")
    message = window.sale.column.message
    assert message.isVisible()
    assert "4006381333931" in message.text
    assert message.property("tone") == "danger"
    assert QApplication.activeModalWidget() is None
    assert names(window) == ["Rose"]
    window.on_scan(ROSE)
    assert not message.isVisible()


def test_an_article_number_and_enter_sell_it(window: MainWindow) -> None:
    press(window, "1002\r")
    assert names(window) == ["Tulpe 10er"]


def test_a_quantity_key_changes_the_selected_line(window: MainWindow, till: Till) -> None:
    window.on_scan(ROSE)
    press(window, "5")
    tap(window.sale.column.pad.key("quantity"))
    assert till.sale.state.priced.lines[0].line.quantity == pieces(5)


def test_a_percentage_is_taken_off_the_selected_line(window: MainWindow, till: Till) -> None:
    window.on_scan(ROSE)
    press(window, "10%")
    assert till.sale.state.priced.lines[0].line.discount == PercentOff(1000)
    assert "−10 %" in window.sale.column.basket.lines.note_of(till.sale.state.priced.lines[0])


def test_with_no_line_selected_the_discount_is_for_everything(window: MainWindow, till: Till) -> None:
    window.on_scan(ROSE)
    window.sale.column.basket.clearSelection()
    press(window, "1")
    press(window, "0%")
    assert till.sale.state.priced.basket.discount == PercentOff(1000)


def test_a_discount_in_euros_is_asked_in_the_place_of_the_total(window: MainWindow, till: Till) -> None:
    window.on_scan(ROSE)
    tap(window.sale.column.pad.key("discount"))
    assert "Rose" in window.sale.column.prompt_box.title
    tap(window.sale.column.pad.key("discount"))
    press(window, "1,50")
    assert window.sale.column.prompt_box.answer == "€1.50"
    press(window, "\r")
    assert till.sale.state.priced.discount == Money(150)
    assert window.sale.input.prompt is None


def test_a_refused_discount_keeps_the_question_open_and_says_why(window: MainWindow, till: Till) -> None:
    window.on_scan(ROSE)
    tap(window.sale.column.pad.key("discount"))
    press(window, "120\r")
    assert "between 0 and 100" in window.sale.column.message.text
    assert window.sale.input.prompt is not None
    assert till.sale.state.priced.lines[0].line.discount is None
    QTest.keyClick(window.sale, Qt.Key.Key_Escape)
    assert window.sale.input.prompt is None


def test_a_free_price_is_asked_and_a_scan_meanwhile_is_not_eaten(window: MainWindow, till: Till) -> None:
    tap(tile_button(window, "Lieferung"))
    assert "Lieferung" in window.sale.column.prompt_box.title
    window.on_scan(ROSE)
    press(window, "8\r")
    assert names(window) == ["Rose", "Lieferung"]
    assert till.sale.state.priced.total == Money(1150)


def test_a_vouchers_value_is_asked(window: MainWindow, till: Till) -> None:
    tap(tile_button(window, "Gutschein frei"))
    press(window, "35,45\r")
    assert till.sale.state.priced.total == Money(3545)


@pytest.mark.parametrize("till", [{"decimal_key": False}], indirect=True)
def test_without_a_decimal_key_amounts_are_typed_in_cents(window: MainWindow, till: Till) -> None:
    tap(tile_button(window, "Lieferung"))
    press(window, "1234")
    assert window.sale.column.prompt_box.answer == "€12.34"
    press(window, "\r")
    assert till.sale.state.priced.total == Money(1234)


def test_a_note_stands_below_its_line(window: MainWindow, till: Till) -> None:
    window.on_scan(ROSE)
    window.sale.input.ask_note()
    line = window.sale.column.prompt_box.line
    line.setText("als Geschenk")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert till.sale.state.priced.lines[0].line.note == "als Geschenk"


def test_the_selected_line_is_removed_at_its_x_and_by_delete(window: MainWindow) -> None:
    window.on_scan(ROSE)
    window.on_scan("4400119000247")
    basket = window.sale.column.basket
    assert basket.line is not None
    assert basket.line.line.item.name == "Tulpe 10er"
    tap(basket.viewport(), QPoint(basket.viewport().width() - 20, ROW + 20))
    assert names(window) == ["Rose"]
    basket.choose(0)
    QTest.keyClick(window.sale, Qt.Key.Key_Delete)
    assert names(window) == []
    window.act(Action.UNDO)
    assert names(window) == ["Rose"]


def test_tapping_the_selected_line_selects_none(window: MainWindow) -> None:
    window.on_scan(ROSE)
    basket = window.sale.column.basket
    tap(basket.viewport(), QPoint(80, 20))
    assert basket.line is None


def test_changing_a_price_without_a_line_says_what_to_do(window: MainWindow) -> None:
    press(window, "5")
    tap(window.sale.column.pad.key("price"))
    assert "Select a line first" in window.sale.column.message.text


def test_search_shows_hits_at_once_and_enter_takes_the_chosen_one(window: MainWindow) -> None:
    window.act(Action.SEARCH)
    QTest.keyClicks(window.top_bar.search.line, "assam")
    assert window.sale.articles.found == "1 hit for “assam”"
    assert [button.tile.name for button in window.sale.articles.grid.shown if button.tile] == ["Assam TGFOP 100 g"]
    QTest.keyClick(window.top_bar.search.line, Qt.Key.Key_Return)
    assert names(window) == ["Assam TGFOP 100 g"]
    assert window.top_bar.search.line.text() == ""
    assert len(window.sale.articles.grid.shown) > 1


def test_a_search_without_hits_says_so(window: MainWindow) -> None:
    window.top_bar.search.line.setText("xyzzy")
    assert window.sale.articles.found == "Nothing found for “xyzzy”"
    assert window.sale.articles.grid.shown == []


def test_a_category_shows_its_tiles_only(window: MainWindow) -> None:
    window.sale.articles.bar.choose("tea")
    assert [button.tile.name for button in window.sale.articles.grid.shown if button.tile] == ["Assam TGFOP 100 g"]


def test_discarding_asks_once_in_the_button(window: MainWindow) -> None:
    window.on_scan(ROSE)
    cancel = window.sale.functions.cancel
    tap(cancel)
    assert names(window) == ["Rose"]
    assert cancel.face.text == "Really discard?"
    tap(cancel)
    assert names(window) == []


def test_a_voucher_scanned_with_an_empty_basket_shows_what_is_on_it(
    window: MainWindow, sell_voucher: SellVoucher
) -> None:
    number = sell_voucher(5000)
    window.on_scan(number)
    assert window.sale.findChild(VoucherCheck) is not None
    window.on_scan(ROSE)
    assert window.sale.panel is None


def test_six_lines_are_seen_with_the_pad_and_ten_without(window: MainWindow) -> None:
    basket = window.sale.column.basket
    assert basket.viewport().height() >= 6 * ROW
    window.sale.column.set_folded(True)
    QApplication.processEvents()
    assert basket.viewport().height() >= 10 * ROW


def test_the_basket_never_moves_when_strips_and_messages_come(window: MainWindow) -> None:
    window.on_scan(ROSE)
    before = (window.sale.column.basket.mapTo(window, QPoint()), window.sale.column.pay.mapTo(window, QPoint()))
    window.on_scan("unknown-code")
    QApplication.processEvents()
    after = (window.sale.column.basket.mapTo(window, QPoint()), window.sale.column.pay.mapTo(window, QPoint()))
    assert before == after


def test_in_the_morning_the_till_is_opened_with_the_counted_float(
    closed_till: Till, open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = open_window(closed_till)
    panel = window.sale.panel
    assert isinstance(panel, OpeningPanel)
    assert not window.sale.column.pay.isEnabled()
    window.on_scan(ROSE)
    assert "closed" in window.sale.column.message.text
    press(window, "150\r")
    qtbot.waitUntil(lambda: window.sale.panel is None)
    assert closed_till.cash.is_open
    assert closed_till.cash.expected_cash() == Money(15000)


def test_the_change_stays_until_the_next_scan(window: MainWindow, till: Till) -> None:
    window.on_scan(ROSE)
    till.sale.pay_cash(Money(500))
    till.sale.complete()
    panel = window.sale.panel
    assert isinstance(panel, FinishedPanel)
    assert panel.change == "€1.50"
    window.on_scan(ROSE)
    assert window.sale.panel is None
    assert names(window) == ["Rose"]


def test_the_change_goes_with_the_next_tap(window: MainWindow, till: Till) -> None:
    window.on_scan(ROSE)
    till.sale.pay_cash(Money(500))
    till.sale.complete()
    panel = window.sale.panel
    assert panel is not None
    tap(panel, QPoint(4, 4))
    assert window.sale.panel is None
    assert till.sale.state.completed is None


def test_no_dialog_is_ever_made(window: MainWindow) -> None:
    assert window.findChildren(QDialog) == []
    assert [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QDialog)] == []
