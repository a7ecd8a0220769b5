"""Disks that fail under the counter: full, sick, read-only, locked; and a clock that went back (80-quality Q3).

In all of it: no half sale, a sentence in the user's words, reads go on, and selling goes on as soon as it can.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import random
import shutil
import subprocess
import sys
import time
import uuid
from collections import namedtuple
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text

from till.app.bootstrap import Ports, Till, open_till
from till.app.recording import unsigned
from till.app.upkeep import VERIFIED
from till.app.verify import verify
from till.audit.models import AuditRow
from till.audit.trail import Action
from till.clock import FixedClock
from till.db.engine import BUSY, DISK_FULL, READ_ONLY, Database, sqlite_url
from till.documents.model import DocumentKind
from till.documents.models import DocumentRow
from till.errors import Refused, Unavailable
from till.fiscal.models import SignatureRow
from till.money import Money
from till.settings import DATABASE, TSE, Settings, load

if TYPE_CHECKING:
    from tests.torture.conftest import Day, Record, Recorder, SellingShop

TillMaker = Callable[..., Till]
ROSE = "4006381333931"
EVENING = dt.datetime(2026, 11, 20, 20, 0, tzinfo=dt.UTC)
GAVE_UP = 3
SICK = "Auf den Datenträger konnte nicht geschrieben werden"
FULL = "Der Datenträger ist voll."
NEVER_AGAIN = "fsync,fdatasync:error=EIO:when=15+"
HINDRANCES = [
    ("pwrite64:error=EIO:when=150", "till.db-wal", SICK),
    ("fsync,fdatasync:error=EIO:when=12..13", "till.db-wal", SICK),
    ("fsync,fdatasync:error=EIO:when=1", DATABASE, SICK),
    ("pwrite64:error=ENOSPC:when=200..202", "till.db-wal", FULL),
]
CALLS = [
    ("pwrite64", "till.db-wal", 700),
    ("fsync,fdatasync", "till.db-wal", 34),
    ("pwrite64", DATABASE, 34),
    ("fsync,fdatasync", DATABASE, 3),
]
"""What is called for which file, and how often at least while forty customers are served."""
_Room = namedtuple("_Room", "total used free")  # noqa: PYI024 - as shutil's own answer


@pytest.mark.parametrize(("hinder", "file", "words"), HINDRANCES)
def test_a_disk_that_fails_for_a_moment_costs_no_sale(
    hinder: str, file: str, words: str, selling_shop: SellingShop
) -> None:
    day = selling_shop("--sales", "14", hinder=hinder, file=file)
    assert all(sentence.startswith(words) for sentence in day.sentences)
    assert day.looks == len(day.sentences)
    assert day.sentences or file == DATABASE  # the idle checkpoint may have met the fault: nobody waits for that one
    assert len(day.sold) > 10
    check_books(day)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", [*range(3), *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(3, 33))])
def test_a_disk_that_fails_at_a_random_write_or_sync_costs_no_sale(seed: int, selling_shop: SellingShop) -> None:
    chance = random.Random(seed)
    call, file, latest = chance.choice(CALLS)
    hinder = f"{call}:error={chance.choice(('EIO', 'ENOSPC', 'EDQUOT', 'EROFS'))}:when={chance.randint(1, latest)}"
    day = selling_shop("--sales", "40", hinder=hinder, file=file)
    assert all(sentence.startswith((SICK, FULL)) for sentence in day.sentences)
    assert day.looks == len(day.sentences)
    check_books(day)


def test_a_disk_that_never_writes_again_loses_nothing_that_was_booked(selling_shop: SellingShop) -> None:
    day = selling_shop("--sales", "20", hinder=NEVER_AGAIN)
    assert day.code == GAVE_UP
    assert day.looks > 0
    check_books(day)


def test_a_sick_disk_under_the_soft_tse_is_an_outage_and_selling_goes_on(selling_shop: SellingShop) -> None:
    selling_shop("--sales", "2")
    day = selling_shop("--sales", "12", hinder="pwrite64:error=EIO:when=1+", file=f"{TSE}-wal")
    assert day.sentences == ()
    assert len(day.sold) >= 8
    assert len(_unsigned_by_outage(day)) >= len(day.sold)


def test_a_full_disk_is_said_and_the_sale_is_booked_when_there_is_room(selling_shop: SellingShop) -> None:
    """RLIMIT_FSIZE: at the fifth customer no file takes anything more, until the cashier has tried three times."""
    day = selling_shop("--sales", "14", "--full-at", "5")
    assert len(day.sentences) == day.looks == 3
    assert all(sentence.startswith(FULL) for sentence in day.sentences)
    assert len(day.sold) > 10
    check_books(day)


def test_a_used_up_quota_is_told_as_a_full_disk(selling_shop: SellingShop) -> None:
    """SQLite knows only ENOSPC for full and calls a quota's end an error of the disk; the way out is the same: make room."""
    day = selling_shop("--sales", "14", hinder="pwrite64:error=EDQUOT:when=200..201", file="")
    assert day.sentences
    assert all(sentence.startswith(FULL) for sentence in day.sentences)
    assert len(day.sold) > 10
    check_books(day)


