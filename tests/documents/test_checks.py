"""What `verify` says about documents that somebody changed behind the database's back: each once, by till and number."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from till.db.base import Base
from till.db.context import Context
from till.db.counter import CounterRow
from till.db.engine import Database
from till.documents import checks
from till.documents.models import DocumentRow, LineRow, PaymentRow, ReferenceRow, VatRow
from till.documents.post import post
from till.ledger import chain, journal
from till.ledger.account import Account
from till.ledger.entry import Entry, Posting
from till.ledger.models import ChainRow, EntryRow, PostingRow
from till.money import Money

POSTED = 5


@pytest.fixture
def books(database: Database, context: Context, make_draft: Any) -> Database:
    """Five documents of one till and one of another."""
    with database.write() as session:
        for number in range(1, POSTED + 1):
            post(session, context, *make_draft(100 * number))
        post(session, replace(context, till_id="KASSE-2"), *make_draft(700))
    return database


def _said(books: Database, find: Any = checks.contents) -> list[str]:
    with books.read() as session:
        return [str(finding) for finding in find(session, lambda _done, _whole: None)]


def _change(row: type[Base], document: int, **values: Any) -> Any:
    """An update of what belongs to one document of KASSE-1."""
    key: Any = row.id if row is DocumentRow else row.document_id  # type: ignore[attr-defined]
    of = select(DocumentRow.id).where(DocumentRow.number == document, DocumentRow.till_id == "KASSE-1")
    return update(row).where(key.in_(of)).values(**values)


def test_untouched_books_say_nothing(books: Database) -> None:
    assert _said(books) == []
    assert _said(books, checks.numbers) == []


@pytest.mark.parametrize("portion", [1, 2, 3, 5, 500])
def test_each_changed_document_is_named_once_however_they_are_read(
    books: Database, behind_the_back: Any, monkeypatch: pytest.MonkeyPatch, portion: int
) -> None:
    monkeypatch.setattr(checks, "PORTION", portion)
    with behind_the_back() as session:
        session.execute(update(DocumentRow).where(DocumentRow.till_id == "KASSE-1").values(note="x"))
    sentences = [
        f"Document {number} of till KASSE-1 was changed after it was posted." for number in range(1, POSTED + 1)
    ]
    assert _said(books) == sentences
    for first in range(1, POSTED + 2):
        said = _said(books, lambda session, _progress, first=first: checks.contents_since(session, "KASSE-1", first))
        assert said == sentences[first - 1 :]


def test_the_newest_documents_of_a_till_are_not_those_of_another(books: Database, behind_the_back: Any) -> None:
    with behind_the_back() as session:
        session.execute(update(DocumentRow).where(DocumentRow.till_id == "KASSE-2").values(note="x"))
    assert _said(books, lambda session, _: checks.contents_since(session, "KASSE-1", 1)) == []
    assert _said(books, lambda session, _: checks.contents_since(session, "KASSE-2", 1)) == [
        "Document 1 of till KASSE-2 was changed after it was posted."
    ]


@pytest.mark.parametrize(("portion", "firsts"), [(2, [1, 3, 5]), (5, [1]), (4, [1, 5])])
def test_checking_tells_how_far_it_is(
    books: Database, monkeypatch: pytest.MonkeyPatch, portion: int, firsts: list[int]
) -> None:
    monkeypatch.setattr(checks, "PORTION", portion)
    told: dict[int, list[int]] = {}
    with books.read() as session:
        assert not list(checks.contents(session, lambda done, whole: told.setdefault(whole, []).append(done)))
    assert told == {POSTED: firsts, 1: [1]}


@pytest.mark.parametrize(
    ("row", "values", "sentences"),
    [
        (PaymentRow, {"amount": Money(9)}, {"The payments of {it} don’t equal its lines."}),
        (VatRow, {"gross": Money(9)}, {"The VAT of {it} doesn’t equal its lines."}),
        (VatRow, {"tax": Money(9)}, {"The tax of {it} doesn’t equal that of its lines."}),
        (LineRow, {"tax": Money(1)}, {"The tax of {it} doesn’t equal that of its lines."}),
        (LineRow, {"text": "x"}, set()),
    ],
)
def test_a_changed_part_is_told_by_what_no_longer_fits(
    books: Database, behind_the_back: Any, row: type[Base], values: dict[str, Any], sentences: set[str]
) -> None:
    with behind_the_back() as session:
        session.execute(_change(row, 2, **values))
    it = "document 2 of till KASSE-1"
    said = set(_said(books))
    assert "Document 2 of till KASSE-1 was changed after it was posted." in said
    assert {sentence.format(it=it) for sentence in sentences} <= said
    assert all(it in sentence or "Document 2 of till KASSE-1" in sentence for sentence in said)


def test_a_total_that_is_not_the_sum_of_the_lines_is_told(books: Database, behind_the_back: Any) -> None:
    """The total is no part of the record: no digest shows it."""
    with behind_the_back() as session:
        session.execute(_change(DocumentRow, 3, total=Money(1)))
        session.execute(delete(LineRow).where(LineRow.document_id.in_(_ids("KASSE-2"))))
    said = _said(books)
    assert sorted(sentence for sentence in said if "The total" in sentence) == [
        "The total of document 1 of till KASSE-2 doesn’t equal its lines.",
        "The total of document 3 of till KASSE-1 doesn’t equal its lines.",
    ]


def _ids(till_id: str) -> Any:
    return select(DocumentRow.id).where(DocumentRow.till_id == till_id)


def test_an_entry_that_books_something_else_is_told(books: Database, behind_the_back: Any) -> None:
    with behind_the_back() as session:
        entry = select(EntryRow.id).where(EntryRow.till_id == "KASSE-2")
        session.execute(
            update(PostingRow)
            .where(PostingRow.entry_id.in_(entry), PostingRow.account == Account.CASH.value)
            .values(account=Account.TRANSIT.value)
        )
    assert "The entry of document 1 of till KASSE-2 doesn’t book what its lines say." in _said(books)


def test_an_entry_that_no_longer_balances_is_told_alone(books: Database, behind_the_back: Any) -> None:
    with behind_the_back() as session:
        session.execute(update(PostingRow).where(PostingRow.entry_id.in_(_entries("KASSE-2"))).values(amount=Money(3)))
    assert _said(books) == ["The entry of document 1 of till KASSE-2 was changed."]


def test_a_second_entry_is_told_alone(books: Database, behind_the_back: Any) -> None:
    with behind_the_back() as session:
        genuine = session.execute(select(EntryRow.__table__).where(EntryRow.till_id == "KASSE-2")).one()
        session.execute(insert(EntryRow), dict(genuine._mapping) | {"id": uuid.uuid4()})
    assert _said(books) == ["Document 1 of till KASSE-2 has more than one entry."]


def test_a_document_that_is_not_in_the_chain_is_told(books: Database, behind_the_back: Any) -> None:
    with behind_the_back() as session:
        session.execute(delete(ChainRow).where(ChainRow.till_id == "KASSE-2"))
    assert _said(books) == ["Document 1 of till KASSE-2 is not in the chain."]


def test_only_a_sale_of_nothing_needs_no_entry(database: Database, context: Context, make_draft: Any) -> None:
    with database.write() as session:
        post(session, context, make_draft(0)[0])
        post(session, context, make_draft(500)[0])
    assert _said(database) == ["The entry of document 2 of till KASSE-1 doesn’t book what its lines say."]


def test_what_else_the_books_hold_is_not_taken_for_a_document(books: Database, context: Context) -> None:
    """An opening balance belongs to no document, and a signature is chained under its document's id."""
    legs = (Posting(Account.CASH, Money(500), "KASSE-1"), Posting(Account.OPENING, Money(-500)))
    with books.write() as session:
        journal.append(
            session,
            Entry(uuid.uuid4(), "opening", None, context.now, context.business_date, "KASSE-1", None, "1", legs),
        )
        for document_id in session.scalars(select(DocumentRow.id)).all():
            chain.extend(session, "KASSE-1", chain.RecordKind.SIGNATURE, str(document_id), {"signed": document_id})
    assert _said(books) == []


