"""Search as you type on both databases: what is found, in which order, and that nothing typed is an error."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from till.business_case import VatKey
from till.catalog.article import Article, Category
from till.catalog.assortment import add_articles, add_categories, change_article
from till.catalog.lookup import articles_of, search
from till.catalog.search_index import SHADOWS, TABLE, clear_index, create_index, index_some, is_worn
from till.catalog.search_text import normalised
from till.db.engine import Database

NAMES = ("Müsli", "Straßenkreide", "Müsliriegel Bio", "Kräutertee", "Tee Assam", "Alter Tee", "Rose", "Gartenrose")
Names = Callable[..., list[str]]


def article(number: str, name: str, **wanted: object) -> Article:
    usual = Article(uuid.uuid4(), number, name, "c", None, VatKey.REDUCED)
    return replace(usual, **wanted)  # type: ignore[arg-type]


@pytest.fixture(params=["indexed", "not yet indexed"])
def session(request: pytest.FixtureRequest, database: Database) -> Iterator[Session]:
    """A unit of work with some articles; on PostgreSQL both cases are the same."""
    goods = [article(str(place), name) for place, name in enumerate(NAMES, 1001)]
    goods[0] = replace(goods[0], codes=("4006381333931",), plu="77")
    goods.append(article("2001", "Altes Müsli", is_active=False))
    with database.write() as unit:
        add_categories(unit, [Category("c", "Alles", 1, "#FFFFFF")])
        add_articles(unit, goods)
        if request.param == "indexed":
            index_some(unit, 100)
        yield unit


@pytest.fixture
def names(session: Session) -> Names:
    """The names of what is found."""
    return lambda typed, **wanted: [one.name for one in search(session, typed, **wanted)]


BY_NAME = sorted(NAMES, key=normalised)
EXPECTED = {
    "musli": ["Müsli", "Müsliriegel Bio"],
    "MÜSLI": ["Müsli", "Müsliriegel Bio"],
    "muesli": ["Müsli", "Müsliriegel Bio"],
    "strasse": ["Straßenkreide"],
    "straße": ["Straßenkreide"],
    "müs bio": ["Müsliriegel Bio"],
    "bio müs": ["Müsliriegel Bio"],
    "bio bio bio": ["Müsliriegel Bio"],
    "tee": ["Tee Assam", "Alter Tee", "Kräutertee"],
    "te": ["Tee Assam", "Alter Tee"],
    "t": ["Tee Assam"],
    "rose": ["Rose", "Gartenrose"],
    "tee a": ["Tee Assam", "Alter Tee"],
    "a t": ["Alter Tee"],
    "1003": ["Müsliriegel Bio"],
    "100": BY_NAME,
    "1": BY_NAME,
    "400638": ["Müsli"],
    "4006381333931": ["Müsli"],
    "77": ["Müsli"],
    "381333": [],
    "nichts": [],
}
NO_WORDS = ("", " ", "%", "_", '"', "'", "*", "-", "\0", "\x1b[31m"[:2], "()", "„“", "\ud800", "🌹")
HOSTILE = (
    '"tee',
    "tee*",
    "te*e",
    "tee AND",
    "NEAR(tee rose)",
    "tee NOT rose",
    "words:tee",
    "^tee",
    "tee'; DROP TABLE article; --",
    "tee\0rose",
    "rose\ud800",
    "77\ud800",
    "%tee%",
    "x" * 500,
    "tee " * 200,
    "ﷺ" * 100,
    "+-&|!(){}[]^~:\\/",
)


def test_what_is_typed_finds_what_is_meant_the_best_first(names: Names) -> None:
    assert {typed: names(typed) for typed in EXPECTED} == EXPECTED


def test_signs_that_are_no_words_find_nothing(names: Names) -> None:
    assert [typed for typed in NO_WORDS if names(typed)] == []


def test_hostile_input_is_only_words(names: Names, session: Session) -> None:
    for typed in HOSTILE:
        names(typed)
    assert names("tee*") == names('"tee"') == names("%tee%") == names("tee")
    assert session.scalar(text("SELECT count(*) FROM article")) == len(NAMES) + 1


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=40))
def test_no_text_at_all_is_an_error(session: Session, typed: str) -> None:
    search(session, typed)


def test_inactive_articles_are_found_in_the_office_only(names: Names) -> None:
    assert names("altes") == []
    assert names("altes", with_inactive=True) == ["Altes Müsli"]


def test_no_more_are_given_than_were_asked_for(names: Names) -> None:
    assert names("100", limit=3) == sorted(NAMES, key=normalised)[:3]


def test_a_changed_article_is_found_by_its_new_words_only_before_and_after_it_is_indexed(
    session: Session, names: Names
) -> None:
    (rose,) = search(session, "gartenrose")
    change_article(session, replace(rose, name="Pfingstrose", plu="88"))
    for _ in range(2):
        assert names("gartenrose") == []
        assert names("pfingst") == names("88") == ["Pfingstrose"]
        index_some(session, 100)


def test_what_the_index_lacks_is_ranked_among_the_rest(session: Session, names: Names) -> None:
    index_some(session, 100)
    add_articles(session, [article("3001", "Rosenseife"), article("3002", "Alte Rosen")])
    assert names("rose") == ["Rose", "Rosenseife", "Alte Rosen", "Gartenrose"]


def test_many_hits_inside_of_words_do_not_hide_the_word_itself(session: Session, names: Names) -> None:
    add_articles(session, [article(f"5{n:04d}", f"Früchtebrot {n}") for n in range(300)])
    add_articles(session, [article("6000", "Helles Brot"), article("6001", "Brot")])
    while index_some(session, 100):
        pass
    assert names("brot", limit=3) == ["Brot", "Helles Brot", "Früchtebrot 0"]
    assert names("früchtebrot 299") == ["Früchtebrot 299"]
    assert len(names("früchtebrot", limit=250)) == 250


def test_an_index_that_is_emptied_fills_again(session: Session, names: Names) -> None:
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("the server keeps its index itself")
    index_some(session, 100)
    clear_index(session)
    assert names("rose") == ["Rose", "Gartenrose"]
    assert index_some(session, 3) == 3
    assert names("rose") == ["Rose", "Gartenrose"]
    assert index_some(session, 100) == len(NAMES) - 2
    assert index_some(session, 100) == 0
    assert names("rose") == ["Rose", "Gartenrose"]


def test_an_index_with_many_entries_that_belong_to_nobody_is_worn(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("till.catalog.search_index._MOST_ORPHANS", 1)
    index_some(session, 100)
    assert not is_worn(session)
    for name in ("Teerose", "Buschrose"):
        change_article(session, replace(search(session, "rose")[-1], name=name))
        index_some(session, 100)
    assert is_worn(session) == (session.get_bind().dialect.name == "sqlite")


def test_articles_come_in_the_order_asked_for_and_missing_ones_are_left_out(session: Session) -> None:
    ids = [one.id for one in search(session, "rose")]
    assert [one.name for one in articles_of(session, [ids[1], uuid.uuid4(), ids[0]])] == ["Gartenrose", "Rose"]
    assert articles_of(session, []) == []


def test_the_index_is_asked_and_not_every_article(on_sqlite_with_index: Session) -> None:
    asked = (
        f"SELECT article.id FROM {TABLE} JOIN article ON article.search_row = {TABLE}.rowid "  # noqa: S608 - own names
        f"WHERE article.is_active IS NOT 0 AND {TABLE}.{TABLE} MATCH '\"tee\"' LIMIT 200"
    )
    plans = on_sqlite_with_index.execute(text(f"EXPLAIN QUERY PLAN {asked}")).all()
    assert [str(plan[3]).split()[:2] for plan in plans] == [["SCAN", TABLE], ["SEARCH", "article"]]
    found = on_sqlite_with_index.scalars(text("SELECT name FROM sqlite_schema WHERE type = 'table'")).all()
    assert set(found) >= SHADOWS


@pytest.fixture
def on_sqlite_with_index(sqlite_database_url: str) -> Iterator[Session]:
    database = Database(sqlite_database_url)
    with database.read() as unit:
        yield unit
    database.close()


def test_a_server_without_the_extension_works_and_says_so(
    postgres_database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    database = Database(postgres_database_url)
    with database.engine.begin() as connection:
        connection.execute(text("DROP EXTENSION pg_trgm CASCADE"))
        connection.execute(text("CREATE ROLE weak_owner"))
        connection.execute(text("SET ROLE weak_owner"))
        with caplog.at_level(logging.WARNING):
            create_index(connection)
        connection.execute(text("RESET ROLE"))
        connection.execute(text("DROP ROLE weak_owner"))
    assert "Ask who keeps the server to run CREATE EXTENSION pg_trgm" in caplog.text
    caplog.clear()
    with database.write() as unit:
        add_categories(unit, [Category("c", "Alles", 1, "#FFFFFF")])
        add_articles(unit, [article("1", "Kräutertee")])
        assert [one.name for one in search(unit, "tee")] == ["Kräutertee"]
    database.close()
