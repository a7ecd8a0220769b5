"""Column types and locks: cents and UTC in every database, and one order of locking."""

from __future__ import annotations

import datetime as dt
import threading
import uuid

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import StatementError

from till.catalog.models import ArticleRow, CategoryRow
from till.db.engine import Database
from till.db.locks import Lock, LockKind, hold
from till.db.types import MoneyType, QuantityType, UtcType
from till.documents.models import DocumentRow, LineRow
from till.money import Money
from till.quantity import Quantity

NOON_IN_BERLIN = dt.datetime(2026, 11, 20, 12, 0, 0, 123456, tzinfo=dt.timezone(dt.timedelta(hours=1)))


def _document(database: Database, started_at: dt.datetime) -> uuid.UUID:
    key = uuid.uuid4()
    text = dict.fromkeys(("till_id", "kind", "bon_typ", "bon_name", "user_id", "user_name", "note", "content"), "x")
    row = {"id": key, "number": 1, "started_at": started_at, "ended_at": started_at, "total": Money(-5)}
    with database.write() as session:
        session.execute(insert(DocumentRow), {**text, **row, "business_date": started_at.date()})
    return key


def test_instants_come_back_in_utc_to_the_microsecond(database: Database) -> None:
    key = _document(database, NOON_IN_BERLIN)
    with database.read() as session:
        row = session.execute(select(DocumentRow.started_at, DocumentRow.total).where(DocumentRow.id == key)).one()
    assert (row.started_at, row.started_at.tzinfo, row.total) == (NOON_IN_BERLIN, dt.UTC, Money(-5))


def test_an_instant_without_zone_is_a_defect(database: Database) -> None:
    with pytest.raises(StatementError, match="naive datetime"):
        _document(database, NOON_IN_BERLIN.replace(tzinfo=None))


def test_sums_and_comparisons_of_money_are_money(database: Database) -> None:
    key = _document(database, NOON_IN_BERLIN)
    text = dict.fromkeys(
        ("text", "gv_typ", "gv_name", "unit", "article_number", "gtin", "category_id", "category", "note"), ""
    ) | dict.fromkeys(("voucher_number", "voucher_type", "voucher_text"), "")
    fixed = {"document_id": key, "vat_key": 1, "rate_bp": 0, "tax": Money(0), "unit_price": Money(1)}
    with database.write() as session:
        for position, cents in enumerate((5, -3)):
            amounts = {"position": position, "gross": Money(cents), "quantity": Quantity(1500)}
            session.execute(insert(LineRow), {**text, **fixed, **amounts})
    with database.read() as session:
        assert session.execute(select(func.sum(LineRow.gross))).scalar_one() == Money(2)
        assert session.execute(select(LineRow.gross).where(LineRow.gross > Money(0))).scalar_one() == Money(5)
        assert session.execute(select(func.max(LineRow.quantity))).scalar_one() == Quantity(1500)


def test_nothing_stays_nothing(database: Database) -> None:
    row = dict.fromkeys(("receipt_name", "unit", "kind", "note", "search_text"), "") | {"number": "1", "name": "x"}
    flags = dict.fromkeys(("is_active", "takes_discount", "is_weighed"), True)
    with database.write() as session:
        session.execute(insert(CategoryRow), {"id": "c", "name": "c", "position": 1, "colour": ""})
        session.execute(insert(ArticleRow), {**row, **flags, "id": uuid.uuid4(), "category_id": "c", "vat_key": 1})
        assert session.execute(select(ArticleRow.price)).scalar_one() is None
    for kind in (MoneyType(), QuantityType(), UtcType()):
        assert kind.process_bind_param(None, None) is None  # type: ignore[arg-type]
        assert kind.process_result_value(None, None) is None  # type: ignore[arg-type]


def test_locks_have_one_order_and_the_same_key_everywhere() -> None:
    till, voucher, numbers = Lock(LockKind.TILL, "z"), Lock(LockKind.VOUCHER, "a"), Lock(LockKind.NUMBER_RANGE, "a")
    assert sorted([numbers, voucher, till]) == [till, voucher, numbers]
    assert till.key == 6547007114898950795
    assert len({lock.key for lock in (till, voucher, numbers)}) == 3


def test_a_lock_is_held_until_the_end_of_the_unit_of_work(on_postgres: Database) -> None:
    lock, order = [Lock(LockKind.TILL, "K1")], []

    def second() -> None:
        with on_postgres.write() as session:
            hold(session, lock)
            order.append("second")

    with on_postgres.write() as session:
        hold(session, lock * 2)
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.2)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]
