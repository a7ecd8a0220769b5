"""What the window does while the database can't be written: it says so, tries again by itself, and does nothing twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from till.app.bootstrap import Till
from till.app.views import Tile
from till.clock import FixedClock
from till.db.engine import BUSY, DAMAGED, DISK_ERROR, READ_ONLY, Database, sqlite_module
from till.errors import Unavailable
from till.money import Money
from till.ui.keys import Action
from till.ui.main.window import MainWindow
from till.ui.message import Message
from till.ui.sale.finished import FinishedPanel
from till.ui.sale.opening import OpeningPanel
from till.ui.shift.closing_page import ClosingPage

ROSE = "4400119000179"
DAY_S = 86_400
Tiles = Callable[[str], Tile]


pytestmark = pytest.mark.usefixtures("hasty_writes")


@contextmanager
def locked(till: Till) -> Iterator[Any]:
    """Another program writes into the database and does not come to an end."""
    assert till.workplace.afterwork.drain()
    path = Path(till.workplace.database.engine.url.database or "")
    with closing(sqlite_module().connect(str(path), isolation_level=None)) as other:
        other.execute("PRAGMA busy_timeout=10000")
        other.execute("BEGIN IMMEDIATE")
        yield other


def documents(till: Till, kind: str) -> int:
    with till.workplace.database.read() as session:
        query = text("SELECT COUNT(*) FROM document WHERE kind = :kind")
        return int(session.execute(query, {"kind": kind}).scalar_one())


def tap(widget: QWidget) -> None:
    assert widget.isVisible()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def passes(qtbot: QtBot, message: Callable[[], Message], is_done: Callable[[], bool]) -> None:
    """Nothing is done as long as the lock is held; it is done by itself soon after."""
    assert message().is_waiting
    assert "tries again by itself" in message().text
    qtbot.wait(1200)
    assert message().is_waiting
    assert not is_done()


def counted(window: MainWindow, typed: str) -> ClosingPage:
    """The page on which the till is closed, one sum counted and compared."""
    window.act(Action.CLOSE_TILL)
    page = window.page
    assert isinstance(page, ClosingPage)
    tap(page.count_step.modes.buttons[False])
    QTest.keyClicks(page, typed)
    tap(page.count_step.compare_button)
    return page


def test_opening_the_till_waits_for_the_database(
    closed_till: Till, open_window: Callable[[Till], MainWindow], qtbot: QtBot
) -> None:
    window = open_window(closed_till)
    panel = window.sale.panel
    assert isinstance(panel, OpeningPanel)
    with locked(closed_till):
        QTest.keyClicks(window.sale, "150")
        QTest.keyClick(window.sale, Qt.Key.Key_Return)
        passes(qtbot, lambda: panel.message, lambda: closed_till.cash.is_open)
        assert panel.shown == "€150"
    qtbot.waitUntil(lambda: closed_till.cash.is_open)
    qtbot.waitUntil(lambda: window.sale.panel is None)
    assert closed_till.cash.expected_cash() == Money(15000)


def test_closing_the_till_waits_for_the_database_and_keeps_the_count(
    window: MainWindow, till: Till, qtbot: QtBot
) -> None:
    page = counted(window, "149")
    with locked(till):
        tap(page.review_step.close_button)
        passes(qtbot, lambda: page.message, lambda: not till.cash.is_open)
        assert till.cash.count_draft.typed == "149"
    qtbot.waitUntil(lambda: not till.cash.is_open)
    qtbot.waitUntil(lambda: "Closed" in page.closed_step.words.text())
    assert documents(till, "closing") == 1
    assert till.cash.expected_cash() == Money(14900)


def test_the_drawer_is_opened_once_however_often_it_was_asked_for(window: MainWindow, till: Till, qtbot: QtBot) -> None:
    with locked(till):
        for _ in range(3):
            QTest.keyClick(window.sale, Qt.Key.Key_F5)
        passes(qtbot, lambda: window.sale.message, lambda: documents(till, "no-sale") > 0)
    qtbot.waitUntil(lambda: documents(till, "no-sale") == 1)
    qtbot.waitUntil(lambda: window.sale.message.text == "")
    qtbot.wait(700)
    assert documents(till, "no-sale") == 1


def test_selling_goes_on_while_the_drawer_waits(window: MainWindow, till: Till, qtbot: QtBot) -> None:
    with locked(till):
        QTest.keyClick(window.sale, Qt.Key.Key_F5)
        window.on_scan(ROSE)
        assert till.sale.state.priced.total == Money(350)
        assert window.sale.message.is_waiting
    qtbot.waitUntil(lambda: documents(till, "no-sale") == 1)


def test_throwing_the_basket_away_waits_for_the_database(window: MainWindow, till: Till, qtbot: QtBot) -> None:
    window.on_scan(ROSE)
    with locked(till):
        window.sale.functions.cancel_asked.emit()
        passes(qtbot, lambda: window.sale.message, lambda: not till.sale.state.priced.lines)
    qtbot.waitUntil(lambda: not till.sale.state.priced.lines)
    assert documents(till, "aborted") == 1


def test_completing_waits_for_the_database_and_books_once(window: MainWindow, till: Till, qtbot: QtBot) -> None:
    window.on_scan(ROSE)
    window.act(Action.PAY)
    QTest.keyClick(window.payment, Qt.Key.Key_Return)
    with locked(till):
        QTest.keyClick(window.payment, Qt.Key.Key_F12)
        QTest.keyClick(window.payment, Qt.Key.Key_F12)
        passes(qtbot, lambda: window.payment.settled.message, lambda: till.sale.state.completed is not None)
    qtbot.waitUntil(lambda: isinstance(window.sale.panel, FinishedPanel))
    assert documents(till, "sale") == 1


def test_who_leaves_the_payment_books_nothing(window: MainWindow, till: Till, qtbot: QtBot) -> None:
    window.on_scan(ROSE)
    window.act(Action.PAY)
    QTest.keyClick(window.payment, Qt.Key.Key_Return)
    with locked(till):
        QTest.keyClick(window.payment, Qt.Key.Key_F12)
        assert window.payment.settled.message.is_waiting
        window.payment.left.emit()
    qtbot.wait(800)
    assert documents(till, "sale") == 0
    window.act(Action.PAY)
    assert window.payment.settled.message.text == ""
    assert till.sale.state.settlement.is_complete


def test_a_wait_that_is_tapped_away_is_given_up(window: MainWindow, till: Till, qtbot: QtBot) -> None:
    with locked(till):
        QTest.keyClick(window.sale, Qt.Key.Key_F5)
        QTest.keyClick(window.sale, Qt.Key.Key_Escape)
        assert window.sale.message.text == ""
    qtbot.wait(800)
    assert documents(till, "no-sale") == 0


@pytest.mark.parametrize("till", [{"printer": "tcp://127.0.0.1:9"}], indirect=True)
def test_a_copy_waits_for_the_database(window: MainWindow, till: Till, qtbot: QtBot) -> None:
    till.sale.scan(ROSE)
    till.sale.pay_cash(Money(350))
    till.sale.complete()
    till.settle()
    window.act(Action.LAST_RECEIPT)
    jobs = text("SELECT COUNT(*) FROM print_job WHERE copy_no >= 2")

    def copies() -> int:
        with till.workplace.database.read() as session:
            return int(session.execute(jobs).scalar_one())

    with locked(till):
        window.receipts.paper.print_copy()
        passes(qtbot, lambda: window.receipts.message, lambda: copies() > 0)
    qtbot.waitUntil(lambda: copies() == 1)
    qtbot.waitUntil(lambda: "marked as a copy" in window.receipts.message.text)


def lose_answers(monkeypatch: pytest.MonkeyPatch, database: Database, count: int) -> None:
    """The database's edge is replaced: what is written is committed, but the answer does not come back."""
    run, lost = database.run, [count]

    def committed_but_mute(*arguments: Any) -> object:
        answer: object = run(*arguments)
        if lost[0]:
            lost[0] -= 1
            raise Unavailable(BUSY)
        return answer

    monkeypatch.setattr(database, "run", committed_but_mute)


