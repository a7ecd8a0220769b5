"""A counter of its own process that sells random baskets and says each sale it was told is booked, one line each.

Run by path: `python counter.py FOLDER --sales 60 --seed 1`. The line is written after the booking returned, so
it is the acknowledgement that the customer gets: whatever happens to the machine then, that sale must exist.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import functools
import json
import os
import random
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from unittest import mock

from till.app import books
from till.app.bootstrap import Ports, Till, open_till
from till.app.views import CompletedSale, Tile
from till.db.engine import Database
from till.errors import Refused, Unavailable
from till.formats import Formats
from till.i18n import Translator
from till.money import Money
from till.settings import load

CODES = ("4006381333931", "4012345000016", "4012345000023", "4012345000047")
VOUCHERS = ("901", "902", "903", "904", "905")
GIFT = "904"
TIDY_EVERY = 8
FLOAT = Money(10_000)
TRIES = 8
EMPTIED_AFTER = 2
PAUSE_S = 0.05
PAGE = 4096
GAVE_UP = 3
T = TypeVar("T")


class TickingClock:
    """Goes on by seven seconds at each look, so that two runs with one seed tell the same story."""

    def __init__(self) -> None:
        self._now = dt.datetime(2026, 11, 20, 8, 0, tzinfo=dt.UTC)

    def now(self) -> dt.datetime:
        """Seven seconds after the last look."""
        self._now += dt.timedelta(seconds=7)
        return self._now


class Patience:
    """A cashier who reads what the till says when it can't, looks at the last receipts, and tries again."""

    def __init__(self, till: Till) -> None:
        self._till = till

    def insist(self, action: Callable[[], T]) -> T:
        """Repeat `action` until the database can; a full disk is emptied after a while. Ends the program if it never can."""
        for attempt in range(TRIES):
            try:
                return action()
            except Unavailable as error:
                _say(event="unavailable", sentence=self._till.formats.sentence(error))
                _say(event="looked", receipts=len(self._till.receipts.recent()))
                time.sleep(PAUSE_S)
            if attempt == EMPTIED_AFTER:
                self.empty_disk()
        _say(event="gave up")
        self._till.close()
        raise SystemExit(GAVE_UP)

    def fill_disk(self) -> None:
        """No file takes more than its first page."""
        resource.setrlimit(resource.RLIMIT_FSIZE, (PAGE, resource.RLIM_INFINITY))

    def empty_disk(self) -> None:
        """There is room again."""
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


class Counter:
    """Sells at one till with one random generator."""

    def __init__(self, till: Till, patience: Patience, seed: int) -> None:
        self._till = till
        self._patience = patience
        self._random = random.Random(seed)
        self._sold: list[str] = []
        self._tiles = {tile.number: tile for tile in till.sale.assortment().tiles}

    def serve(self) -> CompletedSale | None:
        """One customer: a basket that is paid, or now and then thrown away (None)."""
        self._fill()
        if self._random.random() < 0.08:
            self._patience.insist(self._till.sale.cancel)
            return None
        self._pay()
        sale = self._patience.insist(self._till.sale.complete)
        self._sold += [voucher.number for voucher in sale.vouchers]
        return sale

    def _fill(self) -> None:
        for _ in range(self._random.randint(1, 4)):
            self._till.sale.scan(self._random.choice(CODES))
        if self._random.random() < 0.4:
            tile = self._tiles[self._random.choice(VOUCHERS)]
            self._till.sale.add(tile, price=_price(tile, self._random))

    def _pay(self) -> None:
        if self._sold and self._random.random() < 0.5:
            with contextlib.suppress(Refused):
                self._redeem(self._sold[self._random.randrange(len(self._sold))])
        left = self._till.sale.state.settlement.open
        if left.cents > 0:
            self._till.sale.pay_cash(left + Money(self._random.choice((0, 50, 1000))))

    def _redeem(self, number: str) -> None:
        hit = self._till.sale.look_up_voucher(number)[0]
        if hit.refusal is None and hit.offered.cents > 0:
            self._till.sale.redeem(hit.standing.voucher.id, hit.offered)


def _price(tile: Tile, chance: random.Random) -> Money | None:
    if tile.price is not None:
        return None
    return Money(0) if tile.number == GIFT else Money(chance.randint(500, 9_000))


def main() -> int:
    """Open the till, sell, tidy up at every eighth customer, close once in the middle, and end in order."""
    wanted = _arguments()
    with mock.patch.object(books, "Database", functools.partial(Database, synchronous=wanted.synchronous)):
        till = _open(wanted.folder)
    patience = Patience(till)
    if not till.cash.is_open:
        patience.insist(lambda: till.cash.open_shift(FLOAT))
    counter = Counter(till, patience, wanted.seed)
    for served in range(wanted.sales):
        _between(till, patience, served, wanted.sales)
        if served == wanted.full_at:
            patience.fill_disk()
        _serve(counter)
    till.settle()
    till.close()
    return 0


def _open(folder: Path) -> Till:
    """The till; when it can't be opened, the sentence that says why, and the end."""
    try:
        return open_till(load(folder), Ports(clock=TickingClock()))
    except Unavailable as error:
        _say(event="unavailable", sentence=Formats(Translator("de")).sentence(error))
        raise SystemExit(GAVE_UP) from error


def _between(till: Till, patience: Patience, served: int, whole: int) -> None:
    if served % TIDY_EVERY == TIDY_EVERY - 1:
        patience.insist(till.workplace.database.checkpoint)
    if served == whole // 2:
        patience.insist(lambda: till.cash.close_shift(None))
        patience.insist(lambda: till.cash.open_shift(FLOAT))


def _serve(counter: Counter) -> None:
    sale = counter.serve()
    if sale is not None:
        document = sale.document
        _say(event="sold", order=str(document.id), number=document.number, total=document.draft.total.cents)


def _say(**values: object) -> None:
    os.write(1, json.dumps(values).encode() + b"\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sales", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--synchronous", default="FULL")
    parser.add_argument("--full-at", type=int, default=-1, help="the customer at whom the disk is full for a while")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
