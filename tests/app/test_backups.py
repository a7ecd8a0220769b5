"""Backups kept by a plan after each Z, and the checks of the books at the start."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.app.backup_plan import dated, name_of, newest, superfluous
from till.app.backup_proof import shop_of
from till.app.bootstrap import Ports, Till
from till.app.upkeep import FOLDER_GONE, NOT_WRITTEN, VERIFIED
from till.app.verify import verify, verify_pages, verify_since_last_z
from till.cli import main
from till.clock import FixedClock
from till.db.engine import NO_CONNECTION, Database, sqlite_module, sqlite_url
from till.db.finding import Check
from till.errors import Unavailable
from till.money import Money
from till.settings import Settings, save

if TYPE_CHECKING:
    from tests.app.conftest import Counter

Make = Callable[..., Till]
ROSE = "4006381333931"

MOMENTS = st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2030, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001 - hypothesis adds the zone
NAMES = st.builds(name_of, MOMENTS, shop=st.just("5eed5eed"), number=st.integers(1, 3), is_sealed=st.booleans())
BACKUPS = st.lists(NAMES, max_size=60, unique=True)
FOREIGN = (
    "till.db",
    "till-before-restore-20260101-101010.db",
    "till-20261399-101010.db",
    "till-20260101-101010.db.part",
    "till-20260101-101010-1.db",
    "till-5eed5eed-20260101-101010.db.age.part",
    "till-5EED5EED-20260101-101010.db",
    "till-5eed5eed-20260101-101010.db.age.age",
)


def kept(names: list[str]) -> list[str]:
    gone = set(superfluous(names))
    return sorted(name for name in names if name not in gone)


# The plan


def test_each_day_week_month_and_year_keeps_its_newest_backup() -> None:
    evening = dt.datetime(2026, 11, 21, 18, 0, tzinfo=dt.UTC)
    names = [name_of(evening - dt.timedelta(days=days)) for days in range(800)]
    assert [name[5:13] for name in kept(names)] == [
        "20241231", "20251231", "20260131", "20260228", "20260331", "20260430", "20260531", "20260630",
        "20260731", "20260831", "20260930", "20261025", "20261031", "20261101", "20261108", "20261115", "20261116",
        "20261117", "20261118", "20261119", "20261120", "20261121",
    ]  # fmt: skip


def test_of_one_day_the_last_backup_stays() -> None:
    assert superfluous(["till-20261121-180000.db", "till-20261121-090000.db"]) == ["till-20261121-090000.db"]


def test_a_closed_shop_loses_no_backup() -> None:
    names = [f"till-202601{day:02}-180000.db" for day in range(5, 12)]
    assert superfluous([*names, "till-20260901-180000.db"]) == names[:1]


@given(BACKUPS)
def test_the_newest_backup_always_stays(names: list[str]) -> None:
    assert not names or newest(kept(names)) == newest(names)


@given(BACKUPS)
def test_foreign_files_are_never_touched(names: list[str]) -> None:
    assert not set(superfluous([*names, *FOREIGN])) & set(FOREIGN)


@given(BACKUPS)
def test_what_is_kept_once_pruned_is_kept_when_pruned_again(names: list[str]) -> None:
    assert superfluous(kept(names)) == []


@given(BACKUPS)
def test_every_year_keeps_a_backup(names: list[str]) -> None:
    assert {name[14:18] for name in kept(names)} == {name[14:18] for name in names}


@given(
    moment=MOMENTS,
    shop=st.sampled_from(["", "20261121", "5eed5eed"]),
    number=st.integers(1, 999),
    is_sealed=st.booleans(),
)
def test_a_name_tells_when_and_of_what_shop_its_backup_was_made(
    *, moment: dt.datetime, shop: str, number: int, is_sealed: bool
) -> None:
    found = dated(name_of(moment, shop, number, is_sealed=is_sealed))
    assert found is not None
    assert (found.made_at, found.number, found.shop) == (moment.replace(microsecond=0), number, shop)


def test_of_two_backups_of_one_second_the_later_one_stays() -> None:
    second = "till-5eed5eed-20261121-180000-2.db.age"
    assert superfluous([second, "till-5eed5eed-20261121-180000.db"]) == ["till-5eed5eed-20261121-180000.db"]


def test_the_newest_of_no_backups_is_none() -> None:
    assert newest(FOREIGN) is None


# The backup after each Z


def sell(till: Till) -> None:
    till.sale.scan(ROSE)
    till.sale.pay_cash(Money(350))
    till.sale.complete()


def close(till: Till, clock: FixedClock) -> None:
    """The evening: the Z, and the time that passes until the next."""
    till.settle()
    clock.advance(3600)
    till.cash.close_shift(None)


def backups(folder: Path) -> list[Path]:
    return sorted(folder.glob("till-*.db"))


def test_each_z_is_followed_by_a_backup_that_is_proved(
    make_till: Make, shop_settings: Settings, clock: FixedClock
) -> None:
    till = make_till()
    till.begin_upkeep()
    sell(till)
    close(till, clock)
    till.close()
    (copy,) = backups(shop_settings.data_dir / "backups")
    assert copy.name == name_of(clock.now(), shop_of(copy))
    database = Database(sqlite_url(copy))
    try:
        assert verify(database) == []
        with database.read() as session:
            assert session.connection().exec_driver_sql("SELECT COUNT(*) FROM closing").scalar_one() == 1
    finally:
        database.close()
    assert till.status.current.backup_failed == ""


def test_opening_the_till_makes_no_backup(make_till: Make, shop_settings: Settings) -> None:
    till = make_till(open_shift=False)
    till.begin_upkeep()
    till.cash.open_shift(Money(10000))
    till.close()
    assert not (shop_settings.data_dir / "backups").exists()


def test_old_backups_go_by_the_plan_and_other_files_stay(make_till: Make, clock: FixedClock, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    till = make_till(backup_dir=str(stick))
    shop = shop_of(till.settings.data_dir / "till.db")
    times = [clock.now() - dt.timedelta(days=2, minutes=minutes) for minutes in range(3)]
    old = [name_of(time, shop, is_sealed=minute == 1) for minute, time in enumerate(times)]
    others = [name_of(time, "5eed5eed") for time in times]
    for name in (*old, *others, *FOREIGN):
        (stick / name).touch()
    till.begin_upkeep()
    close(till, clock)
    till.close()
    assert {path.name for path in stick.iterdir()} == {old[0], name_of(clock.now(), shop), *others, *FOREIGN}


def test_a_stick_that_is_not_there_is_said_and_gets_its_backup_at_the_next_start(
    make_till: Make, fast_ports: Ports, clock: FixedClock, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    till = make_till(backup_dir=str(stick))
    till.begin_upkeep()
    close(till, clock)
    till.close()
    assert till.status.current.backup_failed == FOLDER_GONE
    assert not stick.exists()
    stick.mkdir()
    clock.advance(50_000)
    again = make_till(ports=fast_ports, open_shift=False, backup_dir=str(stick))
    again.begin_upkeep()
    again.close()
    assert [made.made_at for path in stick.iterdir() if (made := dated(path.name))] == [clock.now()]
    assert again.status.current.backup_failed == ""


def test_a_folder_that_cannot_be_written_is_said_and_the_z_stands(
    make_till: Make, shop_settings: Settings, clock: FixedClock
) -> None:
    (shop_settings.data_dir / "backups").write_text("a file is in the way", encoding="utf-8")
    till = make_till()
    till.begin_upkeep()
    close(till, clock)
    assert not till.cash.is_open
    till.close()
    assert till.status.current.backup_failed == NOT_WRITTEN


def test_a_backup_that_failed_is_tried_again_at_the_next_opening(
    make_till: Make, clock: FixedClock, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    till = make_till(backup_dir=str(stick))
    till.begin_upkeep()
    close(till, clock)
    till.settle()
    stick.mkdir()
    till.cash.open_shift(Money(10000))
    till.close()
    assert len(backups(stick)) == 1
    assert till.status.current.backup_failed == ""


def test_a_backup_on_demand_goes_where_those_after_the_z_go_and_by_the_same_plan(
    make_till: Make, shop_settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    sell(make_till())
    shop = shop_of(shop_settings.data_dir / "till.db")
    old = [f"till-{shop}-20200101-{hour}0000.db" for hour in (10, 11)]
    for name in old:
        (stick / name).touch()
    save(replace(shop_settings, backup_dir=str(stick)))
    where = ("--data", str(shop_settings.data_dir), "--database", shop_settings.database_url)
    assert main(["backup", *where]) == 0
    names = [path.name for path in backups(stick)]
    assert len(names) == 2
    assert old[1] in names
    names.remove(old[1])
    assert names[0] in capsys.readouterr().out


def test_a_backup_on_demand_says_that_the_stick_is_not_there(
    shop_settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save(replace(shop_settings, backup_dir=str(tmp_path / "gone")))
    where = ("--data", str(shop_settings.data_dir), "--database", shop_settings.database_url)
    assert main(["backup", *where]) == 1
    assert "gone" in capsys.readouterr().err


# The checks at the start


def tamper(settings: Settings, number: int) -> None:
    """Change a posted document as a foreign tool would: without the triggers that forbid it."""
    connection = sqlite_module().connect(settings.data_dir / "till.db")
    guards = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'document'"
    ).fetchall()
    for name, _ in guards:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("UPDATE document SET note = 'other' WHERE number = ?", (number,))
    for _, sql in guards:
        connection.execute(sql)
    connection.commit()
    connection.close()


@pytest.fixture
def two_days(make_till: Make, fast_ports: Ports, clock: FixedClock) -> Settings:
    """A day that was closed with a Z, and a second one in the middle; the till is off."""
    till = make_till(ports=fast_ports)
    sell(till)
    close(till, clock)
    till.settle()
    till.cash.open_shift(Money(10000))
    sell(till)
    till.close()
    return till.settings


def numbers(settings: Settings) -> list[int]:
    """The documents' numbers: those of sales."""
    connection = sqlite_module().connect(settings.data_dir / "till.db")
    found = connection.execute("SELECT number FROM document WHERE kind = 'sale' ORDER BY number").fetchall()
    connection.close()
    return [row[0] for row in found]


