"""Posting a Vorgang: once, gapless, chained, and never far behind the clock; on both databases."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from dataclasses import replace
from typing import Any

import pytest

from till.audit import trail
from till.db.context import Context
from till.db.engine import Database
from till.documents import find
from till.documents.model import DocumentKind
from till.documents.post import NOTHING, Booking, already_posted, post, post_new
from till.documents.record import content_record, document_record
from till.errors import Refused
from till.ledger import chain, journal
from till.ledger.account import Account
from till.ledger.balances import balance
from till.money import Money

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)


def _post(database: Database, context: Context, drafted: Any) -> Any:
    return database.run(lambda session: post(session, context, *drafted))


def test_a_document_comes_back_as_it_was_posted(database: Database, context: Context, make_draft: Any) -> None:
    draft, booking = make_draft()
    posted = _post(database, context, (draft, booking))
    assert (posted.number, posted.ended_at, posted.user_name) == (1, NOON, "Marie Klein")
    with database.read() as session:
        assert find.document(session, draft.id) == posted
        assert find.by_number(session, "KASSE-1", 1) == posted
        assert find.latest(session, "KASSE-1", [DocumentKind.SALE]) == [posted]
        (stored,) = journal.entries_of(session, [draft.id])[draft.id]
    assert stored.entry().postings == booking.postings
    assert posted.draft.lines[0].gross == Money(1190)
    assert posted.draft.vat[0].net == Money(1000)
    assert posted.draft.payments[0].change == Money(810)


def test_what_is_not_there_is_not_found(database: Database) -> None:
    with database.read() as session:
        assert find.document(session, uuid.uuid4()) is None
        assert find.by_number(session, "KASSE-1", 1) is None
        assert find.latest(session, "KASSE-1", [DocumentKind.SALE]) == []
        assert find.highest_number(session, "KASSE-1") == 0


def test_documents_are_found_by_shift_and_by_number(database: Database, context: Context, make_draft: Any) -> None:
    shift = replace(context, shift_id=uuid.uuid4())
    first, second = (_post(database, shift, make_draft(cents)) for cents in (100, 200))
    other = _post(database, context, make_draft(300))
    with database.read() as session:
        assert find.of_shift(session, shift.shift_id) == [first, second]  # type: ignore[arg-type]
        assert find.documents(session, "KASSE-1", 2, 3) == [second, other]
        assert find.highest_number(session, "KASSE-1") == 3


def test_the_newest_of_a_till_comes_first_and_alone(database: Database, context: Context, make_draft: Any) -> None:
    first, second = (_post(database, context, make_draft(cents)) for cents in (100, 200))
    draft, _ = make_draft()
    _post(database, context, (replace(draft, kind=DocumentKind.NO_SALE), NOTHING))
    elsewhere = _post(database, replace(context, till_id="KASSE-2"), make_draft(300))
    with database.read() as session:
        assert find.latest(session, "KASSE-1", [DocumentKind.SALE]) == [second]
        assert find.latest(session, "KASSE-1", [DocumentKind.SALE], limit=9) == [second, first]
        assert find.latest(session, "KASSE-2", [DocumentKind.SALE]) == [elsewhere]
        assert [find.by_number(session, "KASSE-1", number) for number in (1, 2)] == [first, second]
        assert find.by_number(session, "KASSE-2", 1) == elsewhere
        assert [find.document(session, one.id) for one in (second, elsewhere)] == [second, elsewhere]


def test_what_was_posted_as_new_is_known_by_its_content(database: Database, context: Context, make_draft: Any) -> None:
    draft, booking = make_draft()
    posted = database.run(lambda session: post_new(session, context, draft, booking))
    with database.read() as session:
        assert already_posted(session, draft.id, content_record(draft, booking.postings, booking.reason)) == posted
    assert _post(database, context, (draft, booking)) == posted


def test_posting_the_same_again_returns_the_first(database: Database, context: Context, make_draft: Any) -> None:
    drafted = make_draft()
    posted = _post(database, context, drafted)
    later = replace(context, now=NOON + dt.timedelta(hours=1), user_id="2", user_name="Jan", shift_id=uuid.uuid4())
    assert _post(database, later, drafted) == posted
    with database.read() as session:
        assert balance(session, Account.CASH, "KASSE-1") == Money(1190)
        assert len(list(chain.links(session, "KASSE-1"))) == 1


def test_the_same_id_with_other_content_is_refused(database: Database, context: Context, make_draft: Any) -> None:
    draft, booking = make_draft()
    _post(database, context, (draft, booking))
    others = [
        make_draft(1200, draft.id),
        (draft, NOTHING),
        (replace(draft, note="andere"), booking),
        (replace(draft, references=()), booking),
        (draft, replace(booking, reason="correction")),
    ]
    for other in others:
        with pytest.raises(Refused, match="booked already with other lines"):
            _post(database, context, other)


def test_another_key_may_say_what_the_same_content_is(database: Database, context: Context, make_draft: Any) -> None:
    draft, booking = make_draft()
    by_order = replace(booking, content={"order": 1})
    posted = _post(database, context, (draft, by_order))
    assert _post(database, context, (replace(draft, note="neu gerechnet"), by_order)) == posted
    with database.read() as session:
        assert already_posted(session, draft.id, {"order": 1}) == posted
        assert already_posted(session, uuid.uuid4(), {"order": 1}) is None


def test_a_rollback_leaves_no_gap(database: Database, context: Context, make_draft: Any) -> None:
    for _ in range(2):
        with pytest.raises(RuntimeError), database.write() as session:  # noqa: PT012 - the unit of work is what fails
            post(session, context, *make_draft())
            raise RuntimeError
        _post(database, context, make_draft())
    with database.read() as session:
        assert [d.number for d in find.documents(session, "KASSE-1", 1, 9)] == [1, 2]
        assert [link.position for link in chain.links(session, "KASSE-1")] == [1, 2]


def test_each_till_counts_for_itself(database: Database, context: Context, make_draft: Any) -> None:
    assert _post(database, context, make_draft()).number == 1
    assert _post(database, replace(context, till_id="KASSE-2"), make_draft()).number == 1


def test_an_entry_says_who_booked_it_when_and_where(database: Database, context: Context, make_draft: Any) -> None:
    there = replace(context, shift_id=uuid.UUID(int=5))
    posted = _post(database, there, make_draft())
    with database.read() as session:
        entry = journal.entries_of(session, [posted.id])[posted.id][0].entry()
    assert (entry.till_id, entry.shift_id, entry.user_id) == ("KASSE-1", there.shift_id, "1")
    assert (entry.booked_at, entry.business_date, entry.document_id) == (NOON, NOON.date(), posted.id)


def test_what_moves_nothing_has_no_entry(database: Database, context: Context, make_draft: Any) -> None:
    draft, _ = make_draft()
    _post(database, context, (draft, NOTHING))
    with database.read() as session:
        assert journal.entries_of(session, [draft.id]) == {}
        (link,) = chain.links(session, "KASSE-1")
        document = find.document(session, draft.id)
    assert document is not None
    assert link.content == chain.digest(document_record(document, None))


def test_the_chain_covers_the_document_with_its_entry(database: Database, context: Context, make_draft: Any) -> None:
    posted = _post(database, context, make_draft())
    with database.read() as session:
        (link,) = chain.links(session, "KASSE-1")
        entry = journal.entries_of(session, [posted.id])[posted.id][0].entry()
    assert (link.kind, link.record_id) == (chain.RecordKind.DOCUMENT, str(posted.id))
    assert link.content == chain.digest(document_record(posted, entry))
    assert link.content != chain.digest(document_record(posted, None))


def test_the_content_leaves_out_the_time(make_draft: Any) -> None:
    draft, booking = make_draft()
    later = replace(draft, started_at=NOON)
    same = content_record(draft, booking.postings, "")
    assert chain.digest(content_record(later, booking.postings, "")) == chain.digest(same)


def test_a_clock_that_went_back_is_noted(database: Database, context: Context, make_draft: Any) -> None:
    _post(database, context, make_draft())
    early = replace(context, now=NOON - dt.timedelta(hours=24))
    posted = _post(database, early, make_draft())
    assert (posted.number, posted.ended_at) == (2, early.now)
    with database.read() as session:
        (noted,) = trail.entries(session, "KASSE-1", trail.Action.CLOCK_WENT_BACK)
    assert (noted.subject, noted.before, noted.after) == ("document 2", NOON.isoformat(), early.now.isoformat())


def test_a_clock_a_day_behind_is_refused_until_a_person_confirms_it(
    database: Database, context: Context, make_draft: Any
) -> None:
    _post(database, context, make_draft())
    early = replace(context, now=NOON - dt.timedelta(hours=24, seconds=1))
    with pytest.raises(Refused, match=r"clock says 2026-11-19 10:59:59.*last receipt is from 2026-11-20 11:00:00"):
        _post(database, early, make_draft())
    confirmed = _post(database, replace(early, clock_confirmed=True), make_draft())
    assert confirmed.number == 2
    with database.read() as session:
        assert len(trail.entries(session, "KASSE-1")) == 1


def test_another_tills_clock_does_not_count(database: Database, context: Context, make_draft: Any) -> None:
    _post(database, context, make_draft())
    early = replace(context, till_id="KASSE-2", now=NOON - dt.timedelta(days=9))
    assert _post(database, early, make_draft()).number == 1


def test_two_writers_of_one_till_leave_neither_gap_nor_fork(
    database: Database, context: Context, make_draft: Any
) -> None:
    failures: list[BaseException] = []
    other = Database(database.url)

    def write(own: Database) -> None:
        try:
            for _ in range(10):
                _post(own, context, make_draft())
        except BaseException as error:  # noqa: BLE001 - shown by the assertion below
            failures.append(error)

    threads = [threading.Thread(target=write, args=(own,)) for own in (database, other, database)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    other.close()
    assert not failures
    with database.read() as session:
        links = list(chain.links(session, "KASSE-1"))
        assert [d.number for d in find.documents(session, "KASSE-1", 1, 99)] == list(range(1, 31))
    assert [link.previous for link in links] == [chain.START, *(link.hash for link in links[:-1])]


def test_two_writers_of_one_order_book_it_once(database: Database, context: Context, make_draft: Any) -> None:
    drafted, numbers = make_draft(), []
    other = Database(database.url)
    threads = [
        threading.Thread(target=lambda own=own: numbers.append(_post(own, context, drafted).number))
        for own in (database, other)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    other.close()
    assert numbers == [1, 1]


def test_a_booking_without_a_reason_is_named_after_its_document(
    database: Database, context: Context, make_draft: Any
) -> None:
    draft, booking = make_draft()
    named, again = replace(draft, id=uuid.uuid4()), Booking(booking.postings, "goodwill")
    _post(database, context, (draft, booking))
    _post(database, context, (named, again))
    with database.read() as session:
        entries = journal.entries_of(session, [draft.id, named.id])
    assert [entries[key][0].values["reason"] for key in (draft.id, named.id)] == ["sale", "goodwill"]
