"""What is owed for vouchers: by type and year, paid and bonus apart, to the cent what the ledger says (10-vouchers V46)."""

from __future__ import annotations

import datetime as dt
import re
import tracemalloc
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from sqlalchemy import event

from till.errors import Refused
from till.i18n import msg
from till.ledger.account import Account
from till.ledger.balances import balances
from till.ledger.entry import Posting
from till.money import ZERO, Money
from till.reports import voucher_sums
from till.reports.voucher_liability import LedgerSums, Left, LiabilityRow, VoucherLiability, months_after
from till.reports.voucher_sums import AsOf, voucher_liability
from till.vouchers import bookings, checks
from till.vouchers.model import VatTreatment
from till.vouchers.value import Share

if TYPE_CHECKING:
    from tests.reports.conftest import Books

_T = TypeVar("_T")
MULTI, SINGLE, PROMOTION, GIFT = (uuid.UUID(int=n) for n in range(101, 105))
TODAY = dt.date(2026, 11, 20)
SPRING = dt.date(2025, 4, 2)
CANCELLED_ON = dt.date(2026, 10, 6)


@pytest.fixture
def busy(books: Books) -> Books:
    """Two years in which everything happens to vouchers that can."""
    plain = books.issue(MULTI, 5000, day=SPRING)
    books.redeem(plain, 1234, day=dt.date(2025, 6, 1))
    books.issue(MULTI, 2500, day=TODAY)
    promotion = books.issue(PROMOTION, 2000, 3000, day=TODAY)
    books.redeem(promotion, 667, 333, day=TODAY)
    books.issue(GIFT, 0, 1500, day=SPRING)
    course = books.issue(SINGLE, 5000, day=SPRING)
    books.redeem(course, 1000, day=TODAY)
    used_up = books.issue(MULTI, 1000, day=SPRING)
    books.redeem(used_up, 1000, day=TODAY)
    books.issue(MULTI, 700, day=SPRING, valid_until=dt.date(2026, 11, 19))
    books.issue(GIFT, 0, 800, day=SPRING, valid_until=dt.date(2027, 2, 20))
    wrong = books.issue(MULTI, 4000, day=dt.date(2026, 9, 1))
    books.post(CANCELLED_ON, bookings.cancelled(wrong))
    corrected = books.issue(MULTI, 3000, day=SPRING)
    books.post(TODAY, bookings.written_off(corrected, Share(Money(500), ZERO)))
    books.post(TODAY, bookings.bonus_added(corrected, Money(200)))
    given_back = books.issue(MULTI, 900, day=SPRING)
    books.redeem(given_back, 900, day=TODAY)
    books.post(TODAY, bookings.given_back(given_back, Share(Money(900), ZERO)))
    books.bring_in(MULTI, 1100, sold_on=dt.date(2019, 5, 1), day=dt.date(2026, 1, 2))
    lost = books.issue(MULTI, 600, day=SPRING)
    books.replace(lost, 600, day=TODAY)
    return books


def test_every_type_and_year_stands_with_its_paid_and_its_bonus_part(busy: Books) -> None:
    told = [
        (row.treatment, row.type_name, row.year, row.is_old, row.left.count, row.left.paid.cents, row.left.bonus.cents)
        for row in busy.report(TODAY).rows
    ]
    multi, single = VatTreatment.MULTI_PURPOSE, VatTreatment.SINGLE_PURPOSE
    assert told == [
        (multi, "Aktion 20/30", 2026, False, 1, 1333, 667),
        (multi, "Geschenk", 2025, False, 2, 0, 2300),
        (multi, "Wertgutschein", 2025, False, 4, 3766 + 700 + 2500 + 900, 200),
        (multi, "Wertgutschein", 2026, False, 2, 2500 + 600, 0),
        (multi, "Wertgutschein", 2019, True, 1, 1100, 0),
        (single, "Kurs", 2025, False, 1, 4000, 0),
    ]


