"""The environment fails: database locked, read-only, newer, damaged or full disk, a second start. Said in words, nothing half done."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from till.app.bootstrap import Ports, Till, open_till
from till.db.engine import Database, sqlite_module
from till.errors import Refused, Unavailable
from till.formats import Formats, Sentence
from till.i18n import Translator
from till.money import Money
from till.sales.models import OpenBasketRow
from till.settings import TSE, Settings

if TYPE_CHECKING:
    from tests.app.conftest import Counter

ROSE = "4006381333931"
LOCKER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.readline()
"""
Locker = Callable[[Settings], Callable[[], object]]


class Usage(NamedTuple):
    """What the operating system says of a disk."""

    total: int
    used: int
    free: int


pytestmark = pytest.mark.usefixtures("hasty_writes")


def in_german(said: Sentence) -> str:
    return Formats(Translator("de")).sentence(said)


def path_of(settings: Settings) -> Path:
    return settings.data_dir / "till.db"


@pytest.fixture
def lock() -> Iterator[Locker]:
    """Locks a till's SQLite file from another process; what it returns unlocks it again."""
    running: list[subprocess.Popen[str]] = []

    def locked(settings: Settings) -> Callable[[], object]:
        command = [sys.executable, "-c", LOCKER, str(path_of(settings))]
        locker = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        running.append(locker)
        assert locker.stdout is not None
        assert locker.stdout.readline() == "locked\n"
        return lambda: locker.communicate("go\n")

    yield locked
    for locker in running:
        locker.kill()
        locker.communicate()


def test_a_locked_database_keeps_the_basket_and_goes_on_afterwards(counter: Counter, lock: Locker) -> None:
    counter.till.settle()
    unlock = lock(counter.till.settings)
    counter.sale.scan(ROSE)
    counter.sale.pay_cash(Money(500))
    before = counter.sale.state
    with pytest.raises(Unavailable) as unavailable:
        counter.sale.complete()
    assert "beschäftigt" in in_german(unavailable.value)
    with pytest.raises(Unavailable):
        counter.till.cash.open_drawer()
    assert counter.sale.state == before
    assert counter.count("document") == 1
    unlock()
    sale = counter.sale.complete()
    assert sale.change == Money(150)
    counter.paper(sale.document)
    assert len(counter.printer.kicks) == 1
    assert not counter.till.status.current.database_waiting
    assert counter.problems() == []


def test_the_status_says_that_the_database_keeps_the_counter_waiting(counter: Counter, lock: Locker) -> None:
    counter.till.settle()
    counter.database.wait_s = 0.1
    unlock = lock(counter.till.settings)
    counter.sale.scan(ROSE)
    counter.until(lambda: counter.till.status.current.database_waiting)
    unlock()
    counter.until(lambda: not counter.till.status.current.database_waiting)
    assert counter.till.settle()
    assert counter.count("open_basket") == 1


def test_closing_does_not_wait_for_a_locked_database_and_the_basket_is_back(
    make_till: Callable[..., Till], fast_ports: Ports, at: type[Counter], lock: Locker
) -> None:
    counter = at(make_till(ports=fast_ports))
    counter.sale.scan(ROSE)
    assert counter.till.settle()
    counter.database.wait_s = 0.1
    unlock = lock(counter.till.settings)
    counter.till.close()
    unlock()
    again = at(make_till(ports=fast_ports))
    assert again.sale.state.restored
    assert again.sale.state.priced.total == Money(350)
    assert [document.draft.kind.value for document in [again.till.receipts.find(2)]] == ["aborted"]
    again.sale.pay_cash(Money(350))
    assert [r.number for r in again.sale.complete().document.draft.references] == [2]
    assert again.problems() == []


def test_a_second_start_of_the_same_till_is_refused_and_another_number_works(
    any_shop_settings: Settings, selling_process: Path, fast_ports: Ports
) -> None:
    settings = any_shop_settings
    command = [sys.executable, str(selling_process), str(settings.data_dir), settings.database_url, "null:", "leased"]
    first = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert first.stdout is not None
    try:
        assert first.stdout.readline() == "open\n"
        with pytest.raises(Refused) as refused:
            open_till(settings, fast_ports)
        assert "läuft" in in_german(refused.value)
        other = open_till(replace(settings, till_id="KASSE-2"), fast_ports)
        other.close()
    finally:
        first.kill()
        first.communicate()
    freed = Settings(settings.data_dir, settings.database_url)
    for _ in range(50):  # PostgreSQL notices a dead client only after a moment
        try:
            open_till(freed, fast_ports).close()
        except Refused:
            threading.Event().wait(0.1)
        else:
            break
    else:
        pytest.fail("the lease was not freed by the kill")


def test_a_till_that_was_closed_can_be_opened_again_in_the_same_process(any_shop_settings: Settings) -> None:
    for _ in range(3):
        till = open_till(any_shop_settings)
        till.close()
        till.close()


