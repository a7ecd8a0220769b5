"""Receipts are drawn beside the window's thread: the window answers meanwhile, and shows the one asked for last."""

from __future__ import annotations

import threading
import uuid
from time import perf_counter

import pytest
from pytestqt.qtbot import QtBot

from till.app.bootstrap import Till
from till.app.views import CompletedSale
from till.errors import Unavailable
from till.money import Money
from till.ui.keys import Action
from till.ui.main.window import MainWindow

ROSE = "4400119000179"


def sell(till: Till) -> CompletedSale:
    till.sale.scan(ROSE)
    till.sale.pay_cash(Money(350))
    sale = till.sale.complete()
    till.sale.dismiss()
    return sale


def test_the_window_answers_while_a_receipt_is_drawn(
    window: MainWindow, till: Till, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    sell(till)
    drawn, draw = threading.Event(), till.receipts.preview

    def slowly(document_id: uuid.UUID) -> bytes:
        assert drawn.wait(20)
        return draw(document_id)

    monkeypatch.setattr(till.receipts, "preview", slowly)
    begun = perf_counter()
    window.act(Action.LAST_RECEIPT)
    assert perf_counter() - begun < 10
    assert window.receipts.paper_width == 0
    window.go_home()
    window.on_scan(ROSE)
    assert till.sale.state.priced.lines
    drawn.set()
    window.act(Action.LAST_RECEIPT)
    qtbot.waitUntil(lambda: window.receipts.paper_width > 200)


def test_the_receipt_that_was_asked_for_last_is_shown(
    window: MainWindow, till: Till, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = (sell(till).document for _ in range(3))
    looked: list[uuid.UUID] = []
    may_draw, draw = threading.Event(), till.receipts.preview

    def slowly(document_id: uuid.UUID) -> bytes:
        assert may_draw.wait(20)
        looked.append(document_id)
        return draw(document_id)

    monkeypatch.setattr(till.receipts, "preview", slowly)
    window.act(Action.LAST_RECEIPT)
    qtbot.wait(50)
    window.receipts.show_document(second)
    window.receipts.show_document(first)
    may_draw.set()
    qtbot.waitUntil(lambda: window.receipts.paper_width > 200)
    assert window.receipts.title == f"Receipt {first.number}"
    assert looked == [third.id, first.id]


def test_a_receipt_that_can_not_be_drawn_says_why(
    window: MainWindow, till: Till, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    sell(till)

    def failing(_: uuid.UUID) -> bytes:
        raise Unavailable("The archive is closed.")

    monkeypatch.setattr(till.receipts, "preview", failing)
    window.act(Action.LAST_RECEIPT)
    qtbot.waitUntil(lambda: window.receipts.message.text == "The archive is closed.")
