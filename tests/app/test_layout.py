"""The grid page by page and the layout desk: tabs, favourites with gaps, the order of a category, and what other tills see."""

from __future__ import annotations

import io
import json
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from PIL import Image

from till.app.bootstrap import Till, open_till
from till.app.catalogue_watch import CatalogueWatch
from till.app.layout import MOVED_MEANWHILE, Move
from till.app.verify import verify
from till.app.views import FIRST_TAB, Tile
from till.audit import trail
from till.business_case import VatKey
from till.catalog.article import Article, Category
from till.catalog.assortment import add_articles, change_article
from till.catalog.lookup import articles_numbered, search
from till.catalog.models import ArticleRow
from till.catalog.pictures import PictureOwner, normalised, picture_digests, set_picture
from till.catalog.search_index import index_some
from till.db.engine import Database
from till.errors import Refused, Unavailable
from till.money import Money
from till.settings import Settings

GREEN = "#DDEBD0"


@pytest.fixture
def till(any_shop_settings: Settings) -> Iterator[Till]:
    """A till on either database."""
    with closing(open_till(any_shop_settings)) as opened:
        yield opened


def tile(till: Till, name: str) -> Tile:
    return next(one for one in till.sale.assortment().tiles if one.name == name)


def names(till: Till, tab: str = "all", first: int = 0, count: int = 100) -> list[str | None]:
    return [None if one is None else one.name for one in till.sale.page(tab, first, count).tiles]


def favourites(till: Till) -> list[str | None]:
    return [None if one is None else one.name for one in till.layout.page(FIRST_TAB, 0, 100).tiles]


def a_picture(side: int = 300) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (side, side), "#AA3344").save(written, "PNG")
    return written.getvalue()


def last_note(till: Till, action: trail.Action) -> trail.AuditEntry:
    with till.workplace.database.read() as session:
        return trail.entries(session, till.settings.till_id, action)[-1]


# Pages


@pytest.mark.parametrize("count", [1, 2, 3, 5, 7, 100])
def test_pages_laid_end_to_end_are_the_whole_assortment_in_its_order(till: Till, count: int) -> None:
    with till.workplace.database.write() as session:
        extra = Article(uuid.uuid4(), "X", "Aaa ohne Platz", "all", Money(1), VatKey.GENERAL)
        add_articles(session, [extra, replace(extra, id=uuid.uuid4(), number="Y", name="Zzz ohne Platz")])
    till.sale.reload_assortment()
    whole = [one.name for one in till.sale.assortment().tiles]
    assert till.sale.page(FIRST_TAB, 0, count).places == len(whole)
    assert [name for first in range(0, len(whole), count) for name in names(till, FIRST_TAB, first, count)] == whole
    assert whole.index("Aaa ohne Platz") > whole.index("Käse")


def test_a_page_behind_the_last_one_is_empty(till: Till) -> None:
    assert names(till, "all", 1000, 20) == []
    assert names(till, "no such tab") == []


def test_a_tab_has_its_own_articles_and_voucher_types(till: Till) -> None:
    assert [tab.name for tab in till.sale.grid().tabs] == ["Alles", "Gutscheine"]
    assert "Rose" in names(till, "all")
    assert names(till, "vouchers") == [
        "Aktion 20/30",
        "Eigene Nummer",
        "Floristik-Kurs",
        "Geschenk",
        "Gutschein 25",
        "Gutschein frei",
    ]


def test_the_search_at_the_counter_finds_voucher_types_first_and_nothing_that_is_not_sold(till: Till) -> None:
    with till.workplace.database.write() as session:
        rose = articles_numbered(session, ["1"])["1"]
        change_article(session, replace(rose, is_active=False))
    assert [one.name for one in till.sale.search("gutschein")] == ["Gutschein 25", "Gutschein frei"]
    assert [one.name for one in till.sale.search("901")] == ["Gutschein 25"]
    assert till.sale.search("rose") == ()
    assert till.sale.search("ass tee")[0].name == "Assam Tee"
    assert till.sale.search("„“") == ()
    assert len(till.sale.search("gutschein", limit=1)) == 1


# Categories


def test_a_new_category_comes_last_and_is_audited(till: Till) -> None:
    made = till.layout.add_category(" Kerzen ", "#f7d6dc")
    assert till.sale.grid().tabs[-1].name == "Kerzen"
    assert till.sale.grid().tabs[-1].colour == "#F7D6DC"
    entry = last_note(till, trail.Action.CATEGORY_CHANGED)
    assert (entry.before, json.loads(entry.after)["name"]) == ("", "Kerzen")
    assert made.id in entry.subject


