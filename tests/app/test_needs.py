"""What changing a basket needs is read from both baskets, so that no order of steps leads round a permission."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from till.app.needs import of_change
from till.business_case import GvTyp, VatKey
from till.catalog.price_list import ListPrice, Tier
from till.errors import Refused
from till.money import Money
from till.quantity import ONE, Quantity
from till.sales.basket import AmountOff, Basket, Item, ItemKind, PercentOff, VoucherOrder
from till.staff.permission import Need, Permission, Rights

ROSE = Item(ItemKind.ARTICLE, "1", "Rose", VatKey.REDUCED)
CUP = Item(ItemKind.ARTICLE, "2", "Becher", VatKey.GENERAL)
DEPOSIT = Item(ItemKind.DEPOSIT, "3", "Pfand", VatKey.GENERAL, takes_discount=False)
VOUCHER = Item(
    ItemKind.VOUCHER,
    "901",
    "Gutschein",
    VatKey.NOT_TAXABLE,
    GvTyp.MEHRZWECK_KAUF,
    takes_discount=False,
    voucher=VoucherOrder(uuid.UUID(int=1), Money(2500)),
)
EMPTY = Basket(uuid.UUID(int=9), dt.datetime(2026, 11, 20, 11, tzinfo=dt.UTC))
ROSES = EMPTY.with_line(ROSE, Money(350), Quantity(2000))
P = Permission


def test_selling_and_more_of_the_same_needs_nothing_besides() -> None:
    assert of_change(EMPTY, ROSES) == ()
    assert of_change(ROSES, ROSES) == ()
    assert of_change(ROSES, ROSES.with_line(ROSE, Money(350))) == ()
    assert of_change(ROSES, ROSES.with_line(CUP, Money(1200))) == ()
    assert of_change(ROSES, ROSES.with_note(1, "für Oma")) == ()


def test_less_is_taking_out() -> None:
    assert of_change(ROSES, EMPTY) == (Need(P.REMOVE),)
    assert of_change(ROSES, ROSES.with_quantity(1, ONE)) == (Need(P.REMOVE),)


def test_vouchers_and_prices() -> None:
    assert of_change(EMPTY, EMPTY.with_line(VOUCHER, Money(2500))) == (Need(P.SELL_VOUCHER),)
    dearer, cheaper = ROSES.with_price(1, Money(400)), ROSES.with_price(1, Money(300))
    assert of_change(ROSES, dearer) == of_change(ROSES, cheaper) == (Need(P.CHANGE_PRICE),)
    assert of_change(cheaper, ROSES, is_undo=True) == (), "undoing may bring a price back up"
    assert of_change(dearer, ROSES, is_undo=True) == (Need(P.CHANGE_PRICE),)


def test_prices_by_quantity_are_nobodys_change() -> None:
    listed = replace(ROSE, list_price=ListPrice(Money(350), (Tier(Quantity(10_000), Money(300)),)))
    nine = EMPTY.with_line(listed, Money(350), Quantity(9000))
    ten = nine.with_line(listed, Money(350))
    assert of_change(nine, ten) == ()
    assert of_change(ten, nine) == (Need(P.REMOVE),)
    assert of_change(ten, ten.with_price(1, Money(350))) == (Need(P.CHANGE_PRICE),)
    assert of_change(ten.with_price(1, Money(400)), ten, is_undo=True) == (Need(P.CHANGE_PRICE),)


def test_a_discount_counts_by_its_share_rounded_up() -> None:
    assert of_change(ROSES, ROSES.with_line_discount(1, PercentOff(1000))) == (Need(P.LINE_DISCOUNT, 1000),)
    assert of_change(ROSES, ROSES.with_line_discount(1, AmountOff(Money(70)))) == (Need(P.LINE_DISCOUNT, 1000),)
    assert of_change(ROSES, ROSES.with_line_discount(1, AmountOff(Money(1)))) == (Need(P.LINE_DISCOUNT, 15),)
    assert of_change(ROSES, ROSES.with_discount(AmountOff(Money(700)))) == (Need(P.BASKET_DISCOUNT, 10_000),)


def test_a_fixed_discount_on_less_is_a_steeper_one() -> None:
    reduced = ROSES.with_line_discount(1, AmountOff(Money(300)))
    assert set(of_change(reduced, reduced.with_quantity(1, ONE))) == {Need(P.REMOVE), Need(P.LINE_DISCOUNT, 8572)}
    both = ROSES.with_line(CUP, Money(1200)).with_discount(AmountOff(Money(350)))
    assert set(of_change(both, both.without_line(2))) == {Need(P.REMOVE), Need(P.BASKET_DISCOUNT, 5000)}


def test_a_discount_that_gets_smaller_or_goes_needs_nothing() -> None:
    half = ROSES.with_line_discount(1, PercentOff(5000))
    assert of_change(half, ROSES) == ()
    assert of_change(half, ROSES.with_line_discount(1, PercentOff(4999))) == ()
    assert of_change(half, half.with_quantity(1, Quantity(3000))) == ()


def test_of_several_lines_the_steepest_discount_counts() -> None:
    two = ROSES.with_line(CUP, Money(1200))
    reduced = two.with_line_discount(1, PercentOff(500)).with_line_discount(2, PercentOff(2000))
    assert of_change(two, reduced) == (Need(P.LINE_DISCOUNT, 2000),)
    other = two.with_line_discount(1, PercentOff(2000)).with_line_discount(2, PercentOff(500))
    assert of_change(two, other) == (Need(P.LINE_DISCOUNT, 2000),)


def test_a_discount_left_on_nothing_is_all_of_it() -> None:
    alone = ROSES.with_discount(AmountOff(Money(100))).with_line(DEPOSIT, Money(25))
    assert Need(P.BASKET_DISCOUNT, 10_000) in of_change(alone, alone.without_line(1))


Step = Callable[[Basket], Basket]
_IDS, _CENTS = st.integers(1, 4), st.integers(0, 2000).map(Money)
_OFF = st.none() | st.integers(1, 10_000).map(PercentOff) | st.integers(1, 2000).map(lambda c: AmountOff(Money(c)))
STEPS: st.SearchStrategy[Step] = st.one_of(
    st.builds(lambda item, price: lambda b: b.with_line(item, price), st.sampled_from([ROSE, CUP, VOUCHER]), _CENTS),
    st.builds(lambda i, n: lambda b: b.with_quantity(i, Quantity(n * 1000)), _IDS, st.integers(1, 5)),
    st.builds(lambda i, price: lambda b: b.with_price(i, price), _IDS, _CENTS),
    st.builds(lambda i, off: lambda b: b.with_line_discount(i, off), _IDS, _OFF),
    st.builds(lambda off: lambda b: b.with_discount(off), _OFF),
    st.builds(lambda i: lambda b: b.without_line(i), _IDS),
)
_WEAK = Rights(frozenset({P.SELL, P.LINE_DISCOUNT}), 10)


@given(st.lists(STEPS | st.none(), max_size=25))
def test_whatever_a_cashier_does_nothing_leaves_the_basket_and_no_line_costs_less_than_nine_tenths(
    steps: list[Step | None],
) -> None:
    """None is undoing. A basket is only taken where the cashier's rights allow all that it needs."""
    basket, undo, prices = EMPTY, list[Basket](), dict[int, Money]()
    for step in steps:
        if step is None and not undo:
            continue
        try:
            after = undo[-1] if step is None else step(basket)
        except Refused:
            continue
        if not all(_WEAK.allow(need) for need in of_change(basket, after, is_undo=step is None)):
            continue
        assert {line.id for line in basket.lines} <= {line.id for line in after.lines}
        assert all(after.line(line.id).quantity >= line.quantity for line in basket.lines)
        undo = undo[:-1] if step is None else [*undo, basket]
        basket = after
        for line in basket.lines:
            assert line.unit_price == prices.setdefault(line.id, line.unit_price)
            assert line.item.voucher is None
            match line.discount:
                case PercentOff(basis_points):
                    assert basis_points <= 1000
                case AmountOff(amount):
                    assert amount.cents * 10 <= line.gross.cents
        assert basket.discount is None
    assert replace(basket) == basket
