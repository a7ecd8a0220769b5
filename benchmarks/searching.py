"""P4: from a letter typed to the first page of hits, 100,000 articles, beside the bare index asked for the same word."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter_ns

from sqlalchemy import text

from benchmarks.measure import Result, Sample, ratio
from benchmarks.postgres import has_server, running_server
from benchmarks.shop import new_shop, open_shop, temporary_folder
from till.app.bootstrap import Till
from till.app.views import FIRST_TAB
from till.catalog.search import Typed
from till.catalog.search_index import PIECE, TABLE, index_some
from till.db.engine import Database, open_file

ARTICLES = 100_000
FIRST_PAGE = 20
ROUNDS = 12
P95_MS = 5.0
BLOCK_MS = 50.0
WORDS = (
    "rosenstrauss",
    "assam tee",
    "müsli 123",
    "grußkarte",
    "kerze",
    "straussgras 99",
    "becher",
    "100123",
    "4000000",
)
PARTS = ("strau", "karte 77", "gras", "usli 5")  # begun in the middle of a word
PORTION = 50
Bare = Callable[[str], object]


def measure() -> list[Result]:
    """Each word is typed letter by letter; after each letter the till searches, then the bare library does."""
    logging.disable(logging.WARNING)
    with temporary_folder() as folder:
        results = [*_on_sqlite(folder)]
        if has_server():
            with running_server() as url:
                results.append(_on_postgres(folder, url))
    return results


def _on_sqlite(folder: Path) -> Iterator[Result]:
    settings = new_shop(folder / "sqlite", ARTICLES)
    with open_shop(settings) as till:
        portions = _index(till.workplace.database)
        with _bare_fts(folder / "sqlite" / "till.db") as bare:
            yield _result("SQLite", _type(till, bare), "FTS5")
            yield _turned(till)
    yield Result(
        "P4",
        f"take {ARTICLES:,} articles into the index",
        f"{sum(portions.ns) / 1e9:.1f} s",
        note=f"in the background, {PORTION} at a time; one portion: {portions.text()}, longest {portions.ms(100):.0f} ms",
    )


def _on_postgres(folder: Path, url: str) -> Result:
    settings = new_shop(folder / "postgres", ARTICLES, url)
    with open_shop(settings) as till:
        database = till.workplace.database
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))  # as the server does by itself within a minute
        with _bare_trgm(url) as bare:
            return _result("PostgreSQL", _type(till, bare), "pg_trgm")


def _result(system: str, times: tuple[Sample, Sample], library: str) -> Result:
    till, bare = times
    return Result(
        "P4",
        f"a letter typed → first page, {ARTICLES:,} articles, {system}",
        f"p50 {till.ms(50):.2f} ms, p95 {till.ms(95):.2f} ms",
        f"p50 {bare.ms(50):.2f} ms, p95 {bare.ms(95):.2f} ms ({library})",
        ratio(till, bare),
        f"p95 ≤ {P95_MS:g} ms",
        till.ms(95) <= P95_MS,
        f"{len(till.ns)} searches, {FIRST_PAGE} tiles each with name, price, colour and picture's name; "
        f"the bare index gives {FIRST_PAGE} texts that hold the word, in no order",
    )


def _turned(till: Till) -> Result:
    """The first page, one in the middle and the last one of all articles, as when a cashier turns pages."""
    sample = Sample()
    for _ in range(ROUNDS):
        for first in (0, ARTICLES // 2, ARTICLES - FIRST_PAGE):
            sample.take(lambda first=first: till.sale.page(FIRST_TAB, first, FIRST_PAGE))  # type: ignore[misc]
    return Result(
        "P9",
        f"turn to a page of all {ARTICLES:,} articles",
        sample.text(),
        target=f"p99 ≤ {BLOCK_MS:g} ms",
        met=sample.ms(99) <= BLOCK_MS,
        note="in the window's thread; the first, the middle and the last page of a shop without favourites",
    )


def _type(till: Till, bare: Bare) -> tuple[Sample, Sample]:
    shown, plain = Sample(), Sample()
    for _ in range(ROUNDS):
        for word in (*WORDS, *PARTS):
            for end in range(1, len(word) + 1):
                typed = word[:end]
                shown.take(lambda typed=typed: till.sale.search(typed, FIRST_PAGE))  # type: ignore[misc]
                if any(len(one) >= PIECE for one in Typed.of(typed).words):
                    plain.take(lambda typed=typed: bare(typed))  # type: ignore[misc]
    assert till.sale.search("grußkarte 99994", FIRST_PAGE)[0].name == "Grußkarte 99994"
    return shown, plain


def _index(database: Database) -> Sample:
    sample = Sample()
    while True:
        began = perf_counter_ns()
        with database.write() as session:
            if not index_some(session, PORTION):
                return sample
        sample.ns.append(perf_counter_ns() - began)


@contextmanager
def _bare_fts(path: Path) -> Iterator[Bare]:
    wanted = (
        f"SELECT article.search_text FROM {TABLE} CROSS JOIN article ON article.search_row = {TABLE}.rowid "
        f"WHERE {TABLE} MATCH ? LIMIT {FIRST_PAGE}"
    )
    with open_file(path) as connection:
        yield lambda typed: connection.execute(wanted, (_match(typed),)).fetchall()


@contextmanager
def _bare_trgm(url: str) -> Iterator[Bare]:
    import psycopg
    from sqlalchemy import make_url

    address = make_url(url)
    wanted = f"SELECT search_text FROM article WHERE search_text LIKE ALL(%s) LIMIT {FIRST_PAGE}"
    host = str(address.query["host"])
    with psycopg.connect(dbname=address.database, user=address.username, host=host, autocommit=True) as connection:
        yield lambda typed: connection.execute(wanted, ([f"%{one}%" for one in Typed.of(typed).words],)).fetchall()


def _match(typed: str) -> str:
    pieces = [one[i : i + PIECE] for one in Typed.of(typed).words for i in range(len(one) - PIECE + 1)]
    return " AND ".join(f'"{piece}"' for piece in pieces)
