"""Backups on bad sticks, full disks, with power cuts, wrong clocks and neighbours; and restores that go wrong."""

from __future__ import annotations

import errno
import os
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from filelock import FileLock

import till.app.backup as backups
import till.app.backup_proof as proof
from till.app.backup import (
    EXISTS,
    LOCK,
    NO_FOLDER,
    NOT_THE_SAME,
    NOT_WHOLE,
    PLAIN,
    TAKES_TURNS,
    backup,
    folder_of,
    own,
    prune,
)
from till.app.backup_files import NO_SPACE, sync_folder
from till.app.backup_plan import name_of
from till.app.backup_proof import FOREIGN, NO_FILE, Books, shop_of
from till.app.backup_seal import make_key
from till.app.bootstrap import Till
from till.app.lease import take
from till.app.restore import NOT_RESTORED, OLDER, Restoration, restore
from till.app.upkeep import NO_KEY
from till.app.workplace import DISK_STOP_BYTES
from till.cli import main
from till.clock import FixedClock
from till.db.engine import Database, sqlite_module, sqlite_url
from till.errors import Refused, Unavailable
from till.money import Money
from till.settings import Settings

Make = Callable[..., Till]
ROSE = "4006381333931"


def sell(till: Till) -> None:
    till.sale.scan(ROSE)
    till.sale.pay_cash(Money(350))
    till.sale.complete()
    till.settle()


@pytest.fixture
def books(make_till: Make) -> Path:
    """The database of a till that has sold twice and is off."""
    till = make_till()
    sell(till)
    sell(till)
    till.close()
    return till.settings.data_dir / "till.db"


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """An empty stick."""
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def change(path: Path, statement: str) -> None:
    """Change a file of the books behind the program's back, without the triggers that forbid it."""
    connection = sqlite_module().connect(path)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(statement)
    connection.commit()
    connection.close()


def sales(path: Path) -> int:
    with proof.opened(path) as connection:
        return int(connection.execute("SELECT COUNT(*) FROM document WHERE kind = 'sale'").fetchone()[0])


def on_sync(monkeypatch: pytest.MonkeyPatch, suffix: str, act: Callable[[Path], object]) -> None:
    """Have something happen to the file with this end of its name when the program asks the disk to keep it."""
    real = os.fsync

    def fsync(handle: int) -> None:
        real(handle)
        path = Path(f"/proc/self/fd/{handle}").readlink()
        if path.name.endswith(suffix):
            act(path)

    monkeypatch.setattr(os, "fsync", fsync)