def start(make_till: Make, ports: Ports, **changes: object) -> Till:
    till = make_till(ports=ports, open_shift=False, **changes)
    till.begin_upkeep()
    return till


def test_sound_books_are_quiet_and_their_proof_is_remembered(
    make_till: Make, fast_ports: Ports, two_days: Settings, clock: FixedClock, at: type[Counter]
) -> None:
    till = start(make_till, fast_ports)
    proof = two_days.data_dir / VERIFIED
    at.until(proof.exists)
    till.close()
    assert proof.read_text(encoding="utf-8").strip() == clock.now().isoformat(timespec="seconds")
    assert not till.status.current.books_damaged


def test_what_was_changed_since_the_last_z_is_said_at_each_start(
    make_till: Make, fast_ports: Ports, two_days: Settings
) -> None:
    tamper(two_days, numbers(two_days)[-1])
    for _ in range(2):
        till = start(make_till, fast_ports)
        till.close()
        assert till.status.current.books_damaged
    assert not (two_days.data_dir / VERIFIED).exists()


def test_what_was_changed_before_the_last_z_is_found_once_a_week(
    make_till: Make, fast_ports: Ports, two_days: Settings, clock: FixedClock, at: type[Counter]
) -> None:
    proof = two_days.data_dir / VERIFIED
    proof.write_text(clock.now().isoformat(), encoding="utf-8")
    tamper(two_days, numbers(two_days)[0])
    clock.advance(6 * 86400)
    till = start(make_till, fast_ports)
    till.close()
    assert not till.status.current.books_damaged
    clock.advance(86400)
    till = start(make_till, fast_ports)
    at.until(lambda: till.status.current.books_damaged)
    till.close()


