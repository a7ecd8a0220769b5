"""A till in a process of its own that is killed while it sells; run by the crash tests, by its path.

`FOLDER URL PRINTER at POINT`: sells one receipt and kills itself at a named point of it.
`FOLDER URL PRINTER rounds N SEED`: N times a till that sells until it is killed at a random instant. It writes
the id of each sale as soon as its booking returned: that is the acknowledgement which the customer gets.
`FOLDER URL PRINTER leased`: opens the till, says so, and waits to be killed.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import random
import select
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

from till.app.bootstrap import Ports, Till, open_till
from till.clock import FixedClock
from till.errors import Unavailable
from till.fiscal.recorder import Finished, Started
from till.fiscal.soft_tse import SoftTse
from till.money import Money
from till.settings import TSE, Settings, load

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
CODES = ("4006381333931", "4012345000016", "4012345000023", "4012345000047")
AUTOSAVE_S = 0.4


def die() -> None:
    """As if the plug was pulled out of the process: nothing is flushed, nobody is told."""
    os.kill(os.getpid(), signal.SIGKILL)
    signal.pause()


class DyingTse(SoftTse):
    """Kills the process at a named point of a transaction."""

    point = ""

    def start(self, client_id: str) -> Started:
        started = super().start(client_id)
        if self.point == "started":
            time.sleep(AUTOSAVE_S)
            die()
        return started

    def finish(self, client_id: str, transaction_number: int, process_type: str, process_data: str) -> Finished:
        if self.point == "committed":
            die()
        finished = super().finish(client_id, transaction_number, process_type, process_data)
        if self.point == "finished":
            die()
        return finished


def sell_and_die(settings: Settings, point: str) -> None:
    """Sell a voucher and three articles in cash and die at `point`."""
    clock = FixedClock(NOON)
    tse = DyingTse(settings.data_dir / TSE, clock)
    tse.point = point
    till = open_till(settings, Ports(clock=clock, recorder=tse))
    fill(till, *CODES[:3])
    till.sale.pay_cash(Money(10000))
    if point in {"started", "basket"}:
        time.sleep(AUTOSAVE_S)
        die()
    till.sale.complete()
    till.settle()
    die()


def fill(till: Till, *codes: str) -> None:
    """A voucher and these articles into the basket."""
    till.sale.add(next(tile for tile in till.sale.assortment().tiles if tile.name == "Gutschein 25"))
    for code in codes:
        till.sale.scan(code)


def sell_on_and_on(settings: Settings, seed: int) -> None:
    """Sell until the end, first what was left open; tell each sale once its booking returned."""
    wishes = random.Random(seed)
    till = open_till(settings, Ports(clock=FixedClock(NOON)))
    while True:
        if till.sale.state.priced.basket.is_empty:
            fill(till, *wishes.choices(CODES, k=wishes.randint(1, 4)))
        if till.sale.state.settlement.open:
            till.sale.pay_cash(till.sale.state.settlement.open)
        with contextlib.suppress(Unavailable):
            sale = till.sale.complete()
            os.write(1, f"{sale.document.id}\n".encode())
            till.sale.dismiss()


def kill_rounds(settings: Settings, rounds: int, seed: int) -> None:
    """Fork a till, kill it at a random instant: from its start on, or from its first sale on; again and again."""
    fates = random.Random(seed)
    for number in range(rounds):
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.dup2(writer, 1)
            os.close(reader)
            sell_on_and_on(settings, seed + number)
        os.close(writer)
        if number % 4:
            select.select([reader], [], [], 20.0)
            time.sleep(fates.uniform(0.0, 0.05))
        else:
            time.sleep(fates.uniform(0.05, 0.5))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(reader) as told:
            sys.stdout.writelines(line for line in told if line.endswith("\n"))
        sys.stdout.flush()


def main() -> None:
    """Do what the command line says."""
    folder, url, printer, what, *more = sys.argv[1:]
    settings = replace(load(Path(folder), database_url=url), printer=printer)
    match what, more:
        case "at", [point]:
            sell_and_die(settings, point)
        case "rounds", [rounds, seed]:
            kill_rounds(settings, int(rounds), int(seed))
        case "leased", []:
            with contextlib.closing(open_till(settings)):
                os.write(1, b"open\n")
                signal.pause()


if __name__ == "__main__":
    main()
