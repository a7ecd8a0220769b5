"""What the model demands of a return, against figures worked out by hand, and that it complains of what is not fair."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from till.simulation.fairness import complaints
from till.simulation.found import Found, FoundLine
from till.simulation.model import CASH, VOUCHER, Model, Payment, Purchase
from till.simulation.receipt import Part, Receipt
from till.simulation.shopping import AMOUNT, Basket, Good, Kind
from till.simulation.taxes import key_then
from till.simulation.voucher import SoldVoucher
from till.simulation.wishes import ComingBack

DAY = dt.date(2026, 3, 27)
DEPOSIT = Good("6", "Pfand", 1, 25, Kind.DEPOSIT, discountable=False)
CUP = Good("3", "Becher", 1, 1000)
JUICE = Good("5", "Saft", 1, 333, tied=DEPOSIT)
PROMOTION = Good("9", "Aktion", 5, 2000, Kind.VOUCHER, discountable=False, face=3000, first_number="AK-09")
KEY = ("9", "AK-09")


@pytest.fixture
def model() -> Model:
    """An open till in a shop that has sold a promotion of 20 for 30."""
    model = Model(["A"])
    model.open("A", 10_000, DAY)
    model.book("A", 2, Purchase("bought", Basket().added(PROMOTION, 2000), (Payment(CASH, 2000),), DAY))
    return model


@pytest.fixture
def receipt(model: Model) -> Receipt:
    """Two cups for 20, of which the promotion paid 15 (10 paid, 5 bonus) and cash the rest."""
    paid = (Payment(VOUCHER, 1500, KEY), Payment(CASH, 500))
    model.book("A", 3, Purchase("cups", Basket().added(CUP, 1000, 2000), paid, DAY))
    return model.receipts["cups"]


def back(*lines: FoundLine, cash: int) -> Found:
    """A return as it stands in the books."""
    found = Found(4, "return", lines, {CASH: cash} if cash else {}, {})
    return replace(found, vat=found.vat_of_lines)


def one_cup(paid: int, bonus: int, cash: int) -> Found:
    """One of the two cups comes back so."""
    tax = -round((1000 - bonus) * 19 / 119)
    return back(
        FoundLine("Umsatz", 1, -1000, tax, -1000, 0, None),
        FoundLine("MehrzweckgutscheinEinloesung", 5, paid, 0, 1000, 1, KEY),
        FoundLine("Rabatt", 1, bonus, 0, 1000, 2, KEY),
        cash=cash,
    )


def test_a_redemption_is_known_by_its_lines_on_the_receipt(receipt: Receipt) -> None:
    sources = [(source.position, source.part, source.vat_key, source.cents) for source in receipt.sources]
    assert sources == [(1, Part.PAID, 5, 1000), (2, Part.BONUS, 1, 500)]
    assert receipt.money_whole == 500


def test_a_fair_return_is_no_complaint(receipt: Receipt) -> None:
    wish = ComingBack("r", "A", "cups", ((0, 1000),))
    assert list(complaints(receipt, wish, one_cup(500, 250, -250), DAY)) == []


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (one_cup(500, 250, -500), "250"),
        (one_cup(0, 0, -1000), "fair were 500.00"),
        (one_cup(500, 501, 1), "gets back 501"),
        (one_cup(750, 0, -250), "fair were 250.00"),
    ],
)
def test_money_from_nowhere_or_from_a_bonus_is_complained_of(receipt: Receipt, found: Found, said: str) -> None:
    wish = ComingBack("r", "A", "cups", ((0, 1000),))
    assert any(said in complaint for complaint in complaints(receipt, wish, found, DAY))


def test_what_came_back_before_is_missed_when_it_comes_back_again(receipt: Receipt) -> None:
    receipt.lines[0].came = 2000
    wish = ComingBack("r", "A", "cups", is_cancellation=True)
    assert any("must be {}" in said for said in complaints(receipt, wish, one_cup(500, 250, -250), DAY))


def test_the_parts_of_a_discounted_line_sum_to_the_whole(model: Model) -> None:
    basket = Basket().added(CUP, 333, 3000)
    model.book("A", 3, Purchase("off", Basket(basket.lines, (AMOUNT, 100)), (Payment(CASH, 899),), DAY))
    (line,) = model.receipts["off"].lines
    parts = []
    for _ in range(3):
        parts.append(line.parts(1000))
        line.came += 1000
    assert parts == [(333, 33), (333, 34), (333, 33)]
    assert not line.may_come(1000)


def test_a_deposit_comes_with_its_juice_unless_it_is_named(model: Model) -> None:
    model.book("A", 3, Purchase("juice", Basket().added(JUICE, 333, 2000), (Payment(CASH, 716),), DAY))
    receipt = model.receipts["juice"]
    assert receipt.with_deposits({0: 1000}) == {0: 1000, 1: 1000}
    assert receipt.with_deposits({0: 1000, 1: 0}) == {0: 1000}


def test_what_was_given_back_goes_where_it_came_from_and_is_split_again() -> None:
    voucher = SoldVoucher(PROMOTION, 2000, 3000, DAY)
    assert voucher.take(1500) == (1000, 500)
    voucher.put_back(1000, 500)
    assert voucher.is_whole
    assert voucher.take(1500) == (1000, 500)


def test_a_surplus_in_cash_leaves_the_bonus() -> None:
    voucher = SoldVoucher(PROMOTION, 2000, 3000, DAY)
    assert voucher.take(1500, in_cash=1000) == (1000, 500)
    assert (voucher.paid_left, voucher.bonus_left) == (0, 500)
    assert voucher.take(500) == (0, 500)


def test_what_a_correction_added_is_spent_last_and_carried_to_a_new_number() -> None:
    voucher = SoldVoucher(PROMOTION, 2000, 3000, DAY, added=300)
    assert voucher.take(3000) == (2000, 1000)
    assert (voucher.left, voucher.carried) == (300, 0), "it is all that is left, so it becomes the new one's value"
    assert SoldVoucher(PROMOTION, 2000, 3000, DAY, added=300).carried == 300


def test_what_was_taxed_at_another_rate_comes_back_under_its_own_key() -> None:
    assert [key_then(1, bp, dt.date(2021, 1, 1)) for bp in (1900, 1600)] == [1, 21]
    assert key_then(2, 700, dt.date(2020, 7, 1)) == 12
