"""Encrypted backups: made after the Z and on demand, read only with the key, and never a plain byte on the stick."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from till.app.backup import PLAIN, backup
from till.app.backup_plan import name_of
from till.app.backup_proof import Books, shop_of
from till.app.backup_seal import NOT_READ_BACK, make_key, seal, unseal
from till.app.bootstrap import Ports, Till, open_till
from till.cli import main
from till.clock import FixedClock
from till.db.engine import sqlite_module
from till.errors import Unavailable
from till.money import Money
from till.settings import Settings, load, save

Make = Callable[..., Till]
ROSE = "4006381333931"
SQLITE_MARK = b"SQLite format 3"


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop that has sold, with a stick for its backups and a key on another one."""

    settings: Settings
    stick: Path
    key: Path

    def run(self, *arguments: str | Path) -> int:
        """A command of the till for this shop."""
        command, *rest = map(str, arguments)
        return main([command, "--data", str(self.settings.data_dir), "--language", "en", *rest])

    @property
    def books(self) -> Path:
        """The database."""
        return self.settings.data_dir / "till.db"

    def sales(self) -> int:
        """How many sales are in the books."""
        connection = sqlite_module().connect(self.books)
        count = connection.execute("SELECT COUNT(*) FROM document WHERE kind = 'sale'").fetchone()[0]
        connection.close()
        return int(count)


@pytest.fixture
def shop(shop_settings: Settings, tmp_path: Path, clock: FixedClock) -> Shop:
    """A shop with one sale; backups are not encrypted yet."""
    stick, safe = tmp_path / "stick", tmp_path / "safe"
    stick.mkdir()
    safe.mkdir()
    save(shop_settings)
    made = Shop(load(shop_settings.data_dir), stick, safe / "key.txt")
    sell(made.settings, clock)
    return made


@pytest.fixture
def locked(shop: Shop, capsys: pytest.CaptureFixture[str]) -> Shop:
    """The shop, whose backups are encrypted from now on."""
    assert shop.run("backup-key", shop.key) == 0
    capsys.readouterr()
    return Shop(load(shop.settings.data_dir), shop.stick, shop.key)


def sell(settings: Settings, clock: FixedClock) -> None:
    till = open_till(settings, Ports(clock=clock))
    if not till.cash.is_open:
        till.cash.open_shift(Money(10000))
    till.sale.scan(ROSE)
    till.sale.pay_cash(Money(350))
    till.sale.complete()
    till.close()


# The key


