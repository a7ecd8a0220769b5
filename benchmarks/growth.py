"""P7: what each sale leaves behind in memory, over ten thousand of them, sold through the desk."""

from __future__ import annotations

import gc

from benchmarks.measure import Result, resident_bytes
from benchmarks.shop import new_shop, open_shop, sell, temporary_folder
from till.app.bootstrap import Till

ARTICLES = 200
LINES = 2
WARM_UP = 1_000
SALES = 10_000
IDLE_EVERY = 100
BYTES_PER_SALE = 1024


def measure() -> list[Result]:
    """Sell to warm up, look, sell, look again."""
    with temporary_folder() as folder, open_shop(new_shop(folder, ARTICLES)) as till:
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
            note=f"{SALES:,} sales of {LINES} lines through the desk after {WARM_UP:,}, resident memory (RSS)",
        )
    ]


def _sell(till: Till, sales: int) -> None:
    for number in range(sales):
        sell(till, ((number + line) % ARTICLES for line in range(LINES)))
        if number % IDLE_EVERY == 0:
            till.workplace.database.checkpoint()
    gc.collect()
