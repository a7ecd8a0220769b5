"""The file in which an import of articles is made ready, so that memory stays flat and the books are touched once, at the end."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from till.catalog.article import Article, Category
from till.catalog.assortment import search_text_of
from till.db.cipher import FileKey
from till.db.engine import open_file

ARTICLE_COLUMNS = (
    "id",
    "number",
    "name",
    "receipt_name",
    "category_id",
    "price",
    "unit",
    "vat_key",
    "kind",
    "deposit_article_id",
    "is_active",
    "takes_discount",
    "is_weighed",
    "position",
    "age_limit",
    "note",
    "search_text",
)
"""As the books' table has them; what stands in the staged ones is what SQLite stores for them there."""

_NAMES = ", ".join(ARTICLE_COLUMNS)
_SCHEMA = f"""
CREATE TABLE verdict(row INTEGER PRIMARY KEY, verdict TEXT NOT NULL, number TEXT, name TEXT, detail TEXT);
CREATE TABLE staged_article(row INTEGER PRIMARY KEY, is_new INTEGER NOT NULL, deposit TEXT, {_NAMES});
CREATE TABLE article_before({_NAMES});
CREATE TABLE staged_code(code TEXT, article_id TEXT, position INTEGER);
CREATE TABLE staged_plu(plu TEXT, kind TEXT, ref TEXT);
CREATE TABLE claim(row INTEGER, what TEXT, value TEXT, owner TEXT);
CREATE TABLE staged_category(id TEXT, name TEXT, position INTEGER, colour TEXT);
"""
_INDEXES = (
    ("claim", "CREATE INDEX staged_id ON staged_article(id)"),
    ("staged_article WHERE deposit <> ''", "CREATE INDEX staged_number ON staged_article(number)"),
)
"""Each with what it is needed for; most tables need none."""
_NEW_ROWS = "FROM staged_article WHERE is_new AND row NOT IN (SELECT row FROM verdict)"
"""A new article that is not refused has no row of its own in `verdict`: of most imports that would be every row once more."""


class Verdict(StrEnum):
    """What an import would do with a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(slots=True)
class Batch:
    """The rows of one portion, as they are stored."""

    verdicts: list[tuple[int, str, str, str, str]] = field(default_factory=list)
    articles: list[tuple[object, ...]] = field(default_factory=list)
    before: list[tuple[object, ...]] = field(default_factory=list)
    codes: list[tuple[str, str, int]] = field(default_factory=list)
    plus: list[tuple[str, str, str]] = field(default_factory=list)
    claims: list[tuple[int, str, str, str]] = field(default_factory=list)


class Staging:
    """An open staging file. Nothing in it outlives the import, so nothing waits for the disk."""

    def __init__(self, path: Path, key: FileKey | None) -> None:
        """A new file in the place of an older one, for its owner only; encrypted where the books are."""
        self.path = path
        self._own = contextlib.ExitStack()
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        self._connection = self._own.enter_context(open_file(path, key, read_only=False))
        self._own.callback(path.unlink, missing_ok=True)
        self._connection.execute("PRAGMA journal_mode=OFF").fetchall()
        self._connection.execute("PRAGMA synchronous=OFF")
        self._connection.executescript(_SCHEMA)

    def add(self, batch: Batch) -> None:
        """Store a portion."""
        self._insert(
            verdict=batch.verdicts,
            staged_article=batch.articles,
            article_before=batch.before,
            staged_code=batch.codes,
            staged_plu=batch.plus,
            claim=batch.claims,
        )

    def add_categories(self, categories: Iterable[Category]) -> None:
        """Store categories that the import makes."""
        self._insert(staged_category=[(c.id, c.name, c.position, c.colour) for c in categories])

    def index(self) -> None:
        """Make it quick to look up what will be; once all rows are there."""
        for needed_by, statement in _INDEXES:
            if self._connection.execute(f"SELECT EXISTS (SELECT 1 FROM {needed_by})").fetchone()[0]:  # noqa: S608 - own names
                self._connection.execute(statement)

    def refuse(self, row: int, problem: str) -> None:
        """Turn the verdict about a staged row; the first `problem` counts, as `Problem.as_json` gives it."""
        refused = Verdict.REFUSED.value
        self._connection.execute(
            "INSERT INTO verdict SELECT row, ?, number, name, ? FROM staged_article WHERE row = ?"
            " ON CONFLICT DO UPDATE SET verdict = excluded.verdict, detail = excluded.detail WHERE verdict <> ?",
            (refused, problem, row, refused),
        )

    def counts(self) -> dict[Verdict, int]:
        """How many rows have which verdict."""
        found = self._connection.execute("SELECT verdict, count(*) FROM verdict GROUP BY verdict")
        counts = dict.fromkeys(Verdict, 0) | {Verdict(verdict): count for verdict, count in found}
        counts[Verdict.NEW] = self._connection.execute(f"SELECT count(*) {_NEW_ROWS}").fetchone()[0]
        return counts

    def verdicts(self, verdict: Verdict, after_row: int, limit: int) -> list[tuple[int, str, str, str]]:
        """Row, number, name and detail of the next rows behind `after_row` with this verdict."""
        if verdict is Verdict.NEW:
            new = f"SELECT row, number, name, '' {_NEW_ROWS} AND row > ? ORDER BY row LIMIT ?"
            return list(self._connection.execute(new, (after_row, limit)))
        wanted = "SELECT row, number, name, detail FROM verdict WHERE verdict = ? AND row > ? ORDER BY row LIMIT ?"
        return list(self._connection.execute(wanted, (verdict.value, after_row, limit)))

    def query(self, statement: str, values: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a statement, as they are asked for."""
        yield from self._connection.execute(statement, values)

    def set_deposits(self, deposits: Mapping[int, str]) -> None:
        """Write the deposits' ids into their rows."""
        self._connection.execute("BEGIN")
        self._connection.executemany(
            "UPDATE staged_article SET deposit_article_id = ? WHERE row = ?", [(d, row) for row, d in deposits.items()]
        )
        self._connection.execute("COMMIT")  # the file's own, no unit of work of the books

    def close(self) -> None:
        """Delete the file; closing twice is closing once."""
        self._own.close()

    def _insert(self, **tables: Sequence[tuple[object, ...]]) -> None:
        self._connection.execute("BEGIN")
        for table, rows in tables.items():
            if rows:
                marks = ", ".join("?" * len(rows[0]))
                self._connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 - own names
        self._connection.execute("COMMIT")  # the file's own, no unit of work of the books


def stored(article: Article) -> tuple[object, ...]:
    """An article as SQLite stores it in the books, in the order of ARTICLE_COLUMNS."""
    return (
        article.id.hex,
        article.number,
        article.name,
        article.receipt_name,
        article.category_id,
        None if article.price is None else article.price.cents,
        article.unit,
        int(article.vat_key),
        str(article.kind),
        None if article.deposit_id is None else article.deposit_id.hex,
        int(article.is_active),
        int(article.takes_discount),
        int(article.is_weighed),
        article.position,
        article.age_limit,
        article.note,
        search_text_of(article),
    )
