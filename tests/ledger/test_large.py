"""Entries with very many legs are the very same as others, whichever way they were written."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from till.db.engine import Database
from till.ledger import chain, checks, journal, large
from till.ledger.account import Account
from till.ledger.balances import balance
from till.ledger.entry import Entry, Posting
from till.money import Money

LEGS = (("voucher-multi", "a", -500), ("voucher-multi", "b", -700), ("opening", "", 1200))


@pytest.fixture
def entry(make_entry: object) -> large.LargeEntry:
    made = make_entry()  # type: ignore[operator]
    return large.LargeEntry(
        made.id, "opening", made.booked_at, made.business_date, made.till_id, None, made.user_id, len(LEGS)
    )


def write(session: Session, entry: large.LargeEntry, legs: tuple[large.Leg, ...] = LEGS) -> None:
    """Write it the way that this database knows."""
    if session.get_bind().dialect.name == "postgresql":
        large.append_copied(session, entry, legs)
        return
    rows = " UNION ALL ".join(f"SELECT {n}, '{a}', '{s}', {c}" for n, (a, s, c) in enumerate(legs))
    large.append_selected(session, entry, rows)


def test_it_is_the_same_entry_as_one_that_was_written_whole(database: Database, entry: large.LargeEntry) -> None:
    whole = Entry(
        entry.id,
        "opening",
        None,
        entry.booked_at,
        entry.business_date,
        entry.till_id,
        None,
        entry.user_id,
        tuple(Posting(Account(account), Money(cents), subject) for account, subject, cents in LEGS),
    )
    digest = chain.digest(journal.record_of(whole))
    with database.write() as session:
        write(session, entry)
        chain.extend_by_digest(session, entry.till_id, chain.RecordKind.ENTRY, str(entry.id), entry.digest(LEGS))
    assert entry.digest(iter(LEGS)) == digest
    with database.read() as session:
        assert large.heads(session) == [entry]
        assert tuple(large.legs_of(session, entry.id)) == LEGS
        assert balance(session, Account.VOUCHER_MULTI, "b") == Money(-700)
        assert [
            *checks.alone(session, nothing),
            *checks.balanced(session, nothing),
            *checks.linked(session, nothing),
        ] == []


@pytest.mark.parametrize("legs", [LEGS[:2], (*LEGS[:2], ("opening", "", 1199))])
def test_one_that_is_not_whole_is_refused_by_the_database(
    database: Database, entry: large.LargeEntry, legs: tuple[large.Leg, ...]
) -> None:
    with pytest.raises(DBAPIError, match="not balanced"), database.write() as session:
        write(session, entry, legs)
    with database.read() as session:
        assert large.heads(session) == []
        assert session.execute(text("SELECT count(*) FROM ledger_posting")).scalar_one() == 0


def test_nothing_is_added_to_it_later(database: Database, entry: large.LargeEntry) -> None:
    with database.write() as session:
        write(session, entry)
    with pytest.raises(DBAPIError, match=r"sealed|has this row"), database.write() as session:
        write(session, replace(entry, reason="x"))
    leg = "INSERT INTO ledger_posting (entry_id, position, account, subject, amount) VALUES (:id, 9, 'opening', '', 1)"
    with pytest.raises(DBAPIError, match="sealed"), database.write() as session:
        session.execute(text(leg), {"id": entry.id.hex if database.is_sqlite else entry.id})


def nothing(_done: int, _whole: int) -> None:
    """Nobody watches."""
