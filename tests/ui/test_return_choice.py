"""What is chosen on the page of a return, as a value: steps, deposits, weighed goods, ways."""

from __future__ import annotations

import uuid

from till.app.refund_ways import RefundWay
from till.errors import Refused
from till.money import ZERO, Money
from till.quantity import Quantity, pieces
from till.sales.returned import MoneyBack, NewVoucherBack, ReturnableLine, ReturnPlan
from till.ui.returning.choice import Choice, shares_of

NONE = Quantity(0)
RECEIPT, TYPE = uuid.UUID(int=1), uuid.UUID(int=2)
CASH, CARD = RefundWay("Bar", tender_id="cash"), RefundWay("Karte", tender_id="card")
VOUCHER = RefundWay("Reklamationsgutschein", voucher_type=TYPE)


def line(
    position: int,
    sold: Quantity,
    returned: Quantity = NONE,
    deposit_of: int | None = None,
    refusal: Refused | None = None,
) -> ReturnableLine:
    """A line of a receipt."""
    return ReturnableLine(
        position, "Saft", "", Money(300), sold, returned, Money(900), Money(900), deposit_of, None, refusal
    )


JUICE, PFAND = line(0, pieces(3)), line(1, pieces(3), deposit_of=0)
CHEESE = line(2, Quantity(345))
PLAN = ReturnPlan((), Money(2000), (), (), Money(2000), (), ())


def test_a_step_is_one_piece_and_ends_at_what_is_left() -> None:
    choice = Choice(RECEIPT).stepped(line(0, pieces(3), pieces(1)), NONE, 1)
    assert choice.quantities == {0: pieces(1)}
    assert choice.stepped(line(0, pieces(3), pieces(1)), pieces(2), 1).quantities == {0: pieces(2)}
    assert choice.stepped(JUICE, NONE, -1).quantities == {0: NONE}


def test_what_was_weighed_comes_back_as_it_was_weighed() -> None:
    assert Choice(RECEIPT).stepped(CHEESE, NONE, 1).quantities == {2: Quantity(345)}
    assert Choice(RECEIPT).stepped(CHEESE, Quantity(345), -1).quantities == {2: NONE}


def test_everything_leaves_deposits_to_their_articles() -> None:
    choice = Choice(RECEIPT).with_all((JUICE, PFAND, CHEESE, line(3, pieces(1), refusal=Refused("no"))))
    assert choice.quantities == {0: pieces(3), 2: Quantity(345)}


def test_a_bottle_that_is_left_over_is_named_itself() -> None:
    choice = Choice(RECEIPT).with_all((line(0, pieces(3), pieces(2)), PFAND))
    assert choice.quantities == {0: pieces(1), 1: pieces(3)}


def test_a_bottle_that_stays_with_the_customer_is_told_as_none() -> None:
    choice = Choice(RECEIPT).with_all((JUICE, PFAND)).stepped(PFAND, pieces(1), -1)
    assert choice.wish(uuid.UUID(int=9), None).quantities == ((0, pieces(3)), (1, NONE))


def test_nothing_chosen_is_nothing_to_lose() -> None:
    assert not Choice(RECEIPT).is_touched
    assert not Choice(RECEIPT, is_cancellation=True).is_touched
    assert Choice(RECEIPT, is_cancellation=True).takes_any
    assert Choice(RECEIPT, reason="welk").is_touched
    assert not Choice(RECEIPT, quantities={0: NONE}).is_touched
    assert Choice(RECEIPT).with_way(CARD).is_touched
    assert Choice(RECEIPT).with_paid_out(TYPE, is_on=True).is_touched
    assert not Choice(RECEIPT).with_paid_out(TYPE, is_on=True).with_paid_out(TYPE, is_on=False).is_touched


def test_a_wish_says_the_ways_only_where_somebody_chose_them() -> None:
    wish_id = uuid.UUID(int=9)
    assert Choice(RECEIPT).wish(wish_id, PLAN).refunds is None
    shared = Choice(RECEIPT).with_amount(VOUCHER, Money(500), CASH).wish(wish_id, PLAN)
    assert shared.refunds == (MoneyBack("cash", Money(1500)),)
    assert shared.vouchers == (NewVoucherBack(TYPE, Money(500)),)
    assert Choice(RECEIPT).with_way(VOUCHER).wish(wish_id, PLAN).refunds == ()


def test_a_cancellation_names_no_lines() -> None:
    choice = Choice(RECEIPT, is_cancellation=True, quantities={0: pieces(1)}, reason="falsch")
    wish = choice.wish(uuid.UUID(int=9), None)
    assert (wish.is_cancellation, wish.quantities, wish.reason) == (True, (), "falsch")


def test_the_shares_of_a_plan_stand_on_the_ways_that_there_are() -> None:
    plan = ReturnPlan(
        (),
        ZERO,
        (),
        (),
        ZERO,
        (MoneyBack("cash", Money(5)), MoneyBack("gone", Money(1))),
        (NewVoucherBack(TYPE, Money(7)),),
    )
    assert shares_of(plan, (CASH, CARD, VOUCHER)) == {CASH: Money(5), VOUCHER: Money(7)}
