"""Puts a backup, encrypted or not, in the place of the books: checked before, the books of before kept beside."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path

from till.app.backup import copied, its_turn
from till.app.backup_files import move, require_room, sync, sync_folder, unfinished
from till.app.backup_plan import UNFINISHED
from till.app.backup_proof import Books, check, disk_errors, unreadable
from till.app.backup_seal import is_sealed, unseal
from till.app.books import books_file, is_encrypted, key_of
from till.app.lease import take_all
from till.db.cipher import FileKey
from till.db.engine import attach, open_file
from till.errors import Refused, Unavailable
from till.i18n import msg
from till.settings import Settings, make_data_dir

_MISSING = (
    "SELECT COUNT(*) FROM chain_link AS present WHERE NOT EXISTS (SELECT 1 FROM copy.chain_link AS kept "
    "WHERE kept.till_id = present.till_id AND kept.position = present.position AND kept.hash = present.hash)"
)
_LOG_FILES = ("-wal", "-shm")

OLDER = msg(
    "The present database holds {count} records that are not in this backup; they would be gone. "
    "To restore it all the same, add --force; the present database is kept beside it."
)
SERVER = msg("Backups of a PostgreSQL database are made with pg_dump; see the operating guide.")
NOT_RESTORED = msg("{path} can't be put in place: {reason}. The present database is as it was.")


@dataclass(frozen=True, slots=True)
class Restoration:
    """What is to be restored: the file of a backup, and with `key_file` the secret key of an encrypted one.

    `force`: also when the present books have records that the backup lacks. `by`: who wants it, for the audit trail.
    """

    copy: Path
    key_file: Path | None = None
    force: bool = False
    by: str = ""


def restore(wish: Restoration, target: Path, settings: Settings, now: dt.datetime) -> Path | None:
    """Put a backup in the place of the SQLite file `target`; returns where the present one was kept.

    Refused when the backup is damaged, foreign or newer than the program, when it can't be decrypted, or when the
    present books have records that it lacks. `settings` tell where the key of encrypted books is. No till of this data
    folder may be running (see `lease`).
    """
    copy = wish.copy
    try:
        if not is_sealed(copy) or not copy.is_file():
            check(copy, _key_to_read(copy, settings))
        with its_turn(target.parent), unfinished(target.with_name(target.name + UNFINISHED)) as fresh:
            _unpack(wish, fresh, settings)
            key = _key_to_compare(fresh, settings)
            if not wish.force:
                _require_nothing_lost(target, fresh, key)
            return _put_in_place(fresh, Books(target, key), now)
    except disk_errors() as error:
        raise Unavailable(NOT_RESTORED, path=str(copy), reason=str(error)) from error


def restore_closed(wish: Restoration, settings: Settings, now: dt.datetime) -> Path | None:
    """As `restore`, in the place of these settings' SQLite file; refused while a till of the data folder runs."""
    target = file_of(settings)
    make_data_dir(settings.data_dir)
    with take_all(settings.data_dir, settings.till_id):
        return restore(wish, target, settings, now)


def _unpack(wish: Restoration, fresh: Path, settings: Settings) -> None:
    """Copy or decrypt the backup into the empty file `fresh`, and check what came of it."""
    require_room(fresh.parent, wish.copy.stat().st_size)
    if is_sealed(wish.copy):
        unseal(wish.copy, fresh, wish.key_file)
        sync(fresh)
    else:
        copied(Books(wish.copy, _key_to_read(wish.copy, settings)), fresh)
    check(fresh, _key_to_read(fresh, settings), shown=wish.copy)


def _key_to_read(copy: Path, settings: Settings) -> FileKey | None:
    """The books' own key, for a copy that was made of encrypted books; Unavailable when this PC doesn't know it."""
    return key_of(settings, copy) if copy.is_file() and is_encrypted(copy) else None


def _key_to_compare(fresh: Path, settings: Settings) -> FileKey | None:
    """The books' own key, where they or the copy are encrypted; books that can't be read count as damaged."""
    key = _key_to_read(fresh, settings)
    if key is None:
        with contextlib.suppress(Unavailable):
            key = key_of(settings)
    return key


def file_of(settings: Settings) -> Path:
    """The SQLite file of the books; Refused for those of a server."""
    file = books_file(settings)
    if file is None:
        raise Refused(SERVER)
    return file


def lost_by(target: Path, copy: Path, key: FileKey | None) -> int:
    """How many records the present books have that the copy lacks; none can be read of damaged ones."""
    if not target.exists():
        return 0
    try:
        with open_file(target, key) as connection:
            attach(connection, copy, "copy", key)
            return int(connection.execute(_MISSING).fetchone()[0])
    except unreadable():
        return 0


def _require_nothing_lost(target: Path, copy: Path, key: FileKey | None) -> None:
    """Refuse when the present books have records that the copy lacks."""
    missing = lost_by(target, copy, key)
    if missing:
        raise Refused(OLDER, count=missing)


def _put_in_place(fresh: Path, present: Books, now: dt.datetime) -> Path | None:
    """Swap the files so that at each instant, a power cut's too, the books of before or the restored ones are there."""
    target = present.file
    if not target.exists():
        move(fresh, target)
        return None
    _empty_log(present)
    kept = _free(target, now)
    try:
        os.link(target, kept)
    except OSError:  # a file system without links: for one instant there is only the kept one
        target.replace(kept)
    for suffix in _LOG_FILES:
        if (beside := target.with_name(target.name + suffix)).exists():
            beside.replace(kept.with_name(kept.name + suffix))
    sync_folder(target.parent)
    move(fresh, target)
    return kept


def _empty_log(present: Books) -> None:
    """Write what stands in the write-ahead log into the present file; a damaged one keeps its log beside it."""
    with (
        contextlib.suppress(*unreadable()),
        open_file(present.file, present.key, read_only=False) as connection,
    ):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _free(target: Path, now: dt.datetime) -> Path:
    """A name that no file has, for the database of before."""
    stem = f"till-before-restore-{now:%Y%m%d-%H%M%S}"
    number = 1
    while (kept := target.with_name(f"{stem}-{number}.db" if number > 1 else f"{stem}.db")).exists():
        number += 1
    return kept
