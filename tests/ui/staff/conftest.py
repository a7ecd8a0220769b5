"""A shop with a manager, two cashiers and a window, for what has to do with who is at the till."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from till.app.bootstrap import Till
from till.staff.users import User
from till.ui.main.window import MainWindow

MARIE, JAN, IDA = "1", "2", "3"
PINS = {MARIE: "4711", JAN: "1508", IDA: "2580"}


@pytest.fixture
def shop(till: Till) -> Till:
    """An open till with a manager and two cashiers who have PINs; Jan, a cashier, is signed in."""
    till.staff.set_pin(MARIE, PINS[MARIE]).result()
    till.staff.hire(User("", "Jan Alt", "JA"), PINS[JAN]).result()
    till.staff.hire(User("", "Ida Neu", "IN"), PINS[IDA]).result()
    till.staff.sign_in(JAN, PINS[JAN]).result()
    return till


@pytest.fixture
def counter(shop: Till, open_window: Callable[[Till], MainWindow]) -> MainWindow:
    """The window over that till."""
    return open_window(shop)
