"""Builds the demo shop in a data folder, whole or not at all, and brings an existing one to today."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from sqlalchemy.orm import Session

from till.app import lease
from till.app.afterwork import Afterwork
from till.app.attendance import Attendance
from till.app.backup import Progress, no_progress
from till.app.bootstrap import Ports, open_database, open_till
from till.app.workplace import NULL_PRINTER, Workplace
from till.clock import Clock, FixedClock, local
from till.db.engine import Database, sqlite_url
from till.demo import calendar
from till.demo.assortment import found_demo_shop, shop_details
from till.demo.counter import Counter
from till.demo.history import FLOAT, Past, Plan
from till.demo.waiting import park_two
from till.documents import find
from till.documents.model import DocumentKind
from till.errors import Refused, Unavailable
from till.fiscal.soft_tse import SoftTse
from till.i18n import msg
from till.migrations.upgrade import upgrade
from till.settings import DATABASE, TSE, Settings, load, make_data_dir, save
from till.shifts.shift import open_shift_of
from till.shop.details import details_on
from till.shop.tenders import all_tenders
from till.shop.vat import stored_rates

TILL_ID = "DEMO-1"
UNFINISHED = "demo-unfinished"

OTHER_SHOP = msg(
    "{path} holds a shop that is not the demo’s. Nothing was changed; choose another folder: till demo --data DIR."
)
NOT_BUILT = msg("The demo shop can’t be built in {path}: {reason}.")


def build(data_dir: Path, clock: Clock, progress: Progress = no_progress, plan: Plan | None = None) -> Settings:
    """Have a demo shop in `data_dir` that can sell at once today, and return its settings.

    A new one is built beside and moved into its place when it is whole. An existing one is kept; what is
    open since an earlier day is closed with a Z and today's shift opened. Refused where another shop is,
    or while the demo runs; Unavailable when the folder can't be written.
    """
    make_data_dir(data_dir)
    settings = _settings(data_dir)
    if (data_dir / DATABASE).exists():
        _bring_to_today(settings, clock)
        return settings
    with _held(settings), _unfinished(data_dir) as folder:
        _write_shop(folder, clock, progress, plan or Plan())
        save(settings)
        _put_in_place(folder, data_dir)
    return settings


def _settings(data_dir: Path) -> Settings:
    """The settings of the demo's till; a folder with another till's database or TSE is refused."""
    known = load(data_dir)
    is_taken = (data_dir / DATABASE).exists() or (data_dir / TSE).exists()
    if is_taken and known.till_id != TILL_ID:
        raise Refused(OTHER_SHOP, path=str(data_dir))
    return replace(known, till_id=TILL_ID)


@contextlib.contextmanager
def _held(settings: Settings) -> Iterator[None]:
    """Only one process builds here, and none while the demo runs."""
    database = Database(settings.database_url)
    held = lease.take(database, settings.data_dir, settings.till_id)
    try:
        yield
    finally:
        held.release()
        database.close()


@contextlib.contextmanager
def _unfinished(data_dir: Path) -> Iterator[Path]:
    """A folder for what is being built; gone afterwards, as is what a killed build left."""
    folder = data_dir / UNFINISHED
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(mode=0o700)
        yield folder
    except OSError as error:
        raise Unavailable(NOT_BUILT, path=str(data_dir), reason=error.strerror or str(error)) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _put_in_place(folder: Path, data_dir: Path) -> None:
    """The TSE first: only with its database is the shop there, so that a kill in between is a build not done."""
    for name in (TSE, DATABASE):
        _sync(folder / name)
        (folder / name).replace(data_dir / name)
    _sync(data_dir)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@dataclass(frozen=True, slots=True)
class _Site:
    """A shop under construction: its database, its counter, and the clock that both live by."""

    database: Database
    counter: Counter
    clock: FixedClock


def _write_shop(folder: Path, clock: Clock, progress: Progress, plan: Plan) -> None:
    now, zone = clock.now(), shop_details().zone
    today = local(now, zone).date()
    days = calendar.opening_days(today, plan.days)
    founded = calendar.instant(today - dt.timedelta(days=plan.days + 1), calendar.OPENED_BY, zone)
    with _site(folder, FixedClock(founded)) as site:
        with site.database.read() as session:
            past = Past(session, site.counter, site.clock, Random(plan.seed))
        for done, day in enumerate(days):
            progress(done, len(days))
            with site.database.write() as session:
                past.live(session, day)
        site.clock.set(min(now, calendar.instant(today, calendar.OPENED_BY, zone)))
        with site.database.write() as session:
            site.counter.open(session, FLOAT)
            park_two(session, site.counter)
    progress(len(days), len(days))


@contextlib.contextmanager
def _site(folder: Path, clock: FixedClock) -> Iterator[_Site]:
    """A founded shop on fast, unsafe files; closing it moves all into them."""
    path = folder / DATABASE
    path.touch(mode=0o600)
    with contextlib.ExitStack() as closing:
        database = Database(sqlite_url(path), synchronous="OFF")
        closing.callback(database.close)
        upgrade(database)
        with database.write() as session:
            found_demo_shop(session)
        recorder = SoftTse(folder / TSE, clock, synchronous="OFF")
        closing.callback(recorder.close)
        recorder.register_client(TILL_ID)
        settings = Settings(folder, database.url, till_id=TILL_ID)
        with database.read() as session:
            workplace = _workplace(session, settings, database, clock)
        yield _Site(database, Counter(workplace, recorder), clock)


def _workplace(session: Session, settings: Settings, database: Database, clock: FixedClock) -> Workplace:
    return Workplace(
        settings=settings,
        database=database,
        clock=clock,
        afterwork=Afterwork(database, lambda _waits: None),
        shop=details_on(session, clock.now().date()),
        attendance=Attendance(database, clock),
        known_tenders=tuple(all_tenders(session)),
        vat_rates=tuple(stored_rates(session)),
    )


def _bring_to_today(settings: Settings, clock: Clock) -> None:
    """Close what is open since an earlier day and begin today's shift, if none was begun; nothing is printed."""
    if _was_opened_today(settings, clock):
        return
    till = open_till(replace(settings, printer=NULL_PRINTER), Ports(clock=clock))
    try:
        with till.workplace.attendance.unattended():
            if till.cash.is_open:
                till.sale.cancel()
                till.cash.close_shift(None)
            till.cash.open_shift(FLOAT)
        till.settle()
    finally:
        till.close()


def _was_opened_today(settings: Settings, clock: Clock) -> bool:
    """Whether the newest shift began today; one that was closed today already stays closed."""
    database = open_database(settings)
    try:
        with database.read() as session:
            shift = open_shift_of(session, settings.till_id)
            closings = find.latest(session, settings.till_id, [DocumentKind.CLOSING])
            zone = details_on(session, clock.now().date()).zone
    finally:
        database.close()
    days = [shift.business_date] if shift else [closing.business_date for closing in closings]
    return bool(days) and days[0] >= local(clock.now(), zone).date()
