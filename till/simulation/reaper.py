"""Lets a counter live in a process of its own and kills it there with SIGKILL, at any instant (80-quality Q2, Q6)."""

from __future__ import annotations

import multiprocessing
import sys
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from random import Random

from till.simulation.aside import clock_goes_wrong, open_drawer
from till.simulation.cashier import Cashier, name_of
from till.simulation.chance import happens
from till.simulation.counter import Counter
from till.simulation.known import Broken, Memory
from till.simulation.mortal import Birth, Word, live

_PATIENCE_S = 60.0
_MOST_TOUCHES = 25
_STARTING_S = 0.4
_TOUCH_S = 0.02


@dataclass(slots=True)
class _Heard:
    """What was heard of a life: how many touches were done, the last word, and the shop as it was told last."""

    last: Word
    touches: int = 0

    def take_in(self, word: Word, counter: Counter) -> None:
        if word.complaint:
            raise Broken(f"{counter.id}, in a process of its own: {word.complaint}")
        self.touches += not word.act
        self.last = word
        if word.act != name_of(clock_goes_wrong):  # the hands are turned while it lasts
            counter.site.clock.set(word.now)
        if word.model is not None:
            counter.site.model = word.model


def kill_elsewhere(rng: Random, counter: Counter, cashier: Cashier) -> str:
    """Leave the till to a process that sells on; kill it after a random number of touches, and go on here.

    The seed fixes what that process does and about when it is killed, not the very instant.
    """
    memory, touches = counter.leave(), 0 if happens(rng, 0.15) else rng.randrange(1, _MOST_TOUCHES)
    delay_s = rng.uniform(0.0, _TOUCH_S if touches else _STARTING_S)
    heard = _live_and_die(_birth(rng, counter, cashier, memory), counter, touches, delay_s)
    if heard.last.act == name_of(open_drawer):
        counter.model.drawers[counter.id].perhaps_opened += 1
    told = counter.return_from(heard.last.memory)
    return f"sells elsewhere: killed after {heard.touches} touches in “{heard.last.act}”, {told}"


def _birth(rng: Random, counter: Counter, cashier: Cashier, memory: Memory) -> Birth:
    return Birth(
        settings=counter.settings,
        printer_port=counter.printer.port,
        cashier=cashier,
        model=counter.model,
        memory=memory,
        behaviour=counter.behaviour,
        now=counter.site.clock.now(),
        seed=str(rng.random()),
    )


def _live_and_die(birth: Birth, counter: Counter, touches: int, delay_s: float) -> _Heard:
    """Everything that was told of the life; what was begun to be told when it died was not."""
    context = _context()
    ear, mouth = context.Pipe(duplex=False)
    process = context.Process(target=live, args=(birth, mouth), daemon=True)  # type: ignore[attr-defined]
    heard = _Heard(Word("", birth.memory, birth.now))
    process.start()
    mouth.close()
    try:
        while heard.touches < touches:
            heard.take_in(_next(ear, counter), counter)
        time.sleep(delay_s)
    finally:
        process.kill()
        process.join()
    while (word := _left(ear)) is not None:
        heard.take_in(word, counter)
    ear.close()
    return heard


def _next(ear: Connection, counter: Counter) -> Word:
    if not ear.poll(_PATIENCE_S):
        raise Broken(f"{counter.id}, in a process of its own, does not go on")
    word = _left(ear)
    if word is None:
        raise Broken(f"{counter.id}, in a process of its own, died by itself")
    return word


def _left(ear: Connection) -> Word | None:
    """The next whole word in the pipe; None at the end of what the dead could tell."""
    try:
        word: Word = ear.recv()
    except (EOFError, OSError):
        return None
    return word


def _context() -> BaseContext:
    """Forks of a server that knows the program already: as fast as a fork, and without this process's threads."""
    context = multiprocessing.get_context("spawn" if sys.platform == "win32" else "forkserver")
    context.set_forkserver_preload([live.__module__])
    return context
