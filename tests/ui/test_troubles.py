"""Everything around the sale that can go wrong, as the window says it: a strip with words, and selling goes on."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from till.app.bootstrap import Till
from till.app.upkeep import FOLDER_GONE
from till.app.views import PrinterState
from till.db.engine import DISK_FULL, NO_CONNECTION, READ_ONLY, Database, sqlite_module
from till.errors import Refused, Unavailable
from till.ui.keys import Action
from till.ui.main.window import MainWindow
from till.ui.screens import troubled
from till.ui.shift.closing_page import ClosingPage
from till.ui.start import _report
from till.ui.widgets.button import Button
from till.ui.widgets.strip import Strip

ROSE = "4400119000179"
MB = 1_000_000
_Room = namedtuple("_Room", "total used free")  # noqa: PYI024 - as shutil's own answer


def settle_layout() -> None:
    for _ in range(4):
        QApplication.processEvents()


def way(window: MainWindow, words: str) -> Button:
    return next(b for b in window.sale.strips.findChildren(Button) if b.isVisible() and b.face.text == words)


def cut_off(window: MainWindow) -> list[str]:
    labels = [
        label for strip in window.findChildren(Strip) if strip.isVisible() for label in strip.findChildren(QLabel)
    ]
    return [label.text() for label in labels if label.text() and label.heightForWidth(label.width()) > label.height()]


@pytest.mark.parametrize("language", ["de", "en"])
def test_five_troubles_at_once_leave_the_sale_usable(window: MainWindow, till: Till, language: str) -> None:
    window.retranslate(language)
    window.show_status(troubled(till.status.current))
    settle_layout()
    assert len(window.sale.strips.texts) == 4
    assert "11:15" in window.sale.strips.texts[0]
    assert "2" in window.sale.strips.texts[3]
    assert cut_off(window) == []
    seen = [tile for tile in window.sale.articles.grid.shown if tile.isVisible()]
    assert len(seen) >= 4
    assert min(tile.height() for tile in seen) >= 48
    window.on_scan(ROSE)
    assert window.sale.column.pay.isVisible()
    window.act(Action.PAY)
    QTest.keyClick(window.payment, Qt.Key.Key_Return)
    settle_layout()
    assert cut_off(window) == []
    QTest.keyClick(window.payment, Qt.Key.Key_F12)
    assert till.sale.state.completed is not None


def test_all_of_it_can_be_shown_and_folded_again(window: MainWindow, till: Till) -> None:
    window.show_status(troubled(till.status.current))
    settle_layout()
    QTest.mouseClick(way(window, "Show all"), Qt.MouseButton.LeftButton)
    settle_layout()
    assert len(window.sale.strips.texts) == 6
    assert FOLDER_GONE in window.sale.strips.texts
    assert cut_off(window) == []
    assert window.sale.column.pay.isVisible()
    QTest.mouseClick(way(window, "Show less"), Qt.MouseButton.LeftButton)
    assert len(window.sale.strips.texts) == 4
    window.show_status(till.status.current)
    assert window.sale.strips.texts == []


@pytest.mark.parametrize(
    ("printer", "words"),
    [
        (PrinterState.PAPER_OUT, "out of paper"),
        (PrinterState.COVER_OPEN, "cover is open"),
        (PrinterState.OFFLINE, "does not answer"),
        (PrinterState.PAPER_LOW, "running out"),
    ],
)
def test_each_fault_of_the_printer_has_its_sentence(
    window: MainWindow, till: Till, printer: PrinterState, words: str
) -> None:
    window.show_status(replace(till.status.current, printer=printer))
    assert words in window.sale.strips.texts[0]


def test_a_disk_that_fills_up_is_seen_although_nobody_sells(
    till: Till, open_window: Callable[[Till], MainWindow], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("till.ui.bridge.LOOK_ROUND_MS", 50)
    window = open_window(till)
    room = [150 * MB]
    monkeypatch.setattr("shutil.disk_usage", lambda _path: _Room(10**12, 10**12 - room[0], room[0]))
    qtbot.waitUntil(lambda: any("almost full" in text for text in window.sale.strips.texts))
    room[0] = 40 * MB
    qtbot.waitUntil(lambda: any("The disk is full." in text for text in window.sale.strips.texts))
    assert len(window.sale.strips.texts) == 1
    window.on_scan(ROSE)
    assert "The disk is full." in window.sale.column.message.text
    room[0] = 500 * MB
    qtbot.waitUntil(lambda: window.sale.strips.texts == [])
    window.on_scan(ROSE)
    assert till.sale.state.priced.lines


def test_a_disk_that_fills_up_during_a_sale_lets_it_end(
    window: MainWindow, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.on_scan(ROSE)
    monkeypatch.setattr("shutil.disk_usage", lambda _path: _Room(10**12, 10**12 - 40 * MB, 40 * MB))
    window.on_scan(ROSE)
    window.act(Action.PAY)
    QTest.keyClick(window.payment, Qt.Key.Key_Return)
    QTest.keyClick(window.payment, Qt.Key.Key_F12)
    assert till.sale.state.completed is not None


def test_a_lock_behind_the_counter_is_a_strip_that_goes_by_itself(
    window: MainWindow, till: Till, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(till.workplace.database, "wait_s", 0.2)
    path = Path(till.workplace.database.engine.url.database or "")
    with closing(sqlite_module().connect(str(path), isolation_level=None)) as other:
        other.execute("PRAGMA busy_timeout=10000")
        other.execute("BEGIN IMMEDIATE")
        window.on_scan(ROSE)
        qtbot.waitUntil(lambda: any("busy right now" in text for text in window.sale.strips.texts))
        window.on_scan(ROSE)
        assert len(till.sale.state.priced.lines) == 1
    qtbot.waitUntil(lambda: window.sale.strips.texts == [])


@pytest.mark.parametrize(
    ("trouble", "words"),
    [(READ_ONLY, "can only be read"), (NO_CONNECTION, "can’t be reached"), (DISK_FULL, "The disk is full")],
)
def test_the_strip_says_what_the_writes_behind_the_counter_wait_for(
    window: MainWindow, till: Till, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, trouble: str, words: str
) -> None:
    def failing(*_: object) -> None:
        raise Unavailable(trouble)

    with monkeypatch.context() as patch:
        patch.setattr(till.workplace.database, "run", failing)
        window.on_scan(ROSE)
        qtbot.waitUntil(lambda: any(words in text for text in window.sale.strips.texts))
    qtbot.waitUntil(lambda: window.sale.strips.texts == [])


def test_with_the_server_gone_every_page_says_so_and_comes_back(
    window: MainWindow, till: Till, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.on_scan(ROSE)
    till.settle()

    def gone(*_: object) -> None:
        raise Unavailable(NO_CONNECTION)

    words = "be reached"
    with monkeypatch.context() as patch:
        patch.setattr(Database, "read", gone)
        patch.setattr(Database, "run", gone)
        window.top_bar.search.line.setText("ro")
        assert words in window.sale.column.message.text
        window.act(Action.LAST_RECEIPT)
        assert words in window.sale.message.text
        window.act(Action.RECEIPTS)
        assert words in window.receipts.message.text
        window.go_home()
        window.act(Action.CASH_IN_OUT)
        window.act(Action.CLOSE_TILL)
        page = window.page
        assert isinstance(page, ClosingPage)
        assert words in page.message.text
    qtbot.waitUntil(lambda: words not in page.message.text)
    window.go_home()
    window.on_scan(ROSE)
    assert till.sale.state.priced.lines[0].line.quantity.thousandths == 2000


def test_a_refusal_that_nobody_has_shown_is_said_on_the_page_and_is_no_mistake_of_the_program(
    window: MainWindow, caplog: pytest.LogCaptureFixture
) -> None:
    for page, message in (
        (window.sale, window.sale.message),
        (window.payment, window.payment.settled.message),
        (window.receipts, window.receipts.message),
        (window.help, window.sale.message),
    ):
        message.dismiss()
        window._show_page(page)
        _report(window, Unavailable, Unavailable(NO_CONNECTION), None)
        assert "be reached" in message.text
        _report(window, Refused, Refused("Not today."), None)
        assert message.text == "Not today."
    assert not [record for record in caplog.records if record.levelname == "CRITICAL"]
