"""A keyring in memory, and the small shop with its books encrypted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import keyring as system_keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

from till.app.encryption import RECOVERY, encrypt, make_key
from till.db.cipher import FileKey
from till.secret import Secret
from till.settings import Settings


class MemoryKeyring(KeyringBackend):
    """A keyring that ends with the test."""

    viable = False  # nobody finds it by himself
    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        """The entry; None without one."""
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Make or replace the entry."""
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Delete the entry, or say that there is none."""
        if self.entries.pop((service, username), None) is None:
            raise PasswordDeleteError


@pytest.fixture
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A PC without a keyring, and nothing given by the environment."""
    from keyring.backends.fail import Keyring

    for secret in Secret:
        monkeypatch.delenv(secret.variable, raising=False)
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    before = system_keyring.get_keyring()
    system_keyring.set_keyring(Keyring())  # type: ignore[no-untyped-call]
    yield
    system_keyring.set_keyring(before)


@pytest.fixture
def keyring(no_keyring: None) -> MemoryKeyring:  # noqa: ARG001 - it takes its place, and gives it back
    """The PC's keyring."""
    made = MemoryKeyring()
    system_keyring.set_keyring(made)
    return made


@pytest.fixture
def recovery(tmp_path: Path) -> Path:
    """Where the recovery key is kept."""
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick" / "recovery.txt"


@pytest.fixture
def key(shop_settings: Settings, recovery: Path, keyring: MemoryKeyring) -> FileKey:  # noqa: ARG001 - it keeps the key
    """The key of the small shop's books, which are encrypted with it."""
    made = make_key(shop_settings, recovery, RECOVERY, dt.datetime(2026, 11, 20, tzinfo=dt.UTC))
    assert encrypt(shop_settings, made, lambda _done, _all: None)
    return made


@pytest.fixture
def encrypted(shop_settings: Settings, key: FileKey) -> Settings:  # noqa: ARG001 - by now they are
    """The small shop, whose books are encrypted."""
    return shop_settings


@pytest.fixture
def books(encrypted: Settings) -> Path:
    """The encrypted file."""
    return encrypted.data_dir / "till.db"