def flip(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    middle = len(whole) // 2
    whole[middle : middle + 4096] = os.urandom(4096)
    path.write_bytes(whole)


# What is on the stick is what is in the books


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM ledger_posting WHERE rowid = (SELECT MAX(rowid) FROM ledger_posting)",
        "UPDATE ledger_posting SET amount = amount + 1 WHERE rowid = 1",
        "UPDATE chain_link SET hash = 'other' WHERE position = (SELECT MAX(position) FROM chain_link)",
        "DELETE FROM chain_link WHERE position = 2",
        "DELETE FROM document WHERE number = 2",
        "DELETE FROM article WHERE rowid = 1",
        "DROP TABLE article",
    ],
)
def test_a_copy_that_differs_from_the_books_is_refused(
    books: Path, stick: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    on_sync(monkeypatch, ".part", lambda path: change(path, statement))
    with pytest.raises(Unavailable) as refused:
        backup(Books(books), stick, clock.now())
    assert refused.value.msgid == NOT_THE_SAME
    assert list(stick.iterdir()) == []


@pytest.mark.parametrize("harm", [flip, lambda path: path.write_bytes(b""), lambda path: path.write_text("Dear diary")])
def test_a_bad_stick_is_not_taken_for_damaged_books(
    books: Path, stick: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, harm: Callable[[Path], object]
) -> None:
    on_sync(monkeypatch, ".part", harm)
    with pytest.raises(Unavailable) as refused:
        backup(Books(books), stick, clock.now())
    assert refused.value.msgid == NOT_THE_SAME
    assert list(stick.iterdir()) == []


def no_database(path: Path) -> None:
    path.write_text("Dear diary " * 1000)


@pytest.mark.parametrize("harm", [flip, no_database])
def test_damaged_books_are_said_and_make_no_backup(
    books: Path, stick: Path, clock: FixedClock, harm: Callable[[Path], None]
) -> None:
    harm(books)
    with pytest.raises(Unavailable) as refused:
        backup(Books(books), stick, clock.now())
    assert refused.value.msgid == NOT_WHOLE
    assert list(stick.iterdir()) == []


def test_books_that_are_gone_make_no_backup(stick: Path, clock: FixedClock) -> None:
    with pytest.raises(Refused) as refused:
        backup(Books(stick / "till.db"), stick, clock.now())
    assert refused.value.msgid == NO_FILE


def test_copy_and_proof_are_of_one_moment_while_selling_goes_on(
    make_till: Make, stick: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = make_till()
    sell(till)
    real, seen = proof.totals, []

    def totals_then_a_sale(connection: Any) -> proof.Totals:
        seen.append(real(connection))
        sell(till)
        return seen[0]

    monkeypatch.setattr(backups, "totals", totals_then_a_sale)
    copy = backup(Books(till.settings.data_dir / "till.db"), stick, clock.now())
    assert len(seen) == 1
    assert sales(copy) == 1
    assert sales(till.settings.data_dir / "till.db") == 2


def test_backups_during_a_rush_are_all_whole(make_till: Make, stick: Path, clock: FixedClock) -> None:
    till = make_till()
    sell(till)
    made: list[Path] = []

    def back_up() -> None:
        made.extend(backup(Books(till.settings.data_dir / "till.db"), stick, clock.now()) for _ in range(4))

    side = threading.Thread(target=back_up)
    side.start()
    for _ in range(10):
        sell(till)
    side.join()
    assert len(set(made)) == 4
    counts = [sales(path) for path in made]
    assert counts == sorted(counts)


# Sticks that are full, gone or slow


@pytest.mark.parametrize("is_stick_full", [True, False])
def test_a_disk_without_room_is_said_before_anything_is_written(
    books: Path, stick: Path, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_stick_full: bool
) -> None:  # fmt: skip
    room = shutil.disk_usage(stick)
    full = stick if is_stick_full else books.parent
    monkeypatch.setattr(backups, "is_on_one_disk", lambda _one, _other: False)
    monkeypatch.setattr(shutil, "disk_usage", lambda place: room._replace(free=700_000) if place == full else room)
    with pytest.raises(Unavailable) as refused:
        backup(Books(books), stick, clock.now(), make_key(tmp_path / "key", clock.now()))
    assert refused.value.msgid == NO_SPACE
    assert (refused.value.values["free"], refused.value.values["path"]) == (0, str(full))
    assert list(stick.iterdir()) == []


def test_a_backup_on_the_books_own_disk_leaves_the_room_that_selling_needs(
    books: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = shutil.disk_usage(books)
    small = books.with_name("small.db")
    shutil.copy(books, small)
    needed = small.stat().st_size
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: room._replace(free=DISK_STOP_BYTES + needed - 1))
    with pytest.raises(Unavailable) as refused:
        backup(Books(small), books.with_name("copy.db"), clock.now())
    assert refused.value.msgid == NO_SPACE
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: room._replace(free=DISK_STOP_BYTES + needed))
    assert sales(backup(Books(small), books.with_name("copy.db"), clock.now())) == 2


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS])
@pytest.mark.parametrize("suffix", [".db.part", ".age.part"])
def test_a_stick_that_fails_in_the_middle_leaves_nothing_half(
    books: Path, stick: Path, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, suffix: str
) -> None:  # fmt: skip
    recipient = make_key(tmp_path / "key", clock.now()) if suffix == ".age.part" else ""

    def fail(_path: Path) -> None:
        raise OSError(code, os.strerror(code))

    on_sync(monkeypatch, suffix, fail)
    with pytest.raises(Unavailable, match="can't be written"):
        backup(Books(books), stick, clock.now(), recipient)
    assert list(stick.iterdir()) == []
    assert not (books.parent / PLAIN).exists()


