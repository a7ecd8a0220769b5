"""Articles from a table and into one, on the office's screen (T14)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from pytestqt.qtbot import QtBot

from till.app.article_tables import ArticleTables, Preview
from till.app.bootstrap import Till
from till.app.watch import Watch
from till.catalog import lookup
from till.catalog.table_import import Asked
from till.money import Money
from till.tables.verdict import Verdict
from till.ui.main.window import MainWindow
from till.ui.office.article_tables import ArticleTablesPage

HEADER = "Nr;Name;Warengruppe;Preis;MwSt;Lagerplatz"
GOOD = ("9001;Monstera;Zimmerpflanzen;24,90;7;A1", "1001;;;3,90;;", "1002;;;6,90;;")
BAD = (*GOOD, "9003;Gießkanne;Zubehör;-1;19;")
Table = Callable[..., Path]


@pytest.fixture
def page(till: Till, window: MainWindow, qtbot: QtBot) -> ArticleTablesPage:
    """The page as it is opened."""
    made = ArticleTablesPage(window.look, till)
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    made.begin()
    return made


@pytest.fixture
def table(tmp_path: Path) -> Table:
    """Writes a table."""

    def make(*rows: str, name: str = "articles.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
        return path

    return make


def check(page: ArticleTablesPage, path: Path) -> None:
    page.check(path)
    page.work.finish()


def shown(page: ArticleTablesPage) -> list[tuple[int, str]]:
    """Row and words of each row of the preview."""
    return [(row.row, page.checked._words(row)) for row in page.checked.table.model.shown]


def price(till: Till, number: str) -> Money | None:
    with till.workplace.database.read() as session:
        found = lookup.articles_numbered(session, [number])
    return found[number].price if number in found else None


def test_a_table_is_checked_shown_by_verdict_and_taken_over(page: ArticleTablesPage, till: Till, table: Table) -> None:
    check(page, table(*GOOD))
    assert [chip.face.text for chip in page.checked.chips.values()] == [
        "0 refused",
        "1 new",
        "1 changed",
        "1 unchanged",
    ]
    assert "Lagerplatz" in page.checked.remarks
    assert "1 new category is made: Zimmerpflanzen." in page.checked.remarks
    assert shown(page) == [(2, "is made")]
    page.checked.chips[Verdict.CHANGED].click()
    assert shown(page) == [(3, "Preis: 3,50 → 3,90")]
    page.checked.chips[Verdict.UNCHANGED].click()
    assert shown(page) == [(4, "stays as it is")]
    assert price(till, "9001") is None
    page.take_button.click()
    page.work.finish()
    assert (price(till, "9001"), price(till, "1001")) == (Money(2490), Money(390))
    assert page.message.text == "Taken over: 1 new and 1 changed articles."
    assert page.start.isVisible()
    assert page.take_button.isHidden()


def test_the_same_table_once_more_says_calmly_that_there_is_nothing_to_do(
    page: ArticleTablesPage, table: Table
) -> None:
    for _ in range(2):
        check(page, table(*GOOD))
        page.take_button.click()
        page.work.finish()
    assert "All 3 rows are in the books as they are here." in page.message.text
    assert not page.take_button.isEnabled()


def test_refused_rows_hold_up_all_and_are_saved_with_their_reasons(
    page: ArticleTablesPage, till: Till, table: Table, tmp_path: Path
) -> None:
    check(page, table(*BAD))
    assert page.checked.verdict is Verdict.REFUSED
    assert shown(page) == [(5, "Preis: A price can’t be negative.")]
    assert "Nothing can be taken over while rows are refused." in page.checked.remarks
    assert not page.take_button.isEnabled()
    page.save_refused_to(tmp_path / "refused.csv")
    page.work.finish()
    assert "1 refused row was written" in page.message.text
    lines = (tmp_path / "refused.csv").read_text("utf-8-sig").splitlines()
    assert lines[1].startswith("5;Preis;A price can’t be negative.;9003")
    assert price(till, "9001") is None


def test_a_row_that_is_chosen_is_told_in_full(page: ArticleTablesPage, table: Table) -> None:
    check(page, table("9001;Tee;Neu;1,234;7;"))
    page.checked.table.select(lambda row: row.row == 2)
    assert page.checked._detail.text() == "Preis: “1,234” has more than two decimals. Write 1234,00 or 1,23."


def test_what_is_asked_for_besides_counts(page: ArticleTablesPage, table: Table) -> None:
    page.start.makes_categories.set_value(False)
    check(page, table("9001;Tee;Neu;1;7;"))
    assert shown(page) == [(2, "Warengruppe: There is no category “Neu”.")]
    page.other_button.click()
    page.start.makes_categories.set_value(True)
    page.start.category.set_value("Sonstiges")
    check(page, table("9001;Tee;;1;7;"))
    assert "Sonstiges" in page.checked.remarks


def drop(page: ArticleTablesPage, *paths: Path) -> bool:
    """Drop files on the page; whether it took them."""
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(100, 100), Qt.DropAction.CopyAction, files, buttons, keys)
    enter.setAccepted(False)
    page.dragEnterEvent(enter)
    if enter.isAccepted():
        page.dropEvent(QDropEvent(QPointF(100, 100), Qt.DropAction.CopyAction, files, buttons, keys))
        page.work.finish()
    return enter.isAccepted()


def test_a_file_is_dropped_on_the_page(page: ArticleTablesPage, table: Table) -> None:
    assert drop(page, table(*GOOD))
    assert page.checked.isVisible()


def test_two_files_at_once_are_refused(page: ArticleTablesPage, table: Table) -> None:
    assert drop(page, table(*GOOD), table(*GOOD, name="b.csv"))
    assert page.message.text == "Drop one file only."
    assert page.start.isVisible()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"a;b\n1;2\n", "no titles that are known"),
        (b"\xd0\xcf\x11\xe0" + bytes(99), "old Excel file"),
        (b"PK\x03\x04" + bytes(99), "damaged or no Excel file"),
    ],
)
def test_what_is_no_table_is_said_and_another_may_be_chosen(
    page: ArticleTablesPage, tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "articles.xlsx"
    path.write_bytes(content)
    check(page, path)
    assert sentence in page.message.text
    assert page.start.isVisible()
    assert page.start.isEnabled()


def test_a_file_that_was_changed_since_the_check_is_not_taken_over(
    page: ArticleTablesPage, till: Till, table: Table
) -> None:
    check(page, table(*GOOD))
    table(*GOOD, "9009;Noch;Neu;1;7;")
    page.take_button.click()
    page.work.finish()
    assert "was changed since it was checked" in page.message.text
    assert price(till, "9001") is None
    assert page.checked.isVisible()


def test_a_long_check_shows_how_far_it_is_and_can_be_cancelled(
    page: ArticleTablesPage, table: Table, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = table(*(f"{number};Tee;Neu;1;7;" for number in range(10_000, 13_000)))
    may_go_on, check = threading.Event(), ArticleTables.check

    def slowly(desk: ArticleTables, path: Path, asked: Asked, watch: Watch) -> Preview:
        may_go_on.wait(10)
        return check(desk, path, asked, watch)

    monkeypatch.setattr(ArticleTables, "check", slowly)
    page.check(path)
    qtbot.waitUntil(page.progress.isVisible)
    assert page.progress.words.text() == "Reading articles.csv …"
    assert not page.start.isEnabled()
    page.check(path)
    assert "A table is being worked on." in page.message.text
    page.progress.cancel_button.click()
    may_go_on.set()
    qtbot.waitUntil(lambda: not page.work.is_busy)
    assert "It was cancelled. Nothing was changed." in page.message.text
    assert page.start.isEnabled()
    assert page.progress.isHidden()


@pytest.mark.parametrize("name", ["all.csv", "all.xlsx"])
def test_all_articles_are_written_with_progress(page: ArticleTablesPage, tmp_path: Path, name: str) -> None:
    page.export_to(tmp_path / name)
    assert page.progress.bar.maximum() == page.start.count == 7
    page.work.finish()
    assert page.message.text == f"7 articles were written to {tmp_path / name}."
    check(page, tmp_path / name)
    assert "All 7 rows are in the books as they are here." in page.message.text


def test_a_stick_that_is_not_there_is_said(page: ArticleTablesPage, tmp_path: Path) -> None:
    page.export_to(tmp_path / "stick" / "all.csv")
    page.work.finish()
    assert page.message.text == "The table can’t be written to “all.csv”: file, folder or stick is not there."


def test_thrown_away_while_a_table_is_checked_leaves_nothing(page: ArticleTablesPage, till: Till, table: Table) -> None:
    check(page, table(*GOOD))
    assert list(till.settings.data_dir.glob("import-*"))
    page.tear_down()
    assert not list(till.settings.data_dir.glob("import-*"))
