"""Goods without a receipt: at most at today's price, negative at today's rate, and for a reason (S1)."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from till.business_case import GvTyp, VatKey, ZahlartTyp
from till.catalog.price_list import ListPrice, Tier
from till.documents.model import WITHOUT_RECEIPT
from till.errors import Refused
from till.money import Money, total
from till.quantity import Quantity, pieces
from till.sales.basket import Deposit, Item, ItemKind
from till.sales.draft import vat_totals
from till.sales.free_return import (
    FreeReturn,
    Returned,
    begun,
    note_of,
    order_record,
    ordered,
    returned_lines,
)
from till.sales.order import TenderFace
from till.sales.pricing import price

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
RATES = {VatKey.GENERAL: 1900, VatKey.REDUCED: 700, VatKey.NOT_TAXABLE: 0}
CASH = TenderFace("cash", "Bar", ZahlartTyp.BAR)
ROSE = Returned(Item(ItemKind.ARTICLE, "1", "Rose", VatKey.REDUCED), ListPrice(Money(350)))
CUP = Returned(Item(ItemKind.ARTICLE, "2", "Tasse", VatKey.GENERAL), ListPrice(Money(1200)))
BULBS = Returned(
    Item(ItemKind.ARTICLE, "3", "Tulpenzwiebel", VatKey.REDUCED),
    ListPrice(Money(100), (Tier(pieces(10), Money(80)),)),
)
PFAND = Item(ItemKind.DEPOSIT, "6", "Pfand", VatKey.GENERAL, GvTyp.PFAND, takes_discount=False)
WATER = Returned(
    Item(ItemKind.ARTICLE, "4", "Wasser", VatKey.GENERAL), ListPrice(Money(199)), Deposit(PFAND, Money(25))
)


@pytest.fixture
def empty() -> FreeReturn:
    """Nothing comes back yet."""
    return begun(uuid.UUID(int=7), NOON)


def test_what_comes_back_is_given_for_at_todays_price(empty: FreeReturn) -> None:
    back = empty.with_item(ROSE, pieces(2)).with_item(CUP)
    assert price(back.basket, RATES).total == Money(1900)
    assert [back.most(line.id) for line in back.basket.lines] == [Money(350), Money(1200)]


def test_the_same_article_again_raises_its_line(empty: FreeReturn) -> None:
    back = empty.with_item(ROSE).with_item(ROSE, pieces(2))
    assert [line.quantity for line in back.basket.lines] == [pieces(3)]


def test_less_than_todays_price_may_be_given_and_no_cent_more(empty: FreeReturn) -> None:
    back = empty.with_item(CUP)
    assert back.with_price(1, Money(1200)).basket.lines[0].unit_price == Money(1200)
    assert back.with_price(1, Money(1)).basket.lines[0].unit_price == Money(1)
    with pytest.raises(Refused, match=r"“Tasse” costs 12\.00 today"):
        back.with_price(1, Money(1201))
    with pytest.raises(Refused, match="above 0"):
        back.with_price(1, Money(0))


def test_todays_price_is_that_of_the_quantity(empty: FreeReturn) -> None:
    back = empty.with_item(BULBS, pieces(9))
    assert back.basket.lines[0].unit_price == Money(100)
    assert back.with_quantity(1, pieces(10)).basket.lines[0].unit_price == Money(80)
    typed = back.with_price(1, Money(90))
    with pytest.raises(Refused, match=r"costs 0\.80 today"):
        typed.with_quantity(1, pieces(10))


def test_a_deposit_comes_back_with_its_article_and_at_its_own_price(empty: FreeReturn) -> None:
    back = empty.with_item(WATER, pieces(6))
    assert price(back.basket, RATES).total == Money(6 * 224)
    with pytest.raises(Refused, match=r"“Pfand” costs 0\.25 today"):
        back.with_price(2, Money(26))
    assert back.without_line(1).is_empty


def test_nothing_less_than_a_piece_comes_back_of_what_is_sold_by_the_piece(empty: FreeReturn) -> None:
    with pytest.raises(Refused, match="by the piece"):
        empty.with_item(ROSE, Quantity(500))
    with pytest.raises(Refused, match="below 0"):
        empty.with_item(ROSE, pieces(-1))


def test_its_lines_are_negative_under_a_name_of_their_own_and_sum_to_their_vat(empty: FreeReturn) -> None:
    back = empty.with_item(ROSE, pieces(3)).with_item(WATER, pieces(2)).with_item(CUP)
    lines = returned_lines(price(back.basket, RATES), RATES)
    assert [(line.gv_typ, line.quantity, line.gross) for line in lines] == [
        (GvTyp.UMSATZ, pieces(-3), Money(-1050)),
        (GvTyp.UMSATZ, pieces(-2), Money(-398)),
        (GvTyp.PFAND_RUECKZAHLUNG, pieces(-2), Money(-50)),
        (GvTyp.UMSATZ, pieces(-1), Money(-1200)),
    ]
    assert {line.gv_name for line in lines} == {WITHOUT_RECEIPT}
    vat = vat_totals(lines)
    assert total(row.tax for row in vat) == total(line.tax for line in lines)
    assert {row.vat_key: row.tax for row in vat} == {VatKey.GENERAL: Money(-263), VatKey.REDUCED: Money(-69)}


def test_it_needs_something_and_a_reason(empty: FreeReturn) -> None:
    with pytest.raises(Refused, match="Nothing comes back"):
        ordered(empty, RATES, "defekt", CASH)
    with pytest.raises(Refused, match="Say why"):
        ordered(empty.with_item(ROSE), RATES, " \n", CASH)
    with pytest.raises(Refused, match="80 characters"):
        ordered(empty.with_item(ROSE), RATES, "x" * 81, CASH)
    assert ordered(empty.with_item(ROSE), RATES, "x" * 80, CASH).amount == Money(350)


def test_the_note_says_why_no_receipt_is_named() -> None:
    assert note_of("defekt") == "Ohne Ursprungsbeleg: defekt"


def test_two_returns_are_the_same_only_with_the_same_goods_reason_and_way(empty: FreeReturn) -> None:
    rose = empty.with_item(ROSE)
    one = order_record(ordered(rose, RATES, "defekt", CASH))
    assert order_record(ordered(rose, RATES, "defekt", CASH)) == one
    others = [
        ordered(rose.with_quantity(1, pieces(2)), RATES, "defekt", CASH),
        ordered(rose.with_price(1, Money(300)), RATES, "defekt", CASH),
        ordered(rose, RATES, "zu klein", CASH),
        ordered(rose, RATES, "defekt", uuid.UUID(int=1)),
        ordered(rose, RATES, "defekt", TenderFace("card", "Karte", ZahlartTyp.UNBAR)),
    ]
    assert one not in [order_record(other) for other in others]
