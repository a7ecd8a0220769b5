"""The numbers of a type page by page: in order, found by number and text, by state, and never by going through all."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event

from till.db.engine import Database
from till.ledger.account import Account
from till.ledger.entry import Posting
from till.money import Money
from till.vouchers import listing
from till.vouchers.bookings import issued
from till.vouchers.events import NewEvent, note_event
from till.vouchers.issue import insert_row
from till.vouchers.listing import NumberLine, Order, Wanted, portion
from till.vouchers.model import Numbering, Voucher, VoucherEventKind, VoucherOrigin, VoucherState, VoucherType
from till.vouchers.standing import standing_of, voucher_by_id
from till.vouchers.types import add_type

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
TODAY = NOON.date()
KIND = VoucherType(uuid.UUID(int=1), "901", "Wertgutschein", Numbering.AUTOMATIC, next_number="A-1")
OTHER = VoucherType(uuid.UUID(int=2), "902", "Frei", Numbering.AUTOMATIC, next_number="B-1")
WANTED = Wanted(KIND.id)
EMPTY = Voucher(
    uuid.UUID(int=0),
    KIND.id,
    KIND.name,
    KIND.plu,
    "",
    Money(2500),
    Money(2500),
    KIND.vat_treatment,
    KIND.vat_key,
    0,
    TODAY,
    dt.date(2036, 12, 31),
    NOON,
    "KASSE-1",
    7,
)


def put(desk: Any, number: str, *, minutes: int = 0, worth: int = 2500, **more: object) -> Voucher:
    """A voucher of 25,00 that was sold so many minutes before noon."""
    made = replace(EMPTY, id=uuid.uuid4(), number=number, issued_at=NOON - dt.timedelta(minutes=minutes), **more)  # type: ignore[arg-type]
    insert_row(desk.session, made)
    if worth:
        desk.book(uuid.uuid4(), issued(replace(made, sale=Money(worth), face=Money(worth))))
    return made


def every(desk: Any, wanted: Wanted) -> Iterable[NumberLine]:
    """All lines, portion by portion."""
    after = None
    while True:
        found = portion(desk.session, wanted, TODAY, after)
        yield from found.lines
        if found.after is None:
            return
        after = found.after


def numbers(desk: Any, wanted: Wanted = WANTED) -> list[str]:
    """The numbers in the order in which they are listed."""
    return [line.voucher.number for line in every(desk, wanted)]


@pytest.fixture
def types(desk: Any) -> None:
    """Two types."""
    desk.offer(KIND)
    desk.offer(OTHER)


@pytest.fixture(autouse=True)
def _small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Portions end after a few vouchers."""
    monkeypatch.setattr(listing, "PAGE", 3)
    monkeypatch.setattr(listing, "SEARCHED", 4)
    monkeypatch.setattr(listing, "JUDGED", 2)


@pytest.mark.usefixtures("types")
def test_the_newest_come_first_page_by_page(desk: Any) -> None:
    for minutes in range(7):
        put(desk, f"A-{10 - minutes}", minutes=minutes)
    put(desk, "B-1", type_id=OTHER.id)
    first = portion(desk.session, WANTED, TODAY)
    assert [line.voucher.number for line in first.lines] == ["A-10", "A-9", "A-8"]
    assert numbers(desk) == ["A-10", "A-9", "A-8", "A-7", "A-6", "A-5", "A-4"]
    assert numbers(desk, replace(WANTED, order=Order.OLDEST)) == ["A-4", "A-5", "A-6", "A-7", "A-8", "A-9", "A-10"]


@pytest.mark.usefixtures("types")
def test_vouchers_of_one_instant_are_told_apart_by_their_number(desk: Any) -> None:
    made = [f"A-{n:02d}" for n in range(8)]
    for number in made:
        put(desk, number)
    assert numbers(desk) == made[::-1]
    assert numbers(desk, replace(WANTED, order=Order.OLDEST)) == made
    assert numbers(desk, replace(WANTED, order=Order.NUMBER_UP)) == made
    assert numbers(desk, replace(WANTED, order=Order.NUMBER_DOWN)) == made[::-1]


@pytest.mark.usefixtures("types")
def test_a_last_page_that_is_just_full_has_nothing_behind_it(desk: Any) -> None:
    for n in range(3):
        put(desk, f"A-{n}")
    assert portion(desk.session, WANTED, TODAY).after is None
    assert numbers(desk, Wanted(OTHER.id)) == []


@pytest.mark.usefixtures("types")
def test_words_are_found_in_number_and_text_whatever_their_case(desk: Any) -> None:
    for n in range(9):
        put(desk, f"AG-{n}", minutes=n, text="Für Übermut" if n == 8 else "")
    put(desk, "100%_x", minutes=20)
    assert numbers(desk, replace(WANTED, text="ag-")) == [f"AG-{n}" for n in range(9)]
    assert numbers(desk, replace(WANTED, text="übermut AG")) == ["AG-8"]
    assert numbers(desk, replace(WANTED, text="0%_")) == ["100%_x"]
    assert numbers(desk, replace(WANTED, text="nichts")) == []
    assert numbers(desk, replace(WANTED, text="  ")) == numbers(desk)


