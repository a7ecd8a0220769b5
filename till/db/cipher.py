"""Encrypted SQLite files: their key, the library that reads them (SQLCipher), and what may be wrong with either.

Whether a file is encrypted is told by the file itself, never by a setting that could contradict it.
"""

from __future__ import annotations

import contextlib
import re
import secrets
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from till.errors import Refused, Unavailable
from till.i18n import msg

NOT_A_DATABASE = 26  # SQLITE_NOTADB (sqlite.org/rescode.html): a foreign file, a damaged first page, or another key
_DIGITS = re.compile(r"[0-9a-f]{64}")
_PLAIN = "''"

NO_SQLCIPHER = msg(
    "The database is encrypted, and SQLCipher is not installed here. Install it: pip install sqlcipher3."
)
NO_FILE_KEY = msg("This is no key of a database: a key has 64 digits (0–9, a–f).")
OTHER_KEY = msg(
    "The database can’t be opened with the key of this PC: it belongs to another database, or the file is damaged. "
    "Nothing was changed. Store the right key with “till secret set database-key”, or restore a backup: till restore."
)


@dataclass(frozen=True, slots=True)
class FileKey:
    """The 256 random bits that encrypt each page of a file (AES-256, HMAC-SHA-512), as 64 hex digits; never shown.

    Raises Refused for anything else; blanks between the digits, as in the recovery key, are fine.
    """

    digits: str = field(repr=False)

    def __post_init__(self) -> None:
        digits = "".join(self.digits.split()).lower()
        if not _DIGITS.fullmatch(digits):
            raise Refused(NO_FILE_KEY)
        object.__setattr__(self, "digits", digits)

    @property
    def literal(self) -> str:
        """The key as SQLCipher wants a raw one that no passphrase is derived from."""
        return f"x'{self.digits}'"


def new_key() -> FileKey:
    """A key that nobody has had before."""
    return FileKey(secrets.token_hex(32))


def cipher_module() -> ModuleType:
    """SQLCipher's twin of sqlite3. Raises Unavailable in words where it is not installed."""
    try:
        import sqlcipher3
    except ImportError:
        raise Unavailable(NO_SQLCIPHER) from None
    return sqlcipher3  # type: ignore[no-any-return]


def loaded_errors() -> tuple[type[Exception], ...]:
    """What SQLCipher raises, where it is in use."""
    module = sys.modules.get("sqlcipher3")
    return () if module is None else (module.Error,)


def unlock(connection: Any, key: FileKey) -> None:
    """Give a fresh connection its key and try it. Raises Unavailable for another file's key or a damaged first page."""
    connection.execute("PRAGMA cipher_log_level=NONE")
    connection.execute(f'PRAGMA key="{key.literal}"')
    try:
        connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
    except cipher_module().DatabaseError as error:
        if error.sqlite_errorcode != NOT_A_DATABASE:
            raise
        raise Unavailable(OTHER_KEY) from error


def is_readable_as_plain(module: ModuleType, path: Path) -> bool:
    """Whether SQLite reads the file without a key; so does it an empty or missing one.

    Asked through SQLite itself: to open and close the file of a running till by other means would take SQLite's
    locks away from this process (sqlite.org/howtocorrupt.html, 2.2).
    """
    if not path.exists():
        return True
    try:
        with contextlib.closing(module.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            connection.execute("PRAGMA schema_version").fetchone()
    except module.Error as error:
        return bool(error.sqlite_errorcode != NOT_A_DATABASE)
    return True
