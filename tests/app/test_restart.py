"""Closing and opening the program: the open basket is there again, and the books know what happened between."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from till.app.bootstrap import Ports, Till
from till.documents.model import DocumentKind
from till.money import Money
from till.sales.basket import PercentOff

if TYPE_CHECKING:
    from tests.app.conftest import Counter

Make = Callable[..., Till]
ROSE, CUP = "4006381333931", "4012345000023"


def test_an_open_basket_is_back_with_all_that_was_typed(make_till: Make, fast_ports: Ports, at: type[Counter]) -> None:
    first = at(make_till(ports=fast_ports))
    number = first.sell_voucher("Gutschein 25")
    first.sale.scan(ROSE)
    first.sale.scan(CUP)
    first.sale.set_note(first.line(1), "für Oma")
    first.sale.set_line_discount(first.line(2), PercentOff(1000))
    first.sale.set_discount(PercentOff(500))
    first.sale.redeem(first.voucher(number).standing.voucher.id, Money(500))
    left = first.sale.state
    first.till.close()

    again = at(make_till(ports=fast_ports))
    state = again.sale.state
    assert state.restored
    assert (state.priced, state.tendered) == (left.priced, left.tendered)
    aborted = again.till.receipts.find(3)
    assert aborted.draft.kind is DocumentKind.ABORTED
    again.sale.pay_cash(state.settlement.open)
    sold = again.sale.complete().document
    assert [reference.number for reference in sold.draft.references] == [aborted.number]
    assert again.problems() == []


def test_each_restart_is_a_vorgang_and_the_sale_names_them_all(
    make_till: Make, fast_ports: Ports, at: type[Counter]
) -> None:
    till = make_till(ports=fast_ports)
    till.sale.scan(ROSE)
    for _ in range(3):
        till.close()
        till = make_till(ports=fast_ports)
    till.sale.pay_cash(Money(350))
    sold = till.sale.complete().document
    assert [reference.number for reference in sold.draft.references] == [2, 3, 4]
    assert at(till).problems() == []


def test_a_sale_that_was_booked_or_cancelled_does_not_come_back(make_till: Make, fast_ports: Ports) -> None:
    till = make_till(ports=fast_ports)
    till.sale.scan(ROSE)
    till.sale.pay_cash(Money(350))
    till.sale.complete()
    till.sale.scan(CUP)
    till.sale.cancel()
    till.close()
    again = make_till(ports=fast_ports)
    assert again.sale.state.priced.basket.is_empty
    assert not again.sale.state.restored


def test_an_emptied_basket_ends_with_the_program(make_till: Make, fast_ports: Ports, at: type[Counter]) -> None:
    first = at(make_till(ports=fast_ports))
    first.sale.scan(ROSE)
    first.sale.undo()
    first.till.close()
    again = at(make_till(ports=fast_ports))
    assert again.till.receipts.find(2).draft.kind is DocumentKind.ABORTED
    assert again.problems() == []


def test_the_next_scan_goes_on_with_the_restored_basket(make_till: Make, fast_ports: Ports, at: type[Counter]) -> None:
    till = make_till(ports=fast_ports)
    till.sale.scan(ROSE)
    till.close()
    again = at(make_till(ports=fast_ports))
    again.sale.scan(ROSE)
    assert again.sale.state.priced.total == Money(700)
    assert not again.sale.state.restored
    again.sale.cancel()
    assert again.sale.state.priced.basket.is_empty
    assert again.problems() == []
