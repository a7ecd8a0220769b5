"""P1: from Pay to the receipt owed to the printer: two transactions, without the time that the TSE itself takes.

Run as a program with a number of sales it only sells; strace counts what it forces onto the disk.
"""

from __future__ import annotations

import gc
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter_ns

from sqlalchemy import text

from benchmarks.bare_sale import BareBook, Inserts, NewRows
from benchmarks.measure import Result, Sample, ratio
from benchmarks.shop import code_of, new_shop, open_shop, temporary_folder
from till.app.bootstrap import Ports, Till
from till.clock import SystemClock
from till.fiscal.recorder import Finished
from till.fiscal.soft_tse import SoftTse
from till.money import Money
from till.settings import Settings
from till.shop.tenders import CARD

ROUNDS = 500
WARM_UP = 50
LINES = 5
IDLE_EVERY = 100
COUNTED = 40
P99_MS = 15.0
FSYNCS = 1.2
TRANSACTIONS = 2
OFF = "tcp://127.0.0.1:9"
"""A printer that is switched off: receipts are built and owed, and no printing writes into the figures."""


def measure() -> list[Result]:
    """Time and forced writes between Pay and the job in the printer's queue."""
    with temporary_folder() as folder:
        settings = replace(new_shop(folder / "shop", 100), printer=OFF)
        shown, bare = _rounds(settings, folder)
    timed = Result(
        "P1",
        "Pay → receipt owed, without the TSE",
        shown.text(),
        f"{bare.text()} (the same rows in two transactions)",
        ratio(shown, bare),
        f"p99 ≤ {P99_MS:g} ms",
        shown.ms(99) <= P99_MS,
        f"{len(shown.ns)} rounds through the desk and its threads; the receipt is built, its printer is off",
    )
    return [timed, _forced()]


class _TimedTse(SoftTse):
    """A TSE that knows how long it took for its last signature."""

    spent_ns = 0

    def finish(self, client_id: str, transaction_number: int, process_type: str, process_data: str) -> Finished:
        """Finish, and keep the time."""
        began = perf_counter_ns()
        finished = super().finish(client_id, transaction_number, process_type, process_data)
        self.spent_ns = perf_counter_ns() - began
        return finished


def _rounds(settings: Settings, folder: Path) -> tuple[Sample, Sample]:
    tse = _TimedTse(folder / "tse.db", SystemClock(), synchronous="OFF")
    shown, bare = Sample(), Sample()
    with open_shop(settings, Ports(recorder=tse)) as till:
        till.workplace.database.checkpoint()
        source = folder / "shop" / "till.db"
        book, rows = BareBook(source, folder / "bare.db", with_triggers=True), NewRows(source)
        for number in range(WARM_UP + ROUNDS):
            if number == WARM_UP:
                gc.collect()
                shown, bare = Sample(), Sample()
            fill(till)
            rows.read()
            shown.take(partial(_finish, till))
            shown.ns[-1] -= tse.spent_ns
            parts = _by_transaction(rows.read())
            bare.take(partial(_write, book, parts, settings.till_id))
            _take_off_the_queue(till)
            if number % IDLE_EVERY == 0:
                till.workplace.database.checkpoint()
                book.checkpoint()
        rows.close()
        book.close()
    return shown, bare


def _take_off_the_queue(till: Till) -> None:
    """As if the printer had printed it: what waits would be counted again after each sale."""
    with till.workplace.database.write() as session:
        session.execute(text("UPDATE print_job SET state = 'printed' WHERE state = 'queued'"))


def _write(book: BareBook, parts: Sequence[Sequence[Inserts]], till_id: str) -> None:
    for part in parts:
        book.write(part, till_id)


def fill(till: Till) -> None:
    """Scan the articles and take both payments; what follows of that is over."""
    for number in range(LINES):
        till.sale.scan(code_of(number))
    due = till.sale.state.settlement.open
    till.sale.pay_card(CARD, Money(due.cents // 2))
    till.sale.pay_cash(till.sale.state.settlement.open)
    till.settle()


def _finish(till: Till) -> None:
    till.sale.complete()
    till.settle()


def _by_transaction(inserts: Sequence[Inserts]) -> tuple[list[Inserts], list[Inserts]]:
    """The booking's rows, and those of signature and print job; each has one link of the chain."""
    second = {"signature", "print_job", "tse"}
    first_part, second_part = [], []
    for table in inserts:
        if table.table == "chain_link":
            first_part.append(Inserts(table.table, table.rows[:1]))
            second_part.append(Inserts(table.table, table.rows[1:]))
        else:
            (second_part if table.table in second else first_part).append(table)
    return first_part, second_part


def _forced() -> Result:
    """How many fsyncs one of the two transactions costs, as strace sees them."""
    what, target = "fsyncs per transaction, Pay → owed", f"≤ {FSYNCS:g}"
    strace = shutil.which("strace")
    if strace is None:
        return Result("P1", what, "strace is missing", target=target)
    with TemporaryDirectory() as folder:
        log = Path(folder) / "calls"
        traced = [strace, "-f", "-y", "-o", str(log), "-e", "trace=fsync,fdatasync,sched_yield"]
        program = [sys.executable, "-m", "benchmarks.paying", str(COUNTED)]
        done = subprocess.run(  # noqa: S603 - this program
            [*traced, *program], check=False, capture_output=True, cwd=Path(__file__).parents[1]
        )
        if done.returncode:
            return Result("P1", what, "strace may not trace here", target=target)
        each = _count(log.read_text()) / COUNTED / TRANSACTIONS
    return Result("P1", what, f"{each:.2f}", "1", each, target, each <= FSYNCS, f"{COUNTED} sales under strace")


def _count(log: str) -> int:
    """The forced writes of till.db and its log between the marks that `_sell_marked` sets."""
    count, is_counting = 0, False
    for line in log.splitlines():
        if "sched_yield" in line:
            is_counting = not is_counting
        elif is_counting and re.search(r"sync\(\d+<[^>]*/till\.db", line):
            count += 1
    return count


def _sell_marked(sales: int) -> None:
    with temporary_folder() as folder, open_shop(replace(new_shop(folder, 100), printer=OFF)) as till:
        for _ in range(sales):
            fill(till)
            os.sched_yield()
            _finish(till)
            os.sched_yield()


if __name__ == "__main__":
    _sell_marked(int(sys.argv[1]))
