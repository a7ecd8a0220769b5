"""Goods without a receipt on the screen: by tile, scan, search and keys; a reason, a way, an approval, and once (S1)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from till.app.bootstrap import Till
from till.app.verify import verify
from till.app.views import Tile
from till.documents import find
from till.documents.model import Document, DocumentKind
from till.money import Money
from till.staff.users import OwnRights, User
from till.ui.keys import Action
from till.ui.main.window import MainWindow
from till.ui.office.opened import opened as opened_office
from till.ui.office.staff.page import StaffPage
from till.ui.returning.free_page import FreeReturnPage
from till.ui.shift.x_page import XPage
from till.ui.staff.approval import ApprovalPanel
from till.ui.stage import Stage
from till.ui.theme import ThemeName
from till.ui.widgets.button import Button
from till.ui.widgets.text import Text

ROSE = "4400119000179"
CARD = "Karte"


def tap(widget: QWidget) -> None:
    QApplication.processEvents()
    assert widget.isVisible()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def shown(window: MainWindow) -> FreeReturnPage:
    page = window.page
    assert isinstance(page, FreeReturnPage)
    return page


@pytest.fixture
def page(window: MainWindow) -> FreeReturnPage:
    """The page, by its key."""
    QTest.keyClick(window.page, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    return shown(window)


def asks(page: FreeReturnPage) -> bool:
    return page.question is not None


def way(page: FreeReturnPage, name: str) -> Button:
    return next(button for one, button in page.card.ways.buttons.items() if one.name == name)


def booked(till: Till) -> list[Document]:
    with till.workplace.database.read() as session:
        return find.latest(session, till.settings.till_id, (DocumentKind.FREE_RETURN,), 9)


def proved(till: Till) -> list[str]:
    assert till.settle()
    return [str(problem.finding) for problem in verify(till.workplace.database)]


def test_tiles_and_scans_bring_goods_and_cash_goes_out(
    page: FreeReturnPage, window: MainWindow, till: Till, tile: Callable[[str], Tile]
) -> None:
    assert not page.go_on.isEnabled()
    page.articles.taken.emit(tile("Rose"))
    window.on_scan(ROSE)
    assert page.lines.rows[1].count.text() == "2"
    assert page.go_on.face.trailing == "€7.00"
    tap(page.go_on)
    assert page.is_refunding
    tap(page.card.reason.chips.buttons["Defekt"])
    tap(way(page, "Bar"))
    tap(page.card.complete)
    assert page.finished is not None
    assert page.finished.figure.text() == "€7.00"
    (document,) = booked(till)
    assert (document.draft.total, document.draft.note) == (Money(-700), "Ohne Ursprungsbeleg: Defekt")
    assert till.cash.expected_cash() == Money(14300)
    tap(page.finished.go_on)
    assert window.page is window.sale
    assert proved(till) == []


def test_it_is_all_done_by_keys(page: FreeReturnPage, window: MainWindow, till: Till) -> None:
    window.on_scan(ROSE)
    QTest.keyClicks(page, "++-")
    assert page.lines.rows[1].count.text() == "2"
    QTest.keyClick(page, Qt.Key.Key_Return)
    assert page.is_refunding
    page.card.reason.line.setFocus()
    QTest.keyClicks(page.card.reason.line, "welk")
    button = way(page, CARD)
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    window.act(Action.PAY)
    assert [document.draft.note for document in booked(till)] == ["Ohne Ursprungsbeleg: welk"]


def test_the_search_of_the_window_finds_what_is_brought(page: FreeReturnPage, window: MainWindow, till: Till) -> None:
    window.top_bar.search.line.setText("tulpe")
    assert window.page is page
    assert "1 hit" in page.articles.found
    QTest.keyClick(window.top_bar.search.line, Qt.Key.Key_Return)
    assert [row.name.text() for row in page.lines.rows.values()] == ["Tulpe 10er"]
    assert window.top_bar.search.line.text() == ""
    assert till.sale.state.priced.basket.is_empty, "the basket of the sale is another one"


def test_reason_and_way_are_asked_for_where_they_are_missing(
    page: FreeReturnPage, window: MainWindow, till: Till
) -> None:
    page.complete()
    assert "Nothing comes back yet" in page.message.text
    window.on_scan(ROSE)
    page.complete()
    page.complete()
    assert "an auditor will ask" in page.card.reason.error.text()
    page.card.reason.set_text("welk")
    page.complete()
    assert "Choose what is given for it" in page.message.text
    assert page.message.isVisible()
    assert booked(till) == []


def test_less_may_be_given_and_never_more(page: FreeReturnPage, window: MainWindow) -> None:
    window.on_scan(ROSE)
    tap(page.price_button)
    QTest.keyClicks(page, "3,51")
    tap(page.price.take)
    assert "costs €3.50 today" in page.message.text
    tap(page.price_button)
    QTest.keyClicks(page, "2")
    QTest.keyClick(page, Qt.Key.Key_Return)
    assert page.go_on.face.trailing == "€2.00"
    assert "today €3.50" in page.lines.rows[1].detail.text()


@pytest.mark.parametrize("name", ["Gutschein 25 €", "Lieferung"])
def test_what_comes_back_only_with_its_receipt_is_refused(
    page: FreeReturnPage, tile: Callable[[str], Tile], name: str
) -> None:
    page.articles.taken.emit(tile(name))
    assert "receipt" in page.message.text
    assert page.message.isVisible()
    assert not page.is_chosen


def test_a_voucher_given_for_it_is_shown_to_be_read_out(page: FreeReturnPage, window: MainWindow, till: Till) -> None:
    window.on_scan(ROSE)
    page.complete()
    page.card.reason.set_text("welk")
    tap(way(page, "Gutschein frei"))
    page.complete()
    assert page.finished is not None
    assert page.finished.vouchers is not None
    assert "AG2026-0001" in page.finished.vouchers.spoken
    assert "Hand out as a voucher" in page.finished.spoken
    assert proved(till) == []


def test_a_double_click_books_once(page: FreeReturnPage, window: MainWindow, till: Till) -> None:
    window.on_scan(ROSE)
    page.complete()
    page.card.reason.set_text("welk")
    tap(way(page, "Bar"))
    QTest.mouseDClick(page.card.complete, Qt.MouseButton.LeftButton)
    page.complete()
    assert len(booked(till)) == 1


def test_escape_goes_back_step_by_step_and_asks_before_anything_is_lost(
    page: FreeReturnPage, window: MainWindow, till: Till
) -> None:
    window.on_scan(ROSE)
    page.complete()
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert not page.is_refunding
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert asks(page)
    QApplication.processEvents()
    (leave_it,) = [one for one in page.findChildren(Button) if one.accessibleName() == "Leave it" and one.isVisible()]
    tap(leave_it)
    assert window.page is window.sale
    assert till.free_returns.state.is_empty
    assert proved(till) == []


def test_untouched_it_is_left_at_once(page: FreeReturnPage, window: MainWindow) -> None:
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert window.page is window.sale


def test_a_change_of_theme_keeps_goods_reason_and_way(page: FreeReturnPage, window: MainWindow, till: Till) -> None:
    window.on_scan(ROSE)
    page.complete()
    page.card.reason.set_text("welk")
    tap(way(page, CARD))
    window.set_theme(ThemeName.DARK)
    again = shown(window)
    assert again is not page
    assert again.is_refunding
    again.complete()
    assert [document.draft.payments[0].name for document in booked(till)] == [CARD]


def test_who_may_not_gets_it_approved_with_the_amount_in_sight(window: MainWindow, till: Till, qtbot: QtBot) -> None:
    till.staff.set_pin("1", "4711").result()
    till.staff.hire(User("", "Jan Alt", "JA"), "1508").result()
    till.staff.sign_in("2", "1508").result()
    window.act(Action.FREE_RETURN)
    page = shown(window)
    window.on_scan(ROSE)
    page.complete()
    page.card.reason.set_text("welk")
    tap(way(page, "Bar"))
    tap(page.card.complete)
    assert "take goods back without a receipt" in page.message.text
    tap(page.message.approve_button)
    panel = window.gate.content
    assert isinstance(panel, ApprovalPanel)
    assert panel.what.text() == "Jan Alt: take goods back without a receipt (€3.50)"
    QTest.keyClicks(panel, "4711")
    QTest.keyClick(panel, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.finished is not None)
    assert [document.user_name for document in booked(till)] == ["Jan Alt"]


def test_the_limit_of_a_role_is_told_and_set_in_the_office(window: MainWindow, till: Till) -> None:
    till.staff.set_pin("1", "4711").result()
    lead = next(role for role in till.staff.roles() if role.id == "shift-lead")
    till.staff.hire(User("", "Ida Neu", "IN", role_id=lead.id), "2580", OwnRights()).result()
    office, staff = opened_office(Stage(till, window, ""), "staff", StaffPage)
    roles = staff.roles
    roles.begin()
    roles.table.select(lambda role: role.id == lead.id)
    assert roles.limit.line.text() == "50.00"
    roles.limit.line.setText("5,00")
    roles.save()
    assert next(role for role in till.staff.roles() if role.id == lead.id).rights.return_limit == Money(500)
    roles.limit.line.setText("")
    roles.save()
    assert next(role for role in till.staff.roles() if role.id == lead.id).rights.return_limit is None
    roles.limit.line.setText("5,00")
    roles.save()
    office.close()
    till.staff.sign_in("2", "2580").result()
    window.act(Action.FREE_RETURN)
    page = shown(window)
    for _ in range(2):
        window.on_scan(ROSE)
    page.complete()
    page.card.reason.set_text("welk")
    tap(way(page, "Bar"))
    page.complete()
    assert "at most €5.00 without a receipt" in page.message.text


@pytest.mark.parametrize("state", ["closed", "training"])
def test_why_it_can_not_be_done_now_is_said_in_the_menu_and_on_the_page(
    window: MainWindow, till: Till, state: str
) -> None:
    if state == "closed":
        till.cash.close_shift(None)
    else:
        till.training.begin()
    window.act(Action.MENU)
    assert not window.menu.tiles[Action.FREE_RETURN].isEnabled()
    window.act(Action.FREE_RETURN)
    assert shown(window).message.text != ""
    window.on_scan(ROSE)
    assert not shown(window).is_chosen


def test_the_way_in_stands_among_the_receipts(window: MainWindow) -> None:
    window.act(Action.RECEIPTS)
    (button,) = [
        one for one in window.receipts.findChildren(Button) if one.accessibleName() == "Return without a receipt"
    ]
    tap(button)
    assert isinstance(window.page, FreeReturnPage)


def test_x_tells_it_on_a_line_of_its_own_and_each_line_once(
    page: FreeReturnPage, window: MainWindow, till: Till
) -> None:
    window.on_scan(ROSE)
    page.complete()
    page.card.reason.set_text("welk")
    tap(way(page, "Bar"))
    page.complete()
    till.training.begin()
    till.sale.scan(ROSE)
    till.sale.pay_cash(Money(350))
    till.sale.complete()
    till.training.end()
    window.act(Action.X_REPORT)
    assert isinstance(window.page, XPage)
    window.page.work.finish()
    words = [label.text() for label in window.page.findChildren(Text)]
    assert words.count("Returns without a receipt") == 1
    assert "−€3.50" in words
    assert words.count("Training, no turnover") == 1
