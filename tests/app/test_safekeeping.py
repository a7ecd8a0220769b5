"""Backups from the office: the list, one now, one looked into, and what may be restored and what may not."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from till.app.backup_content import NOT_READ
from till.app.backup_proof import DAMAGED, FOREIGN, NO_FILE
from till.app.backup_seal import NEEDS_KEY, WRONG_KEY, make_key
from till.app.bootstrap import Ports, Till, open_till
from till.app.first_start import Draft, found_from
from till.app.restore import SERVER, restore_closed
from till.app.safekeeping import (
    NOT_A_FOLDER,
    NOT_WRITABLE,
    OTHER_SHOP,
    OTHER_TILL,
    SALE_OPEN,
    WOULD_LOSE,
)
from till.app.verify import verify
from till.audit import trail
from till.clock import FixedClock
from till.db.engine import sqlite_module
from till.errors import Refused, Unavailable
from till.migrations.upgrade import NEWER
from till.money import Money
from till.settings import Settings, load

Make = Callable[..., Till]
ROSE = "4006381333931"


def sell(till: Till, count: int = 1) -> None:
    for _ in range(count):
        till.sale.scan(ROSE)
        till.sale.pay_cash(Money(350))
        till.sale.complete()
        till.settle()


@pytest.fixture
def till(make_till: Make) -> Till:
    """A till that has sold twice."""
    made = make_till()
    sell(made, 2)
    return made


def refusal(action: Callable[[], object]) -> str:
    with pytest.raises((Refused, Unavailable)) as refused:
        action()
    return str(getattr(refused.value, "msgid", ""))


def statement(file: Path, words: str) -> None:
    connection = sqlite_module().connect(file)
    connection.execute(words)
    connection.commit()
    connection.close()


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    for place in range(8192, len(content) - 4096, 4096):
        content[place : place + 200] = b"\xff" * 200
    file.write_bytes(bytes(content))


# The list, and one now


def test_a_backup_made_now_is_in_the_list(till: Till, clock: FixedClock) -> None:
    assert till.safekeeping.backups() == ()
    till.status.note_backup("something")
    made = till.safekeeping.back_up_now()
    assert till.safekeeping.backups() == (made,)
    assert (made.made_at, made.size, made.is_sealed) == (clock.now(), made.file.stat().st_size, False)
    assert not till.status.current.backup_failed
    clock.advance(86_400)
    newer = till.safekeeping.back_up_now()
    assert [entry.file for entry in till.safekeeping.backups()] == [newer.file, made.file]


def test_another_shops_backups_in_the_folder_are_not_listed(till: Till) -> None:
    made = till.safekeeping.back_up_now()
    shutil.copy(
        made.file, made.file.with_name(made.file.name.replace("till-", "till-0badcafe-", 1)[:14] + "20260101-101010.db")
    )
    assert len(list(till.safekeeping.folder.iterdir())) == 2
    assert len(till.safekeeping.backups()) == 1


def test_the_folder_can_be_changed_and_is_tried_first(till: Till, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    assert refusal(lambda: till.safekeeping.choose_folder(stick)) == NOT_A_FOLDER
    stick.mkdir()
    till.safekeeping.choose_folder(stick)
    assert (till.safekeeping.folder, till.safekeeping.is_usual_folder) == (stick, False)
    assert load(till.settings.data_dir).backup_dir == str(stick)
    assert till.safekeeping.back_up_now().file.parent == stick
    shutil.rmtree(stick)
    assert "folder of the backups" in refusal(till.safekeeping.backups)
    till.safekeeping.choose_folder(None)
    assert till.safekeeping.is_usual_folder
    with till.workplace.database.read() as session:
        noted = trail.entries(session, till.settings.till_id, trail.Action.SETTING_CHANGED)
    assert [(row.before, row.after) for row in noted] == [("", str(stick)), (str(stick), "")]


def test_a_folder_that_takes_no_file_is_said(till: Till, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_path: Path, **_more: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "touch", fail)
    assert refusal(lambda: till.safekeeping.choose_folder(tmp_path)) == NOT_WRITABLE
    assert till.safekeeping.is_usual_folder


# What is in one


def test_a_backup_tells_what_is_in_it(till: Till) -> None:
    till.cash.close_shift(None)
    till.settle()
    made = till.safekeeping.back_up_now()
    proof = till.safekeeping.look_into(made.file)
    content = proof.content
    assert (content.receipts, content.last_z, content.tills) == (2, 1, ("KASSE-1",))
    assert content.last_booked_at == content.last_z_at == till.workplace.clock.now()
    assert (proof.lost, proof.is_own_shop, proof.knows_till, proof.is_fresh) == (0, True, True, False)
    till.cash.open_shift(Money(0))
    sell(till)
    assert till.safekeeping.look_into(made.file).lost > 0


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda file: file.unlink(), NO_FILE),
        (lambda file: file.write_bytes(b"holiday.jpg" * 1000), FOREIGN),
        (lambda file: statement(file, "UPDATE alembic_version SET version_num = '9999'"), NEWER),
        (lambda file: statement(file, "DROP TABLE closing"), DAMAGED),
        (flip, DAMAGED),
    ],
)
def test_what_is_no_whole_backup_says_so(till: Till, spoil: Callable[[Path], object], words: str) -> None:
    made = till.safekeeping.back_up_now()
    spoil(made.file)
    assert refusal(lambda: till.safekeeping.look_into(made.file)) == words


def test_a_stick_that_is_pulled_out_is_said(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    made = till.safekeeping.back_up_now()

    def gone(*_arguments: object, **_more: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("till.app.backup_content.check", gone)
    assert refusal(lambda: till.safekeeping.look_into(made.file)) == NOT_READ


def test_an_encrypted_one_wants_its_key_and_leaves_nothing_plain(
    make_till: Make, tmp_path: Path, clock: FixedClock
) -> None:
    recipient = make_key(tmp_path / "key.txt", clock.now())
    make_key(tmp_path / "other.txt", clock.now())
    till = make_till(backup_recipient=recipient)
    sell(till)
    made = till.safekeeping.back_up_now()
    assert made.is_sealed
    assert till.safekeeping.is_sealing
    assert refusal(lambda: till.safekeeping.look_into(made.file)) == NEEDS_KEY
    assert refusal(lambda: till.safekeeping.look_into(made.file, tmp_path / "other.txt")) == WRONG_KEY
    proof = till.safekeeping.look_into(made.file, tmp_path / "key.txt")
    assert (proof.content.receipts, proof.is_sealed) == (1, True)
    assert not list(till.settings.data_dir.glob("*.part"))


# The wish to restore


def test_a_backup_of_now_is_restored_and_the_books_say_so(till: Till, clock: FixedClock) -> None:
    made = till.safekeeping.back_up_now()
    sell(till)
    proof = till.safekeeping.look_into(made.file)
    assert refusal(lambda: till.safekeeping.wish_for(proof)) == WOULD_LOSE
    till.safekeeping.wish_for(proof, may_lose=True)
    wish, settings = till.restoration, till.settings
    assert wish is not None
    till.close()
    kept = restore_closed(wish, settings, clock.now())
    assert kept is not None
    again = open_till(settings, Ports(clock=clock))
    try:
        again.safekeeping.note_restored(wish, kept)
        assert len(again.receipts.recent()) == 2
        with again.workplace.database.read() as session:
            (row,) = trail.entries(session, settings.till_id, trail.Action.RESTORED)
        assert row.before == kept.name
        assert "Marie Klein" in row.after
        assert again.restoration is None
        assert verify(again.workplace.database) == []
    finally:
        again.close()


def test_nothing_is_restored_while_a_sale_is_open(till: Till) -> None:
    proof = till.safekeeping.look_into(till.safekeeping.back_up_now().file)
    till.sale.scan(ROSE)
    assert refusal(lambda: till.safekeeping.wish_for(proof, may_lose=True)) == SALE_OPEN
    till.sale.cancel()
    till.safekeeping.wish_for(proof, may_lose=True)


def test_another_shops_backup_is_never_put_in_place_of_books(till: Till, clock: FixedClock, tmp_path: Path) -> None:
    other = other_shop(tmp_path / "other", clock)
    proof = till.safekeeping.look_into(other)
    assert not proof.is_own_shop
    assert refusal(lambda: till.safekeeping.wish_for(proof, may_lose=True)) == OTHER_SHOP


def test_a_new_pc_takes_the_backup_of_the_old_one(till: Till, clock: FixedClock, tmp_path: Path) -> None:
    made = till.safekeeping.back_up_now()
    fresh = found_from(load(tmp_path / "new"), Draft(name="A", street="B 1", postcode="12345", town="C"), "", clock)
    new = open_till(fresh, Ports(clock=clock))
    proof = new.safekeeping.look_into(made.file)
    assert proof.is_fresh
    new.safekeeping.wish_for(proof)
    wish = new.restoration
    new.close()
    assert wish is not None
    restore_closed(wish, fresh, clock.now())
    again = open_till(fresh, Ports(clock=clock))
    try:
        assert again.shop_name == "Blumen & Tee"
        assert len(again.receipts.recent()) == 2
    finally:
        again.close()


def test_a_backup_in_which_this_till_never_wrote_is_refused(till: Till) -> None:
    proof = replace(till.safekeeping.look_into(till.safekeeping.back_up_now().file), knows_till=False)
    assert refusal(lambda: till.safekeeping.wish_for(proof, may_lose=True)) == OTHER_TILL


def test_a_servers_books_have_no_files(any_shop_settings: Settings, clock: FixedClock) -> None:
    till = open_till(any_shop_settings, Ports(clock=clock))
    try:
        assert till.safekeeping.keeps_files == any_shop_settings.database_url.startswith("sqlite")
        if not till.safekeeping.keeps_files:
            assert refusal(till.safekeeping.back_up_now) == SERVER
            assert refusal(till.safekeeping.backups) == SERVER
    finally:
        till.close()


def other_shop(folder: Path, clock: FixedClock) -> Path:
    settings = found_from(
        load(folder), Draft(name="A", street="B 1", postcode="12345", town="C", with_samples=True), "", clock
    )
    till = open_till(settings, Ports(clock=clock))
    till.cash.open_shift(Money(100))
    till.settle()
    file = till.safekeeping.back_up_now().file
    till.close()
    return file
