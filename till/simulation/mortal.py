"""A counter of the simulated shop in a process of its own, which sells until it is killed and tells all it does."""

from __future__ import annotations

import datetime as dt
import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from multiprocessing.connection import Connection
from random import Random

from till.clock import FixedClock
from till.devices.simulated.printer import SimulatedPrinter
from till.fiscal.faulty import Behaviour
from till.fiscal.soft_tse import SoftTse
from till.settings import TSE, Settings
from till.simulation.books import Books
from till.simulation.cashier import Cashier
from till.simulation.chance import happens
from till.simulation.counter import Counter, Site
from till.simulation.known import Expected, Memory, Snapshot
from till.simulation.model import Model


@dataclass(frozen=True, slots=True)
class Birth:
    """What a counter goes on from: the shop's state, its till's settings with the printer, and the seed of its life."""

    settings: Settings
    printer_port: int
    cashier: Cashier
    model: Model
    memory: Memory
    behaviour: Behaviour
    now: dt.datetime
    seed: str


@dataclass(frozen=True, slots=True)
class Word:
    """What a counter tells. `act` is what it is about to do, or has in hand; empty when it rests.

    `model` None: as it was. `complaint` is what the till did wrong; it ends the life.
    """

    act: str
    memory: Memory
    now: dt.datetime
    model: Model | None = None
    complaint: str = ""


def live(birth: Birth, tell: Connection) -> None:
    """Open the till where the last one left it and serve customers until the end; for a process of its own."""
    logging.getLogger("till").setLevel(logging.CRITICAL + 1)
    clock = FixedClock(birth.now)
    site = Site(clock, birth.model, Books(birth.settings.database_url))
    recorder = SoftTse(birth.settings.data_dir / TSE, clock, synchronous="OFF")
    memory = birth.memory
    try:
        counter = MortalCounter(site, birth, recorder, tell)
        counter.find_again(memory)
        for number in count():
            counter.serve(birth.cashier, Random(f"{birth.seed}/{number}"))
            memory = counter.memory
    except BrokenPipeError:
        return  # nobody listens any more
    except Exception:  # noqa: BLE001 - whatever the till raises is what the simulation looks for
        tell.send(Word("", memory, clock.now(), complaint=traceback.format_exc()))


class MortalCounter(Counter):
    """Tells of each touch of its desks before it is made and after it."""

    def __init__(self, site: Site, birth: Birth, recorder: SoftTse, tell: Connection) -> None:
        self._tell = tell
        self._act = ""
        printer = SimulatedPrinter(port=birth.printer_port)  # its address: the printer itself outlives the till
        super().__init__(site, birth.settings, recorder, printer)
        self.break_tse(birth.behaviour)

    def serve(self, cashier: Cashier, rng: Random) -> None:
        """One touch; now and then all that is behind it is waited for."""
        self.site.clock.advance(rng.randrange(1, 120))
        act = cashier.draw(rng, self)
        self._act = act.name
        act.do()
        if happens(rng, 0.1):
            self.settle()
        self._act = ""
        self._say(self.memory, self.model)

    def attempt(
        self, call: Callable[[], object], becomes: Snapshot | None = None, must: Expected = Expected.EITHER
    ) -> str:
        """As the counter; what is on the screen if it is done may be saved before anybody heard of it."""
        memory = self.memory
        hoped = (becomes,) if becomes is not None else ()
        self._say(replace(memory, history=(*memory.history, *hoped)))
        went = super().attempt(call, becomes, must)
        self._say(self.memory, self.model)
        return went

    def _say(self, memory: Memory, model: Model | None = None) -> None:
        self._tell.send(Word(self._act, memory, self.site.clock.now(), model))
