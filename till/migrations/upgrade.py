"""Brings a database to the program's schema in one transaction, or says why it can't."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import ProgrammingError

from till.db.engine import Database
from till.errors import Unavailable
from till.i18n import msg

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0001"
NEWER = msg(
    "This database was made by a newer version of Till (schema {found}). Update the program; nothing was changed."
)
NOT_ALLOWED = msg(
    "The database lacks this version’s schema, and its user {user} may not change it. Nothing was changed; let the owner "
    "of the database run: till migrate."
)
_NO_RIGHT = "42501"  # PostgreSQL's manual, appendix A
BROKEN_LINKS = msg("The database has rows that point nowhere ({tables}). Nothing was changed; restore a backup.")


def revision(database: Database) -> str | None:
    """The schema's revision; None for an empty database."""
    with database.read() as session:
        connection = session.connection()
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def check_known(found: str | None) -> None:
    """Refuse a revision that this program doesn't know: it is newer (architecture 4, Migrations)."""
    known = {path.stem.split("_")[0] for path in (Path(__file__).parent / "versions").glob("0*.py*")}
    if found is not None and found not in known:
        raise Unavailable(NEWER, found=found)


def upgrade(database: Database) -> None:
    """Upgrade to HEAD; does nothing when it is there.

    Raises Unavailable for a newer database, and for a role that may not change the schema (80-quality X4).
    """
    found = revision(database)
    check_known(found)
    if found == HEAD:
        return
    from alembic import command

    with database.engine.connect() as connection:
        _foreign_keys(connection, on=False)
        try:
            with connection.begin():
                command.upgrade(_config(connection), "head")
                _check_links(connection)
        except ProgrammingError as error:
            if getattr(error.orig, "sqlstate", None) != _NO_RIGHT:
                raise
            raise Unavailable(NOT_ALLOWED, user=database.engine.url.username) from error
        finally:
            _foreign_keys(connection, on=True)


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def _foreign_keys(connection: Connection, *, on: bool) -> None:
    """SQLite checks links row by row; a migration turns that off and checks all at its end."""
    if connection.dialect.name == "sqlite":
        raw = connection.connection.driver_connection
        assert raw is not None  # noqa: S101 - the connection was just opened
        raw.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def _check_links(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = {row[0] for row in connection.execute(text("PRAGMA foreign_key_check"))}
        if broken:
            raise Unavailable(BROKEN_LINKS, tables=", ".join(sorted(broken)))
