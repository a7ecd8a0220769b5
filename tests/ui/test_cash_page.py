"""Cash in, cash out and the bank drop on the screen: each is booked once, said, and may be taken back (T10)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from till.app.attendance import Present
from till.app.bootstrap import Till
from till.db.engine import BUSY, sqlite_module
from till.errors import Unavailable
from till.money import Money
from till.shifts.movement import Movement, MovementKind
from till.staff.permission import EVERYTHING, Permission
from till.ui.keys import Action
from till.ui.main.window import MainWindow
from till.ui.shift.cash_page import CashPage
from till.ui.widgets.button import Button

pytestmark = pytest.mark.usefixtures("hasty_writes")


@pytest.fixture
def page(window: MainWindow) -> CashPage:
    """The page, by its key."""
    return shown(window)


def shown(window: MainWindow) -> CashPage:
    QTest.keyClick(window.page, Qt.Key.Key_F8)
    page = window.page
    assert isinstance(page, CashPage)
    return page


def tap(widget: QWidget) -> None:
    QApplication.processEvents()
    assert widget.isVisible()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def moved(till: Till) -> list[Money]:
    return [entry.amount for entry in till.cash.shift_movements()]


def ask(page: CashPage, way: str, typed: str, reason: str) -> None:
    """Choose, type, say why; nothing is booked yet."""
    tap(page.form.ways.buttons[way])
    QTest.keyClicks(page, typed)
    page.reason.set_text(reason)


def test_cash_is_taken_out_by_keys_alone(window: MainWindow, till: Till) -> None:
    page = shown(window)
    QTest.keyClicks(page, "20")
    QTest.keyClicks(page, "P")
    QTest.keyClicks(page.reason.line, "orto")
    QTest.keyClick(page.reason.line, Qt.Key.Key_Return)
    assert moved(till) == [Money(-2000)]
    assert till.cash.shift_movements()[0].reason == "Porto"
    assert page.done is not None
    assert "receipt 2" in page.done.label.text()
    assert page.form.amount.shown == "€0.00"
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert window.page is window.sale


@pytest.mark.parametrize(
    ("way", "kind", "cents"),
    [
        ("in", MovementKind.CHANGE_IN, 500),
        ("out", MovementKind.OTHER_OUT, -500),
        ("drop", MovementKind.BANK_DROP, -500),
    ],
)
def test_each_way_books_its_kind(page: CashPage, till: Till, way: str, kind: MovementKind, cents: int) -> None:
    ask(page, way, "5", "so")
    tap(page.book_button)
    (entry,) = till.cash.shift_movements()
    assert (entry.kind, entry.amount) == (kind, Money(cents))


def test_a_usual_reason_is_one_tap(page: CashPage, till: Till) -> None:
    ask(page, "drop", "50", "")
    word, chip = next(iter(page.reason.chips.buttons.items()))
    tap(chip)
    assert chip.isChecked()
    tap(page.book_button)
    assert till.cash.shift_movements()[0].reason == word


def test_an_own_reason_is_offered_from_then_on(page: CashPage) -> None:
    ask(page, "out", "5", "Blumenerde vom Markt")
    tap(page.book_button)
    assert next(iter(page.reason.chips.buttons)) == "Blumenerde vom Markt"


@pytest.mark.parametrize("till", [{"decimal_key": False}], indirect=True)
def test_without_a_decimal_key_the_amount_is_typed_in_cents(page: CashPage, till: Till) -> None:
    ask(page, "out", "1234", "Porto")
    tap(page.book_button)
    assert moved(till) == [Money(-1234)]


def test_two_quick_taps_book_once(page: CashPage, till: Till) -> None:
    ask(page, "out", "20", "Porto")
    for _ in range(2):
        QTest.mouseClick(page.book_button, Qt.MouseButton.LeftButton)
    QTest.mouseDClick(page.book_button, Qt.MouseButton.LeftButton)
    assert moved(till) == [Money(-2000)]
    assert page.message.text == ""


@pytest.mark.parametrize(
    ("typed", "says"), [("0", "above 0"), ("151", "only €150.00"), ("1,234", "1,234"), ("99999999999", "")]
)
def test_what_can_not_be_is_said_below_the_amount_and_nothing_typed_is_lost(
    page: CashPage, till: Till, typed: str, says: str
) -> None:
    ask(page, "out", typed, "Porto")
    tap(page.book_button)
    assert says in page.message.text
    assert page.message.text
    assert page.message.parentWidget() is page.form
    assert (page.form.entry.typed, page.reason.text) == (typed, "Porto")
    assert moved(till) == []


def test_without_a_reason_it_is_said_below_the_reason(page: CashPage, till: Till) -> None:
    ask(page, "out", "5", "  ")
    tap(page.book_button)
    assert "auditor" in page.reason.error.text()
    assert page.reason.error.isVisible()
    page.reason.set_text("Porto")
    assert not page.reason.error.isVisible()
    tap(page.book_button)
    assert moved(till) == [Money(-500)]


def test_enter_without_an_amount_asks_for_it(page: CashPage) -> None:
    QTest.keyClick(page, Qt.Key.Key_Return)
    assert "amount first" in page.message.text
    assert not page.book_button.isEnabled()


def test_what_is_typed_stays_while_somebody_sells(window: MainWindow) -> None:
    page = shown(window)
    ask(page, "in", "12,5", "Rollen")
    window.on_scan("4400119000179")
    assert window.page is window.sale
    assert shown(window) is page
    assert (page.form.entry.typed, page.reason.text, page.form.kind) == ("12,5", "Rollen", MovementKind.CHANGE_IN)


# Taken back


def test_a_wrong_movement_is_taken_back_by_its_opposite(page: CashPage, till: Till, qtbot: QtBot) -> None:
    ask(page, "out", "20", "Porto")
    tap(page.book_button)
    tap(page.list.rows[0].button)
    asking = page.list.asking
    assert asking is not None
    tap(asking.confirm)
    assert "auditor" in asking.reason.error.text(), "nobody said why"
    tap(asking.reason.chips.buttons["Typed wrong"])
    for _ in range(2):
        QTest.mouseClick(asking.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.list.asking is None)
    (entry,) = till.cash.shift_movements()
    assert entry.taken_back_by == 3
    assert till.cash.expected_cash() == Money(15000)
    assert page.done is not None
    assert "taken back by receipt 3" in page.done.label.text()
    assert not hasattr(page.list.rows[0], "button")


def test_one_can_leave_a_movement_as_it_is(page: CashPage, till: Till) -> None:
    ask(page, "out", "20", "Porto")
    tap(page.book_button)
    tap(page.list.rows[0].button)
    assert page.list.asking is not None
    assert not page.list.rows[0].isVisible()
    leave = next(one for one in page.list.asking.findChildren(Button) if "Leave" in one.face.text)
    tap(leave)
    assert page.list.rows[0].isVisible()
    assert till.cash.shift_movements()[0].taken_back_by is None


# What may be seen


def test_the_target_stands_over_the_list(page: CashPage) -> None:
    assert "€150.00" in page.target.text()
    ask(page, "in", "10", "Rollen")
    tap(page.book_button)
    assert "€160.00" in page.target.text()


@pytest.mark.parametrize("till", [{"blind_count": True}], indirect=True)
def test_who_counts_blind_sees_no_target(page: CashPage) -> None:
    assert not page.target.isVisible()


def test_who_may_not_is_told_so_and_sees_no_movement(window: MainWindow, till: Till) -> None:
    till.cash.move(Movement(MovementKind.CHANGE_IN, Money(500), "Rollen"))
    rights = replace(EVERYTHING, permissions=EVERYTHING.permissions - {Permission.CASH_IN_OUT})
    till.workplace.attendance.enter(Present(till.workplace.user, rights, is_alone=True))
    page = shown(window)
    assert page.list.rows == ()
    ask(page, "out", "5", "Porto")
    tap(page.book_button)
    assert "may not" in page.message.text
    assert page.form.entry.typed == "5"


def test_a_closed_till_moves_nothing_and_says_so(closed_till: Till, open_window: Callable[[Till], MainWindow]) -> None:
    page = shown(open_window(closed_till))
    assert "closed" in page.message.text
    QTest.keyClicks(page, "5")
    assert not page.book_button.isEnabled()


def test_the_receipt_is_one_tap_away(window: MainWindow, till: Till) -> None:
    page = shown(window)
    ask(page, "out", "5", "Porto")
    tap(page.book_button)
    assert page.done is not None
    show, copy = page.done.findChildren(Button)
    tap(copy)
    assert "No printer" in page.message.text
    tap(show)
    assert window.page is window.receipts
    assert window.receipts.title == f"Receipt {till.cash.shift_movements()[0].number}"


# The database


@contextmanager
def locked(till: Till) -> Iterator[Any]:
    """Another program writes into the database and does not come to an end."""
    assert till.workplace.afterwork.drain()
    path = Path(till.workplace.database.engine.url.database or "")
    with closing(sqlite_module().connect(str(path), isolation_level=None)) as other:
        other.execute("PRAGMA busy_timeout=10000")
        other.execute("BEGIN IMMEDIATE")
        yield other


def test_a_busy_database_is_waited_for_and_it_is_booked_once(page: CashPage, till: Till, qtbot: QtBot) -> None:
    ask(page, "out", "20", "Porto")
    with locked(till):
        tap(page.book_button)
        assert page.message.is_waiting
        assert (page.form.entry.typed, page.reason.text) == ("20", "Porto")
    qtbot.waitUntil(lambda: page.form.entry.typed == "")
    qtbot.wait(700)
    assert moved(till) == [Money(-2000)]


def test_what_is_typed_meanwhile_is_not_thrown_away(page: CashPage, till: Till, qtbot: QtBot) -> None:
    ask(page, "out", "20", "Porto")
    with locked(till):
        tap(page.book_button)
        QTest.keyClicks(page, "0")
    qtbot.waitUntil(lambda: page.done is not None)
    assert moved(till) == [Money(-2000)]
    assert (page.form.entry.typed, page.reason.text) == ("200", "Porto")


def test_a_movement_whose_answer_was_lost_is_booked_once(
    page: CashPage, till: Till, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, lost = till.workplace.database.run, [True]

    def committed_but_mute(*arguments: Any) -> object:
        answer: object = run(*arguments)
        if lost and lost.pop():
            raise Unavailable(BUSY)
        return answer

    ask(page, "out", "20", "Porto")
    monkeypatch.setattr(till.workplace.database, "run", committed_but_mute)
    tap(page.book_button)
    qtbot.waitUntil(lambda: page.done is not None)
    qtbot.wait(700)
    with till.workplace.database.read() as session:
        found = session.execute(text("SELECT COUNT(*) FROM document WHERE kind = 'cash-movement'")).scalar_one()
    assert found == 1
    assert len(page.list.rows) == 1


def test_a_function_key_leads_there_and_back(window: MainWindow) -> None:
    page = shown(window)
    QTest.keyClick(page, Qt.Key.Key_F8)
    assert not page.isVisible()
    window.act(Action.CASH_IN_OUT)
    assert page.isVisible()
