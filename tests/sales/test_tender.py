"""Paying: what is open, what goes back, and what a tender may not do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.errors import Refused
from till.money import MAX_CENTS, ZERO, Money, total
from till.sales.tender import Settlement, Tendered, TenderKind, check_tender, quick_cash, settle

CASH, CARD, VOUCHER = TenderKind.CASH, TenderKind.CARD, TenderKind.VOUCHER


def _paid(*parts: tuple[TenderKind, int]) -> list[Tendered]:
    return [Tendered(i, kind, kind.value, kind.value, Money(cents)) for i, (kind, cents) in enumerate(parts, 1)]


def test_nothing_paid_leaves_all_open() -> None:
    assert settle(Money(1060), []) == Settlement(Money(1060), ZERO, Money(1060), ZERO)


def test_cash_beyond_the_due_is_change() -> None:
    settlement = settle(Money(1060), _paid((CARD, 500), (CASH, 2000)))
    assert (settlement.open, settlement.change, settlement.excess) == (ZERO, Money(1440), ZERO)
    assert settlement.is_complete


def test_what_cash_cannot_return_is_an_excess() -> None:
    settlement = settle(Money(500), _paid((CARD, 1000), (CASH, 200)))
    assert (settlement.change, settlement.excess) == (Money(200), Money(500))
    assert not settlement.is_complete


def test_what_a_voucher_pays_out_goes_back_beside_the_change() -> None:
    voucher = Tendered(1, VOUCHER, "voucher", "AG-1", Money(700), paid_out=Money(14300))
    settlement = settle(Money(1000), [voucher, *_paid((CASH, 500))])
    assert (settlement.given, settlement.change, settlement.paid_out) == (Money(1200), Money(200), Money(14300))
    assert settlement.back == Money(14500)
    assert settlement.is_complete


def test_a_basket_for_nothing_is_paid() -> None:
    assert settle(ZERO, []).is_complete


@pytest.mark.parametrize(
    ("kind", "cents", "sentence"),
    [
        (CASH, 0, "above 0"),
        (CARD, -1, "above 0"),
        (CASH, MAX_CENTS + 1, "^“100000000.00” is too large. The most is 99999999.99.$"),
        (CARD, 1061, "Only 10.60 is still open; change is given for cash only"),
        (VOUCHER, 1061, "Only 10.60 is still open; the rest stays on the voucher"),
    ],
)
def test_a_senseless_payment_is_refused(kind: TenderKind, cents: int, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        check_tender(kind, Money(cents), settle(Money(1060), []))


@pytest.mark.parametrize(
    ("kind", "cents"), [(CASH, 10000), (CASH, 1), (CASH, MAX_CENTS), (CARD, 1060), (VOUCHER, 1), (VOUCHER, 1060)]
)
def test_a_sensible_payment_passes(kind: TenderKind, cents: int) -> None:
    check_tender(kind, Money(cents), settle(Money(1060), []))


def test_a_paid_sale_takes_no_more() -> None:
    with pytest.raises(Refused, match="Everything is paid"):
        check_tender(CASH, Money(100), settle(Money(1060), _paid((CARD, 1060))))


@pytest.mark.parametrize(
    ("due", "keys"),
    [
        (1060, [1060, 1100, 1500, 2000, 5000, 10000]),
        (1000, [1000, 2000, 5000, 10000]),
        (1, [1, 100, 500, 1000, 2000, 5000]),
        (4999, [4999, 5000, 6000, 10000]),
        (12345, [12345, 12400, 12500, 13000, 14000, 15000]),
        (0, []),
        (-100, []),
    ],
)
def test_the_quick_keys_are_what_customers_hand_over(due: int, keys: list[int]) -> None:
    assert [amount.cents for amount in quick_cash(Money(due))] == keys


@given(st.integers(1, 10**7))
def test_the_first_quick_key_is_exact_and_all_suffice(cents: int) -> None:
    keys = quick_cash(Money(cents))
    assert keys[0] == Money(cents)
    assert list(keys) == sorted(set(keys))
    assert 1 <= len(keys) <= 6


PARTS = st.lists(st.tuples(st.sampled_from(list(TenderKind)), st.integers(1, 10**6)), max_size=8)


@given(st.integers(0, 10**6), PARTS)
def test_no_cent_is_lost_in_any_payment(due: int, parts: list[tuple[TenderKind, int]]) -> None:
    paid = _paid(*parts)
    settlement = settle(Money(due), paid)
    assert settlement.given == total(t.amount for t in paid)
    assert settlement.given + settlement.open == settlement.due + settlement.change + settlement.excess
    assert not (settlement.open and (settlement.change or settlement.excess))
    assert settlement.change <= total(t.amount for t in paid if t.kind is CASH)