def test_what_a_power_cut_left_is_cleared_away_with_the_next_backup(
    books: Path, stick: Path, clock: FixedClock
) -> None:
    shop = shop_of(books)
    ours = [f"{name_of(clock.now(), shop, is_sealed=sealed)}.part" for sealed in (True, False)]
    ours.append(f"{ours[1]}-journal")
    theirs = {f"{name_of(clock.now(), '5eed5eed')}.part", f"till-{shop}-diary.part", "film.mkv.part"}
    for name in (*ours, *theirs):
        (stick / name).write_bytes(b"half")
    copy = backup(Books(books), stick, clock.now())
    assert {path.name for path in stick.iterdir()} == theirs | {copy.name}


def test_a_half_file_of_before_does_not_spoil_a_backup_under_a_chosen_name(
    books: Path, stick: Path, clock: FixedClock
) -> None:
    (stick / "copy.db.part").write_text("half " * 1000)
    assert sales(backup(Books(books), stick / "copy.db", clock.now())) == 2


def test_a_stick_that_is_pulled_while_its_files_are_listed_is_said(
    books: Path, stick: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def gone(*_names: object) -> None:
        raise OSError(errno.EIO, "gone")

    monkeypatch.setattr(backups, "dated", gone)
    (stick / f"till-{shop_of(books)}-20260101-100000.db.part").touch()
    with pytest.raises(Unavailable, match="can't be written"):
        backup(Books(books), stick, clock.now())
    prune(stick, shop_of(books))
    assert "old backups could not be looked through" in caplog.text


def test_a_stick_that_does_not_answer_is_not_there(
    shop_settings: Settings, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_path: Path) -> bool:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "is_dir", broken)
    with pytest.raises(Unavailable) as refused:
        folder_of(replace(shop_settings, backup_dir=str(stick)))
    assert refused.value.msgid == NO_FOLDER