def test_the_report_comes_to_what_the_ledger_says(busy: Books) -> None:
    report = busy.report(TODAY)
    with busy.database.read() as session:
        left = balances(session, (Account.VOUCHER_MULTI, Account.VOUCHER_SINGLE, Account.VOUCHER_BONUS))
    owed = {account: sum(-m.cents for (known, _), m in left.items() if known is account) for account, _ in left}
    assert report.multi.paid == Money(owed[Account.VOUCHER_MULTI]) == Money(13399)
    assert report.single.paid == Money(owed[Account.VOUCHER_SINGLE]) == Money(4000)
    assert report.multi.bonus + report.single.bonus == Money(owed[Account.VOUCHER_BONUS]) == Money(3167)
    assert report.is_proved
    assert report.ledger == report.counted


def test_what_expired_and_what_soon_will_is_told_apart(busy: Books) -> None:
    report = busy.report(TODAY)
    assert report.expired == Left(1, Money(700), ZERO)
    assert report.expiring == Left(1, ZERO, Money(800)), "2027-02-20 is the last day of the three months"
    assert busy.report(TODAY, months_ahead=2).expiring == Left()
    assert busy.report(dt.date(2026, 11, 19)).expired == Left(), "on its last day a voucher still counts"


def test_an_earlier_day_counts_what_was_booked_up_to_it(busy: Books) -> None:
    report = busy.report(dt.date(2026, 10, 5), is_now=False)
    assert report.multi == Left(10, Money(3766 + 1000 + 700 + 4000 + 3000 + 900 + 1100 + 600), Money(2300))
    assert report.single.paid == Money(5000)
    assert report.is_proved
    day_after = busy.report(CANCELLED_ON, is_now=False)
    assert report.multi.paid - day_after.multi.paid == Money(4000), "the cancelled sale is gone from then on"
    assert busy.report(dt.date(2025, 4, 1), is_now=False).rows == ()


def test_each_month_goes_on_from_the_one_before(busy: Books) -> None:
    report = busy.report(TODAY)
    months = {month.first: month for month in report.months}
    assert len(report.months) == 20, "April 2025 to November 2026, the quiet ones too"
    assert months[dt.date(2025, 4, 1)].sold == Money(5000 + 1000 + 700 + 3000 + 900 + 600)
    assert months[dt.date(2025, 6, 1)].redeemed == Money(1234)
    assert months[dt.date(2025, 7, 1)].sold == months[dt.date(2025, 7, 1)].redeemed == ZERO
    assert months[dt.date(2026, 1, 1)].sold == Money(1100), "what was brought in is owed from then on"
    assert months[dt.date(2026, 10, 1)].redeemed == Money(4000)
    november = months[dt.date(2026, 11, 1)]
    assert (november.sold, november.redeemed) == (Money(2500 + 2000), Money(667 + 1000 + 500)), (
        "a new number sells nothing"
    )
    before = ZERO
    for month in report.months:
        before += month.sold - month.redeemed
        assert month.outstanding == before
    assert before == report.ledger.multi


def test_an_empty_shop_owes_nothing(books: Books) -> None:
    report = books.report(TODAY)
    assert (report.rows, report.months, report.multi) == ((), (), Left())
    assert report.is_proved


def test_a_posting_that_no_voucher_knows_is_shouted_about(busy: Books) -> None:
    busy.post(TODAY, (Posting(Account.VOUCHER_MULTI, Money(-1), str(uuid.uuid4())),))
    report = busy.report(TODAY)
    assert not report.is_proved
    assert report.ledger.multi - report.counted.multi == Money(1)


def test_months_that_do_not_lead_to_the_sum_are_no_proof() -> None:
    row = LiabilityRow(VatTreatment.MULTI_PURPOSE, MULTI, "x", 2026, False, Left(1, Money(5), ZERO))
    assert not VoucherLiability(TODAY, 3, (row,), (), LedgerSums(Money(5))).is_proved


def test_the_year_of_sale_is_that_of_the_shops_clock(books: Books) -> None:
    new_year = dt.datetime(2025, 12, 31, 23, 30, tzinfo=dt.UTC)
    books.issue(MULTI, 100, day=dt.date(2025, 12, 31), issued_at=new_year)
    books.issue(MULTI, 100, day=dt.date(2025, 12, 31), issued_at=new_year - dt.timedelta(hours=1))
    assert [row.year for row in books.report(TODAY).rows] == [2025, 2026]


