"""A till in a process of its own that is there to be killed; run by the kill tests, by its path.

`python mortal_till.py FOLDER URL PRINTER [SABOTAGE]` waits for lines `live SEED`; each one begins a life: a forked till that
sells until somebody kills it. It tells what it is about to do and what it has told the cashier, one JSON object a
line. A line `dead` follows once it is gone: after that nothing of it can come.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import random
import sys
import time
import uuid
from dataclasses import replace
from pathlib import Path
from unittest import mock

from till.app import open_sale
from till.app.bootstrap import Ports, Till, open_till
from till.app.workplace import Workplace
from till.clock import FixedClock
from till.errors import Refused, Unavailable
from till.sales.saved import SavedSale
from till.settings import Settings, load
from till.simulation.books import Books
from till.simulation.counter import fast_pace

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
VOUCHER = "Gutschein 25"
GOODS = {
    "4006381333931": ("Rose",),
    "4012345000016": ("Assam Tee",),
    "4012345000023": ("Becher",),
    "4012345000047": ("Saft im Glas", "Pfand Glas"),
}
PATIENCE_S = 10.0
LOOK_S = 0.01


class Life:
    """One run of the till's program, from its start to the kill."""

    def __init__(self, settings: Settings, seed: int) -> None:
        self._chance = random.Random(seed)
        began = time.monotonic()
        self._till = _opened(settings)
        self._sale = self._till.sale
        self._tell("opened", seconds=time.monotonic() - began, **self._screen())

    def go_on_and_on(self) -> None:
        """Serve customers until the end, first the one who was left waiting."""
        while True:
            self._answer_doubts()
            if self._sale.state.priced.basket.is_empty:
                self._fill()
            if self._sale.state.settlement.open:
                self._tell("adds", names=[], paid=True)
                self._sale.pay_cash(self._sale.state.settlement.open)
                self._rest(0.3)
            self._complete()
            self._rest(0.3)

    def _fill(self) -> None:
        order = self._screen()["order"]
        for code in self._chance.choices(list(GOODS), k=self._chance.randint(1, 4)):
            self._tell("adds", order=order, names=GOODS[code])
            self._sale.scan(code)
            self._rest(0.2)
        if self._chance.random() < 0.4:
            self._tell("adds", order=order, names=[VOUCHER])
            self._sale.add(next(tile for tile in self._sale.assortment().tiles if tile.name == VOUCHER))

    def _complete(self) -> None:
        self._tell("completing", **self._screen())
        with contextlib.suppress(Unavailable):
            sale = self._sale.complete()
            document = sale.document
            self._tell("sold", order=document.id.hex, number=document.number, total=document.draft.total.cents)
            self._sale.dismiss()

    def _rest(self, share: float) -> None:
        """Now and then nothing is touched for so long that all is saved, signed and owed."""
        if self._chance.random() < share and self._till.settle():
            self._tell("settled")

    def _answer_doubts(self) -> None:
        """The cashier looks at the paper: the test reads it and answers."""
        self._till.status.count_jobs()
        for job in self._till.status.current.uncertain:
            self._tell("asks", job=job.job_id, paper=self._paper_of(job.job_id))
            with contextlib.suppress(Refused, Unavailable):
                self._till.status.answer_uncertain(job.job_id, printed=_answer(job.job_id))

    def _paper_of(self, job_id: int) -> tuple[str, str]:
        """What is printed on the paper of a job, so that it can be found."""
        with contextlib.closing(Books(self._till.settings.database_url)) as books:
            return books.names()[books.job_document(job_id)]

    def _screen(self) -> dict[str, object]:
        """The sale under way as the cashier sees it."""
        state = self._sale.state
        lines = [(line.item.name, line.quantity.thousandths // 1000) for line in state.priced.basket.lines]
        return {"order": state.priced.basket.order_id.hex, "lines": lines, "paid": bool(state.tendered)}

    @staticmethod
    def _tell(event: str, **values: object) -> None:
        os.write(1, json.dumps({"event": event, **values}).encode() + b"\n")


def _opened(settings: Settings) -> Till:
    """A server needs a moment to see that the till before is gone; a cashier starts it once more."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return open_till(settings, Ports(clock=FixedClock(NOON), pace=fast_pace()))
        except Refused:
            if time.monotonic() > until:
                raise
            time.sleep(LOOK_S)


def _answer(job_id: int) -> bool:
    """What the test says of this job; an answer to a till that died meanwhile is passed over."""
    while True:
        words = _read_line().split()
        if words[:1] == [str(job_id)]:
            return words[1] == "printed"


def _read_line() -> str:
    """One line, and not a byte more: the rest is for whoever lives next. Nobody asks any more: the end."""
    line = b""
    while not line.endswith(b"\n"):
        byte = os.read(0, 1)
        if not byte:
            raise SystemExit
        line += byte
    return line.decode()


def _sabotage(how: str) -> None:
    """Break the till, to show that the tests would see it: it forgets its basket, or brings it back as another order."""
    kept = open_sale.kept

    def renamed(workplace: Workplace) -> SavedSale | None:
        sale = kept(workplace)
        return sale and replace(sale, basket=replace(sale.basket, order_id=uuid.uuid4()))

    mock.patch.object(open_sale, "kept", {"forgets": lambda _workplace: None, "renames": renamed}[how]).start()


def main() -> None:
    """Fork a life for each line that asks for one, and bury it."""
    folder, url, printer, *sabotage = sys.argv[1:]
    for how in sabotage:
        _sabotage(how)
    settings = replace(load(Path(folder), database_url=url), printer=printer)
    while True:
        word, seed = _read_line().split()
        if word != "live":
            continue
        child = os.fork()
        if child == 0:
            Life(settings, int(seed)).go_on_and_on()
        os.write(1, json.dumps({"event": "born", "process": child}).encode() + b"\n")
        os.waitpid(child, 0)
        os.write(1, json.dumps({"event": "dead"}).encode() + b"\n")


if __name__ == "__main__":
    main()
