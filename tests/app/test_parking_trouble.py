"""Parking while something breaks: kills, lost answers, a TSE that is out, two tills at once. Nothing is lost or doubled."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, update

from till.app.bootstrap import Ports, Till, open_till
from till.db.engine import NO_CONNECTION, Database
from till.documents.model import DocumentKind
from till.documents.models import DocumentRow
from till.errors import Refused, Unavailable
from till.fiscal.faulty import Behaviour, Fault
from till.fiscal.models import TseTransactionRow
from till.money import Money
from till.sales.models import ParkedBasketRow
from till.settings import Settings

if TYPE_CHECKING:
    from tests.app.conftest import Counter, FaultyShop

Make = Callable[..., Till]
ROSE, TEA = "4006381333931", "4012345000016"


@contextlib.contextmanager
def no_database(database: Database) -> Iterator[None]:
    """Nothing reaches the database."""

    def fail(_work: object, _wait_s: float | None = None) -> None:
        raise Unavailable(NO_CONNECTION)

    database.run = fail  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        del database.run


def totals(counter: Counter) -> tuple[int, list[int]]:
    """What is open and what is parked, in cents, when the threads behind the counter have done their part."""
    assert counter.till.settle()
    return counter.sale.state.priced.total.cents, sorted(one.total.cents for one in counter.sale.parked())


def rows(counter: Counter) -> tuple[int, int]:
    assert counter.till.settle()
    return counter.count("open_basket"), counter.count("parked_basket")


def aborted(counter: Counter) -> int:
    with counter.database.read() as session:
        kind = DocumentRow.kind == DocumentKind.ABORTED.value
        return session.execute(select(func.count()).select_from(DocumentRow).where(kind)).scalar_one()


def pay_all(counter: Counter) -> int:
    """Pay what is open, then all that is parked; the sum in cents."""
    paid = 0
    while not counter.sale.state.priced.basket.is_empty or counter.sale.parked():
        if counter.sale.state.priced.basket.is_empty:
            counter.sale.recall(counter.sale.parked()[0].order_id)
        counter.sale.pay_cash(counter.sale.state.settlement.open)
        paid += counter.sale.complete().document.draft.total.cents
    return paid


@pytest.fixture
def busy(plain: Counter) -> Counter:
    """A parked rose, and tea on the counter."""
    plain.sale.scan(ROSE)
    plain.sale.park("Frau Weber")
    plain.sale.scan(TEA)
    assert plain.till.settle()
    return plain


def test_parking_again_after_a_lost_answer_parks_once(busy: Counter) -> None:
    with busy.answers_lost(), pytest.raises(Unavailable):
        busy.sale.park()
    busy.sale.park()
    assert totals(busy) == (0, [350, 890])
    assert busy.sale.state.parked == 2
    assert busy.problems() == []


@pytest.mark.parametrize("change", [lambda c: c.sale.scan(ROSE), lambda c: c.sale.undo(), lambda c: c.sale.cancel()])
def test_no_change_gets_past_a_basket_that_was_parked_after_all(
    busy: Counter, change: Callable[[Counter], object]
) -> None:
    with busy.answers_lost(), pytest.raises(Unavailable):
        busy.sale.park()
    with pytest.raises(Refused):
        change(busy)
    assert totals(busy) == (0, [350, 890])
    assert rows(busy) == (0, 2)
    assert pay_all(busy) == 1240
    assert busy.problems() == []


def test_a_basket_that_was_parked_after_all_is_not_booked_as_well(plain: Counter) -> None:
    number = plain.sell_voucher("Gutschein 25")
    plain.sale.scan(ROSE)
    plain.sale.redeem(plain.voucher(number).standing.voucher.id, Money(350))
    assert plain.till.settle()
    with plain.answers_lost(), pytest.raises(Unavailable):
        plain.sale.park()
    with pytest.raises(Refused):
        plain.sale.complete()
    assert totals(plain) == (0, [350])
    plain.sale.recall(plain.sale.parked()[0].order_id)
    plain.sale.complete()
    assert plain.problems() == []


def test_recalling_again_after_a_lost_answer_shows_what_was_recalled(busy: Counter) -> None:
    order_id = busy.sale.parked()[0].order_id
    with busy.answers_lost(), pytest.raises(Unavailable):
        busy.sale.recall(order_id)
    assert busy.sale.recall(order_id) == ()
    assert totals(busy) == (350, [890])
    assert rows(busy) == (1, 1)
    assert pay_all(busy) == 1240
    assert busy.problems() == []


@pytest.mark.parametrize("is_empty", [False, True])
@pytest.mark.parametrize("change", [lambda c: c.sale.scan(ROSE), lambda c: c.sale.park()])
def test_no_change_gets_past_a_basket_that_was_recalled_after_all(
    busy: Counter,
    change: Callable[[Counter], object],
    is_empty: bool,  # noqa: FBT001 - drawn
) -> None:
    if is_empty:
        busy.sell()
    order_id = next(one.order_id for one in busy.sale.parked() if one.total == Money(350))
    with busy.answers_lost(), pytest.raises(Unavailable):
        busy.sale.recall(order_id)
    with pytest.raises(Refused):
        change(busy)
    assert totals(busy) == (350, [] if is_empty else [890])
    assert rows(busy) == (1, 0 if is_empty else 1)
    assert pay_all(busy) == (350 if is_empty else 1240)
    assert busy.problems() == []


def test_a_program_closed_in_doubt_has_everything_at_the_next_start(
    any_shop_settings: Settings, fast_ports: Ports, at: type[Counter]
) -> None:
    first = at(open_till(any_shop_settings, fast_ports))
    first.till.cash.open_shift(Money(10000))
    first.sale.scan(ROSE)
    first.sale.park()
    first.sale.scan(TEA)
    assert first.till.settle()
    with first.answers_lost(), pytest.raises(Unavailable):
        first.sale.recall(first.sale.parked()[0].order_id)
    first.till.close()
    with contextlib.closing(open_till(any_shop_settings, fast_ports)) as till:
        again = at(till)
        assert totals(again) == (350, [890])
        assert pay_all(again) == 1240
        assert again.problems() == []


@pytest.mark.parametrize("touch", [lambda c: c.sale.park(), lambda c: c.sale.recall(c.sale.parked()[0].order_id)])
def test_a_failure_before_the_commit_leaves_all_as_it_was(busy: Counter, touch: Callable[[Counter], object]) -> None:
    with no_database(busy.database), pytest.raises(Unavailable):
        touch(busy)
    busy.sale.scan(ROSE)
    assert totals(busy) == (1240, [350])
    assert rows(busy) == (1, 1)
    touch(busy)
    assert pay_all(busy) == 1590
    assert busy.problems() == []


def test_discarding_again_after_a_lost_answer_is_one_abort(busy: Counter) -> None:
    order_id = busy.sale.parked()[0].order_id
    with busy.answers_lost(), pytest.raises(Unavailable):
        busy.sale.discard_parked(order_id)
    busy.sale.discard_parked(order_id)
    assert totals(busy) == (890, [])
    assert aborted(busy) == 1
    busy.sale.cancel()
    assert busy.problems() == []
    assert busy.count("signature") == busy.count("document")


def test_a_z_after_a_lost_answer_ends_each_transaction_once(busy: Counter) -> None:
    busy.sale.park()
    with busy.answers_lost(), pytest.raises(Unavailable):
        busy.till.cash.close_shift(None)
    busy.till.cash.close_shift(None)
    assert busy.till.settle()
    assert aborted(busy) == 2
    assert busy.count("signature") == busy.count("document")
    assert busy.problems() == []


POINTS = {
    "park before": (890, [2850]),
    "park after": (0, [890, 2850]),
    "recall before": (890, [2850]),
    "recall after": (2850, [890]),
    "discard before": (890, [2850]),
    "discard after": (890, []),
    "none after": (890, [2850]),
}


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_while_a_basket_is_moved_loses_and_doubles_nothing(
    point: str,
    make_till: Make,
    shop_settings: Settings,
    selling_process: Path,
    fast_ports: Ports,
    at: type[Counter],
) -> None:
    make_till(ports=fast_ports).close()
    command = [sys.executable, str(selling_process), str(shop_settings.data_dir), shop_settings.database_url, "null:"]
    killed = subprocess.run([*command, "parking", *point.split()], check=False, timeout=100)
    assert killed.returncode == -signal.SIGKILL

    again = at(make_till(ports=fast_ports))
    assert totals(again) == POINTS[point]
    assert again.sale.state.parked == len(POINTS[point][1])
    assert not any(one.is_running for one in again.sale.parked())
    assert aborted(again) == 2
    assert open_at_tse(again) == (1 if POINTS[point][0] else 0)
    assert again.problems() == []
    assert pay_all(again) == sum(POINTS[point][1]) + POINTS[point][0]
    assert again.problems() == []
    assert open_at_tse(again) == 0
    assert rows(again) == (0, 0)


def open_at_tse(counter: Counter) -> int:
    """How many transactions are noted as open."""
    assert counter.till.settle()
    with counter.database.read() as session:
        is_open = TseTransactionRow.state == "open"
        return session.execute(select(func.count()).select_from(TseTransactionRow).where(is_open)).scalar_one()


def test_a_start_without_the_tse_keeps_what_is_parked(
    faulty_shop: FaultyShop, make_till: Make, at: type[Counter]
) -> None:
    first = faulty_shop.counter
    first.sale.scan(ROSE)
    first.sale.park()
    assert first.till.settle()
    first.till.stop()
    faulty_shop.tse.switch(Behaviour(Fault.UNREACHABLE))
    again = at(make_till(ports=faulty_shop.ports))
    (one,) = again.sale.parked()
    assert not one.is_running
    again.sale.scan(TEA)
    again.sale.recall(one.order_id)
    faulty_shop.tse.switch(Behaviour())
    again.until(lambda: again.till.status.current.tse_ready)
    assert pay_all(again) == 1240
    again.until(lambda: faulty_shop.tse.open_transactions("KASSE-1") == ())
    assert again.problems() == []
    assert again.count("signature") == again.count("document")


def test_a_z_without_the_tse_is_not_kept_from_closing(faulty_shop: FaultyShop) -> None:
    counter = faulty_shop.counter
    counter.sale.scan(ROSE)
    counter.sale.park()
    assert counter.till.settle()
    faulty_shop.tse.switch(Behaviour(Fault.UNREACHABLE))
    counter.till.cash.close_shift(None)
    assert counter.till.settle()
    faulty_shop.tse.switch(Behaviour())
    counter.until(lambda: faulty_shop.tse.open_transactions("KASSE-1") == ())
    assert totals(counter) == (0, [350])
    assert counter.problems() == []


def test_a_basket_of_another_version_is_refused_ended_and_discarded(busy: Counter) -> None:
    with busy.database.write() as session:
        session.execute(update(ParkedBasketRow).values(body='{"version": 99}'))
    (one,) = busy.sale.parked()
    with pytest.raises(Refused) as refused:
        busy.sale.recall(one.order_id)
    assert "version" in busy.said(refused.value).lower()
    busy.sale.cancel()
    busy.till.cash.close_shift(None)
    busy.till.cash.open_shift(Money(10000))
    busy.sale.discard_parked(one.order_id)
    assert busy.sale.parked() == ()
    assert busy.problems() == []


def test_of_two_tills_that_recall_one_basket_only_one_gets_it(
    any_shop_settings: Settings, fast_ports: Ports, at: type[Counter]
) -> None:
    with contextlib.ExitStack() as ending:
        tills = []
        for number in (1, 2):
            settings = replace(any_shop_settings, till_id=f"KASSE-{number}")
            tills.append(ending.enter_context(contextlib.closing(open_till(settings, fast_ports))))
            tills[-1].cash.open_shift(Money(10000))
        first, second = at(tills[0]), at(tills[1])
        for _ in range(5):
            first.sale.scan(ROSE)
            first.sale.park()
        first.till.cash.close_shift(None)
        first.till.cash.open_shift(Money(10000))

        def recall(counter: Counter) -> int:
            got = 0
            for order_id in order_ids:
                with contextlib.suppress(Refused):
                    patiently(partial(counter.sale.recall, order_id))
                    got += counter.sale.state.priced.basket.order_id == order_id
                    patiently(counter.sale.cancel)
            return got

        order_ids = [one.order_id for one in first.sale.parked()]
        with ThreadPoolExecutor(2) as pool:
            got = list(pool.map(recall, (first, second)))
        assert sum(got) == 5
        assert first.till.settle()
        assert second.problems() == []


def patiently(touch: Callable[[], object]) -> None:
    """A database that only has another till's write in hand is asked again."""
    for _ in range(100):
        with contextlib.suppress(Unavailable):
            touch()
            return
    raise AssertionError("the database stays busy")
