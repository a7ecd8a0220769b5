"""A surplus in cash is checked once more when it is booked, against what other tills have done meanwhile (V35, V36)."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from till.errors import Refused
from till.money import ZERO, Money
from till.vouchers import redeem
from till.vouchers.value import Wish

if TYPE_CHECKING:
    from tests.sales.conftest import Counter
    from till.sales.order import Order
    from till.vouchers.model import Voucher

ROSE, FREE, PROMOTION = uuid.UUID(int=1), uuid.UUID(int=102), uuid.UUID(int=103)


def paying_out(counter: Counter, voucher: Voucher, cents: int) -> Order:
    """A rose for 3,50 is paid with it, and so much goes back in cash."""
    order = counter.order([ROSE], [(voucher, 350)])
    return replace(order, tendered=tuple(replace(one, paid_out=Money(cents)) for one in order.tendered))


def test_what_another_till_has_taken_meanwhile_is_not_paid_out(counter: Counter) -> None:
    voucher = counter.sell_voucher(FREE, 15000)
    order = paying_out(counter, voucher, 14650)
    counter.beside("KASSE-2").sell([ROSE, ROSE, ROSE], [(voucher, 1000), ("cash", 50)])
    with pytest.raises(Refused, match=r"only 140.00 is left. Redeemed at till KASSE-2"):
        counter.book(order)
    assert counter.standing(voucher).remaining == Money(14000)


def test_an_order_that_pays_out_is_booked_once(counter: Counter) -> None:
    voucher = counter.sell_voucher(FREE, 15000)
    order = paying_out(counter, voucher, 14650)
    first = counter.book(order)
    assert counter.book(order).document.number == first.document.number
    assert counter.standing(voucher).remaining == ZERO


def test_never_more_than_the_paid_part_is_paid_out(counter: Counter) -> None:
    voucher = counter.sell_voucher(PROMOTION, 2000)
    with pytest.raises(Refused, match=r"only 17.67 of it can be paid out now"):
        counter.book(paying_out(counter, voucher, 1768))
    counter.book(paying_out(counter, voucher, 1767))
    left = counter.standing(voucher)
    assert (left.paid_left, left.bonus_left) == (ZERO, Money(883))


@pytest.mark.parametrize(("amount", "paid_out"), [(0, 0), (-1, 0), (100, -1)])
def test_a_wish_that_would_load_a_voucher_is_a_fault(counter: Counter, amount: int, paid_out: int) -> None:
    wish = Wish(uuid.uuid4(), Money(amount), Money(paid_out))
    with counter.database.read() as session, pytest.raises(ValueError, match="above 0"):
        redeem.take(session, counter.context, wish)
