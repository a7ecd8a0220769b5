"""What `verify` says about entries and links that somebody changed behind the database's back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete, insert, literal, select, update
from sqlalchemy.orm import Session

from till.db.engine import Database
from till.db.finding import Finding
from till.ledger import chain, checks, journal
from till.ledger.account import Account
from till.ledger.entry import Entry, Posting
from till.ledger.models import ChainRow, EntryRow, PostingRow
from till.money import Money

LINKS = 5


def _said(database: Database, find: Any) -> list[str]:
    with database.read() as session:
        return [str(finding) for finding in find(session, lambda _done, _whole: None)]


def _since(first: int) -> Any:
    def find(session: Session, _progress: Any) -> Iterator[Finding]:
        yield from checks.linked_since(session, "K1", first)

    return find


@pytest.fixture
def chained(database: Database) -> Database:
    """Five links of till K1 and two of K2."""
    with database.write() as session:
        for number in range(1, LINKS + 1):
            chain.extend(session, "K1", chain.RecordKind.AUDIT, f"a{number}", {"n": number})
        for number in (1, 2):
            chain.extend(session, "K2", chain.RecordKind.CLOSING, f"b{number}", {"n": number})
    return database


def test_a_whole_chain_says_nothing(chained: Database) -> None:
    assert _said(chained, checks.linked) == []
    assert [_said(chained, _since(first)) for first in range(1, LINKS + 2)] == [[]] * (LINKS + 1)


@pytest.mark.parametrize(
    "changed", [{"content": "0" * 64}, {"kind": "entry"}, {"record_id": "x"}, {"format_version": 2}], ids=str
)
def test_a_changed_link_is_named(chained: Database, behind_the_back: Any, changed: dict[str, Any]) -> None:
    with behind_the_back() as session:
        session.execute(update(ChainRow).where(ChainRow.till_id == "K1", ChainRow.position == 3).values(**changed))
    said = ["Link 3 of till K1 does not fit the one before."]
    assert _said(chained, checks.linked) == said
    assert [_said(chained, _since(first)) for first in (1, 3, 4)] == [said, said, []]


def test_a_link_written_anew_does_not_fit_the_next(chained: Database, behind_the_back: Any) -> None:
    with behind_the_back() as session:
        links = list(chain.links(session, "K1"))
        forged = replace(links[2], content="0" * 64)
        values = {"content": forged.content, "hash": chain.expected_hash(forged)}
        session.execute(update(ChainRow).where(ChainRow.till_id == "K1", ChainRow.position == 3).values(**values))
    said = ["Link 4 of till K1 does not fit the one before."]
    assert _said(chained, checks.linked) == said
    assert [_said(chained, _since(first)) for first in (1, 3, 4)] == [said, said, []]


def test_a_lost_link_leaves_a_gap(chained: Database, behind_the_back: Any) -> None:
    with behind_the_back() as session:
        session.execute(delete(ChainRow).where(ChainRow.till_id == "K1", ChainRow.position == 3))
    said = [
        "The chain of till K1 has a gap before link 4.",
        "Link 4 of till K1 does not fit the one before.",
    ]
    assert _said(chained, checks.linked) == said
    assert _said(chained, _since(2)) == said
    assert _said(chained, _since(3)) == said[:1]


def test_a_lost_beginning_is_a_gap(chained: Database, behind_the_back: Any) -> None:
    with behind_the_back() as session:
        session.execute(delete(ChainRow).where(ChainRow.till_id == "K1", ChainRow.position == 1))
    said = [
        "The chain of till K1 has a gap before link 2.",
        "Link 2 of till K1 does not fit the one before.",
    ]
    assert _said(chained, checks.linked) == said
    assert _said(chained, _since(1)) == said


def test_a_beginning_with_a_forerunner_does_not_fit(chained: Database, behind_the_back: Any) -> None:
    with behind_the_back() as session:
        (first, *_) = chain.links(session, "K1")
        forged = replace(first, previous="0" * 64)
        values = {"previous": forged.previous, "hash": chain.expected_hash(forged)}
        session.execute(update(ChainRow).where(ChainRow.till_id == "K1", ChainRow.position == 1).values(**values))
    said = ["Link 1 of till K1 does not fit the one before.", "Link 2 of till K1 does not fit the one before."]
    assert _said(chained, checks.linked) == said
    assert _said(chained, _since(1)) == said


def test_the_newest_link_of_a_kind_is_found(chained: Database) -> None:
    with chained.read() as session:
        assert chain.last_position(session, "K1", chain.RecordKind.AUDIT) == LINKS
        assert chain.last_position(session, "K1", chain.RecordKind.CLOSING) is None
        assert chain.last_position(session, "K2", chain.RecordKind.CLOSING) == 2


def _opening(entry: Entry) -> Entry:
    return replace(entry, document_id=None)


def _book(session: Session, entry: Entry) -> None:
    journal.append(session, entry)
    chain.extend(session, "KASSE-1", chain.RecordKind.ENTRY, str(entry.id), journal.record_of(entry))


def test_entries_of_no_document_are_compared_with_the_chain(
    database: Database, make_entry: Any, behind_the_back: Any
) -> None:
    kept, changed, forged, lost = (_opening(make_entry()) for _ in range(4))
    with database.write() as session:
        for entry in (kept, changed, lost):
            _book(session, entry)
        journal.append(session, forged)
    with behind_the_back() as session:
        session.execute(update(EntryRow).where(EntryRow.id == changed.id).values(reason="x"))
        session.execute(delete(PostingRow).where(PostingRow.entry_id == lost.id))
        session.execute(delete(EntryRow).where(EntryRow.id == lost.id))
    assert sorted(_said(database, checks.alone)) == sorted(
        [
            f"Entry {changed.id} was changed after it was booked.",
            f"Entry {forged.id} belongs to no document and is not in the chain.",
            f"Entry {lost.id} of the chain is gone.",
        ]
    )


SECOND = update(PostingRow).where(PostingRow.position == 1)


@pytest.mark.parametrize(
    "changes",
    [
        (SECOND.values(amount=Money(-999)),),
        (SECOND.values(position=2),),
        (update(EntryRow).values(legs=3),),
        (SECOND.values(position=2), update(EntryRow).values(legs=3)),
        (delete(EntryRow),),
        (delete(PostingRow),),
        (
            insert(PostingRow).from_select(
                ["entry_id", "position", "account", "subject", "amount"],
                select(PostingRow.entry_id, literal(2), PostingRow.account, literal("x"), PostingRow.amount).limit(1),
            ),
        ),
    ],
    ids=["unbalanced", "a gap", "too few", "too few with a gap", "no entry", "no legs", "too many"],
)
def test_an_entry_that_is_not_whole_is_named(
    database: Database, make_entry: Any, behind_the_back: Any, changes: Any
) -> None:
    entry = make_entry()
    with database.write() as session:
        journal.append(session, entry)
        assert list(checks.balanced(session, lambda _done, _whole: None)) == []
    with behind_the_back() as session:
        for change in changes:
            session.execute(change)
        said = [str(finding) for finding in checks.balanced(session, lambda _done, _whole: None)]
        session.rollback()  # the database would refuse some of it at the commit
    assert said == [f"Entry {entry.id} is not whole or does not balance."]


def test_memo_accounts_that_do_not_balance_by_themselves_are_named(
    database: Database, make_entry: Any, behind_the_back: Any
) -> None:
    pair = (Account.GOODWILL, Account.GOODWILL_CONTRA)
    legs = (Posting(pair[0], Money(5)), Posting(pair[1], Money(-5)))
    entry = make_entry(legs)
    with database.write() as session:
        journal.append(session, entry)
    assert _said(database, checks.balanced) == []
    with behind_the_back() as session:
        session.execute(
            update(PostingRow).where(PostingRow.position == 1).values(account=Account.CASH.value, subject="KASSE-1")
        )
    assert _said(database, checks.balanced) == [f"The memo accounts of entry {entry.id} do not balance."]
