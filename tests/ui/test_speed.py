"""A scan is on the screen within one frame (P3), and the window is there quickly (P7); generous, for busy machines."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtWidgets import QApplication

from till.app.bootstrap import Till
from till.quantity import ONE
from till.ui.main.window import MainWindow

ROSE, TULIP = "4400119000179", "4400119000247"
FRAME_S = 0.016
SLACK = 3


def test_a_scan_is_painted_within_a_frame(window: MainWindow, till: Till) -> None:
    took = []
    for number in range(60):
        code = ROSE if number % 2 else TULIP
        began = time.perf_counter()
        window.on_scan(code)
        window.sale.column.repaint()
        QApplication.sendPostedEvents()
        took.append(time.perf_counter() - began)
    assert till.sale.state.priced.lines[0].line.quantity > ONE
    assert sorted(took)[len(took) // 2] < FRAME_S * SLACK


def test_the_window_is_built_quickly(till: Till, open_window: Callable[[Till], MainWindow]) -> None:
    open_window(till)
    began = time.perf_counter()
    open_window(till)
    assert time.perf_counter() - began < 0.8
