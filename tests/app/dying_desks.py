"""Tills that die while something is done to a voucher; run by the crash tests, by its path.

`python dying_desks.py FOLDER`: each folder in it is a till's, called `DEED-POINT`. One after the other is opened in a fork that
sells a voucher, pays with it, begins the deed and kills itself at that point; what it wished lies in `wish` beside the books.
Points: `booking` before the commit, `booked` right after it, `finished` when the TSE has signed and nobody has kept that.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import sys
import uuid
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.orm import Session

from till.app.bootstrap import Ports, Till, open_till
from till.clock import FixedClock
from till.db.engine import sqlite_url
from till.fiscal.recorder import Finished
from till.fiscal.soft_tse import SoftTse
from till.money import Money
from till.quantity import ONE, pieces
from till.sales.returned import ReturnWish
from till.settings import TSE, load
from till.vouchers.block import Blocking
from till.vouchers.correct import Correction
from till.vouchers.model import VoucherType
from till.vouchers.old import OldVoucher
from till.vouchers.reissue import Reissue

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
CUP = "4012345000023"
FLOAT = Money(10_000)


def die() -> None:
    """As if the plug was pulled."""
    os.kill(os.getpid(), signal.SIGKILL)
    signal.pause()


class DyingTse(SoftTse):
    """Dies once it has signed, before anybody hears of it."""

    is_armed = False

    def finish(self, client_id: str, transaction_number: int, process_type: str, process_data: str) -> Finished:
        """Sign, and die where it is armed."""
        finished = super().finish(client_id, transaction_number, process_type, process_data)
        if self.is_armed:
            die()
        return finished


def live(folder: Path, deed: str, point: str) -> None:
    """Open the till, prepare, and die at the deed's point."""
    clock = FixedClock(NOON)
    tse = DyingTse(folder / TSE, clock)
    till = open_till(load(folder, database_url=sqlite_url(folder / "till.db")), Ports(clock=clock, recorder=tse))
    till.cash.open_shift(FLOAT)
    voucher_id, used = _prepared(till)
    till.settle()
    wish = {"id": str(uuid.uuid4()), "voucher": str(voucher_id), "used": str(used)}
    if deed in {"cancel", "return"}:
        wish["id"] = str(till.returns.begin(used))
        till.settle()
    (folder / "wish").write_text(json.dumps(wish), "utf-8")
    if point == "finished":
        tse.is_armed = True
    else:
        _die_in_run(till, point)
    do(till, deed, wish)
    till.settle()
    die()


def do(till: Till, deed: str, wish: dict[str, str]) -> object:
    """The deed by what was wished."""
    wish_id, voucher_id, used = (uuid.UUID(wish[name]) for name in ("id", "voucher", "used"))
    deeds: dict[str, Callable[[], object]] = {
        "cancel": lambda: till.returns.complete(ReturnWish(wish_id, used, is_cancellation=True, reason="Irrtum")),
        "return": lambda: till.returns.complete(ReturnWish(wish_id, used, ((0, ONE),), reason="Irrtum")),
        "reduce": lambda: till.vouchers.reduce(Correction(voucher_id, Money(-500), "Irrtum", wish_id)),
        "block": lambda: till.vouchers.block(Blocking(voucher_id, "verloren", wish_id)),
        "reissue": lambda: till.vouchers.reissue(Reissue(voucher_id, "verloren", id=wish_id)),
        "import": lambda: till.voucher_files.add_old(OldVoucher(_kind(till), "ALT-1", Money(700))),
    }
    return deeds[deed]()


def _kind(till: Till) -> VoucherType:
    return next(kind for kind in till.voucher_files.kinds() if kind.name == "Gutschein frei")


def _prepared(till: Till) -> tuple[uuid.UUID, uuid.UUID]:
    """A promotion 20/30, and the receipt of two cups of which it paid 12,00."""
    till.sale.add(next(tile for tile in till.sale.assortment().tiles if tile.name == "Aktion 20/30"))
    till.sale.pay_cash(Money(2000))
    voucher = till.sale.complete().vouchers[0]
    till.sale.scan(CUP, pieces(2))
    till.sale.redeem(voucher.id, Money(1200))
    till.sale.pay_cash(Money(1200))
    return voucher.id, till.sale.complete().document.id


def _die_in_run(till: Till, point: str) -> None:
    run = till.workplace.database.run

    def dying(work: Callable[[Session], object], wait_s: float | None = None) -> None:
        def and_die(session: Session) -> None:
            work(session)
            die()

        run(and_die if point == "booking" else work, wait_s)
        die()

    till.workplace.database.run = dying  # type: ignore[method-assign,assignment]


def main(folders: Path) -> None:
    """One life after the other, each in a process of its own."""
    for folder in sorted(folders.iterdir()):
        deed, _, point = folder.name.partition("-")
        child = os.fork()
        if child == 0:
            live(folder, deed, point)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
