"""Runs a simulation: random days in a shop with two tills, after each of which books, paper and model must agree."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import logging
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random
from zoneinfo import ZoneInfo

from till.app.verify import verify
from till.clock import FixedClock
from till.db.engine import Database
from till.errors import Refused, Unavailable
from till.fiscal.soft_tse import SoftTse
from till.i18n import msg
from till.money import Money
from till.settings import TSE, Settings, make_data_dir
from till.simulation import mishaps
from till.simulation.books import Books
from till.simulation.cashier import Cashier
from till.simulation.counter import ZONE, Broken, Counter, Expected, Site
from till.simulation.model import Model
from till.simulation.paper import Paper
from till.simulation.shop import found, goods

_FIRST_DAYS = ("2020-06-29", "2020-12-30", "2024-02-27", "2026-03-27", "2026-10-23", "2026-12-29")
"""Before VAT changed, a leap day, clocks turned forward and back, a new year."""
_FLOATS = (10_000, 10_000, 15_005, 0)
_MISHAP_SHARE = 0.06
_SHOWN = 20
_PAPER_S = 30.0
_LOOK_S = 0.01
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to simulate. `stop_after` ends the run after so many actions and leaves all as it is then."""

    days: int = 3
    seed: int = 1
    faults: bool = True
    stop_after: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a simulation ended. `broken` says what didn't agree; `trail` are the last actions, the newest last.

    `digest` is over all actions and how they went: the same for the same plan.
    """

    plan: Plan
    day: int
    actions: int
    sales: int
    seconds: float
    digest: str
    broken: str = ""
    trail: tuple[str, ...] = ()

    @property
    def is_right(self) -> bool:
        """Whether till and model agreed to the end."""
        return not self.broken

    @property
    def again(self) -> str:
        """The options that run exactly this again, up to its last action."""
        faults = " --faults" if self.plan.faults else ""
        return f"--seed {self.plan.seed} --days {self.plan.days}{faults} --stop-after {self.actions}"


def simulate(settings: Settings, plan: Plan, progress: Progress = lambda _done, _all: None) -> Outcome:
    """Found the simulated shop behind `settings` and live `plan.days` days in it.

    Refused where there is a shop already. `progress` hears the days done. Never raises for what the till does
    wrong: that is the outcome.
    """
    make_data_dir(settings.data_dir)
    first_day = dt.date.fromisoformat(Random(f"{plan.seed}/first day").choice(_FIRST_DAYS))
    on_sale = goods(first_day)
    found(settings, on_sale)
    began = time.monotonic()
    with _quiet_log(), contextlib.ExitStack() as ending:
        life = _Life(settings, plan, Cashier(on_sale), first_day)
        ending.callback(life.end)
        broken = life.live(progress)
    return Outcome(
        plan=plan,
        day=life.day,
        actions=life.actions,
        sales=len(life.site.model.sales),
        seconds=time.monotonic() - began,
        digest=life.digest.hexdigest(),
        broken=broken,
        trail=tuple(life.trail),
    )


class _Enough(Exception):  # noqa: N818 - no error: the plan says so
    """The action after which to stop is done."""


class _Life:
    """The shop while it is simulated."""

    def __init__(self, settings: Settings, plan: Plan, cashier: Cashier, first_day: dt.date) -> None:
        self.day = self.actions = 0
        self.trail: deque[str] = deque(maxlen=_SHOWN)
        self.digest = hashlib.sha256()
        self._plan = plan
        self._settings = settings
        self._cashier = cashier
        self._paper = Paper()
        clock = FixedClock(_opening(first_day))
        tills = [f"SIM-{number}" for number in (1, 2)]
        self.site = Site(clock, Model(tills), Books(settings.database_url))
        self._recorders = [SoftTse(settings.data_dir / TSE, clock, synchronous="OFF") for _ in tills]
        self._counters: list[Counter] = []
        for till, recorder in zip(tills, self._recorders, strict=True):
            self._counters.append(Counter(self.site, replace(settings, till_id=till), recorder))

    def live(self, progress: Progress) -> str:
        """All days; returns what was broken, or nothing."""
        try:
            for day in range(self._plan.days):
                self.day = day + 1
                progress(day, self._plan.days)
                self._live_day()
            progress(self._plan.days, self._plan.days)
        except _Enough:
            return ""
        except Broken as broken:
            return str(broken)
        except Exception:  # noqa: BLE001 - whatever the till raises is what this looks for
            return traceback.format_exc()
        return ""

    def end(self) -> None:
        """Stop all threads and close all files."""
        for counter in self._counters:
            counter.end()
        for recorder in self._recorders:
            recorder.close()
        self.site.books.close()

    def _live_day(self) -> None:
        for counter in self._counters:
            self._act(f"{counter.id} opens", lambda rng, one=counter: self._open(rng, one))
        for _ in range(Random(f"{self._plan.seed}/day {self.day}").randrange(100, 200)):
            self._act("", self._touch)
        self._act("the day ends", self._end_day)

    def _act(self, name: str, act: Callable[[Random], str]) -> None:
        """One action; its chances depend on the seed and its number only."""
        self.actions += 1
        self.trail.append(f"{self.actions}: {name} …")
        told = act(Random(f"{self._plan.seed}/{self.actions}"))
        self.trail[-1] = f"{self.actions}: {name} {told}".replace("  ", " ")
        self.digest.update(self.trail[-1].encode())
        if self.actions == self._plan.stop_after:
            raise _Enough

    def _touch(self, rng: Random) -> str:
        counter = rng.choice(self._counters)
        self.site.clock.advance(rng.randrange(1, 120))
        self.trail[-1] = f"{self.actions}: {counter.id} …"
        if self._plan.faults and rng.random() < _MISHAP_SHARE:
            return f"{counter.id} {mishaps.befall(rng, counter)}"
        if rng.random() < 0.02:
            self._answer_doubts(counter)
        return f"{counter.id} {self._cashier.act(rng, counter)}"

    def _open(self, rng: Random, counter: Counter) -> str:
        if counter.till.cash.is_open:
            return "still open"
        cents = rng.choice(_FLOATS)
        day = counter.today
        told = []
        while not counter.till.cash.is_open:
            told.append(counter.attempt(lambda: counter.till.cash.open_shift(Money(cents)), must=Expected.DONE))
        counter.model.open(counter.id, cents, day)
        return f"{cents} {told}"

    def _close(self, rng: Random, counter: Counter) -> str:
        if rng.random() < 0.1:
            return "stays open"
        while counter.now.basket.lines:
            counter.cancel()
        target = counter.model.drawers[counter.id].cash
        counted = rng.choice((target, target, max(0, target + rng.randrange(-500, 500)), None))
        told = []
        count = None if counted is None else Money(counted)
        while counter.till.cash.is_open:
            told.append(counter.attempt(lambda: counter.till.cash.close_shift(count)))
        counter.model.close(counter.id, counted)
        counter.attempt(lambda: counter.till.sale.scan("4006381333931"), must=Expected.REFUSED)
        return f"{counted} {told}"

    def _end_day(self, rng: Random) -> str:
        told = [self._close(rng, counter) for counter in self._counters]
        for counter in self._counters:
            counter.heal()
            mishaps.mend_printer(counter)
        for counter in self._counters:
            self._wait(lambda one=counter: one.till.status.current.tse_ready, "the TSE does not recover")
            counter.settle()
        self._wait(self._all_is_ended, "transactions are left open at the TSE")
        self._wait(self._all_is_printed, "receipts don't come out")
        self._check()
        self.site.clock.set(max(self._next_opening(), self.site.clock.now()))
        return str(told)

    def _all_is_ended(self) -> bool:
        """Whether the TSE has nothing open but what lies on the counters; after an outage the till tidies up by itself."""
        pairs = zip(self._recorders, self._counters, strict=True)
        return all(len(recorder.open_transactions(one.id)) <= one.has_begun for recorder, one in pairs)

    def _all_is_printed(self) -> bool:
        for counter in self._counters:
            counter.till.status.retry_printing()
            self._answer_doubts(counter)
        return not self.site.books.open_jobs()

    def _answer_doubts(self, counter: Counter) -> None:
        """The cashier looks at the paper and says whether the receipt came out."""
        counter.till.status.count_jobs()
        names = None
        for job in counter.till.status.current.uncertain:
            names = names or self.site.books.names()
            self._collect_paper()
            is_there = names[self.site.books.job_document(job.job_id)] in self._paper.whole
            with contextlib.suppress(Refused, Unavailable), counter.disk.sparing():
                counter.till.status.answer_uncertain(job.job_id, printed=is_there)

    def _collect_paper(self) -> None:
        for counter in self._counters:
            taken = counter.printer.receipts[:]
            del counter.printer.receipts[: len(taken)]
            self._paper.collect(taken)

    def _check(self) -> None:
        self._collect_paper()
        problems = list(self.site.books.problems(self.site.model))
        problems += [f"{key} came out as an original more than once" for key in self._paper.doubled()]
        names = self.site.books.names()
        missing = {names[key] for key in self.site.books.printed()} - self._paper.whole
        problems += [f"{key} is said to be printed, but no paper came" for key in sorted(missing)]
        with contextlib.closing(Database(self._settings.database_url)) as database:
            problems += [f"verify, {p.check}: {p.finding}" for p in verify(database)]
        if problems:
            raise Broken("\n".join(problems[:_SHOWN]))

    def _next_opening(self) -> dt.datetime:
        now = self.site.clock.now().astimezone(ZoneInfo(ZONE))
        return _opening(now.date() + dt.timedelta(days=now.hour >= 7))  # noqa: PLR2004 - o'clock

    @staticmethod
    def _wait(is_over: Callable[[], bool], complaint: str) -> None:
        until = time.monotonic() + _PAPER_S
        while not is_over():
            if time.monotonic() > until:
                raise Broken(complaint)
            time.sleep(_LOOK_S)


def _opening(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(8), ZoneInfo(ZONE))


@contextlib.contextmanager
def _quiet_log() -> Iterator[None]:
    """The till complains of every fault that is made here; nobody needs to read that."""
    log = logging.getLogger("till")
    level = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        log.setLevel(level)


SUMMARY = msg("Seed {seed}: {days} days, {actions} actions, {sales} sales in {seconds} s; all agrees.")
BROKEN = msg("Seed {seed}, day {day}, action {actions}: {broken}")
AGAIN = msg("The same again: till simulate {again}")