def test_an_opening_whose_answer_was_lost_is_taken_as_done(
    closed_till: Till, open_window: Callable[[Till], MainWindow], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(closed_till)
    lose_answers(monkeypatch, closed_till.workplace.database, 1)
    QTest.keyClicks(window.sale, "150")
    QTest.keyClick(window.sale, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.sale.panel is None)
    qtbot.wait(700)
    assert closed_till.status.current.shift_open
    assert closed_till.cash.expected_cash() == Money(15000)
    assert window.sale.message.text == ""


def test_a_closing_whose_answer_was_lost_is_taken_as_done(
    window: MainWindow, till: Till, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = counted(window, "150")
    lose_answers(monkeypatch, till.workplace.database, 1)
    tap(page.review_step.close_button)
    qtbot.waitUntil(lambda: page.step is page.closed_step)
    assert "Z 1" in page.closed_step.words.text()
    assert documents(till, "closing") == 1
    assert not till.status.current.shift_open


def test_an_opened_drawer_whose_answer_was_lost_is_booked_once(
    window: MainWindow, till: Till, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_answers(monkeypatch, till.workplace.database, 1)
    QTest.keyClick(window.sale, Qt.Key.Key_F5)
    assert window.sale.message.is_waiting
    qtbot.waitUntil(lambda: window.sale.message.text == "")
    assert documents(till, "no-sale") == 1
    with till.workplace.database.read() as session:
        noted = session.execute(text("SELECT COUNT(*) FROM audit WHERE action = 'drawer-opened'")).scalar_one()
    assert noted == 1
    QTest.keyClick(window.sale, Qt.Key.Key_F5)
    assert documents(till, "no-sale") == 2


@pytest.mark.parametrize(
    ("trouble", "words", "goes_on"),
    [
        (READ_ONLY, "can only be read", True),
        (DISK_ERROR, "can’t be written", True),
        (DAMAGED, "is damaged", False),
    ],
)
def test_each_trouble_has_its_words(
    window: MainWindow, till: Till, monkeypatch: pytest.MonkeyPatch, trouble: str, words: str, *, goes_on: bool
) -> None:
    def failing(*_: object) -> None:
        raise Unavailable(trouble, reason="disk I/O error")

    monkeypatch.setattr(till.workplace.database, "run", failing)
    QTest.keyClick(window.sale, Qt.Key.Key_F5)
    assert words in window.sale.message.text
    assert window.sale.message.is_waiting is goes_on
    window.sale.message.dismiss()


def test_a_clock_that_stands_two_days_back_is_answered_with_a_tap(window: MainWindow, till: Till, qtbot: QtBot) -> None:
    window.on_scan(ROSE)
    window.act(Action.PAY)
    QTest.keyClick(window.payment, Qt.Key.Key_Return)
    clock = till.workplace.clock
    assert isinstance(clock, FixedClock)
    clock.advance(-2 * DAY_S)
    QTest.keyClick(window.payment, Qt.Key.Key_F12)
    message = window.payment.settled.message
    assert "The computer’s clock says" in message.text
    assert documents(till, "sale") == 0
    button = message.clock_button
    assert button.face.text == "The clock is right"
    assert message.rect().contains(button.geometry())
    tap(button)
    qtbot.waitUntil(lambda: isinstance(window.sale.panel, FinishedPanel))
    assert documents(till, "sale") == 1
    QTest.keyClick(window.sale, Qt.Key.Key_F5)
    assert window.sale.message.text == ""


def test_the_clock_is_asked_about_when_the_till_is_opened_too(
    till: Till, open_window: Callable[[Till], MainWindow]
) -> None:
    till.cash.close_shift(None)
    window = open_window(till)
    clock = till.workplace.clock
    assert isinstance(clock, FixedClock)
    clock.advance(-dt.timedelta(days=3).total_seconds())
    panel = window.sale.panel
    assert isinstance(panel, OpeningPanel)
    QTest.keyClicks(window.sale, "140")
    QTest.keyClick(window.sale, Qt.Key.Key_Return)
    assert panel.shown == "€140"
    assert documents(till, "opening-float") == 1
    tap(panel.message.clock_button)
    assert till.cash.is_open
    assert till.cash.expected_cash() == Money(14000)


def test_a_refusal_that_is_not_about_the_clock_asks_nothing(window: MainWindow) -> None:
    window.on_scan(ROSE)
    page = counted(window, "150")
    tap(page.review_step.close_button)
    assert "still open" in page.message.text
    assert not page.message.clock_button.isVisible()
    assert not page.message.is_waiting


def test_a_window_that_is_made_small_goes_on_waiting(window: MainWindow, till: Till, qtbot: QtBot) -> None:
    with locked(till):
        QTest.keyClick(window.sale, Qt.Key.Key_F5)
        QTimer.singleShot(0, window.showMinimized)
        qtbot.wait(300)
        assert window.sale.message.is_waiting
    qtbot.waitUntil(lambda: documents(till, "no-sale") == 1)
