"""What each Z writes down of its till's balances, so that nothing has to be summed from the first day on; on both databases."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from till.business_case import BonTyp, VatKey
from till.db.engine import Database
from till.documents.model import DocumentKind, Draft
from till.documents.post import Booking, post
from till.ledger import chain, journal
from till.ledger.account import Account
from till.ledger.balances import Sums, balance, checkpoint
from till.ledger.entry import Entry, Posting
from till.money import Money

if TYPE_CHECKING:
    from tests.shifts.conftest import Drawer

GROWING = ("document", "document_line", "document_payment", "ledger_entry", "ledger_posting", "chain_link", "closing")


def written_down(drawer: Drawer, closing_id: uuid.UUID) -> Sums:
    with drawer.database.read() as session:
        return checkpoint(session, closing_id)


def book(drawer: Drawer, *legs: Posting) -> None:
    draft = Draft(uuid.uuid4(), DocumentKind.NO_SALE, BonTyp.SONSTIGE, drawer.context.now)
    drawer.database.run(lambda session: post(session, drawer.context, draft, Booking(legs)))


def book_alone(drawer: Drawer, cents: int) -> None:
    """An opening balance: an entry of no document."""
    context = drawer.context
    legs = (Posting(Account.CASH, Money(cents), context.till_id), Posting(Account.OPENING, Money(-cents)))
    day = context.now.date()
    entry = Entry(uuid.uuid4(), "opening", None, context.now, day, context.till_id, None, "1", legs)
    with drawer.database.write() as session:
        journal.append(session, entry)
        chain.extend(session, entry.till_id, chain.RecordKind.ENTRY, str(entry.id), journal.record_of(entry))


def test_a_z_writes_down_drawer_and_tax_keys_one_by_one(drawer: Any) -> None:
    drawer.open(10000)
    drawer.sell(VatKey.GENERAL, 1190)
    drawer.sell(VatKey.REDUCED, 107, 700)
    assert written_down(drawer, drawer.close(11290).closing.id) == {
        ("cash", "KASSE-1"): Money(11290),
        ("transit", "KASSE-1"): Money(-10000),
        ("over-short", "KASSE-1"): Money(7),
        ("revenue", "1"): Money(-1000),
        ("vat", "1"): Money(-190),
        ("revenue", "2"): Money(-100),
        ("vat", "2"): Money(-7),
    }


def test_vouchers_and_customers_are_written_down_as_one_sum(drawer: Any) -> None:
    drawer.open(10000)
    for account in (Account.VOUCHER_MULTI, Account.CUSTOMER_CREDIT, Account.RECEIVABLE):
        for subject in ("a", "b"):
            legs = (Posting(Account.CASH, Money(500), "KASSE-1"), Posting(account, Money(-500), subject))
            book(drawer, *legs)
    found = written_down(drawer, drawer.close(None).closing.id)
    assert found[("voucher-multi", "")] == found[("customer-credit", "")] == found[("receivable", "")] == Money(-1000)
    assert len(found) == 5


def test_each_z_carries_the_balances_of_the_one_before(drawer: Any) -> None:
    other = drawer.beside("KASSE-2")
    other.open(2000)
    other.sell(VatKey.GENERAL, 7777)
    for day in range(1, 4):
        drawer.open(10000)
        drawer.sell(VatKey.GENERAL, 1190)
        found = written_down(drawer, drawer.close(11190).closing.id)
        assert found[("revenue", "1")] == Money(-1000 * day)
        assert ("cash", "KASSE-2") not in found
        assert found[("cash", "KASSE-1")] == Money(11190)


def test_a_balance_that_is_nothing_is_not_written_down(drawer: Any) -> None:
    drawer.open(10000)
    drawer.close(10000)
    drawer.open(0)
    assert written_down(drawer, drawer.close(None).closing.id) == {}


def test_the_target_in_the_drawer_is_what_the_whole_ledger_says(drawer: Any) -> None:
    seen = []
    for day in range(3):
        book_alone(drawer, 700)
        seen.append(drawer.target())
        drawer.open(10000 + day)
        drawer.sell(VatKey.GENERAL, 500)
        seen.append(drawer.target())
        book_alone(drawer, 30)
        drawer.beside("KASSE-2").sell(VatKey.GENERAL, 999)
        with drawer.database.read() as session:
            assert drawer.target() == balance(session, Account.CASH, "KASSE-1")
        drawer.close(10400 + day)
        drawer.context = replace(drawer.context, shift_id=None)
        seen.append(drawer.target())
    assert [amount.cents for amount in seen] == [700, 10500, 10400, 11100, 10501, 10401, 11101, 10502, 10402]


@contextmanager
def statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """What a piece of work says to the database."""
    told: list[tuple[str, Any]] = []

    def listen(_connection: object, _cursor: object, statement: str, parameters: Any, *_more: object) -> None:
        if re.match("SELECT|INSERT|UPDATE", statement):
            told.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", listen)
    yield told
    event.remove(database.engine, "before_cursor_execute", listen)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_z_and_no_look_at_the_drawer_goes_through_a_table_that_grows(drawer: Any) -> None:
    """80-quality P6. After one Z already, each statement finds its rows by an index."""
    for _ in range(2):
        drawer.open(10000)
        book_alone(drawer, 5)
        drawer.sell(VatKey.GENERAL, 500)
        with statements(drawer.database) as told:
            drawer.close(10000)
        drawer.context = replace(drawer.context, shift_id=None)
    assert len(told) > 15
    with drawer.database.write() as session:
        for statement, parameters in told:
            plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps = "; ".join(row[3] for row in plan)
            assert not set(re.findall(r"SCAN (\w+)", steps)) & set(GROWING), (statement, steps)
            assert "ix_ledger_posting_account_subject" not in steps, "all postings of an account are read"
