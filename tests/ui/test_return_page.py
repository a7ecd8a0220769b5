"""Returns and cancellations on the screen: by finger, scan and keys; booked once, refused in words where the eyes are."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from till.app.attendance import Present
from till.app.bootstrap import Till
from till.app.verify import verify
from till.app.views import CompletedSale, Tile
from till.audit import trail
from till.catalog.barcodes import receipt_barcode
from till.db.engine import NO_CONNECTION
from till.documents import find
from till.documents.model import Document, DocumentKind
from till.errors import Unavailable
from till.money import Money
from till.quantity import Quantity, pieces
from till.shifts.movement import Movement, MovementKind
from till.staff.permission import EVERYTHING, Permission
from till.staff.users import User
from till.ui.keys import Action
from till.ui.main.window import MainWindow
from till.ui.office.receipts import ReceiptsPage
from till.ui.returning.page import ReturnPage
from till.ui.returning.way_keys import WayKeys
from till.ui.screens import troubled
from till.ui.staff.approval import ApprovalPanel
from till.ui.theme import ThemeName
from till.ui.widgets.button import Button

ROSE, TULIP = "4400119000179", "4400119000247"


def tap(widget: QWidget) -> None:
    QApplication.processEvents()
    assert widget.isVisible()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


@pytest.fixture
def sold(till: Till) -> CompletedSale:
    """Three roses and a bunch of tulips for 17,40, in cash."""
    till.sale.scan(ROSE, pieces(3))
    till.sale.scan(TULIP)
    till.sale.pay_cash(Money(2000))
    done = till.sale.complete()
    till.sale.dismiss()
    return done


def opened(window: MainWindow, document: Document, *, is_cancellation: bool = False) -> ReturnPage:
    """The page of this receipt, reached by scanning the receipt's barcode on the sale."""
    window.on_scan(receipt_barcode(document.till_id, document.number))
    assert shown(window) is window.receipts
    buttons = window.receipts.taking_back
    tap(buttons.cancel if is_cancellation else buttons.back)
    page = shown(window)
    assert isinstance(page, ReturnPage)
    return page


@pytest.fixture
def page(window: MainWindow, sold: CompletedSale) -> ReturnPage:
    """The return of what was sold."""
    return opened(window, sold.document)


def shown(window: MainWindow) -> QWidget:
    return window.page


def asks(page: ReturnPage) -> bool:
    return page.question is not None


def latest(till: Till, kind: DocumentKind) -> Document:
    with till.workplace.database.read() as session:
        return find.latest(session, till.settings.till_id, (kind,))[0]


def count_of(till: Till, kind: DocumentKind) -> int:
    with till.workplace.database.read() as session:
        return len(find.latest(session, till.settings.till_id, (kind,), 50))


def proved(till: Till) -> list[str]:
    assert till.settle()
    return [str(problem.finding) for problem in verify(till.workplace.database)]


def chosen(page: ReturnPage) -> dict[int, Quantity]:
    assert page.plan is not None
    return {line.position: line.quantity for line in page.plan.lines}


def way(keys: WayKeys, name: str) -> QWidget:
    return next(button for one, button in keys.buttons.items() if one.name == name)


@contextmanager
def answers_lost(till: Till) -> Iterator[None]:
    """Each unit of work is committed, and then the line breaks."""
    database = till.workplace.database
    run = database.run

    def lose(work: Callable[[Session], Any], wait_s: float | None = None) -> Any:
        run(work, wait_s)
        raise Unavailable(NO_CONNECTION)

    database.run = lose  # type: ignore[method-assign]
    try:
        yield
    finally:
        del database.run


# Choosing


def test_a_finger_brings_back_one_rose_for_cash(page: ReturnPage, window: MainWindow, till: Till) -> None:
    assert not page.card.complete.isEnabled(), "nothing is chosen yet"
    tap(page.lines.rows[0].more)
    assert page.card.complete.face.trailing == "€3.50"
    tap(page.card.complete)
    assert page.finished is not None
    assert page.finished.figure.text() == "€3.50"
    assert "Hand out in cash" in page.finished.spoken
    document = latest(till, DocumentKind.RETURN)
    assert (document.draft.total, document.draft.references[0].number) == (Money(-350), 2)
    assert till.cash.expected_cash() == Money(15000 + 1740 - 350)
    QTest.keyClick(page, Qt.Key.Key_Return)
    assert shown(window) is page, "the second one of two fast keys goes nowhere"
    tap(page.finished.go_on)
    assert shown(window) is window.sale
    assert proved(till) == []


