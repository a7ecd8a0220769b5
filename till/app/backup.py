"""Backup of a SQLite till: in one step beside the selling, proved, encrypted if wished, whole or not at all (80-quality Q5)."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from till.app.backup_files import discard, is_on_one_disk, move, require_room, sync, unfinished
from till.app.backup_plan import SEALED, UNFINISHED, dated, name_of, superfluous
from till.app.backup_proof import (
    NO_FILE,
    Books,
    Totals,
    check,
    disk_errors,
    opened,
    shop_of,
    totals,
    totals_of,
    unreadable,
)
from till.app.backup_seal import require_recipient, seal
from till.app.workplace import DISK_STOP_BYTES
from till.db.cipher import FileKey
from till.db.engine import Database, open_file
from till.errors import Refused, Unavailable
from till.i18n import msg
from till.migrations.upgrade import HEAD, revision
from till.settings import Settings

_log = logging.getLogger(__name__)
FOLDER = "backups"
PLAIN = "backup-plain.part"
LOCK = "backup.lock"
_TURN_S = 60.0
Progress = Callable[[int, int], None]
_DAMAGE_CODES = (11, 26)  # SQLITE_CORRUPT, SQLITE_NOTADB (sqlite.org/rescode.html)

NO_ROOM = msg("The backup can't be written to {path}: {reason}.")
NO_FOLDER = msg(
    "The folder of the backups, {path}, is not there. Plug in its disk, or correct backup_dir in settings.toml."
)
NOT_WHOLE = msg("The database is damaged ({reason}), so there is no new backup. Restore the last one: till restore.")
NOT_THE_SAME = msg(
    "The backup to {path} did not become what the books are, so it was not kept. Use another stick or disk."
)
EXISTS = msg("{path} exists already and is not overwritten. Choose another name, or a folder that gets a dated file.")
TAKES_TURNS = msg("Another backup is being made or restored. Try again when it is finished.")


def no_progress(_done: int, _all: int) -> None:
    """For those who don't want to be told how far it is."""


def backup(books: Books, target: Path, now: dt.datetime, recipient: str = "") -> Path:
    """Write a proved copy of the books to `target` (a new file, or a folder: a dated name) and return its path.

    Encrypted if there is a `recipient`, an age public key; a copy of encrypted books keeps their own encryption too.
    SQLite's online backup in one step, so selling goes on.
    Raises Unavailable when the place can't be written or the copy fails its proof; nothing half is left there.
    """
    if not books.file.is_file():
        raise Refused(NO_FILE, path=str(books.file))
    if recipient:
        require_recipient(recipient)
    with its_turn(books.file.parent):
        try:
            path = _place(books, target, now, is_sealed=bool(recipient))
            _write(books, path, recipient)
        except disk_errors() as error:
            raise _no_backup(error, target) from error
    return path


def folder_of(settings: Settings) -> Path:
    """The folder of the backups that are kept by the plan.

    Raises Unavailable when the one that was chosen is not there: making it would fill the empty place of a stick.
    """
    if settings.backup_dir:
        folder = settings.data_dir / settings.backup_dir
        if not _is_there(folder):
            raise Unavailable(NO_FOLDER, path=str(folder))
        return folder
    folder = settings.data_dir / FOLDER
    try:
        folder.mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise _no_backup(error, folder) from error
    return folder


def own(folder: Path, shop: str, key: FileKey | None = None) -> list[str]:
    """The names of this shop's backups in the folder, and of no other shop's (`shop` from `shop_of`).

    Names of old versions don't tell the shop: such a file is looked into, with the books' key if they are encrypted,
    and is foreign when it can't be read.
    """
    found = (dated(path.name) for path in folder.iterdir())
    return [
        backup.name
        for backup in found
        if backup and shop and (backup.shop or shop_of(folder / backup.name, key)) == shop
    ]


def prune(folder: Path, shop: str, key: FileKey | None = None) -> None:
    """Delete this shop's backups that the plan lets go. What can't be deleted stays and is logged."""
    try:
        names = superfluous(own(folder, shop, key))
    except OSError as error:
        _log.warning("the old backups could not be looked through: %s", error)
        return
    for name in names:
        try:
            (folder / name).unlink(missing_ok=True)
        except OSError as error:
            _log.warning("the old backup %s could not be deleted: %s", name, error)


def before_migration(database: Database, data_dir: Path, now: dt.datetime) -> Path | None:
    """A backup in the data folder before the schema changes; None when nothing is to change or it isn't SQLite.

    Never encrypted: it lies where the books themselves lie, and must come back at once if the change goes wrong.
    """
    name = database.engine.url.database
    if revision(database) == HEAD or not database.is_sqlite or not name:
        return None
    folder = data_dir / FOLDER
    folder.mkdir(exist_ok=True, mode=0o700)
    return backup(Books(Path(name), database.key), folder, now)