@pytest.mark.parametrize("content", ["", "yesterday", "2026-11-01", "2999-01-01T00:00:00+00:00"])
def test_a_proof_that_cannot_be_understood_is_made_anew(
    make_till: Make, fast_ports: Ports, two_days: Settings, at: type[Counter], content: str
) -> None:
    proof = two_days.data_dir / VERIFIED
    proof.write_text(content, encoding="utf-8")
    till = start(make_till, fast_ports)
    at.until(lambda: proof.read_text(encoding="utf-8").strip() not in {"", content})
    till.close()


def test_the_quick_look_says_nothing_of_a_till_that_never_closed(make_till: Make) -> None:
    till = make_till()
    assert verify_since_last_z(till.workplace.database, till.settings.till_id) == []
    sell(till)
    till.settle()
    assert verify_since_last_z(till.workplace.database, till.settings.till_id) == []


def test_a_link_taken_out_of_the_chain_is_found_at_the_start(two_days: Settings) -> None:
    connection = sqlite_module().connect(two_days.data_dir / "till.db")
    for (name,) in connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'chain_link'"
    ).fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("DELETE FROM chain_link WHERE position = (SELECT MAX(position) - 1 FROM chain_link)")
    connection.commit()
    connection.close()
    database = Database(two_days.database_url)
    found = [str(problem.finding) for problem in verify_since_last_z(database, two_days.till_id)]
    database.close()
    assert any("gap before link" in words for words in found)
    assert any("does not fit the one before" in words for words in found)


