"""Encrypted books: nothing readable on the disk, no bit flips unseen, and the till works as with a plain file."""

from __future__ import annotations

import contextlib
import io
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

import till.db.checks
from till.app import encryption
from till.app.books import database_of, is_encrypted
from till.app.bootstrap import Ports, open_till
from till.app.encryption import decrypt, encrypt, make_key
from till.app.verify import verify
from till.cli import main
from till.clock import FixedClock
from till.db.cipher import NO_SQLCIPHER, FileKey, new_key
from till.db.engine import Database, attach, open_file, sqlite_module, sqlite_url
from till.errors import Refused, Unavailable
from till.migrations.upgrade import upgrade
from till.money import Money
from till.secret import Secret, Secrets
from till.settings import Settings

if TYPE_CHECKING:
    from tests.secrets.conftest import MemoryKeyring

ROSE = "4006381333931"
PLAIN_WORDS = (b"SQLite format 3", b"Rose", b"Marie Klein", b"CREATE TABLE", "Strauß".encode())


def _no_progress(_done: int, _all: int) -> None:
    """Nobody looks."""


def _sell(settings: Settings, clock: FixedClock, then: Callable[[], object] = lambda: None) -> None:
    with contextlib.closing(open_till(settings, Ports(clock=clock))) as till:
        if not till.cash.is_open:
            till.cash.open_shift(Money(10000))
        till.sale.scan(ROSE)
        till.sale.pay_cash(Money(1000))
        till.sale.complete()
        then()


def _sales(settings: Settings) -> int:
    with contextlib.closing(database_of(settings)) as database, database.read() as session:
        assert not verify(database)
        return int(session.execute(text("SELECT COUNT(*) FROM document WHERE kind = 'sale'")).scalar_one())


def _rows(settings: Settings) -> list[tuple[object, ...]]:
    with contextlib.closing(database_of(settings)) as database, database.read() as session:
        return [tuple(row) for row in session.execute(text("SELECT * FROM chain_link ORDER BY rowid"))]


def test_nothing_readable_is_on_the_disk(encrypted: Settings, books: Path, clock: FixedClock) -> None:
    def look() -> None:
        files = [file for file in encrypted.data_dir.iterdir() if file.name.startswith("till.db")]
        assert {file.name for file in files} == {"till.db", "till.db-wal", "till.db-shm"}
        assert not [word for file in files for word in PLAIN_WORDS if word in file.read_bytes()]
        assert {file.stat().st_mode & 0o777 for file in files} == {0o600}

    _sell(encrypted, clock, look)
    assert is_encrypted(books)


def test_the_till_sells_and_starts_again_on_encrypted_books(encrypted: Settings, clock: FixedClock) -> None:
    _sell(encrypted, clock)
    _sell(encrypted, clock)
    assert _sales(encrypted) == 2


def test_what_was_sold_before_stays_row_by_row(
    shop_settings: Settings, recovery: Path, clock: FixedClock, keyring: MemoryKeyring
) -> None:
    _sell(shop_settings, clock)
    before = _rows(shop_settings)
    assert len(before) > 2
    key = make_key(shop_settings, recovery, "{key}", clock.now())
    assert encrypt(shop_settings, key, _no_progress)
    assert _rows(shop_settings) == before
    assert list(keyring.entries.values()) == [key.digits]
    decrypt(shop_settings, _no_progress)
    assert not is_encrypted(shop_settings.data_dir / "till.db")
    assert _rows(shop_settings) == before
    _sell(shop_settings, clock)
    assert _sales(shop_settings) == 2


def test_a_power_cut_loses_nothing_that_was_booked(encrypted: Settings, clock: FixedClock, tmp_path: Path) -> None:
    after = tmp_path / "after"
    _sell(encrypted, clock, lambda: shutil.copytree(encrypted.data_dir, after))
    found = Settings(after, sqlite_url(after / "till.db"))
    Secrets(after).set(Secret.DATABASE_KEY, Secrets(encrypted.data_dir).get(Secret.DATABASE_KEY) or "")
    assert (after / "till.db-wal").stat().st_size > 0
    assert _sales(found) == 1


