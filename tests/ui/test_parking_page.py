"""Parking on the sale screen: button, badge, list, names, and the keys for it (T5, U3)."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import update

from till.app.bootstrap import Till
from till.catalog.models import ArticleRow
from till.money import Money
from till.ui.keys import Action
from till.ui.main.window import MainWindow
from till.ui.message import Tone
from till.ui.sale.opening import OpeningPanel
from till.ui.sale.parked_panel import ParkedPanel
from till.ui.shift.closing_page import ClosingPage
from till.ui.widgets.button import Button
from till.ui.widgets.text import ShorteningText

ROSE = "4400119000179"


def tap(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def panel_of(window: MainWindow) -> ParkedPanel:
    panel = window.sale.panel
    assert isinstance(panel, ParkedPanel)
    return panel


def park(window: MainWindow, name: str = "") -> None:
    window.on_scan(ROSE)
    window.act(Action.PARK)
    if name:
        desk = window.sale._desk
        desk.rename_parked(desk.parked()[-1].order_id, name)


def test_park_empties_the_basket_and_the_badge_counts(window: MainWindow, till: Till) -> None:
    assert not window.sale.column.parked.isVisible()
    window.on_scan(ROSE)
    tap(window.sale.functions.park)
    assert till.sale.state.priced.basket.is_empty
    assert window.sale.column.parked.face.text == "1"
    assert window.sale.column.parked.accessibleName() == "1 parked basket"
    assert "parked" in window.sale.column.message.text
    assert window.sale.functions.park.face.text == "Parked"


def test_without_any_basket_there_is_nothing_to_park(window: MainWindow) -> None:
    assert not window.sale.functions.park.isEnabled()
    window.on_scan(ROSE)
    assert window.sale.functions.park.isEnabled()


def test_the_list_names_each_basket_and_recall_brings_it_back(window: MainWindow, till: Till) -> None:
    park(window)
    park(window, "Frau Weber")
    tap(window.sale.column.parked)
    panel = panel_of(window)
    assert [row.name for row in panel.rows] == ["14:32 · €3.50", "Frau Weber"]
    tap(panel.rows[1].recall)
    assert window.sale.panel is None
    assert window.sale.column.sums.total == "€3.50"
    assert till.sale.state.parked == 1


def test_everything_can_be_done_with_keys(window: MainWindow, till: Till) -> None:
    window.on_scan(ROSE)
    QTest.keyClick(window.sale, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert till.sale.state.parked == 1
    QTest.keyClick(window.sale, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    recall = panel_of(window).rows[0].recall
    assert window.focusWidget() is recall
    QTest.keyClick(recall, Qt.Key.Key_Return)
    assert till.sale.state.priced.total == Money(350)
    assert window.focusWidget() is window.sale


def test_a_basket_is_given_a_name_and_escape_leaves_it_as_it_was(window: MainWindow, qtbot: QtBot) -> None:
    park(window)
    window.act(Action.PARKED)
    row = panel_of(window).rows[0]
    tap(row.pencil)
    QTest.keyClicks(row.line, "Herr 4")
    QTest.keyClick(row.line, Qt.Key.Key_Escape)
    assert row.field.isHidden()
    assert panel_of(window).rows[0].name == "14:32 · €3.50"
    tap(row.pencil)
    QTest.keyClicks(row.line, "Herr Özil")
    QTest.keyClick(row.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel_of(window).rows[0].name == "Herr Özil")


def test_discarding_asks_in_the_button_itself(window: MainWindow, till: Till, qtbot: QtBot) -> None:
    park(window)
    window.act(Action.PARKED)
    trash = panel_of(window).rows[0].trash
    tap(trash)
    assert trash.face.text == "Really discard?"
    assert till.sale.state.parked == 1
    tap(trash)
    assert till.sale.state.parked == 0
    qtbot.waitUntil(lambda: not panel_of(window).rows)
    assert any(label.text() == "No basket is parked." for label in panel_of(window).findChildren(QLabel))


def test_money_that_was_taken_is_refused_in_sight(window: MainWindow, till: Till) -> None:
    window.on_scan(ROSE)
    till.sale.pay_card("card", Money(100))
    window.act(Action.PARK)
    assert "€1.00" in window.sale.message.text
    assert till.sale.state.parked == 0


def test_a_price_that_changed_is_said_beside_the_basket(window: MainWindow, till: Till) -> None:
    park(window)
    with till.workplace.database.write() as session:
        session.execute(update(ArticleRow).where(ArticleRow.name == "Rose").values(price=Money(400)))
    window.act(Action.PARKED)
    tap(panel_of(window).rows[0].recall)
    assert window.sale.column.sums.total == "€4.00"
    assert "Rose" in window.sale.column.message.text
    assert window.sale.column.message.tone is Tone.WARN


def test_a_basket_that_is_gone_is_refused_beside_it(window: MainWindow, till: Till) -> None:
    park(window)
    window.act(Action.PARKED)
    panel = panel_of(window)
    till.sale.discard_parked(till.sale.parked()[0].order_id)
    tap(panel.rows[0].recall)
    assert "no longer parked" in panel.message.text


def test_a_scan_goes_on_selling_and_closes_the_list(window: MainWindow, till: Till) -> None:
    park(window)
    window.act(Action.PARKED)
    window.on_scan(ROSE)
    assert window.sale.panel is None
    assert till.sale.state.priced.total == Money(350)


def test_a_closed_till_is_opened_before_anything_is_recalled(window: MainWindow, till: Till) -> None:
    park(window)
    till.cash.close_shift(None)
    window.show_status(till.status.current)
    window.act(Action.PARKED)
    assert isinstance(window.sale.panel, OpeningPanel)
    assert "closed" in window.sale.message.text


def test_closing_the_till_lists_what_waits(window: MainWindow, till: Till) -> None:
    park(window, "Frau Weber")
    window.act(Action.CLOSE_TILL)
    page = window.page
    assert isinstance(page, ClosingPage)
    tap(page.count_step.skip_button)
    assert "Frau Weber" in page.review_step.parked.text()
    tap(page.review_step.close_button)
    assert not till.cash.is_open
    assert till.sale.parked()[0].name == "Frau Weber"


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_list_is_whole_and_big_enough_to_tap(window: MainWindow, language: str) -> None:
    window.retranslate(language)
    park(window, "x" * 40)
    park(window)
    window.act(Action.PARKED)
    panel_of(window).rows[1].trash.click()
    for _ in range(3):
        QApplication.processEvents()
    labels = [one for one in panel_of(window).findChildren(QLabel) if not isinstance(one, ShorteningText)]
    assert all(one.fontMetrics().horizontalAdvance(one.text()) <= one.width() for one in labels if one.isVisible())
    buttons = [one for one in panel_of(window).findChildren(QAbstractButton) if one.isVisible()]
    assert all(one.width() >= 48 and one.height() >= 48 and one.accessibleName() for one in buttons)
    assert all(one.content_width <= one.width() for one in buttons if isinstance(one, Button))
    header = window.sale.column.parked
    assert header.content_width <= header.width()
