"""What two tills do to one voucher or one receipt in the same moment: one wins, the other hears why not, and nothing is lost."""

from __future__ import annotations

import contextlib
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from till.app.bootstrap import Till
from till.app.verify import verify
from till.app.views import VoucherWish
from till.db.engine import Database
from till.db.locks import Lock, LockKind, hold
from till.documents.model import Document
from till.errors import Refused
from till.money import ZERO, Money
from till.quantity import ONE, pieces
from till.sales.returned import ReturnWish
from till.tables.verdict import Verdict
from till.vouchers.block import Blocking
from till.vouchers.correct import Correction
from till.vouchers.model import Numbering, Voucher, VoucherState, VoucherType
from till.vouchers.old_table import Defaults
from till.vouchers.reissue import Reissue, reissue
from till.vouchers.types import add_type, voucher_type

if TYPE_CHECKING:
    from tests.several_tills.conftest import AtOnce, FoundShop, TwoTills

Pair = tuple[Till, Till]
Deed = Callable[[Till], object]
MUG = "4012345000023"
OWN = uuid.UUID(int=103)
LEFT = "{number}: only {left} is left. Redeemed at till {till}, {time}."
LEFT_UNUSED = "{number}: only {left} is left."
ALL_BACK = "Everything on receipt {number} has come back already."
TAKEN = "Number {number} was sold already on {date}. Choose another one."
CHANGED = (
    "Vouchers with these numbers were sold or brought in since the table was checked. "
    "Check it again; nothing was brought in."
)


@dataclass(frozen=True, slots=True)
class Race:
    """What two tills do in the same moment, and what must be true then, by what was refused."""

    first: Deed
    second: Deed
    check: Callable[[list[str]], None]


def a_voucher_is_redeemed_or_its_sale_is_cancelled(tills: Pair) -> Race:
    sold, voucher = _sold(tills[0], 1000)
    _in_payment(tills[1], voucher, 1000)

    def check(refused: list[str]) -> None:
        standing = tills[0].vouchers.sheet(voucher.id).standing
        assert len(refused) == 1
        assert standing.remaining == ZERO
        if standing.state is VoucherState.CANCELLED:
            assert refused[0] in {LEFT, "{number}: cancelled on {date} with the receipt that sold it."}
        else:
            assert refused[0].startswith("Voucher {number} over {face} was used up on {date}")

    return Race(lambda till: _cancel(till, sold), _complete, check)


def one_line_comes_back_once(tills: Pair) -> Race:
    used, voucher = _used(tills[0])

    def check(refused: list[str]) -> None:
        assert refused == [ALL_BACK]
        assert tills[0].vouchers.sheet(voucher.id).standing.remaining == Money(1000)

    return Race(lambda till: _take_back(till, used), lambda till: _take_back(till, used), check)


def a_receipt_is_cancelled_and_its_line_returned_by_turns(tills: Pair) -> Race:
    """Whoever comes second takes back what is left, or hears that nothing is."""
    used, voucher = _used(tills[0], mugs=2)

    def check(refused: list[str]) -> None:
        assert refused in ([], [ALL_BACK])
        assert tills[1].returns.look(used.id).refusal is not None
        assert tills[1].vouchers.sheet(voucher.id).standing.remaining == Money(1000)

    return Race(lambda till: _cancel(till, used), lambda till: _take_back(till, used), check)


def what_the_office_does_and_a_redemption_come_one_after_the_other(tills: Pair, deed: str) -> Race:
    said = {
        "reduce": (LEFT, LEFT_UNUSED),
        "block": ("{number}: blocked since {date}: {reason}.",),
        "reissue": ("{number}: replaced by {reason} on {date}. Take that one.", LEFT),
    }

    _sale, voucher = _sold(tills[0], 1000)
    _in_payment(tills[1], voucher, 600)
    office: dict[str, Deed] = {
        "reduce": lambda till: till.vouchers.reduce(Correction(voucher.id, Money(-600), "Fleck")),
        "block": lambda till: till.vouchers.block(Blocking(voucher.id, "verloren")),
        "reissue": lambda till: till.vouchers.reissue(Reissue(voucher.id, "verloren")),
    }

    def check(refused: list[str]) -> None:
        assert all(one in said[deed] for one in refused)
        assert len(refused) == 1 if deed == "reduce" else len(refused) <= 1
        now = tills[0].vouchers.sheet(voucher.id)
        if now.standing.state is VoucherState.REPLACED:
            now = tills[0].vouchers.sheet(now.history[-1].other_id or voucher.id)
        is_redeemed = deed == "reduce" or not refused
        assert now.standing.remaining == Money(400 if is_redeemed else 1000)

    return Race(office[deed], _complete, check)


