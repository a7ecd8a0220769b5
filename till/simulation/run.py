"""Runs a simulation: random days in a shop with two tills, after each of which books, paper and model must agree."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import time
from collections.abc import Iterator
from random import Random

from till.settings import Settings, make_data_dir
from till.simulation.cashier import Cashier
from till.simulation.faults import watch
from till.simulation.life import Life, Progress
from till.simulation.outcome import Outcome, Plan
from till.simulation.shop import found, goods

_FIRST_DAYS = ("2020-06-29", "2020-12-30", "2024-02-27", "2026-03-27", "2026-10-23", "2026-12-29")
"""Before VAT changed, a leap day, clocks turned forward and back, a new year."""


def simulate(settings: Settings, plan: Plan, progress: Progress = lambda _done, _all: None) -> Outcome:
    """Found the simulated shop behind `settings` and live `plan.days` days in it.

    Refused where there is a shop already. `progress` hears the days done. What the till does wrong is never
    raised: it is the outcome.
    """
    watch()
    make_data_dir(settings.data_dir)
    first_day = dt.date.fromisoformat(Random(f"{plan.seed}/first day").choice(_FIRST_DAYS))
    on_sale = goods(first_day)
    found(settings, on_sale)
    began = time.monotonic()
    with _quiet_log(), contextlib.ExitStack() as ending:
        life = Life(settings, plan, Cashier(on_sale), first_day)
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
