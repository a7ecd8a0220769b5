"""A printer that is dead, out of paper or leaves its answer open: the sale is booked, nothing is lost, nothing doubled."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from till.app.bootstrap import Ports, Till
from till.app.views import PrinterState
from till.audit import trail
from till.devices.simulated.connection import Misbehaviour
from till.devices.simulated.printer import Fault, Kick, PrinterEvent, SimulatedPrinter
from till.errors import Refused
from till.formats import Formats
from till.i18n import Translator
from till.money import Money

if TYPE_CHECKING:
    from tests.app.conftest import Counter

ROSE = "4006381333931"


def copies(printer: SimulatedPrinter) -> int:
    """How many papers are marked as copies."""
    return sum("KOPIE" in receipt.text for receipt in printer.receipts)


def test_a_dead_printer_owes_its_receipts_and_prints_them_when_it_is_back(counter: Counter) -> None:
    counter.printer.wait_for_receipts(1)
    counter.until(lambda: counter.job_states() == ["printed"])
    counter.printer.power_off()
    sales = [counter.sell(ROSE).document for _ in range(3)]
    counter.until(lambda: counter.till.status.current.printer is PrinterState.OFFLINE)
    counter.until(lambda: counter.till.status.current.unprinted == 3)
    counter.printer.power_on()
    counter.till.status.retry_printing()
    for sale in sales:
        counter.paper(sale)
    counter.until(lambda: counter.till.status.current.unprinted == 0)
    assert copies(counter.printer) == 0
    assert len(counter.printer.receipts) == 4


def test_paper_out_is_said_and_after_refilling_every_receipt_comes_once(counter: Counter) -> None:
    counter.printer.wait_for_receipts(1)
    counter.printer.set_fault(Fault.PAPER_OUT)
    first, second = counter.sell(ROSE).document, counter.sell(ROSE).document
    counter.until(lambda: counter.till.status.current.printer is PrinterState.PAPER_OUT)
    counter.printer.set_fault(Fault.PAPER_OUT, on=False)
    counter.paper(first)
    counter.paper(second)
    counter.until(lambda: counter.job_states() == ["printed"] * 3)
    assert len(counter.printer.receipts) == 3


@pytest.mark.parametrize("printed", [True, False])
def test_an_uncertain_receipt_is_asked_about_and_only_a_no_prints_a_copy(counter: Counter, *, printed: bool) -> None:
    counter.until(lambda: counter.job_states() == ["printed"])
    counter.printer.misbehave(Misbehaviour(drop_after=300))
    sale = counter.sell(ROSE).document
    counter.until(lambda: counter.till.status.current.uncertain)
    (doubt,) = counter.till.status.current.uncertain
    assert doubt.receipt_number == sale.number
    counter.printer.misbehave(Misbehaviour())
    counter.till.status.answer_uncertain(doubt.job_id, printed=printed)
    counter.until(lambda: set(counter.job_states()) <= {"printed", "cancelled"})
    counter.until(lambda: not counter.till.status.current.uncertain)
    assert copies(counter.printer) == (0 if printed else 1)
    with counter.database.read() as session:
        (noted,) = trail.entries(session, "KASSE-1", trail.Action.PRINT_ANSWERED)
    assert noted.after == ("printed" if printed else "print_copy")


def test_a_reprint_comes_at_once_marked_as_a_copy_and_is_in_the_audit_trail(counter: Counter) -> None:
    sale = counter.sell(ROSE).document
    original = counter.paper(sale)
    counter.till.receipts.reprint(sale.id)
    copy = counter.printer.wait_for_receipts(3)[-1].text
    assert "KOPIE" in copy
    assert "KOPIE" not in original
    assert set(original.split()) <= set(copy.split())
    with counter.database.read() as session:
        assert len(trail.entries(session, "KASSE-1", trail.Action.REPRINTED)) == 1


def test_the_drawer_opens_for_cash_and_no_sale_before_the_paper_and_never_for_a_card(counter: Counter) -> None:
    seen: list[PrinterEvent] = []
    counter.printer.wait_for_receipts(1)
    counter.until(lambda: counter.job_states() == ["printed"])
    counter.printer.listen(seen.append)

    counter.sale.scan(ROSE)
    counter.sale.pay_card("card", Money(350))
    counter.paper(counter.sale.complete().document)
    counter.sell_voucher("Geschenk")
    counter.printer.wait_for_receipts(4)
    assert counter.printer.kicks == []

    seen.clear()
    counter.paper(counter.sell(ROSE).document)
    order = [type(event) for event in seen if type(event).__name__ in {"Kick", "Receipt"}]
    assert order[0] is Kick
    assert len(counter.printer.kicks) == 1

    counter.till.cash.open_drawer()
    assert len(counter.printer.wait_for_kicks(2)) == 2


def test_a_split_between_card_and_cash_opens_the_drawer_once(counter: Counter) -> None:
    counter.sale.scan(ROSE)
    counter.sale.pay_card("card", Money(100))
    counter.sale.pay_cash(Money(500))
    counter.paper(counter.sale.complete().document)
    assert len(counter.printer.kicks) == 1


def test_a_kick_that_can_not_go_out_asks_for_the_key(counter: Counter) -> None:
    counter.printer.wait_for_receipts(1)
    counter.until(lambda: counter.job_states() == ["printed"])
    counter.printer.power_off()
    counter.sell(ROSE)
    counter.until(lambda: counter.till.status.current.drawer_needs_key)
    counter.printer.power_on()
    counter.until(lambda: len(counter.printer.receipts) == 2)
    assert counter.printer.kicks == []


def test_without_a_printer_nothing_is_owed_and_a_reprint_says_so(
    make_till: Callable[..., Till], fast_ports: Ports, at: type[Counter]
) -> None:
    counter = at(make_till(ports=fast_ports))
    sale = counter.sell(ROSE).document
    counter.till.settle()
    counter.till.status.count_jobs()
    assert counter.job_states() == []
    assert counter.till.status.current.unprinted == 0
    with pytest.raises(Refused) as refused:
        counter.till.receipts.reprint(sale.id)
    assert "Drucker" in Formats(Translator("de")).sentence(refused.value)
    assert counter.till.receipts.preview(sale.id).startswith(b"\x89PNG")
