"""Backup and restore of a SQLite till: one step, checked, whole or not at all (80-quality Q5)."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from till.db.engine import Database, sqlite_module
from till.errors import Refused, Unavailable
from till.i18n import msg
from till.migrations.upgrade import HEAD, check_known, revision

FOLDER = "backups"
Progress = Callable[[int, int], None]
_APPLICATION_TABLE = "chain_link"

NOT_SQLITE = msg("Backups of a PostgreSQL database are made with pg_dump; see the operating guide.")
DAMAGED = msg("{path} is damaged: {reason}. Nothing was changed; choose another backup.")
FOREIGN = msg("{path} is no backup of Till. Nothing was changed; choose another file.")
NO_FILE = msg("There is no file {path}.")
OLDER = msg(
    "The present database holds {count} records that are not in this backup; they would be gone. "
    "To restore it all the same, add --force; the present database is kept beside it."
)
NO_ROOM = msg("The backup can't be written to {path}: {reason}.")


def no_progress(_done: int, _all: int) -> None:
    """For those who don't want to be told how far it is."""


def backup(source: Path, target: Path, now: dt.datetime, progress: Progress = no_progress) -> Path:
    """Write a checked copy of the SQLite file `source` to `target` (a file, or a folder: a dated name) and return it.

    SQLite's online backup in one step, so selling goes on. Raises Unavailable when the place can't be
    written or the copy fails its check; nothing half is left there.
    """
    path = target / f"till-{now:%Y%m%d-%H%M%S}.db" if target.is_dir() else target
    unfinished = path.with_name(path.name + ".part")
    try:
        unfinished.touch(mode=0o600)
        _copy(source, unfinished, progress)
        check(unfinished)
        _sync(unfinished)
        unfinished.replace(path)
    except (OSError, sqlite_module().Error) as error:
        raise Unavailable(NO_ROOM, path=str(path), reason=str(error)) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def restore(copy: Path, target: Path, now: dt.datetime, *, force: bool = False) -> Path | None:
    """Put the backup `copy` in the place of the SQLite file `target`; returns where the present one was kept.

    Refused when the copy is damaged, foreign or newer than the program, or when the present database has
    records that it lacks and `force` is not given. The till must not be running (see `lease`).
    """
    check(copy)
    kept = None
    if target.exists():
        missing = _records(target) - _records(copy)
        if missing > 0 and not force:
            raise Refused(OLDER, count=missing)
        kept = target.with_name(f"till-before-restore-{now:%Y%m%d-%H%M%S}.db")
        _set_aside(target, kept)
    fresh = target.with_name(target.name + ".part")
    _copy(copy, fresh, no_progress)
    _sync(fresh)
    fresh.replace(target)
    return kept


def check(path: Path) -> None:
    """Refuse a file that is missing, damaged, no database of Till, or newer than the program."""
    if not path.is_file():
        raise Refused(NO_FILE, path=str(path))
    try:
        with _opened(path) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchone()[0]
            tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
            version = connection.execute("SELECT version_num FROM alembic_version").fetchone() if tables else None
    except sqlite_module().DatabaseError as error:
        foreign = "not a database" in str(error) or "no such table" in str(error)
        raise Refused(FOREIGN if foreign else DAMAGED, path=str(path), reason=str(error)) from error
    if found != "ok":
        raise Refused(DAMAGED, path=str(path), reason=found)
    if _APPLICATION_TABLE not in tables or version is None:
        raise Refused(FOREIGN, path=str(path))
    check_known(version[0])


def before_migration(database: Database, data_dir: Path, now: dt.datetime) -> Path | None:
    """A backup in the data folder before the schema changes; None when nothing is to change or it isn't SQLite."""
    name = database.engine.url.database
    if revision(database) == HEAD or not database.is_sqlite or not name:
        return None
    folder = data_dir / FOLDER
    folder.mkdir(exist_ok=True, mode=0o700)
    return backup(Path(name), folder, now)


def _copy(source: Path, target: Path, progress: Progress) -> None:
    def tell(_status: int, remaining: int, total: int) -> None:
        progress(total - remaining, total)

    with _opened(source) as read, contextlib.closing(sqlite_module().connect(target)) as write:
        read.backup(write, pages=-1, progress=tell)
        write.execute("PRAGMA journal_mode=DELETE")


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Any]:
    with contextlib.closing(sqlite_module().connect(f"file:{path}?mode=ro", uri=True)) as connection:
        yield connection


def _records(path: Path) -> int:
    try:
        with _opened(path) as connection:
            return int(connection.execute("SELECT COUNT(*) FROM chain_link").fetchone()[0])
    except sqlite_module().DatabaseError:
        return 0


def _set_aside(target: Path, kept: Path) -> None:
    """Keep the present database with all that stands in its write-ahead log."""
    for suffix in ("-wal", "-shm"):
        beside = target.with_name(target.name + suffix)
        if beside.exists():
            beside.replace(kept.with_name(kept.name + suffix))
    target.replace(kept)


def _sync(path: Path) -> None:
    """Have the file and its folder entry on the disk."""
    for what in (path, path.parent):
        handle = os.open(what, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
