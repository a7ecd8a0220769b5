"""kill -9 at any instant (80-quality Q2): this process kills a till of its own process, over and over, and judges.

The till tells on a pipe what it is about to do and what it told the cashier. After each kill the books are read past
all of the till's code, and the next life is asked what it brought back: nothing that was told may be lost, nothing
doubled, and of the sale that hung in the middle the till itself must know whether it was booked.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import time
import uuid
from collections import Counter as Tally
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import pytest
from sqlalchemy import make_url, text

from till.app.bootstrap import Ports, open_till
from till.app.status import StatusDesk
from till.app.verify import verify
from till.clock import FixedClock
from till.db.engine import Database, sqlite_url
from till.devices.simulated.printer import SimulatedPrinter
from till.fiscal.soft_tse import SoftTse
from till.money import Money
from till.settings import DATABASE, TSE, Settings
from till.simulation.books import Books
from till.simulation.counter import fast_pace
from till.simulation.paper import Paper

MORTAL_TILL = Path(__file__).with_name("mortal_till.py")
NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
FLOAT = Money(10_000)
BACK_WITHIN_S = 1.0
MOMENTS = (("adds", 0.005), ("adds", 0.03), ("completing", 0.006), ("completing", 0.02), ("sold", 0.005), ("sold", 0.1))
"""After which word of the till it is killed, and at most how many seconds later."""
FROM_ITS_START_S = 0.3
PLACES = {"starting", "saving the basket", "booking", "booked, not told", "not signed", "not printed"}

Lines = Tally[str]
Shown = tuple[Lines, bool]
Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """What the dead till left in its books. `sales` are numbers and totals by order."""

    sales: dict[str, tuple[int, int]]
    unsigned: int
    unprinted: int
    vouchers: int
    vouchers_sold: int


@dataclass(slots=True)
class Witness:
    """What the cashier knows: the sales that were told, and of the one under way every screen since it was last saved."""

    told: dict[str, tuple[int, int]] = field(default_factory=dict)
    order: str = ""
    screens: list[Shown] = field(default_factory=lambda: [(Tally(), False)])
    is_completing: bool = False
    last: str = ""
    opened_s: list[float] = field(default_factory=list)

    def hear(self, event: Event) -> None:
        """Take in one line of the till."""
        self.last = event["event"]
        match event:
            case {"event": "opened"}:
                self._judge_return(event)
            case {"event": "adds", "names": names, **more}:
                self.order = more.get("order", self.order)
                lines, _ = self.screens[-1]
                self.screens.append((lines + Tally(names), more.get("paid", False)))
            case {"event": "completing", "order": order}:
                assert order == self.order
                self.is_completing = True
            case {"event": "sold", "order": order, "number": number, "total": total}:
                assert order == self.order
                assert order not in self.told, "told twice"
                self.told[order] = (number, total)
                self._begin_afresh()
            case {"event": "settled"}:
                del self.screens[:-1]

    def judge_books(self, found: Found) -> None:
        """After a kill: all that was told is booked, and besides at most the sale whose answer nobody heard."""
        assert self.told.items() <= found.sales.items(), "a sale that was told is lost"
        untold = found.sales.keys() - self.told.keys()
        assert found.vouchers == found.vouchers_sold, "a voucher is lost or doubled"
        assert untold <= ({self.order} if self.is_completing else set()), "booked what nobody completed"
        for order in untold:
            self.told[order] = found.sales[order]
            self._begin_afresh()
        self.is_completing = False

    def _judge_return(self, event: Event) -> None:
        """The till asks the books whether the last sale was booked: else it is on the screen again, as it was."""
        self.opened_s.append(event["seconds"])
        shown = (Tally(dict(event["lines"])), event["paid"])
        assert shown in self.screens, f"brought back {shown}, must be one of {self.screens}"
        if shown[0]:
            assert event["order"] == self.order, "the same goods under another order id could be booked twice"
        self.order, self.screens, self.is_completing = event["order"], [shown], False

    def _begin_afresh(self) -> None:
        self.order, self.screens, self.is_completing = "", [(Tally(), False)], False

    def places(self, found: Found) -> set[str]:
        """Where in the life of a sale the kill struck; ask it before `judge_books`."""
        if self.last in {"born", "asks"}:
            return {"starting"}
        struck = set()
        if self.is_completing:
            struck.add("booked, not told" if self.order in found.sales else "booking")
        elif self.screens[-1][0]:
            struck.add("saving the basket" if len(self.screens) > 1 else "basket saved")
        if found.unsigned:
            struck.add("not signed")
        if found.unprinted:
            struck.add("not printed")
        return struck or {"at rest"}


class Reaper:
    """Lets tills live over one shop and kills them."""

    def __init__(self, settings: Settings, seed: int, *sabotage: str) -> None:
        self._settings = settings
        self._sabotage = sabotage
        self._chance = random.Random(seed)
        self._printer = SimulatedPrinter()
        self._paper = Paper()
        self._lives: subprocess.Popen[str]
        self.witness = Witness()
        self.places: Tally[str] = Tally()
        self._living = 0

    def __enter__(self) -> Self:
        self._printer.power_on()
        self._settings = replace(self._settings, printer=self._printer.uri)
        with contextlib.closing(open_till(self._settings, Ports(clock=FixedClock(NOON), pace=fast_pace()))) as till:
            till.cash.open_shift(FLOAT)
            till.settle()
        program = [sys.executable, str(MORTAL_TILL)]
        where = [str(self._settings.data_dir), self._settings.database_url, self._settings.printer]
        self._lives = subprocess.Popen(
            [*program, *where, *self._sabotage], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, *_: object) -> None:
        if self._living:
            os.kill(self._living, signal.SIGKILL)
        self._lives.kill()
        self._lives.communicate()
        self._printer.power_off()

    def kill_once(self) -> None:
        """Let a till live until a random instant, kill it, and judge what it left."""
        self._say(f"live {self._chance.randrange(2**31)}")
        self._living = self._next()["process"]
        self._await_the_hour()
        os.kill(self._living, signal.SIGKILL)
        self._living = 0
        while self.witness.last != "dead":
            before = self.witness.last
            self._next()
        self.witness.last = before
        found = self._found()
        self.places.update(self.witness.places(found))
        self.witness.judge_books(found)

    def _await_the_hour(self) -> None:
        if self._chance.random() < 0.15:
            time.sleep(self._chance.uniform(0.0, FROM_ITS_START_S))
            return
        word, longest_s = self._chance.choice(MOMENTS)
        for _ in range(self._chance.randint(1, 4)):
            while self._next()["event"] != word:
                pass
        time.sleep(self._chance.uniform(0.0, longest_s))

    def _next(self) -> Event:
        """The next line of the till; a question is answered at once."""
        assert self._lives.stdout is not None
        event: Event = json.loads(self._lives.stdout.readline())
        self.witness.hear(event)
        if event["event"] == "asks":
            self._say(f"{event['job']} {'printed' if self._is_printed(event['paper']) else 'missing'}")
        return event

    def _say(self, line: str) -> None:
        assert self._lives.stdin is not None
        self._lives.stdin.write(line + "\n")
        self._lives.stdin.flush()

    def _is_printed(self, paper: list[str]) -> bool:
        self._collect_paper()
        return tuple(paper) in self._paper.whole

    def _collect_paper(self) -> None:
        taken = self._printer.receipts[:]
        del self._printer.receipts[: len(taken)]
        self._paper.collect(self._settings.till_id, taken)

    def _found(self) -> Found:
        """The books as the kill left them: of a file a copy, as the next life is to find its log as it is."""
        url = self._settings.database_url
        if make_url(url).get_backend_name() == "sqlite":
            copy = self._settings.data_dir / "copy"
            shutil.rmtree(copy, ignore_errors=True)
            copy.mkdir()
            for path in self._settings.data_dir.glob(f"{DATABASE}*"):
                if not path.name.endswith("-shm"):
                    shutil.copy(path, copy)
            url = sqlite_url(copy / DATABASE)
        with contextlib.closing(Database(url)) as books:
            return _read(books)

    def end(self) -> None:
        """Open the till for good, let it sign and print what it owes, and count everything."""
        with contextlib.closing(open_till(self._settings, Ports(clock=FixedClock(NOON), pace=fast_pace()))) as till:
            assert till.settle()
            _wait_until(lambda: self._all_is_printed(till.status), "receipts don't come out")
            books = till.workplace.database
            found, told = _read(books), self.witness.told
            assert found.sales == told
            assert (found.unsigned, found.unprinted) == (0, 0)
            assert verify(books) == []
            assert till.cash.expected_cash() == FLOAT + Money(sum(total for _, total in told.values()))
            till.sale.cancel()
        self._check_paper(told)
        with contextlib.closing(SoftTse(self._settings.data_dir / TSE, FixedClock(NOON))) as tse:
            assert tse.open_transactions(self._settings.till_id) == ()

    def _all_is_printed(self, status: StatusDesk) -> bool:
        """Whether the printer owes nothing more; the cashier looks at the paper of what is in doubt."""
        status.retry_printing()
        status.count_jobs()
        self._collect_paper()
        with contextlib.closing(Books(self._settings.database_url)) as books:
            for job in status.current.uncertain:
                is_there = books.names()[books.job_document(job.job_id)] in self._paper.whole
                status.answer_uncertain(job.job_id, printed=is_there)
            return not books.open_jobs()

    def _check_paper(self, told: dict[str, tuple[int, int]]) -> None:
        self._collect_paper()
        assert self._paper.doubled() == []
        assert {(self._settings.till_id, str(number)) for number, _ in told.values()} <= self._paper.whole


def _read(books: Database) -> Found:
    with books.read() as session:

        def rows(statement: str) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in session.execute(text(statement))]

        sales = rows("SELECT id, number, total FROM document WHERE kind = 'sale'")
        ((unsigned,),) = rows(
            "SELECT count(*) FROM document d LEFT JOIN signature s ON s.document_id = d.id WHERE s.document_id IS NULL"
        )
        ((unprinted,),) = rows("SELECT count(*) FROM print_job WHERE state IN ('queued', 'sending', 'uncertain')")
        ((vouchers,),) = rows("SELECT count(*) FROM voucher")
        ((vouchers_sold,),) = rows("SELECT count(*) FROM document_line WHERE text LIKE 'Gutschein 25%'")
    by_order = {uuid.UUID(str(order)).hex: (number, total) for order, number, total in sales}
    return Found(by_order, unsigned, unprinted, vouchers, vouchers_sold)


def _wait_until(is_so: Callable[[], bool], complaint: str, patience_s: float = 60.0) -> None:
    until = time.monotonic() + patience_s
    while not is_so():
        assert time.monotonic() < until, complaint
        time.sleep(0.05)


@pytest.fixture
def reaper(any_shop_settings: Settings) -> Iterator[Reaper]:
    """Kills tills in the small shop, on each of both databases."""
    with Reaper(any_shop_settings, seed=7) as made:
        yield made


def check_kills(reaper: Reaper, count: int) -> None:
    """Kill so often, then end the day; `pytest -rP` shows where the kills struck and how long the slowest start took."""
    for _ in range(count):
        reaper.kill_once()
    reaper.end()
    opened_s = reaper.witness.opened_s
    slow = f"back after {statistics.median(opened_s):.2f} s, the slowest after {max(opened_s):.2f} s"
    sys.stdout.write(f"{count} kills: {dict(reaper.places)}; {len(reaper.witness.told)} sales; {slow}\n")
    assert len(reaper.witness.told) >= count // 4, "too little was sold"


def test_nothing_that_was_told_is_lost_or_doubled_by_twenty_kills(reaper: Reaper) -> None:
    check_kills(reaper, 20)


@pytest.mark.parametrize("sabotage", ["forgets", "renames"])
def test_a_till_that_does_wrong_after_a_kill_is_found(shop_settings: Settings, sabotage: str) -> None:
    with (
        Reaper(shop_settings, 7, sabotage) as reaper,
        pytest.raises(AssertionError, match=r"brought back|another order id"),
    ):
        check_kills(reaper, 20)


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_nothing_that_was_told_is_lost_or_doubled_by_two_hundred_kills(reaper: Reaper) -> None:
    check_kills(reaper, 200)
    # The basket is back within a second (Q2): the median, as others use the machine too.
    assert statistics.median(reaper.witness.opened_s) <= BACK_WITHIN_S
    assert set(reaper.places) >= PLACES, "the kills did not strike everywhere"
