"""One process per till on PostgreSQL: a second start is refused while the first one lives (architecture 4, Locks)."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from till.app.bootstrap import Ports, open_till
from till.clock import FixedClock
from till.db.locks import Lock, LockKind
from till.errors import Refused
from till.formats import Formats
from till.i18n import Translator
from till.settings import load

if TYPE_CHECKING:
    from tests.several_tills.conftest import Cluster, FoundShop, Shop, StartTill

LATER = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)
FREED_S = 10.0


def _start_again(shop: Shop, folder: Path) -> None:
    settings = load(folder, database_url=shop.url, till_id="KASSE-2")
    open_till(settings, Ports(clock=FixedClock(LATER))).close()


def _is_refused(shop: Shop, folder: Path) -> bool:
    try:
        _start_again(shop, folder)
    except Refused as refused:
        return "KASSE-2 läuft bereits" in Formats(Translator("de")).sentence(refused)
    return False


def _wait_until(is_so: Callable[[], bool]) -> bool:
    until = time.monotonic() + FREED_S
    while not (so := is_so()) and time.monotonic() < until:
        time.sleep(0.1)
    return so


def test_a_till_is_refused_a_second_start_until_the_first_one_is_killed(
    postgres_database_url: str, found: FoundShop, start_till: StartTill, tmp_path: Path
) -> None:
    shop = found(postgres_database_url, 1, 5_000)
    first = start_till(shop, "KASSE-2", tmp_path / "till-2")
    first.wait_for("ready")
    first.begin()
    first.wait_for("sold", 3)
    assert _is_refused(shop, tmp_path / "other-pc")
    first.wait_for_more("sold", 3)
    first.kill()
    assert _wait_until(lambda: not _is_refused(shop, tmp_path / "other-pc"))


def test_a_start_waits_until_the_server_has_noticed_that_the_till_was_killed(
    postgres_database_url: str, found: FoundShop, tmp_path: Path
) -> None:
    """The connection of a till that is gone lives on for a moment, and its lock with it."""
    shop = found(postgres_database_url, 1, 5_000)
    server = create_engine(shop.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    gone = server.connect()
    key = Lock(LockKind.TILL, "lease KASSE-2").key
    gone.execute(text("SELECT pg_advisory_lock(:key)"), {"key": key})
    noticed = threading.Timer(1.0, gone.close)
    noticed.start()
    _start_again(shop, tmp_path / "same-pc")
    noticed.join()


def test_a_till_holds_its_lease_over_a_restart_of_the_server(
    cluster: Cluster, found: FoundShop, start_till: StartTill, tmp_path: Path
) -> None:
    shop = found(cluster.url, 1, 5_000)
    first = start_till(shop, "KASSE-2", tmp_path / "till-2")
    first.wait_for("ready")
    first.begin()
    first.wait_for("sold", 3)
    cluster.restart("fast")
    first.wait_for_more("sold", 3)
    assert _wait_until(lambda: _is_refused(shop, tmp_path / "other-pc"))
    first.wait_for_more("sold", 3)
