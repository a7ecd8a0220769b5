"""A shop for several tills, tills in processes of their own, and a PostgreSQL that a test may stop and start."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from till.app.bootstrap import Ports, Till, found_shop, open_till
from till.app.verify import verify
from till.business_case import VatKey
from till.catalog.article import Article, Category
from till.catalog.assortment import add_articles, add_categories
from till.clock import FixedClock
from till.db.engine import Database
from till.documents import find
from till.documents.model import Document, DocumentKind
from till.errors import Refused
from till.ledger.account import Account
from till.ledger.balances import balance
from till.migrations.upgrade import upgrade
from till.money import Money
from till.settings import load
from till.shop.details import ShopDetails
from till.staff.users import User
from till.vouchers.model import Numbering, Voucher, VoucherType
from till.vouchers.types import add_type

SELLING_TILL = Path(__file__).with_name("selling_till.py")
SPENDING_TILL = Path(__file__).with_name("spending_till.py")
OPENING = dt.datetime(2026, 11, 20, 7, 0, tzinfo=dt.UTC)
FIRST_TILL = "KASSE-1"
PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Shop:
    """A small shop on a database of its own, which sold its vouchers at the first till."""

    url: str
    folder: Path
    vouchers: tuple[Voucher, ...]

    def left(self, database: Database, voucher: Voucher) -> Money:
        """What the ledger says is left of a voucher."""
        with database.read() as session:
            return -balance(session, Account.VOUCHER_MULTI, str(voucher.id))

    def documents(self, database: Database, till_id: str) -> list[Document]:
        """All that a till booked, by number."""
        with database.read() as session:
            return find.documents(session, till_id, 0, 1_000_000)


class TillProcess:
    """A till that sells in a process of its own, and what it has told so far."""

    def __init__(self, till_id: str, program: Path, *arguments: str) -> None:
        command = [sys.executable, str(program), *arguments]
        self.till_id = till_id
        self.told: list[dict[str, Any]] = []
        self._changed = threading.Condition()
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def of(self, event: str) -> list[dict[str, Any]]:
        """What it told of one kind."""
        with self._changed:
            return [told for told in self.told if told["event"] == event]

    def wait_for(self, event: str, times: int = 1) -> None:
        """Wait until it has told of `event` so often."""
        with self._changed:
            came = self._changed.wait_for(lambda: self._count(event) >= times or self._has_ended, PATIENCE_S)
            assert came, f"{self.till_id} did not tell “{event}” {times} times: {self._counts()}"
            assert self._count(event) >= times, f"{self.till_id} ended early: {self._counts()}"

    def wait_for_more(self, event: str, times: int = 1) -> None:
        """Wait until it has told of `event` so often from now on."""
        self.wait_for(event, len(self.of(event)) + times)

    def begin(self) -> None:
        """Let it sell."""
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()

    def end(self) -> None:
        """Have it finish its customer and close in order."""
        assert self._process.stdin is not None
        self._process.stdin.close()

    def join(self) -> None:
        """Wait for its end, which must be in order and without a defect."""
        assert self._process.wait(PATIENCE_S) == 0
        self._reader.join(PATIENCE_S)
        assert self.of("defect") == []
        assert self.of("ended") != []

    def kill(self) -> None:
        """End it like a power cut."""
        self._process.kill()
        self._process.wait(PATIENCE_S)
        self._reader.join(PATIENCE_S)

    def close(self) -> None:
        """Kill it if it still runs, and give back its pipes."""
        self.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    @property
    def _has_ended(self) -> bool:
        return not self._reader.is_alive()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._changed:
                self.told.append(json.loads(line))
                self._changed.notify_all()
        with self._changed:
            self._changed.notify_all()

    def _count(self, event: str) -> int:
        return sum(told["event"] == event for told in self.told)

    def _counts(self) -> str:
        return f"{dict(Counter(told['event'] for told in self.told))}, last {self.told[-1:]}"


class Cluster:
    """A PostgreSQL server that a test may take away and bring back."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        self._binaries = binaries
        self._folder = folder
        self._user = "postgres" if os.geteuid() == 0 else None
        self.url = f"postgresql+psycopg://till@/postgres?host={folder}"

    def create(self) -> None:
        """Make its files and start it."""
        if self._user:
            shutil.chown(self._folder, self._user, self._user)
        self._run("initdb", "-U", "till", "-A", "trust", "-E", "UTF8", "--no-sync")
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-k {self._folder} -c listen_addresses='' -c fsync=off -c max_connections=100"
        self._run("pg_ctl", "-w", "-l", f"{self._folder}/log", "-o", options, "start")

    def stop(self, mode: str) -> None:
        """Stop it: "fast" ends all connections in order, "immediate" is a crash."""
        self._run("pg_ctl", "-w", "-m", mode, "stop")

    def restart(self, mode: str) -> None:
        """Stop it and start it again at once."""
        self._run("pg_ctl", "-w", "-l", f"{self._folder}/log", "-m", mode, "restart")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [f"{self._binaries}/{program}", "-D", f"{self._folder}/data", *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
            env={**os.environ, "HOME": str(self._folder), "LC_ALL": "C.UTF-8"},
            user=self._user,
            group=self._user,
            extra_groups=[] if self._user else None,
        )