def test_every_flipped_bit_is_found(encrypted: Settings, books: Path, key: FileKey) -> None:
    whole, chance = books.read_bytes(), random.Random(7)
    database = Database(encrypted.database_url, key=key)
    missed = []
    for place in (chance.randrange(len(whole)) for _ in range(30)):
        harmed = bytearray(whole)
        harmed[place] ^= 1 << chance.randrange(8)
        books.write_bytes(harmed)
        if not _damage(database):
            missed.append(place)
        database.close()
    assert not missed
    books.write_bytes(whole)
    assert not _damage(database)
    database.close()


def _damage(database: Database) -> list[str]:
    """What the check of the file finds, in the sentence that it has for it."""
    try:
        with database.read() as session:
            return [finding.msgid for finding in till.db.checks.integrity(session, _no_progress)]
    except Unavailable as error:
        return [error.msgid]


def test_a_new_database_is_made_encrypted(tmp_path: Path) -> None:
    key = new_key()
    database = Database(sqlite_url(tmp_path / "new.db"), key=key)
    upgrade(database)
    database.close()
    assert PLAIN_WORDS[0] not in (tmp_path / "new.db").read_bytes()
    with open_file(tmp_path / "new.db", key) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_copies_of_both_kinds_are_opened_rightly(books: Path, key: FileKey, tmp_path: Path) -> None:
    with sqlite_module().connect(tmp_path / "plain.db") as plain:
        plain.execute("CREATE TABLE note (word TEXT)")
    plain.close()
    with open_file(books, key) as source, open_file(tmp_path / "copy.db", key, read_only=False) as target:
        source.backup(target, pages=-1)
    assert is_encrypted(tmp_path / "copy.db")
    for file in (tmp_path / "plain.db", tmp_path / "copy.db"):
        with open_file(books, key) as connection:
            attach(connection, file, "copy", key)
            assert connection.execute("SELECT COUNT(*) FROM copy.sqlite_master").fetchone()[0] > 0
    with open_file(tmp_path / "plain.db") as connection:
        attach(connection, tmp_path / "plain.db", "copy")
        assert connection.execute("SELECT name FROM copy.sqlite_master").fetchall() == [("note",)]


def _refused(arguments: list[str], settings: Settings, capsys: pytest.CaptureFixture[str]) -> str:
    before = (settings.data_dir / "till.db").read_bytes()
    assert main([*arguments, "--data", str(settings.data_dir), "--language", "en"]) == 1
    assert (settings.data_dir / "till.db").read_bytes() == before
    return capsys.readouterr().err


def test_without_the_key_nothing_opens_and_the_way_on_is_said(
    encrypted: Settings, keyring: MemoryKeyring, recovery: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keyring.entries.clear()
    for command in (["run"], ["verify"], ["migrate"], ["decrypt"], ["encrypt", str(recovery.with_name("new.txt"))]):
        assert "till secret set database-key" in _refused(command, encrypted, capsys)
    assert not keyring.entries


def test_another_key_opens_nothing_and_changes_nothing(
    encrypted: Settings, keyring: MemoryKeyring, capsys: pytest.CaptureFixture[str]
) -> None:
    (entry,) = keyring.entries
    other = new_key().digits
    keyring.entries[entry] = other
    for command in ("run", "verify", "migrate", "decrypt"):
        said = _refused([command], encrypted, capsys)
        assert "can’t be opened with the key" in said
        assert other not in said


def test_the_recovery_key_opens_the_books_on_a_new_pc(
    encrypted: Settings, keyring: MemoryKeyring, recovery: Path, monkeypatch: pytest.MonkeyPatch, key: FileKey
) -> None:
    keyring.entries.clear()
    words = recovery.read_text(encoding="utf-8")
    typed = next(line for line in words.splitlines() if line.startswith("    "))
    assert recovery.stat().st_mode & 0o777 == 0o600
    monkeypatch.setattr("sys.stdin", io.StringIO(typed + "\n"))
    assert main(["secret", "set", "database-key", "--data", str(encrypted.data_dir)]) == 0
    assert list(keyring.entries.values()) == [key.digits]
    assert _sales(encrypted) == 0


@pytest.mark.parametrize("typed", ["0" * 64, "Tulpe", "0" * 63 + "'"])
def test_a_wrong_key_never_takes_the_place_of_the_right_one(
    typed: str, encrypted: Settings, keyring: MemoryKeyring, key: FileKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed + "\n"))
    assert main(["secret", "set", "database-key", "--data", str(encrypted.data_dir)]) == 1
    assert list(keyring.entries.values()) == [key.digits]


