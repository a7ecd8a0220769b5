"""The office's page for tabs and tiles: by hand, by buttons and by keys, while the counter sells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from till.app.bootstrap import Till
from till.app.views import FIRST_TAB
from till.catalog.categories import COLOURS
from till.ui.main.window import MainWindow, look_of
from till.ui.office.layout.edit_grid import PlaceButton
from till.ui.office.layout.page import LayoutPage
from till.ui.office.window import OfficeWindow
from till.ui.theme import READABLE, contrast, text_on

Key = Qt.Key


@pytest.fixture
def page(window: MainWindow, till: Till, qtbot: QtBot) -> Iterator[LayoutPage]:
    """The page in the office's window, beside the counter's; three tiles lie on the first page."""
    for place, name in ((0, "Rose"), (1, "Tulpe 10er"), (4, "Grußkarte A6")):
        till.layout.put(next(one for one in till.sale.assortment().tiles if one.name == name), place)
    window.show_catalogue()
    qtbot.waitUntil(lambda: not window.sale.strips.isVisible())  # what the start has to say takes a row from the grid
    QApplication.processEvents()
    office = OfficeWindow(look_of(till), till)
    office.resize(1024, 768)
    office.show()
    qtbot.waitExposed(office)
    office.open_page("layout")
    QApplication.processEvents()
    opened = office.page
    assert isinstance(opened, LayoutPage)
    yield opened
    for field in opened.form.form.fields:
        field.set_value(field.value() if field is not opened.form.name else "x")
    office.close()
    office.deleteLater()


def tap(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def button(page: LayoutPage, name: str) -> PlaceButton:
    return next(
        b for b in page.grid.shown if isinstance(b, PlaceButton) and not b.is_free and b.tile and b.tile.name == name
    )


def free(page: LayoutPage, at: int) -> PlaceButton:
    return next(b for b in page.grid.shown if isinstance(b, PlaceButton) and b.is_free and b.at == at)


def lying(page: LayoutPage) -> dict[int, str]:
    shown = [b for b in page.grid.shown if isinstance(b, PlaceButton) and not b.is_free]
    return {b.at: b.tile.name for b in shown if b.tile is not None}


def at_counter(till: Till, tab: str = FIRST_TAB) -> list[str | None]:
    return [None if one is None else one.name for one in till.sale.page(tab, 0, 50).tiles]


def drag(source: PlaceButton, target: QWidget) -> None:
    QTest.mousePress(source, Qt.MouseButton.LeftButton)
    aim = source.mapFromGlobal(target.mapToGlobal(target.rect().center()))
    QTest.mouseMove(source, source.rect().center() + QPoint(30, 0))
    QTest.mouseMove(source, aim)
    QTest.mouseRelease(source, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, aim)


def test_the_page_has_the_counters_grid_with_its_free_places(page: LayoutPage, window: MainWindow) -> None:
    assert page.grid.shape == window.sale.articles.grid.shape
    assert lying(page) == {0: "Rose", 1: "Tulpe 10er", 4: "Grußkarte A6"}
    assert len(page.grid.shown) == page.grid.per_page
    assert free(page, 2).accessibleName() == "Free place 3"


def test_a_tile_is_dragged_to_a_free_place_and_onto_another(page: LayoutPage, till: Till) -> None:
    drag(button(page, "Rose"), free(page, 3))
    assert at_counter(till) == [None, "Tulpe 10er", None, "Rose", "Grußkarte A6"]
    drag(button(page, "Rose"), button(page, "Grußkarte A6"))
    assert at_counter(till) == [None, "Tulpe 10er", None, "Grußkarte A6", "Rose"]
    assert till.sale.state.priced.lines == ()


def test_a_drag_that_ends_nowhere_moves_nothing(page: LayoutPage, till: Till) -> None:
    before = at_counter(till)
    drag(button(page, "Rose"), page.title)
    assert at_counter(till) == before


def test_a_tile_is_moved_by_two_taps(page: LayoutPage, till: Till) -> None:
    tap(button(page, "Rose"))
    tap(free(page, 2))
    assert at_counter(till) == [None, "Tulpe 10er", "Rose", None, "Grußkarte A6"]
    tap(button(page, "Rose"))
    assert not page.earlier.isEnabled()
    tap(free(page, 3))
    assert at_counter(till)[2] == "Rose"


def test_a_tile_is_moved_by_the_buttons(page: LayoutPage, till: Till) -> None:
    assert not page.earlier.isEnabled()
    tap(button(page, "Tulpe 10er"))
    tap(page.later)
    tap(page.later)
    assert at_counter(till) == ["Rose", None, None, "Tulpe 10er", "Grußkarte A6"]
    tap(page.earlier)
    assert at_counter(till)[2] == "Tulpe 10er"


def test_a_tile_is_moved_and_taken_out_by_keys(page: LayoutPage, till: Till) -> None:
    rose = button(page, "Rose")
    rose.setFocus()
    QTest.keyClick(rose, Key.Key_Return)
    QTest.keyClick(rose, Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert at_counter(till)[:2] == ["Tulpe 10er", "Rose"]
    assert button(page, "Rose").hasFocus()
    down = page.grid.columns
    QTest.keyClick(button(page, "Rose"), Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert at_counter(till)[1 + down] == "Rose"
    QTest.keyClick(button(page, "Rose"), Key.Key_Left)
    QTest.keyClick(button(page, "Rose"), Key.Key_Delete)
    assert "Rose" not in at_counter(till)
    assert "Rose" in at_counter(till, "flowers")


def test_the_keys_stop_at_both_ends(page: LayoutPage, till: Till) -> None:
    before = at_counter(till)
    rose = button(page, "Rose")
    tap(rose)
    for key in (Key.Key_Left, Key.Key_Up):
        QTest.keyClick(rose, key, Qt.KeyboardModifier.AltModifier)
    assert at_counter(till) == before


def test_what_is_searched_is_put_into_the_first_gap(page: LayoutPage, till: Till) -> None:
    QTest.keyClicks(page.search.line, "assam")
    QTest.keyClick(page.search.line, Key.Key_Return)
    assert at_counter(till) == ["Rose", "Tulpe 10er", "Assam TGFOP 100 g", None, "Grußkarte A6"]
    assert page.search.line.text() == ""
    assert "lies on the first page now" in page.message.text
    QTest.keyClicks(page.search.line, "teekanne")
    tap(button(page, "Teekanne 1,2 l"))
    assert at_counter(till)[3] == "Teekanne 1,2 l"
    QTest.keyClicks(page.search.line, "xyzzy")
    QTest.keyClick(page.search.line, Key.Key_Return)
    assert len([name for name in at_counter(till) if name]) == 5


def test_a_tile_of_a_category_goes_to_the_first_page_and_to_another_place_in_it(page: LayoutPage, till: Till) -> None:
    page.tabs.choose("accessories")
    before = at_counter(till, "accessories")
    tap(button(page, "Teekanne 1,2 l"))
    tap(page.put)
    assert "Teekanne 1,2 l" in at_counter(till)
    tap(page.later)
    assert at_counter(till, "accessories") == [before[1], before[0]]
    QTest.keyClick(page.grid.shown[0], Key.Key_Delete)
    assert at_counter(till, "accessories") == [before[1], before[0]]


def test_a_move_that_came_too_late_is_said_and_the_tiles_are_shown_as_they_are(page: LayoutPage, till: Till) -> None:
    rose = button(page, "Rose").tile
    assert rose is not None
    till.layout.remove(rose)
    drag(button(page, "Rose"), free(page, 2))
    assert "changed at another till" in page.message.text
    assert lying(page) == {1: "Tulpe 10er", 4: "Grußkarte A6"}


def test_an_empty_first_page_says_what_to_do(page: LayoutPage, till: Till) -> None:
    for one in till.layout.page(FIRST_TAB, 0, 9).tiles:
        if one is not None:
            till.layout.remove(one)
    page.begin()
    assert "Nothing lies here yet" in page.hint.text()


def test_tabs_are_put_in_order_by_buttons_and_keys(page: LayoutPage, till: Till) -> None:
    assert not page.tabs.up.isEnabled()
    page.tabs.choose("tea")
    tap(page.tabs.up)
    assert [tab.id for tab in till.sale.grid().tabs][:3] == ["flowers", "tea", "bouquets"]
    row = page.tabs.rows["tea"]
    row.setFocus()
    QTest.keyClick(row, Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [tab.id for tab in till.sale.grid().tabs][:2] == ["tea", "flowers"]
    assert not page.tabs.up.isEnabled()
    QTest.keyClick(page.tabs.rows["tea"], Key.Key_Down)
    assert page.tabs.tab == "flowers"
    QTest.keyClick(page.tabs.rows["flowers"], Key.Key_Tab)


def test_a_new_category_is_typed_checked_and_stored(page: LayoutPage, till: Till) -> None:
    tap(page.add)
    assert not page.search.isVisible()
    tap(page.form.save)
    assert page.form.name.error.text() != ""
    QTest.keyClicks(page.form.name.line, "Kerzen")
    tap(page.form.colour.swatches[8])
    assert page.form.colour.line.text() == "#D5E4F3"
    assert not page.form.choose.isEnabled()
    tap(page.form.save)
    assert till.sale.grid().tabs[-1].name == "Kerzen"
    assert till.sale.grid().tabs[-1].colour == "#D5E4F3"
    assert page.tabs.tab == till.sale.grid().tabs[-1].id
    assert page.may_leave()


def test_a_category_is_changed_and_hidden_and_the_counter_shows_it(
    page: LayoutPage, till: Till, window: MainWindow
) -> None:
    page.tabs.choose("tea")
    page.views.setCurrentIndex(1)
    page.form.name.line.selectAll()
    QTest.keyClicks(page.form.name.line, "Teesorten")
    page.form.colour.line.selectAll()
    QTest.keyClicks(page.form.colour.line, "#zzz")
    tap(page.form.save)
    assert "#DDEBD0" in page.form.colour.error.text()
    page.form.colour.line.selectAll()
    QTest.keyClicks(page.form.colour.line, "#7a1f5c")
    assert not any(swatch.isChecked() for swatch in page.form.colour.swatches)
    tap(page.form.save)
    window.show_catalogue()
    chips = [chip.face.text for chip in window.sale.articles.bar.chips.values()]
    assert "Teesorten" in chips
    assert next(tab for tab in till.sale.grid().tabs if tab.id == "tea").colour == "#7A1F5C"
    tap(page.form.active.check)
    tap(page.form.save)
    assert "tea" not in [tab.id for tab in till.sale.grid().tabs]
    assert "no tab" in page.tabs.rows["tea"].accessibleName()


def test_a_name_that_another_category_has_is_refused_and_what_is_typed_stays(page: LayoutPage) -> None:
    tap(page.add)
    QTest.keyClicks(page.form.name.line, "tee")
    tap(page.form.save)
    assert "already a category" in page.message.text
    assert page.form.name.line.text() == "tee"


def test_what_is_not_saved_keeps_the_page_and_another_tab_gives_it_up(page: LayoutPage) -> None:
    page.tabs.choose("tea")
    QTest.keyClicks(page.form.name.line, "x")
    assert not page.may_leave()
    assert "not saved yet" in page.message.text
    page.begin()
    assert page.form.name.line.text() == "Teex"
    page.tabs.choose("flowers")
    assert page.may_leave()


def test_a_picture_is_chosen_shown_and_removed(
    page: LayoutPage, till: Till, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tee.png"
    Image.new("RGB", (40, 40), "#AA3344").save(path)
    page.tabs.choose("tea")
    page.views.setCurrentIndex(1)
    QTest.keyClicks(page.form.name.line, "x")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_asked: ("", ""))
    tap(page.form.choose)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_asked: (str(path), ""))
    tap(page.form.choose)
    page.work.finish()
    assert next(tab for tab in till.sale.grid().tabs if tab.id == "tea").picture
    assert page.form.name.line.text() == "Teex"
    tap(page.form.clear)
    page.work.finish()
    assert not next(tab for tab in till.sale.grid().tabs if tab.id == "tea").picture
    assert not page.form.clear.isVisible()


@pytest.mark.parametrize("content", [None, b"no picture", b"\0" * 20_000_001])
def test_a_file_that_is_no_picture_is_said_in_words(page: LayoutPage, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "file"
    if content is not None:
        path.write_bytes(content)
    page.tabs.choose("tea")
    page.set_picture_from(path)
    page.work.finish()
    assert "picture" in page.message.text


def test_selling_goes_on_beside_it(page: LayoutPage, till: Till, window: MainWindow) -> None:
    window.on_scan("4400119000179")
    drag(button(page, "Tulpe 10er"), free(page, 2))
    window.show_catalogue()
    assert [line.line.item.name for line in till.sale.state.priced.lines] == ["Rose"]
    tile = next(b for b in window.sale.articles.grid.shown if b.tile and b.tile.name == "Tulpe 10er")
    tap(tile)
    assert len(till.sale.state.priced.lines) == 2


@pytest.mark.parametrize("colour", [colour for colour, _name in COLOURS])
def test_each_of_the_twelve_colours_can_be_read_on(colour: str) -> None:
    assert contrast(text_on(colour), colour) >= READABLE
