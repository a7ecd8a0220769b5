"""“Check voucher”: what is on it, without a sale; by scan, key or button (V38, V13, V15)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from sqlalchemy import func, select

from till.app.bootstrap import Till
from till.app.views import Tile
from till.documents.models import DocumentRow
from till.money import Money
from till.printing.models import PrintJobRow
from till.ui.keys import Action
from till.ui.main.window import MainWindow
from till.ui.sale.voucher_check import VoucherCheck
from till.vouchers.model import Voucher
from till.vouchers.rules import VoucherRules, set_voucher_rules

ROSE = "4400119000179"
Tiles = Callable[[str], Tile]
SellVoucher = Callable[[int], str]
BringIn = Callable[..., Voucher]


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


def documents(till: Till) -> int:
    with till.workplace.database.read() as session:
        return session.execute(select(func.count()).select_from(DocumentRow)).scalar_one()


@pytest.fixture
def free(tile: Tiles) -> uuid.UUID:
    """The type of free value."""
    return uuid.UUID(tile("Gutschein frei").id)


@pytest.fixture
def asked(window: MainWindow) -> VoucherCheck:
    """The panel, opened with its key on an empty basket."""
    window.act(Action.VOUCHER_CHECK)
    assert isinstance(window.sale.panel, VoucherCheck)
    return window.sale.panel


def test_the_button_checks_while_the_basket_is_empty_and_gives_discount_else(window: MainWindow) -> None:
    assert window.sale.functions.first.face.text == "Check voucher"
    tap(window.sale.functions.first)
    assert isinstance(window.sale.panel, VoucherCheck)
    window.on_scan(ROSE)
    assert window.sale.panel is None
    assert window.sale.functions.first.face.text == "Discount on all"


def test_a_typed_number_tells_balance_and_last_uses(
    window: MainWindow, till: Till, tile: Tiles, sell_voucher: SellVoucher
) -> None:
    number = sell_voucher(5000)
    desk = till.sale
    desk.add(tile("Rose"))
    desk.redeem(desk.look_up_voucher(number)[0].standing.voucher.id, Money(350))
    desk.complete()
    desk.dismiss()
    before = documents(till)
    window.act(Action.VOUCHER)
    check = window.sale.panel
    assert isinstance(check, VoucherCheck)
    press(window, number, Qt.Key.Key_Return)
    assert check.hit is not None
    assert check.hit.standing.remaining == Money(4650)
    (line,) = check.uses
    assert "receipt 3" in line
    assert "€3.50" in line
    assert documents(till) == before
    press(window, Qt.Key.Key_Escape)
    assert window.sale.panel is None


def test_the_pad_of_the_screen_types_the_number(
    window: MainWindow, asked: VoucherCheck, till: Till, bring_in: BringIn, free: uuid.UUID
) -> None:
    bring_in(till, free, "7712")
    for key in "771299":
        window.sale.column.pad.typed.emit(key)
    window.sale.column.pad.acted.emit("back")
    window.sale.column.pad.acted.emit("back")
    assert asked.number.text == "7712"
    assert asked.confirm()
    assert asked.hit is not None
    window.sale.column.pad.typed.emit("2")
    assert window.sale.panel is None, "a digit is a quantity again once a voucher is shown"


def test_several_with_one_number_are_picked_from(
    window: MainWindow, asked: VoucherCheck, till: Till, bring_in: BringIn, free: uuid.UUID, tile: Tiles
) -> None:
    bring_in(till, free, "7712")
    bring_in(till, uuid.UUID(tile("Gutschein 25 €").id), "7712")
    press(window, "7712", Qt.Key.Key_Return)
    assert asked.picks is not None
    assert len(asked.picks.rows) == 2
    press(window, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert asked.hit is not None


def test_an_unknown_number_is_said_and_a_lookalike_suggested(
    window: MainWindow, asked: VoucherCheck, till: Till, bring_in: BringIn, free: uuid.UUID
) -> None:
    bring_in(till, free, "AG-001")
    press(window, "AG-404", Qt.Key.Key_Return)
    assert "no voucher with the number AG-404" in asked.message.text
    assert not asked.message.offer_button.isVisible()
    asked.number.set_text("AG-O01")
    asked.confirm()
    tap(asked.message.offer_button)
    assert asked.hit is not None
    assert asked.number.text == "AG-001"


def test_a_scan_is_checked_and_not_paid_with_while_something_is_in_the_basket(
    window: MainWindow, till: Till, bring_in: BringIn, free: uuid.UUID
) -> None:
    bring_in(till, free, "AG-001")
    window.on_scan(ROSE)
    window.act(Action.VOUCHER_CHECK)
    window.on_scan("AG-001")
    assert window.page is window.sale
    check = window.sale.panel
    assert isinstance(check, VoucherCheck)
    assert check.hit is not None
    window.act(Action.VOUCHER_CHECK)
    assert window.sale.panel is None


def test_one_that_can_not_be_redeemed_says_why(
    window: MainWindow, till: Till, bring_in: BringIn, free: uuid.UUID
) -> None:
    bring_in(till, free, "ALT-1", valid_until=dt.date(2025, 12, 31))
    window.on_scan("ALT-1")
    check = window.sale.panel
    assert isinstance(check, VoucherCheck)
    assert "expired since 31/12/2025" in check.message.text


def test_letters_are_offered_only_where_the_shop_types_them(window: MainWindow, till: Till) -> None:
    window.act(Action.VOUCHER_CHECK)
    check = window.sale.panel
    assert isinstance(check, VoucherCheck)
    tap(check.letters_button)
    key = next(button for button in check.letter_keys if button.face.text == "G")
    tap(key)
    assert check.number.text == "G"
    window.act(Action.VOUCHER_CHECK)
    till.workplace.database.run(lambda session: set_voucher_rules(session, VoucherRules(letters=False)))
    window.act(Action.VOUCHER_CHECK)
    check = window.sale.panel
    assert isinstance(check, VoucherCheck)
    assert not check.letters_button.isVisible()
    press(window, "G7")
    assert check.number.text == "7"


def test_without_a_printer_no_slip_is_offered(
    window: MainWindow, till: Till, bring_in: BringIn, free: uuid.UUID
) -> None:
    bring_in(till, free, "AG-001")
    window.on_scan("AG-001")
    check = window.sale.panel
    assert isinstance(check, VoucherCheck)
    assert not check.print_button.isVisible()


@pytest.mark.parametrize("till", [{"printer": "tcp://127.0.0.1:9"}], indirect=True)
def test_the_balance_is_printed_once_for_each_look(
    window: MainWindow, till: Till, bring_in: BringIn, free: uuid.UUID
) -> None:
    bring_in(till, free, "AG-001")
    window.on_scan("AG-001")
    check = window.sale.panel
    assert isinstance(check, VoucherCheck)
    tap(check.print_button)
    tap(check.print_button)
    assert check.message.text == "The balance is being printed."
    with till.workplace.database.read() as session:
        kinds = session.scalars(select(PrintJobRow.kind).where(PrintJobRow.kind == "voucher-balance")).all()
    assert kinds == ["voucher-balance"]
