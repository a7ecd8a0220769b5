"""Turns the books' file into an encrypted one and back: a whole copy, compared row by row, takes its place at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

from till.app.backup_files import move, sync, unfinished
from till.app.books import books_file, is_encrypted, key_of
from till.db.cipher import FileKey, cipher_module, new_key
from till.db.engine import open_file
from till.errors import Refused, Unavailable
from till.i18n import msg
from till.secret import Secret, Secrets
from till.settings import Settings

Progress = Callable[[int, int], None]
_COPY = ".converted"
_OWNER_ONLY = 0o600
_SCHEMA = "SELECT type, name, tbl_name, sql FROM {}.sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
# The search index is a view of tables of its own, which are compared as all others are; it has no page itself.
_TABLES = (
    "SELECT name, sql LIKE '%WITHOUT ROWID%' FROM sqlite_master "
    "WHERE type = 'table' AND rootpage > 0 AND name NOT LIKE 'sqlite_%' ORDER BY name"
)

SERVER = msg("Only the file of a SQLite database is encrypted by Till; a PostgreSQL server encrypts its own disk.")
NO_BOOKS = msg("There is no database {path}.")
IS_PLAIN = msg("{path} is not encrypted.")
TOO_NEAR = msg("The recovery key must not lie in the data folder, beside what it opens. Choose another place: a stick.")
EXISTS = msg("{path} exists already and is not overwritten. Choose another name.")
NOT_WRITTEN = msg("The recovery key can’t be written to {path}: {reason}. Nothing was changed.")
NOT_CONVERTED = msg("{path} could not be rewritten: {reason}. It is as it was.")
IN_USE = msg("{path} is in use by another program. Close it first, then try again; nothing was changed.")
NOT_THE_SAME = msg(
    "The new file did not become what the books are ({table}), so it was not kept. The books are as they were; let "
    "somebody look at the disk of this PC."
)
RECOVERY = msg(
    "Recovery key of the till at {path}, written on {date}\n"
    "\n"
    "    {key}\n"
    "\n"
    "The books of this till and their backups are encrypted with this key. It is kept in the keyring of the till’s PC. If "
    "that PC or its keyring is lost, the books can be read with this key only; without it nobody can ever read them "
    "again, and the shop still has to show them to the tax office for ten years (§ 147 AO).\n"
    "Print this page or keep it on a stick in two safe places, away from the till, and delete the file.\n"
    "On another PC: till secret set database-key\n"
)


def make_key(settings: Settings, recovery: Path, words: str, now: dt.datetime) -> FileKey:
    """The key of this till, in the keyring and in a new file `recovery` for safekeeping.

    A key that is there already stays: older backups need it. `words` is RECOVERY in the reader's language. Raises
    Refused or Unavailable, with nothing encrypted, when SQLCipher or the keyring is missing, the file can't be written,
    or the books are encrypted already with a key that nobody here knows.
    """
    if books_file(settings) is None:
        raise Refused(SERVER)
    cipher_module()
    _require_away(settings, recovery)
    key = key_of(settings) or _kept_key(settings)
    groups = [key.digits[start : start + 8] for start in range(0, len(key.digits), 8)]
    told = words.format(path=settings.data_dir.resolve(), date=f"{now:%Y-%m-%d}", key=" ".join(groups))
    _write_private(recovery, told)
    return key


def encrypt(settings: Settings, key: FileKey, progress: Progress) -> bool:
    """Encrypt the books; False where they are so already. No till may run (`lease.take_all`).

    Raises Refused or Unavailable, with the file as it was.
    """
    path = _books(settings)
    if is_encrypted(path):
        with open_file(path, key):
            return False
    _convert(path, key, key.literal, progress)
    return True


def decrypt(settings: Settings, progress: Progress) -> None:
    """Write the books as a plain file again; `encrypt` the other way round. The key stays for the backups made so far."""
    path = _books(settings)
    key = key_of(settings)
    if key is None:
        raise Refused(IS_PLAIN, path=str(path))
    _convert(path, key, "", progress)


def _kept_key(settings: Settings) -> FileKey:
    """The key of earlier, else a new one that is now in the keyring."""
    secrets = Secrets(settings.data_dir)
    known = secrets.get(Secret.DATABASE_KEY)
    if known is not None:
        return FileKey(known)
    key = new_key()
    secrets.set(Secret.DATABASE_KEY, key.digits)
    return key


def _books(settings: Settings) -> Path:
    path = books_file(settings)
    if path is None:
        raise Refused(SERVER)
    if not path.is_file():
        raise Refused(NO_BOOKS, path=str(path))
    return path


def _convert(path: Path, key: FileKey, to_key: str, progress: Progress) -> None:
    """At each instant, a power cut's too, the file is the old one or the new one, whole and on the disk."""
    try:
        with unfinished(path.with_name(path.name + _COPY)) as copy:
            with open_file(path, key, read_only=False) as connection:
                _hold(connection, path)
                connection.execute("ATTACH ? AS copy KEY ?", (str(copy), to_key))
                connection.execute("SELECT sqlcipher_export('copy')").fetchone()
                _require_same(connection, progress)
            sync(copy)
            move(copy, path)
    except (OSError, cipher_module().Error) as error:
        raise Unavailable(NOT_CONVERTED, path=str(path), reason=str(error)) from error


def _hold(connection: Any, path: Path) -> None:
    """Take the file for this program alone, with all that stands in its write-ahead log."""
    try:
        connection.execute("PRAGMA journal_mode=DELETE").fetchone()
        connection.execute("PRAGMA locking_mode=EXCLUSIVE").fetchone()
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("ROLLBACK")
    except cipher_module().OperationalError as error:
        raise Refused(IN_USE, path=str(path)) from error


def _require_same(connection: Any, progress: Progress) -> None:
    """Raise Unavailable for a copy that lacks a table, a trigger or a row, has another order of rows, or is damaged.

    Each page of the copy is read for that, and SQLCipher proves each page that it reads.
    """
    ours, copied = ([*connection.execute(_SCHEMA.format(name))] for name in ("main", "copy"))
    if ours != copied:
        raise Unavailable(NOT_THE_SAME, table="sqlite_master")
    tables = [(str(name), "" if is_by_key else "ORDER BY rowid") for name, is_by_key in connection.execute(_TABLES)]
    for number, (table, order) in enumerate(tables):
        progress(number, len(tables))
        both = zip_longest(_rows(connection, f'main."{table}" {order}'), _rows(connection, f'copy."{table}" {order}'))
        if any(row != again for row, again in both):
            raise Unavailable(NOT_THE_SAME, table=table)
    (found,) = connection.execute("PRAGMA copy.integrity_check(1)").fetchone()
    if found != "ok":
        raise Unavailable(NOT_THE_SAME, table=found)


def _rows(connection: Any, table: str) -> Iterator[tuple[Any, ...]]:
    yield from connection.execute(f"SELECT * FROM {table}")  # noqa: S608 - names of the schema


def _require_away(settings: Settings, recovery: Path) -> None:
    if recovery.resolve().is_relative_to(settings.data_dir.resolve()):
        raise Refused(TOO_NEAR)
    if recovery.exists():
        raise Refused(EXISTS, path=str(recovery))


def _write_private(path: Path, words: str) -> None:
    """Write a new file for its owner only, and have it on the disk."""
    try:
        path.touch(mode=_OWNER_ONLY, exist_ok=False)
        path.write_text(words, encoding="utf-8")
        sync(path)
    except OSError as error:
        raise Unavailable(NOT_WRITTEN, path=str(path), reason=error.strerror) from error