FoundShop = Callable[[str, int, int], Shop]
StartTill = Callable[..., TillProcess]
CheckBooks = Callable[[Shop, list[TillProcess]], None]


Deed = Callable[[Till], object]
TwoTills = Callable[[str], AbstractContextManager[tuple[Till, Till]]]
AtOnce = Callable[[tuple[Till, Till], tuple[Deed, Deed]], list[str]]


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """A database of each kind."""
    found_url: str = request.getfixturevalue(f"{request.param}_database_url")
    return found_url


@pytest.fixture
def two_tills(tmp_path: Path) -> TwoTills:
    """Two more tills of a shop, in this process and open with 1.000,00 each."""

    @contextlib.contextmanager
    def opened(url: str) -> Iterator[tuple[Till, Till]]:
        tills = [
            open_till(load(tmp_path / name, database_url=url, till_id=name), Ports(clock=FixedClock(OPENING)))
            for name in ("KASSE-2", "KASSE-3")
        ]
        try:
            for till in tills:
                till.cash.open_shift(Money(100_000))
            yield tills[0], tills[1]
        finally:
            for till in tills:
                till.close()

    return opened


@pytest.fixture
def at_once() -> AtOnce:
    """Each till does its deed in the same moment, or a little before or after the other one; the refusals."""
    jitter = random.Random(1)

    def do(tills: tuple[Till, Till], deeds: tuple[Deed, Deed]) -> list[str]:
        refused: list[str] = []
        failed: list[Exception] = []
        gate = threading.Barrier(2)

        def act(till: Till, deed: Deed, after_s: float) -> None:
            gate.wait()
            time.sleep(after_s)
            try:
                deed(till)
            except Refused as refusal:
                refused.append(refusal.msgid)
            except Exception as error:  # noqa: BLE001 - raised again below
                failed.append(error)

        late = [jitter.choice((0.0, 0.0, 0.01, 0.03)) for _ in tills]
        threads = [threading.Thread(target=act, args=one) for one in zip(tills, deeds, late, strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for error in failed:
            raise error
        return refused

    return do


@pytest.fixture
def cluster(postgres: str) -> Iterator[Cluster]:
    """A server of its own for one test; `postgres` has seen to it that there are binaries."""
    assert postgres
    binaries = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), default=None)
    initdb = shutil.which("initdb")
    folder = Path(tempfile.mkdtemp(prefix="till-pg-"))
    server = Cluster(binaries or Path(str(initdb)).parent, folder)
    server.create()
    try:
        yield server
    finally:
        server.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def found(tmp_path: Path) -> FoundShop:
    """Found a shop and sell vouchers in it: `found(url, how_many, cents_each)`."""

    def make(url: str, vouchers: int, cents: int) -> Shop:
        folder = tmp_path / "first"
        database = Database(url)
        upgrade(database)
        _found(database)
        database.close()
        sold = _sell_vouchers(folder, url, vouchers, cents)
        return Shop(url, folder, sold)

    return make


