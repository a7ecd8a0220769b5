"""The office's page about this PC: each part stores its own, counts at once, and keeps what is typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from till.app.bootstrap import Till
from till.settings import load
from till.ui.keys import Action, key_of
from till.ui.main.window import MainWindow
from till.ui.office.settings.page import SettingsPage
from till.ui.theme import ThemeName


@pytest.fixture
def page(window: MainWindow) -> SettingsPage:
    """The page over a till that sells."""
    window.open_office("settings")
    assert window.office is not None
    assert isinstance(window.office.page, SettingsPage)
    return window.office.page


def test_another_theme_is_stored_and_seen_at_once(page: SettingsPage, till: Till, window: MainWindow) -> None:
    page.screen_part.fields["theme"].combo.setCurrentIndex(1)  # type: ignore[attr-defined]
    page.screen_part.fields["decimal_key"].check.setChecked(False)  # type: ignore[attr-defined]
    page.screen_part.save()
    QApplication.processEvents()
    assert window.look.palette.name is ThemeName.DARK
    assert not window.look.has_decimal_key
    assert load(till.settings.data_dir).theme == "dark"


def test_the_office_speaks_the_new_language_on_the_same_page(page: SettingsPage, window: MainWindow) -> None:
    page.screen_part.fields["language"].combo.setCurrentIndex(0)  # type: ignore[attr-defined]
    page.screen_part.save()
    QApplication.processEvents()
    assert window.look.t.language == "de"
    assert window.office is not None
    assert isinstance(window.office.page, SettingsPage)
    assert window.office.page is not page


def test_sounds_are_switched_off_at_once(page: SettingsPage, window: MainWindow, till: Till) -> None:
    page.show_part(1)
    page.sounds.fields["sounds"].check.setChecked(True)  # type: ignore[attr-defined]
    page.sounds.save()
    QApplication.processEvents()
    assert till.settings.sounds
    assert window._sounds.are_on


def test_a_scan_on_the_scanners_part_is_shown_and_sells_nothing(
    page: SettingsPage, till: Till, window: MainWindow
) -> None:
    page.show_part(2)
    assert window.office is not None
    assert window.office.on_scan("4400119000179")
    assert "4400119000179" in page.scanner.read.text()
    assert not till.sale.state.priced.lines


def test_numbers_out_of_range_are_refused_at_their_field(page: SettingsPage, till: Till) -> None:
    page.show_part(2)
    gap = page.scanner.fields["scanner_gap_ms"]
    gap.line.setText("0")  # type: ignore[attr-defined]
    page.scanner.save()
    assert "35 is usual" in gap.error.text()
    page.show_part(4)
    page.security.fields["lock_after_s"].line.setText("2000")  # type: ignore[attr-defined]
    page.security.save()
    assert "1440" in page.security.fields["lock_after_s"].error.text()
    assert till.settings.scanner_gap_ms == 35


def test_minutes_are_kept_as_seconds_and_odd_seconds_stay(page: SettingsPage, till: Till) -> None:
    page.show_part(4)
    assert page.security.kept("lock_after_s", 5) == 300
    page.security.fields["lock_after_s"].line.setText("10")  # type: ignore[attr-defined]
    page.security.save()
    assert till.settings.lock_after_s == 600


def test_a_folder_that_is_not_there_is_refused(page: SettingsPage, till: Till, tmp_path: Path) -> None:
    page.show_part(4)
    page.security.take_folder(str(tmp_path / "gone"))
    assert "not there" in page.security.fields["backup_dir"].error.text()
    (tmp_path / "stick").mkdir()
    page.security.take_folder(str(tmp_path / "stick"))
    page.security.save()
    assert till.settings.backup_dir == str(tmp_path / "stick")


def test_a_printer_counts_after_the_next_start_and_a_wrong_address_never(page: SettingsPage, till: Till) -> None:
    page.show_part(5)
    address = page.printer.fields["printer"]
    address.line.setText("10.0.0.50")  # type: ignore[attr-defined]
    page.printer.save()
    assert address.error.text()
    address.line.setText("tcp://10.0.0.50:9100")  # type: ignore[attr-defined]
    page.printer.save()
    assert "after the next start" in page.message.text
    page.printer.print_test()
    assert "No printer is set up" in page.message.text
    assert not till.workplace.has_printer


def test_a_key_is_changed_by_pressing_it_and_shown_on_the_buttons(
    page: SettingsPage, till: Till, window: MainWindow
) -> None:
    page.show_part(3)
    button = page.keys.buttons[Action.PAY]
    button.click()
    assert button.is_waiting
    QTest.keyClick(button, Qt.Key.Key_F3)
    assert till.settings.shortcuts == "pay=F3"
    QApplication.processEvents()
    assert key_of(Action.PAY, window.look.shortcuts) == "F3"
    assert window.payment.settled.complete.face.key == "F3"
    assert window.office is not None
    again = window.office.page
    assert isinstance(again, SettingsPage)
    again.show_part(3)
    again.keys.change(Action.CASH, "F3")
    assert "F3 is taken" in again.message.text
    again.keys.change(Action.CASH, "")
    assert till.settings.shortcuts == "cash= pay=F3"
    again.keys.reset()
    assert till.settings.shortcuts == ""


def test_a_key_that_is_waited_for_can_be_left_as_it_was(page: SettingsPage, till: Till) -> None:
    page.show_part(3)
    button = page.keys.buttons[Action.PAY]
    button.click()
    QTest.keyClick(button, Qt.Key.Key_Escape)
    assert not button.is_waiting
    button.click()
    QTest.keyClick(button, Qt.Key.Key_7)
    assert "needed for typing" in page.message.text
    assert till.settings.shortcuts == ""
    assert button.face.text == "F12"


def test_something_typed_keeps_the_office_open(page: SettingsPage, window: MainWindow) -> None:
    page.show_part(2)
    page.scanner.fields["scanner_prefix"].line.setText("F13")  # type: ignore[attr-defined]
    assert window.office is not None
    assert not window.office.close()
    page.scanner.save()
    assert window.office.close()