def test_never_more_than_was_sold_and_never_less_than_nothing(page: ReturnPage) -> None:
    row = page.lines.rows[0]
    for _ in range(5):
        if row.more.isEnabled():
            tap(row.more)
    assert row.count.text() == "3 / 3"
    assert not row.more.isEnabled()
    for _ in range(3):
        tap(row.less)
    assert row.count.text() == "0 / 3"
    assert not row.less.isEnabled()
    assert page.plan is None


def test_everything_comes_in_one_tap(page: ReturnPage) -> None:
    tap(page.all_button)
    assert chosen(page) == {0: pieces(3), 1: pieces(1)}
    assert page.card.figure.amount == "€17.40"


def test_a_scan_of_an_article_brings_back_one_more(page: ReturnPage, window: MainWindow) -> None:
    for code in (ROSE, ROSE, TULIP):
        window.on_scan(code)
    assert chosen(page) == {0: pieces(2), 1: pieces(1)}
    window.on_scan(TULIP)
    assert "not on this receipt, or all of it has come back" in page.message.text
    assert chosen(page) == {0: pieces(2), 1: pieces(1)}


@pytest.mark.parametrize("code", ["4711", "2001", "4006381333931"])
def test_what_is_not_on_the_receipt_is_refused_beside_the_button(
    page: ReturnPage, window: MainWindow, code: str
) -> None:
    window.on_scan(code)
    assert "not on this receipt" in page.message.text
    assert page.plan is None


