"""What a start loads: nothing heavy that the first paint does not need (80-quality P7)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from till.app.bootstrap import Ports, found_shop, open_database, open_till
from till.clock import FixedClock
from till.settings import load, make_data_dir
from till.shop.details import ShopDetails
from till.staff.users import User

HEAVY = (
    "alembic",
    "escpos",
    "openpyxl",
    "psycopg",
    "reportlab",
    "sqlalchemy.dialects.postgresql",
    "till.app.verify",
    "till.reports",
    "till.ui.main.help",
    "till.ui.main.menu",
    "till.ui.office",
    "till.ui.payment.page",
)
START = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pathlib import Path
from till.app.bootstrap import open_till
from till.settings import load
from till.ui.start import prepare_application
from till.ui.main.window import MainWindow

till = open_till(load(Path(sys.argv[1])))
application = prepare_application()
window = MainWindow(till)
window.show()
application.processEvents()
print(*sorted(sys.modules))
till.close()
"""


@pytest.fixture
def shop(tmp_path: Path, clock: FixedClock) -> Path:
    """The data folder of a shop with an open shift."""
    settings = load(tmp_path / "data")
    make_data_dir(settings.data_dir)
    database = open_database(settings)
    details = ShopDetails(clock.now().date(), "Blumen & Tee", "Weg 1", "12345", "Ort", tax_number="12/345/67890")
    found_shop(database, details, User("1", "Marie Klein", "MK"))
    database.close()
    open_till(settings, Ports(clock=clock)).close()
    return settings.data_dir


@pytest.fixture
def loaded(shop: Path) -> set[str]:
    """The modules of a process that has just shown the till's window."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", START, str(shop)], check=True, capture_output=True, text=True, env=environment
    )
    return set(done.stdout.split())


def test_a_start_loads_nothing_heavy_that_the_first_paint_does_not_need(loaded: set[str]) -> None:
    assert "till.ui.sale.page" in loaded
    assert [name for name in HEAVY if name in loaded] == []
