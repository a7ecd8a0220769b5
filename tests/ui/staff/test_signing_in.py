"""Signing in, changing places and locking at the window: what is covered, what is kept, and what is said."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from till.app.bootstrap import Till
from till.app.staff import Name
from till.app.status import DATABASE_GONE
from till.audit import trail
from till.clock import FixedClock
from till.errors import Unavailable
from till.money import Money
from till.staff.cards import new_card_code
from till.staff.users import User
from till.ui.keys import Action
from till.ui.main.window import MainWindow
from till.ui.staff.cashier_panel import CashierPanel
from till.ui.staff.names import NameTile
from till.ui.staff.new_pin import Step
from till.ui.staff.own_pin import OwnPinPanel
from till.ui.staff.proof import Proof
from till.ui.staff.sign_in import SignInPage
from till.ui.widgets.button import Button
from till.ui.widgets.chip import Chip

MARIE, JAN, IDA = "1", "2", "3"
PINS = {MARIE: "4711", JAN: "1508", IDA: "2580"}
ROSE = "4400119000179"


def tap(widget: QWidget) -> None:
    assert widget.isVisible()
    assert widget.isEnabled()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def proof_of(window: MainWindow) -> Proof:
    content = window.gate.content
    assert isinstance(content, SignInPage | CashierPanel)
    return content.proof


def choose(window: MainWindow, user_id: str) -> None:
    tile = next(one for one in proof_of(window).names.tiles if one.choice.user.id == user_id)
    tap(tile)


def type_pin(window: MainWindow, pin: str) -> None:
    for digit in pin:
        tap(proof_of(window).pad.keys[digit])
    tap(proof_of(window).pad.confirm_button)


def answered(qtbot: QtBot, window: MainWindow) -> None:
    """What was asked of the desk's thread has come back."""
    content = window.gate.content
    qtbot.waitUntil(lambda: window.gate.content is not content or not proof_of(window).is_busy)


def sign_in(qtbot: QtBot, window: MainWindow, user_id: str, pin: str | None = None) -> None:
    choose(window, user_id)
    type_pin(window, pin or PINS[user_id])
    answered(qtbot, window)


def lock(window: MainWindow) -> None:
    QTest.keyClick(window.page, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert isinstance(window.gate.content, SignInPage)


def is_open(window: MainWindow) -> bool:
    return window.gate.content is None


def visible_words(window: MainWindow) -> str:
    return " ".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())


# Locking


def test_a_locked_till_shows_the_names_only_and_keeps_basket_and_payment(
    counter: MainWindow, shop: Till, qtbot: QtBot
) -> None:
    counter.on_scan(ROSE)
    counter.act(Action.PAY)
    shop.sale.pay_cash(Money(200))
    lock(counter)
    page = counter.gate.content
    assert isinstance(page, SignInPage)
    assert page.geometry() == counter.rect(), "nothing of the sale can be seen"
    assert "The open basket is kept." in page.notice.text()
    assert not counter.payment.isEnabled()
    sign_in(qtbot, counter, JAN)
    qtbot.waitUntil(lambda: is_open(counter))
    assert counter.page is counter.payment
    assert shop.sale.state.tendered[0].amount == Money(200)
    counter.payment.taking.confirm()
    counter.payment.complete()
    assert shop.sale.state.completed is not None


def test_nothing_below_is_reached_while_it_is_locked(counter: MainWindow, shop: Till) -> None:
    counter.on_scan(ROSE)
    lock(counter)
    for key in (Qt.Key.Key_F12, Qt.Key.Key_Delete, Qt.Key.Key_F5, Qt.Key.Key_Escape, Qt.Key.Key_F11, Qt.Key.Key_Tab):
        QTest.keyClick(counter, key)
        QTest.keyClick(QApplication.focusWidget() or counter, key)
    counter.on_scan(ROSE)
    assert counter.page is counter.sale
    assert len(shop.sale.state.priced.lines) == 1
    assert isinstance(counter.gate.content, SignInPage)
    assert "This is no staff card" in proof_of(counter).message.text
    focus = QApplication.focusWidget()
    assert focus is None or counter.gate.content.isAncestorOf(focus) or focus is counter.gate.content