def value_comes_back_on_the_voucher_that_takes_the_others_place_meanwhile(tills: Pair) -> Race:
    used, voucher = _used(tills[0], 600)

    def check(refused: list[str]) -> None:
        assert refused == []
        sheet = tills[0].vouchers.sheet(voucher.id)
        assert (sheet.standing.state, sheet.standing.remaining) == (VoucherState.REPLACED, ZERO)
        other = next(line.other_id for line in sheet.history if line.other_id is not None)
        assert tills[0].vouchers.sheet(other).standing.remaining == Money(1000)

    replaced = Reissue(voucher.id, "verloren")
    return Race(lambda till: _cancel(till, used), lambda till: till.vouchers.reissue(replaced), check)


def a_voucher_that_waits_in_a_parked_payment_can_be_spent_elsewhere(tills: Pair) -> Race:
    _sale, voucher = _sold(tills[0], 1000)
    _in_payment(tills[0], voucher, 1000, in_cash=False)
    tills[0].sale.park("Frau Weber")
    (waiting,) = tills[0].sale.parked()
    _in_payment(tills[1], voucher, 1000)

    def check(refused: list[str]) -> None:
        assert refused == []
        sale = tills[0].sale
        sale.pay_cash(sale.state.settlement.open)
        try:
            sale.complete()
        except Refused:
            (one, cash) = sale.state.tendered
            sale.take_back(one.id)
            sale.take_back(cash.id)
            sale.pay_cash(sale.state.settlement.open)
            sale.complete()
        assert tills[0].vouchers.sheet(voucher.id).standing.remaining == ZERO

    return Race(lambda till: till.sale.recall(waiting.order_id), _complete, check)


def a_number_is_sold_or_brought_in(tills: Pair, folder: Path) -> Race:
    with tills[0].workplace.database.read() as session:
        kind = voucher_type(session, OWN)
    assert kind is not None
    stem = uuid.uuid4().hex[:8]
    table = folder / f"{stem}.csv"
    table.write_text("Nummer;Wert\n" + "".join(f"A{stem}-{n};5\n" for n in range(30)), "utf-8")
    assert tills[0].voucher_files.check(table, Defaults(kind)).counts[Verdict.NEW] == 30
    tills[1].sale.sell_voucher(VoucherWish(OWN, f"a{stem}-7", Money(700)))
    tills[1].sale.pay_cash(Money(700))

    def check(refused: list[str]) -> None:
        assert refused in ([TAKEN], [CHANGED])
        (card,) = tills[0].sale.look_up_voucher(f"A{stem}-7")
        assert card.standing.remaining == Money(500 if refused == [TAKEN] else 700)

    return Race(lambda till: till.voucher_files.apply(), _complete, check)


def test_one_wins_and_the_other_hears_why_not(
    url: str, found: FoundShop, two_tills: TwoTills, at_once: AtOnce, tmp_path: Path
) -> None:
    _run(url, (found, two_tills, at_once), tmp_path, rounds=2)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_one_wins_however_often_they_try(
    url: str, found: FoundShop, two_tills: TwoTills, at_once: AtOnce, tmp_path: Path
) -> None:
    _run(url, (found, two_tills, at_once), tmp_path, rounds=60)


def test_value_never_comes_back_on_a_voucher_that_is_being_replaced(
    postgres_database_url: str, found: FoundShop, two_tills: TwoTills
) -> None:
    """While a return waits for its locks, the voucher is replaced, and the new one is about to be replaced too."""
    found(postgres_database_url, 1, 1000)
    with two_tills(postgres_database_url) as tills:
        database = tills[1].workplace.database
        used, voucher = _used(tills[0], 600)
        with ThreadPoolExecutor(1) as other, contextlib.ExitStack() as replacing:
            with database.write() as session:
                hold(session, [Lock(LockKind.TILL, "KASSE-2")])
                cancelled = other.submit(_cancel, tills[0], used)
                _until_somebody_waits(database)
                second = tills[1].vouchers.reissue(Reissue(voucher.id, "verloren")).voucher
                context = replace(tills[1].workplace.context(), till_id="KASSE-4")
                late = replacing.enter_context(database.write())
                third = reissue(late, context, Reissue(second.id, "wieder verloren")).voucher
            time.sleep(0.3)
            replacing.close()
            cancelled.result(60)
        assert tills[1].vouchers.sheet(second.id).standing.remaining == ZERO
        assert tills[1].vouchers.sheet(third.id).standing.remaining == Money(1000)


