"""An order: what is complete, what vouchers may cover, and when two orders are the same."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace

import pytest

from till.business_case import GvTyp, VatKey
from till.errors import Refused
from till.ledger.chain import digest
from till.money import ZERO, Money
from till.quantity import pieces
from till.sales.basket import AmountOff, Basket, Deposit, Item, ItemKind, PercentOff, VoucherOrder
from till.sales.order import Order, check_complete, coverage, is_cash, order_record
from till.sales.pricing import price
from till.sales.tender import Tendered, TenderKind

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
EMPTY = Basket(uuid.UUID(int=1), NOON)
RATES = {VatKey.GENERAL: 1900, VatKey.REDUCED: 700, VatKey.NOT_TAXABLE: 0}
MUG = Item(ItemKind.ARTICLE, "3", "Becher", VatKey.GENERAL)
ROSE = Item(ItemKind.ARTICLE, "1", "Rose", VatKey.REDUCED)
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
ONE_ROSE = EMPTY.with_line(ROSE, Money(350))
A, B = uuid.UUID(int=11), uuid.UUID(int=12)


def _order(basket: Basket, *tendered: Tendered) -> Order:
    return Order(price(basket, RATES), tendered)


def _by_voucher(number: int, voucher_id: uuid.UUID, cents: int) -> Tendered:
    return Tendered(number, TenderKind.VOUCHER, "voucher", "AG", Money(cents), voucher_id)


def _cash(cents: int) -> Tendered:
    return Tendered(9, TenderKind.CASH, "cash", "Bar", Money(cents))


def test_an_empty_basket_is_not_sold() -> None:
    with pytest.raises(Refused, match="basket is empty"):
        check_complete(_order(EMPTY))


def test_an_open_rest_is_named() -> None:
    with pytest.raises(Refused, match=r"0.50 is still open"):
        check_complete(_order(ONE_ROSE, _cash(300)))


def test_an_excess_that_cash_cannot_return_is_named() -> None:
    with pytest.raises(Refused, match=r"1.50 more is paid than due"):
        check_complete(_order(ONE_ROSE, _by_voucher(1, A, 500)))


def test_a_paid_order_is_complete() -> None:
    check_complete(_order(ONE_ROSE, _cash(1000)))
    assert is_cash(_cash(1))
    assert not is_cash(_by_voucher(1, A, 1))


def test_an_order_is_named_after_its_basket() -> None:
    assert _order(ONE_ROSE).id == ONE_ROSE.order_id


def test_a_voucher_given_twice_is_taken_once_with_the_sum() -> None:
    order = _order(ONE_ROSE, _by_voucher(1, A, 100), _by_voucher(2, B, 50), _cash(100), _by_voucher(3, A, 100))
    assert order.voucher_amounts() == {A: Money(200), B: Money(50)}


def test_vouchers_cover_goods_and_deposits_and_bonus_parts_only_goods() -> None:
    basket = (
        EMPTY.with_line(MUG, Money(1000), deposit=Deposit(GLASS, Money(200)))
        .with_line(ROSE, Money(300))
        .with_line(VOUCHER, Money(2500))
        .with_line_discount(1, PercentOff(1000))
    )
    may = coverage(price(basket, RATES))
    assert (may.paid, may.bonus) == (Money(1400), Money(1200))
    assert may.per_key == {VatKey.GENERAL: Money(900), VatKey.REDUCED: Money(300)}


def test_a_basket_of_vouchers_is_covered_by_nothing() -> None:
    may = coverage(price(EMPTY.with_line(VOUCHER, Money(2500)), RATES))
    assert (may.paid, may.bonus, may.per_key) == (ZERO, ZERO, {})


def test_the_same_order_has_the_same_record_at_any_time() -> None:
    later = replace(ONE_ROSE, started_at=NOON + dt.timedelta(hours=1))
    assert digest(order_record(_order(ONE_ROSE, _cash(350)))) == digest(order_record(_order(later, _cash(350))))


def test_the_record_of_an_order_is_fixed() -> None:
    """Its digest is stored: an order repeated after an update of the program must still be the same one."""
    voucher = replace(VOUCHER, voucher=VoucherOrder(B, Money(2500), "Spende7", "Für Oma"))
    basket = (
        EMPTY.with_line(MUG, Money(1000), pieces(2))
        .with_line_discount(1, PercentOff(1000))
        .with_note(1, "rot")
        .with_line(voucher, Money(2000))
        .with_discount(AmountOff(Money(100)))
    )
    assert order_record(_order(basket, _by_voucher(1, A, 700), _cash(3000))) == {
        "order": EMPTY.order_id,
        "discount": ["amount", Money(100)],
        "lines": [
            ["article", "3", "Becher", 1, pieces(2), Money(1000), ["percent", 1000], "rot", None],
            [
                "voucher",
                "901",
                "Gutschein",
                5,
                pieces(1),
                Money(2000),
                None,
                "",
                [B, Money(2500), "Spende7", "Für Oma"],
            ],
        ],
        "tendered": [["voucher", "voucher", Money(700), A], ["cash", "cash", Money(3000), None]],
        "total": Money(3700),
    }


@pytest.mark.parametrize(
    "other",
    [
        _order(ONE_ROSE.with_quantity(1, pieces(2)), _cash(350)),
        _order(ONE_ROSE.with_note(1, "x"), _cash(350)),
        _order(ONE_ROSE.with_price(1, Money(300)), _cash(350)),
        _order(ONE_ROSE.with_discount(AmountOff(Money(1))), _cash(350)),
        _order(ONE_ROSE, _cash(500)),
        _order(ONE_ROSE, _by_voucher(9, A, 350)),
        _order(replace(ONE_ROSE, order_id=A), _cash(350)),
        _order(ONE_ROSE.with_line(VOUCHER, Money(2500)), _cash(350)),
    ],
)
def test_another_order_has_another_record(other: Order) -> None:
    assert digest(order_record(other)) != digest(order_record(_order(ONE_ROSE, _cash(350))))