def test_the_key_of_encrypted_books_is_not_deleted(
    encrypted: Settings, keyring: MemoryKeyring, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "till decrypt" in _refused(["secret", "delete", "database-key"], encrypted, capsys)
    assert keyring.entries


def test_where_sqlcipher_is_missing_it_is_said(
    encrypted: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "sqlcipher3", None)
    assert "pip install" in _refused(["verify"], encrypted, capsys)
    with pytest.raises(Unavailable) as said:
        Database("sqlite:///x.db", key=new_key())
    assert said.value.msgid == NO_SQLCIPHER


@pytest.mark.usefixtures("no_keyring")
def test_without_a_keyring_the_books_stay_as_they_are(
    shop_settings: Settings, recovery: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "keyring" in _refused(["encrypt", str(recovery)], shop_settings, capsys)
    assert not recovery.exists()
    assert not is_encrypted(shop_settings.data_dir / "till.db")


@pytest.mark.usefixtures("keyring")
def test_books_in_use_are_not_converted(
    shop_settings: Settings, recovery: Path, clock: FixedClock, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["encrypt", str(recovery)]
    with contextlib.closing(open_till(shop_settings, Ports(clock=clock))):
        assert main([*command, "--data", str(shop_settings.data_dir), "--language", "en"]) == 1
        assert "is running" in capsys.readouterr().err
    recovery.unlink()
    with _read_by_another_program(shop_settings.data_dir / "till.db"):
        assert "in use" in _refused(command, shop_settings, capsys)


READER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN")
print(connection.execute("SELECT COUNT(*) FROM category").fetchone(), flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def _read_by_another_program(path: Path) -> Iterator[None]:
    command = [sys.executable, "-c", READER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as reader:
        assert reader.stdout is not None
        reader.stdout.readline()
        yield
        reader.communicate(b"")


def test_a_copy_that_differs_never_takes_the_place_of_the_books(
    shop_settings: Settings, recovery: Path, clock: FixedClock, keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk swallowed a row."""
    key = make_key(shop_settings, recovery, "{key}", clock.now())
    honest = encryption._rows
    monkeypatch.setattr(
        encryption,
        "_rows",
        lambda connection, table: [*honest(connection, table)][table.startswith('copy."article" ') :],
    )
    with pytest.raises(Unavailable, match="article"):
        encrypt(shop_settings, key, _no_progress)
    assert [file.name for file in shop_settings.data_dir.iterdir() if "convert" in file.name] == []
    assert _sales(shop_settings) == 0
    assert keyring.entries


@pytest.mark.usefixtures("keyring")
def test_the_recovery_key_lies_apart_and_overwrites_nothing(
    shop_settings: Settings, recovery: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recovery.write_text("Dear diary", encoding="utf-8")
    assert "overwritten" in _refused(["encrypt", str(recovery)], shop_settings, capsys)
    assert "data folder" in _refused(["encrypt", str(shop_settings.data_dir / "key.txt")], shop_settings, capsys)
    assert "can’t be written" in _refused(["encrypt", str(recovery / "no" / "key.txt")], shop_settings, capsys)
    assert recovery.read_text(encoding="utf-8") == "Dear diary"


def test_the_recovery_key_can_be_had_again(
    encrypted: Settings, recovery: Path, key: FileKey, capsys: pytest.CaptureFixture[str]
) -> None:
    again = recovery.with_name("again.txt")
    assert main(["encrypt", str(again), "--data", str(encrypted.data_dir), "--language", "en"]) == 0
    assert "once more" in capsys.readouterr().out
    assert key.digits in again.read_text(encoding="utf-8").replace(" ", "")


@pytest.mark.usefixtures("keyring")
def test_a_shop_is_founded_encrypted_and_decrypted_again(
    tmp_path: Path, recovery: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--data", str(tmp_path / "new"), "--language", "en"]
    words = ["--name", "Blumen", "--street", "Weg 1", "--postcode", "1", "--town", "Ort", "--cashier", "Marie Klein"]
    founding = ["setup", *at, *words, "--tax-number", "12/345/67890", "--encrypted"]
    assert main([*founding, str(recovery)]) == 0
    assert is_encrypted(tmp_path / "new" / "till.db")
    assert main(["verify", *at]) == 0
    assert main([*founding, str(recovery.with_name("second.txt"))]) == 1
    assert "a shop already" in capsys.readouterr().err
    assert not recovery.with_name("second.txt").exists()
    assert main(["decrypt", *at]) == 0
    assert not is_encrypted(tmp_path / "new" / "till.db")
    assert main(["decrypt", *at]) == 1
    assert "not encrypted" in capsys.readouterr().err


def test_a_server_encrypts_its_own_disk(tmp_path: Path, recovery: Path, clock: FixedClock) -> None:
    settings = Settings(tmp_path, "postgresql+psycopg://till@server/till")
    with pytest.raises(Refused, match="PostgreSQL"):
        make_key(settings, recovery, "{key}", clock.now())


def test_the_key_is_in_no_repr(key: FileKey, encrypted: Settings) -> None:
    database = database_of(encrypted)
    shown = f"{key!r} {key} {database!r} {database.key} {database.engine!r} {database.url} {encrypted!r}"
    assert key.digits not in shown


@pytest.mark.usefixtures("keyring")
def test_the_key_may_come_before_the_books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a new PC, where the backup is restored next."""
    digits = new_key().digits
    monkeypatch.setattr("sys.stdin", io.StringIO(digits.upper() + "\n"))
    assert main(["secret", "set", "database-key", "--data", str(tmp_path)]) == 0
    assert Secrets(tmp_path).get(Secret.DATABASE_KEY) == digits


def test_a_disk_that_fails_leaves_the_books_as_they_were(
    encrypted: Settings, books: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_path: Path) -> None:
        raise OSError(28, "No space left on device")

    before = books.read_bytes()
    monkeypatch.setattr(encryption, "sync", fail)
    with pytest.raises(Unavailable, match=r"No space left.*as it was"):
        decrypt(encrypted, _no_progress)
    assert books.read_bytes() == before
    assert sorted(file.name for file in encrypted.data_dir.glob("till.db*")) == ["till.db"]


def test_a_copy_without_its_triggers_is_not_taken(encrypted: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encryption, "_SCHEMA", "SELECT '{}'")
    with pytest.raises(Unavailable, match="sqlite_master"):
        decrypt(encrypted, _no_progress)
    assert _sales(encrypted) == 0


@pytest.mark.usefixtures("keyring")
def test_only_books_in_a_file_that_is_there_are_decrypted(tmp_path: Path) -> None:
    for url, said in (
        (sqlite_url(tmp_path / "till.db"), "no database"),
        ("postgresql+psycopg://server/till", "SQLite"),
    ):
        with pytest.raises(Refused, match=said):
            decrypt(Settings(tmp_path, url), _no_progress)


def test_encrypted_books_are_backed_up_encrypted_and_restored(
    encrypted: Settings,
    books: Path,
    clock: FixedClock,
    tmp_path: Path,
    keyring: MemoryKeyring,
    capsys: pytest.CaptureFixture[str],
) -> None:
    at = ["--data", str(encrypted.data_dir), "--language", "en"]
    _sell(encrypted, clock)
    copy = tmp_path / "stick" / "copy.db"
    assert main(["backup", str(copy), *at]) == 0, capsys.readouterr().err
    assert is_encrypted(copy)
    _sell(encrypted, clock)
    assert main(["restore", str(copy), *at]) == 1
    assert "would be gone" in capsys.readouterr().err
    assert main(["restore", str(copy), "--force", *at]) == 0, capsys.readouterr().err
    assert is_encrypted(books)
    assert _sales(encrypted) == 1
    keyring.entries.clear()
    assert main(["restore", str(copy), "--data", str(tmp_path / "new"), "--language", "en"]) == 1
    assert "till secret set database-key" in capsys.readouterr().err
    assert not (tmp_path / "new" / "till.db").exists()


def test_the_backup_after_a_z_is_encrypted_and_private(encrypted: Settings) -> None:
    before = os.umask(0o022)
    try:
        with contextlib.closing(open_till(encrypted)) as till:
            till.begin_upkeep()
            till.cash.open_shift(Money(0))
            till.cash.close_shift(Money(0))
            folder, deadline = encrypted.data_dir / "backups", time.monotonic() + 20
            while not (folder.exists() and [*folder.glob("*.db")]):
                assert time.monotonic() < deadline, "there is no backup"
                time.sleep(0.02)
    finally:
        os.umask(before)
    (copy,) = folder.glob("*.db")
    assert is_encrypted(copy)
    private = [file for file in encrypted.data_dir.rglob("*") if file.is_file() and file.suffix in {".db", ".toml"}]
    assert {file.stat().st_mode & 0o777 for file in private} == {0o600}
