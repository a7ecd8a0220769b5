"""P2: the booking of P1 in a file with few receipts and in one with very many, in turns, and the same by bare SQLite."""

from __future__ import annotations

import gc
import shutil
import uuid
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Self

from benchmarks.bare_sale import BareBook, NewRows
from benchmarks.booking import IDLE_EVERY, LINES, basket_of, book_order, order_of
from benchmarks.measure import Result, Sample, ratio
from benchmarks.multiplied import is_small, multiplied_shop
from benchmarks.shop import open_shop, temporary_folder
from till.settings import DATABASE, load

FEW = 10_000
MANY = 500_000
ROUNDS = 1_000
WARM_UP = 200
RATIO = 1.15


def measure(receipts: int = MANY) -> list[Result]:
    """Book the same sale in both files in turns. A file too large to be copied is written to as it is kept."""
    with temporary_folder() as folder, ExitStack() as stack:
        few, many = (stack.enter_context(_Shop(folder / str(size), size)) for size in (FEW, receipts))
        for number in range(WARM_UP + ROUNDS):
            if number == WARM_UP:
                gc.collect()
                few.forget()
                many.forget()
            few.sell(is_idle=number % IDLE_EVERY == 0)
            many.sell(is_idle=number % IDLE_EVERY == 0)
        return [_result(few, many, receipts)]


def _result(few: _Shop, many: _Shop, receipts: int) -> Result:
    grown = ratio(many.till, few.till)
    bare = "none: the file is too large to be copied"
    if many.bare.ns:
        bare = f"{many.bare.text()}, {few.bare.ms(50):.2f} ms at {FEW:,}: × {ratio(many.bare, few.bare):.2f}"
    return Result(
        "P2",
        f"book a sale of {LINES} lines with {receipts:,} receipts in the file",
        f"{many.till.text()}, {few.till.ms(50):.2f} ms at {FEW:,}",
        bare,
        grown,
        f"p50 ≤ {RATIO:g} × that at {FEW:,}",
        grown <= RATIO,
        f"{len(many.till.ns)} rounds in turns; {many.bytes / 1e9:.1f} GB against {few.bytes / 1e6:.0f} MB, in the system's cache as far "
        f"as they have room there; the ratio is Till against Till; one shift sold at the desk and multiplied by SQL",
    )


class _Shop:
    """A till on its file, and bare SQLite on a copy of it. Use it as a context manager."""

    def __init__(self, folder: Path, receipts: int) -> None:
        kept = multiplied_shop(receipts)
        self.bytes = (kept.data_dir / DATABASE).stat().st_size
        is_copied = is_small(receipts)
        self._settings = load(shutil.copytree(kept.data_dir, folder)) if is_copied else kept
        self._bare_file = folder / "bare.db" if is_copied else None
        self._own = ExitStack()
        self.forget()

    def __enter__(self) -> Self:
        self._till = self._own.enter_context(open_shop(self._settings))
        self._basket = basket_of(self._till)
        self._till.workplace.database.checkpoint()
        source = self._settings.data_dir / DATABASE
        self._rows = self._own.enter_context(closing(NewRows(source)))
        self._book = None
        if self._bare_file is not None:
            self._book = self._own.enter_context(closing(BareBook(source, self._bare_file, with_triggers=True)))
        return self

    def __exit__(self, *_: object) -> None:
        self._own.close()

    def forget(self) -> None:
        """Forget the times so far."""
        self.till, self.bare = Sample(), Sample()

    def sell(self, *, is_idle: bool) -> None:
        """Book one sale, then its rows by bare SQLite; when nobody is at the counter the logs are moved into the files."""
        workplace = self._till.workplace
        order = order_of(workplace, replace(self._basket, order_id=uuid.uuid4()))
        self.till.take(partial(book_order, workplace, order))
        inserts = self._rows.read()
        if self._book is not None:
            self.bare.take(partial(self._book.write, inserts, self._settings.till_id))
        if is_idle:
            workplace.database.checkpoint()
            if self._book is not None:
                self._book.checkpoint()
