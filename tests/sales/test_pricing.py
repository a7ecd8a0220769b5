"""What a basket costs: discounts to the cent, VAT per key, totals."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.business_case import GvTyp, VatKey
from till.errors import Refused
from till.money import MAX_CENTS, ZERO, Money, total
from till.quantity import Quantity, pieces
from till.sales.basket import AmountOff, Basket, Deposit, Discount, Item, ItemKind, PercentOff, VoucherOrder
from till.sales.pricing import PricedBasket, price, rate_of
from till.tax import included_tax

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
EMPTY = Basket(uuid.UUID(int=1), NOON)
RATES = {VatKey.GENERAL: 1900, VatKey.REDUCED: 700, VatKey.NOT_TAXABLE: 0}
MUG = Item(ItemKind.ARTICLE, "3", "Becher", VatKey.GENERAL)
ROSE = Item(ItemKind.ARTICLE, "1", "Rose", VatKey.REDUCED)
TEA = Item(ItemKind.ARTICLE, "2", "Tee", VatKey.REDUCED)
CHEESE = Item(ItemKind.ARTICLE, "8", "Käse", VatKey.REDUCED, whole_pieces=False)
GLASS = Item(ItemKind.DEPOSIT, "6", "Pfand", VatKey.GENERAL, GvTyp.PFAND, takes_discount=False)
VOUCHER = Item(
    ItemKind.VOUCHER,
    "901",
    "Gutschein",
    VatKey.NOT_TAXABLE,
    GvTyp.MEHRZWECK_KAUF,
    takes_discount=False,
    voucher=VoucherOrder(uuid.UUID(int=901), Money(2500)),
)


def _offs(priced: PricedBasket) -> list[int]:
    return [line.basket_off.cents for line in priced.lines]


def test_an_empty_basket_costs_nothing() -> None:
    priced = price(EMPTY, RATES)
    assert (priced.total, priced.discount, priced.vat) == (ZERO, ZERO, ())


def test_vat_is_summed_per_key_and_rounded_once() -> None:
    basket = EMPTY.with_line(MUG, Money(4000)).with_line(ROSE, Money(1000)).with_line(TEA, Money(1000))
    priced = price(basket, RATES)
    assert [(vat.vat_key, vat.rate_bp, vat.gross, vat.tax) for vat in priced.vat] == [
        (VatKey.GENERAL, 1900, Money(4000), Money(639)),
        (VatKey.REDUCED, 700, Money(2000), Money(131)),
    ]
    assert priced.total == Money(6000)


def test_a_percentage_is_half_up_on_the_lines_amount() -> None:
    basket = EMPTY.with_line(ROSE, Money(345)).with_line_discount(1, PercentOff(1000))
    (line,) = price(basket, RATES).lines
    assert (line.gross, line.line_off, line.amount) == (Money(345), Money(35), Money(310))


def test_a_percentage_of_a_line_below_nothing_keeps_its_sign() -> None:
    basket = EMPTY.with_line(ROSE, Money(1000)).with_line(TEA, Money(-345)).with_line_discount(2, PercentOff(1000))
    line = price(basket, RATES).lines[1]
    assert (line.line_off, line.amount) == (Money(-35), Money(-310))


def test_an_amount_is_taken_off_as_it_is() -> None:
    basket = EMPTY.with_line(ROSE, Money(350), pieces(3)).with_line_discount(1, AmountOff(Money(100)))
    priced = price(basket, RATES)
    assert (priced.total, priced.discount) == (Money(950), Money(100))


def test_a_baskets_discount_is_split_to_the_cent_with_ties_to_the_earlier_line() -> None:
    basket = EMPTY.with_line(MUG, Money(100)).with_line(ROSE, Money(100)).with_line(TEA, Money(100))
    assert _offs(price(basket.with_discount(AmountOff(Money(100))), RATES)) == [34, 33, 33]
    assert _offs(price(basket.with_discount(PercentOff(500)), RATES)) == [5, 5, 5]


def test_a_baskets_discount_skips_vouchers_and_deposits() -> None:
    basket = (
        EMPTY.with_line(MUG, Money(1000), deposit=Deposit(GLASS, Money(200)))
        .with_line(VOUCHER, Money(2500))
        .with_discount(PercentOff(1000))
    )
    priced = price(basket, RATES)
    assert _offs(priced) == [100, 0, 0]
    assert priced.total == Money(3600)


def test_a_baskets_discount_is_taken_from_what_the_lines_discounts_leave() -> None:
    basket = EMPTY.with_line(MUG, Money(1000)).with_line(ROSE, Money(1000)).with_line_discount(1, PercentOff(5000))
    assert _offs(price(basket.with_discount(PercentOff(1000)), RATES)) == [50, 100]


def test_an_amount_off_never_exceeds_what_is_left_to_take_it_from() -> None:
    basket = EMPTY.with_line(MUG, Money(1000)).with_line(VOUCHER, Money(2500)).with_discount(AmountOff(Money(900)))
    assert price(basket.with_price(1, Money(300)), RATES).total == Money(2500)
    assert price(basket.without_line(1), RATES).total == Money(2500)


def test_a_basket_of_vouchers_alone_takes_no_discount() -> None:
    basket = replace(EMPTY.with_line(VOUCHER, Money(2500)), discount=PercentOff(1000))
    assert price(basket, RATES).discount == ZERO


def test_a_total_beyond_the_widest_amount_is_refused() -> None:
    basket = EMPTY.with_line(MUG, Money(MAX_CENTS)).with_line(ROSE, Money(1))
    with pytest.raises(Refused, match=r"A total of 100000000.00 is too much"):
        price(basket, RATES)
    assert price(basket.without_line(2), RATES).total == Money(MAX_CENTS)


def test_a_key_without_a_rate_is_refused() -> None:
    with pytest.raises(Refused, match="no VAT rate for key 2 today"):
        price(EMPTY.with_line(ROSE, Money(350)), {VatKey.GENERAL: 1900})
    assert rate_of(RATES, VatKey.GENERAL) == 1900


DISCOUNTS = st.one_of(
    st.none(), st.integers(1, 10_000).map(PercentOff), st.integers(1, 5_000).map(lambda cents: AmountOff(Money(cents)))
)


@st.composite
def baskets(draw: st.DrawFn) -> Basket:
    basket = EMPTY
    for item in draw(st.lists(st.sampled_from([MUG, ROSE, TEA, CHEESE, VOUCHER]), min_size=1, max_size=12)):
        quantity = Quantity(draw(st.integers(1, 5000))) if item is CHEESE else pieces(1)
        basket = _attempt(basket, draw(DISCOUNTS), basket.with_line(item, Money(draw(st.integers(0, 9999))), quantity))
    discount = draw(DISCOUNTS)
    try:
        return basket.with_discount(discount)
    except Refused:
        return basket


def _attempt(before: Basket, discount: Discount | None, basket: Basket) -> Basket:
    if len(basket.lines) == len(before.lines):
        return basket
    try:
        return basket.with_line_discount(basket.lines[-1].id, discount)
    except Refused:
        return basket


@given(baskets())
def test_any_basket_adds_up(basket: Basket) -> None:
    priced = price(basket, RATES)
    assert total(line.amount for line in priced.lines) == priced.total
    assert total(vat.gross for vat in priced.vat) == priced.total
    assert total(line.gross for line in priced.lines) - priced.discount == priced.total
    for line in priced.lines:
        assert ZERO <= line.amount <= line.gross
        assert not line.basket_off or line.line.item.takes_discount
    for vat in priced.vat:
        assert vat.tax == included_tax(vat.gross, vat.rate_bp)
