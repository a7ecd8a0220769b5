"""The model's own arithmetic, against figures worked out by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from till.simulation.model import (
    CARD,
    CASH,
    VOUCHER,
    Model,
    Payment,
    Purchase,
    standing,
)
from till.simulation.paper import key_of
from till.simulation.shopping import AMOUNT, PERCENT, Basket, Good, Kind, half_up, largest_remainder, priced
from till.simulation.taxes import rate, tax_in
from till.simulation.voucher import SoldVoucher
from till.simulation.wishes import Moving

DAY = dt.date(2026, 3, 27)
CUP = Good("3", "Becher", 1, 1190)
ROSE = Good("1", "Rose", 2, 350)
GIFT = Good("9", "Aktion", 5, 2000, Kind.VOUCHER, discountable=False, face=3000, first_number="AK-09")


@pytest.mark.parametrize(("day", "percent"), [("2020-06-30", 1900), ("2020-07-01", 1600), ("2021-01-01", 1900)])
def test_the_rate_is_that_of_the_day(day: str, percent: int) -> None:
    assert rate(1, dt.date.fromisoformat(day)) == percent


def test_halves_are_rounded_away_from_zero() -> None:
    assert [half_up(5, 2), half_up(-5, 2), half_up(7, 3)] == [3, -3, 2]


def test_cents_left_over_go_to_the_largest_remainder_and_the_first_of_equals() -> None:
    assert largest_remainder(100, [1, 1, 1]) == [34, 33, 33]
    assert largest_remainder(10, [1, 5]) == [2, 8]


def test_the_tax_inside_119_euros_is_19() -> None:
    assert tax_in(11_900, 1900) == 1900


def test_line_and_basket_discounts_follow_each_other() -> None:
    basket = Basket().added(CUP, 1190).added(ROSE, 350, 2000)
    assert priced(Basket(basket.lines, (PERCENT, 1000))).amounts == (1071, 630)
    assert priced(Basket(basket.lines, (AMOUNT, 1))).amounts == (1189, 700)


def test_only_cash_gives_change() -> None:
    assert standing(1000, [Payment(CASH, 5000)]).change == 4000
    assert standing(1000, [Payment(CARD, 1200)]).excess == 200


def test_the_paid_parts_of_a_vouchers_redemptions_sum_to_its_price() -> None:
    voucher = SoldVoucher(GIFT, 2000, 3000, DAY)
    parts = [voucher.take(cents) for cents in (1, 1000, 333, 1666)]
    assert (sum(p for p, _ in parts), sum(b for _, b in parts)) == (2000, 1000)
    assert (voucher.paid_left, voucher.bonus_left) == (0, 0)


def test_a_redeemed_promotion_lowers_the_goods_gross_by_its_given_part() -> None:
    model = Model(["A"])
    model.open("A", 10_000, DAY)
    model.book("A", 2, Purchase("one", Basket().added(GIFT, 2000), (Payment(CASH, 2000),), DAY))
    paid = (Payment(VOUCHER, 1190, ("9", "AK-09")),)
    sold = model.book("A", 3, Purchase("two", Basket().added(CUP, 1190), paid, DAY))
    assert sold.vat == {1: (793, 127), 5: (-793, 0)}
    assert sold.total == 0
    assert model.drawers["A"].cash == 12_000
    assert model.vouchers["9", "AK-09"].left == 1810


def test_cash_in_and_out_moves_the_drawer_once_and_never_below_nothing() -> None:
    model = Model(["A"])
    model.open("A", 100, DAY)
    drop = Moving("1", "A", "transit", -100)
    assert model.may_move(drop)
    assert not model.may_move(Moving("2", "A", "private", -101))
    for _ in range(2):
        model.move(drop)
    shift = model.shift("A")
    assert (model.drawers["A"].cash, shift.moves, shift.moved, shift.gross[5]) == (0, 1, -100, 0)


def test_only_a_booked_movement_is_taken_back_and_only_once() -> None:
    model = Model(["A"])
    model.open("A", 100, DAY)
    back = Moving("2", "A", "transit", 60, takes_back="1")
    assert not model.may_move(back)
    model.move(Moving("1", "A", "transit", -60))
    assert model.may_move(back)
    model.move(back)
    assert not model.may_move(Moving("3", "A", "transit", 60, takes_back="1"))
    assert not model.may_move(Moving("4", "A", "transit", -60, takes_back="2"))


def test_a_receipt_is_known_by_till_and_number_and_a_slip_by_type_and_number() -> None:
    assert key_of("Shop\nBeleg-Nr. 12   20.11.2026\n----\nKasse      SIM-1\n") == ("SIM-1", "12")
    assert key_of("Shop\n------------\n  Aktion\n  30,00 €\n\n  AK-01\n  Gültig") == ("Aktion", "AK-01")
    assert key_of("a torn scrap") is None
