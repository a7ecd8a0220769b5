"""What a voucher costs, what it is worth and how long it is valid (V6 to V11, V16)."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace

import pytest

from till.errors import Refused
from till.money import MAX_CENTS, Money
from till.vouchers.model import Numbering, VoucherType
from till.vouchers.terms import Price, TermRule, needs_price, price_of, valid_until

FLEXIBLE = VoucherType(uuid.UUID(int=1), "902", "Gutschein", Numbering.AUTOMATIC)
FIXED = replace(FLEXIBLE, sale=Money(2500))
PROMOTION = replace(FLEXIBLE, sale=Money(2000), face=Money(3000))
GIFT = replace(FLEXIBLE, sale=Money(0), face=Money(1500), zero_price_allowed=True)
FIXED_FACE = replace(FLEXIBLE, face=Money(5000))
TEN_PERCENT_MORE = replace(FLEXIBLE, face_bonus_bp=1000)


@pytest.mark.parametrize(
    ("kind", "asked", "sale", "face"),
    [
        (FIXED, None, 2500, 2500),
        (PROMOTION, None, 2000, 3000),
        (FLEXIBLE, 3545, 3545, 3545),
        (replace(FLEXIBLE, sale=Money(0), face=Money(0)), 1000, 1000, 1000),
        (FIXED_FACE, 4000, 4000, 5000),
        (FLEXIBLE, MAX_CENTS, MAX_CENTS, MAX_CENTS),
        (GIFT, 0, 0, 1500),
        (GIFT, 500, 500, 1500),
        (TEN_PERCENT_MORE, 3545, 3545, 3900),
        (replace(TEN_PERCENT_MORE, face_bonus_bp=1250), 100, 100, 113),
        (replace(FIXED, face_bonus_bp=2000), None, 2500, 3000),
    ],
)
def test_price_and_value_follow_the_type(kind: VoucherType, asked: int | None, sale: int, face: int) -> None:
    price = Money(asked) if asked is not None else None
    assert price_of(kind, price) == Price(Money(sale), Money(face))


@pytest.mark.parametrize(
    ("kind", "asked", "sentence"),
    [
        (FLEXIBLE, None, "What should the voucher “Gutschein” cost"),
        (FLEXIBLE, 0, "“Gutschein” needs a price above 0"),
        (FIXED_FACE, 0, "needs a price above 0"),
        (replace(FLEXIBLE, sale=Money(0)), None, "needs a price above 0"),
        (FLEXIBLE, -1, "can’t cost -0.01"),
        (FLEXIBLE, MAX_CENTS + 1, "can’t cost"),
        (replace(FLEXIBLE, zero_price_allowed=True), 0, "The voucher “Gutschein” would be worth nothing"),
        (replace(TEN_PERCENT_MORE, zero_price_allowed=True), 0, "would be worth nothing"),
    ],
)
def test_a_voucher_without_price_or_value_is_refused(kind: VoucherType, asked: int | None, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        price_of(kind, Money(asked) if asked is not None else None)


def test_the_till_asks_where_the_price_is_open_or_nothing() -> None:
    assert [needs_price(kind) for kind in (FLEXIBLE, GIFT, FIXED_FACE, FIXED, PROMOTION)] == [
        True,
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("sold_on", "rule", "until"),
    [
        ("2026-11-20", TermRule(), "2036-12-31"),
        ("2026-01-01", TermRule(years=3), "2029-12-31"),
        ("2026-11-20", TermRule(years=3, to_year_end=False), "2029-11-20"),
        ("2028-02-29", TermRule(years=3, to_year_end=False), "2031-02-28"),
        ("2028-02-29", TermRule(years=4, to_year_end=False), "2032-02-29"),
        ("2028-02-29", TermRule(), "2038-12-31"),
    ],
)
def test_the_term_is_counted_from_the_sale(sold_on: str, rule: TermRule, until: str) -> None:
    assert valid_until(FIXED, dt.date.fromisoformat(sold_on), rule) == dt.date.fromisoformat(until)


def test_the_types_own_last_day_goes_first() -> None:
    kind = replace(FIXED, valid_until=dt.date(2027, 1, 31))
    assert valid_until(kind, dt.date(2026, 11, 20), TermRule()) == dt.date(2027, 1, 31)


def test_a_percentage_on_top_never_exceeds_what_a_screen_holds() -> None:
    assert price_of(TEN_PERCENT_MORE, Money(MAX_CENTS * 10 // 11)).face <= Money(MAX_CENTS)
    with pytest.raises(Refused, match="worth more than"):
        price_of(TEN_PERCENT_MORE, Money(MAX_CENTS))