@pytest.fixture
def start_till() -> Iterator[StartTill]:
    """Start tills in processes of their own: `start_till(shop, "KASSE-2", folder, seed=2)`.

    Without a folder it is a bare till that only empties the shop's vouchers, or fires `shots` times at each.
    """
    running: list[TillProcess] = []

    def start(shop: Shop, till_id: str, folder: Path | None = None, *, seed: int = 1, shots: int = 0) -> TillProcess:
        if folder is None:
            ids = [str(voucher.id) for voucher in shop.vouchers]
            till = TillProcess(till_id, SPENDING_TILL, shop.url, till_id, str(seed), str(shots), *ids)
        else:
            numbers = [voucher.number for voucher in shop.vouchers]
            till = TillProcess(till_id, SELLING_TILL, str(folder), shop.url, till_id, str(seed), *numbers)
        running.append(till)
        return till

    yield start
    for till in running:
        till.close()


@pytest.fixture
def check_books() -> CheckBooks:
    """Compare the books with what the tills told their customers, and prove them."""

    def check(shop: Shop, tills: list[TillProcess]) -> None:
        database = Database(shop.url)
        for till in tills:
            _check_sales(shop.documents(database, till.till_id), till.of("sold"))
        for voucher in shop.vouchers:
            taken = [sold["redeemed"].get(str(voucher.id), 0) for till in tills for sold in till.of("sold")]
            assert shop.left(database, voucher) == voucher.face - Money(sum(taken)) >= Money(0)
        assert verify(database) == []
        database.close()

    return check


def _check_sales(documents: list[Document], told: list[dict[str, Any]]) -> None:
    """No gap in the numbers; each sale that a customer was told of is there once, and no other."""
    assert [document.number for document in documents] == list(range(1, len(documents) + 1))
    booked = [(str(d.id), d.number, d.draft.total.cents) for d in documents if d.draft.kind is DocumentKind.SALE]
    assert booked == [(sold["order"], sold["number"], sold["total"]) for sold in told]


def _found(database: Database) -> None:
    details = ShopDetails(dt.date(2020, 1, 1), "Blumen & Tee", "Weg 1", "12345", "Ort", tax_number="12/345/67890")
    found_shop(database, details, User("1", "Marie Klein", "MK"))
    with database.write() as session:
        add_categories(session, [Category("all", "Alles", 1, "#DDEBD0")])
        rose = Article(uuid.UUID(int=1), "1", "Rose", "all", Money(350), VatKey.REDUCED, codes=("4006381333931",))
        mug = Article(uuid.UUID(int=3), "3", "Becher", "all", Money(1200), VatKey.GENERAL, codes=("4012345000023",))
        add_articles(session, [rose, mug])
        add_type(session, VoucherType(uuid.UUID(int=102), "902", "Gutschein", Numbering.AUTOMATIC, next_number="G-001"))


def _sell_vouchers(folder: Path, url: str, count: int, cents: int) -> tuple[Voucher, ...]:
    till = open_till(load(folder, database_url=url, till_id=FIRST_TILL), Ports(clock=FixedClock(OPENING)))
    try:
        till.cash.open_shift(Money(10_000))
        (tile,) = (tile for tile in till.sale.assortment().tiles if tile.number == "902")
        for _ in range(count):
            till.sale.add(tile, price=Money(cents))
        till.sale.pay_cash(Money(count * cents))
        return till.sale.complete().vouchers
    finally:
        till.close()