def test_portions_come_to_the_same_and_tell_how_far_they_are(busy: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = busy.report(TODAY)
    monkeypatch.setattr(voucher_sums, "PORTION", 3)
    told: list[int] = []
    with busy.database.read() as session:
        assert voucher_liability(session, AsOf(TODAY, "Europe/Berlin", 3), told.append) == whole
    assert told == [0, 3, 6, 9, 12]


def test_it_ends_where_it_is_told_to(busy: Books) -> None:
    def stop(_done: int) -> None:
        raise Refused(msg("It was cancelled. Nothing was changed."))

    with busy.database.read() as session, pytest.raises(Refused):
        voucher_liability(session, AsOf(TODAY, "Europe/Berlin", 3), stop)


def test_a_sale_in_the_middle_of_the_report_does_not_spoil_its_proof(
    busy: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voucher_sums, "PORTION", 3)

    def sell(done: int) -> None:
        if done == 6:
            busy.issue(MULTI, 5000, day=TODAY)

    with busy.database.read() as session:
        report = voucher_liability(session, AsOf(TODAY, "Europe/Berlin", 3), sell)
    assert report.is_proved
    assert busy.report(TODAY).multi.paid == report.multi.paid + Money(5000)


@pytest.mark.parametrize("is_now", [True, False])
def test_postings_are_found_by_an_index_without_any_statistics(small_books: Books, is_now: bool) -> None:  # noqa: FBT001 - a parameter
    told: list[tuple[str, Any]] = []
    engine = small_books.database._read_sessions.kw["bind"]
    event.listen(engine, "before_cursor_execute", lambda *said: told.append((said[2], said[3])))
    small_books.issue(MULTI, 100, day=TODAY)
    small_books.report(TODAY, is_now=is_now)
    with small_books.database.read() as session:
        plans = [
            "; ".join(row[3] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", values))
            for words, values in list(told)
            if words.startswith("SELECT")
        ]
    assert len(plans) >= 5
    assert [plan for plan in plans if re.search("SCAN ledger|AUTOMATIC|SCAN voucher(?!_type)", plan)] == plans[:1]
    assert "SCAN voucher" in plans[0], "the first and the last sale are looked for once"


def test_no_row_of_a_voucher_reaches_the_program(busy: Books) -> None:
    fetched: list[str] = []

    def listen(*said: object) -> None:
        fetched.append(str(said[2]))

    event.listen(busy.database._read_sessions.kw["bind"], "before_cursor_execute", listen)
    busy.report(TODAY)
    assert fetched
    assert not [words for words in fetched if "voucher.number" in words]


def test_ten_thousand_vouchers_are_summed_and_proved_without_being_held(small_books: Books) -> None:
    """Some portions, and not a megabyte for them: what is held are the sums."""
    small_books.issue_many(10_001, TODAY)
    told: list[int] = []
    with small_books.database.read() as session:
        report, held = _traced(lambda: voucher_liability(session, AsOf(TODAY, "Europe/Berlin", 3), told.append))
    assert report.multi == Left(10_001, Money(10_001 * 500), ZERO)
    assert report.is_proved
    assert told == [0, 5_000, 10_000] * 2
    assert held < 1_000_000
    small_books.post(TODAY, (Posting(Account.VOUCHER_MULTI, Money(-1), str(uuid.uuid4())),))
    with small_books.database.read() as session:
        found, held = _traced(lambda: list(checks.values(session, lambda _done, _whole: None)))
    assert [finding.msgid for finding in found] == ["Account {account} names a voucher that is not there."]
    assert held < 1_000_000


def _traced(work: Callable[[], _T]) -> tuple[_T, int]:
    """What it comes to, and the most bytes that it holds once what is remembered for good is there."""
    work()
    tracemalloc.start()
    try:
        return work(), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (dt.date(2026, 11, 20), 3, dt.date(2027, 2, 20)),
        (dt.date(2026, 11, 30), 3, dt.date(2027, 2, 28)),
        (dt.date(2026, 12, 31), 1, dt.date(2027, 1, 31)),
        (dt.date(2026, 1, 31), 120, dt.date(2036, 1, 31)),
    ],
)
def test_months_are_counted_to_the_same_day(day: dt.date, months: int, expected: dt.date) -> None:
    assert months_after(day, months) == expected
