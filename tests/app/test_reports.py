"""The report desk: what is owed for vouchers after real days at the counter, on each of both databases (10-vouchers V46)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from till.app.verify import verify
from till.app.watch import Watch
from till.clock import FixedClock
from till.errors import Refused, Unavailable
from till.formats import Formats
from till.i18n import Translator
from till.money import Money
from till.reports.voucher_liability import Left
from till.vouchers.rules import VoucherRules, set_voucher_rules

if TYPE_CHECKING:
    from tests.app.conftest import Counter

GERMAN = Formats(Translator("de"))
FRIDAY = dt.date(2026, 11, 20)
SATURDAY = dt.date(2026, 11, 21)
A_DAY_S = 86_400


@pytest.fixture
def two_days(plain: Counter, clock: FixedClock) -> Counter:
    """On Friday one voucher of each sort is sold; on Saturday a part of them is redeemed."""
    counter = plain
    numbers = {
        name: counter.sell_voucher(name, worth)
        for name, worth in (
            ("Gutschein 25", None),
            ("Gutschein frei", "40,00"),
            ("Aktion 20/30", None),
            ("Geschenk", "0,00"),
            ("Floristik-Kurs", None),
        )
    }
    counter.till.cash.close_shift(None)
    clock.advance(A_DAY_S)
    counter.till.cash.open_shift(Money(10_000))
    for name, cents in (("Gutschein 25", 350), ("Aktion 20/30", 350)):
        counter.sale.scan("4006381333931")
        counter.sale.redeem(counter.voucher(numbers[name]).standing.voucher.id, Money(cents))
        counter.sale.complete()
        counter.sale.dismiss()
    return counter


def test_the_report_says_what_a_day_at_the_counter_left(two_days: Counter) -> None:
    report = two_days.till.reports.voucher_liability()
    assert report.day == SATURDAY
    assert report.multi == Left(4, Money(2500 - 350 + 4000 + 2000 - 233), Money(1000 - 117 + 1500))
    assert report.single == Left(1, Money(5000), Money(0))
    assert {row.year for row in report.rows} == {2026}
    assert report.is_proved
    assert verify(two_days.database) == []


def test_of_the_day_before_it_says_what_was_left_then(two_days: Counter) -> None:
    report = two_days.till.reports.voucher_liability(FRIDAY)
    assert report.multi == Left(4, Money(2500 + 4000 + 2000), Money(1000 + 1500))
    assert report.is_proved
    assert two_days.till.reports.voucher_liability(FRIDAY - dt.timedelta(days=1)).rows == ()


def test_what_is_sold_after_midnight_counts_for_the_day_of_its_shift(two_days: Counter, clock: FixedClock) -> None:
    clock.advance(A_DAY_S * 2 // 3)
    two_days.sell_voucher("Gutschein 25")
    now = two_days.till.reports.voucher_liability()
    assert now.day == SATURDAY + dt.timedelta(days=1)
    assert now.multi.count == 5
    assert two_days.till.reports.voucher_liability(SATURDAY).multi == now.multi


def test_a_day_to_come_is_refused(two_days: Counter) -> None:
    with pytest.raises(Refused, match="is still to come"):
        two_days.till.reports.voucher_liability(SATURDAY + dt.timedelta(days=1))


def test_the_shop_decides_how_far_it_looks_ahead(two_days: Counter) -> None:
    assert two_days.till.reports.voucher_liability().expiring == Left()
    with two_days.database.write() as session:
        set_voucher_rules(session, VoucherRules(expiring_months=120))
    report = two_days.till.reports.voucher_liability()
    assert report.months_ahead == 120
    assert report.expiring == Left(), "sold in 2026, they live until the end of 2036"
    with two_days.database.write() as session:
        set_voucher_rules(session, VoucherRules(expiring_months=3))


def test_it_can_be_cancelled(two_days: Counter) -> None:
    with pytest.raises(Refused, match="cancelled"):
        two_days.till.reports.voucher_liability(None, Watch(is_cancelled=lambda: True))


@pytest.mark.parametrize(("ending", "begins"), [("pdf", b"%PDF"), ("xlsx", b"PK"), ("csv", "\ufeffUSt".encode())])
def test_it_is_saved_in_the_form_that_the_name_asks_for(
    two_days: Counter, tmp_path: Path, ending: str, begins: bytes
) -> None:
    desk, path = two_days.till.reports, tmp_path / f"report.{ending}"
    desk.save_voucher_liability(
        path, desk.voucher_liability(), Formats(Translator("en")) if ending != "csv" else GERMAN
    )
    assert path.read_bytes().startswith(begins)
    with pytest.raises(Unavailable):
        desk.save_voucher_liability(tmp_path / "gone" / path.name, desk.voucher_liability(), GERMAN)
