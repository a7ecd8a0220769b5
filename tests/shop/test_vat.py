"""VAT rates by the day of the supply (60-fiscal A5)."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from till.business_case import VatKey
from till.errors import Refused
from till.shop.vat import Supply, VatRate, add_rates, key_on, legal_rates, next_change, rate_on, stored_rates

DAYS = {
    dt.date(2007, 1, 1): (1900, 700, 1900, 1900),
    dt.date(2020, 6, 30): (1900, 700, 1900, 1900),
    dt.date(2020, 7, 1): (1600, 500, 500, 1600),
    dt.date(2020, 12, 31): (1600, 500, 500, 1600),
    dt.date(2021, 1, 1): (1900, 700, 700, 1900),
    dt.date(2023, 12, 31): (1900, 700, 700, 1900),
    dt.date(2024, 1, 1): (1900, 700, 1900, 1900),
    dt.date(2025, 12, 31): (1900, 700, 1900, 1900),
    dt.date(2026, 1, 1): (1900, 700, 700, 1900),
    dt.date(2026, 11, 21): (1900, 700, 700, 1900),
}
SUPPLIES = (Supply.GENERAL, Supply.REDUCED, Supply.RESTAURANT_FOOD, Supply.DRINKS)


@pytest.mark.parametrize("day", DAYS)
def test_each_supply_has_the_rate_of_its_day(day: dt.date) -> None:
    rates = legal_rates()

    assert tuple(rate_on(rates, key_on(supply, day), day) for supply in SUPPLIES) == DAYS[day]


@pytest.mark.parametrize(
    ("key", "rate_bp"),
    [
        (VatKey.NOT_TAXABLE, 0),
        (VatKey.EXEMPT, 0),
        (VatKey.UNDETERMINED, 0),
        (VatKey.GENERAL_19_HISTORIC, 1900),
        (VatKey.REDUCED_7_HISTORIC, 700),
        (VatKey.GENERAL_16_HISTORIC, 1600),
        (VatKey.REDUCED_5_HISTORIC, 500),
    ],
)
def test_keys_without_a_change_keep_their_rate(key: VatKey, rate_bp: int) -> None:
    assert rate_on(legal_rates(), key, dt.date(2026, 11, 21)) == rate_bp


def test_no_two_rates_of_a_key_count_on_the_same_day() -> None:
    rates = legal_rates()
    days = {rate.valid_from for rate in rates} | {rate.valid_to for rate in rates if rate.valid_to}

    assert all(sum(rate.key is key and rate.is_valid_on(day) for rate in rates) <= 1 for key in VatKey for day in days)


@pytest.mark.parametrize(
    ("key", "day"), [(VatKey.GENERAL, dt.date(2006, 12, 31)), (VatKey.AVERAGE_10_7, dt.date(2026, 1, 1))]
)
def test_a_day_without_a_rate_is_refused_in_words(key: VatKey, day: dt.date) -> None:
    with pytest.raises(Refused, match=f"no VAT rate for key {key.value} on {day}"):
        rate_on(legal_rates(), key, day)


def test_no_supply_is_known_before_2007() -> None:
    with pytest.raises(Refused, match="before 2007"):
        key_on(Supply.GENERAL, dt.date(2006, 12, 31))


def test_the_next_change_is_known_beforehand() -> None:
    assert next_change(legal_rates(), dt.date(2020, 6, 30)) == dt.date(2020, 7, 1)
    assert next_change(legal_rates(), dt.date(2020, 7, 1)) == dt.date(2021, 1, 1)
    assert next_change(legal_rates(), dt.date(2021, 1, 1)) is None


def test_rates_are_kept_in_the_database(session: Session) -> None:
    add_rates(session, legal_rates())
    add_rates(session, [VatRate(VatKey.AVERAGE_5_5, dt.date(2007, 1, 1), None, 550)])

    assert set(stored_rates(session)) == {*legal_rates(), VatRate(VatKey.AVERAGE_5_5, dt.date(2007, 1, 1), None, 550)}
