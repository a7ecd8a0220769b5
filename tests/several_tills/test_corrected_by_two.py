"""Two tills do something to one voucher in the same moment: it happens once, and the other one hears why not."""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from till.app.bootstrap import Ports, Till, open_till
from till.app.verify import verify
from till.clock import FixedClock
from till.errors import Refused
from till.money import Money
from till.settings import load
from till.vouchers.block import Blocking
from till.vouchers.correct import Correction
from till.vouchers.model import VoucherState
from till.vouchers.reissue import Reissue

if TYPE_CHECKING:
    from tests.several_tills.conftest import FoundShop

OPENING = dt.datetime(2026, 11, 20, 7, 0, tzinfo=dt.UTC)
ROUNDS = 6
Deed = Callable[[Till], object]


@contextlib.contextmanager
def two_tills(url: str, folder: Path) -> Iterator[tuple[Till, Till]]:
    """Two tills of the shop, each open."""
    tills = [
        open_till(load(folder / name, database_url=url, till_id=name), Ports(clock=FixedClock(OPENING)))
        for name in ("KASSE-2", "KASSE-3")
    ]
    try:
        for till in tills:
            till.cash.open_shift(Money(0))
        yield tills[0], tills[1]
    finally:
        for till in tills:
            till.close()


def at_once(tills: tuple[Till, Till], deeds: tuple[Deed, Deed]) -> list[str]:
    """Do both in the same moment; the refusals."""
    refused: list[str] = []
    gate = threading.Barrier(2)

    def act(till: Till, deed: Deed) -> None:
        gate.wait()
        try:
            deed(till)
        except Refused as refusal:
            refused.append(refusal.msgid)

    threads = [threading.Thread(target=act, args=pair) for pair in zip(tills, deeds, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """A database of each kind."""
    found: str = request.getfixturevalue(f"{request.param}_database_url")
    return found


def test_two_corrections_at_once_never_take_more_than_there_is(url: str, found: FoundShop, tmp_path: Path) -> None:
    shop = found(url, ROUNDS, 1000)
    with two_tills(url, tmp_path) as tills:
        for voucher in shop.vouchers:

            def take(till: Till, voucher_id: uuid.UUID = voucher.id) -> object:
                return till.vouchers.reduce(Correction(voucher_id, Money(-600), "Fleck"))

            refused = at_once(tills, (take, take))
            assert refused == ["{number}: only {left} is left."]
            assert tills[0].vouchers.sheet(voucher.id).standing.remaining == Money(400)
        database = tills[0].workplace.database
        assert all(till.settle() for till in tills)
        assert verify(database) == []


def test_one_voucher_is_replaced_once_and_blocked_or_replaced_in_turn(
    url: str, found: FoundShop, tmp_path: Path
) -> None:
    shop = found(url, ROUNDS, 1000)
    with two_tills(url, tmp_path) as tills:
        for place, voucher in enumerate(shop.vouchers):
            voucher_id = voucher.id
            wish = Reissue(voucher_id, "x")

            def renew(till: Till, wish: Reissue = wish) -> object:
                return till.vouchers.reissue(wish)

            def other(till: Till, number: int = place, mine: uuid.UUID = voucher_id) -> object:
                if number % 2:
                    return till.vouchers.reissue(Reissue(mine, "y"))
                return till.vouchers.block(Blocking(mine, "y"))

            refused = at_once(tills, (renew, other))
            assert len(refused) <= 1
            assert tills[1].vouchers.sheet(voucher_id).standing.state is VoucherState.REPLACED
            if place % 2:
                assert refused == ["{number}: replaced by {reason} on {date}. Take that one."]
        assert all(till.settle() for till in tills)
        assert verify(tills[0].workplace.database) == []
