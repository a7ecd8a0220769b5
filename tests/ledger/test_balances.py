"""Balances of some entries, and those that a checkpoint writes down: drawers, tenders and VAT keys one by one."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from sqlalchemy import select

from till.db.engine import Database
from till.ledger import journal
from till.ledger.account import Account
from till.ledger.balances import add_checkpoint, balance_among, balance_at, balances, checkpoint, sums_among
from till.ledger.entry import Entry, Posting
from till.ledger.models import EntryRow
from till.money import ZERO, Money

FIRST, SECOND = uuid.UUID(int=1), uuid.UUID(int=2)


def _legs(cents: int, drawer: str, key: str) -> tuple[Posting, ...]:
    return (Posting(Account.CASH, Money(cents), drawer), Posting(Account.REVENUE, Money(-cents), key))


def _vouchers(cents: int, voucher: str) -> tuple[Posting, ...]:
    return (Posting(Account.CASH, Money(cents), "K1"), Posting(Account.VOUCHER_MULTI, Money(-cents), voucher))


def _among(*entries: Entry) -> Any:
    return select(EntryRow.id).where(EntryRow.id.in_([entry.id for entry in entries]))


@pytest.fixture
def booked(database: Database, make_entry: Any) -> list[Entry]:
    """Sales into two drawers under two VAT keys, two vouchers, and a pair that sums to zero."""
    legs = [
        _legs(1000, "K1", "1"),
        _legs(300, "K1", "2"),
        _legs(50, "K2", "1"),
        _vouchers(2500, "v1"),
        _vouchers(700, "v2"),
        _legs(-50, "K2", "1"),
    ]
    entries = [make_entry(one) for one in legs]
    with database.write() as session:
        for entry in entries:
            journal.append(session, entry)
    return entries


def test_one_subject_of_two_accounts_has_two_balances(database: Database, make_entry: Any) -> None:
    """A drawer's cash and its money on the way go by the same till."""
    entry = make_entry((Posting(Account.CASH, Money(-900), "K1"), Posting(Account.TRANSIT, Money(900), "K1")))
    with database.write() as session:
        journal.append(session, entry)
        assert balances(session, [Account.CASH, Account.TRANSIT]) == {
            (Account.CASH, "K1"): Money(-900),
            (Account.TRANSIT, "K1"): Money(900),
        }
        assert sums_among(session, _among(entry)) == {("cash", "K1"): Money(-900), ("transit", "K1"): Money(900)}


def test_a_balance_among_entries_is_theirs_alone(database: Database, booked: list[Entry]) -> None:
    with database.read() as session:
        assert balance_among(session, _among(*booked), Account.CASH, "K1") == Money(4500)
        assert balance_among(session, _among(*booked[:2]), Account.CASH, "K1") == Money(1300)
        assert balance_among(session, _among(*booked[:2]), Account.REVENUE, "2") == Money(-300)
        assert balance_among(session, _among(*booked[:2]), Account.CASH, "K2") == ZERO
        assert balance_among(session, _among(), Account.CASH, "K1") == ZERO


def test_sums_tell_drawers_and_keys_apart_and_vouchers_together(database: Database, booked: list[Entry]) -> None:
    with database.read() as session:
        assert sums_among(session, _among(*booked)) == {
            ("cash", "K1"): Money(4500),
            ("revenue", "1"): Money(-1000),
            ("revenue", "2"): Money(-300),
            ("voucher-multi", ""): Money(-3200),
        }
        assert sums_among(session, _among(booked[2], booked[3])) == {
            ("cash", "K2"): Money(50),
            ("cash", "K1"): Money(2500),
            ("revenue", "1"): Money(-50),
            ("voucher-multi", ""): Money(-2500),
        }
        assert sums_among(session, _among()) == {}


@pytest.mark.parametrize(
    "account", [Account.CASH, Account.TRANSIT, Account.TENDER, Account.REVENUE, Account.VAT, Account.OVER_SHORT]
)
def test_what_has_few_subjects_is_written_down_by_subject(
    database: Database, make_entry: Any, account: Account
) -> None:
    entry = make_entry((Posting(account, Money(5), "a"), Posting(account, Money(-5), "b")))
    with database.write() as session:
        journal.append(session, entry)
        assert sums_among(session, _among(entry)) == {
            (account.value, "a"): Money(5),
            (account.value, "b"): Money(-5),
        }


def test_a_checkpoint_carries_the_one_before_it(database: Database, booked: list[Entry]) -> None:
    with database.write() as session:
        add_checkpoint(session, FIRST, None, _among(*booked[:3]))
        add_checkpoint(session, SECOND, FIRST, _among(*booked[3:]))
        first, second = checkpoint(session, FIRST), checkpoint(session, SECOND)
        assert first == sums_among(session, _among(*booked[:3]))
        assert second == sums_among(session, _among(*booked))
        assert checkpoint(session, uuid.UUID(int=3)) == {}
    assert first[("cash", "K2")] == Money(50)
    assert ("cash", "K2") not in second


def test_a_balance_at_a_z_is_the_one_written_down_there(database: Database, booked: list[Entry]) -> None:
    with database.write() as session:
        add_checkpoint(session, FIRST, None, _among(*booked[:3]))
        add_checkpoint(session, SECOND, FIRST, _among(*booked[3:]))
        assert balance_at(session, FIRST, Account.CASH, "K1") == Money(1300)
        assert balance_at(session, FIRST, Account.CASH, "K2") == Money(50)
        assert balance_at(session, FIRST, Account.REVENUE, "2") == Money(-300)
        assert balance_at(session, SECOND, Account.CASH, "K1") == Money(4500)
        assert balance_at(session, SECOND, Account.CASH, "K2") == ZERO
