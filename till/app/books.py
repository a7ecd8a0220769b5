"""Finds the books of this till and what opens them: a server's password, or the key of an encrypted file."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import make_url

from till.db.cipher import FileKey, is_readable_as_plain
from till.db.engine import Database, open_file, sqlite_module
from till.errors import Refused, Unavailable
from till.i18n import msg
from till.secret import Secret, Secrets
from till.settings import Settings

_PAGE = 4096
NO_KEY = msg(
    "{path} is encrypted, and this PC does not know its key (or the file is damaged at its beginning). Nothing was "
    "changed. Type the recovery key that was kept when it was encrypted: till secret set database-key."
)

EMPTY = msg("There is nothing to store. Type the secret, or give it on standard input.")
NEEDED = msg("{path} can’t be opened without this key. Decrypt it first: till decrypt.")


def database_of(settings: Settings) -> Database:
    """The till's database, not yet opened. Raises Refused or Unavailable in words when what opens it is missing."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        return Database(settings.database_url, key=key_of(settings))
    return Database(url.set(password=Secrets(settings.data_dir).get(Secret.DATABASE_PASSWORD)))


def key_of(settings: Settings, *copies: Path) -> FileKey | None:
    """The key, if the till's own file or one of these copies is encrypted; None where nothing is.

    Raises Unavailable when there should be a key and nobody knows it.
    """
    own = books_file(settings)
    encrypted = [path for path in (own, *copies) if path is not None and is_encrypted(path)]
    if not encrypted:
        return None
    digits = Secrets(settings.data_dir).get(Secret.DATABASE_KEY)
    if digits is None:
        raise Unavailable(NO_KEY, path=str(encrypted[0]))
    return FileKey(digits)


def keep(settings: Settings, secret: Secret, value: str) -> None:
    """Store a secret of this till. Refused when it is empty, or a key that doesn't open the books that are there."""
    if not value:
        raise Refused(EMPTY)
    if secret is Secret.DATABASE_KEY:
        value = FileKey(value).digits
        file = books_file(settings)
        if file is not None and is_encrypted(file):
            with open_file(file, FileKey(value)):
                pass
    Secrets(settings.data_dir).set(secret, value)


def forget(settings: Settings, secret: Secret) -> None:
    """Delete a secret of this till. Refused for the key of books that are encrypted with it."""
    file = books_file(settings)
    if secret is Secret.DATABASE_KEY and file is not None and is_encrypted(file):
        raise Refused(NEEDED, path=str(file))
    Secrets(settings.data_dir).delete(secret)


def books_file(settings: Settings) -> Path | None:
    """The SQLite file of the books; None on PostgreSQL."""
    url = make_url(settings.database_url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def is_encrypted(path: Path) -> bool:
    """Whether the file looks like one of SQLCipher's: whole pages, and nothing that SQLite could read in them."""
    if is_readable_as_plain(sqlite_module(), path):
        return False
    return path.stat().st_size % _PAGE == 0