@pytest.mark.usefixtures("types")
def test_a_number_that_is_typed_whole_comes_first_and_once(desk: Any) -> None:
    for n in range(1, 13):
        put(desk, f"AG-{n}", minutes=13 - n)
    assert numbers(desk, replace(WANTED, text=" ag-1 ")) == ["AG-1", "AG-12", "AG-11", "AG-10"]
    assert portion(desk.session, replace(WANTED, text="AG-1"), TODAY).lines[0].voucher.number == "AG-1"


@pytest.mark.usefixtures("types")
def test_old_vouchers_are_found_alone(desk: Any) -> None:
    put(desk, "NEU")
    put(desk, "ALT", minutes=5, origin=VoucherOrigin.OLD)
    (line,) = every(desk, replace(WANTED, only_old=True))
    assert (line.voucher.number, line.is_old) == ("ALT", True)
    assert numbers(desk, replace(WANTED, only_old=True, text="neu")) == []


@pytest.mark.usefixtures("types")
def test_every_state_is_found_by_itself_and_is_that_of_the_counter(desk: Any) -> None:
    day = dt.timedelta(days=1)
    owed = uuid.uuid4()
    desk.book(uuid.uuid4(), _owed(owed))
    put(desk, "active")
    put(desk, "not-yet-valid", minutes=1, valid_from=TODAY + day)
    put(desk, "expired", minutes=2, valid_until=TODAY - day)
    put(desk, "used", minutes=3, worth=0)
    put(desk, "pending", minutes=4, receivable_id=owed, receivable_name="Hotel Post")
    kinds = {
        "blocked": VoucherEventKind.BLOCKED,
        "cancelled": VoucherEventKind.CANCELLED,
        "replaced": VoucherEventKind.REPLACED,
        "converted": VoucherEventKind.CONVERTED,
    }
    for minutes, (number, kind) in enumerate(kinds.items(), start=5):
        made = put(desk, number, minutes=minutes, worth=0 if number == "converted" else 2500)
        note_event(desk.session, desk.context, NewEvent(made.id, kind, "x"))
    back = put(desk, "again", minutes=20)
    for kind in (VoucherEventKind.BLOCKED, VoucherEventKind.UNBLOCKED):
        note_event(desk.session, desk.context, NewEvent(back.id, kind, "x"))
    for state in VoucherState:
        expected = [state.value, "again"] if state is VoucherState.ACTIVE else [state.value]
        assert numbers(desk, replace(WANTED, state=state)) == expected
    for line in every(desk, WANTED):
        found = voucher_by_id(desk.session, line.voucher.id)
        assert found == line.voucher
        assert standing_of(desk.session, found, TODAY).state is line.state


@pytest.mark.usefixtures("types")
def test_redeemed_is_what_was_taken_and_neither_what_moved_nor_what_went_back(desk: Any) -> None:
    used = put(desk, "used")
    desk.redeem(used, 1000)
    note_event(desk.session, desk.context, NewEvent(used.id, VoucherEventKind.CORRECTED, "x", Money(300)))
    moved = put(desk, "moved", minutes=1, worth=0)
    note_event(desk.session, desk.context, NewEvent(moved.id, VoucherEventKind.REPLACED, "x", Money(-1500)))
    gone = put(desk, "gone", minutes=2, worth=0)
    note_event(desk.session, desk.context, NewEvent(gone.id, VoucherEventKind.CANCELLED, "x"))
    found = [(line.voucher.number, line.redeemed.cents, line.remaining.cents) for line in every(desk, WANTED)]
    assert found == [("used", 1300, 1500), ("moved", 1000, 0), ("gone", 0, 0)]


CASES = [
    Wanted(KIND.id, text, state, only_old, order)
    for text, state, only_old, order in itertools.product(("", "a-1 b"), (None, *VoucherState), (False, True), Order)
]


@pytest.mark.parametrize("wanted", CASES, ids=str)
def test_no_page_goes_through_all_vouchers_or_sorts_them(sqlite_database_url: str, wanted: Wanted) -> None:
    database = Database(sqlite_database_url)
    _fill(database)
    told: list[tuple[str, Any]] = []
    with database.read() as session:
        engine = session.get_bind()

        def listen(_connection: object, _cursor: object, statement: str, parameters: Any, *_more: object) -> None:
            told.append((statement, parameters))

        event.listen(engine, "before_cursor_execute", listen)
        first = portion(session, wanted, TODAY)
        if first.after is not None:
            portion(session, wanted, TODAY, first.after)
        event.remove(engine, "before_cursor_execute", listen)
        for statement, parameters in told:
            plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps = "; ".join(row[3] for row in plan)
            assert "SCAN voucher" not in steps, (steps, statement)
            assert "SCAN ledger" not in steps, (steps, statement)
            assert not ("TEMP B-TREE" in steps and "FROM voucher " in statement), (steps, statement)
    database.close()


def _fill(database: Database) -> None:
    """Enough vouchers for two pages, booked or not."""
    with database.write() as session:
        add_type(session, KIND)
        for n in range(12):
            made = replace(EMPTY, id=uuid.uuid4(), number=f"A-{n}", issued_at=NOON - dt.timedelta(minutes=n))
            insert_row(session, made)


def _owed(receivable_id: uuid.UUID) -> tuple[Any, ...]:
    return (Posting(Account.RECEIVABLE, Money(2500), str(receivable_id)),)
