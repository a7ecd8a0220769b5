"""The books took it but the desk never heard so: it asks them before anything changes, and books nothing twice."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from till.app.bootstrap import Ports, open_till
from till.db.engine import NO_CONNECTION
from till.documents.model import DocumentKind
from till.errors import Refused, Unavailable
from till.money import Money
from till.shifts.movement import Movement, MovementKind, TakingBack

if TYPE_CHECKING:
    from tests.app.conftest import Counter

ROSE = "4006381333931"


@pytest.fixture
def paid(plain: Counter) -> Counter:
    """A voucher and a rose, paid in cash, whose booking was committed while its answer was lost."""
    plain.sale.add(plain.tile("Gutschein 25"))
    plain.sale.scan(ROSE)
    plain.sale.pay_cash(Money(3000))
    assert plain.till.settle()
    with plain.answers_lost(), pytest.raises(Unavailable):
        plain.sale.complete()
    assert not plain.sale.state.priced.basket.is_empty
    return plain


def test_completing_again_gives_the_document_that_was_booked(paid: Counter) -> None:
    sale = paid.sale.complete()
    assert (sale.change, sale.document.number) == (Money(150), 2)
    assert [voucher.number for voucher in sale.vouchers] == ["AG-0001"]
    assert (paid.count("voucher"), paid.count("document")) == (1, 2)
    assert paid.till.cash.expected_cash() == Money(10000 + 2850)
    assert paid.problems() == []
    assert paid.count("signature") == 2


CHANGES: dict[str, Callable[[Counter], object]] = {
    "the next scan": lambda c: c.sale.scan(ROSE),
    "a tap": lambda c: c.sale.add(c.tile("Becher")),
    "another price": lambda c: c.sale.set_price(c.line(2), Money(1)),
    "taking the cash back": lambda c: c.sale.take_back(1),
    "undo": lambda c: c.sale.undo(),
    "throwing it away": lambda c: c.sale.cancel(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_no_change_gets_past_a_sale_that_was_booked_after_all(paid: Counter, change: str) -> None:
    with pytest.raises(Refused) as refused:
        CHANGES[change](paid)
    assert "Nr. 2" in paid.said(refused.value)
    assert paid.sale.state.completed is not None
    assert paid.sale.state.completed.change == Money(150)
    assert paid.sale.state.priced.basket.is_empty
    assert paid.count("document") == 2
    paid.sell(ROSE)
    assert paid.problems() == []
    assert paid.count("signature") == 3


def test_a_sale_that_was_booked_after_all_is_signed_once_before_anybody_touches_the_till(paid: Counter) -> None:
    paid.until(lambda: paid.count("signature") == 2)
    paid.sale.complete()
    assert paid.till.settle()
    assert paid.count("tse_transaction") == 1
    assert paid.problems() == []


def test_closing_the_program_signs_the_sale_and_the_next_start_has_an_empty_basket(
    paid: Counter, fast_ports: Ports
) -> None:
    settings = paid.till.settings
    paid.till.close()
    with contextlib.closing(open_till(settings, fast_ports)) as again:
        counter = type(paid)(again)
        assert again.sale.state.priced.basket.is_empty
        assert (counter.count("document"), counter.count("signature"), counter.count("open_basket")) == (2, 2, 0)


def test_a_cancellation_that_was_booked_after_all_stays_one(plain: Counter) -> None:
    plain.sale.scan(ROSE)
    assert plain.till.settle()
    with plain.answers_lost(), pytest.raises(Unavailable):
        plain.sale.cancel()
    with pytest.raises(Refused):
        plain.sale.scan(ROSE)
    assert plain.sale.state.priced.basket.is_empty
    assert plain.till.receipts.find(2).draft.kind is DocumentKind.ABORTED
    plain.sell(ROSE)
    assert plain.problems() == []


def test_a_failure_before_the_commit_leaves_the_basket_as_it_was(plain: Counter) -> None:
    plain.sale.scan(ROSE)
    plain.sale.pay_cash(Money(350))
    assert plain.till.settle()

    def fail(_work: object, _wait_s: float | None = None) -> None:
        raise Unavailable(NO_CONNECTION)

    plain.database.run = fail  # type: ignore[method-assign,assignment]
    with pytest.raises(Unavailable):
        plain.sale.complete()
    del plain.database.run
    plain.sale.scan(ROSE)
    assert plain.sale.state.settlement.open == Money(350)
    plain.sale.pay_cash(Money(350))
    plain.sale.complete()
    assert plain.count("document") == 2
    assert plain.problems() == []


def test_a_z_whose_answer_was_lost_leaves_the_till_closed(plain: Counter) -> None:
    assert plain.till.settle()
    with plain.answers_lost(), pytest.raises(Unavailable):
        plain.till.cash.close_shift(None)
    assert not plain.till.cash.is_open
    with pytest.raises(Refused):
        plain.sale.scan(ROSE)


def test_a_till_opened_without_hearing_so_is_open(plain: Counter) -> None:
    plain.till.cash.close_shift(None)
    assert plain.till.settle()
    with plain.answers_lost(), pytest.raises(Unavailable):
        plain.till.cash.open_shift(Money(5000))
    assert plain.till.cash.is_open
    plain.sell(ROSE)


def _drop() -> Movement:
    return Movement(MovementKind.BANK_DROP, Money(10000), "zur Bank")


def test_a_movement_asked_for_again_is_booked_and_signed_once(plain: Counter) -> None:
    """The drawer is empty already, and still the same wish gets its document."""
    assert plain.till.settle()
    cash, wish = plain.till.cash, _drop()
    with plain.answers_lost(), pytest.raises(Unavailable):
        cash.move(wish)
    moved = cash.move(wish)
    back = TakingBack(moved.id, "vertippt")
    with plain.answers_lost(), pytest.raises(Unavailable):
        cash.take_back(back)
    taken_back = cash.take_back(back)
    assert (moved.number, taken_back.number, cash.expected_cash()) == (2, 3, Money(10000))
    plain.until(lambda: plain.count("signature") == 3)
    assert plain.problems() == []
    assert plain.count("document") == 3


DEEDS: dict[str, tuple[Callable[[Counter], object], DocumentKind]] = {
    "a drawer opening": (lambda c: c.till.cash.open_drawer(), DocumentKind.NO_SALE),
    "a bank drop": (lambda c: c.till.cash.move(_drop()), DocumentKind.CASH_MOVEMENT),
    "the beginning of training": (lambda c: c.till.training.begin(), DocumentKind.TRAINING_BEGAN),
    "a Z": (lambda c: c.till.cash.close_shift(Money(9000)), DocumentKind.CLOSING),
}


@pytest.mark.parametrize("name", DEEDS)
def test_what_the_cash_desk_never_heard_of_is_signed_all_the_same(plain: Counter, name: str) -> None:
    deed, kind = DEEDS[name]
    assert plain.till.settle()
    with plain.answers_lost(), pytest.raises(Unavailable):
        deed(plain)
    plain.until(lambda: plain.count("document") == plain.count("signature"))
    assert plain.till.receipts.find(plain.count("document")).draft.kind is kind
    assert plain.problems() == []
