"""The demo's window beside the till: paper that comes out, faults to play with, the drawer."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from till.devices.simulated.printer import Fault, SimulatedPrinter
from till.formats import Formats
from till.i18n import Translator
from till.ui.look import Look
from till.ui.paper_window import PaperWindow
from till.ui.start import prepare_application
from till.ui.theme import LIGHT


@pytest.fixture
def printer() -> Iterator[SimulatedPrinter]:
    with SimulatedPrinter() as switched_on:
        yield switched_on


@pytest.fixture
def beside(qtbot: QtBot, printer: SimulatedPrinter) -> PaperWindow:
    prepare_application()
    window = PaperWindow(Look(LIGHT, Formats(Translator("en"))), printer)
    qtbot.addWidget(window)
    window.show()
    return window


def send(printer: SimulatedPrinter, data: bytes) -> None:
    with socket.create_connection(("127.0.0.1", printer.port), 2) as line:
        line.sendall(data)


def test_printed_paper_is_seen(beside: PaperWindow, printer: SimulatedPrinter, qtbot: QtBot) -> None:
    send(printer, b"\x1b@Rose 3,50\n\x1dV\x00")
    qtbot.waitUntil(lambda: beside.receipts_shown == 1)


def test_a_fault_is_switched_on_and_off(beside: PaperWindow, printer: SimulatedPrinter) -> None:
    button = beside.fault_keys[Fault.PAPER_OUT]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert Fault.PAPER_OUT in printer.faults
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert printer.faults == frozenset()


def test_the_open_drawer_is_seen_and_pushed_shut(beside: PaperWindow, printer: SimulatedPrinter, qtbot: QtBot) -> None:
    send(printer, b"\x1bp\x00\x32\x32")
    qtbot.waitUntil(beside.close_drawer_key.isEnabled)
    QTest.mouseClick(beside.close_drawer_key, Qt.MouseButton.LeftButton)
    assert not printer.drawer_open
    qtbot.waitUntil(lambda: not beside.close_drawer_key.isEnabled())
