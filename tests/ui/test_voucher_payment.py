"""Vouchers on the payment screen: which of several, the surplus, expired ones, and those without a number (V13 to V37)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from till.app.bootstrap import Till
from till.app.views import Tile
from till.money import ZERO, Money
from till.ui.keys import Action
from till.ui.main.window import MainWindow
from till.ui.message import Tone
from till.ui.payment.surplus_choice import Answer
from till.ui.payment.voucher_pane import VoucherPane
from till.vouchers.model import Numbering, Voucher, VoucherType
from till.vouchers.rules import VoucherRules, set_voucher_rules
from till.vouchers.types import add_type

ROSE = "4400119000179"
Tiles = Callable[[str], Tile]
SellVoucher = Callable[[int], str]
BringIn = Callable[..., Voucher]
PAID = {"sale": Money(2000), "face": Money(3000)}


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


def rule(till: Till, **rules: object) -> None:
    """The shop decides otherwise."""
    till.workplace.database.run(lambda session: set_voucher_rules(session, VoucherRules(**rules)))  # type: ignore[arg-type]


@pytest.fixture
def free(tile: Tiles) -> uuid.UUID:
    """The type of free value."""
    return uuid.UUID(tile("Gutschein frei").id)


@pytest.fixture
def pane(window: MainWindow) -> VoucherPane:
    """A rose for 3,50 is paid with a voucher."""
    window.on_scan(ROSE)
    window.act(Action.VOUCHER)
    return window.payment.taking.vouchers


def test_several_with_one_number_are_picked_with_the_arrows(
    window: MainWindow, pane: VoucherPane, till: Till, bring_in: BringIn, free: uuid.UUID, tile: Tiles
) -> None:
    bring_in(till, free, "77001", issued_at=dt.datetime(2024, 5, 1, tzinfo=dt.UTC))
    other = bring_in(till, uuid.UUID(tile("Gutschein 25 €").id), "77001", sale=Money(300), face=Money(300))
    press(window, "77001", Qt.Key.Key_Return)
    assert pane.picks is not None
    assert [row.hit.standing.voucher.type_name for row in pane.picks.rows] == ["Gutschein 25 €", "Gutschein frei"]
    assert "Gutschein frei" in pane.picks.rows[1].accessibleName()
    press(window, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Return)
    assert pane.hit is not None
    assert pane.hit.standing.voucher.id == other.id
    press(window, Qt.Key.Key_Return)
    assert [t.voucher_id for t in till.sale.state.tendered] == [other.id]


def test_several_with_one_number_are_picked_by_tap(
    window: MainWindow, pane: VoucherPane, till: Till, bring_in: BringIn, free: uuid.UUID, tile: Tiles
) -> None:
    expired = bring_in(till, free, "77001", valid_until=dt.date(2025, 1, 1))
    bring_in(till, uuid.UUID(tile("Gutschein 25 €").id), "77001")
    window.on_scan("77001")
    assert pane.picks is not None
    row = next(row for row in pane.picks.rows if row.hit.standing.voucher.id == expired.id)
    tap(row)
    assert pane.hit is None
    assert "expired since 01/01/2025" in window.payment.taking.message.text


def test_the_surplus_is_asked_about_and_stays_by_default(
    window: MainWindow, pane: VoucherPane, till: Till, sell_voucher: SellVoucher
) -> None:
    window.payment.left.emit()
    till.sale.cancel()
    number = sell_voucher(5000)
    window.on_scan(ROSE)
    window.on_scan(number)
    assert pane.surplus.isVisible()
    assert pane.surplus.text == "€46.50 more is on the voucher than is due."
    assert pane.surplus.choices.buttons[Answer.STAYS].isChecked()
    press(window, Qt.Key.Key_Return, Qt.Key.Key_F12)
    assert till.sale.look_up_voucher(number)[0].standing.remaining == Money(4650)


def test_the_surplus_goes_back_in_cash_and_the_change_shows_it(
    window: MainWindow, pane: VoucherPane, till: Till, bring_in: BringIn, free: uuid.UUID
) -> None:
    bring_in(till, free, "AKTION-1", **PAID)
    window.on_scan("AKTION-1")
    tap(pane.surplus.choices.buttons[Answer.CASH])
    assert "€17.67 go back in cash; €8.83 were given and stay on the voucher." in pane.surplus.text
    press(window, Qt.Key.Key_Return)
    settled = window.payment.settled
    assert settled.change.amount == "€17.67"
    assert "and €17.67 back in cash" in [label.text() for label in settled.findChildren(type(settled.open))]
    press(window, Qt.Key.Key_F12)
    completed = till.sale.state.completed
    assert completed is not None
    assert completed.change == Money(1767)
    left = till.sale.look_up_voucher("AKTION-1")[0].standing
    assert (left.paid_left, left.bonus_left) == (ZERO, Money(883))


def test_a_smaller_amount_leaves_no_surplus_to_ask_about(
    window: MainWindow, pane: VoucherPane, till: Till, bring_in: BringIn, free: uuid.UUID
) -> None:
    bring_in(till, free, "G-1")
    window.on_scan("G-1")
    tap(pane.surplus.choices.buttons[Answer.CASH])
    press(window, "1")
    assert not pane.surplus.isVisible()
    press(window, Qt.Key.Key_Return)
    assert till.sale.state.tendered[0].paid_out == ZERO


def test_a_shop_that_pays_nothing_out_is_not_asked(
    window: MainWindow, pane: VoucherPane, till: Till, bring_in: BringIn, free: uuid.UUID
) -> None:
    rule(till, surplus_in_cash=False)
    bring_in(till, free, "G-1")
    window.on_scan("G-1")
    assert pane.surplus.text == "€46.50 stay on it."
    assert not pane.surplus.choices.isVisible()


def test_too_little_in_the_drawer_is_said_beside_the_voucher(
    window: MainWindow, pane: VoucherPane, till: Till, bring_in: BringIn, free: uuid.UUID
) -> None:
    bring_in(till, free, "G-1", sale=Money(90000), face=Money(90000))
    window.on_scan("G-1")
    tap(pane.surplus.choices.buttons[Answer.CASH])
    press(window, Qt.Key.Key_Return)
    message = window.payment.taking.message
    assert message.tone is Tone.DANGER
    assert "only €150.00 are in the drawer" in message.text
    assert till.sale.state.tendered == ()
    tap(pane.surplus.choices.buttons[Answer.STAYS])
    press(window, Qt.Key.Key_Return)
    assert len(till.sale.state.tendered) == 1


def test_an_expired_voucher_is_accepted_with_a_tapped_reason(
    window: MainWindow, pane: VoucherPane, till: Till, bring_in: BringIn, free: uuid.UUID
) -> None:
    bring_in(till, free, "ALT-1", valid_until=dt.date(2025, 12, 31))
    press(window, "ALT-1", Qt.Key.Key_Return)
    taking = window.payment.taking
    assert "expired since 31/12/2025" in taking.message.text
    assert not taking.confirm_button.isVisible()
    tap(taking.message.offer_button)
    press(window, Qt.Key.Key_Return)
    assert "Say why" in taking.message.text
    tap(pane.reason.chips.buttons["Regular customer"])
    tap(taking.confirm_button)
    (taken,) = till.sale.state.tendered
    assert taken.goodwill is not None
    assert (taken.goodwill.reason, taken.amount) == ("Regular customer", Money(350))


def test_a_lookalike_is_suggested_and_only_shown(
    window: MainWindow, pane: VoucherPane, till: Till, bring_in: BringIn, free: uuid.UUID
) -> None:
    bring_in(till, free, "AG-001")
    press(window, "AG-OOl", Qt.Key.Key_Return)
    message = window.payment.taking.message
    assert "no voucher with the number AG-OOl" in message.text
    assert message.offer_button.face.text == "Did you mean AG-001?"
    tap(message.offer_button)
    assert pane.hit is not None
    assert pane.number.text == "AG-001"
    assert till.sale.state.tendered == ()


def test_without_letters_only_digits_are_typed_and_a_scan_is_whole(
    window: MainWindow, till: Till, bring_in: BringIn, free: uuid.UUID
) -> None:
    rule(till, letters=False)
    bring_in(till, free, "AG-001")
    window.on_scan(ROSE)
    window.act(Action.VOUCHER)
    taking = window.payment.taking
    press(window, "A1B2")
    assert taking.number.text == "12"
    assert not taking.pad.key("letters").isEnabled()
    window.on_scan("AG-001")
    assert taking.hit is not None


def test_a_voucher_without_a_number_is_redeemed_by_amount(window: MainWindow, till: Till, bring_in: BringIn) -> None:
    coupon = VoucherType(uuid.uuid4(), "907", "Gutscheinkarte", Numbering.NONE, sale=Money(200))
    till.workplace.database.run(lambda session: add_type(session, coupon))
    rule(till, without_number=True)
    for _ in range(2):
        bring_in(till, coupon.id, sale=Money(200), face=Money(200))
    window.on_scan(ROSE)
    window.act(Action.VOUCHER)
    pane, taking = window.payment.taking.vouchers, window.payment.taking
    (button,) = pane.kinds
    assert button.face.trailing == "€4.00 outstanding"
    tap(button)
    assert taking.amount.shown == "€3.50"
    press(window, "3", Qt.Key.Key_Return)
    assert [t.amount for t in till.sale.state.tendered] == [Money(200), Money(100)]
    assert len(window.payment.settled.take_back_keys) == 2
    tap(window.payment.settled.take_back_keys[0])
    assert [t.amount for t in till.sale.state.tendered] == [Money(100)]


def test_the_screen_says_how_much_given_value_may_pay(window: MainWindow, till: Till, tile: Tiles) -> None:
    window.on_scan(ROSE)
    till.sale.add(tile("Gutschein 25 €"))
    window.act(Action.VOUCHER)
    words = [label.text() for label in window.payment.taking.findChildren(type(window.payment.settled.open))]
    assert "Given value pays only for goods and services: €3.50 of this sale." in words


def test_the_chosen_voucher_follows_the_basket(
    window: MainWindow, pane: VoucherPane, till: Till, bring_in: BringIn, free: uuid.UUID
) -> None:
    bring_in(till, free, "G-1")
    window.on_scan("G-1")
    window.on_scan(ROSE)
    assert window.payment.taking.amount.shown == "€7.00"
    assert pane.surplus.text == "€43.00 more is on the voucher than is due."


def test_escape_forgets_the_voucher_before_it_goes_back(
    window: MainWindow, pane: VoucherPane, till: Till, bring_in: BringIn, free: uuid.UUID
) -> None:
    bring_in(till, free, "G-1")
    window.on_scan("G-1")
    press(window, Qt.Key.Key_Escape)
    assert pane.hit is None
    assert pane.number.text == ""
    assert window.page is window.payment
    press(window, Qt.Key.Key_Escape)
    assert window.page is window.sale