@pytest.mark.parametrize(("code", "is_an_error"), [(errno.EINVAL, False), (errno.EIO, True)])
def test_a_network_share_that_cannot_sync_folders_is_no_error(
    stick: Path, monkeypatch: pytest.MonkeyPatch, *, code: int, is_an_error: bool
) -> None:
    def fail(_handle: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", fail)
    if is_an_error:
        with pytest.raises(OSError, match="error"):
            sync_folder(stick)
    else:
        sync_folder(stick)


# Names, neighbours and plans


def test_nothing_is_overwritten_not_even_the_books(books: Path, stick: Path, clock: FixedClock) -> None:
    (stick / "copy.db").write_text("Dear diary")
    for target in (stick / "copy.db", books):
        with pytest.raises(Refused) as refused:
            backup(Books(books), target, clock.now())
        assert refused.value.msgid == EXISTS
    assert (stick / "copy.db").read_text() == "Dear diary"
    assert sales(books) == 2


def test_two_backups_of_the_same_second_are_two_files(books: Path, stick: Path, clock: FixedClock) -> None:
    made = [backup(Books(books), stick, clock.now()) for _ in range(3)]
    shop = shop_of(books)
    assert [path.name for path in made] == [name_of(clock.now(), shop, number) for number in (1, 2, 3)]
    prune(stick, shop)
    assert [path.name for path in stick.iterdir()] == [made[-1].name]


def test_two_backups_at_once_take_turns(books: Path, stick: Path, clock: FixedClock) -> None:
    threads = [threading.Thread(target=backup, args=(Books(books), stick, clock.now())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [sales(path) for path in stick.iterdir()] == [2, 2, 2]


def test_a_backup_that_waits_too_long_for_another_one_says_so(
    books: Path, stick: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups, "_TURN_S", 0.05)
    with FileLock(books.with_name(LOCK)), pytest.raises(Unavailable) as refused:
        backup(Books(books), stick, clock.now())
    assert refused.value.msgid == TAKES_TURNS


def test_a_data_folder_that_became_read_only_still_gives_a_last_backup(
    books: Path, stick: Path, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    books.with_name(LOCK).mkdir()
    assert sales(backup(Books(books), stick, clock.now())) == 2
    assert "without its lock" in caplog.text


def test_shops_that_share_a_folder_never_prune_each_others_backups(
    books: Path, stick: Path, clock: FixedClock, tmp_path: Path
) -> None:
    shutil.copy(books, tmp_path / "other.db")
    change(tmp_path / "other.db", "UPDATE chain_link SET hash = 'c0ffee00' || substr(hash, 9) WHERE position = 1")
    theirs = [backup(Books(tmp_path / "other.db"), stick, clock.now()) for _ in range(2)]
    ours = [backup(Books(books), stick, clock.now()) for _ in range(2)]
    prune(stick, shop_of(books))
    assert set(stick.iterdir()) == {*theirs, ours[1]}
    prune(stick, shop_of(tmp_path / "other.db"))
    assert set(stick.iterdir()) == {theirs[1], ours[1]}


def test_old_names_are_pruned_only_when_the_file_is_this_shops(
    books: Path, stick: Path, clock: FixedClock, tmp_path: Path
) -> None:
    shutil.copy(books, tmp_path / "other.db")
    change(tmp_path / "other.db", "UPDATE chain_link SET hash = 'c0ffee00' || substr(hash, 9) WHERE position = 1")
    for hour, source in ((10, books), (11, tmp_path / "other.db"), (12, books)):
        backup(Books(source), stick / f"till-20260101-{hour}0000.db", clock.now())
    (stick / "till-20260101-090000.db").write_text("Dear diary")
    copy = backup(Books(books), stick, clock.now())
    prune(stick, shop_of(books))
    left = {path.name for path in stick.iterdir()}
    assert left == {copy.name} | {f"till-20260101-{hour}0000.db" for hour in ("09", "11", "12")}
    wish = Restoration(stick / "till-20260101-120000.db")
    assert restore(wish, tmp_path / "new.db", settings_of(tmp_path / "new.db"), clock.now()) is None
    assert sales(tmp_path / "new.db") == 2


def test_a_shop_without_records_prunes_nothing(shop_settings: Settings, stick: Path, clock: FixedClock) -> None:
    empty = shop_settings.data_dir / "till.db"
    made = {backup(Books(empty), stick, clock.now()) for _ in range(2)}
    prune(stick, shop_of(empty))
    assert set(stick.iterdir()) == made
    assert own(stick, "") == []


def test_thousands_of_other_files_on_the_stick_are_left_alone(books: Path, stick: Path, clock: FixedClock) -> None:
    for number in range(3000):
        (stick / f"till-holiday-{number}.db").touch()
    backup(Books(books), stick, clock.now())
    backup(Books(books), stick, clock.now())
    prune(stick, shop_of(books))
    assert len(list(stick.iterdir())) == 3001


def test_a_backup_that_cannot_be_deleted_stays_and_is_logged(
    books: Path, stick: Path, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    shop = shop_of(books)
    (stick / name_of(clock.now(), shop)).mkdir()
    (stick / name_of(clock.now(), shop, 2)).touch()
    prune(stick, shop)
    assert "could not be deleted" in caplog.text


def test_a_public_key_that_is_none_is_said_in_a_strip_and_selling_goes_on(make_till: Make, clock: FixedClock) -> None:
    till = make_till(backup_recipient="age1nonsense")
    till.begin_upkeep()
    sell(till)
    clock.advance(3600)
    till.cash.close_shift(None)
    till.cash.open_shift(Money(10000))
    sell(till)
    till.close()
    assert till.status.current.backup_failed == NO_KEY
    assert not till.status.current.books_damaged
    assert list((till.settings.data_dir / "backups").iterdir()) == []


# Restoring


class Pair(NamedTuple):
    """A backup, and books that have gone on since."""

    older: Path
    books: Path

    def restore(self, clock: FixedClock, *, force: bool = False) -> Path | None:
        """Put the backup in the place of the books."""
        return restore(Restoration(self.older, force=force), self.books, settings_of(self.books), clock.now())


def settings_of(books: Path) -> Settings:
    return Settings(books.parent, sqlite_url(books))


@pytest.fixture
def pair(make_till: Make, clock: FixedClock, stick: Path, tmp_path: Path) -> Pair:
    """A backup with one sale, and books with two as after a power cut: the second one only in the write-ahead log."""
    till = make_till()
    sell(till)
    source = till.settings.data_dir / "till.db"
    older = backup(Books(source), stick, clock.now())
    till.workplace.database.checkpoint()
    sell(till)
    folder = tmp_path / "cut"
    folder.mkdir()
    for suffix in ("", "-wal"):
        shutil.copy(f"{source}{suffix}", folder / f"till.db{suffix}")
    assert (folder / "till.db-wal").stat().st_size
    return Pair(older, folder / "till.db")


def test_newer_books_are_kept_with_all_that_stood_in_their_log(pair: Pair, clock: FixedClock) -> None:
    with pytest.raises(Refused) as refused:
        pair.restore(clock)
    assert refused.value.msgid == OLDER
    kept = pair.restore(clock, force=True)
    assert kept is not None
    assert (sales(kept), sales(pair.books)) == (2, 1)
    assert not list(pair.books.parent.glob("till.db-*"))


def test_two_restores_of_one_second_keep_both(pair: Pair, clock: FixedClock) -> None:
    first = pair.restore(clock, force=True)
    second = pair.restore(clock, force=True)
    assert first is not None
    assert second is not None
    assert first != second
    assert (sales(first), sales(second)) == (2, 1)


def test_a_power_cut_while_the_files_are_swapped_leaves_the_books_in_their_place(
    pair: Pair, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(path: Path, _to: Path) -> None:
        raise OSError(errno.EIO, f"cut at {path}")

    monkeypatch.setattr(Path, "replace", cut)
    with pytest.raises(Unavailable) as refused:
        pair.restore(clock, force=True)
    assert refused.value.msgid == NOT_RESTORED
    assert sales(pair.books) == 2


def test_a_file_system_without_links_keeps_the_books_of_before_too(
    pair: Pair, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(_source: Path, _target: Path) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", no_links)
    kept = pair.restore(clock, force=True)
    assert kept is not None
    assert (sales(kept), sales(pair.books)) == (2, 1)


def test_damaged_books_are_replaced_and_kept_with_their_log(pair: Pair, clock: FixedClock) -> None:
    pair.books.write_text("Dear diary " * 1000)
    log = pair.books.with_name("till.db-wal").read_bytes()
    kept = pair.restore(clock)
    assert kept is not None
    assert kept.read_text().startswith("Dear diary")
    assert kept.with_name(f"{kept.name}-wal").read_bytes() == log
    assert sales(pair.books) == 1


def test_a_backup_that_is_lost_on_its_way_into_place_is_refused(
    pair: Pair, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_sync(monkeypatch, ".part", lambda path: path.write_text("Dear diary " * 1000))
    with pytest.raises(Refused) as refused:
        pair.restore(clock, force=True)
    assert refused.value.msgid == FOREIGN
    assert refused.value.values["path"] == str(pair.older)
    assert sales(pair.books) == 2


def test_a_restore_waits_for_no_other_till_on_the_same_books_but_refuses(
    books: Path, stick: Path, clock: FixedClock, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = backup(Books(books), stick, clock.now())
    database = Database(sqlite_url(books))
    neighbour = take(database, books.parent, "KASSE-2")
    try:
        where = ("--data", str(books.parent), "--database", sqlite_url(books), "--language", "en")
        assert main(["restore", *where, str(copy)]) == 1
        assert "KASSE-2 is running" in capsys.readouterr().err
    finally:
        neighbour.release()
        database.close()
    assert main(["restore", *where, str(copy)]) == 0
