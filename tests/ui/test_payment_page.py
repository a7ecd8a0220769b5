"""The payment screen over a real till: tenders, vouchers, split, change, keyboard only, nothing booked twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from till.app.bootstrap import Till
from till.app.views import Tile
from till.documents.model import Document
from till.errors import Unavailable
from till.money import Money
from till.sales.tender import TenderKind
from till.ui.keys import Action
from till.ui.main.window import MainWindow
from till.ui.sale.finished import FinishedPanel
from till.ui.widgets.text import Text
from till.ui.widgets.voucher_card import VoucherCard

ROSE = "4400119000179"
Tiles = Callable[[str], Tile]
SellVoucher = Callable[[int], str]
TEAPOT = "Teekanne 1,2 l"


def press(window: MainWindow, *keys: Qt.Key | str) -> None:
    """Press keys as a person does, wherever the focus is."""
    for key in keys:
        focus = window.focusWidget() or window
        if isinstance(key, str):
            QTest.keyClicks(focus, key)
        else:
            QTest.keyClick(focus, key)


def tap(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


@pytest.fixture
def paying(window: MainWindow, till: Till, tile: Tiles) -> MainWindow:
    """A teapot for 49,00 on the payment screen."""
    till.sale.add(tile(TEAPOT))
    press(window, Qt.Key.Key_F12)
    assert window.page is window.payment
    return window


def last(till: Till) -> Document:
    found = till.receipts.last()
    assert found is not None
    return found


def receipts_booked(till: Till) -> int:
    return len(till.receipts.recent())


def test_cash_by_keyboard_only(paying: MainWindow, till: Till) -> None:
    press(paying, "5", "0", Qt.Key.Key_Return)
    assert paying.payment.settled.change.amount == "€1.00"
    press(paying, Qt.Key.Key_Return)
    assert paying.page is paying.sale
    assert isinstance(paying.sale.panel, FinishedPanel)
    assert paying.sale.panel.change == "€1.00"
    assert receipts_booked(till) == 1


def test_enter_alone_takes_the_exact_amount(paying: MainWindow, till: Till) -> None:
    press(paying, Qt.Key.Key_Return, Qt.Key.Key_F12)
    assert last(till).draft.total == Money(4900)


def test_the_rest_is_offered_to_the_next_tender(paying: MainWindow, till: Till) -> None:
    press(paying, "2", "0", Qt.Key.Key_Return, Qt.Key.Key_F9)
    assert paying.payment.taking.kind is TenderKind.CARD
    assert paying.payment.taking.amount.shown == "€29.00"
    press(paying, Qt.Key.Key_Return, Qt.Key.Key_F12)
    assert [payment.amount for payment in last(till).draft.payments] == [Money(2000), Money(2900)]


def test_quick_cash_takes_its_amount(paying: MainWindow, till: Till) -> None:
    key = next(b for b in paying.payment.settled.quick_keys if b.face.text == "50")
    tap(key)
    assert paying.payment.settled.change.amount == "€1.00"
    assert till.sale.state.tendered[0].amount == Money(5000)


def test_a_payment_is_taken_back_at_its_red_x(paying: MainWindow, till: Till) -> None:
    press(paying, "2", "0", Qt.Key.Key_Return)
    tap(paying.payment.settled.take_back_keys[0])
    assert till.sale.state.tendered == ()
    assert paying.payment.settled.open.text() == "€49.00"


def test_a_card_can_not_pay_more_and_the_screen_says_so(paying: MainWindow, till: Till) -> None:
    press(paying, Qt.Key.Key_F9, "9", "9", Qt.Key.Key_Return)
    assert "change is given for cash only" in paying.payment.taking.message.text
    assert paying.payment.taking.message.isVisible()
    assert till.sale.state.tendered == ()


def test_completing_while_something_is_open_is_refused_beside_complete(paying: MainWindow, till: Till) -> None:
    press(paying, "2", "0", Qt.Key.Key_Return, Qt.Key.Key_F12)
    assert paying.payment.settled.message.isVisible()
    assert paying.payment.settled.message.text
    assert not paying.payment.settled.complete.isEnabled()
    assert receipts_booked(till) == 0
    assert len(till.sale.state.priced.lines) == 1


def test_a_double_click_on_complete_books_once_and_hits_nothing_else(paying: MainWindow, till: Till) -> None:
    press(paying, Qt.Key.Key_Return)
    button = paying.payment.settled.complete
    place = button.mapTo(paying, button.rect().center())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    below = paying.childAt(place)
    assert below is not None
    QTest.mouseClick(below, Qt.MouseButton.LeftButton)
    assert receipts_booked(till) == 1
    assert paying.page is paying.sale
    assert isinstance(paying.sale.panel, FinishedPanel)


def test_f12_twice_books_once(paying: MainWindow, till: Till) -> None:
    press(paying, Qt.Key.Key_Return, Qt.Key.Key_F12, Qt.Key.Key_F12)
    assert receipts_booked(till) == 1


def test_taps_count_again_a_moment_after_completing(paying: MainWindow, qtbot: QtBot) -> None:
    press(paying, Qt.Key.Key_Return, Qt.Key.Key_F12)
    qtbot.wait(QApplication.doubleClickInterval() + 50)
    panel = paying.sale.panel
    assert panel is not None
    corner = panel.mapTo(paying, QPoint(3, 3))
    below = paying.childAt(corner)
    assert below is not None
    QTest.mouseClick(below, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, below.mapFrom(paying, corner))
    assert paying.sale.panel is None


def test_escape_goes_back_and_keeps_the_payments(paying: MainWindow, till: Till) -> None:
    press(paying, "2", "0", Qt.Key.Key_Return, Qt.Key.Key_Escape)
    assert paying.page is paying.sale
    assert len(till.sale.state.tendered) == 1


def test_a_voucher_typed_by_number_pays_partly(
    paying: MainWindow, till: Till, tile: Tiles, sell_voucher: SellVoucher
) -> None:
    press(paying, Qt.Key.Key_F12)
    till.sale.take_back(1)
    paying.payment.left.emit()
    till.sale.cancel()
    number = sell_voucher(2000)
    till.sale.add(tile(TEAPOT))
    press(paying, Qt.Key.Key_F10, *number, Qt.Key.Key_Return)
    assert paying.payment.taking.hit is not None
    assert paying.payment.taking.amount.shown == "€20.00"
    press(paying, Qt.Key.Key_Return)
    assert paying.payment.settled.open.text() == "€29.00"
    assert till.sale.state.tendered[0].name == number


def test_a_smaller_amount_of_a_voucher_can_be_typed(
    window: MainWindow, till: Till, tile: Tiles, sell_voucher: SellVoucher
) -> None:
    number = sell_voucher(5000)
    till.sale.add(tile(TEAPOT))
    window.act(Action.VOUCHER)
    window.payment.taking.look_up(number)
    press(window, "1", "0", Qt.Key.Key_Return)
    assert till.sale.state.tendered[0].amount == Money(1000)


def test_scanning_a_voucher_on_the_sale_screen_jumps_to_its_redemption(
    window: MainWindow, till: Till, tile: Tiles, sell_voucher: SellVoucher
) -> None:
    number = sell_voucher(5000)
    till.sale.add(tile(TEAPOT))
    window.on_scan(number)
    assert window.page is window.payment
    assert window.payment.taking.kind is TenderKind.VOUCHER
    card = window.payment.taking.findChild(VoucherCard)
    assert card is not None
    assert card.hit.standing.voucher.number == number
    assert window.payment.taking.amount.shown == "€49.00"


def test_an_unknown_voucher_is_refused_in_words_beside_its_number(paying: MainWindow) -> None:
    press(paying, Qt.Key.Key_F10, *"AG-404", Qt.Key.Key_Return)
    assert "AG-404" in paying.payment.taking.message.text
    assert paying.payment.taking.hit is None
    assert paying.payment.taking.number.text == "AG-404"


def test_a_voucher_that_can_only_buy_vouchers_here_is_refused_in_words(
    window: MainWindow, till: Till, tile: Tiles, sell_voucher: SellVoucher
) -> None:
    number = sell_voucher(2500)
    till.sale.add(tile("Gutschein frei"), price=Money(2000))
    window.act(Action.VOUCHER)
    window.payment.taking.look_up(number)
    assert window.payment.taking.message.text == (
        f"{number}: vouchers can’t be bought with vouchers here. Take another way to pay."
    )
    window.payment.taking.confirm()
    assert till.sale.state.tendered == ()


def test_a_redeemed_voucher_is_shown_but_not_offered(
    window: MainWindow, till: Till, tile: Tiles, sell_voucher: SellVoucher
) -> None:
    number = sell_voucher(1000)
    desk = till.sale
    desk.add(tile("Tulpe 10er"))
    desk.add(tile("Rose"))
    hit = desk.look_up_voucher(number)[0]
    desk.redeem(hit.standing.voucher.id, Money(1000))
    desk.pay_cash(desk.state.settlement.open)
    desk.complete()
    desk.add(tile(TEAPOT))
    window.on_scan(number)
    assert window.payment.taking.message.isVisible()
    assert number in window.payment.taking.message.text
    assert not window.payment.taking.confirm_button.isVisible()
    assert window.payment.taking.findChild(VoucherCard) is not None


def test_the_letter_pad_types_into_the_number(paying: MainWindow) -> None:
    press(paying, Qt.Key.Key_F10)
    paying.payment.taking.act("letters")
    letter = next(b for b in paying.payment.taking.letter_keys if b.face.text == "G")
    tap(letter)
    assert paying.payment.taking.number.text == "G"


def test_an_unavailable_database_keeps_basket_and_payments_and_is_tried_again(
    paying: MainWindow, till: Till, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    """The database's edge is replaced: it says that it can't serve now."""

    def busy(*_: object) -> None:
        raise Unavailable("The database is busy.")

    press(paying, Qt.Key.Key_Return)
    monkeypatch.setattr(till.workplace.database, "run", busy)
    press(paying, Qt.Key.Key_F12)
    assert paying.payment.settled.message.text == "The database is busy."
    assert paying.page is paying.payment
    assert len(till.sale.state.priced.lines) == 1
    assert len(till.sale.state.tendered) == 1
    monkeypatch.undo()
    qtbot.waitUntil(lambda: receipts_booked(till) == 1)
    assert isinstance(paying.sale.panel, FinishedPanel)


def test_sold_vouchers_stand_beside_the_change(window: MainWindow, till: Till, tile: Tiles) -> None:
    desk = till.sale
    desk.add(tile("Gutschein frei"), price=Money(3000))
    window.act(Action.PAY)
    press(window, "5", "0", Qt.Key.Key_Return, Qt.Key.Key_Return)
    panel = window.sale.panel
    assert isinstance(panel, FinishedPanel)
    assert panel.change == "€20.00"
    assert panel.vouchers is not None
    assert "AG2026-0001" in panel.vouchers.spoken
    assert "€30.00" in panel.vouchers.spoken
    assert not panel.vouchers.geometry().intersects(panel.change_card.geometry())


def test_the_figures_beside_the_change_add_up(window: MainWindow, till: Till, tile: Tiles) -> None:
    desk = till.sale
    desk.add(tile("Gutschein frei"), price=Money(1000))
    desk.pay_cash(Money(1000))
    (voucher,) = desk.complete().vouchers
    window.on_scan(ROSE)
    window.on_scan(ROSE)
    window.on_scan(ROSE)
    window.on_scan(ROSE)
    desk.redeem(voucher.id, Money(1000))
    window.act(Action.PAY)
    press(window, "5", Qt.Key.Key_Return, Qt.Key.Key_Return)
    panel = window.sale.panel
    assert isinstance(panel, FinishedPanel)
    words = [label.text() for label in panel.change_card.findChildren(Text)]
    sums = words[words.index("Total") :]
    assert sums[:6] == ["Total", "€14.00", "Vouchers", "€10.00", "Given", "€5.00"]
    assert panel.change == "€1.00"