def test_a_damaged_page_is_found_at_the_start_even_where_nothing_was_booked(
    make_till: Make, fast_ports: Ports, two_days: Settings, at: type[Counter]
) -> None:
    path = two_days.data_dir / "till.db"
    connection = sqlite_module().connect(path)
    size = connection.execute("PRAGMA page_size").fetchone()[0]
    page = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'category'").fetchone()[0]
    connection.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * 8)
    till = start(make_till, fast_ports)
    at.until(lambda: till.status.current.books_damaged)
    till.close()


def test_a_look_at_the_pages_is_broken_off_between_two_tables(make_till: Make) -> None:
    """The file may have gigabytes, and a till that is closed waits for nothing."""
    till, told = make_till(), []

    def stop_at_the_third(_check: Check, done: int, _all: int) -> None:
        told.append(done)
        if done == 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        verify_pages(till.workplace.database, stop_at_the_third)
    assert told == [0, 0, 1, 2]


def test_damaged_books_keep_all_their_old_backups(
    make_till: Make, fast_ports: Ports, two_days: Settings, clock: FixedClock, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    shop = shop_of(two_days.data_dir / "till.db")
    old = {name_of(dt.datetime(2020, 1, 1, hour, tzinfo=dt.UTC), shop) for hour in (10, 11)}
    for name in old:
        (stick / name).touch()
    tamper(two_days, numbers(two_days)[-1])
    till = start(make_till, fast_ports, backup_dir=str(stick))
    close(till, clock)
    till.close()
    assert old < {path.name for path in stick.iterdir()}


def test_a_database_out_of_reach_is_no_damage(make_till: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    till = make_till()

    def unreachable() -> None:
        raise Unavailable(NO_CONNECTION)

    monkeypatch.setattr(till.workplace.database, "read", unreachable)
    problems = verify_since_last_z(till.workplace.database, till.settings.till_id)
    assert problems
    assert not any(problem.is_damage for problem in problems)
    monkeypatch.undo()
