"""A till of its own process that sells random baskets, redeems from few vouchers, and says each sale it was told is booked.

Run by path: `python selling_till.py FOLDER URL TILL SEED VOUCHER-NUMBER…`. It says "ready", sells from the first
line of its input on until its input ends, and closes in order. The cashier at it repeats whatever the
till says it can't do now; only that, never the whole sale.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import logging
import os
import random
import select
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from till.app.bootstrap import Ports, Till, open_till
from till.errors import Refused, Unavailable
from till.formats import Formats
from till.i18n import Translator
from till.money import Money
from till.settings import load

OPENING = dt.datetime(2026, 11, 20, 8, 0, tzinfo=dt.UTC)
CODES = ("4006381333931", "4012345000023")
FLOAT = Money(10_000)
MOST_CENTS = 500
PAUSE_S = 0.05
GIVES_UP_S = 60.0
T = TypeVar("T")


class RunningClock:
    """A clock that is set to a Friday morning and runs."""

    def __init__(self) -> None:
        self._set_at = time.monotonic()

    def now(self) -> dt.datetime:
        """The time of the shop's day."""
        return OPENING + dt.timedelta(seconds=time.monotonic() - self._set_at)


class Cashier:
    """Sells at one till with one random generator, and repeats what the till says it can't do now."""

    def __init__(self, till: Till, seed: int, vouchers: Sequence[str]) -> None:
        self._till = till
        self._random = random.Random(seed)
        self._vouchers = vouchers
        self.slowest_s = 0.0

    def open(self) -> None:
        """Open the till's shift."""

        def opened() -> None:
            if not self._till.cash.is_open:
                self._till.cash.open_shift(FLOAT)

        self._insist(opened)

    def serve(self) -> None:
        """One customer: a basket that is paid, or now and then thrown away."""
        for _ in range(self._random.randint(1, 3)):
            self._insist(partial(self._till.sale.scan, self._random.choice(CODES)))
        if self._random.random() < 0.05:
            with contextlib.suppress(Refused):
                self._insist(self._till.sale.cancel)
            return
        if self._random.random() < 0.8:
            try:
                self._redeem(self._random.choice(self._vouchers))
            except Refused as refused:
                self._say_why(refused)
        self._pay_and_complete()

    def _redeem(self, number: str) -> None:
        sale = self._till.sale
        hit = self._insist(lambda: sale.look_up_voucher(number))[0]
        if hit.refusal is not None:
            raise hit.refusal
        amount = min(hit.offered, Money(self._random.randint(1, MOST_CENTS)))
        self._insist(lambda: sale.redeem(hit.standing.voucher.id, amount))

    def _pay_and_complete(self) -> None:
        """Complete; a voucher that another till emptied meanwhile is taken out, and its part is paid in cash."""
        while not self._is_completed():
            for tendered in self._till.sale.state.tendered:
                self._insist(partial(self._till.sale.take_back, tendered.id))

    def _is_completed(self) -> bool:
        sale = self._till.sale
        if sale.state.settlement.open:
            self._insist(lambda: sale.pay_cash(sale.state.settlement.open))
        redeemed = {str(t.voucher_id): t.amount.cents for t in sale.state.tendered if t.voucher_id is not None}
        try:
            document = self._insist(sale.complete).document
        except Refused as refused:
            self._say_why(refused)
            return False
        total = document.draft.total.cents
        say(event="sold", order=str(document.id), number=document.number, total=total, redeemed=redeemed)
        return True

    def _say_why(self, refused: Refused) -> None:
        say(event="refused", sentence=self._till.formats.sentence(refused))

    def _insist(self, action: Callable[[], T]) -> T:
        """Repeat `action` until the till can."""
        until = time.monotonic() + GIVES_UP_S
        while time.monotonic() < until:
            began = time.monotonic()
            try:
                return action()
            except Unavailable as error:
                say(event="unavailable", sentence=self._till.formats.sentence(error))
            finally:
                self.slowest_s = max(self.slowest_s, time.monotonic() - began)
            time.sleep(PAUSE_S)
        raise AssertionError("the till never went on")


class Defects(logging.Handler):
    """Says what the program logs as its own failure."""

    def emit(self, record: logging.LogRecord) -> None:
        """Tell the test; a look at how things stand that the environment hindered is no defect."""
        hindered = record.exc_info is not None and isinstance(record.exc_info[1], Unavailable)
        if not hindered:
            say(event="defect", sentence=self.format(record))


def main(folder: str, url: str, till_id: str, seed: str, *vouchers: str) -> None:
    """Open the till, sell until the input ends, and close in order."""
    logging.getLogger().addHandler(Defects(logging.ERROR))
    try:
        till = open_till(load(Path(folder), database_url=url, till_id=till_id), Ports(clock=RunningClock()))
    except Refused as refused:
        say(event="not opened", sentence=Formats(Translator("de")).sentence(refused))
        return
    cashier = Cashier(till, int(seed), vouchers)
    cashier.open()
    say(event="ready")
    if sys.stdin.readline():
        while not _is_over():
            cashier.serve()
    is_settled = till.settle()
    till.close()
    say(event="ended", slowest_s=cashier.slowest_s, settled=is_settled)


def _is_over() -> bool:
    return bool(select.select([sys.stdin], [], [], 0)[0])


def say(**values: object) -> None:
    """One line for the test."""
    os.write(1, json.dumps(values).encode() + b"\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
