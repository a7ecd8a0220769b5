"""Many redemptions of one voucher in the same moment: it pays what it holds and not a cent more (10-vouchers V36)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from till.app.verify import verify
from till.db.engine import Database
from till.ledger.account import Account
from till.ledger.models import PostingRow
from till.money import ZERO, Money

if TYPE_CHECKING:
    from tests.several_tills.conftest import FoundShop, Shop, StartTill, TillProcess

FACE = 5_000
REASON = re.compile(r"G-\d+: es sind nur noch \d+,\d\d\s€ darauf. Eingelöst an Kasse (KASSE-\d), .*12:00\.")


@pytest.mark.parametrize(("system", "count"), [("sqlite", 2), ("postgres", 4)])
def test_a_voucher_is_emptied_by_all_and_overdrawn_by_none(
    request: pytest.FixtureRequest, found: FoundShop, start_till: StartTill, system: str, count: int
) -> None:
    shop = found(request.getfixturevalue(f"{system}_database_url"), 2, FACE)
    _race(shop, start_till, count)


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("system", "count"), [("sqlite", 2), ("postgres", 8)])
def test_thousands_of_redemptions_overdraw_no_voucher(
    request: pytest.FixtureRequest, found: FoundShop, start_till: StartTill, system: str, count: int
) -> None:
    shop = found(request.getfixturevalue(f"{system}_database_url"), 30, FACE)
    _race(shop, start_till, count)


@pytest.mark.parametrize(("system", "count"), [("sqlite", 2), ("postgres", 8)])
def test_whoever_fires_with_the_whole_voucher_takes_what_is_left_or_hears_why_not(
    request: pytest.FixtureRequest, found: FoundShop, start_till: StartTill, system: str, count: int
) -> None:
    shop = found(request.getfixturevalue(f"{system}_database_url"), 2, FACE)
    _shoot(shop, start_till, count, 64 // count)


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("system", "count"), [("sqlite", 2), ("postgres", 8)])
def test_thousands_of_shots_at_whole_vouchers_overdraw_none(
    request: pytest.FixtureRequest, found: FoundShop, start_till: StartTill, system: str, count: int
) -> None:
    shop = found(request.getfixturevalue(f"{system}_database_url"), 40, FACE)
    _shoot(shop, start_till, count, 400 // count)


def _shoot(shop: Shop, start_till: StartTill, count: int, shots: int) -> None:
    """Each of `count` tills fires `shots` times at each voucher with 1,00 to 50,00: every shot is answered."""
    tills = [start_till(shop, f"KASSE-{n}", seed=n, shots=shots) for n in range(2, count + 2)]
    _run(tills)
    _check_reasons(tills)
    _check_taken(shop, tills, is_emptied=False)
    answers = sum(len(till.of("taken")) + len(till.of("lost")) for till in tills)
    assert answers == count * shots * len(shop.vouchers)


def _race(shop: Shop, start_till: StartTill, count: int) -> None:
    tills = [start_till(shop, f"KASSE-{n}", seed=n) for n in range(2, count + 2)]
    _run(tills)
    _check_reasons(tills)
    _check_taken(shop, tills, is_emptied=True)


def _run(tills: list[TillProcess]) -> None:
    """All of them at once, to their ends."""
    for till in tills:
        till.wait_for("ready")
    for till in tills:
        till.begin()
    for till in tills:
        till.join()


def _check_reasons(tills: list[TillProcess]) -> None:
    """Every loser hears how much is left, and which till took the rest when."""
    names = {till.till_id for till in tills}
    for till in tills:
        lost = till.of("lost")
        assert lost != []
        for told in lost:
            reason = REASON.fullmatch(told["sentence"])
            assert reason is not None, told["sentence"]
            assert reason[1] in names


def _check_taken(shop: Shop, tills: list[TillProcess], *, is_emptied: bool) -> None:
    """What the tills told their customers is what the ledger took, and never more than was on a voucher."""
    database = Database(shop.url)
    for voucher in shop.vouchers:
        told = [t["cents"] for till in tills for t in till.of("taken") if t["voucher"] == str(voucher.id)]
        booked = _booked(database, str(voucher.id))
        assert sorted(amount.cents for amount in booked) == sorted(told)
        left = Money(FACE) - sum(booked, ZERO)
        assert shop.left(database, voucher) == left >= ZERO
        assert not (is_emptied and left)
    assert verify(database) == []
    database.close()


def _booked(database: Database, subject: str) -> list[Money]:
    """What the ledger says was taken from a voucher, redemption by redemption."""
    taken = select(PostingRow.amount).where(
        PostingRow.account == Account.VOUCHER_MULTI, PostingRow.subject == subject, PostingRow.amount > ZERO
    )
    with database.read() as session:
        return list(session.scalars(taken))
