"""The tabs and tiles of the counter: pages, gaps and pictures, and what changes beneath the cashier's hands."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from till.app.bootstrap import Till
from till.app.layout import Move
from till.app.views import FIRST_TAB, CategoryTab, Tile
from till.catalog.assortment import change_article
from till.catalog.lookup import articles_numbered
from till.catalog.pictures import PictureOwner, normalised, set_picture
from till.db.engine import BUSY
from till.errors import Unavailable
from till.ui.main.window import MainWindow
from till.ui.pictures import MOST_KEPT, Pictures

RED = "#C81E32"


def a_picture(colour: str = RED) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (200, 200), colour).save(written, "PNG")
    return normalised(written.getvalue())


def tiles(window: MainWindow) -> list[str]:
    return [button.tile.name for button in window.sale.articles.grid.shown if button.tile]


def tabs(window: MainWindow) -> list[str]:
    return [chip.face.text for chip in window.sale.articles.bar.chips.values()]


@pytest.fixture
def tile(till: Till) -> Callable[[str], Tile]:
    return lambda name: next(one for one in till.sale.assortment().tiles if one.name == name)


TileOf = Callable[[str], Tile]


def test_favourites_stand_where_the_shop_put_them_with_gaps(window: MainWindow, till: Till, tile: TileOf) -> None:
    assert tabs(window)[0] == "All"
    till.layout.put(tile("Rose"), 0)
    till.layout.put(tile("Grußkarte A6"), 2)
    window.show_catalogue()
    assert tabs(window)[0] == "Favourites"
    grid = window.sale.articles.grid
    assert [button.tile.name if button.isVisible() and button.tile else None for button in grid.places[:3]] == [
        "Rose",
        None,
        "Grußkarte A6",
    ]


def test_pages_are_turned_and_only_the_one_that_is_seen_is_read(
    window: MainWindow, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, int]] = []
    real = till.sale.page

    def page(tab: str, first: int, count: int) -> object:
        asked.append((first, count))
        return real(tab, first, count)

    monkeypatch.setattr(till.sale, "page", page)
    grid = window.sale.articles.grid
    first, second = till.sale.assortment().tiles[:2]
    till.layout.put(first, 0)
    till.layout.put(second, grid.per_page)
    window.show_catalogue()
    assert grid.pages == 2
    grid.turn(1)
    assert tiles(window) == [second.name]
    grid.turn(1)
    assert tiles(window) == [first.name]
    assert grid.page == 0
    assert set(asked) == {(0, grid.per_page), (grid.per_page, grid.per_page)}


def test_a_change_in_the_office_is_seen_and_the_basket_stays(window: MainWindow, till: Till) -> None:
    window.sale.articles.bar.choose("tea")
    till.sale.scan("4400119000179")
    entry = next(one for one in till.layout.categories() if one.category.id == "tea")
    till.layout.change_category(replace(entry.category, name="Teesorten", colour="#E9DCF3"))
    window.bridge.catalogue_changed.emit()
    assert "Teesorten" in tabs(window)
    assert window.sale.articles.bar.tab == "tea"
    assert tiles(window) == ["Assam TGFOP 100 g"]
    assert window.sale.articles.grid.shown[0].tile.colour == "#E9DCF3"  # type: ignore[union-attr]
    assert [line.line.item.name for line in till.sale.state.priced.lines] == ["Rose"]


def test_a_running_watch_brings_a_change_to_the_counter_by_itself(
    window: MainWindow, till: Till, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(till.catalogue, "_look_s", 0.02)
    till.catalogue.begin()
    till.layout.add_category("Kerzen", "#F7D6DC")
    qtbot.waitUntil(lambda: "Kerzen" in tabs(window))


def test_a_tab_that_is_gone_leads_back_to_the_first_one(window: MainWindow, till: Till) -> None:
    window.sale.articles.bar.choose("tea")
    entry = next(one for one in till.layout.categories() if one.category.id == "tea")
    till.layout.change_category(replace(entry.category, is_active=False))
    window.show_catalogue()
    assert window.sale.articles.bar.tab == FIRST_TAB
    assert "Rose" in tiles(window)


def test_search_hits_stay_until_the_search_ends(window: MainWindow, till: Till, tile: TileOf) -> None:
    window.top_bar.search.line.setText("rose")
    till.layout.put(tile("Grußkarte A6"), 0)
    window.show_catalogue()
    assert tiles(window) == ["Rose"]
    window.top_bar.search.line.setText("")
    assert tiles(window) == ["Grußkarte A6"]


def test_tiles_do_not_change_under_a_finger(
    window: MainWindow, till: Till, tile: TileOf, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    button = window.sale.articles.grid.shown[0]
    till.layout.put(tile("Grußkarte A6"), 0)
    with monkeypatch.context() as finger:
        finger.setattr(QGuiApplication, "mouseButtons", lambda: Qt.MouseButton.LeftButton)
        window.show_catalogue()
        assert len(tiles(window)) > 1
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert [line.line.item.name for line in till.sale.state.priced.lines] == ["Rose"]
    qtbot.waitUntil(lambda: tiles(window) == ["Grußkarte A6"])


def test_a_page_that_cannot_be_read_is_said_and_the_tiles_stay(
    window: MainWindow, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tiles(window)

    def busy(*_asked: object) -> None:
        raise Unavailable(BUSY)

    monkeypatch.setattr(till.sale, "page", busy)
    monkeypatch.setattr(till.sale, "grid", busy)
    window.show_catalogue()
    assert tiles(window) == before
    assert "database is busy" in window.sale.message.text


def test_many_tabs_are_a_tap_away_and_the_chosen_one_stays_in_sight(window: MainWindow, till: Till) -> None:
    made = [till.layout.add_category(f"Sehr lange Warengruppe {number}", "#F7D6DC") for number in range(30)]
    window.show_catalogue()
    bar = window.sale.articles.bar
    assert not bar.chips[made[-1].id].isVisible()
    bar.choose(made[20].id)
    till.layout.add_category("Noch eine", "#F7D6DC")
    window.show_catalogue()
    assert bar.chips[made[20].id].isVisible()
    seen: set[str] = set()
    for _ in range(40):
        seen |= {key for key, chip in bar.chips.items() if chip.isVisible()}
        QTest.mouseClick(bar.more, Qt.MouseButton.LeftButton)
    assert seen == set(bar.chips)


def test_a_picture_fills_the_upper_part_and_name_and_price_stay_on_plain_ground(
    window: MainWindow, till: Till, tile: TileOf
) -> None:
    with till.workplace.database.write() as session:
        set_picture(session, PictureOwner.ARTICLE, tile("Rose").id, a_picture())
        set_picture(session, PictureOwner.CATEGORY, "flowers", a_picture("#1E50C8"))
    window.show_catalogue()
    zone = window.sale.articles
    zone.pictures.finish()
    QTest.qWait(20)
    button = next(one for one in zone.grid.shown if one.tile and one.tile.name == "Rose")
    drawn = button.grab().toImage()
    assert drawn.pixelColor(button.width() // 2, button.height() // 4) == QColor(RED)
    ground = QColor(button.tile.colour)  # type: ignore[union-attr]
    assert drawn.pixelColor(button.width() - 16, button.height() - 8) == ground
    assert drawn.pixelColor(QPoint(0, 0)) != QColor(RED)
    chip = zone.bar.chips["flowers"].grab().toImage()
    assert QColor("#1E50C8") in [chip.pixelColor(x, chip.height() // 2) for x in range(chip.width())]


def test_an_article_whose_picture_is_not_there_yet_is_painted_without(window: MainWindow) -> None:
    button = window.sale.articles.grid.shown[0]
    before = button.grab().toImage()
    assert button.tile is not None
    button.show_tile(replace(button.tile, picture="0" * 64))
    assert button.grab().toImage() == before


def test_pictures_are_read_on_another_thread_once_and_few_are_kept(window: MainWindow) -> None:
    threads: list[str] = []
    asked: list[str] = []
    png = a_picture()

    def load(wanted: object, _tabs: object) -> dict[str, bytes]:
        threads.append(threading.current_thread().name)
        names = [one.picture for one in wanted]  # type: ignore[attr-defined]
        asked.extend(names)
        return {name: png if name != "broken" else b"no png" for name in names}

    pictures = Pictures(load)
    one = window.sale.articles.grid.shown[0].tile
    assert one is not None
    for _ in range(2):
        pictures.ask([replace(one, picture="a"), replace(one, picture="broken"), replace(one, picture="")])
    pictures.finish()
    QTest.qWait(20)
    assert asked == ["a", "broken"]
    assert all(name.startswith("pictures") for name in threads)
    assert pictures.image("a") is not None
    assert pictures.image("broken") is None
    pictures.ask([replace(one, picture=f"p{number}") for number in range(MOST_KEPT)])
    pictures.finish()
    QTest.qWait(20)
    assert pictures.image("a") is None
    assert pictures.image(f"p{MOST_KEPT - 1}") is not None


@pytest.mark.usefixtures("qapp")
def test_pictures_of_a_database_that_is_away_come_later() -> None:
    answers: list[dict[str, bytes] | None] = [None, {"a": a_picture()}]

    def load(_tiles: object, _tabs: object) -> dict[str, bytes]:
        answer = answers.pop(0)
        if answer is None:
            raise Unavailable(BUSY)
        return answer

    pictures = Pictures(load)
    for expected in (False, True):
        pictures.ask((), [CategoryTab("x", "X", RED, "a")])
        pictures.finish()
        QTest.qWait(20)
        assert (pictures.image("a") is not None) is expected


def test_a_category_shows_its_tiles_in_the_order_that_the_office_gave_them(window: MainWindow, till: Till) -> None:
    window.sale.articles.bar.choose("accessories")
    before = tiles(window)
    tile = window.sale.articles.grid.shown[0].tile
    assert tile is not None
    till.layout.move(Move("accessories", tile, 0, 1))
    window.show_catalogue()
    assert tiles(window) == [before[1], before[0]]


def test_an_article_that_is_no_longer_sold_vanishes_while_others_stay(window: MainWindow, till: Till) -> None:
    with till.workplace.database.write() as session:
        change_article(session, replace(articles_numbered(session, ["1001"])["1001"], is_active=False))
    window.show_catalogue()
    assert "Rose" not in tiles(window)
    assert "Tulpe 10er" in tiles(window)
