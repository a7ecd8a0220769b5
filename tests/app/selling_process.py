"""A till in a process of its own that is killed while it sells; run by the crash tests, by its path.

`FOLDER URL PRINTER at POINT`: sells one receipt and kills itself at a named point of it.
`FOLDER URL PRINTER training POINT`: as `at`, but it is only practised.
`FOLDER URL PRINTER parking TOUCH MOMENT`: kills itself while a basket is parked, recalled or discarded.
`FOLDER URL PRINTER drop POINT`: takes cash to the bank and kills itself at a named point of that.
`FOLDER URL PRINTER return POINT`: cancels a receipt and kills itself at a named point of that.
`FOLDER URL PRINTER leased`: opens the till, says so, and waits to be killed.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sqlalchemy.orm import Session

from till.app.bootstrap import Ports, Till, open_till
from till.clock import FixedClock
from till.fiscal.recorder import Finished, Started
from till.fiscal.soft_tse import SoftTse
from till.money import Money
from till.sales.returned import ReturnWish
from till.settings import TSE, Settings, load
from till.shifts.movement import Movement, MovementKind

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
CODES = ("4006381333931", "4012345000016", "4012345000023", "4012345000047")
PATIENCE_S = 30.0


def die() -> None:
    """As if the plug was pulled out of the process: nothing is flushed, nobody is told."""
    os.kill(os.getpid(), signal.SIGKILL)
    signal.pause()


class DyingTse(SoftTse):
    """Kills the process at a named point of a transaction; at its start not before the basket `is_saved`."""

    point = ""
    is_saved = threading.Event()

    def start(self, client_id: str) -> Started:
        started = super().start(client_id)
        if self.point == "started":
            self.is_saved.wait()
            die()
        return started

    def finish(self, client_id: str, transaction_number: int, process_type: str, process_data: str) -> Finished:
        if self.point == "committed":
            die()
        finished = super().finish(client_id, transaction_number, process_type, process_data)
        if self.point == "finished":
            die()
        return finished


def sell_and_die(settings: Settings, point: str, *, in_training: bool = False) -> None:
    """Sell a voucher and three articles in cash and die at `point`."""
    clock = FixedClock(NOON)
    tse = DyingTse(settings.data_dir / TSE, clock)
    till = open_till(settings, Ports(clock=clock, recorder=tse))
    if in_training:
        till.training.begin()
        till.settle()
    tse.point = point
    fill(till, *CODES[:3])
    till.sale.pay_cash(Money(10000))
    till.workplace.afterwork.drain(PATIENCE_S)
    tse.is_saved.set()
    if point == "started":
        signal.pause()
    if point == "basket":
        till.settle()
        die()
    till.sale.complete()
    till.settle()
    die()


def park_and_die(settings: Settings, touch: str, moment: str) -> None:
    """A voucher and a rose are parked, tea lies open; die in the transaction of a `touch`, before or after its commit."""
    till = open_till(settings, Ports(clock=FixedClock(NOON)))
    fill(till, CODES[0])
    till.sale.park("Frau Weber")
    till.sale.scan(CODES[1])
    order_id = till.sale.parked()[0].order_id
    till.settle(PATIENCE_S)
    run = till.workplace.database.run

    def dying(work: Callable[[Session], object], wait_s: float | None = None) -> None:
        def and_die(session: Session) -> None:
            work(session)
            die()

        run(and_die if moment == "before" else work, wait_s)
        die()

    till.workplace.database.run = dying  # type: ignore[method-assign,assignment]
    touches: dict[str, Callable[[], object]] = {
        "park": till.sale.park,
        "recall": lambda: till.sale.recall(order_id),
        "discard": lambda: till.sale.discard_parked(order_id),
        "none": die,
    }
    touches[touch]()


def drop_and_die(settings: Settings, point: str) -> None:
    """Take 50,00 to the bank and die at `point`."""
    clock = FixedClock(NOON)
    tse = DyingTse(settings.data_dir / TSE, clock)
    tse.point = point
    till = open_till(settings, Ports(clock=clock, recorder=tse))
    till.cash.move(Movement(MovementKind.BANK_DROP, Money(5000), "zur Bank"))
    till.settle()
    die()


def take_back_and_die(settings: Settings, point: str) -> None:
    """Sell what `fill` puts in, cancel that receipt, and die at `point` of the cancellation."""
    clock = FixedClock(NOON)
    tse = DyingTse(settings.data_dir / TSE, clock)
    till = open_till(settings, Ports(clock=clock, recorder=tse))
    fill(till, *CODES[:1])
    till.sale.pay_cash(Money(10000))
    sold = till.sale.complete().document
    till.settle()
    tse.point = point
    tse.is_saved.set()
    order_id = till.returns.begin(sold.id)
    if point == "begun":
        till.settle()
        die()
    till.returns.complete(ReturnWish(order_id, sold.id, is_cancellation=True, reason="Irrtum"))
    till.settle()
    die()


def fill(till: Till, *codes: str) -> None:
    """A voucher and these articles into the basket."""
    till.sale.add(next(tile for tile in till.sale.assortment().tiles if tile.name == "Gutschein 25"))
    for code in codes:
        till.sale.scan(code)


def main() -> None:
    """Do what the command line says."""
    folder, url, printer, what, *more = sys.argv[1:]
    settings = replace(load(Path(folder), database_url=url), printer=printer)
    match what, more:
        case "at", [point]:
            sell_and_die(settings, point)
        case "training", [point]:
            sell_and_die(settings, point, in_training=True)
        case "parking", [touch, moment]:
            park_and_die(settings, touch, moment)
        case "drop", [point]:
            drop_and_die(settings, point)
        case "return", [point]:
            take_back_and_die(settings, point)
        case "leased", []:
            with contextlib.closing(open_till(settings)):
                os.write(1, b"open\n")
                signal.pause()


if __name__ == "__main__":
    main()