def test_an_entry_of_no_document_and_a_lost_document_are_told(books: Database, behind_the_back: Any) -> None:
    stray, gone = uuid.uuid4(), _ids("KASSE-2")
    with behind_the_back() as session:
        genuine = session.execute(select(EntryRow.__table__)).first()
        assert genuine is not None
        session.execute(insert(EntryRow), dict(genuine._mapping) | {"id": stray, "document_id": uuid.uuid4()})
        for row in (LineRow, PaymentRow, VatRow):
            session.execute(delete(row).where(row.document_id.in_(gone)))
        session.execute(delete(ReferenceRow).where(ReferenceRow.document_id.in_(gone)))
        session.execute(delete(PostingRow).where(PostingRow.entry_id.in_(_entries("KASSE-2"))))
        session.execute(delete(EntryRow).where(EntryRow.till_id == "KASSE-2"))
        session.execute(delete(DocumentRow).where(DocumentRow.till_id.in_(["KASSE-2"])))
    said = _said(books)
    assert f"Entry {stray} belongs to no document." in said
    assert "1 documents of the chain are gone." in said


def _entries(till_id: str) -> Any:
    return select(EntryRow.id).where(EntryRow.till_id == till_id)


def test_numbers_that_do_not_run_to_the_counter_are_told(books: Database, behind_the_back: Any) -> None:
    with behind_the_back() as session:
        session.execute(_change(DocumentRow, POSTED, number=9))
        session.execute(delete(CounterRow).where(CounterRow.till_id == "KASSE-2"))
    assert sorted(_said(books, checks.numbers)) == [
        "Till KASSE-1: 5 documents, but numbers 1 to 9 and a counter of 5.",
        "Till KASSE-2: 1 documents, but numbers 1 to 1 and a counter of 0.",
    ]