def _until_somebody_waits(database: Database) -> None:
    until = time.monotonic() + 30
    waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    while True:
        with database.read() as session:
            if session.execute(waiting).scalar_one():
                return
        assert time.monotonic() < until
        time.sleep(0.01)


def _run(url: str, shop: tuple[FoundShop, TwoTills, AtOnce], folder: Path, rounds: int) -> None:
    found, two_tills, at_once = shop
    found(url, 1, 1000)
    with two_tills(url) as tills:
        database = tills[0].workplace.database
        database.run(lambda session: add_type(session, VoucherType(OWN, "903", "Karte", Numbering.OWN)))
        for prepare in (*RACES, lambda pair: a_number_is_sold_or_brought_in(pair, folder)):
            for _ in range(rounds):
                race = prepare(tills)
                race.check(at_once(tills, (race.first, race.second)))
                _leave(tills)
        assert all(till.settle() for till in tills)
        assert verify(database) == []


RACES: tuple[Callable[[Pair], Race], ...] = (
    a_voucher_is_redeemed_or_its_sale_is_cancelled,
    one_line_comes_back_once,
    a_receipt_is_cancelled_and_its_line_returned_by_turns,
    lambda tills: what_the_office_does_and_a_redemption_come_one_after_the_other(tills, "reduce"),
    lambda tills: what_the_office_does_and_a_redemption_come_one_after_the_other(tills, "block"),
    lambda tills: what_the_office_does_and_a_redemption_come_one_after_the_other(tills, "reissue"),
    value_comes_back_on_the_voucher_that_takes_the_others_place_meanwhile,
    a_voucher_that_waits_in_a_parked_payment_can_be_spent_elsewhere,
)


def _complete(till: Till) -> object:
    return till.sale.complete()


def _sold(till: Till, cents: int) -> tuple[Document, Voucher]:
    (tile,) = (tile for tile in till.sale.assortment().tiles if tile.number == "902")
    till.sale.add(tile, price=Money(cents))
    till.sale.pay_cash(Money(cents))
    done = till.sale.complete()
    till.sale.dismiss()
    return done.document, done.vouchers[0]


def _in_payment(till: Till, voucher: Voucher, cents: int, *, mugs: int = 1, in_cash: bool = True) -> None:
    """Mugs in the basket, paid so far with the voucher; the rest in cash."""
    till.sale.scan(MUG, pieces(mugs))
    till.sale.redeem(voucher.id, Money(cents))
    if in_cash:
        till.sale.pay_cash(till.sale.state.settlement.open)


def _used(till: Till, cents: int = 1000, *, mugs: int = 1) -> tuple[Document, Voucher]:
    """A receipt that was paid with a new voucher over 10,00."""
    _sale, voucher = _sold(till, 1000)
    _in_payment(till, voucher, cents, mugs=mugs)
    document = till.sale.complete().document
    till.sale.dismiss()
    return document, voucher


def _cancel(till: Till, sold: Document) -> object:
    order = till.returns.begin(sold.id)
    return till.returns.complete(ReturnWish(order, sold.id, is_cancellation=True, reason="Irrtum"))


def _take_back(till: Till, sold: Document) -> object:
    order = till.returns.begin(sold.id)
    return till.returns.complete(ReturnWish(order, sold.id, ((0, ONE),)))


def _leave(tills: Pair) -> None:
    """Nothing is open any more: the loser takes the payment out and throws the basket away."""
    for till in tills:
        till.returns.abandon()
        for tendered in till.sale.state.tendered:
            till.sale.take_back(tendered.id)
        if not till.sale.state.priced.basket.is_empty:
            till.sale.cancel()
        till.sale.dismiss()
