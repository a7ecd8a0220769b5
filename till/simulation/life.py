"""The life of the simulated shop: its days, its actions, and what must be true after each day."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import time
import traceback
from collections import Counter as Tally
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

from till.app.verify import verify
from till.clock import FixedClock
from till.db.engine import Database
from till.devices.simulated.printer import SimulatedPrinter
from till.errors import Refused, Unavailable
from till.fiscal.soft_tse import SoftTse
from till.money import Money
from till.settings import TSE, Settings
from till.simulation import mishaps, purse
from till.simulation.books import Books
from till.simulation.cashier import Cashier
from till.simulation.chance import happens
from till.simulation.counter import ZONE, Counter, Site
from till.simulation.known import Broken, Expected
from till.simulation.model import Model
from till.simulation.outcome import Plan
from till.simulation.paper import Paper
from till.simulation.reaper import kill_elsewhere
from till.simulation.shop import GIVEN

_FLOATS = (10_000, 10_000, 15_005, 0)
_MISHAP_SHARE = 0.08
_SHOWN = 480
_OPENED_BY = 7
_TRIES = 20
_MOST_COUNTED = 9_999_999_999
_PATIENCE_S = 30.0
_LOOK_S = 0.01
Progress = Callable[[int, int], None]


class _Enough(Exception):  # noqa: N818 - no error: the plan says so
    """The action after which to stop is done."""


class Life:
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
        self.site = Site(clock, Model(tills, GIVEN), Books(settings.database_url))
        self._recorders = [SoftTse(settings.data_dir / TSE, clock, synchronous="OFF") for _ in tills]
        self._counters: list[Counter] = []
        for till, recorder in zip(tills, self._recorders, strict=True):
            printer = SimulatedPrinter()
            printer.power_on()
            self._counters.append(Counter(self.site, replace(settings, till_id=till), recorder, printer))

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
            self._act(f"{counter.id} opens", partial(self._open, counter))
        touches = Random(f"{self._plan.seed}/day {self.day}").randrange(100, 200)
        kills = self._kills(touches)
        for number in range(touches):
            for _ in range(kills[number]):
                self._act("", self._kill)
            self._act("", self._touch)
        self._act("the day ends:", self._end_day)

    def _kills(self, touches: int) -> Tally[int]:
        """Before which touches of this day a till's process is really killed, and how often."""
        days, before = self._plan.days, self.day - 1
        count = self._plan.kills * self.day // days - self._plan.kills * before // days
        return Tally(Random(f"{self._plan.seed}/kills {self.day}").choices(range(touches), k=count))

    def _kill(self, rng: Random) -> str:
        counter = rng.choice(self._counters)
        return f"{counter.id} {kill_elsewhere(rng, counter, self._cashier)}"

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
        if happens(rng, 0.02):
            self._answer_doubts(counter)
        goes_wrong = self._plan.faults and happens(rng, _MISHAP_SHARE)
        act = mishaps.draw(rng, counter) if goes_wrong else self._cashier.draw(rng, counter)
        self.trail[-1] = f"{self.actions}: {counter.id} {act.name} …"
        return f"{counter.id} {act.name}: {act.do()}"

    def _open(self, counter: Counter, rng: Random) -> str:
        if _is_open(counter):
            return "still open"
        cents = rng.choice(_FLOATS)
        day = counter.today
        told = []
        while not _is_open(counter):
            told.append(counter.attempt(lambda: counter.till.cash.open_shift(Money(cents)), must=Expected.DONE))
        counter.model.open(counter.id, cents, day)
        return f"{cents} {', '.join(told)}"

    def _close(self, rng: Random, counter: Counter) -> str:
        told = [counter.leave_returns()]
        while not counter.till.free_returns.state.is_empty:
            told.append(counter.leave_returns())
        if happens(rng, 0.1):
            return f"{', '.join(told)} stays open"
        while counter.now.basket.lines:
            counter.cancel()
        target = counter.model.drawers[counter.id].cash
        counted = rng.choice((target, target, max(0, target + rng.randrange(-500, 500)), None))
        if counted is not None and counted > _MOST_COUNTED:
            counted = None
        count = None if counted is None else purse.counted(counted) if happens(rng, 0.5) else Money(counted)
        close = partial(counter.attempt, lambda: counter.till.cash.close_shift(count))
        told += [close() for _ in range(_TRIES) if _is_open(counter)]
        if _is_open(counter):
            raise Broken(f"{counter.id} can't be closed: {counter.reason} {counted} {told[-1]}")
        counter.model.close(counter.id, counted)
        counter.attempt(lambda: counter.till.sale.scan("4006381333931"), must=Expected.REFUSED)
        return f"{counted} {', '.join(told)}"

    def _end_day(self, rng: Random) -> str:
        told = [self._close(rng, counter) for counter in self._counters]
        for counter in self._counters:
            counter.heal()
            mishaps.mend_printer(counter)
        for counter in self._counters:
            self._wait(partial(_signs, counter), "the TSE does not recover")
            counter.settle()
        self._wait(self._all_is_ended, "transactions are left open at the TSE")
        self._wait(self._all_is_printed, "receipts don't come out", self.site.books.open_jobs)
        self._check()
        self.site.clock.set(max(self._next_opening(), self.site.clock.now()))
        return "; ".join(told)

    def _all_is_ended(self) -> bool:
        """Whether the TSE has nothing open but what lies on the counters or waits; after an outage the till tidies up."""
        pairs = zip(self._recorders, self._counters, strict=True)
        return all(len(tse.open_transactions(one.id)) <= one.has_begun + len(one.waiting) for tse, one in pairs)

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
            self._paper.collect(counter.id, taken)

    def _check(self) -> None:
        self._collect_paper()
        problems = list(self.site.books.problems(self.site.model))
        problems += [f"{key} came out as an original more than once" for key in self._paper.doubled()]
        problems += [f"{key} came out of another till's printer" for key in self._paper.strays]
        names = self.site.books.names()
        missing = {names[key] for key in self.site.books.printed()} - self._paper.whole
        problems += [f"{key} is said to be printed, but no paper came" for key in sorted(missing)]
        with contextlib.closing(Database(self._settings.database_url)) as database:
            problems += [f"verify, {p.check}: {p.finding}" for p in verify(database)]
        if problems:
            raise Broken("\n".join(problems[:_SHOWN]))

    def _next_opening(self) -> dt.datetime:
        now = self.site.clock.now().astimezone(ZoneInfo(ZONE))
        return _opening(now.date() + dt.timedelta(days=now.hour >= _OPENED_BY))

    @staticmethod
    def _wait(is_over: Callable[[], bool], complaint: str, left: Callable[[], object] = str) -> None:
        until = time.monotonic() + _PATIENCE_S
        while not is_over():
            if time.monotonic() > until:
                raise Broken(f"{complaint} {left()}")
            time.sleep(_LOOK_S)


def _is_open(counter: Counter) -> bool:
    return counter.till.cash.is_open


def _signs(counter: Counter) -> bool:
    return counter.till.status.current.tse_ready


def _opening(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(8), ZoneInfo(ZONE))