@pytest.mark.parametrize(
    ("name", "colour", "said"),
    [
        ("", GREEN, "needs a name"),
        ("   ", GREEN, "needs a name"),
        ("x" * 41, GREEN, "needs a name"),
        ("a\nb", GREEN, "needs a name"),
        (" ALLES", GREEN, "already a category"),
        ("Neu", "green", "A colour is written"),
        ("Neu", "#12345G", "A colour is written"),
        ("Neu", "#１２３４５６", "A colour is written"),
    ],
)
def test_a_category_without_name_of_its_own_or_colour_is_refused(till: Till, name: str, colour: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        till.layout.add_category(name, colour)
    assert len(till.layout.categories()) == 2


def test_a_category_is_renamed_and_recoloured_with_before_and_after(till: Till) -> None:
    entry = till.layout.categories()[0]
    till.layout.change_category(replace(entry.category, name="Sortiment", colour="#C5E6D4"))
    assert till.sale.grid().tabs[0].name == "Sortiment"
    assert till.sale.page("all", 0, 1).tiles[0].colour == "#C5E6D4"  # type: ignore[union-attr]
    noted = last_note(till, trail.Action.CATEGORY_CHANGED)
    assert (json.loads(noted.before)["name"], json.loads(noted.after)["name"]) == ("Alles", "Sortiment")


def test_what_changes_nothing_leaves_no_trace(till: Till) -> None:
    till.layout.change_category(till.layout.categories()[0].category)
    till.layout.move_category("all", 0)
    with till.workplace.database.read() as session:
        assert trail.entries(session, till.settings.till_id, trail.Action.CATEGORY_CHANGED) == []
        assert trail.entries(session, till.settings.till_id, trail.Action.TILES_CHANGED) == []


def test_an_inactive_category_has_no_tab_but_its_articles_are_sold_and_found(till: Till) -> None:
    entry = till.layout.categories()[0]
    till.layout.change_category(replace(entry.category, is_active=False))
    assert [tab.id for tab in till.sale.grid().tabs] == ["vouchers"]
    assert [one.category.is_active for one in till.layout.categories()] == [False, True]
    assert till.sale.search("rose")[0].name == "Rose"
    assert "Rose" in names(till, FIRST_TAB)
    assert [(one.category.id, one.tiles) for one in till.layout.categories()] == [("all", 8), ("vouchers", 6)]


def test_categories_are_put_in_order(till: Till) -> None:
    candles = till.layout.add_category("Kerzen", GREEN)
    till.layout.move_category(candles.id, 0)
    assert [tab.name for tab in till.sale.grid().tabs] == ["Kerzen", "Alles", "Gutscheine"]
    till.layout.move_category(candles.id, 99)
    assert [tab.name for tab in till.sale.grid().tabs] == ["Alles", "Gutscheine", "Kerzen"]


def test_a_category_that_is_gone_is_said(till: Till) -> None:
    deeds: tuple[Callable[[], None], ...] = (
        lambda: till.layout.change_category(Category("gone", "Weg", 1, GREEN)),
        lambda: till.layout.move_category("gone", 0),
        lambda: till.layout.set_category_picture("gone", a_picture()),
    )
    for deed in deeds:
        with pytest.raises(Refused, match="not there any more"):
            deed()


def test_a_category_and_an_article_have_pictures_by_name(till: Till) -> None:
    till.layout.set_category_picture("all", a_picture())
    with till.workplace.database.write() as session:
        set_picture(session, PictureOwner.ARTICLE, tile(till, "Rose").id, normalised(a_picture(90)))
    tab = till.sale.grid().tabs[0]
    page = till.sale.page("all", 0, 10)
    rose = next(one for one in page.tiles if one is not None and one.name == "Rose")
    assert till.sale.search("rose")[0].picture == rose.picture != ""
    found = till.sale.pictures([rose], [tab])
    assert set(found) == {rose.picture, tab.picture}
    assert all(png.startswith(b"\x89PNG") for png in found.values())
    noted = last_note(till, trail.Action.TILES_CHANGED)
    assert (json.loads(noted.before)["picture"], json.loads(noted.after)["picture"]) == ("", tab.picture)
    till.layout.set_category_picture("all", None)
    assert till.sale.grid().tabs[0].picture == ""
    assert till.sale.pictures([]) == {}


def test_no_picture_is_refused_and_changes_nothing(till: Till) -> None:
    with pytest.raises(Refused, match="no picture"):
        till.layout.set_category_picture("all", b"%PDF-1.4")
    with till.workplace.database.read() as session:
        assert picture_digests(session, PictureOwner.CATEGORY, ["all"]) == {}


# Favourites


def test_the_first_tab_has_everything_until_there_are_favourites(till: Till) -> None:
    assert not till.sale.grid().has_favourites
    assert len(names(till, FIRST_TAB)) == 14
    assert favourites(till) == []
    till.layout.put(tile(till, "Becher"))
    assert till.sale.grid().has_favourites
    assert names(till, FIRST_TAB) == favourites(till) == ["Becher"]


def test_favourites_keep_their_places_and_gaps(till: Till) -> None:
    till.layout.put(tile(till, "Rose"), 2)
    till.layout.put(tile(till, "Gutschein 25"), 5)
    till.layout.put(tile(till, "Becher"))
    assert favourites(till) == ["Becher", None, "Rose", None, None, "Gutschein 25"]
    assert names(till, FIRST_TAB, 2, 2) == ["Rose", None]
    assert names(till, FIRST_TAB, 4, 20) == [None, "Gutschein 25"]
    assert till.sale.page(FIRST_TAB, 0, 2).places == 6


def test_a_tile_put_between_others_moves_them_up_to_the_next_gap(till: Till) -> None:
    for place, name in ((0, "Rose"), (1, "Becher"), (3, "Käse")):
        till.layout.put(tile(till, name), place)
    till.layout.put(tile(till, "Assam Tee"), 0)
    assert favourites(till) == ["Assam Tee", "Rose", "Becher", "Käse"]
    till.layout.put(tile(till, "Becher"), 0)
    assert favourites(till) == ["Becher", "Assam Tee", "Rose", "Käse"]


def test_a_moved_favourite_changes_places_and_all_others_stay(till: Till) -> None:
    for place, name in ((0, "Rose"), (1, "Becher"), (4, "Käse")):
        till.layout.put(tile(till, name), place)
    till.layout.move(Move(FIRST_TAB, tile(till, "Rose"), 0, 4))
    assert favourites(till) == ["Käse", "Becher", None, None, "Rose"]
    till.layout.move(Move(FIRST_TAB, tile(till, "Becher"), 1, 2))
    assert favourites(till) == ["Käse", None, "Becher", None, "Rose"]
    noted = last_note(till, trail.Action.TILES_CHANGED)
    assert set(json.loads(noted.before)) ^ set(json.loads(noted.after)) == {"1", "2"}
    with pytest.raises(Refused) as refusal:
        till.layout.move(Move(FIRST_TAB, tile(till, "Rose"), 0, 1))
    assert refusal.value.msgid == MOVED_MEANWHILE
    till.layout.move(Move(FIRST_TAB, tile(till, "Rose"), 4, 4))


def test_a_removed_favourite_leaves_a_gap(till: Till) -> None:
    till.layout.put(tile(till, "Rose"))
    till.layout.put(tile(till, "Becher"))
    till.layout.remove(tile(till, "Rose"))
    assert favourites(till) == [None, "Becher"]
    assert "Rose" in names(till, "all")


def test_a_favourite_that_is_not_sold_for_a_while_leaves_its_place_free(till: Till) -> None:
    till.layout.put(tile(till, "Rose"))
    till.layout.put(tile(till, "Becher"))
    with till.workplace.database.write() as session:
        rose = articles_numbered(session, ["1"])["1"]
        change_article(session, replace(rose, is_active=False))
    assert favourites(till) == [None, "Becher"]
    with till.workplace.database.write() as session:
        change_article(session, rose)
    assert favourites(till) == ["Rose", "Becher"]


@pytest.mark.parametrize("place", [-1, 400])
def test_there_is_an_end_to_the_places(till: Till, place: int) -> None:
    with pytest.raises(Refused, match="room for 400 tiles"):
        till.layout.put(tile(till, "Rose"), place)
    till.layout.put(tile(till, "Rose"), 399)
    with pytest.raises(Refused, match="room for 400 tiles"):
        till.layout.put(tile(till, "Becher"), 399)
    with pytest.raises(Refused, match="room for 400 tiles"):
        till.layout.move(Move(FIRST_TAB, tile(till, "Rose"), 399, place))
    assert names(till, FIRST_TAB, 398, 9) == [None, "Rose"]


# The order of a category


def positions(till: Till) -> dict[str, int | None]:
    with till.workplace.database.read() as session:
        rows = session.query(ArticleRow.name, ArticleRow.position)
        return {row.name: row.position for row in rows}


def test_a_tile_is_moved_within_its_category_and_the_places_stay_the_same_ones(till: Till) -> None:
    before = names(till)
    was = positions(till)
    till.layout.move(Move("all", tile(till, "Assam Tee"), 1, 4))
    moved = [before[0], *before[2:5], "Assam Tee", *before[5:]]
    assert names(till) == moved
    now = positions(till)
    assert {name for name in was if was[name] != now[name]} == set(before[1:5])
    assert sorted(now.values(), key=str) == sorted(was.values(), key=str)
    till.layout.move(Move("all", tile(till, "Assam Tee"), 4, 1))
    assert names(till) == before
    assert positions(till) == was


def test_tiles_without_a_place_of_their_own_get_one_as_far_as_it_is_needed(till: Till) -> None:
    types = names(till, "vouchers")
    till.layout.move(Move("vouchers", tile(till, str(types[2])), 2, 0))
    assert names(till, "vouchers") == [types[2], types[0], types[1], *types[3:]]
    till.layout.move(Move("vouchers", tile(till, str(types[4])), 4, 1))
    assert names(till, "vouchers") == [types[2], types[4], types[0], types[1], types[3], *types[5:]]


def test_tiles_that_share_a_place_are_told_apart(till: Till) -> None:
    with till.workplace.database.write() as session:
        session.query(ArticleRow).update({"position": 7})
    order = names(till)
    till.layout.move(Move("all", tile(till, str(order[0])), 0, 2))
    assert names(till) == [order[1], order[2], order[0], *order[3:]]


def test_a_tile_that_is_elsewhere_by_now_is_not_moved(till: Till) -> None:
    before = names(till)
    for wanted in (
        Move("all", tile(till, "Rose"), 3, 0),
        Move("all", tile(till, "Rose"), 0, 50),
        Move("vouchers", tile(till, "Rose"), 0, 1),
    ):
        with pytest.raises(Refused, match="changed at another till"):
            till.layout.move(wanted)
    with pytest.raises(Refused, match="first 2000"):
        till.layout.move(Move("all", tile(till, "Rose"), 0, 5000))
    assert names(till) == before


def test_the_books_are_in_order_after_all_this(till: Till) -> None:
    till.layout.put(tile(till, "Rose"), 3)
    till.layout.add_category("Kerzen", GREEN)
    till.layout.move(Move("all", tile(till, "Rose"), 0, 3))
    till.layout.set_category_picture("all", a_picture())
    with till.workplace.database.write() as session:
        index_some(session, 100)
    assert verify(till.workplace.database, lambda *_: None) == []


# What other tills see


def test_a_change_is_told_once_and_the_index_follows(till: Till) -> None:
    told: list[str] = []
    watch = CatalogueWatch(till.workplace.database)
    watch.listen(lambda: told.append("changed"))
    watch.look()
    watch.look()
    assert told == []
    till.layout.put(tile(till, "Rose"))
    watch.look()
    watch.look()
    assert told == ["changed"]
    with till.workplace.database.write() as session:
        assert index_some(session, 100) == 0
        assert search(session, "rose")[0].name == "Rose"


def test_a_running_watch_tells_what_another_program_changed_and_survives_an_outage(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, looked = threading.Event(), threading.Event()
    watch = CatalogueWatch(till.workplace.database, look_s=0.02)
    watch.listen(told.set)
    real = watch.look
    broken: list[Callable[[], None]] = [_unavailable, _broken]

    def look() -> None:
        if broken:
            broken.pop()()
        real()
        looked.set()

    monkeypatch.setattr(watch, "look", look)
    watch.begin()
    try:
        assert looked.wait(20)
        other = Database(till.settings.database_url)
        with other.write() as session:
            change_article(session, replace(articles_numbered(session, ["1"])["1"], name="Rosé"))
        other.close()
        assert told.wait(20)
    finally:
        watch.stop()


def _unavailable() -> None:
    raise Unavailable("away")


def _broken() -> None:
    raise ValueError("a defect")


def test_a_worn_index_is_made_anew(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("till.catalog.search_index._MOST_ORPHANS", 1)
    watch = CatalogueWatch(till.workplace.database)
    watch.look()
    for name in ("Eins", "Zwei", "Drei"):
        with till.workplace.database.write() as session:
            change_article(session, replace(articles_numbered(session, ["1"])["1"], name=name))
        watch.look()
    with till.workplace.database.write() as session:
        assert index_some(session, 100) == 0
        assert [one.name for one in search(session, "drei")] == ["Drei"]


def test_a_sale_goes_on_while_the_office_moves_tiles(till: Till) -> None:
    till.cash.open_shift(Money(0))
    till.sale.scan("4006381333931")
    till.layout.put(tile(till, "Becher"), 3)
    till.layout.change_category(replace(till.layout.categories()[0].category, name="Neu"))
    assert [line.line.item.name for line in till.sale.state.priced.lines] == ["Rose"]
    till.sale.pay_cash(Money(350))
    assert till.sale.complete().change == Money(0)