def test_what_a_failed_sync_dropped_is_written_again_before_the_next_sale(
    record_counter: Recorder, tmp_path: Path
) -> None:
    """Linux forgets what it could not sync and calls it written; a power cut afterwards must not show the hole."""
    record = record_counter("--sales", "16", hinder="fsync,fdatasync:error=EIO:when=14..15")
    assert sum(call.has_failed_to_sync for call in record.calls) >= 2
    check_power_cuts(record, tmp_path / "image")


def test_what_a_failed_sync_dropped_is_written_again_when_the_till_is_started_anew(
    record_counter: Recorder, tmp_path: Path
) -> None:
    """The new program reads from memory what never came to the disk; it must not build on it."""
    sick = record_counter("--sales", "12", hinder=NEVER_AGAIN)
    record = record_counter("--sales", "8", "--seed", "2", after=sick)
    assert sum(call.has_failed_to_sync for call in record.calls) >= 2
    check_power_cuts(record, tmp_path / "image")


def test_after_an_error_of_the_disk_the_till_works_with_new_connections(till: Till) -> None:
    """And with an empty log: what failed in it can't come back (architecture 4)."""
    database = till.workplace.database
    till.settle()
    before = _connection(database)
    with pytest.raises(Unavailable, match="could not be written"), database.write():
        raise_disk_error()
    sell_a_rose(till)
    till.settle()
    assert _connection(database) is not before
    assert verify(database) == []


def test_after_an_error_of_the_disk_the_books_are_looked_at(till: Till) -> None:
    """80-quality Q3: close, reopen, verify. Nobody waits for it; what it finds is the strip of damaged books."""
    sell_a_rose(till)
    till.settle()
    till.begin_upkeep()
    wait_until((till.settings.data_dir / VERIFIED).exists)
    with till.workplace.database.write() as session:
        session.execute(text("DROP TRIGGER document_line_no_update"))
        session.execute(text("UPDATE document_line SET text = 'x'"))
    assert not till.status.current.books_damaged
    with pytest.raises(Unavailable, match="could not be written"), till.workplace.database.write():
        raise_disk_error()
    sell_a_rose(till)
    wait_until(lambda: till.status.current.books_damaged)


def test_a_read_only_database_is_said_and_the_basket_kept(till: Till) -> None:
    till.sale.scan(ROSE)
    till.sale.pay_cash(Money(1000))
    till.settle()
    _pragma(till, "query_only=ON")
    with pytest.raises(Unavailable) as refused:
        till.sale.complete()
    assert refused.value.msgid == READ_ONLY
    assert till.receipts.recent() == ()
    assert len(till.sale.state.priced.lines) == 1
    _pragma(till, "query_only=OFF")
    assert till.sale.complete().change == Money(650)
    check_one_sale(till)


def test_a_write_protected_disk_is_said_and_leaves_the_books_as_they_are(
    shop_settings: Settings, small_disk: Path
) -> None:
    with contextlib.closing(_till_on(small_disk, shop_settings)) as till:
        sell_a_rose(till)
        moved = till.settings
    _remount(small_disk, "ro")
    with pytest.raises(Unavailable, match="rights"):
        open_till(moved, Ports(clock=FixedClock(EVENING)))
    _remount(small_disk, "rw")
    with contextlib.closing(open_till(moved, Ports(clock=FixedClock(EVENING)))) as till:
        check_one_sale(till)


@pytest.mark.usefixtures("hasty_writes")
def test_a_database_locked_by_another_program_is_said_and_waited_for(till: Till) -> None:
    till.sale.scan(ROSE)
    till.sale.pay_cash(Money(1000))
    till.settle()
    with _locked(till, seconds=5):
        with pytest.raises(Unavailable) as refused:
            till.sale.complete()
        assert refused.value.msgid == BUSY
        assert till.receipts.recent() == ()
        assert till.cash.expected_cash() == Money(10000)
        till.sale.take_back(1)
    till.sale.pay_cash(Money(500))
    assert till.sale.complete().change == Money(150)
    check_one_sale(till)
    assert not till.status.current.database_waiting


def test_a_clock_two_days_back_is_said_and_goes_on_when_confirmed(till: Till, clock: FixedClock) -> None:
    sell_a_rose(till)
    clock.advance(-2 * 86_400)
    till.sale.scan(ROSE)
    till.sale.pay_cash(Money(1000))
    with pytest.raises(Refused, match="clock says"):
        till.sale.complete()
    assert len(till.receipts.recent()) == 1
    till.cash.confirm_clock()
    till.sale.complete()
    with till.workplace.database.read() as session:
        assert session.scalars(select(AuditRow.action)).all() == [Action.CLOCK_WENT_BACK.value]
    assert till.settle()
    assert verify(till.workplace.database) == []


def test_a_nearly_full_disk_lets_the_open_sale_end_but_opens_no_new_one(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.sale.scan(ROSE)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: _Room(10**9, 10**9 - 49_000_000, 49_000_000))
    till.sale.scan(ROSE)
    till.sale.pay_cash(Money(1000))
    assert till.sale.complete().change == Money(300)
    with pytest.raises(Unavailable, match="disk is full"):
        till.sale.scan(ROSE)
    assert len(till.receipts.recent()) == 1
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: _Room(10**9, 0, 51_000_000))
    till.sale.scan(ROSE)


