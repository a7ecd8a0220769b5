"""A counter in a process of its own that sells when it is told to: Till's, or bare psycopg with the same statements."""

from __future__ import annotations

import multiprocessing
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic, perf_counter_ns, sleep
from typing import Any, Protocol

from benchmarks.booking import basket_of, book_order, order_of
from benchmarks.paying import fill
from benchmarks.replay import BareTill, Statement, written_down
from benchmarks.shop import completed, open_shop
from till.app.bootstrap import Ports, Till
from till.clock import SystemClock
from till.fiscal.soft_tse import SoftTse
from till.settings import load


@dataclass(frozen=True, slots=True)
class Place:
    """Which till, on which database, with which folder for its TSE."""

    url: str
    till_id: str
    folder: Path


@dataclass(frozen=True, slots=True)
class Burst:
    """Sell for so long: without pause, or so many times a second."""

    seconds: float
    per_second: float = 0.0


class _Counter(Protocol):
    """Who sells."""

    def book(self) -> object:
        """The booking transaction and nothing else."""
        ...

    def fill(self) -> object:
        """All that comes before the customer waits for the booking."""
        ...

    def complete(self) -> object:
        """What the customer waits for."""
        ...


class CounterProcess:
    """The near end of a counter."""

    def __init__(self, place: Place, sale: list[Statement] | None = None) -> None:
        """With the statements of a sale it is a bare one."""
        context = multiprocessing.get_context("spawn")
        self._pipe, there = context.Pipe()
        self._process = context.Process(target=_work, args=(there, place, sale), daemon=True)
        self._process.start()
        there.close()

    def ask(self, what: object) -> None:
        """A Burst: sell; "record": book one sale and write its statements down; "settle": end what was begun."""
        self._pipe.send(what)

    def answer(self) -> Any:
        """A Burst's times in nanoseconds, or the statements; waits for them. EOFError when the counter broke."""
        return self._pipe.recv()

    def close(self) -> None:
        """Close the counter and wait for its end."""
        self._pipe.close()
        self._process.join()


def _work(pipe: Connection, place: Place, sale: list[Statement] | None) -> None:
    with _opened(place, sale) as counter, suppress(EOFError):
        while True:
            match pipe.recv():
                case Burst(seconds, 0):
                    pipe.send(_without_pause(counter, seconds))
                case Burst(seconds, per_second):
                    pipe.send(_at_pace(counter, seconds, 1 / per_second))
                case _ if isinstance(counter, _TillCounter):
                    pipe.send(counter.recorded())


@contextmanager
def _opened(place: Place, sale: list[Statement] | None) -> Iterator[_Counter]:
    if sale is not None:
        with closing(_BareCounter(place.url, place.till_id, sale)) as bare:
            yield bare
        return
    settings = load(place.folder, database_url=place.url, till_id=place.till_id)
    settings.data_dir.mkdir(exist_ok=True)
    recorder = SoftTse(place.folder / "fast-tse.db", SystemClock(), synchronous="OFF")
    with closing(recorder), open_shop(settings, Ports(recorder=recorder)) as till:
        yield _TillCounter(till)


class _TillCounter:
    """Till's counter."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self._basket = basket_of(till)

    def book(self) -> object:
        """As SaleDesk.complete does in the database."""
        workplace = self._till.workplace
        return book_order(workplace, order_of(workplace, replace(self._basket, order_id=uuid.uuid4())))

    def fill(self) -> None:
        """Scan and take the payments."""
        fill(self._till)

    def complete(self) -> object:
        """Press Complete; signing follows on its thread."""
        return completed(self._till)

    def recorded(self) -> list[Statement]:
        """The statements of one booking."""
        self.book()
        with written_down(self._till.workplace.database.engine) as sent:
            self.book()
        return sent


class _BareCounter(BareTill):
    """Bare psycopg's counter: it has nothing to prepare."""

    def book(self) -> None:
        """One sale."""
        self.sell()

    def fill(self) -> None:
        """Nothing."""

    def complete(self) -> None:
        """One sale."""
        self.sell()


def _without_pause(counter: _Counter, seconds: float) -> list[int]:
    ended, times = monotonic() + seconds, []
    while monotonic() < ended:
        began = perf_counter_ns()
        counter.book()
        times.append(perf_counter_ns() - began)
    return times


def _at_pace(counter: _Counter, seconds: float, distance_s: float) -> list[int]:
    """A customer comes every `distance_s`; who finds the counter occupied is served next."""
    due, times = monotonic(), []
    ended = due + seconds
    while due < ended:
        counter.fill()
        sleep(max(0.0, due - monotonic()))
        began = perf_counter_ns()
        counter.complete()
        times.append(perf_counter_ns() - began)
        due += distance_s
    return times
