"""Backups in the office: made, looked into, restored after a clear question; and the till opened again over them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from till.app.backup_seal import make_key
from till.app.bootstrap import Till, open_till
from till.app.restore import Restoration
from till.app.upkeep import FOLDER_GONE
from till.clock import FixedClock
from till.formats import Formats
from till.i18n import Translator
from till.money import Money
from till.settings import Settings
from till.ui import start, starting
from till.ui.main.window import MainWindow
from till.ui.office.backups import BackupsPage
from till.ui.office.window import OfficeWindow
from till.ui.restoring import RestoringWindow
from till.ui.starting import Opened, Opening

pytestmark = pytest.mark.usefixtures("qapp")


def sell(till: Till) -> None:
    if not till.cash.is_open:
        till.cash.open_shift(Money(0))
    till.sale.scan("4400119000179")
    till.sale.pay_cash(till.sale.state.settlement.open)
    till.sale.complete()
    till.sale.dismiss()
    till.settle()


@pytest.fixture
def office(till: Till, window: MainWindow, qtbot: QtBot) -> OfficeWindow:
    sell(till)
    made = OfficeWindow(window.look, till)
    qtbot.addWidget(made)
    made.show()
    made.open_page("backups")
    return made


@pytest.fixture
def page(office: OfficeWindow) -> BackupsPage:
    shown = office.page
    assert isinstance(shown, BackupsPage)
    finish(shown)
    return shown


def finish(page: BackupsPage) -> None:
    """What comes after one work may be another."""
    while page.work.is_busy:
        page.work.finish()


def test_a_backup_is_made_and_tells_what_is_in_it(page: BackupsPage) -> None:
    assert not page.table.model.rows
    page.now_button.click()
    assert not page.now_button.isEnabled()
    finish(page)
    assert "Backed up and proved" in page.message.text
    (entry,) = page.table.model.rows
    assert page.card.file == entry.file
    page.card.check_button.click()
    finish(page)
    assert "whole" in page.card.words
    assert "KASSE-1" in page.card.words
    assert not page.card.restore_button.isHidden()


def test_backups_beside_the_books_and_one_that_is_missing_are_said(
    till: Till, page: BackupsPage, tmp_path: Path
) -> None:
    assert any("beside the books" in words for words in page.notices)
    till.status.note_backup(FOLDER_GONE)
    stick = tmp_path / "stick"
    stick.mkdir()
    page.choose_folder(stick)
    finish(page)
    assert not any("beside the books" in words for words in page.notices)
    assert any("no backup of the last Z" in words for words in page.notices)
    assert str(stick) in page.folder.text()
    page.choose_folder(tmp_path / "gone")
    finish(page)
    assert "no folder" in page.message.text
    assert str(stick) in page.folder.text()


def test_a_damaged_file_is_said_and_offers_no_restore(page: BackupsPage, tmp_path: Path) -> None:
    file = tmp_path / "holiday.jpg"
    file.write_bytes(b"no books" * 500)
    page.open_file(file)
    finish(page)
    assert "no backup of Till" in page.message.text
    assert page.card.restore_button.isHidden()


def test_an_encrypted_one_asks_for_its_key(till: Till, page: BackupsPage, tmp_path: Path, clock: FixedClock) -> None:
    recipient = make_key(tmp_path / "key.txt", clock.now())
    till.workplace.settings = replace(till.workplace.settings, backup_recipient=recipient)
    page.back_up_now()
    finish(page)
    assert page.card.needs_key
    assert page.card.check_button.isHidden()
    assert not page.card.key_button.isHidden()
    page.take_key(tmp_path / "key.txt")
    finish(page)
    assert "whole" in page.card.words


def test_the_question_says_what_would_be_lost_and_no_is_no(till: Till, page: BackupsPage) -> None:
    page.back_up_now()
    finish(page)
    sell(till)
    assert page.table.row is not None
    page.look_into(page.table.row.file)
    finish(page)
    page.card.restore_button.click()
    assert "will be gone" in page.card.question.accessibleName()
    assert till.restoration is None
    page.card._show()
    assert not page.card.restore_button.isHidden()


def test_yes_closes_the_windows_and_leaves_the_wish(
    till: Till, page: BackupsPage, office: OfficeWindow, window: MainWindow, qtbot: QtBot
) -> None:
    page.back_up_now()
    finish(page)
    assert page.table.row is not None
    page.look_into(page.table.row.file)
    finish(page)
    page.card.ask()
    page.card._answer()
    qtbot.waitUntil(lambda: not office.isVisible())
    assert not window.isVisible()
    assert till.restoration is not None
    assert till.restoration.by == till.cashier_name


def test_an_open_sale_and_something_typed_keep_the_till_open(
    till: Till, page: BackupsPage, office: OfficeWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    page.back_up_now()
    finish(page)
    assert page.table.row is not None
    page.look_into(page.table.row.file)
    finish(page)
    till.sale.scan("4400119000179")
    page.card._answer()
    assert "sale is open" in page.message.text
    till.sale.cancel()
    monkeypatch.setattr(BackupsPage, "may_leave", lambda _self: False)
    page.card._answer()
    qtbot.waitUntil(lambda: "not closed" in page.message.text)
    assert till.restoration is None
    assert office.isVisible()


# The start over restored books


def opening(settings: Settings) -> Opening:
    def opened(*, with_address: bool) -> Opened:
        del with_address
        till = open_till(settings)
        return Opened(till, None, till.close)

    return Opening(opened, lambda: settings, Formats(Translator("en")))


def see_restored(seen: list[str]) -> None:
    """Read how it ended, and open the till."""

    def look() -> None:
        shown = [one for one in QApplication.topLevelWidgets() if isinstance(one, RestoringWindow) and one.isVisible()]
        if not shown or shown[0].work.is_busy:
            QTimer.singleShot(20, look)
            return
        seen.append(f"{shown[0].words.text()} {shown[0].message.text}")
        shown[0].open_button.click()

    QTimer.singleShot(0, look)


@pytest.mark.parametrize("is_whole", [True, False])
def test_the_till_is_opened_again_over_the_restored_books(
    till: Till, monkeypatch: pytest.MonkeyPatch, *, is_whole: bool
) -> None:
    sell(till)
    file = till.safekeeping.back_up_now().file
    sell(till)
    settings = till.settings
    runs: list[int] = []
    seen: list[str] = []
    till.close()
    if not is_whole:
        file.write_bytes(b"no books" * 500)

    def run(opened: Till, _paper: object) -> int:
        runs.append(len(opened.receipts.recent()))
        if len(runs) == 1:
            opened.safekeeping.wish = Restoration(file, force=True, by="Marie")
            see_restored(seen)
        return 0

    monkeypatch.setattr(start, "run", run)
    assert starting.start_till(opening(settings)) == 0
    assert runs == ([2, 1] if is_whole else [2, 2])
    assert len(seen) == 1
    assert ("kept as" in seen[0]) == is_whole
    assert ("as they were" in seen[0]) != is_whole