def test_below_200_megabytes_the_till_warns(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    for free in (199_000_000, 201_000_000):
        monkeypatch.setattr(shutil, "disk_usage", lambda _path, free=free: _Room(10**9, 10**9 - free, free))
        till.status.check_disk()
        assert till.status.current.disk_low is (free < 200_000_000)


def test_a_disk_that_is_really_full_keeps_the_basket(shop_settings: Settings, small_disk: Path) -> None:
    till = _till_on(small_disk, shop_settings)
    with contextlib.closing(till):
        till.sale.scan(ROSE)
        till.sale.pay_cash(Money(1000))
        till.settle()
        ballast = _fill(small_disk)
        with pytest.raises(Unavailable) as refused:
            till.sale.complete()
        assert refused.value.msgid == DISK_FULL
        assert till.receipts.recent() == ()
        ballast.unlink()
        assert till.sale.complete().change == Money(650)
        check_one_sale(till)


def _unsigned_by_outage(day: Day) -> list[str]:
    """The failures that stand in the place of signatures."""
    books = Database(sqlite_url(day.folder / DATABASE))
    with contextlib.closing(books), books.read() as session:
        return [failure for failure in session.scalars(select(SignatureRow.failure)) if failure is not None]


def check_books(day: Day) -> None:
    """Opened again after the trouble: each sale that was told is there once, no other one, and all is proved."""
    till = open_till(load(day.folder), Ports(clock=FixedClock(EVENING)))
    with contextlib.closing(till):
        assert till.settle()
        with till.workplace.database.read() as session:
            rows = session.execute(
                select(DocumentRow.id, DocumentRow.number, DocumentRow.total).where(
                    DocumentRow.kind == DocumentKind.SALE.value
                )
            ).all()
        booked = {(str(row.id), row.number, row.total.cents) for row in rows}
        told = {(sale.order, sale.number, sale.total) for sale in day.sold}
        assert told <= booked
        assert len(booked) <= len(told) + (day.code == GAVE_UP), "the last answer may have been lost"
        assert unsigned(till.workplace) == []
        assert verify(till.workplace.database) == []


def check_power_cuts(record: Record, place: Path) -> None:
    """After a power cut at any of 60 moments the books are whole and hold each sale that was told until then."""
    books = Database(sqlite_url(place / DATABASE))
    for image in record.images(place, 60):
        assert verify(books) == []
        with books.read() as session:
            booked = set(session.scalars(select(DocumentRow.id)))
        books.close()
        assert {uuid.UUID(sale.order) for sale in image.acknowledged} <= booked


def check_one_sale(till: Till) -> None:
    assert till.settle()
    assert len(till.receipts.recent()) == 1
    assert verify(till.workplace.database) == []


def sell_a_rose(till: Till) -> None:
    till.sale.scan(ROSE)
    till.sale.pay_cash(Money(1000))
    till.sale.complete()


def raise_disk_error() -> None:
    """What SQLite raises when a sync failed (SQLITE_IOERR_FSYNC)."""
    from till.db.engine import sqlite_module

    error = sqlite_module().OperationalError("disk I/O error")
    error.sqlite_errorcode = 1034
    raise error


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait for what another thread does."""
    until = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.01)


def _connection(database: Database) -> object:
    with database.read() as session:
        return session.connection().connection.dbapi_connection


def _pragma(till: Till, pragma: str) -> None:
    """Set a pragma of the one writing connection."""
    pooled = till.workplace.database.engine.raw_connection()
    pooled.cursor().execute(f"PRAGMA {pragma}")
    pooled.close()


@contextlib.contextmanager
def _locked(till: Till, seconds: float) -> Iterator[None]:
    """Another process holds the database's write lock for `seconds`; leaves when it is released."""
    program = (
        "import sqlite3, sys, time; c = sqlite3.connect(sys.argv[1], isolation_level=None); "
        "c.execute('BEGIN IMMEDIATE'); sys.stdout.write('locked'); sys.stdout.flush(); "
        f"time.sleep({seconds}); c.execute('ROLLBACK')"
    )
    path = str(till.workplace.database.engine.url.database)
    with subprocess.Popen([sys.executable, "-c", program, path], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.read(6) == b"locked"
        yield


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 80 MB; skipped where this user may not mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=80m", "till-test", place], check=False, capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


def _remount(disk: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", disk], check=True)


def _till_on(disk: Path, settings: Settings) -> Till:
    shutil.copytree(settings.data_dir, disk / "shop")
    moved = replace(settings, data_dir=disk / "shop", database_url=sqlite_url(disk / "shop" / DATABASE))
    till = open_till(moved, Ports(clock=FixedClock(EVENING)))
    till.cash.open_shift(Money(10000))
    return till


def _fill(disk: Path) -> Path:
    """Take all room that is left."""
    ballast = disk / "ballast"
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass
    return ballast
