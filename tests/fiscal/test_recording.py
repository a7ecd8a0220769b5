"""What the books keep of the TSE: open transactions, signatures for good, outages with begin, end and reason."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.orm import Session

from till.clock import FixedClock
from till.db.engine import Database
from till.fiscal import checks
from till.fiscal.model import Outage, Signature, TransactionState
from till.fiscal.outages import current_outage, outage_began, outage_ended, outages
from till.fiscal.qr import qr_text
from till.fiscal.recorder import Finished, Started, TseFailure
from till.fiscal.recording import (
    open_transaction_of,
    open_transactions,
    remember_end,
    remember_start,
    signature_of,
    signature_record,
    signatures_of,
    store_outage,
    store_signature,
    transaction,
    tses,
)
from till.fiscal.soft_tse import SoftTse
from till.ledger import chain

TILL = "KASSE-2026-0001"
SALE = ("Kassenbeleg-V1", "Beleg^59.00_0.00_0.00_0.00_-59.00^")
SINCE = dt.datetime(2026, 11, 20, 12, 20, tzinfo=dt.UTC)
OUTAGE = Outage(TILL, TseFailure.UNREACHABLE, "cable pulled", SINCE)

PostSale = Callable[[], uuid.UUID]


def finish(tse: SoftTse, started: Started) -> Finished:
    return tse.finish(TILL, started.transaction_number, *SALE)


def test_an_open_transaction_is_found_by_number_order_and_till(session: Session, tse: SoftTse) -> None:
    order, started = uuid.uuid4(), tse.start(TILL)
    remember_start(session, TILL, order, started)
    found = transaction(session, started.serial, started.transaction_number)
    assert found is not None
    assert (found.order_id, found.till_id, found.state) == (order, TILL, TransactionState.OPEN)
    assert (found.started_at, found.start_counter) == (started.log_time, started.signature_counter)
    assert open_transactions(session, TILL) == (found,)
    assert open_transactions(session, "KASSE-2") == ()
    assert open_transaction_of(session, order) == found
    assert open_transaction_of(session, uuid.uuid4()) is None
    assert transaction(session, started.serial, 99) is None


def test_remembering_the_same_start_twice_changes_nothing(session: Session, tse: SoftTse) -> None:
    order, started = uuid.uuid4(), tse.start(TILL)
    remember_start(session, TILL, order, started)
    remember_start(session, TILL, order, started)
    assert len(open_transactions(session, TILL)) == 1


def test_a_new_transaction_of_an_order_takes_the_place_of_the_old(session: Session, tse: SoftTse) -> None:
    order, first, second = uuid.uuid4(), tse.start(TILL), tse.start(TILL)
    remember_start(session, TILL, order, first)
    remember_start(session, TILL, order, second)
    [still_open] = open_transactions(session, TILL)
    assert still_open.transaction_number == second.transaction_number
    old = transaction(session, first.serial, first.transaction_number)
    assert old is not None
    assert (old.order_id, old.state) == (order, TransactionState.ABORTED)


def test_the_database_itself_keeps_one_open_transaction_per_order(session: Session, tse: SoftTse) -> None:
    order, started = uuid.uuid4(), tse.start(TILL)
    remember_start(session, TILL, order, started)
    twin = text(
        "INSERT INTO tse_transaction SELECT tse_serial, 77, till_id, order_id, started_at, start_counter, state "
        "FROM tse_transaction"
    )
    with pytest.raises(IntegrityError):
        session.execute(twin)


def test_an_ended_transaction_is_no_longer_open(session: Session, tse: SoftTse) -> None:
    started = tse.start(TILL)
    remember_start(session, TILL, uuid.uuid4(), started)
    remember_end(session, finish(tse, started), TransactionState.ABORTED)
    assert open_transactions(session, TILL) == ()
    found = transaction(session, started.serial, started.transaction_number)
    assert found is not None
    assert found.state is TransactionState.ABORTED


def test_a_signature_is_kept_whole_and_closes_its_transaction(
    database: Database, tse: SoftTse, post_sale: PostSale, clock: FixedClock
) -> None:
    order, started = post_sale(), tse.start(TILL)
    clock.advance(42)
    finished = finish(tse, started)
    with database.write() as session:
        remember_start(session, TILL, order, started)
        store_signature(session, TILL, order, finished)
    with database.read() as session:
        found = signature_of(session, order)
        assert found == Signature(order, TILL, finished=finished)
        assert open_transactions(session, TILL) == ()
        assert tses(session) == (tse.details().identity,)
    assert found is not None
    assert not found.is_outage
    assert found.finished is not None
    assert qr_text(found.finished) == qr_text(finished)


def test_a_signature_s_signature_still_verifies_after_storage(
    database: Database, tse: SoftTse, post_sale: PostSale, verifies: Callable[[Finished], bool]
) -> None:
    order = post_sale()
    with database.write() as session:
        store_signature(session, TILL, order, finish(tse, tse.start(TILL)))
    with database.read() as session:
        found = signature_of(session, order)
    assert found is not None
    assert found.finished is not None
    assert verifies(found.finished)


def test_an_outage_is_kept_in_place_of_a_signature(database: Database, post_sale: PostSale) -> None:
    order = post_sale()
    with database.write() as session:
        store_outage(session, order, OUTAGE)
    with database.read() as session:
        found = signature_of(session, order)
    assert found == Signature(order, TILL, outage=OUTAGE)
    assert found.is_outage


def test_a_document_that_waits_has_no_signature(session: Session) -> None:
    assert signature_of(session, uuid.uuid4()) is None


def test_many_signatures_are_read_at_once(database: Database, tse: SoftTse, post_sale: PostSale) -> None:
    orders = [post_sale() for _ in range(4)]
    with database.write() as session:
        for order in orders[:2]:
            store_signature(session, TILL, order, finish(tse, tse.start(TILL)))
        store_outage(session, orders[2], OUTAGE)
    with database.read() as session:
        found = signatures_of(session, orders)
        assert set(found) == set(orders[:3])
        assert [found[order].is_outage for order in orders[:3]] == [False, False, True]
        assert len(tses(session)) == 1


def test_a_document_is_answered_once(database: Database, tse: SoftTse, post_sale: PostSale) -> None:
    order = post_sale()
    with database.write() as session:
        store_outage(session, order, OUTAGE)
    with pytest.raises(DatabaseError, match="has this row"), database.write() as session:
        store_signature(session, TILL, order, finish(tse, tse.start(TILL)))
    with database.read() as session:
        found = signature_of(session, order)
    assert found is not None
    assert found.is_outage


def test_a_signature_stands_for_one_document_only(database: Database, tse: SoftTse, post_sale: PostSale) -> None:
    first, second, finished = post_sale(), post_sale(), finish(tse, tse.start(TILL))
    with database.write() as session:
        store_signature(session, TILL, first, finished)
    with pytest.raises(DatabaseError, match="has this row"), database.write() as session:
        store_signature(session, TILL, second, finished)


def test_only_posted_documents_are_signed(database: Database, tse: SoftTse) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        store_signature(session, TILL, uuid.uuid4(), finish(tse, tse.start(TILL)))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE signature SET process_data = 'Beleg^0.00_0.00_0.00_0.00_0.00^'",
        "DELETE FROM signature",
        "DELETE FROM tse",
        "DELETE FROM tse_outage",
        "UPDATE tse_outage SET reason = ''",
    ],
)
def test_what_the_tse_answered_can_t_be_changed(
    database: Database, tse: SoftTse, post_sale: PostSale, change: str
) -> None:
    order = post_sale()
    with database.write() as session:
        store_signature(session, TILL, order, finish(tse, tse.start(TILL)))
        outage_began(session, OUTAGE)
    with pytest.raises(DatabaseError, match="append-only"), database.write() as session:
        session.execute(text(change))


def test_answers_are_links_of_the_till_s_chain(database: Database, tse: SoftTse, post_sale: PostSale) -> None:
    signed, unsigned = post_sale(), post_sale()
    with database.write() as session:
        store_signature(session, TILL, signed, finish(tse, tse.start(TILL)))
        store_outage(session, unsigned, OUTAGE)
    with database.read() as session:
        links = [link for link in chain.links(session, TILL) if link.kind is chain.RecordKind.SIGNATURE]
        found = signatures_of(session, [signed, unsigned])
    assert [link.record_id for link in links] == [str(signed), str(unsigned)]
    digests = [chain.digest(signature_record(found[order])) for order in (signed, unsigned)]
    assert [link.content for link in links] == digests
    assert all(link.hash == chain.expected_hash(link) for link in links)


def test_a_signature_is_never_both_or_neither(tse: SoftTse) -> None:
    with pytest.raises(ValueError, match="either"):
        Signature(uuid.uuid4(), TILL)
    with pytest.raises(ValueError, match="either"):
        Signature(uuid.uuid4(), TILL, finished=finish(tse, tse.start(TILL)), outage=OUTAGE)


def test_an_outage_has_begin_end_and_reason(session: Session) -> None:
    assert current_outage(session, TILL) is None
    assert outage_began(session, OUTAGE) == OUTAGE
    assert current_outage(session, TILL) == OUTAGE
    assert current_outage(session, "KASSE-2") is None
    end = SINCE + dt.timedelta(minutes=7)
    assert outage_ended(session, TILL, end) == dataclasses.replace(OUTAGE, until=end)
    assert current_outage(session, TILL) is None


def test_an_outage_that_goes_on_keeps_its_begin_and_first_reason(session: Session) -> None:
    outage_began(session, OUTAGE)
    later = Outage(TILL, TseFailure.STORAGE_FULL, "full", SINCE + dt.timedelta(hours=1))
    assert outage_began(session, later) == OUTAGE
    assert outages(session, TILL) == (OUTAGE,)


def test_an_end_without_a_begin_is_nothing(session: Session) -> None:
    assert outage_ended(session, TILL, SINCE) is None
    assert outages(session, TILL) == ()


def test_the_log_of_outages_shows_each_from_begin_to_end(session: Session) -> None:
    hours = [SINCE + dt.timedelta(hours=hour) for hour in range(3)]
    outage_began(session, OUTAGE)
    outage_ended(session, TILL, hours[1])
    second = Outage(TILL, TseFailure.TIME_NOT_SET, "", hours[2])
    outage_began(session, second)
    outage_began(session, dataclasses.replace(OUTAGE, till_id="KASSE-2"))
    assert outages(session, TILL) == (dataclasses.replace(OUTAGE, until=hours[1]), second)


def test_a_document_of_an_outage_that_nobody_noted_brings_it_into_the_log(
    database: Database, post_sale: PostSale
) -> None:
    first, second = post_sale(), post_sale()
    later = dataclasses.replace(OUTAGE, since=SINCE + dt.timedelta(minutes=1))
    with database.write() as session:
        store_outage(session, first, OUTAGE)
        store_outage(session, second, later)
        assert outages(session, TILL) == (OUTAGE,)


def test_a_document_of_an_outage_that_is_over_begins_no_second_one(database: Database, post_sale: PostSale) -> None:
    sale = post_sale()
    with database.write() as session:
        outage_began(session, OUTAGE)
        outage_ended(session, TILL, SINCE + dt.timedelta(minutes=5))
        answer = store_outage(session, sale, OUTAGE)
        assert answer.outage == OUTAGE
        assert len(outages(session, TILL)) == 1


def test_a_document_keeps_its_outage_when_the_clock_goes_back_before_the_outage_is_over(
    database: Database, post_sale: PostSale
) -> None:
    """An hour into the outage a sale is made; the clock goes back two hours, and then the TSE signs again."""
    first, second = post_sale(), post_sale()
    with database.write() as session:
        outage_began(session, OUTAGE)
        store_outage(session, first, dataclasses.replace(OUTAGE, since=SINCE + dt.timedelta(hours=1)))
        outage_ended(session, TILL, SINCE - dt.timedelta(hours=1))
        store_outage(session, second, OUTAGE)
        assert len(outages(session, TILL)) == 1
        assert [*checks.outages(session, lambda _done, _all: None)] == []


def test_a_document_is_never_of_a_time_before_its_outage(database: Database, post_sale: PostSale) -> None:
    """The clock was set back while the TSE was out."""
    sale = post_sale()
    with database.write() as session:
        outage_began(session, OUTAGE)
        answer = store_outage(session, sale, dataclasses.replace(OUTAGE, since=SINCE - dt.timedelta(days=1)))
    assert answer.outage == OUTAGE


def test_a_signature_ends_an_outage_that_is_still_noted_but_none_that_began_after_it(
    database: Database, tse: SoftTse, post_sale: PostSale, clock: FixedClock
) -> None:
    before, after = post_sale(), post_sale()
    with database.write() as session:
        outage_began(session, OUTAGE)
        store_signature(session, TILL, before, finish(tse, tse.start(TILL)))
        assert current_outage(session, TILL) == OUTAGE
        clock.advance(4 * 3600)
        finished = finish(tse, tse.start(TILL))
        store_signature(session, TILL, after, finished)
        assert outages(session, TILL) == (dataclasses.replace(OUTAGE, until=finished.log_time),)
