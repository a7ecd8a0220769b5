"""Backups of books that are encrypted themselves: as unreadable as these, proved and brought back with the same key."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest

from till.app.backup import NOT_THE_SAME, backup, prune
from till.app.backup_files import sync
from till.app.backup_proof import Books, shop_of
from till.app.backup_seal import make_key
from till.app.bootstrap import Ports, Till, open_till
from till.app.encryption import encrypt
from till.cli import main
from till.clock import FixedClock
from till.db.cipher import FileKey, new_key
from till.db.engine import open_file
from till.errors import Unavailable
from till.money import Money
from till.secret import Secret
from till.settings import Settings

Make = Callable[..., Till]
ROSE = "4006381333931"
PLAIN_WORDS = (b"SQLite format 3", b"CREATE TABLE")


@pytest.fixture
def books(shop_settings: Settings, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Books:
    """Encrypted books with one sale, whose key the PC knows."""
    key = new_key()
    monkeypatch.setenv(Secret.DATABASE_KEY.variable, key.digits)
    assert encrypt(shop_settings, key, lambda _done, _all: None)
    sell(shop_settings, clock)
    return Books(shop_settings.data_dir / "till.db", key)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """An empty stick."""
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def sell(settings: Settings, clock: FixedClock) -> None:
    with contextlib.closing(open_till(settings, Ports(clock=clock))) as till:
        if not till.cash.is_open:
            till.cash.open_shift(Money(10000))
        till.sale.scan(ROSE)
        till.sale.pay_cash(Money(350))
        till.sale.complete()


def sales(file: Path, key: FileKey | None) -> int:
    with open_file(file, key) as connection:
        return int(connection.execute("SELECT COUNT(*) FROM document WHERE kind = 'sale'").fetchone()[0])


def run(books: Books, *arguments: str | Path) -> int:
    command, *rest = map(str, arguments)
    return main([command, "--data", str(books.file.parent), "--language", "en", *rest])


def test_after_the_z_comes_a_backup_that_nobody_reads_without_the_key(
    books: Books, make_till: Make, clock: FixedClock, stick: Path
) -> None:
    till = make_till(backup_dir=str(stick))
    till.begin_upkeep()
    clock.advance(3600)
    till.cash.close_shift(None)
    till.close()
    (copy,) = stick.iterdir()
    assert not [word for word in PLAIN_WORDS if word in copy.read_bytes()]
    assert sales(copy, books.key) == 1
    assert till.status.current.backup_failed == ""
    again = make_till(open_shift=False, backup_dir=str(stick))
    again.begin_upkeep()
    again.close()
    assert list(stick.iterdir()) == [copy]


@pytest.mark.parametrize("recipient", ["", "age"])
def test_a_backup_of_encrypted_books_comes_back_whole(
    books: Books, shop_settings: Settings, clock: FixedClock, stick: Path, tmp_path: Path, recipient: str
) -> None:  # fmt: skip
    key_file = tmp_path / "key.txt"
    public = make_key(key_file, clock.now())
    copy = backup(books, stick, clock.now(), public if recipient else "")
    sell(shop_settings, clock)
    restoring = ("restore", copy, "--key", key_file) if recipient else ("restore", copy)
    assert run(books, *restoring) == 1
    assert sales(books.file, books.key) == 2
    assert run(books, *restoring, "--force") == 0
    assert sales(books.file, books.key) == 1
    (kept,) = books.file.parent.glob("till-before-restore-*.db")
    assert sales(kept, books.key) == 2
    assert run(books, "verify") == 0
    sell(shop_settings, clock)


def test_a_pc_that_does_not_know_the_key_says_so_and_changes_nothing(
    books: Books, clock: FixedClock, stick: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    copy = backup(books, stick, clock.now())
    before = books.file.read_bytes()
    monkeypatch.delenv(Secret.DATABASE_KEY.variable)
    monkeypatch.setattr("till.secret.Secrets.get", lambda _self, _secret: None)
    assert run(books, "restore", copy, "--force") == 1
    assert "till secret set database-key" in capsys.readouterr().err
    assert books.file.read_bytes() == before
    assert run(books, "backup", stick) == 1
    assert "till secret set database-key" in capsys.readouterr().err


def test_another_key_than_the_backups_is_said(
    books: Books, clock: FixedClock, stick: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    copy = backup(books, stick, clock.now())
    monkeypatch.setenv(Secret.DATABASE_KEY.variable, new_key().digits)
    assert run(books, "restore", copy, "--force") == 1
    assert "can’t be opened with the key of this PC" in capsys.readouterr().err
    assert sales(books.file, books.key) == 1


def test_encrypted_books_of_a_lost_keyring_make_way_for_a_plain_backup_and_are_kept(
    shop_settings: Settings, clock: FixedClock, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sell(shop_settings, clock)
    plain = backup(Books(shop_settings.data_dir / "till.db"), stick, clock.now())
    key = new_key()
    monkeypatch.setenv(Secret.DATABASE_KEY.variable, key.digits)
    assert encrypt(shop_settings, key, lambda _done, _all: None)
    monkeypatch.delenv(Secret.DATABASE_KEY.variable)
    monkeypatch.setattr("till.secret.Secrets.get", lambda _self, _secret: None)
    books = Books(shop_settings.data_dir / "till.db", key)
    assert run(books, "restore", plain) == 0
    assert sales(books.file, None) == 1
    (kept,) = books.file.parent.glob("till-before-restore-*.db")
    assert sales(kept, key) == 1


def test_a_copy_of_encrypted_books_that_differs_is_refused(
    books: Books, clock: FixedClock, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaging(path: Path) -> None:
        whole = bytearray(path.read_bytes())
        whole[len(whole) // 2] ^= 1
        path.write_bytes(whole)
        sync(path)

    monkeypatch.setattr("till.app.backup.sync", damaging)
    with pytest.raises(Unavailable) as refused:
        backup(books, stick, clock.now())
    assert refused.value.msgid == NOT_THE_SAME
    assert list(stick.iterdir()) == []


def test_old_names_of_encrypted_backups_are_known_by_their_content(
    books: Books, clock: FixedClock, stick: Path
) -> None:
    for hour in (10, 11):
        backup(books, stick / f"till-20260101-{hour}0000.db", clock.now())
    shop = shop_of(books.file, books.key)
    assert shop
    prune(stick, shop, books.key)
    assert [path.name for path in stick.iterdir()] == ["till-20260101-110000.db"]