def test_a_till_ends_all_its_threads(any_shop_settings: Settings, printer: object, fast_ports: Ports) -> None:
    before = set(threading.enumerate())
    till = open_till(replace(any_shop_settings, printer=getattr(printer, "uri", "")), fast_ports)
    assert set(threading.enumerate()) > before
    till.close()
    left = {thread.name for thread in set(threading.enumerate()) - before if "simulated" not in thread.name}
    assert left == set()


def said_at_opening(settings: Settings) -> Refused | Unavailable:
    """Why the till can't be opened."""
    try:
        open_till(settings).close()
    except (Refused, Unavailable) as said:
        return said
    pytest.fail("it was opened")


@pytest.mark.parametrize("harm", ["newer", "foreign", "damaged", "folder", "tse"])
def test_what_can_not_be_opened_is_said_and_nothing_is_left_running(
    shop_settings: Settings, harm: str, tmp_path: Path
) -> None:
    path = path_of(shop_settings)
    settings = shop_settings
    match harm:
        case "newer":
            _statement(path, "UPDATE alembic_version SET version_num = '9999'")
        case "foreign":
            path.write_text("This is a letter to my mother.\n" * 500)
        case "damaged":
            path.write_bytes(path.read_bytes()[:5000] + bytes(40000))
        case "tse":
            (shop_settings.data_dir / TSE).write_text("This is no TSE.\n" * 500)
        case _:
            settings = replace(shop_settings, database_url=f"sqlite:///{tmp_path}/not/there/till.db")
    running = threading.active_count()
    said = said_at_opening(settings)
    assert in_german(said) != Formats(Translator("en")).sentence(said)
    assert threading.active_count() == running
    if harm == "newer":
        assert "neuer" in in_german(said)
        _statement(path, "UPDATE alembic_version SET version_num = '0001'")
        open_till(settings).close()


def test_a_database_without_a_shop_is_refused_in_words(shop_settings: Settings, tmp_path: Path) -> None:
    empty = replace(shop_settings, data_dir=tmp_path, database_url=f"sqlite:///{tmp_path}/empty.db")
    with pytest.raises(Refused) as refused:
        open_till(empty)
    assert in_german(refused.value) != str(refused.value)


def test_a_database_that_can_only_be_read_books_nothing_and_still_shows_the_receipts(
    counter: Counter,
) -> None:
    sold = counter.sell(ROSE).document
    counter.till.settle()
    counter.sale.scan(ROSE)
    counter.sale.pay_cash(Money(350))
    counter.till.settle()
    set_read_only(counter.database, "ON")
    before = counter.sale.state
    with pytest.raises(Unavailable) as unavailable:
        counter.sale.complete()
    assert "nur gelesen" in in_german(unavailable.value)
    assert counter.sale.state == before
    assert counter.till.receipts.last() == sold
    assert counter.till.receipts.preview(sold.id)
    set_read_only(counter.database, "OFF")
    counter.sale.complete()
    assert counter.problems() == []


def test_a_disk_almost_full_lets_the_open_sale_end_but_no_new_one_begin(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter.sale.scan(ROSE)
    monkeypatch.setattr("shutil.disk_usage", lambda _path: Usage(10**12, 10**12 - 40_000_000, 40_000_000))
    counter.till.status.check_disk()
    assert counter.till.status.current.disk_low
    counter.sale.scan(ROSE)
    counter.sale.pay_cash(Money(700))
    counter.sale.complete()
    with pytest.raises(Unavailable) as unavailable:
        counter.sale.scan(ROSE)
    assert "voll" in in_german(unavailable.value)
    assert counter.sale.state.priced.basket.is_empty


def test_an_open_basket_of_another_version_does_not_keep_the_till_shut(
    make_till: Callable[..., Till], fast_ports: Ports, at: type[Counter], caplog: pytest.LogCaptureFixture
) -> None:
    till = make_till(ports=fast_ports)
    till.sale.scan(ROSE)
    till.close()
    database = Database(till.settings.database_url)
    with database.write() as session:
        session.get_one(OpenBasketRow, next(iter(session.query(OpenBasketRow.order_id)))[0]).body = '{"version": 99}'
    database.close()
    again = at(make_till(ports=fast_ports))
    assert again.sale.state.priced.basket.is_empty
    assert "can't be read" in caplog.text
    again.sell(ROSE)
    assert again.problems() == []


def set_read_only(database: Database, switch: str) -> None:
    """As a write-protected disk: SQLite refuses every write of the one writing connection."""
    pooled = database.engine.raw_connection()
    pooled.cursor().execute(f"PRAGMA query_only={switch}")
    pooled.close()


def _statement(path: Path, statement: str) -> None:
    connection = sqlite_module().connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()