def test_the_key_is_private_and_only_its_public_half_is_in_the_settings(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shop.run("backup-key", shop.key) == 0
    said = capsys.readouterr().out
    assert str(shop.key) in said
    assert "away from the till" in said
    assert shop.key.stat().st_mode & 0o077 == 0
    settings = (shop.settings.data_dir / "settings.toml").read_text()
    recipient = load(shop.settings.data_dir).backup_recipient
    assert recipient.startswith("age1")
    assert recipient in shop.key.read_text()
    assert "AGE-SECRET-KEY" in shop.key.read_text()
    assert "SECRET" not in settings + said


def test_the_rest_of_the_settings_stays_as_it_is(shop: Shop) -> None:
    assert shop.run("backup-key", shop.key, "--till", "KASSE-9") == 0
    assert load(shop.settings.data_dir).till_id == "KASSE-1"


def test_a_key_file_is_never_overwritten(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.key.write_text("the old key")
    assert shop.run("backup-key", shop.key) == 1
    assert "not overwritten" in capsys.readouterr().err
    assert shop.key.read_text() == "the old key"
    assert load(shop.settings.data_dir).backup_recipient == ""


def test_a_second_key_is_made_only_when_asked_for_and_both_open_their_backups(
    locked: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    second = locked.key.with_name("second.txt")
    assert locked.run("backup", locked.stick / "first.db") == 0
    assert locked.run("backup-key", second) == 1
    assert "--force" in capsys.readouterr().err
    assert not second.exists()
    assert locked.run("backup-key", second, "--force") == 0
    assert locked.run("backup", locked.stick / "second.db") == 0
    assert locked.run("restore", locked.stick / "first.db.age", "--key", second) == 1
    both = locked.key.with_name("both.txt")
    both.write_text(second.read_text() + "\n" + locked.key.read_text())
    for name in ("first.db.age", "second.db.age"):
        assert locked.run("restore", locked.stick / name, "--key", both) == 0


@pytest.mark.parametrize("place", [".", "backups", "../stick"])
def test_a_key_beside_the_books_or_their_backups_is_refused(
    shop: Shop, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop.settings.data_dir / "backups").mkdir(exist_ok=True)
    save(replace(shop.settings, backup_dir=str(shop.stick)))
    file_path = shop.settings.data_dir / place / "key.txt"
    assert shop.run("backup-key", file_path) == 1
    assert "another place" in capsys.readouterr().err
    assert not file_path.exists()


def test_a_key_that_cannot_be_written_changes_nothing(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    assert shop.run("backup-key", shop.key.parent / "gone" / "key.txt") == 1
    assert "Nothing was changed" in capsys.readouterr().err
    assert load(shop.settings.data_dir).backup_recipient == ""


def test_a_stick_that_fails_while_the_key_is_written_keeps_no_half_key(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert shop.run("backup-key", shop.key) == 1
    assert "No space left on device" in capsys.readouterr().err
    assert not shop.key.exists()


def test_settings_that_cannot_be_saved_leave_no_key_behind(shop: Shop) -> None:
    (shop.settings.data_dir / "settings.new").mkdir()
    assert shop.run("backup-key", shop.key) == 1
    assert not shop.key.exists()


def test_a_running_till_is_closed_before_it_gets_a_key(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    till = open_till(shop.settings)
    try:
        assert shop.run("backup-key", shop.key) == 1
        assert "Close it first" in capsys.readouterr().err
    finally:
        till.close()
    assert not shop.key.exists()


# Backing up and bringing back


def test_an_encrypted_backup_comes_back_whole(
    locked: Shop, clock: FixedClock, capsys: pytest.CaptureFixture[str]
) -> None:
    assert locked.run("backup", locked.stick) == 0
    (copy,) = locked.stick.iterdir()
    assert copy.name.endswith(".db.age")
    assert str(copy) in capsys.readouterr().out
    assert copy.stat().st_mode & 0o077 == 0
    assert SQLITE_MARK not in copy.read_bytes()
    locked.books.unlink()
    assert locked.run("restore", copy, "--key", locked.key) == 0
    assert locked.books.stat().st_mode & 0o077 == 0
    assert locked.run("verify") == 0
    sell(locked.settings, clock)
    assert locked.run("verify") == 0
    assert locked.sales() == 2


def test_each_z_is_followed_by_an_encrypted_backup_and_old_ones_go(
    make_till: Make, locked: Shop, clock: FixedClock
) -> None:
    shop = shop_of(locked.books)
    old = [name_of(clock.now().replace(year=2020, hour=hour), shop, is_sealed=hour > 9) for hour in (9, 10)]
    for name in old:
        (locked.stick / name).touch()
    recipient = locked.settings.backup_recipient
    till = make_till(backup_dir=str(locked.stick), backup_recipient=recipient)
    till.begin_upkeep()
    clock.advance(3600)
    till.cash.close_shift(None)
    till.close()
    assert {path.name for path in locked.stick.iterdir()} == {old[1], name_of(clock.now(), shop, is_sealed=True)}
    assert till.status.current.backup_failed == ""
    again = make_till(open_shift=False, backup_dir=str(locked.stick), backup_recipient=recipient)
    again.begin_upkeep()
    again.close()
    assert len(list(locked.stick.iterdir())) == 2


def test_no_plain_byte_ever_touches_the_stick(locked: Shop, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    real, looks = os.fsync, []

    def fsync(handle: int) -> None:
        real(handle)
        looks.append([path.read_bytes() for path in locked.stick.iterdir()])
        plain = locked.books.with_name(PLAIN)
        assert not plain.exists() or plain.stat().st_mode & 0o077 == 0

    monkeypatch.setattr(os, "fsync", fsync)
    backup(Books(locked.books), locked.stick, clock.now(), locked.settings.backup_recipient)
    assert any(content for look in looks for content in look)
    assert not any(SQLITE_MARK in content for look in looks for content in look)
    assert not locked.books.with_name(PLAIN).exists()


def test_a_plain_copy_that_a_power_cut_left_is_gone_after_the_next_backup(locked: Shop) -> None:
    locked.books.with_name(PLAIN).write_bytes(SQLITE_MARK)
    assert locked.run("backup", locked.stick) == 0
    assert not locked.books.with_name(PLAIN).exists()


def test_a_stick_that_gives_back_other_bytes_is_refused(
    locked: Shop, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def fsync(handle: int) -> None:
        real(handle)
        path = Path(f"/proc/self/fd/{handle}").readlink()
        if path.name.endswith(".age.part"):
            path.write_bytes(path.read_bytes()[:-1] + b"?")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(Unavailable) as refused:
        backup(Books(locked.books), locked.stick, clock.now(), locked.settings.backup_recipient)
    assert refused.value.msgid == NOT_READ_BACK
    assert list(locked.stick.iterdir()) == []


def test_older_encrypted_backups_need_force_and_keep_the_present_database(
    locked: Shop, clock: FixedClock, capsys: pytest.CaptureFixture[str]
) -> None:
    assert locked.run("backup", locked.stick / "copy.db") == 0
    sell(locked.settings, clock)
    restored = ("restore", locked.stick / "copy.db.age", "--key", locked.key)
    assert locked.run(*restored) == 1
    assert "--force" in capsys.readouterr().err
    assert locked.sales() == 2
    assert locked.run(*restored, "--force") == 0
    assert locked.sales() == 1
    assert len(list(locked.settings.data_dir.glob("till-before-restore-*.db"))) == 1


# What can't be read


@pytest.mark.parametrize("renamed", [False, True])
def test_an_encrypted_backup_asks_for_its_key(
    locked: Shop, *, renamed: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = locked.stick / "copy.db.age"
    assert locked.run("backup", copy) == 0
    if renamed:
        copy = copy.rename(locked.stick / "copy.db")
    capsys.readouterr()
    assert locked.run("restore", copy) == 1
    assert f"{copy} --key" in capsys.readouterr().err
    assert locked.run("restore", copy, "--key", locked.key) == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "can't be read"),
        (b"", "holds no key"),
        (b"# public key: age1xyz\n", "holds no key"),
        (b"Dear diary", "holds no key"),
        (b"\xff\xfe\x00", "holds no key"),
    ],
)
def test_a_key_file_that_is_none_is_said(
    locked: Shop, content: bytes | None, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = locked.key.with_name("other.txt")
    if content is not None:
        file.write_bytes(content)
    assert locked.run("backup", locked.stick / "copy.db") == 0
    capsys.readouterr()
    assert locked.run("restore", locked.stick / "copy.db.age", "--key", file) == 1
    said = capsys.readouterr().err
    assert words in said
    assert str(file) in said
    assert locked.sales() == 1


def test_another_shops_key_opens_nothing(locked: Shop, clock: FixedClock, capsys: pytest.CaptureFixture[str]) -> None:
    other = locked.key.with_name("other.txt")
    make_key(other, clock.now())
    assert locked.run("backup", locked.stick / "copy.db") == 0
    capsys.readouterr()
    assert locked.run("restore", locked.stick / "copy.db.age", "--key", other) == 1
    assert f"The key in {other} does not open" in capsys.readouterr().err


def _cut(whole: bytes) -> bytes:
    return whole[: len(whole) // 2]


def _flipped(whole: bytes) -> bytes:
    return whole[: len(whole) // 2] + bytes([whole[len(whole) // 2] ^ 1]) + whole[len(whole) // 2 + 1 :]


def _without_head(whole: bytes) -> bytes:
    return b"Dear" + whole[4:]


def _nothing(_whole: bytes) -> bytes:
    return b""


@pytest.mark.parametrize("harm", [_cut, _flipped, _without_head, _nothing])
def test_a_damaged_encrypted_backup_is_refused_and_nothing_changes(
    locked: Shop, harm: Callable[[bytes], bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    copy = locked.stick / "copy.db.age"
    assert locked.run("backup", copy) == 0
    copy.write_bytes(harm(copy.read_bytes()))
    before = sorted(path.name for path in locked.settings.data_dir.iterdir())
    capsys.readouterr()
    assert locked.run("restore", copy, "--key", locked.key, "--force") == 1
    said = capsys.readouterr().err
    assert f"{copy} is damaged" in said
    assert said.count("\n") == 1
    assert sorted(path.name for path in locked.settings.data_dir.iterdir()) == before
    assert locked.sales() == 1


def test_something_else_that_was_encrypted_is_no_backup(locked: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    diary = locked.key.with_name("diary")
    diary.write_text("Dear diary " * 1000)
    sealed = locked.stick / "diary.age"
    sealed.touch()
    seal(diary, sealed, locked.settings.backup_recipient)
    assert locked.run("restore", sealed, "--key", locked.key, "--force") == 1
    assert f"{sealed} is no backup of Till" in capsys.readouterr().err
    assert locked.sales() == 1


def test_an_encrypted_backup_that_is_not_there_is_said(locked: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    assert locked.run("restore", locked.stick / "gone.db.age", "--key", locked.key) == 1
    assert "There is no file" in capsys.readouterr().err


def test_a_public_key_that_is_none_stops_a_backup_in_words(locked: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    save(replace(locked.settings, backup_recipient="age1nonsense"))
    assert locked.run("backup", locked.stick) == 1
    assert "backup_recipient" in capsys.readouterr().err
    assert list(locked.stick.iterdir()) == []


def test_a_full_disk_in_the_middle_is_neither_a_bad_key_nor_damage(locked: Shop, tmp_path: Path) -> None:
    sealed = tmp_path / "copy.age"
    sealed.touch()
    seal(locked.books, sealed, locked.settings.backup_recipient)
    with pytest.raises(OSError, match="No space left"):
        seal(locked.books, Path("/dev/full"), locked.settings.backup_recipient)
    with pytest.raises(OSError, match="No space left"):
        unseal(sealed, Path("/dev/full"), locked.key)


def test_a_full_disk_while_decrypting_is_no_damaged_backup(
    locked: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert locked.run("backup", locked.stick / "copy.db") == 0
    real = shutil.disk_usage(locked.stick)
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: real._replace(free=0))
    capsys.readouterr()
    assert locked.run("restore", locked.stick / "copy.db.age", "--key", locked.key) == 1
    assert "Make room there" in capsys.readouterr().err
    assert locked.sales() == 1
