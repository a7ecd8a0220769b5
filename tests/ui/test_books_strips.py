"""What the window says of the books: damage first and loudly, a missing backup last."""

from __future__ import annotations

from dataclasses import replace

from till.app.bootstrap import Till
from till.app.upkeep import FOLDER_GONE
from till.ui.main.window import MainWindow


def test_damaged_books_come_before_everything_else(window: MainWindow, till: Till) -> None:
    window.show_status(replace(till.status.current, books_damaged=True, disk_low=True, backup_failed=FOLDER_GONE))
    damage, disk, backup = window.sale.strips.texts
    assert damage.startswith("The books are damaged.")
    assert "disk" in disk
    assert backup == FOLDER_GONE


def test_a_backup_that_came_at_last_takes_its_strip_away(window: MainWindow, till: Till) -> None:
    window.show_status(replace(till.status.current, backup_failed=FOLDER_GONE))
    assert window.sale.strips.texts == [FOLDER_GONE]
    window.show_status(replace(till.status.current, backup_failed=""))
    assert window.sale.strips.texts == []
