"""Approval on the spot: beside the refusal, in the window, once; both names in the trail, and cancelling changes nothing."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from till.app.bootstrap import Till
from till.app.verify import verify
from till.audit import trail
from till.money import Money
from till.staff.cards import new_card_code
from till.staff.permission import Need, Permission
from till.staff.users import OwnRights, User
from till.ui.keys import Action
from till.ui.look import Look
from till.ui.main.window import MainWindow
from till.ui.message import Message
from till.ui.office.page import OfficePage
from till.ui.office.pages import Group, PageEntry
from till.ui.office.window import OfficeWindow
from till.ui.shift.x_page import XPage
from till.ui.staff.approval import ApprovalPanel
from till.ui.staff.sign_in import SignInPage

MARIE, JAN, IDA = "1", "2", "3"
PINS = {MARIE: "4711", JAN: "1508", IDA: "2580"}
ROSE = "4400119000179"


def tap(widget: QWidget) -> None:
    assert widget.isVisible()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def panel_of(window: MainWindow) -> ApprovalPanel:
    content = window.gate.content
    assert isinstance(content, ApprovalPanel)
    return content


def type_pin(window: MainWindow, pin: str) -> None:
    panel = panel_of(window)
    QTest.keyClicks(panel, pin)
    QTest.keyClick(panel, Qt.Key.Key_Return)


def approve(qtbot: QtBot, window: MainWindow, message: Message, pin: str = PINS[MARIE]) -> None:
    """Marie approves what `message` says no to."""
    tap(message.approve_button)
    tap(next(tile for tile in panel_of(window).proof.names.tiles if tile.choice.user.id == MARIE))
    type_pin(window, pin)
    qtbot.waitUntil(lambda: window.gate.content is None)


def noted(till: Till, action: trail.Action) -> list[trail.AuditEntry]:
    assert till.settle()
    with till.workplace.database.read() as session:
        return trail.entries(session, till.settings.till_id, action)


def ask_discount(window: MainWindow, percent: str) -> None:
    """On the line, by the prompt: typed, confirmed, refused."""
    window.on_scan(ROSE)
    window.sale.column.basket.choose(0)
    window.sale.input.act("discount")
    for key in percent:
        window.sale.input.press(key)
    window.sale.input.confirm()


def is_asking(window: MainWindow) -> bool:
    return window.sale.input.prompt is not None


def test_a_discount_over_the_ceiling_is_approved_and_done_by_itself(
    counter: MainWindow, shop: Till, qtbot: QtBot
) -> None:
    ask_discount(counter, "25")
    message = counter.sale.column.message
    assert "at most 10 % discount" in message.text
    assert is_asking(counter), "the question stays until it is answered"
    tap(message.approve_button)
    panel = panel_of(counter)
    assert panel.what.text() == "Jan Alt: give a discount on a line (25 %)"
    assert [tile.choice.user.name for tile in panel.proof.names.tiles] == ["Marie Klein"]
    assert not counter.sale.isEnabled()
    type_pin(counter, PINS[MARIE])
    qtbot.waitUntil(lambda: counter.gate.content is None)
    assert shop.sale.state.priced.total == Money(262)
    assert not is_asking(counter)
    assert message.text == ""
    assert shop.cashier_name == "Jan Alt"
    for action in (trail.Action.APPROVED, trail.Action.APPROVAL_USED):
        (row,) = noted(shop, action)
        assert (row.user_name, row.subject) == ("Jan Alt", "line-discount")
        assert json.loads(row.after) == {"by": "1", "by_name": "Marie Klein", "discount_bp": 2500}
    assert verify(shop.workplace.database) == []


def test_an_approval_counts_once(counter: MainWindow, shop: Till, qtbot: QtBot) -> None:
    QTest.keyClick(counter.sale, Qt.Key.Key_F5)
    approve(qtbot, counter, counter.sale.message)
    assert len(noted(shop, trail.Action.DRAWER_OPENED)) == 1
    QTest.keyClick(counter.sale, Qt.Key.Key_F5)
    assert counter.sale.message.approve_button.isVisible()
    assert len(noted(shop, trail.Action.DRAWER_OPENED)) == 1


def test_a_wrong_pin_is_said_there_and_nothing_is_done(counter: MainWindow, shop: Till, qtbot: QtBot) -> None:
    QTest.keyClick(counter.sale, Qt.Key.Key_F5)
    tap(counter.sale.message.approve_button)
    panel = panel_of(counter)
    for said in ("not the PIN of Marie Klein.", "not the PIN of Marie Klein.", "in 10 seconds", "Too many wrong PINs"):
        type_pin(counter, "9999")
        qtbot.waitUntil(lambda: not panel.proof.is_busy)
        assert said in panel.proof.message.text
    tap(panel.close_button)
    assert counter.gate.content is None
    assert counter.sale.isEnabled()
    assert counter.sale.message.approve_button.isVisible(), "all is as it was"
    assert noted(shop, trail.Action.DRAWER_OPENED) == []
    assert noted(shop, trail.Action.APPROVED) == []


def test_a_scanned_card_approves_and_other_scans_are_no_goods(counter: MainWindow, shop: Till, qtbot: QtBot) -> None:
    shop.staff.sign_in(MARIE, PINS[MARIE]).result()
    card, idas = shop.staff.new_card(MARIE), shop.staff.new_card(IDA)
    shop.staff.sign_in(JAN, PINS[JAN]).result()
    qtbot.waitUntil(lambda: counter.top_bar.cashier_button.face.text == "JA")
    QTest.keyClick(counter.sale, Qt.Key.Key_F5)
    tap(counter.sale.message.approve_button)
    panel = panel_of(counter)
    for code, said in ((ROSE, "no staff card"), (new_card_code(), "not known here"), (idas, "Ida Neu may not do this")):
        counter.on_scan(code)
        qtbot.waitUntil(lambda: not panel.proof.is_busy)
        assert said in panel.proof.message.text
    assert not panel.proof.message.approve_button.isVisible(), "who approves needs no approval"
    counter.on_scan(card)
    qtbot.waitUntil(lambda: counter.gate.content is None)
    assert len(noted(shop, trail.Action.DRAWER_OPENED)) == 1
    assert shop.sale.state.priced.lines == ()


def test_what_needs_two_permissions_is_approved_one_after_the_other(
    counter: MainWindow, shop: Till, qtbot: QtBot
) -> None:
    shop.staff.sign_in(MARIE, PINS[MARIE]).result()
    shop.staff.change_rights(JAN, OwnRights(withdrawn=frozenset({Permission.REMOVE, Permission.CHANGE_PRICE})))
    counter.on_scan(ROSE)
    line = shop.sale.state.priced.lines[0].line.id
    shop.sale.set_price(line, Money(300))
    shop.staff.sign_in(JAN, PINS[JAN]).result()
    qtbot.waitUntil(lambda: counter.top_bar.cashier_button.face.text == "JA")
    counter.act(Action.REMOVE)
    approve(qtbot, counter, counter.sale.column.message)
    assert shop.sale.state.priced.lines == ()


def test_a_page_that_reads_beside_the_window_goes_on_after_the_approval(
    counter: MainWindow, shop: Till, qtbot: QtBot
) -> None:
    counter.act(Action.X_REPORT)
    page = counter.page
    assert isinstance(page, XPage)
    qtbot.waitUntil(lambda: not page.work.is_busy)
    assert "see the sums of the day (X)" in page.message.text
    approve(qtbot, counter, page.message)
    qtbot.waitUntil(page.print_button.isEnabled)
    assert page.message.text == ""
    assert len(noted(shop, trail.Action.APPROVAL_USED)) == 1


def test_who_has_too_low_a_ceiling_is_not_asked(counter: MainWindow, shop: Till) -> None:
    shop.staff.sign_in(MARIE, PINS[MARIE]).result()
    shop.staff.change_person(User(IDA, "Ida Neu", "IN", role_id="shift-lead"), OwnRights())
    shop.staff.sign_in(JAN, PINS[JAN]).result()
    asked = {percent: shop.staff.approvers(Need(Permission.LINE_DISCOUNT, percent * 100)) for percent in (30, 31)}
    assert [user.name for user in asked[30]] == ["Ida Neu", "Marie Klein"]
    assert [user.name for user in asked[31]] == ["Marie Klein"]
    assert counter.gate.content is None


def test_where_nobody_may_that_is_said(counter: MainWindow, shop: Till) -> None:
    shop.staff.sign_in(MARIE, PINS[MARIE]).result()
    counter.gate.ask_approval(Need(Permission.BACKUP), lambda: pytest.fail("nobody approved"))
    panel = panel_of(counter)
    assert panel.proof.names.tiles == ()
    assert any(
        "Nobody else who works here may do this" in child.text() for child in panel.findChildren(type(panel.what))
    )
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert counter.gate.content is None


def test_the_lock_ends_an_approval_that_is_asked_for(counter: MainWindow, shop: Till, qtbot: QtBot) -> None:
    QTest.keyClick(counter.sale, Qt.Key.Key_F5)
    tap(counter.sale.message.approve_button)
    shop.staff.lock()
    qtbot.waitUntil(lambda: isinstance(counter.gate.content, SignInPage))
    shop.staff.sign_in(JAN, PINS[JAN]).result()
    qtbot.waitUntil(lambda: counter.gate.content is None)
    assert noted(shop, trail.Action.DRAWER_OPENED) == []


def test_a_window_that_can_not_ask_shows_the_refusal_alone(counter: MainWindow, shop: Till, qtbot: QtBot) -> None:
    plain = QMainWindow()
    qtbot.addWidget(plain)
    look: Look = counter.look
    message = Message(look, shop.cash)
    plain.setCentralWidget(message)
    plain.show()
    assert not message.insist(shop.cash.open_drawer)
    assert "may not do this" in message.text
    assert not message.approve_button.isVisible()


def test_what_waits_for_the_database_after_an_approval_is_done_once(
    counter: MainWindow, shop: Till, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from till.db.engine import BUSY
    from till.errors import Unavailable

    tries: list[int] = []

    def busy_first() -> None:
        with shop.workplace.attendance.allowing(Need(Permission.OPEN_DRAWER)):
            tries.append(1)
            if len(tries) == 1:
                raise Unavailable(BUSY)

    monkeypatch.setattr(shop.cash, "open_drawer", busy_first)
    QTest.keyClick(counter.sale, Qt.Key.Key_F5)
    approve(qtbot, counter, counter.sale.message)
    assert counter.sale.message.is_waiting
    qtbot.waitUntil(lambda: len(tries) == 2, timeout=3000)
    qtbot.wait(700)
    assert len(tries) == 2


class DrawerPage(OfficePage):
    """A page of the office with something that a cashier may not do."""


def test_it_works_in_the_office_too_at_once_and_beside_the_window(
    counter: MainWindow, shop: Till, qtbot: QtBot
) -> None:
    entry = PageEntry("drawer", Group.SYSTEM, "cash", "Drawer", _drawer_page, Permission.SELL)
    office = OfficeWindow(counter.look, shop, (entry,))
    qtbot.addWidget(office)
    office.show()
    office.open_page()
    page = office.page
    assert page is not None
    page.message.insist(shop.cash.open_drawer)
    approve_in(qtbot, office, page.message)
    assert len(noted(shop, trail.Action.DRAWER_OPENED)) == 1
    page.work.begin(lambda _watch: shop.cash.open_drawer())
    qtbot.waitUntil(lambda: not page.work.is_busy)
    approve_in(qtbot, office, page.message)
    qtbot.waitUntil(lambda: not page.work.is_busy)
    assert len(noted(shop, trail.Action.DRAWER_OPENED)) == 2
    assert page.message.text == ""


def _drawer_page(look: Look, till: Till) -> OfficePage:
    return DrawerPage(look, till, "Drawer")


def approve_in(qtbot: QtBot, office: OfficeWindow, message: Message) -> None:
    tap(message.approve_button)
    panel = office.gate.content
    assert isinstance(panel, ApprovalPanel)
    QTest.keyClicks(panel, PINS[MARIE])
    QTest.keyClick(panel, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: office.gate.content is None)
