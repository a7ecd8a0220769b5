"""What the counter says of prices: a check without selling, prices by quantity, planned ones, and codes that nobody knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from till.app.bootstrap import Till
from till.app.views import Tile
from till.catalog.card import Card
from till.catalog.price_list import LaterPrices, PriceList, Tier
from till.clock import FixedClock
from till.money import Money
from till.quantity import pieces
from till.staff.permission import EVERYTHING, Permission, Rights
from till.ui.keys import Action
from till.ui.main.window import MainWindow
from till.ui.office.articles.page import ArticlesPage
from till.ui.sale.price_check import PriceCheckPanel
from till.ui.widgets.text import Text

ROSE, FREE_CODE = "4400119000179", "4006381333931"
LATER = dt.datetime(2026, 11, 21, 23, 0, tzinfo=dt.UTC)
Tiles = Callable[[str], Tile]


@pytest.fixture
def rose(till: Till) -> Card:
    """Ten roses are cheaper, and tomorrow they are dearer."""
    known = till.articles.card_with_code(ROSE)
    assert known is not None
    later = (LaterPrices(LATER, PriceList(Money(400))),)
    return till.articles.save(replace(known, tiers=(Tier(pieces(10), Money(299)),), later=later), known)


def panel(window: MainWindow) -> PriceCheckPanel:
    """The price that is shown."""
    shown = window.sale.panel
    assert isinstance(shown, PriceCheckPanel)
    return shown


def words(window: MainWindow) -> list[str]:
    """All that is said of it."""
    return [label.text() for label in panel(window).findChildren(Text)]


def press(window: MainWindow, key: Qt.Key) -> None:
    """Press a key wherever the focus is."""
    QTest.keyClick(window.focusWidget() or window, key)


@pytest.mark.usefixtures("rose")
def test_f7_and_a_scan_show_the_price_and_sell_nothing(window: MainWindow, till: Till) -> None:
    press(window, Qt.Key.Key_F7)
    assert "Nothing is sold" in window.sale.column.message.text
    window.on_scan(ROSE)
    assert panel(window).price.text() == "€3.50"
    assert "from 10 Stk: €2.99 each" in words(window)
    assert "from 22/11/2026, 00:00 on: €4.00" in words(window)
    assert till.sale.state.priced.basket.is_empty
    window.on_scan(FREE_CODE)
    assert "Unknown code" in window.sale.column.message.text
    press(window, Qt.Key.Key_F7)
    assert window.sale.panel is None
    window.on_scan(ROSE)
    assert till.sale.state.priced.total == Money(350)


def test_a_tile_and_a_typed_number_are_checked_too(window: MainWindow, till: Till, tile: Tiles) -> None:
    window.act(Action.PRICE_CHECK)
    window.sale._take(tile("Tulpe 10er"))
    assert panel(window).price.text() == "€6.90"
    for key in (Qt.Key.Key_3, Qt.Key.Key_0, Qt.Key.Key_0, Qt.Key.Key_1, Qt.Key.Key_Return):
        press(window, key)
    assert panel(window).price.text() == "€8.90"
    assert till.sale.state.priced.basket.is_empty
    press(window, Qt.Key.Key_Escape)
    assert window.sale.panel is None


def test_what_has_no_price_says_so(window: MainWindow, tile: Tiles) -> None:
    window.act(Action.PRICE_CHECK)
    window.sale._take(tile("Lieferung"))
    assert panel(window).price.text() == "Ask price"


@pytest.mark.usefixtures("rose")
def test_a_basket_over_a_planned_price_says_so_at_the_line(window: MainWindow, till: Till, clock: FixedClock) -> None:
    window.on_scan(ROSE)
    till.sale.pay_cash(Money(1000))
    till.workplace.clock.set(LATER)  # type: ignore[attr-defined]
    clock.set(LATER)
    with pytest.raises(Exception, match="Prices have changed"):
        till.sale.complete()
    rows = window.sale.column.basket.lines
    assert rows.note_of(rows.line(0)) == "new price, was 3.50"
    assert window.sale.column.sums.total == "€4.00"


def test_an_unknown_code_leads_to_a_new_article_that_has_it(window: MainWindow, till: Till) -> None:
    window.on_scan(FREE_CODE)
    message = window.sale.column.message
    assert message.offer_button.isVisible()
    message.offer_button.click()
    office = window.office
    assert office is not None
    page = office.page
    assert isinstance(page, ArticlesPage)
    assert page.form.fields.codes.codes == (FREE_CODE,)
    page.form.fields.name.line.setText("Vase")
    page.form.fields.price.line.setText("19.90")
    assert page.form.save()
    office.close()
    window.on_scan(FREE_CODE)
    assert till.sale.state.priced.total == Money(1990)
    assert not message.isVisible()


def test_typed_words_are_no_code(window: MainWindow) -> None:
    window.sale.search("no such thing")
    window.sale.take_hit()
    message = window.sale.column.message
    assert message.isVisible()
    assert not message.offer_button.isVisible()


def test_who_may_not_change_articles_is_not_offered_it(window: MainWindow, till: Till) -> None:
    attendance = till.workplace.attendance
    less = Rights(EVERYTHING.permissions - {Permission.CATALOGUE}, 100)
    attendance.enter(replace(attendance._present, rights=less))
    window.on_scan(FREE_CODE)
    message = window.sale.column.message
    assert "Unknown code" in message.text
    assert not message.offer_button.isVisible()
