"""P9: the longest block of the window's thread while selling, beside an empty loop under the same load."""

from __future__ import annotations

import datetime as dt
import gc
import multiprocessing
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

from benchmarks.cashier import Cashier
from benchmarks.heartbeat import Gaps, Heartbeat
from benchmarks.measure import Result
from benchmarks.shop import open_shop, temporary_folder
from till.app.backup import backup
from till.app.backup_proof import Books
from till.app.bootstrap import Till, sqlite_path
from till.app.verify import verify
from till.clock import SystemClock
from till.db.finding import Check
from till.demo.build import build
from till.demo.history import Plan
from till.devices.simulated.printer import SimulatedPrinter
from till.settings import DATABASE, Settings

DAYS = 60
ROUNDS = 3
TURN_MS = 3_000
WARM_UP_MS = 1_500
LONGEST_MS = 50.0
BREATH_S = 0.05
"""As the till's own weekly proof pauses (till.app.upkeep)."""
SHOWN_CULPRITS = 3

Load = Callable[[Till, threading.Event], None]


@dataclass(frozen=True, slots=True)
class Scene:
    """What goes on around the selling: which printer there is, and what runs beside."""

    name: str
    printer: str
    load: Load | None = None


def measure() -> list[Result]:
    """Each scene: sell for some seconds, then leave the loop empty as long, in turns."""
    with temporary_folder() as folder, ExitStack() as stack:
        settings = build(folder, SystemClock(), plan=Plan(DAYS))
        good = stack.enter_context(_good_printer())
        dead = stack.enter_context(_mute_printer())
        scenes = (
            Scene("a good printer", good),
            Scene("backups beside", good, _back_up),
            Scene("proofs of all books beside", good, _prove),
            Scene("a printer that is switched off", "tcp://127.0.0.1:9"),
            Scene("a printer that never answers", dead),
        )
        return [_result(scene, _played(scene, settings)) for scene in scenes]


@dataclass(slots=True)
class _Scened:
    till: Gaps
    bare: Gaps
    sold: int = 0
    culprits: list[tuple[str, int]] = field(default_factory=list)


def _played(scene: Scene, settings: Settings) -> _Scened:
    """The gaps between two turns of the loop, selling and empty; what goes wrong beside it is raised."""
    scened, ended = _Scened(Gaps(), Gaps()), threading.Event()
    with ThreadPoolExecutor(1) as beside, open_shop(replace(settings, printer=scene.printer)) as till:
        cashier, heart = Cashier(till, _codes(settings)), Heartbeat()
        _sell(cashier, WARM_UP_MS)
        _rest_of_memory()
        load = beside.submit(scene.load, till, ended) if scene.load is not None else None
        try:
            for _ in range(ROUNDS):
                _take_turns(till, cashier, heart, scened)
        finally:
            ended.set()
            heart.end()
            cashier.close()
        if load is not None:
            load.result()
        scened.sold, scened.culprits = cashier.sold, heart.culprits
        return scened


def _take_turns(till: Till, cashier: Cashier, heart: Heartbeat, scened: _Scened) -> None:
    heart.begin(scened.till)
    _sell(cashier, TURN_MS)
    heart.pause()
    till.settle()
    heart.begin(scened.bare)
    _turn(TURN_MS)
    heart.pause()


def _result(scene: Scene, scened: _Scened) -> Result:
    longest, bare = scened.till.whole.ms(100), scened.bare.whole.ms(100)
    seen = "; ".join(f"{where} ({looks} looks)" for where, looks in scened.culprits[:SHOWN_CULPRITS])
    return Result(
        "P9",
        f"longest block while selling, {scene.name}",
        f"{longest:.1f} ms, p99 {scened.till.whole.ms(99):.1f} ms",
        f"{bare:.1f} ms, p99 {scened.bare.whole.ms(99):.1f} ms (an empty loop)",
        longest / bare,
        f"≤ {LONGEST_MS:g} ms",
        longest <= LONGEST_MS,
        f"{scened.sold} sales by key in {ROUNDS} × {TURN_MS / 1000:g} s; at most {scened.till.computed.ms(100):.1f} ms of it are "
        "the window's thread's own computing" + (f"; late in {seen}" if seen else ""),
    )


def _sell(cashier: Cashier, ms: int) -> None:
    cashier.begin()
    _turn(ms)
    cashier.pause()


def _turn(ms: int) -> None:
    """Let Qt's loop run."""
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


def _rest_of_memory() -> None:
    """As the window does after its start: what is there is not searched for garbage again."""
    QCoreApplication.processEvents()
    gc.collect()
    gc.freeze()


def _codes(settings: Settings) -> list[str]:
    """Codes of articles that are sold without a question."""
    plain = (
        "SELECT code FROM article_code JOIN article ON article.id = article_id "
        "WHERE price IS NOT NULL AND age_limit IS NULL AND is_weighed = 0 AND is_active = 1 "
        "ORDER BY article_code.rowid LIMIT 40"
    )
    path = settings.data_dir / DATABASE
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        return [code for (code,) in connection.execute(plain)]


def _back_up(till: Till, ended: threading.Event) -> None:
    """One backup after the other, each checked, as `till backup` and the Z make them."""
    source = sqlite_path(till.workplace.database)
    assert source is not None
    folder = source.with_name("beside")
    folder.mkdir(exist_ok=True)
    books = Books(source, till.workplace.database.key)
    while not ended.is_set():
        backup(books, folder, dt.datetime.now(dt.UTC)).unlink()


def _prove(till: Till, ended: threading.Event) -> None:
    """One proof after the other, with the pauses that the weekly one makes."""

    def breathe(_check: Check, _done: int, _all: int) -> None:
        ended.wait(BREATH_S)

    while not ended.is_set():
        assert not verify(till.workplace.database, breathe)


@contextmanager
def _good_printer() -> Iterator[str]:
    """A simulated printer in a process of its own, as a real one would not compute in the till's."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_print, args=(there,), daemon=True)
    process.start()
    there.close()
    try:
        yield here.recv()
    finally:
        here.close()
        process.join()


def _print(pipe: Connection) -> None:
    with SimulatedPrinter() as printer:
        pipe.send(printer.uri)
        with suppress(EOFError):
            pipe.recv()


@contextmanager
def _mute_printer() -> Iterator[str]:
    """Something at the printer's address that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"