@contextlib.contextmanager
def its_turn(data_dir: Path) -> Iterator[None]:
    """One backup or restore of this data folder at a time; raises Unavailable when the other one takes long."""
    lock = FileLock(data_dir / LOCK, mode=0o600)
    try:
        lock.acquire(timeout=_TURN_S)
    except Timeout as error:
        raise Unavailable(TAKES_TURNS) from error
    except OSError as error:
        # A data folder that has become read-only must still let a last backup go to a stick.
        _log.warning("the backup goes without its lock: %s", error)
    try:
        yield
    finally:
        lock.release()


def copied(books: Books, target: Path) -> Totals:
    """Copy the books into the empty file `target`, and return what was in them at that moment.

    Copy and totals see the same moment: SQLite backs up what the open read transaction of the connection sees
    (sqlite.org/c3ref/backup_finish.html), however much is booked meanwhile.
    """
    with opened(books.file, books.key) as read:
        seen = totals(read)
        with open_file(target, books.key, read_only=False) as write:
            read.backup(write, pages=-1)
            write.execute("PRAGMA journal_mode=DELETE")
    sync(target)
    return seen


def _is_there(folder: Path) -> bool:
    """Whether there is such a folder; one on a disk that doesn't answer is not."""
    try:
        return folder.is_dir()
    except OSError:
        return False


def _place(books: Books, target: Path, now: dt.datetime, *, is_sealed: bool) -> Path:
    """The file to write; in a folder also the place where what a power cut left of an earlier try is cleared away."""
    if target.is_dir():
        shop = shop_of(books.file, books.key)
        _sweep(target, shop)
        return _free(target, now, shop, is_sealed=is_sealed)
    path = target.with_name(target.name + SEALED) if is_sealed and target.suffix != SEALED else target
    if path.exists():
        raise Refused(EXISTS, path=str(path))
    return path


def _free(folder: Path, now: dt.datetime, shop: str, *, is_sealed: bool) -> Path:
    """A dated name that no backup in the folder has: a clock that was set back overwrites nothing."""
    number = 1
    while any((folder / name_of(now, shop, number, is_sealed=either)).exists() for either in (True, False)):
        number += 1
    return folder / name_of(now, shop, number, is_sealed=is_sealed)


def _sweep(folder: Path, shop: str) -> None:
    for path in folder.glob(f"till-{shop}-*{UNFINISHED}"):
        if shop and dated(path.name.removesuffix(UNFINISHED)):
            with contextlib.suppress(OSError):
                discard(path)


def _write(books: Books, path: Path, recipient: str) -> None:
    """Nothing unencrypted ever touches the place of an encrypted backup: the plain copy lies beside the books."""
    _require_room(books.file, path.parent, is_sealed=bool(recipient))
    with unfinished(path.with_name(path.name + UNFINISHED)) as fresh:
        if recipient:
            with unfinished(books.file.with_name(PLAIN)) as plain:
                _copy_and_prove(books, plain, path)
                seal(plain, fresh, recipient)
        else:
            _copy_and_prove(books, fresh, path)
        move(fresh, path)


def _require_room(source: Path, folder: Path, *, is_sealed: bool) -> None:
    """On the disk of the books a backup never takes the room that selling needs; elsewhere it may fill the stick."""
    log = source.with_name(f"{source.name}-wal")
    size = sum(file.stat().st_size for file in (source, log) if file.exists())
    if is_on_one_disk(folder, source.parent):
        require_room(folder, size * (2 if is_sealed else 1), DISK_STOP_BYTES)
        return
    require_room(folder, size)
    if is_sealed:
        require_room(source.parent, size, DISK_STOP_BYTES)


def _copy_and_prove(books: Books, copy: Path, path: Path) -> None:
    """Refuse a copy that is damaged or does not hold what the source held; `path` is where it was to go."""
    seen = copied(books, copy)
    try:
        check(copy, books.key)
        is_same = totals_of(copy, books.key) == seen
    except unreadable() as damage:
        _blame(books, damage)
        is_same = False
    if not is_same:
        raise Unavailable(NOT_THE_SAME, path=str(path.parent))


def _blame(books: Books, damage: Exception) -> None:
    """Raise Unavailable when the books themselves are damaged; else it was the place of the copy."""
    try:
        check(books.file, books.key)
    except Refused as error:
        raise Unavailable(NOT_WHOLE, reason=error.values.get("reason", "")) from damage


def _no_backup(error: Exception, path: Path) -> Unavailable:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _DAMAGE_CODES:
        return Unavailable(NOT_WHOLE, reason=str(error))
    return Unavailable(NO_ROOM, path=str(path), reason=str(error))
