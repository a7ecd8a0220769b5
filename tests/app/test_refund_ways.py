"""How a refund is shared among the ways to give it, and which ways there are (S1, V4)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.app.refund_ways import RefundSplit, RefundWay
from till.money import ZERO, Money, total

if TYPE_CHECKING:
    from tests.app.conftest import Counter

CASH, CARD = RefundWay("Bar", tender_id="cash"), RefundWay("Karte", tender_id="card")
VOUCHER = RefundWay("Reklamationsgutschein", voucher_type=uuid.UUID(int=1))
WAYS = (CASH, CARD, VOUCHER)


def test_at_first_it_goes_as_it_was_paid() -> None:
    assert RefundSplit().amounts(Money(2000)) == {}


def test_one_tap_takes_all_of_it_by_one_way() -> None:
    typed = RefundSplit().with_amount(VOUCHER, Money(500), CASH)
    assert typed.wholly(CARD).amounts(Money(2000)) == {CARD: Money(2000)}


def test_a_typed_amount_leaves_the_rest_where_it_was() -> None:
    split = RefundSplit().with_amount(VOUCHER, Money(500), CASH)
    assert split.amounts(Money(2000)) == {VOUCHER: Money(500), CASH: Money(1500)}
    again = split.with_amount(VOUCHER, Money(800), CARD)
    assert again.amounts(Money(2000)) == {VOUCHER: Money(800), CASH: Money(1200)}
    three = again.with_amount(CARD, Money(200), CASH)
    assert three.amounts(Money(2000)) == {VOUCHER: Money(800), CARD: Money(200), CASH: Money(1000)}


def test_an_amount_for_the_main_way_leaves_the_rest_to_another() -> None:
    split = RefundSplit(main=CASH).with_amount(CASH, Money(500), CARD)
    assert split.amounts(Money(2000)) == {CASH: Money(500), CARD: Money(1500)}


def test_more_than_there_is_goes_by_no_way() -> None:
    split = RefundSplit().with_amount(VOUCHER, Money(5000), CASH)
    assert split.amounts(Money(2000)) == {VOUCHER: Money(2000)}
    assert split.amounts(ZERO) == {}


@given(
    st.lists(st.tuples(st.sampled_from(WAYS), st.integers(1, 5000), st.sampled_from(WAYS)), max_size=5),
    st.integers(0, 4000),
)
def test_the_ways_always_give_the_whole_and_never_less_than_nothing(
    taps: list[tuple[RefundWay, int, RefundWay]], cents: int
) -> None:
    split = RefundSplit(main=CASH)
    for way, typed, instead in taps:
        if way != instead:
            split = split.with_amount(way, Money(typed), instead)
    amounts = split.amounts(Money(cents))
    assert total(amounts.values()) == Money(cents)
    assert all(amount > ZERO for amount in amounts.values())


def test_money_comes_before_vouchers_and_the_complaint_voucher_before_others(plain: Counter) -> None:
    ways = plain.till.refund_ways.ways()
    assert ways[0].tender_id == "cash"
    kinds = [way.voucher_type is not None for way in ways]
    assert kinds == sorted(kinds)
    vouchers = [way.name for way in ways if way.voucher_type is not None]
    assert vouchers[0] == "Reklamationsgutschein"
    assert "Gutschein frei" in vouchers
    assert not {"Gutschein 25", "Eigene Nummer"} & set(vouchers)
    assert "voucher" not in {way.tender_id for way in ways}


@pytest.mark.parametrize("is_cancellation", [False, True])
def test_reasons_stand_in_the_language_of_the_books(plain: Counter, *, is_cancellation: bool) -> None:
    reasons = plain.till.refund_ways.reasons(is_cancellation=is_cancellation)
    assert len(set(reasons)) == len(reasons) >= 3
