"""Backup and restore of a SQLite till: one step, checked, whole or not at all (80-quality Q5)."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from till.app.backup_plan import name_of, superfluous
from till.db.engine import Database, sqlite_module
from till.errors import Refused, Unavailable
from till.formats import shortened
from till.i18n import msg
from till.migrations.upgrade import HEAD, check_known, revision
from till.settings import Settings

_log = logging.getLogger(__name__)
FOLDER = "backups"
Progress = Callable[[int, int], None]
_APPLICATION_TABLE = "chain_link"
_LONGEST_REASON = 120
_DAMAGE_CODES = (11, 26)  # SQLITE_CORRUPT, SQLITE_NOTADB (sqlite.org/rescode.html)
_MISSING = (
    "SELECT COUNT(*) FROM chain_link AS present WHERE NOT EXISTS (SELECT 1 FROM copy.chain_link AS kept "
    "WHERE kept.till_id = present.till_id AND kept.position = present.position AND kept.hash = present.hash)"
)

DAMAGED = msg("{path} is damaged: {reason}. Nothing was changed; choose another backup.")
FOREIGN = msg("{path} is no backup of Till. Nothing was changed; choose another file.")
NO_FILE = msg("There is no file {path}.")
OLDER = msg(
    "The present database holds {count} records that are not in this backup; they would be gone. "
    "To restore it all the same, add --force; the present database is kept beside it."
)
NO_ROOM = msg("The backup can't be written to {path}: {reason}.")
NO_FOLDER = msg(
    "The folder of the backups, {path}, is not there. Plug in its disk, or correct backup_dir in settings.toml."
)
NOT_WHOLE = msg("The database is damaged ({reason}), so there is no new backup. Restore the last one: till restore.")
NOT_RESTORED = msg("{path} can't be put in place: {reason}. The present database is as it was.")


def no_progress(_done: int, _all: int) -> None:
    """For those who don't want to be told how far it is."""


def backup(source: Path, target: Path, now: dt.datetime, progress: Progress = no_progress) -> Path:
    """Write a checked copy of the SQLite file `source` to `target` (a file, or a folder: a dated name) and return it.

    SQLite's online backup in one step, so selling goes on. Raises Unavailable when the place can't be
    written or the copy fails its check; nothing half is left there.
    """
    if not source.is_file():
        raise Refused(NO_FILE, path=str(source))
    path = target / name_of(now) if target.is_dir() else target
    unfinished = path.with_name(path.name + ".part")
    try:
        unfinished.touch(mode=0o600)
        _copy(source, unfinished, progress)
        check(unfinished)
        _sync(unfinished)
        unfinished.replace(path)
    except Refused as damage:
        raise Unavailable(NOT_WHOLE, reason=damage.values.get("reason", "")) from damage
    except (OSError, sqlite_module().Error) as error:
        raise _no_backup(error, path) from error
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
    return path


def folder_of(settings: Settings) -> Path:
    """The folder of the backups that are kept by the plan.

    Raises Unavailable when the one that was chosen is not there: making it would fill the empty place of a stick.
    """
    if settings.backup_dir:
        folder = settings.data_dir / settings.backup_dir
        if not folder.is_dir():
            raise Unavailable(NO_FOLDER, path=str(folder))
        return folder
    folder = settings.data_dir / FOLDER
    try:
        folder.mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise _no_backup(error, folder) from error
    return folder


def prune(folder: Path) -> None:
    """Delete the backups that the plan lets go. What can't be deleted stays and is logged."""
    for name in superfluous(path.name for path in folder.iterdir()):
        try:
            (folder / name).unlink(missing_ok=True)
        except OSError as error:
            _log.warning("the old backup %s could not be deleted: %s", name, error)


def restore(copy: Path, target: Path, now: dt.datetime, *, force: bool = False) -> Path | None:
    """Put the backup `copy` in the place of the SQLite file `target`; returns where the present one was kept.

    Refused when the copy is damaged, foreign or newer than the program, or when the present database has
    records that it lacks and `force` is not given. The till must not be running (see `lease`).
    """
    check(copy)
    kept = target.with_name(f"till-before-restore-{now:%Y%m%d-%H%M%S}.db") if target.exists() else None
    missing = _lost(target, copy) if kept is not None else 0
    if missing and not force:
        raise Refused(OLDER, count=missing)
    fresh = target.with_name(target.name + ".part")
    try:
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=0o600)
        _copy(copy, fresh, no_progress)
        _sync(fresh)
        if kept is not None:
            _set_aside(target, kept)
        fresh.replace(target)
        _sync(target)
    except (OSError, sqlite_module().Error) as error:
        raise Unavailable(NOT_RESTORED, path=str(copy), reason=str(error)) from error
    finally:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
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
        raise Refused(DAMAGED, path=str(path), reason=shortened(" ".join(found.split()), _LONGEST_REASON))
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
    with contextlib.closing(sqlite_module().connect(_read_only(path), uri=True)) as connection:
        yield connection


def _read_only(path: Path) -> str:
    return f"{path.resolve().as_uri()}?mode=ro"


def _lost(target: Path, copy: Path) -> int:
    """How many records of the present database the copy lacks; none that could be read of a damaged one."""
    try:
        with _opened(target) as connection:
            connection.execute("ATTACH ? AS copy", (_read_only(copy),))
            return int(connection.execute(_MISSING).fetchone()[0])
    except sqlite_module().DatabaseError:
        return 0


def _no_backup(error: Exception, path: Path) -> Unavailable:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _DAMAGE_CODES:
        return Unavailable(NOT_WHOLE, reason=str(error))
    return Unavailable(NO_ROOM, path=str(path), reason=str(error))


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
