"""The demo on its simulated devices: it sells at once, prints, and its TSE can be broken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from till.clock import FixedClock, SystemClock
from till.demo.build import build
from till.demo.history import Plan
from till.demo.run import Demo, open_demo, start_demo
from till.errors import Refused
from till.fiscal.faulty import Behaviour, Fault
from till.fiscal.model import Signature
from till.fiscal.recording import signature_of
from till.money import Money
from till.settings import load


@pytest.fixture
def demo(shop: Path, clock: FixedClock) -> Iterator[Demo]:
    started = start_demo(shop, clock)
    yield started
    started.close()


def _sell_a_rose(demo: Demo) -> Signature | None:
    demo.till.sale.scan("4400119000179")
    demo.till.sale.pay_cash(Money(1000))
    sold = demo.till.sale.complete()
    demo.till.settle()
    assert sold.change == Money(650)
    with demo.till.workplace.database.read() as session:
        return signature_of(session, sold.document.id)


def test_it_sells_at_once_and_the_receipt_comes_out_of_the_simulated_printer(demo: Demo) -> None:
    signature = _sell_a_rose(demo)
    assert signature is not None
    assert signature.finished is not None
    demo.printer.wait_for_receipts(1)
    demo.printer.wait_for_kicks(1)


def test_a_broken_tse_gives_an_outage_receipt(demo: Demo) -> None:
    demo.tse.switch(Behaviour(Fault.UNREACHABLE))
    signature = _sell_a_rose(demo)
    assert signature is not None
    assert signature.outage is not None
    demo.printer.wait_for_receipts(1)


def test_two_baskets_wait_to_be_recalled(demo: Demo) -> None:
    second, first = sorted(demo.till.sale.parked(), key=lambda one: one.name)
    assert (first.name, second.name) == ("Frau Weber, holt um 17 Uhr", "")
    assert demo.till.sale.recall(first.order_id) == ()
    assert demo.till.sale.state.priced.total == first.total
    demo.till.sale.cancel()


def test_a_second_demo_on_the_same_folder_is_refused(demo: Demo, shop: Path, clock: FixedClock) -> None:
    with pytest.raises(Refused, match="running already"):
        start_demo(shop, clock)
    assert _sell_a_rose(demo) is not None


def test_the_port_of_one_run_is_not_kept_for_the_next(demo: Demo, shop: Path) -> None:
    assert demo.till.settings.printer == demo.printer.uri
    assert load(shop).printer == "null:"


def test_it_opens_by_the_computers_own_clock(tmp_path: Path) -> None:
    build(tmp_path, SystemClock(), plan=Plan(days=1))
    till, printer = open_demo(tmp_path)
    assert till.cash.is_open
    assert till.cash.expected_cash() == Money(20000)
    till.close()
    printer.power_off()
