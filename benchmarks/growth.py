"""P7: what each sale leaves behind in memory, over ten thousand of them, sold through the desk."""

from __future__ import annotations

import gc
from contextlib import ExitStack, closing

from benchmarks.measure import Result, resident_bytes
from benchmarks.shop import new_shop, open_shop, sell, temporary_folder
from till.app.bootstrap import Ports, Till
from till.clock import SystemClock
from till.fiscal.soft_tse import SoftTse

ARTICLES = 200
LINES = 1
WARM_UP = 1_000
SALES = 10_000
IDLE_EVERY = 100
BYTES_PER_SALE = 1024


def measure() -> list[Result]:
    """Sell to warm up, look, sell, look again. Nothing waits for the disk, which leaves nothing in memory."""
    with ExitStack() as stack:
        folder = stack.enter_context(temporary_folder())
        settings = new_shop(folder, ARTICLES)
        tse = stack.enter_context(closing(SoftTse(folder / "fast-tse.db", SystemClock(), synchronous="OFF")))
        till = stack.enter_context(open_shop(settings, Ports(recorder=tse)))
        _never_wait_for_the_disk(till)
        _sell(till, WARM_UP)
        before = resident_bytes()
        _sell(till, SALES)
        grown = (resident_bytes() - before) / SALES
    return [
        Result(
            "P7",
            "memory that a sale leaves behind",
            f"{grown:.0f} bytes",
            target=f"≤ {BYTES_PER_SALE} bytes",
            met=grown <= BYTES_PER_SALE,
            note=f"{SALES:,} sales of one line through the desk after {WARM_UP:,}, resident memory (RSS)",
        )
    ]


def _never_wait_for_the_disk(till: Till) -> None:
    """The database has one writing connection, which keeps what it is told."""
    with closing(till.workplace.database.engine.raw_connection()) as writer:
        writer.cursor().execute("PRAGMA synchronous=OFF")


def _sell(till: Till, sales: int) -> None:
    for number in range(sales):
        sell(till, ((number + line) % ARTICLES for line in range(LINES)))
        if number % IDLE_EVERY == 0:
            till.workplace.database.checkpoint()
    gc.collect()