def test_the_till_locks_by_itself_when_nobody_touches_it(counter: MainWindow, shop: Till, qtbot: QtBot) -> None:
    clock = shop.workplace.clock
    assert isinstance(clock, FixedClock)
    clock.advance(290)
    touch(counter)
    clock.advance(290)
    counter.on_scan(ROSE)
    clock.advance(290)
    qtbot.wait(1100)
    assert is_open(counter), "a tap and a scan begin the time anew"
    clock.advance(10)
    qtbot.waitUntil(lambda: isinstance(counter.gate.content, SignInPage), timeout=3000)
    touch(counter)
    assert shop.staff.is_locked, "a touch is no signing in"


def touch(window: MainWindow) -> None:
    """As the window system sends it."""
    handle = window.windowHandle()
    place = QPointF(500, 60)
    press = QMouseEvent(
        QEvent.Type.MouseButtonPress,
        place,
        place,
        Qt.MouseButton.LeftButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(handle, press)
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place.toPoint())


def test_a_shop_of_one_without_a_pin_sees_none_of_it(window: MainWindow, till: Till, qtbot: QtBot) -> None:
    assert not window.top_bar.cashier_button.isVisible()
    assert any(chip.text == "MK" for chip in window.top_bar.findChildren(Chip) if chip.isVisible())
    QTest.keyClick(window.sale, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    window.gate.open_panel()
    qtbot.wait(50)
    assert is_open(window)
    window.on_scan(new_card_code())
    assert "staff card" in window.sale.column.message.text
    till.staff.set_pin(MARIE, PINS[MARIE]).result()
    qtbot.waitUntil(window.top_bar.cashier_button.isVisible)


def test_a_shop_of_several_begins_with_the_names(
    shop: Till, open_window: Callable[[Till], MainWindow], qtbot: QtBot
) -> None:
    shop.sale.scan(ROSE)
    shop.staff.lock()
    window = open_window(shop)
    assert isinstance(window.gate.content, SignInPage)
    assert [tile.choice.user.name for tile in proof_of(window).names.tiles] == ["Ida Neu", "Jan Alt", "Marie Klein"]
    assert not proof_of(window).pad.isEnabled(), "first the name"
    sign_in(qtbot, window, IDA)
    qtbot.waitUntil(lambda: is_open(window) and window.top_bar.cashier_button.face.text == "IN")
    assert QApplication.focusWidget() is window.sale
    QTest.keyClick(window.sale, Qt.Key.Key_F12)
    assert window.page is window.payment


def test_a_name_without_pin_or_card_is_signed_in_by_a_tap(counter: MainWindow, shop: Till, qtbot: QtBot) -> None:
    shop.workplace.attendance.lock()
    sign_in(qtbot, counter, MARIE)
    eva = shop.staff.hire(User("", "Eva Frei", "EF")).result()
    lock(counter)
    choose(counter, eva.id)
    assert shop.cashier_name == "Eva Frei"
    qtbot.waitUntil(lambda: is_open(counter))


def test_while_the_books_can_not_be_read_all_is_covered_and_the_names_come_by_themselves(
    counter: MainWindow, shop: Till, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> tuple[Name, ...]:
        raise Unavailable(DATABASE_GONE)

    with monkeypatch.context() as patched:
        patched.setattr(shop.staff, "names", gone)
        lock(counter)
        assert "as soon as it is back" in proof_of(counter).message.text
        assert proof_of(counter).names.tiles == ()
    qtbot.waitUntil(lambda: len(proof_of(counter).names.tiles) == 3, timeout=8000)
    sign_in(qtbot, counter, JAN)
    qtbot.waitUntil(lambda: is_open(counter))


def test_names_that_another_till_has_added_appear_while_nobody_is_there(
    counter: MainWindow, shop: Till, qtbot: QtBot
) -> None:
    lock(counter)
    attendance = shop.workplace.attendance
    shop.staff.sign_in(MARIE, PINS[MARIE]).result()
    shop.staff.hire(User("", "Eva Frei", "EF")).result()
    attendance.lock()
    counter.gate.show_staff()
    names = [tile.choice.user.name for tile in proof_of(counter).names.tiles]
    assert names == ["Eva Frei", "Ida Neu", "Jan Alt", "Marie Klein"]
    choose(counter, JAN)
    type_pin_without_end(counter, "15")
    counter.gate.show_staff()
    assert proof_of(counter).pad.count == 2, "who is just signing in is not disturbed"
    qtbot.wait(20)


def type_pin_without_end(window: MainWindow, digits: str) -> None:
    for digit in digits:
        tap(proof_of(window).pad.keys[digit])


def test_the_whole_of_it_goes_by_keyboard(counter: MainWindow, shop: Till, qtbot: QtBot) -> None:
    lock(counter)

    def key(which: Qt.Key) -> None:
        QTest.keyClick(QApplication.focusWidget() or counter, which)

    for _ in range(3):
        key(Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        if isinstance(focus, NameTile) and focus.choice.user.id == JAN:
            break
    key(Qt.Key.Key_Return)
    assert proof_of(counter).chosen == JAN
    QTest.keyClicks(QApplication.focusWidget() or counter, "99")
    key(Qt.Key.Key_Escape)
    QTest.keyClicks(QApplication.focusWidget() or counter, PINS[JAN])
    key(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: is_open(counter))
    assert shop.cashier_name == "Jan Alt"


# PINs


def test_a_wrong_pin_is_said_and_the_wait_grows(counter: MainWindow, shop: Till, qtbot: QtBot) -> None:
    lock(counter)
    said = []
    for _ in range(4):
        sign_in(qtbot, counter, JAN, "9999")
        said.append(proof_of(counter).message.text)
    assert said[:2] == ["This is not the PIN of Jan Alt."] * 2
    assert "10 seconds" in said[2]
    assert said[3].startswith("Too many wrong PINs for Jan Alt")
    assert shop.staff.is_locked
    qtbot.waitUntil(lambda: "9 seconds" in proof_of(counter).message.text, timeout=3000)
    sign_in(qtbot, counter, IDA)
    qtbot.waitUntil(lambda: is_open(counter))


def test_wrong_pins_on_end_sign_nobody_in_and_somebody_else_unlocks_the_name(
    counter: MainWindow, shop: Till, qtbot: QtBot
) -> None:
    clock = shop.workplace.clock
    assert isinstance(clock, FixedClock)
    lock(counter)
    choose(counter, JAN)
    proof = proof_of(counter)
    for number in range(30):
        for digit in f"{number + 2000:04d}":
            proof.pad.press(digit)
        proof.pad.confirm()
        qtbot.waitUntil(lambda: not proof.is_busy)
        assert proof.message.text
        clock.advance(1000)
    assert "Jan Alt is locked after 10 wrong PINs" in proof.message.text
    assert shop.staff.is_locked
    with shop.workplace.database.read() as session:
        assert len(trail.entries(session, shop.settings.till_id, trail.Action.PIN_WRONG)) == 10
    sign_in(qtbot, counter, JAN)
    assert shop.staff.is_locked, "the right one does not help any more"
    sign_in(qtbot, counter, MARIE)
    shop.staff.unlock(JAN)
    lock(counter)
    sign_in(qtbot, counter, JAN)
    assert shop.cashier_name == "Jan Alt"


def test_a_pin_is_typed_on_the_keyboard_too_and_stands_nowhere(
    counter: MainWindow, shop: Till, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    lock(counter)
    page = counter.gate.content
    assert page is not None
    QTest.keyClicks(page, "1508")
    assert proof_of(counter).pad.count == 0, "first the name"
    choose(counter, JAN)
    QTest.keyClicks(page, "15089")
    QTest.keyClick(page, Qt.Key.Key_Backspace)
    assert proof_of(counter).pad.count == 4
    told = [widget.accessibleName() + widget.accessibleDescription() for widget in page.findChildren(QWidget)]
    assert not any("1508" in words for words in [*told, visible_words(counter)])
    assert "PIN4 digits typed" in told
    QTest.keyClick(page, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: is_open(counter))
    assert shop.cashier_name == "Jan Alt"
    assert "1508" not in caplog.text


def test_while_a_pin_is_checked_nothing_can_be_pressed_twice(counter: MainWindow, shop: Till, qtbot: QtBot) -> None:
    lock(counter)
    choose(counter, JAN)
    proof = proof_of(counter)
    with shop.workplace.database.write():
        type_pin(counter, PINS[JAN])
        assert proof.is_busy
        assert proof.pad.confirm_button.face.text == "Checking …"
        assert not proof.pad.confirm_button.isEnabled()
        proof.pad.press("1")
        proof.pad.confirm()
        proof.names.tiles[0].click()
        assert proof.chosen == JAN
        assert proof.pad.count == 0
    qtbot.waitUntil(lambda: is_open(counter))
    assert shop.cashier_name == "Jan Alt"


# Cards


def test_a_staff_card_signs_in_from_the_names_and_from_the_sale(counter: MainWindow, shop: Till, qtbot: QtBot) -> None:
    shop.staff.sign_in(MARIE, PINS[MARIE]).result()
    cards = {one: shop.staff.new_card(one) for one in (JAN, MARIE)}
    lock(counter)
    counter.on_scan(cards[JAN])
    qtbot.waitUntil(lambda: is_open(counter))
    assert shop.cashier_name == "Jan Alt"
    counter.on_scan(ROSE)
    counter.on_scan(cards[MARIE])
    qtbot.waitUntil(lambda: counter.top_bar.cashier_button.face.text == "MK")
    assert len(shop.sale.state.priced.lines) == 1, "the basket stays, and a card is no goods"


def test_an_unknown_card_is_said_beside_the_names(counter: MainWindow, shop: Till, qtbot: QtBot) -> None:
    code = new_card_code()
    counter.on_scan(code)
    qtbot.waitUntil(lambda: isinstance(counter.gate.content, CashierPanel))
    assert "not known here" in proof_of(counter).message.text
    assert code not in visible_words(counter)
    assert shop.cashier_name == "Jan Alt"
    QTest.keyClick(counter.gate.content, Qt.Key.Key_Escape)  # type: ignore[arg-type]
    assert is_open(counter)


# Changing places


def test_cashiers_change_places_from_the_top_bar(counter: MainWindow, shop: Till, qtbot: QtBot) -> None:
    counter.on_scan(ROSE)
    tap(counter.top_bar.cashier_button)
    names = [tile.choice.user.name for tile in proof_of(counter).names.tiles]
    assert names == ["Ida Neu", "Marie Klein"], "who is here is not among them"
    sign_in(qtbot, counter, IDA)
    qtbot.waitUntil(lambda: is_open(counter) and counter.top_bar.cashier_button.face.text == "IN")
    tap(counter.top_bar.cashier_button)
    choose(counter, JAN)
    qtbot.waitUntil(lambda: is_open(counter))
    assert shop.cashier_name == "Jan Alt", "who has proved themselves comes back with one tap"
    assert len(shop.sale.state.priced.lines) == 1


def test_a_tap_beside_the_panel_changes_nothing(counter: MainWindow, shop: Till) -> None:
    tap(counter.top_bar.cashier_button)
    content = counter.gate.content
    assert content is not None
    cover = content.parentWidget()
    assert cover is not None
    QTest.mouseClick(cover, Qt.MouseButton.LeftButton, pos=cover.rect().topLeft())
    assert is_open(counter)
    assert shop.cashier_name == "Jan Alt"
    assert counter.sale.isEnabled()


def test_the_panel_locks_the_till(counter: MainWindow, shop: Till) -> None:
    counter.gate.open_panel()
    panel = counter.gate.content
    assert isinstance(panel, CashierPanel)
    tap(panel.lock_button)
    assert shop.staff.is_locked
    assert isinstance(counter.gate.content, SignInPage)


@pytest.mark.parametrize("told", [Action.MENU, Action.CLOSE_TILL, Action.X_REPORT])
def test_another_person_does_not_see_what_the_one_before_was_told(
    counter: MainWindow, shop: Till, qtbot: QtBot, told: Action
) -> None:
    counter.act(told)
    assert counter.page is not counter.sale
    shop.staff.sign_in(IDA, PINS[IDA]).result()
    qtbot.waitUntil(lambda: counter.page is counter.sale)


def test_language_and_theme_change_behind_the_lock(counter: MainWindow, qtbot: QtBot) -> None:
    lock(counter)
    counter.retranslate("de")
    assert isinstance(counter.gate.content, SignInPage)
    assert not counter.sale.isEnabled()
    sign_in(qtbot, counter, JAN)
    qtbot.waitUntil(lambda: is_open(counter))
    assert counter.sale.isEnabled()


# The own PIN


def own_pin(window: MainWindow) -> OwnPinPanel:
    window.gate.open_panel()
    panel = window.gate.content
    assert isinstance(panel, CashierPanel)
    tap(panel.own_pin_button)
    content = window.gate.content
    assert isinstance(content, OwnPinPanel)
    return content


def test_the_own_pin_is_changed_with_the_old_one(counter: MainWindow, shop: Till, qtbot: QtBot) -> None:
    panel = own_pin(counter)
    for pin in (PINS[JAN], "8362", "8362"):
        QTest.keyClicks(panel, pin)
        QTest.keyClick(panel, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "counts from now on" in panel.message.text)
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert is_open(counter)
    assert shop.staff.sign_in(JAN, "8362").result().id == JAN


def test_a_new_pin_is_refused_as_it_is_typed(counter: MainWindow, shop: Till, qtbot: QtBot) -> None:
    panel = own_pin(counter)

    def typed(pin: str) -> None:
        QTest.keyClicks(panel, pin)
        QTest.keyClick(panel, Qt.Key.Key_Return)

    def step() -> Step:
        return panel.step

    typed("9999")
    typed("1234")
    assert "anybody would try" in panel.message.text
    assert step() is Step.NEW
    typed("8362")
    typed("8363")
    assert "another PIN" in panel.message.text
    assert step() is Step.NEW
    typed("8362")
    typed("8362")
    qtbot.waitUntil(lambda: "not the PIN of Jan Alt" in panel.message.text)
    assert step() is Step.OLD
    assert shop.staff.sign_in(JAN, PINS[JAN]).result().id == JAN


# How it looks


@pytest.mark.parametrize("density", [48, 64])
@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("what", ["names", "cashiers", "own pin"])
def test_every_key_is_big_enough_and_none_lies_on_another(
    counter: MainWindow, density: int, language: str, what: str
) -> None:
    counter.set_density(density)
    counter.retranslate(language)
    if what == "names":
        lock(counter)
    elif what == "cashiers":
        counter.gate.open_panel()
    else:
        own_pin(counter)
    content = counter.gate.content
    assert content is not None
    for _ in range(3):
        QApplication.processEvents()
    shown = [one for one in content.findChildren(QAbstractButton) if one.isVisible()]
    assert [one.accessibleName() for one in shown if one.width() < 48 or one.height() < density] == []
    assert [one for one in shown if not one.accessibleName()] == []
    cut = [one.accessibleName() for one in shown if isinstance(one, Button) and one.content_width > one.width()]
    assert cut == []
    places = [QRect(one.mapTo(content, QPoint(0, 0)), one.size()) for one in shown]
    for number, place in enumerate(places):
        assert not any(place.intersects(other) for other in places[number + 1 :]), shown[number].accessibleName()
    assert content.geometry().bottom() <= counter.height()