def test_it_is_all_done_by_keys(page: ReturnPage, window: MainWindow, till: Till, qtbot: QtBot) -> None:
    QTest.keyClicks(page, "++-")
    QTest.keyClick(page, Qt.Key.Key_Down)
    QTest.keyClicks(page, "+")
    assert chosen(page) == {0: pieces(1), 1: pieces(1)}
    QTest.keyClick(page, Qt.Key.Key_Up)
    QTest.keyClicks(page, "-")
    assert chosen(page) == {1: pieces(1)}
    QTest.keyClick(page, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert chosen(page) == {0: pieces(3), 1: pieces(1)}
    QTest.keyClick(page, Qt.Key.Key_Return)
    assert page.finished is not None
    qtbot.waitUntil(page._shield.isHidden)
    QTest.keyClick(page, Qt.Key.Key_Return)
    assert shown(window) is window.sale
    assert latest(till, DocumentKind.RETURN).draft.total == Money(-1740)


def test_the_pay_key_completes_too(page: ReturnPage, window: MainWindow, till: Till) -> None:
    window.act(Action.PAY)
    assert "Choose what comes back" in page.message.text
    window.on_scan(ROSE)
    window.act(Action.PAY)
    window.act(Action.PAY)
    assert page.finished is not None
    assert count_of(till, DocumentKind.RETURN) == 1


def test_a_double_click_books_once(page: ReturnPage, till: Till) -> None:
    window_button = page.card.complete
    tap(page.lines.rows[0].more)
    QTest.mouseDClick(window_button, Qt.MouseButton.LeftButton)
    page.complete()
    assert count_of(till, DocumentKind.RETURN) == 1
    assert proved(till) == []


def test_what_came_back_before_is_told_and_can_not_come_back_again(
    page: ReturnPage, window: MainWindow, sold: CompletedSale
) -> None:
    window.on_scan(TULIP)
    window.on_scan(ROSE)
    page.complete()
    page.left.emit()
    again = opened(window, sold.document)
    assert again.lines.rows[0].count.text() == "0 / 2"
    assert "1 came back already" in again.lines.rows[0].detail.text()
    assert not again.lines.rows[1].more.isVisible(), "all of the tulips are back"
    assert "receipt 3" in again.earlier.text()
    assert "€10.40" in again.earlier.text()


# How it is refunded


def test_a_way_takes_all_of_it_with_one_tap(page: ReturnPage, till: Till) -> None:
    tap(page.all_button)
    tap(way(page.card.ways, "Karte"))
    page.complete()
    draft = latest(till, DocumentKind.RETURN).draft
    assert [(paid.name, paid.amount) for paid in draft.payments] == [("Karte", Money(-1740))]
    assert page.finished is not None
    assert "Refund by Card" in page.finished.spoken
    assert page.finished.figure.text() == "€17.40"


def test_a_typed_amount_goes_by_one_way_and_the_rest_by_the_other(page: ReturnPage, till: Till) -> None:
    tap(page.all_button)
    QTest.keyClicks(page, "5,00")
    tap(way(page.card.ways, "Gutschein frei"))
    page.complete()
    draft = latest(till, DocumentKind.RETURN).draft
    assert [(paid.name, paid.amount) for paid in draft.payments] == [("Bar", Money(-1240))]
    assert page.finished is not None
    assert page.finished.vouchers is not None
    assert "AG2026-0001" in page.finished.vouchers.spoken
    assert "1 voucher instead of money" in page.finished.vouchers.spoken
    assert page.finished.figure.text() == "€12.40"
    assert proved(till) == []


def test_the_pad_shares_out_by_finger_and_folds_with_escape(page: ReturnPage) -> None:
    tap(page.all_button)
    tap(page.card.split_button)
    assert page.card.pad.isVisible()
    page.card.pad.typed.emit("2")
    assert page.card.amount.shown == "€2"
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert not page.card.pad.isVisible()
    assert page.card.entry.typed == ""
    assert page.plan is not None


def test_what_a_voucher_paid_goes_back_on_it_or_is_refunded_by_a_switch(
    window: MainWindow, till: Till, sell_voucher: Callable[[int], str]
) -> None:
    number = sell_voucher(1000)
    till.sale.scan(ROSE, pieces(3))
    (hit,) = till.sale.look_up_voucher(number)
    till.sale.redeem(hit.standing.voucher.id, Money(1000))
    till.sale.pay_cash(Money(50))
    document = till.sale.complete().document
    till.sale.dismiss()
    page = opened(window, document)
    tap(page.all_button)
    assert page.plan is not None
    assert page.plan.to_refund == Money(50)
    voucher_id = hit.standing.voucher.id
    check = page.card.checks[voucher_id]
    check.click()
    assert page.plan.to_refund == Money(1050)
    check.click()
    page.complete()
    assert page.finished is not None
    assert "€10.00 are back on voucher" in page.finished.spoken
    assert till.sale.look_up_voucher(number)[0].standing.remaining == Money(1000)
    assert proved(till) == []


# Refusals


def test_a_drawer_that_holds_less_is_said_beside_the_button_and_another_way_mends_it(
    page: ReturnPage, till: Till
) -> None:
    till.cash.move(Movement(MovementKind.BANK_DROP, till.cash.expected_cash(), "zur Bank"))
    tap(page.all_button)
    assert "€0.00" in page.card.why_not.text
    assert not page.card.complete.isEnabled()
    tap(way(page.card.ways, "Karte"))
    assert page.card.why_not.text == ""
    page.complete()
    assert page.finished is not None


def test_who_may_not_is_told_and_what_is_chosen_stays(page: ReturnPage, till: Till) -> None:
    tap(page.all_button)
    marie = till.workplace.user
    less = replace(EVERYTHING, permissions=EVERYTHING.permissions - {Permission.REFUND})
    till.workplace.attendance.enter(Present(marie, less, is_alone=False))
    tap(page.card.complete)
    assert "take goods back" in page.message.text
    assert page.message.approve_button.isVisible()
    assert chosen(page) == {0: pieces(3), 1: pieces(1)}
    assert count_of(till, DocumentKind.RETURN) == 0


def test_two_tills_at_once_one_is_told(page: ReturnPage, till: Till, sold: CompletedSale) -> None:
    tap(page.all_button)
    desk = till.returns
    plan = page.choice.wish(desk.begin(sold.document.id), page.plan)
    desk.complete(replace(plan, id=uuid.UUID(int=7)))
    tap(page.card.complete)
    assert "Everything on receipt 2 has come back already" in page.message.text
    assert count_of(till, DocumentKind.RETURN) == 1


def test_an_answer_that_is_lost_is_tried_again_by_itself_and_books_once(
    page: ReturnPage, till: Till, qtbot: QtBot
) -> None:
    tap(page.all_button)
    with answers_lost(till):
        tap(page.card.complete)
        assert page.message.is_waiting
    qtbot.waitUntil(lambda: page.finished is not None)
    assert count_of(till, DocumentKind.RETURN) == 1
    assert proved(till) == []


def test_why_nothing_can_come_back_is_said_where_one_looks(
    page: ReturnPage, window: MainWindow, till: Till, sold: CompletedSale
) -> None:
    tap(page.all_button)
    page.complete()
    page.left.emit()
    window.receipts.show_document(sold.document)
    buttons = window.receipts.taking_back
    assert not buttons.back.isEnabled()
    assert not buttons.cancel.isEnabled()
    assert "Everything on receipt 2 has come back already" in buttons.why_not.text()
    window.receipts.show_document(latest(till, DocumentKind.RETURN))
    assert "is a return itself" in buttons.why_not.text()


def test_nothing_comes_back_while_the_till_practises(window: MainWindow, till: Till, sold: CompletedSale) -> None:
    till.training.begin()
    window.act(Action.RECEIPTS)
    window.receipts.show_document(sold.document)
    assert not window.receipts.taking_back.back.isEnabled()
    assert "training mode" in window.receipts.taking_back.why_not.text()


# Leaving


def test_escape_leaves_at_once_where_nothing_was_chosen(page: ReturnPage, window: MainWindow, till: Till) -> None:
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert shown(window) is window.sale
    assert count_of(till, DocumentKind.ABORTED) == 0, "nothing was begun at the TSE"


def test_escape_asks_where_something_was_chosen_and_leaves_nothing_behind(
    page: ReturnPage, window: MainWindow, till: Till
) -> None:
    tap(page.lines.rows[0].more)
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert asks(page)
    assert shown(window) is page
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert not asks(page)
    page.leave()
    QApplication.processEvents()
    (leave_it,) = [one for one in page.findChildren(Button) if one.accessibleName() == "Leave it" and one.isVisible()]
    tap(leave_it)
    assert shown(window) is window.sale
    assert till.settle()
    assert count_of(till, DocumentKind.ABORTED) == 1
    assert proved(till) == []


@pytest.mark.parametrize("action", [Action.MENU, Action.HELP, Action.CASH_IN_OUT, Action.RECEIPTS, Action.SEARCH])
def test_no_key_leads_away_from_what_is_chosen_without_a_question(
    page: ReturnPage, window: MainWindow, action: Action
) -> None:
    tap(page.all_button)
    window.act(action)
    assert shown(window) is page
    assert asks(page)
    assert chosen(page) == {0: pieces(3), 1: pieces(1)}


def test_typing_into_the_search_says_that_the_return_comes_first(page: ReturnPage, window: MainWindow) -> None:
    window.top_bar.search.line.setText("ro")
    assert shown(window) is page
    assert "Complete this return or leave it first" in page.message.text


def test_a_change_of_theme_and_language_keeps_what_is_chosen(page: ReturnPage, window: MainWindow, till: Till) -> None:
    tap(page.all_button)
    page.card.reason.set_text("welk")
    window.set_theme(ThemeName.DARK)
    window.retranslate("de")
    again = window.page
    assert isinstance(again, ReturnPage)
    assert again is not page
    assert chosen(again) == {0: pieces(3), 1: pieces(1)}
    assert again.card.reason.text == "welk"
    again.complete()
    assert count_of(till, DocumentKind.ABORTED) == 0, "it is the same return at the TSE"
    assert latest(till, DocumentKind.RETURN).draft.note == "welk"


def test_a_killed_till_has_booked_nothing(page: ReturnPage, till: Till) -> None:
    tap(page.all_button)
    assert count_of(till, DocumentKind.RETURN) == 0
    till.close()
    assert till.cash.is_open


# Cancellation


def test_a_receipt_is_cancelled_whole_and_only_for_a_reason(
    window: MainWindow, till: Till, sold: CompletedSale
) -> None:
    page = opened(window, sold.document, is_cancellation=True)
    assert not page.all_button.isVisible()
    assert not any(row.more.isVisible() for row in page.lines.rows.values()), "nothing can be taken out of it"
    QTest.keyClicks(page, "-")
    assert page.card.figure.amount == "€17.40"
    tap(page.card.complete)
    assert "an auditor will ask" in page.card.reason.error.text()
    assert count_of(till, DocumentKind.CANCELLATION) == 0
    tap(page.card.reason.chips.buttons["Falsch kassiert"])
    tap(page.card.complete)
    assert page.finished is not None
    document = latest(till, DocumentKind.CANCELLATION)
    assert (document.draft.total, document.draft.note) == (Money(-1740), "Falsch kassiert")
    assert till.cash.expected_cash() == Money(15000)
    assert proved(till) == []


def test_the_tender_that_really_moved_is_asked(window: MainWindow, till: Till, sold: CompletedSale) -> None:
    page = opened(window, sold.document, is_cancellation=True)
    page.card.reason.set_text("Falsche Zahlungsart")
    tap(way(page.card.ways, "Karte"))
    tap(page.card.complete)
    assert [paid.name for paid in latest(till, DocumentKind.CANCELLATION).draft.payments] == ["Karte"]


def test_a_receipt_whose_voucher_was_redeemed_is_not_cancelled_and_the_amounts_are_said(
    window: MainWindow, till: Till, tile: Callable[[str], Tile]
) -> None:
    till.sale.add(tile("Gutschein 25 €"))
    till.sale.pay_cash(Money(2500))
    sale = till.sale.complete()
    till.sale.scan(ROSE)
    till.sale.redeem(sale.vouchers[0].id, Money(350))
    till.sale.complete()
    till.sale.dismiss()
    window.on_scan(receipt_barcode(sale.document.till_id, sale.document.number))
    buttons = window.receipts.taking_back
    assert not buttons.cancel.isEnabled()
    assert "€25.00" in buttons.why_not.text()
    assert "€21.50" in buttons.why_not.text()


def test_leaving_an_untouched_cancellation_asks_nothing(window: MainWindow, till: Till, sold: CompletedSale) -> None:
    page = opened(window, sold.document, is_cancellation=True)
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert shown(window) is window.sale
    assert count_of(till, DocumentKind.ABORTED) == 0


def test_the_office_leads_to_the_receipt_at_the_counter(window: MainWindow, sold: CompletedSale) -> None:
    window.open_office("receipts")
    office = window.office
    assert office is not None
    page = office.page
    assert isinstance(page, ReceiptsPage)
    page.paper.show_receipt(sold.document.id, sold.document.number)
    (button,) = [one for one in page.findChildren(Button) if one.accessibleName() == "Take back at the till"]
    button.setEnabled(True)
    button.click()
    assert shown(window) is window.receipts
    assert window.receipts.taking_back.back.isEnabled()


def test_a_return_that_is_approved_is_booked_by_itself_and_both_names_stand_in_the_trail(
    window: MainWindow, till: Till, sold: CompletedSale, qtbot: QtBot
) -> None:
    till.staff.set_pin("1", "4711").result()
    till.staff.hire(User("", "Jan Alt", "JA"), "1508").result()
    till.staff.sign_in("2", "1508").result()
    page = opened(window, sold.document)
    tap(page.all_button)
    tap(page.card.complete)
    assert "take goods back" in page.message.text
    tap(page.message.approve_button)
    panel = window.gate.content
    assert isinstance(panel, ApprovalPanel)
    QTest.keyClicks(panel, "4711")
    QTest.keyClick(panel, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.finished is not None)
    assert latest(till, DocumentKind.RETURN).user_name == "Jan Alt"
    assert till.settle()
    with till.workplace.database.read() as session:
        (used,) = trail.entries(session, till.settings.till_id, trail.Action.APPROVAL_USED)
    assert "Marie Klein" in used.after


def test_what_is_wrong_with_the_devices_is_said_here_as_on_the_sale(
    page: ReturnPage, window: MainWindow, till: Till
) -> None:
    window.show_status(troubled(till.status.current))
    assert page.strips.texts == window.sale.strips.texts
    assert page.strips.isVisible()
