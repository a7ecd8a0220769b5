"""P6: X and Z of a day with 1,000 receipts in a large file, beside the very same statements by SQLite's own module."""

from __future__ import annotations

import contextlib
import gc
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from random import Random
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from benchmarks.bare_sale import connect
from benchmarks.measure import Result, Sample, ratio
from benchmarks.multiplied import multiplied_shop
from benchmarks.shop import code_of, completed, open_shop, temporary_folder
from till.app.bootstrap import Till
from till.money import Money
from till.settings import DATABASE, load
from till.shifts.closing import close_shift
from till.shifts.movement import Movement, MovementKind

MANY = 500_000
DAY = 1_000
ROUNDS = 60
WARM_UP = 5
TARGET_MS = 100.0
_ARTICLES = 1_000
_SEED = 11
_MOVE_EVERY = 100
Statements = list[tuple[str, Any]]


def measure(receipts: int = MANY) -> list[Result]:
    """Sell a day in a copy of the large file, then read its X and make its Z, each Z undone again but the last."""
    kept = multiplied_shop(receipts)
    with temporary_folder() as folder:
        settings = load(shutil.copytree(kept.data_dir, folder / "shop"))
        with open_shop(settings) as till, closing(connect(settings.data_dir / DATABASE)) as bare:
            _sell_a_day(till)
            works: dict[str, Callable[[], object]] = {
                "X": till.receipts.x_report,
                "Z": lambda: _close_and_undo(till),
            }
            results = [_result(bare, name, work, receipts) for name, work in works.items()]
            last = Sample()
            last.take(lambda: till.cash.close_shift(Money(10_000)))
            return [*results, _last(last)]


def _sell_a_day(till: Till) -> None:
    random = Random(_SEED)
    for number in range(DAY):
        for _ in range(random.randint(1, 9)):
            till.sale.scan(code_of(random.randrange(_ARTICLES)))
        till.sale.pay_cash(till.sale.state.settlement.open)
        completed(till)
        if number % _MOVE_EVERY == 0:
            till.cash.move(Movement(MovementKind.BANK_DROP, Money(100), "zur Bank"))
    till.settle()
    till.workplace.database.checkpoint()


class _UndoneError(Exception):
    """Ends the transaction of a Z that shall not be."""


def _close_and_undo(till: Till) -> None:
    context = till.workplace.context()

    def work(session: Session) -> None:
        close_shift(session, context, Money(10_000))
        raise _UndoneError

    with contextlib.suppress(_UndoneError):
        till.workplace.database.run(work)


def _result(bare: Any, name: str, work: Callable[[], object], receipts: int) -> Result:
    with _told() as statements:
        work()
    ours, same = Sample(), Sample()
    for number in range(WARM_UP + ROUNDS):
        if number == WARM_UP:
            gc.collect()
            ours, same = Sample(), Sample()
        ours.take(work)
        same.take(lambda: _read(bare, statements))
    return Result(
        "P6",
        f"{name} of {DAY:,} receipts with {receipts:,} in the file",
        ours.text(),
        f"{same.text()} (its {len(statements)} reading statements)",
        ratio(ours, same),
        f"p99 ≤ {TARGET_MS:g} ms",
        ours.ms(99) <= TARGET_MS,
        f"{len(ours.ns)} rounds in turns; the X with its paper, the Z with all that it books, undone each time",
    )


def _last(last: Sample) -> Result:
    return Result(
        "P6",
        "… the Z that stays, at the desk",
        f"{last.ms(50):.2f} ms",
        target=f"≤ {TARGET_MS:g} ms",
        met=last.ms(50) <= TARGET_MS,
        note="once: with its difference, the fsync, and what is owed to the TSE afterwards",
    )


@contextlib.contextmanager
def _told() -> Iterator[Statements]:
    """What a piece of work reads from the database."""
    told: Statements = []

    def listen(_connection: object, _cursor: object, statement: str, parameters: Any, *_more: object) -> None:
        if re.match("SELECT|WITH", statement):
            told.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", listen)
    yield told
    event.remove(Engine, "before_cursor_execute", listen)


def _read(bare: Any, statements: Statements) -> None:
    bare.execute("BEGIN")
    for statement, parameters in statements:
        bare.execute(statement, parameters).fetchall()
    bare.execute("ROLLBACK")
