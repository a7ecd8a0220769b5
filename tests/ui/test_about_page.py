"""About: what runs here, the books proved at once, and the bundle for who helps."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from till.app.about import AboutDesk
from till.app.bootstrap import Till
from till.app.support import CONTENTS
from till.app.verify import Problem
from till.app.watch import Watch
from till.db.finding import Finding
from till.i18n import msg
from till.ui.main.window import MainWindow
from till.ui.office.about import AboutPage
from till.ui.office.window import OfficeWindow

_WRONG = msg("Somebody should look at this.")


@pytest.fixture
def page(till: Till, window: MainWindow, qtbot: QtBot) -> AboutPage:
    office = OfficeWindow(window.look, till)
    qtbot.addWidget(office)
    office.show()
    office.open_page("about")
    page = office.page
    assert isinstance(page, AboutPage)
    page.work.finish()
    page.setParent(None)
    qtbot.addWidget(page)
    return page


def test_it_says_what_runs_here_and_what_would_be_in_the_bundle(page: AboutPage) -> None:
    for words in ("SQLite", "Noto Sans", "Tabler", "Soft-TSE", "0001"):
        assert words in page.told
    for name, _words in CONTENTS:
        assert name in page.told


def test_the_books_are_proved_and_that_is_remembered(page: AboutPage, till: Till) -> None:
    page.verify_button.click()
    assert not page.verify_button.isEnabled()
    page.work.finish()
    assert "proved" in page.message.text
    page.work.finish()
    assert (till.settings.data_dir / "verified.txt").exists()
    assert page.verify_button.isEnabled()


def test_what_is_found_in_the_books_is_said(page: AboutPage, monkeypatch: pytest.MonkeyPatch) -> None:
    def found(_desk: AboutDesk, _watch: Watch) -> list[Problem]:
        return [Problem("chain", Finding(_WRONG, {}))]

    monkeypatch.setattr(AboutDesk, "verify_now", found)
    page.verify_now()
    page.work.finish()
    page.work.finish()
    assert "1 thing was found" in page.message.text
    assert _WRONG in page.found.text()


def test_the_bundle_goes_where_it_is_wanted(page: AboutPage, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    page.save_bundle(stick)
    page.work.finish()
    (path,) = stick.iterdir()
    assert path.name in page.message.text
    page.save_bundle(tmp_path / "gone")
    page.work.finish()
    assert "no folder" in page.message.text
