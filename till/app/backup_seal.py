"""Encrypts backups for a public key (the age format, age-encryption.org/v1), so that no secret lies on the till."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
from pathlib import Path
from typing import Any, BinaryIO

from till.app.backup_files import sync, sync_folder
from till.app.backup_plan import SEALED
from till.errors import Refused, Unavailable
from till.i18n import msg

_MAGIC = b"age-encryption.org/"
_NO_MATCH = "No matching keys"
_COMMENT = (
    "# Till: mit diesem Schlüssel werden verschlüsselte Sicherungen gelesen. Nicht bei der Kasse aufbewahren!\n"
    "# Till: this key opens encrypted backups. Keep it away from the till!\n"
)

NO_RECIPIENT = msg(
    "backup_recipient in settings.toml is no public key, so there is no backup. It begins with age1; "
    "“till backup-key FILE” makes a new one."
)
NEEDS_KEY = msg("{path} is encrypted. Say where its key is: till restore {path} --key KEYFILE.")
NO_KEY_FILE = msg("The key file {path} can't be read: {reason}. Plug in the stick that it lies on.")
NO_KEY = msg("{path} holds no key. The right file has a line that begins with AGE-SECRET-KEY-1.")
WRONG_KEY = msg("The key in {key} does not open {path}. Take the key file that was made before this backup.")
SEAL_BROKEN = msg("{path} is damaged and can't be decrypted. Nothing was changed; choose another backup.")
KEY_EXISTS = msg("{path} exists already and is not overwritten. Choose another name for the key file.")
KEY_NOT_WRITTEN = msg("The key can't be written to {path}: {reason}. Nothing was changed.")
NOT_READ_BACK = msg("What {path} gives back is not what was written to it. Use another stick or disk.")


def is_sealed(path: Path) -> bool:
    """Whether this file is an encrypted backup, by its name or its first bytes."""
    if path.suffix == SEALED:
        return True
    try:
        with path.open("rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


def require_recipient(recipient: str) -> None:
    """Refuse a setting that is no public key, before anything is copied."""
    _recipient(recipient)


def seal(plain: Path, sealed: Path, recipient: str) -> None:
    """Encrypt `plain` into the file `sealed`, have it on the disk and compare what the disk gives back.

    Streams, so that memory stays flat and the other threads have their turn between two portions.
    """
    pyrage = _age()
    to = _recipient(recipient)
    with plain.open("rb", buffering=0) as source, sealed.open("wb") as file:
        hashed = _Hashed(file)
        try:
            pyrage.encrypt_io(source, hashed, [to])
        except pyrage.EncryptError as error:
            raise OSError(str(error)) from error
    sync(sealed)
    with sealed.open("rb") as file:
        if hashlib.file_digest(file, "sha256").digest() != hashed.digest():
            raise Unavailable(NOT_READ_BACK, path=str(sealed.parent))


def unseal(sealed: Path, plain: Path, key: Path | None) -> None:
    """Decrypt `sealed` into the file `plain` with the key file `key`. Refused in words when it can't be.

    What `plain` holds after a refusal is worth nothing.
    """
    pyrage = _age()
    if key is None:
        raise Refused(NEEDS_KEY, path=str(sealed))
    identities = _identities(key)
    with sealed.open("rb") as source, plain.open("wb") as file:
        try:
            pyrage.decrypt_io(source, file, identities)
        except pyrage.DecryptError as error:
            msgid = WRONG_KEY if _NO_MATCH in str(error) else SEAL_BROKEN
            raise Refused(msgid, path=str(sealed), key=str(key)) from error
        except OSError as error:
            if error.errno is not None:
                raise
            raise Refused(SEAL_BROKEN, path=str(sealed)) from error


def make_key(path: Path, now: dt.datetime) -> str:
    """Write a new secret key to `path`, which must not exist, and return its public key for the settings."""
    pyrage = _age()
    identity = pyrage.x25519.Identity.generate()
    recipient = str(identity.to_public())
    lines = f"{_COMMENT}# created: {now.isoformat(timespec='seconds')}\n# public key: {recipient}\n{identity}\n"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(lines.encode())
        sync(path)
        sync_folder(path.parent)
    except FileExistsError as error:
        raise Refused(KEY_EXISTS, path=str(path)) from error
    except OSError as error:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
        raise Unavailable(KEY_NOT_WRITTEN, path=str(path), reason=error.strerror or str(error)) from error
    _identities(path)
    return recipient


def _age() -> Any:
    """The library, loaded when the first backup is encrypted or read."""
    import pyrage

    return pyrage


def _recipient(text: str) -> Any:
    pyrage = _age()
    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError as error:
        raise Refused(NO_RECIPIENT) from error


def _identities(path: Path) -> list[Any]:
    """The secret keys in a file, one per line; several, when older backups have an older key."""
    pyrage = _age()
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        keys = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
        identities = [pyrage.x25519.Identity.from_str(key) for key in keys]
    except OSError as error:
        raise Refused(NO_KEY_FILE, path=str(path), reason=error.strerror or str(error)) from error
    except (UnicodeDecodeError, pyrage.IdentityError) as error:
        raise Refused(NO_KEY, path=str(path)) from error
    if not identities:
        raise Refused(NO_KEY, path=str(path))
    return identities


class _Hashed:
    """A file that is written, with the hash of all that went into it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._hash = hashlib.sha256()

    def write(self, portion: bytes) -> int:
        """Write the next portion."""
        self._hash.update(portion)
        return self._file.write(portion)

    def digest(self) -> bytes:
        """The SHA-256 of all that was written."""
        return self._hash.digest()
