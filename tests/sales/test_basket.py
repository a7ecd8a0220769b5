"""The basket: every change is a new basket, and every rule says no in words."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.business_case import GvTyp, VatKey
from till.catalog.price_list import ListPrice, Tier
from till.errors import Refused
from till.money import MAX_CENTS, Money
from till.quantity import MAX_THOUSANDTHS, ONE, Quantity, pieces
from till.sales.basket import (
    MAX_LINES,
    AmountOff,
    Basket,
    Deposit,
    Item,
    ItemKind,
    PercentOff,
    VoucherOrder,
    discount_values,
)

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
EMPTY = Basket(uuid.UUID(int=1), NOON)
ROSE = Item(ItemKind.ARTICLE, "1", "Rose", VatKey.REDUCED)
TEA = Item(ItemKind.ARTICLE, "2", "Tee", VatKey.REDUCED)
CHEESE = Item(ItemKind.ARTICLE, "8", "Käse", VatKey.REDUCED, unit="kg", whole_pieces=False)
NET_PRICE = Item(ItemKind.ARTICLE, "9", "Buch", VatKey.REDUCED, takes_discount=False)
GLASS = Item(ItemKind.DEPOSIT, "6", "Pfand", VatKey.GENERAL, GvTyp.PFAND, takes_discount=False)
JUICE = Item(ItemKind.ARTICLE, "5", "Saft", VatKey.GENERAL)
VOUCHER = Item(
    ItemKind.VOUCHER,
    "901",
    "Gutschein 25",
    VatKey.NOT_TAXABLE,
    GvTyp.MEHRZWECK_KAUF,
    takes_discount=False,
    voucher=VoucherOrder(uuid.UUID(int=901), Money(2500)),
)
WITH_DEPOSIT = Deposit(GLASS, Money(200))


def test_an_item_becomes_a_line() -> None:
    basket = EMPTY.with_line(ROSE, Money(350), pieces(2))
    assert [(line.item, line.quantity, line.gross) for line in basket.lines] == [(ROSE, pieces(2), Money(700))]
    assert EMPTY.is_empty
    assert not basket.is_empty


def test_like_lines_are_merged() -> None:
    basket = EMPTY.with_line(ROSE, Money(350)).with_line(TEA, Money(890)).with_line(ROSE, Money(350), pieces(3))
    assert [(line.item.name, line.quantity) for line in basket.lines] == [("Rose", pieces(4)), ("Tee", ONE)]


@pytest.mark.parametrize(
    "changed",
    [
        lambda basket: basket.with_price(1, Money(300)),
        lambda basket: basket.with_line_discount(1, PercentOff(1000)),
        lambda basket: basket.with_note(1, "für Oma"),
    ],
)
def test_a_line_with_its_own_price_discount_or_note_stays_apart(changed: Callable[[Basket], Basket]) -> None:
    basket = changed(EMPTY.with_line(ROSE, Money(350))).with_line(ROSE, Money(350))
    assert [line.quantity for line in basket.lines] == [ONE, ONE]


def test_vouchers_never_share_a_line() -> None:
    basket = EMPTY.with_line(VOUCHER, Money(2500)).with_line(VOUCHER, Money(2500))
    assert [line.id for line in basket.lines] == [1, 2]


def test_a_voucher_line_is_one_voucher_at_the_price_of_its_type() -> None:
    basket = EMPTY.with_line(VOUCHER, Money(2500))
    with pytest.raises(Refused, match="own number"):
        basket.with_quantity(1, pieces(2))
    with pytest.raises(Refused, match="belongs to its type"):
        basket.with_price(1, Money(100))
    assert basket.with_quantity(1, ONE) == basket


def test_a_voucher_line_takes_a_discount_of_its_own() -> None:
    basket = EMPTY.with_line(VOUCHER, Money(2500)).with_line_discount(1, AmountOff(Money(500)))
    assert basket.line(1).discount == AmountOff(Money(500))


def test_a_deposit_follows_its_article() -> None:
    basket = EMPTY.with_line(JUICE, Money(300), deposit=WITH_DEPOSIT)
    assert [(line.item, line.belongs_to) for line in basket.lines] == [(JUICE, None), (GLASS, 1)]
    more = basket.with_quantity(1, pieces(5))
    assert [line.quantity for line in more.lines] == [pieces(5), pieces(5)]
    again = more.with_line(JUICE, Money(300), deposit=WITH_DEPOSIT)
    assert [line.quantity for line in again.lines] == [pieces(6), pieces(6)]
    assert more.without_line(1).is_empty


def test_a_deposit_has_no_quantity_of_its_own() -> None:
    basket = EMPTY.with_line(JUICE, Money(300), deposit=WITH_DEPOSIT)
    with pytest.raises(Refused, match="belongs to its article"):
        basket.with_quantity(2, pieces(3))


def test_a_deposit_that_was_taken_out_comes_with_the_next_article() -> None:
    basket = EMPTY.with_line(JUICE, Money(300), deposit=WITH_DEPOSIT).without_line(2)
    assert [line.item for line in basket.lines] == [JUICE]
    again = basket.with_line(JUICE, Money(300), deposit=WITH_DEPOSIT)
    assert [(line.item, line.quantity) for line in again.lines] == [(JUICE, ONE), (JUICE, ONE), (GLASS, ONE)]


def test_a_deposit_sold_alone_is_no_articles_deposit() -> None:
    basket = EMPTY.with_line(JUICE, Money(300), deposit=WITH_DEPOSIT).with_line(GLASS, Money(200))
    assert [line.belongs_to for line in basket.lines] == [None, 1, None]


@pytest.mark.parametrize(
    ("quantity", "sentence"),
    [
        (Quantity(0), "can’t be 0. To take “Rose” out, remove the line"),
        (pieces(-1), "can’t be below 0"),
        (pieces(10**9), "1000000000 is too large. The most is 99999"),
        (Quantity(1500), "^“Rose” is sold by the piece. Type a whole number.$"),
    ],
)
def test_a_senseless_quantity_is_refused(quantity: Quantity, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        EMPTY.with_line(ROSE, Money(350), quantity)
    with pytest.raises(Refused, match=sentence):
        EMPTY.with_line(ROSE, Money(350)).with_quantity(1, quantity)


def test_weighed_goods_take_a_fraction() -> None:
    assert EMPTY.with_line(CHEESE, Money(1999), Quantity(345)).line(1).gross == Money(690)


def test_a_line_beyond_the_widest_amount_is_refused() -> None:
    with pytest.raises(Refused, match=r"^199999999.98 on one line is too much. Check quantity and price.$"):
        EMPTY.with_line(ROSE, Money(MAX_CENTS), pieces(2))
    assert EMPTY.with_line(ROSE, Money(MAX_CENTS)).line(1).gross == Money(MAX_CENTS)


def test_the_widest_quantity_is_taken() -> None:
    assert EMPTY.with_line(CHEESE, Money(1), Quantity(MAX_THOUSANDTHS)).line(1).quantity == Quantity(MAX_THOUSANDTHS)


def test_a_price_below_nothing_is_refused() -> None:
    basket = EMPTY.with_line(ROSE, Money(350))
    with pytest.raises(Refused, match="below 0"):
        basket.with_price(1, Money(-1))
    assert basket.with_price(1, Money(0)).line(1).gross == Money(0)


def test_a_basket_holds_five_hundred_lines() -> None:
    basket = EMPTY
    for number in range(MAX_LINES):
        basket = basket.with_line(Item(ItemKind.ARTICLE, str(number), "x", VatKey.GENERAL), Money(1))
    assert len(basket.lines) == MAX_LINES
    with pytest.raises(Refused, match="at most 500 lines"):
        basket.with_line(ROSE, Money(350))
    with pytest.raises(Refused, match="at most 500 lines"):
        basket.without_line(1).with_line(JUICE, Money(300), deposit=WITH_DEPOSIT)
    full = basket.without_line(1).without_line(2).with_line(JUICE, Money(300), deposit=WITH_DEPOSIT)
    assert len(full.lines) == MAX_LINES


@pytest.mark.parametrize(
    ("discount", "sentence"),
    [
        (PercentOff(0), "between 0 and 100"),
        (PercentOff(-100), "between 0 and 100"),
        (PercentOff(10001), "between 0 and 100"),
        (AmountOff(Money(0)), "above 0"),
        (AmountOff(Money(-1)), "above 0"),
        (AmountOff(Money(351)), "3.51 is more than the 3.50"),
    ],
)
def test_a_senseless_discount_is_refused(discount: PercentOff | AmountOff, sentence: str) -> None:
    basket = EMPTY.with_line(ROSE, Money(350)).with_line(NET_PRICE, Money(5000))
    with pytest.raises(Refused, match=sentence):
        basket.with_line_discount(1, discount)
    with pytest.raises(Refused, match=sentence):
        basket.with_discount(discount)


def test_a_discount_up_to_the_whole_is_taken_and_can_be_taken_away() -> None:
    basket = EMPTY.with_line(ROSE, Money(350))
    for discount in (PercentOff(1), PercentOff(10000), AmountOff(Money(1)), AmountOff(Money(350))):
        assert basket.with_line_discount(1, discount).with_line_discount(1, None) == basket
        assert basket.with_discount(discount).with_discount(None) == basket


def test_an_article_without_discounts_says_so() -> None:
    with pytest.raises(Refused, match="“Buch” takes no discount"):
        EMPTY.with_line(NET_PRICE, Money(2000)).with_line_discount(1, PercentOff(1000))


def test_a_quantity_that_undercuts_the_lines_discount_is_refused() -> None:
    basket = EMPTY.with_line(ROSE, Money(350), pieces(2)).with_line_discount(1, AmountOff(Money(500)))
    with pytest.raises(Refused, match=r"5.00 is more than the 3.50"):
        basket.with_quantity(1, ONE)


def test_a_note_has_at_most_eighty_characters() -> None:
    basket = EMPTY.with_line(ROSE, Money(350))
    assert basket.with_note(1, "x" * 80).line(1).note == "x" * 80
    with pytest.raises(Refused, match="at most 80"):
        basket.with_note(1, "x" * 81)


@pytest.mark.parametrize(
    "change",
    [
        lambda basket: basket.with_quantity(9, ONE),
        lambda basket: basket.with_price(9, Money(1)),
        lambda basket: basket.with_line_discount(9, None),
        lambda basket: basket.with_note(9, ""),
        lambda basket: basket.without_line(9),
    ],
)
def test_a_line_that_is_gone_is_refused(change: Callable[[Basket], Basket]) -> None:
    with pytest.raises(Refused, match="no longer in the basket"):
        change(EMPTY.with_line(ROSE, Money(350)))


def test_the_last_line_takes_the_baskets_discount_with_it() -> None:
    basket = EMPTY.with_line(ROSE, Money(350)).with_line(TEA, Money(890)).with_discount(PercentOff(1000))
    assert basket.without_line(1).discount == PercentOff(1000)
    assert basket.without_line(1).without_line(2).discount is None


def test_lines_are_numbered_as_they_come_a_deposit_like_any_other() -> None:
    basket = EMPTY.with_line(JUICE, Money(300), deposit=WITH_DEPOSIT).with_line(ROSE, Money(350))
    assert [line.id for line in basket.lines] == [1, 2, 3]


def test_a_lines_id_is_never_given_again() -> None:
    basket = EMPTY.with_line(ROSE, Money(350)).without_line(1).with_line(ROSE, Money(350))
    assert basket.lines[0].id == 2


def test_discounts_have_a_plain_form() -> None:
    assert discount_values(PercentOff(1000)) == ["percent", 1000]
    assert discount_values(AmountOff(Money(5))) == ["amount", Money(5)]
    assert discount_values(None) is None


@given(st.lists(st.tuples(st.sampled_from([ROSE, TEA, JUICE]), st.integers(1, 50)), max_size=30))
def test_however_often_something_is_scanned_there_is_one_line_of_it(scans: list[tuple[Item, int]]) -> None:
    basket = EMPTY
    for item, count in scans:
        basket = basket.with_line(item, Money(100), pieces(count), deposit=WITH_DEPOSIT if item is JUICE else None)
    for item in (ROSE, TEA, JUICE):
        wanted = sum(count for scanned, count in scans if scanned is item)
        assert [line.quantity for line in basket.lines if line.item is item] == ([pieces(wanted)] if wanted else [])
    tied = [line for line in basket.lines if line.belongs_to is not None]
    assert all(line.quantity == basket.line(line.belongs_to or 0).quantity for line in tied)


# Prices by quantity, and planned ones

TIERS = (Tier(pieces(10), Money(300)), Tier(pieces(50), Money(250)))
LISTED_ROSE = replace(ROSE, list_price=ListPrice(Money(350), TIERS))


def test_the_quantity_chooses_the_price_up_and_down() -> None:
    basket = EMPTY.with_line(LISTED_ROSE, Money(350), pieces(12))
    assert basket.line(1).unit_price == Money(300)
    assert basket.with_quantity(1, pieces(9)).line(1).unit_price == Money(350)
    assert basket.with_quantity(1, pieces(50)).line(1).gross == Money(12_500)


def test_scanning_one_by_one_reaches_the_tier_in_one_line() -> None:
    basket = EMPTY
    for _ in range(10):
        basket = basket.with_line(LISTED_ROSE, Money(350))
    assert [(line.quantity, line.gross) for line in basket.lines] == [(pieces(10), Money(3000))]


def test_a_typed_price_stays_whatever_the_quantity() -> None:
    basket = EMPTY.with_line(LISTED_ROSE, Money(350), pieces(2)).with_price(1, Money(320))
    assert basket.with_quantity(1, pieces(99)).line(1).unit_price == Money(320)
    both = basket.with_line(LISTED_ROSE, Money(350))
    assert [line.unit_price for line in both.lines] == [Money(320), Money(350)]


def test_a_discount_in_euros_never_exceeds_the_tiers_price() -> None:
    basket = EMPTY.with_line(LISTED_ROSE, Money(350), pieces(9)).with_line_discount(1, AmountOff(Money(3100)))
    with pytest.raises(Refused, match="is more than"):
        basket.with_quantity(1, pieces(10))


def test_a_deposit_follows_the_quantity_at_its_own_price() -> None:
    listed = replace(JUICE, list_price=ListPrice(Money(300), (Tier(pieces(6), Money(250)),)))
    basket = EMPTY.with_line(listed, Money(300), deposit=WITH_DEPOSIT).with_quantity(1, pieces(6))
    assert [(line.quantity, line.unit_price) for line in basket.lines] == [
        (pieces(6), Money(250)),
        (pieces(6), WITH_DEPOSIT.unit_price),
    ]


def test_new_list_prices_are_taken_at_the_lines_quantity_and_it_remembers_the_old_one() -> None:
    basket = EMPTY.with_line(LISTED_ROSE, Money(350), pieces(10)).with_note(1, "rot")
    changed = basket.with_list_price(1, ListPrice(Money(400), (Tier(pieces(5), Money(390)),)))
    assert (changed.line(1).unit_price, changed.line(1).price_before) == (Money(390), Money(300))
    plain = changed.with_list_price(1, ListPrice(Money(410)))
    assert (plain.line(1).item, plain.line(1).unit_price) == (ROSE, Money(410))
    assert basket.with_list_price(1, ListPrice(Money(300))).line(1).price_before is None
    assert changed.with_price(1, Money(1)).line(1).price_before is None


@given(st.lists(st.integers(1, 60), min_size=1, max_size=8))
def test_any_sequence_of_quantities_gives_the_price_of_the_tier(counts: list[int]) -> None:
    basket = EMPTY.with_line(LISTED_ROSE, Money(350), pieces(counts[0]))
    for count in counts:
        basket = basket.with_quantity(1, pieces(count))
        expected = 250 if count >= 50 else 300 if count >= 10 else 350
        assert basket.line(1).gross == Money(expected * count)


def test_a_line_that_is_taxed_otherwise_keeps_everything_else() -> None:
    basket = EMPTY.with_line(ROSE, Money(350), pieces(3)).with_line(TEA, Money(890))
    taxed = basket.with_vat_key(1, VatKey.GENERAL)
    assert [line.item.vat_key for line in taxed.lines] == [VatKey.GENERAL, VatKey.REDUCED]
    assert replace(taxed.line(1), item=ROSE) == basket.line(1)
    assert taxed.line(2) == basket.line(2)
