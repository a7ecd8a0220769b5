"""Takes what an import has made ready into the books, all of it in one unit of work."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, bindparam, delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from till.catalog.models import ArticleCodeRow, ArticleRow, CategoryRow, PluRow
from till.catalog.plu import PluKind
from till.catalog.revision import touch
from till.catalog.staging import ARTICLE_COLUMNS, Staging
from till.errors import Refused
from till.i18n import msg
from till.money import Money
from till.tables.reading import portions

ATTACHED = "staged"
CHANGED_MEANWHILE = msg("Articles were changed since the table was checked. Check it again; nothing was taken over.")

_COMPARED = tuple(name for name in ARTICLE_COLUMNS if name not in {"id", "search_text"})
_NAMES = ", ".join(ARTICLE_COLUMNS)
_IS_NEWER = f"""
SELECT 1 FROM {ATTACHED}.article_before b LEFT JOIN main.article a ON a.id = b.id
WHERE a.id IS NULL OR ({", ".join(f"a.{name}" for name in _COMPARED)}) IS NOT ({", ".join(f"b.{name}" for name in _COMPARED)})
LIMIT 1
"""  # noqa: S608 - the names of the schema
_CHANGED_IDS = f"SELECT id FROM {ATTACHED}.article_before"  # noqa: S608 - as above
_DASHED = " || '-' || ".join(
    f"substr(id, {begin}, {length})" for begin, length in ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
)
_CHANGED_REFS = f"SELECT {_DASHED} FROM {ATTACHED}.article_before"  # noqa: S608 - as above
_SET = ", ".join(f"{name} = s.{name}" for name in ARTICLE_COLUMNS[1:])
_STEPS = (
    f"INSERT INTO main.category (id, name, position, colour) SELECT id, name, position, colour FROM {ATTACHED}.staged_category",  # noqa: S608 - as above
    f"DELETE FROM main.article_code WHERE article_id IN ({_CHANGED_IDS})",  # noqa: S608 - as above
    f"DELETE FROM main.plu WHERE kind = 'article' AND ref IN ({_CHANGED_REFS})",  # noqa: S608 - as above
    f"INSERT INTO main.article ({_NAMES}) SELECT {_NAMES} FROM {ATTACHED}.staged_article WHERE is_new ORDER BY row",  # noqa: S608 - as above
    f"UPDATE main.article SET {_SET}, search_row = NULL FROM {ATTACHED}.staged_article s WHERE s.id = article.id AND NOT s.is_new",  # noqa: S608 - as above
    f"INSERT INTO main.article_code (code, article_id, position) SELECT * FROM {ATTACHED}.staged_code ORDER BY code",  # noqa: S608 - as above
    f"INSERT INTO main.plu (plu, kind, ref) SELECT * FROM {ATTACHED}.staged_plu ORDER BY plu",  # noqa: S608 - as above
)
"""In the order of the largest index each, which then grows at its end."""


def apply_attached(session: Session) -> None:
    """On SQLite, with the staging file attached as ATTACHED: one statement for each table, so that a sale hardly waits.

    Raises Refused, and the unit of work must be given up, when articles were changed since they were compared.
    """
    if session.execute(text(_IS_NEWER)).first() is not None:
        raise Refused(CHANGED_MEANWHILE)
    try:
        for step in _STEPS:
            session.execute(text(step))
        touch(session)
    except IntegrityError as error:
        raise Refused(CHANGED_MEANWHILE) from error


def apply_portions(session: Session, staging: Staging) -> None:
    """On a server, where writers don't wait for one another: the same, portion by portion in one unit of work.

    Raises Refused as `apply_attached` does.
    """
    try:
        _compare(session, staging)
        _clear(session, staging)
        _write(session, staging)
        touch(session)
    except IntegrityError as error:
        raise Refused(CHANGED_MEANWHILE) from error


def _compare(session: Session, staging: Staging) -> None:
    wanted = [_ARTICLE.c[name] for name in ("id", *_COMPARED)]
    for some in portions(staging.query(f"SELECT {_NAMES} FROM article_before")):  # noqa: S608 - as above
        before = {row["id"]: [row[name] for name in _COMPARED] for row in map(_values, some)}
        # Locked until the end, so that nobody changes them behind this look.
        found = session.execute(select(*wanted).where(ArticleRow.id.in_(list(before))).with_for_update()).all()
        now = {row.id: list(row[1:]) for row in found}
        if now != before:
            raise Refused(CHANGED_MEANWHILE)


def _clear(session: Session, staging: Staging) -> None:
    """Take codes and PLU numbers from all articles that change, before any gets new ones: they may swap them."""
    for some in portions(staging.query("SELECT id FROM article_before")):
        ids = [uuid.UUID(article_id) for (article_id,) in some]
        session.execute(delete(ArticleCodeRow).where(ArticleCodeRow.article_id.in_(ids)))
        refs = [str(article_id) for article_id in ids]
        session.execute(delete(PluRow).where(PluRow.kind == PluKind.ARTICLE, PluRow.ref.in_(refs)))


def _write(session: Session, staging: Staging) -> None:
    for some in portions(staging.query("SELECT id, name, position, colour FROM staged_category")):
        _insert(session, CategoryRow, ("id", "name", "position", "colour"), some)
    articles = f"SELECT {_NAMES} FROM staged_article"  # noqa: S608 - as above
    # Deposits are tied to nothing and must be there before what is sold with them.
    for some in portions(staging.query(f"{articles} WHERE is_new ORDER BY deposit_article_id IS NOT NULL, row")):
        session.execute(insert(ArticleRow), [_values(row) for row in some])
    change = update(_ARTICLE).where(_ARTICLE.c.id == bindparam("own_id"))
    for some in portions(staging.query(f"{articles} WHERE NOT is_new")):
        session.connection().execute(change, [_renamed(_values(row)) for row in some])
    for some in portions(staging.query("SELECT code, article_id, position FROM staged_code")):
        rows = [{"code": code, "article_id": uuid.UUID(owner), "position": place} for code, owner, place in some]
        session.execute(insert(ArticleCodeRow), rows)
    for some in portions(staging.query("SELECT plu, kind, ref FROM staged_plu")):
        _insert(session, PluRow, ("plu", "kind", "ref"), some)


def _insert(session: Session, table: Any, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    session.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])


def _values(row: Sequence[Any]) -> dict[str, Any]:
    """A staged article as the columns of the books take it."""
    values: dict[str, Any] = dict(zip(ARTICLE_COLUMNS, row, strict=True))
    values["id"] = uuid.UUID(values["id"])
    values["price"] = None if values["price"] is None else Money(values["price"])
    deposit = values["deposit_article_id"]
    values["deposit_article_id"] = None if deposit is None else uuid.UUID(deposit)
    for name in ("is_active", "takes_discount", "is_weighed"):
        values[name] = bool(values[name])
    return values


def _renamed(values: dict[str, Any]) -> dict[str, Any]:
    """For an UPDATE: the id is what is looked for."""
    return {"own_id": values.pop("id"), "search_row": None, **values}


_ARTICLE: Table = ArticleRow.__table__  # type: ignore[assignment]
