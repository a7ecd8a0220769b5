"""A TSE that fails, is slow or dead: the sale never waits, the paper says so, and it signs again by itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from till.app.bootstrap import RECOVERY_S, Till
from till.documents.model import DocumentKind
from till.fiscal.faulty import Behaviour, Fault
from till.fiscal.model import Signature
from till.fiscal.outages import outages
from till.fiscal.recorder import TseFailure
from till.fiscal.recording import signature_of
from till.money import Money

if TYPE_CHECKING:
    from tests.app.conftest import Counter, FaultyShop
    from till.documents.model import Document

ROSE = "4006381333931"
AT_ONCE_S = 0.7
DOWN = (
    Fault.FAIL_START,
    Fault.FAIL_FINISH,
    Fault.UNREACHABLE,
    Fault.TIME_NOT_SET,
    Fault.STORAGE_FULL,
    Fault.CERTIFICATE_EXPIRED,
)


def answer(counter: Counter, document: Document) -> Signature:
    """What is stored for a document, once it is."""
    found: list[Signature] = []

    def is_stored() -> bool:
        with counter.database.read() as session:
            signature = signature_of(session, document.id)
        found[:] = [signature] if signature else []
        return bool(found)

    counter.until(is_stored)
    return found[0]


def mend(shop: FaultyShop) -> None:
    """Switch the fault off and wait until the till knows."""
    shop.tse.switch(Behaviour())
    shop.counter.until(lambda: shop.counter.till.status.current.tse_ready)


def sell_in_time(counter: Counter) -> Document:
    """A sale whose completion takes no longer than with a TSE in good order."""
    counter.sale.scan(ROSE)
    counter.sale.pay_cash(Money(350))
    before = time.monotonic()
    document = counter.sale.complete().document
    assert time.monotonic() - before < AT_ONCE_S
    return document


@pytest.mark.parametrize("fault", DOWN)
def test_selling_goes_on_and_the_receipt_says_since_when_the_tse_has_failed(
    faulty_shop: FaultyShop, fault: Fault
) -> None:
    counter = faulty_shop.counter
    counter.sell(ROSE)
    faulty_shop.tse.switch(Behaviour(fault))
    document = sell_in_time(counter)
    paper = counter.paper(document)
    assert "TSE ausgefallen seit 20.11.2026 12:00" in " ".join(paper.split())
    assert "TEST - kein gültiger Beleg" in paper
    assert "Transaktion" not in paper
    status = counter.till.status.current
    assert not status.tse_ready
    assert status.tse_outage_since is not None
    assert counter.till.formats.translator(status.tse_failure) not in {"", status.tse_failure}

    mend(faulty_shop)
    again = sell_in_time(counter)
    assert answer(counter, again).finished is not None
    assert answer(counter, document).outage is not None
    with counter.database.read() as session:
        (outage,) = outages(session, "KASSE-1")
    assert outage.until is not None
    assert faulty_shop.tse.open_transactions("KASSE-1") == ()
    assert counter.problems() == []


def test_a_finish_that_failed_is_aborted_afterwards_and_booked_as_such(faulty_shop: FaultyShop) -> None:
    counter = faulty_shop.counter
    counter.sale.scan(ROSE)
    counter.until(lambda: counter.count("tse_transaction") == 1)
    faulty_shop.tse.switch(Behaviour(Fault.FAIL_FINISH))
    counter.sale.pay_cash(Money(350))
    sold = counter.sale.complete().document
    stored = answer(counter, sold).outage
    assert stored is not None
    assert stored.failure is TseFailure.FINISH_FAILED
    mend(faulty_shop)
    counter.until(lambda: counter.count("document") == sold.number + 1)
    assert counter.till.receipts.find(sold.number + 1).draft.kind is DocumentKind.ABORTED
    aborted = answer(counter, counter.till.receipts.find(sold.number + 1)).finished
    assert aborted is not None
    assert aborted.process_data.startswith("AVBelegabbruch^")
    assert counter.problems() == []


@pytest.mark.parametrize("fault", [Fault.LOSE_START_ANSWER, Fault.LOSE_FINISH_ANSWER])
def test_an_answer_that_was_lost_leaves_nothing_open(faulty_shop: FaultyShop, fault: Fault) -> None:
    counter = faulty_shop.counter
    faulty_shop.tse.switch(Behaviour(fault))
    document = sell_in_time(counter)
    assert answer(counter, document).outage is not None
    mend(faulty_shop)
    assert answer(counter, sell_in_time(counter)).finished is not None
    counter.until(lambda: faulty_shop.tse.open_transactions("KASSE-1") == ())
    assert counter.problems() == []


def test_a_slow_tse_makes_nobody_wait_and_its_late_answer_changes_no_receipt(faulty_shop: FaultyShop) -> None:
    counter = faulty_shop.counter
    faulty_shop.tse.switch(Behaviour(slow_s=2.0))
    documents = [sell_in_time(counter) for _ in range(3)]
    stored = [answer(counter, document).outage for document in documents]
    assert all(stored)
    mend(faulty_shop)
    assert answer(counter, sell_in_time(counter)).finished is not None
    counter.until(lambda: faulty_shop.tse.open_transactions("KASSE-1") == ())
    assert [answer(counter, document).outage for document in documents] == stored
    assert counter.problems() == []


def test_a_basket_thrown_away_during_an_outage_is_booked_without_a_signature(faulty_shop: FaultyShop) -> None:
    counter = faulty_shop.counter
    faulty_shop.tse.switch(Behaviour(Fault.UNREACHABLE))
    counter.sale.scan(ROSE)
    counter.sale.cancel()
    document = counter.till.receipts.find(2)
    assert document.draft.kind is DocumentKind.ABORTED
    assert answer(counter, document).outage is not None
    mend(faulty_shop)
    assert counter.problems() == []


def test_a_tse_dead_at_the_start_keeps_nobody_from_selling(
    faulty_shop: FaultyShop, make_till: Callable[..., Till]
) -> None:
    first = faulty_shop.counter
    first.till.close()
    faulty_shop.tse.switch(Behaviour(Fault.UNREACHABLE))
    before = time.monotonic()
    till = make_till(ports=faulty_shop.ports, printer=first.printer.uri)
    assert time.monotonic() - before < RECOVERY_S
    counter = type(first)(till, first.printer)
    document = sell_in_time(counter)
    assert "TSE ausgefallen seit" in counter.paper(document)
    mend(replace(faulty_shop, counter=counter))
    assert answer(counter, sell_in_time(counter)).finished is not None
    assert counter.problems() == []


def test_what_a_crash_left_open_is_aborted_once_a_tse_dead_at_the_start_is_back(
    faulty_shop: FaultyShop, make_till: Callable[..., Till]
) -> None:
    first = faulty_shop.counter
    first.till.close()
    left = faulty_shop.tse.start("KASSE-1").transaction_number
    faulty_shop.tse.switch(Behaviour(Fault.UNREACHABLE))
    counter = type(first)(make_till(ports=faulty_shop.ports), None)
    counter.sale.scan(ROSE)
    faulty_shop.tse.switch(Behaviour())
    counter.until(lambda: left not in faulty_shop.tse.open_transactions("KASSE-1"))
    counter.until(lambda: counter.count("document") == 2)
    counter.sale.pay_cash(Money(350))
    sold = counter.sale.complete().document
    assert answer(counter, sold).finished is not None
    assert counter.till.receipts.find(2).draft.kind is DocumentKind.ABORTED
    assert counter.problems() == []


def test_a_start_during_a_slow_recovery_still_sells(
    faulty_shop: FaultyShop, make_till: Callable[..., Till], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("till.app.bootstrap.RECOVERY_S", 0.1)
    first = faulty_shop.counter
    first.till.close()
    faulty_shop.tse.start("KASSE-1")
    faulty_shop.tse.switch(Behaviour(slow_s=0.2))
    counter = type(first)(make_till(ports=faulty_shop.ports), None)
    sell_in_time(counter)
    faulty_shop.tse.switch(Behaviour())
    counter.until(lambda: faulty_shop.tse.open_transactions("KASSE-1") == ())
    assert counter.problems() == []
