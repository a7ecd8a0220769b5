"""The demo's past: proved books, closed days, believable sales."""

from __future__ import annotations

import datetime as dt
import itertools
import time
from collections import Counter
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from till.app.verify import verify
from till.business_case import BonTyp, ZahlartTyp
from till.clock import FixedClock
from till.db.engine import Database, sqlite_url
from till.demo import calendar
from till.demo.build import TILL_ID, build
from till.demo.history import FLOAT, Plan
from till.documents import find
from till.documents.model import Document, DocumentKind
from till.ledger.account import Account
from till.ledger.balances import balances
from till.money import ZERO, Money, total
from till.printing.jobs import unprinted
from till.shifts.closing import closing
from till.shifts.shift import open_shift_of, target_cash
from till.vouchers.model import VoucherState
from till.vouchers.standing import issued_by, standing_of

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
TODAY = NOON.date()
BERLIN = ZoneInfo("Europe/Berlin")


def _documents(database: Database, *kinds: DocumentKind) -> list[Document]:
    with database.read() as session:
        return find.latest(session, TILL_ID, kinds or tuple(DocumentKind), limit=10_000)[::-1]


def _sold(database: Database) -> list[tuple[dt.datetime, int, Money]]:
    return [(d.ended_at, d.number, d.draft.total) for d in _documents(database, DocumentKind.SALE)]


def test_the_books_are_proved(database: Database) -> None:
    assert verify(database) == []


def test_every_open_day_before_today_has_its_z_and_no_number_is_missing(database: Database) -> None:
    documents = _documents(database, DocumentKind.CLOSING)
    with database.read() as session:
        closings = [closing(session, document.id) for document in documents]
    assert [z.z_number for z in closings if z] == list(range(1, 6))
    assert [z.business_date for z in closings if z] == [TODAY - dt.timedelta(days=back) for back in (6, 4, 3, 2, 1)]


def test_document_numbers_run_without_a_gap(database: Database) -> None:
    numbers = [document.number for document in _documents(database)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_customers_come_while_the_shop_is_open(database: Database) -> None:
    for document in _documents(database, DocumentKind.SALE):
        came = document.draft.started_at.astimezone(BERLIN)
        assert dt.time(9) <= came.time() <= dt.time(18, 40)
        assert came.date() == document.business_date < TODAY
        assert document.ended_at > document.draft.started_at


def test_one_can_sell_at_once_with_200_in_the_drawer(database: Database) -> None:
    with database.read() as session:
        shift = open_shift_of(session, TILL_ID)
        assert shift is not None
        assert shift.business_date == TODAY
        assert shift.opened_at < NOON
        assert shift.opening_float == target_cash(session, TILL_ID) == FLOAT


def test_nothing_of_the_past_is_owed_to_the_printer(database: Database) -> None:
    with database.read() as session:
        assert unprinted(session) == 0


@pytest.mark.parametrize("seed", [Plan().seed, 7])
def test_the_same_seed_and_only_that_writes_the_same_past(database: Database, tmp_path: Path, seed: int) -> None:
    build(tmp_path / "again", FixedClock(NOON), plan=Plan(days=6, seed=seed))
    again = Database(sqlite_url(tmp_path / "again" / "till.db"))
    assert (_sold(again) == _sold(database)) is (seed == Plan().seed)
    again.close()


def test_sundays_and_holidays_are_closed() -> None:
    days = calendar.opening_days(dt.date(2026, 12, 29), 6)
    assert days == [dt.date(2026, 12, 23), dt.date(2026, 12, 24), dt.date(2026, 12, 28)]


def test_customers_come_one_after_the_other() -> None:
    came = calendar.arrivals(Random(1), dt.date(2026, 11, 20), "Europe/Berlin")
    assert len(came) >= 42
    assert min(later - earlier for earlier, later in itertools.pairwise(came)) >= dt.timedelta(seconds=140)


@pytest.mark.timeout(240)
def test_ninety_days_are_written_in_time_and_tell_a_believable_story(tmp_path: Path) -> None:
    began = time.process_time()
    build(tmp_path, FixedClock(NOON))
    assert time.process_time() - began < 30
    database = Database(sqlite_url(tmp_path / "till.db"))
    assert verify(database) == []
    sales = _documents(database, DocumentKind.SALE)
    assert len(sales) > 2_500
    _check_days(sales, _documents(database, DocumentKind.CLOSING))
    _check_payments(sales)
    _check_vouchers(database, sales)
    _check_the_rest(database)
    database.close()


def _check_days(sales: list[Document], closings: list[Document]) -> None:
    assert len(closings) == len(calendar.opening_days(TODAY, 90)) == 76
    customers = Counter(sale.business_date for sale in sales)
    assert len(customers) == 76
    fridays = [count for day, count in customers.items() if day.weekday() == 4]
    mondays = [count for day, count in customers.items() if day.weekday() == 0]
    assert min(fridays) > max(mondays)


def _check_payments(sales: list[Document]) -> None:
    paid = [sale.draft.payments for sale in sales]
    in_cash = [payments for payments in paid if payments[0].zahlart_typ is ZahlartTyp.BAR]
    assert 0.52 < len(in_cash) / len(sales) < 0.68
    assert any(payments[0].change for payments in in_cash)
    assert any(len(payments) == 2 for payments in paid)
    assert any(line.reduces is not None for sale in sales for line in sale.draft.lines)
    assert len({line.text for sale in sales for line in sale.draft.lines}) > 250


def _check_vouchers(database: Database, sales: list[Document]) -> None:
    with database.read() as session:
        sold = [voucher for sale in sales for voucher in issued_by(session, sale.id)]
        now = [standing_of(session, voucher, TODAY) for voucher in sold]
        booked = balances(session, (Account.VOUCHER_MULTI, Account.VOUCHER_BONUS))
    assert total(one.remaining for one in now) == -total(booked.values())
    assert len({voucher.type_id for voucher in sold}) == 6
    assert any(one.state is VoucherState.USED for one in now)
    assert any(ZERO < one.remaining < one.voucher.face for one in now)
    assert sum(one.remaining == one.voucher.face for one in now) > 10


def _check_the_rest(database: Database) -> None:
    kinds = Counter(document.draft.kind for document in _documents(database))
    assert kinds[DocumentKind.ABORTED] > 5
    assert kinds[DocumentKind.NO_SALE] > 2
    assert 3 < kinds[DocumentKind.COUNT_DIFFERENCE] < 20
    assert kinds[DocumentKind.CASH_MOVEMENT] > 76
    assert 0 < kinds[DocumentKind.CASH_REVERSAL] < 10
    moved = {d.draft.lines[0].text for d in _documents(database, DocumentKind.CASH_MOVEMENT)}
    assert moved == {
        "Bankeinzahlung",
        "Wechselgeld eingelegt",
        "Privatentnahme",
        "Trinkgeld an Mitarbeiter",
        "Sonstige Auszahlung",
    }
    assert all(document.draft.bon_typ is BonTyp.ABBRUCH for document in _documents(database, DocumentKind.ABORTED))
    with database.read() as session:
        outages = session.execute(text("SELECT COUNT(*) FROM signature WHERE value IS NULL")).scalar_one()
        signed = session.execute(text("SELECT COUNT(*) FROM signature")).scalar_one()
    assert (outages, signed) == (0, kinds.total())
