"""The file in which an import of articles is made ready, so that memory stays flat and the books are touched once, at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from till.catalog.article import Article, Category
from till.catalog.assortment import search_text_of
from till.db.cipher import FileKey
from till.db.staging import StagingFile
from till.tables.verdict import Verdict

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


@dataclass(slots=True)
class Batch:
    """The rows of one portion, as they are stored."""

    verdicts: list[tuple[int, str, str, str, str]] = field(default_factory=list)
    articles: list[tuple[object, ...]] = field(default_factory=list)
    before: list[tuple[object, ...]] = field(default_factory=list)
    codes: list[tuple[str, str, int]] = field(default_factory=list)
    plus: list[tuple[str, str, str]] = field(default_factory=list)
    claims: list[tuple[int, str, str, str]] = field(default_factory=list)


class Staging(StagingFile):
    """The staging file of articles."""

    def __init__(self, path: Path, key: FileKey | None) -> None:
        super().__init__(path, key, _SCHEMA)

    def add(self, batch: Batch) -> None:
        """Store a portion."""
        self.insert(
            verdict=batch.verdicts,
            staged_article=batch.articles,
            article_before=batch.before,
            staged_code=batch.codes,
            staged_plu=batch.plus,
            claim=batch.claims,
        )

    def add_categories(self, categories: Iterable[Category]) -> None:
        """Store categories that the import makes."""
        self.insert(staged_category=[(c.id, c.name, c.position, c.colour) for c in categories])

    def index(self) -> None:
        """Make it quick to look up what will be; once all rows are there."""
        for needed_by, statement in _INDEXES:
            if self.connection.execute(f"SELECT EXISTS (SELECT 1 FROM {needed_by})").fetchone()[0]:  # noqa: S608 - own names
                self.connection.execute(statement)

    def refuse(self, row: int, problem: str) -> None:
        """Turn the verdict about a staged row; the first `problem` counts, as `Problem.as_json` gives it."""
        refused = Verdict.REFUSED.value
        self.connection.execute(
            "INSERT INTO verdict SELECT row, ?, number, name, ? FROM staged_article WHERE row = ?"
            " ON CONFLICT DO UPDATE SET verdict = excluded.verdict, detail = excluded.detail WHERE verdict <> ?",
            (refused, problem, row, refused),
        )

    def counts(self) -> dict[Verdict, int]:
        """How many rows have which verdict."""
        found = self.connection.execute("SELECT verdict, count(*) FROM verdict GROUP BY verdict")
        counts = dict.fromkeys(Verdict, 0) | {Verdict(verdict): count for verdict, count in found}
        counts[Verdict.NEW] = self.connection.execute(f"SELECT count(*) {_NEW_ROWS}").fetchone()[0]
        return counts

    def verdicts(self, verdict: Verdict, after_row: int, limit: int) -> list[tuple[int, str, str, str]]:
        """Row, number, name and detail of the next rows behind `after_row` with this verdict."""
        if verdict is Verdict.NEW:
            new = f"SELECT row, number, name, '' {_NEW_ROWS} AND row > ? ORDER BY row LIMIT ?"
            return list(self.connection.execute(new, (after_row, limit)))
        wanted = "SELECT row, number, name, detail FROM verdict WHERE verdict = ? AND row > ? ORDER BY row LIMIT ?"
        return list(self.connection.execute(wanted, (verdict.value, after_row, limit)))

    def set_deposits(self, deposits: Mapping[int, str]) -> None:
        """Write the deposits' ids into their rows."""
        self.connection.execute("BEGIN")
        self.connection.executemany(
            "UPDATE staged_article SET deposit_article_id = ? WHERE row = ?", [(d, row) for row, d in deposits.items()]
        )
        self.connection.execute("COMMIT")  # the file's own, no unit of work of the books


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
