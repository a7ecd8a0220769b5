"""The index behind the search as you type: SQLite's FTS5 or PostgreSQL's pg_trgm, both over pieces of three letters.

On SQLite it runs after the articles: one without a `search_row`, new or changed, is not in it yet, and the search reads
those few by themselves. So an import writes its rows and nothing else, and no answer is ever out of step: what the index
names is compared with the article again. An entry that no article points to is an orphan and found by nobody.
"""

from __future__ import annotations

import logging

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

_log = logging.getLogger(__name__)
TABLE = "article_search"
SHADOWS = frozenset({TABLE, *(f"{TABLE}_{part}" for part in ("config", "data", "docsize", "idx"))})
"""What SQLite shows as tables of the index; no model knows them."""
PIECE = 3
_MOST_ORPHANS = 20_000
_CREATE = f"CREATE VIRTUAL TABLE {TABLE} USING fts5(words, content='', tokenize='trigram', detail=none)"
_LAST_ROW = text(f"SELECT coalesce(max(id), 0) FROM {TABLE}_docsize")  # noqa: S608 - own names
_MISSING = text("SELECT id FROM article WHERE search_row IS NULL LIMIT :count")
_NUMBER = text("UPDATE article SET search_row = :row WHERE id = :id AND search_row IS NULL")
_ADD = text(
    f"INSERT INTO {TABLE} (rowid, words) SELECT search_row, search_text FROM article "  # noqa: S608 - own names
    "WHERE search_row > :last ORDER BY search_row"
)
_ORPHANS = text(
    f"SELECT (SELECT count(*) FROM {TABLE}_docsize) - (SELECT count(search_row) FROM article)"  # noqa: S608 - own names
)


def create_index(connection: Connection) -> None:
    """Make the index; for migrations. A server without pg_trgm searches without one: slower, and the log says so."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_CREATE)
        return
    try:
        with connection.begin_nested():
            connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            connection.exec_driver_sql("CREATE INDEX article_search ON article USING gin (search_text gin_trgm_ops)")
    except DBAPIError as error:
        _log.warning(
            "the server has no pg_trgm (%s): typing in the search reads every article. Ask who keeps the server to run "
            "CREATE EXTENSION pg_trgm; CREATE INDEX article_search ON article USING gin (search_text gin_trgm_ops);",
            str(error.orig).strip(),
        )


def index_some(session: Session, count: int) -> int:
    """Take up to `count` articles into the index and say how many it were; nothing to do on a server, which does it itself."""
    if session.get_bind().dialect.name != "sqlite":
        return 0
    missing = session.scalars(_MISSING, {"count": count}).all()
    if missing:
        last = int(session.scalar(_LAST_ROW) or 0)
        session.execute(_NUMBER, [{"id": id_, "row": row} for row, id_ in enumerate(missing, last + 1)])
        session.execute(_ADD, {"last": last})
    return len(missing)


def is_worn(session: Session) -> bool:
    """Whether so many entries belong to nobody that the index should be made anew; reads all of it, so ask seldom."""
    return session.get_bind().dialect.name == "sqlite" and int(session.scalar(_ORPHANS) or 0) > _MOST_ORPHANS


def clear_index(session: Session) -> None:
    """Empty the index; all articles wait to be taken in again."""
    session.execute(text(f"INSERT INTO {TABLE} ({TABLE}) VALUES ('delete-all')"))  # noqa: S608 - own names
    session.execute(text("UPDATE article SET search_row = NULL WHERE search_row IS NOT NULL"))
