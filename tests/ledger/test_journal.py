"""Entries are written and read back whole; balances are sums of their postings."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from sqlalchemy import delete

from till.db.engine import Database
from till.ledger import journal
from till.ledger.account import Account
from till.ledger.balances import balance, balances
from till.ledger.chain import canonical
from till.ledger.entry import Posting
from till.ledger.models import PostingRow
from till.money import ZERO, Money


def _legs(cents: int, subject: str = "KASSE-1") -> tuple[Posting, ...]:
    return (Posting(Account.CASH, Money(cents), subject), Posting(Account.REVENUE, Money(-cents), "1"))


def test_entries_come_back_whole(database: Database, make_entry: Any) -> None:
    sale = make_entry()
    reversal = make_entry(_legs(-1000), sale.id)
    with database.write() as session:
        journal.append(session, sale)
        journal.append(session, reversal)
        found = journal.entries_of(session, [sale.document_id, reversal.document_id, uuid.uuid4()])
    assert {key: [stored.entry() for stored in entries] for key, entries in found.items()} == {
        sale.document_id: [sale],
        reversal.document_id: [reversal],
    }


def test_a_stored_entry_that_was_tampered_with_is_none(make_entry: Any) -> None:
    entry = make_entry()
    values = {name: getattr(entry, name) for name in entry.__dataclass_fields__ if name != "postings"}
    stored = journal.StoredEntry(values | {"legs": 2}, (Posting(Account.CASH, Money(1)),))
    with pytest.raises(ValueError, match="two postings"):
        stored.entry()


def test_an_entry_whose_legs_are_gone_is_still_read(database: Database, make_entry: Any, behind_the_back: Any) -> None:
    entry = make_entry()
    with database.write() as session:
        journal.append(session, entry)
    with behind_the_back() as session:
        session.execute(delete(PostingRow))
        (stored,) = journal.entries_of(session, [entry.document_id])[entry.document_id]
    assert stored.values["id"] == entry.id
    assert stored.postings == ()


def test_a_balance_is_the_sum_of_its_subjects_postings(database: Database, make_entry: Any) -> None:
    with database.write() as session:
        assert balance(session, Account.CASH, "KASSE-1") == ZERO
        for legs in (_legs(1000), _legs(500, "KASSE-2"), _legs(-300), _legs(77, "KASSE-3"), _legs(-77, "KASSE-3")):
            journal.append(session, make_entry(legs))
        assert balance(session, Account.CASH, "KASSE-1") == Money(700)
        assert balances(session, [Account.CASH, Account.REVENUE]) == {
            (Account.CASH, "KASSE-1"): Money(700),
            (Account.CASH, "KASSE-2"): Money(500),
            (Account.REVENUE, "1"): Money(-1200),
        }
        assert balances(session, [Account.VAT]) == {}


def test_the_record_of_an_entry_holds_all_of_it(make_entry: Any) -> None:
    entry = make_entry(reverses=uuid.UUID(int=9))
    record = journal.record_of(entry)
    text = canonical(record)
    for value in (entry.id, entry.reason, entry.document_id, entry.till_id, entry.user_id, entry.reverses, "revenue"):
        assert str(value) in text
    assert record["postings"] == [["cash", "KASSE-1", Money(1000)], ["revenue", "5", Money(-1000)]]
