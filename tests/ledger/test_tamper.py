"""Somebody with the database file or a database console tries to change what is booked; the database refuses."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    Date,
    LargeBinary,
    Table,
    UniqueConstraint,
    Uuid,
    create_engine,
    insert,
    text,
)
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.pool import NullPool

from till.db.engine import Database
from till.db.protect import APPEND_ONLY
from till.db.types import MoneyType, QuantityType, UtcType
from till.ledger import journal
from till.ledger.account import Account
from till.ledger.entry import Entry, Posting
from till.money import Money
from till.quantity import Quantity
from till.schema import METADATA

LATER = dt.datetime(2031, 1, 1, tzinfo=dt.UTC)
TABLES = [METADATA.tables[name] for name in APPEND_ONLY]
NUMBERS = (BigInteger, Boolean, MoneyType, QuantityType)


def _value(table: Table, column: str) -> Any:
    kind = table.c[column].type
    if (table.name, column) == ("signature", "failure"):
        return None
    if isinstance(kind, Uuid):
        return uuid.uuid4()
    others = (
        (UtcType, LATER),
        (Date, LATER.date()),
        (MoneyType, Money(7)),
        (QuantityType, Quantity(1000)),
        (LargeBinary, b"x"),
    )
    number: Any = 0 if isinstance(kind, BigInteger | Boolean) else "x"
    return next((value for cls, value in others if isinstance(kind, cls)), number)


def _row(table: Table) -> dict[str, Any]:
    return {column.name: _value(table, column.name) for column in table.columns}


@pytest.fixture
def filled(database_url: str) -> Iterator[Connection]:
    """A foreign tool on a database with a row in every append-only table; SQLite with all its guards switched off."""
    with _filled(database_url) as connection:
        yield connection


@pytest.fixture
def filled_file(sqlite_database_url: str) -> Iterator[Connection]:
    """As `filled`, on SQLite alone."""
    with _filled(sqlite_database_url) as connection:
        yield connection


@contextmanager
def _filled(database_url: str) -> Iterator[Connection]:
    engine = create_engine(database_url, poolclass=NullPool)
    with engine.begin() as connection:
        _unguarded(connection)
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        _fill(connection)
    with engine.connect() as connection:
        _unguarded(connection)
        yield connection
    engine.dispose()


def _fill(connection: Connection) -> None:
    entry_id = uuid.uuid4()
    posting, entry = METADATA.tables["ledger_posting"], METADATA.tables["ledger_entry"]
    for position, amount in enumerate((Money(5), Money(-5))):
        legs = {"entry_id": entry_id, "position": position, "account": "cash", "subject": "", "amount": amount}
        connection.execute(insert(posting), legs)
    connection.execute(insert(entry), _row(entry) | {"id": entry_id, "legs": 2})
    for table in TABLES:
        if table not in {posting, entry}:
            connection.execute(insert(table), _row(table))


def _unguarded(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        for pragma in ("recursive_triggers=OFF", "foreign_keys=OFF", "ignore_check_constraints=ON"):
            connection.exec_driver_sql(f"PRAGMA {pragma}")


def _refused(connection: Connection, statement: str) -> str:
    """Try a statement and its commit; the text of the refusal, or "" when it went through."""
    try:
        connection.exec_driver_sql(statement)
        connection.commit()
    except DBAPIError as error:
        connection.rollback()
        return str(error.orig)
    return ""


@pytest.mark.parametrize("statement", ["UPDATE {table} SET {column} = {column}", "DELETE FROM {table}"])
def test_booked_rows_are_neither_updated_nor_deleted(filled: Connection, statement: str) -> None:
    for table in TABLES:
        for column in table.columns:
            tried = statement.format(table=table.name, column=column.name)
            assert "append-only" in _refused(filled, tried), tried


def test_no_booked_table_is_emptied_at_once(postgres_database: Database) -> None:
    with postgres_database.engine.connect() as connection:
        for table in TABLES:
            assert "append-only" in _refused(connection, f"TRUNCATE {table.name} CASCADE"), table.name


def test_no_row_is_replaced_by_one_with_the_same_key(filled_file: Connection) -> None:
    for table in TABLES:
        for key in _keys(table):
            others = [column.name for column in table.columns if column.name not in key]
            columns = ", ".join([*key, *others])
            values = ", ".join([*key, *(_other(table, name) for name in others)])
            tried = f"INSERT OR REPLACE INTO {table.name} ({columns}) SELECT {values} FROM {table.name}"  # noqa: S608 - names of our own tables
            assert _refused(filled_file, tried), tried


def test_no_row_is_replaced_by_its_hidden_row_number(filled_file: Connection) -> None:
    for table in TABLES:
        names = [column.name for column in table.columns]
        values = ", ".join(_other(table, name) for name in names)
        tried = (
            f"INSERT OR REPLACE INTO {table.name} (rowid, {', '.join(names)}) SELECT rowid, {values} FROM {table.name}"  # noqa: S608 - names of our own tables
        )
        assert _refused(filled_file, tried), tried


def _keys(table: Table) -> list[list[str]]:
    uniques = [constraint for constraint in table.constraints if isinstance(constraint, UniqueConstraint)]
    return [[column.name for column in one.columns] for one in (table.primary_key, *uniques)]


def _other(table: Table, name: str) -> str:
    """Another value of the same type, in SQL."""
    return f"{name} + 1" if isinstance(table.c[name].type, NUMBERS) else f"lower(hex(randomblob(16))) || {name}"


def test_no_row_is_changed_by_an_upsert(filled: Connection) -> None:
    for table in TABLES:
        key, names = _keys(table)[0], [column.name for column in table.columns]
        change = next(name for name in reversed(names) if name not in key)
        tried = (
            f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {', '.join(names)} FROM {table.name} WHERE true "  # noqa: S608 - names of our own tables
            f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {change} = excluded.{change}"
        )
        assert _refused(filled, tried), tried


def _book(database: Database, entry: Entry) -> None:
    with database.write() as session:
        journal.append(session, entry)


def _stored(database: Database, entry: Entry) -> Entry:
    assert entry.document_id is not None
    with database.read() as session:
        (found,) = journal.entries_of(session, [entry.document_id])[entry.document_id]
    return found.entry()


INSERT_POSTING = (
    "INSERT INTO ledger_posting (entry_id, position, account, subject, amount) VALUES (:id, :p, 'cash', '', 1)"
)
INSERT_ENTRY = (
    "INSERT INTO ledger_entry (id, till_id, reason, booked_at, business_date, user_id, legs) "
    "VALUES (:id, 'K', 'x', '2026-01-01', '2026-01-01', '1', :legs)"
)


def _key(database: Database, entry_id: uuid.UUID) -> str:
    return entry_id.hex if database.is_sqlite else str(entry_id)


def test_a_posting_is_refused_once_its_entry_is_booked(database: Database, make_entry: Any) -> None:
    entry = make_entry()
    _book(database, entry)
    for position in (0, 2, 7, -1):
        with pytest.raises(DBAPIError, match=r"sealed|this row"), database.write() as session:
            session.execute(text(INSERT_POSTING), {"id": _key(database, entry.id), "p": position})


def test_a_posting_without_an_entry_is_refused_at_the_commit(database: Database) -> None:
    with pytest.raises(DBAPIError, match=r"(?i)sealed|foreign key"), database.write() as session:
        session.execute(text(INSERT_POSTING), {"id": _key(database, uuid.uuid4()), "p": 0})


@pytest.mark.parametrize(
    ("amounts", "positions", "legs"),
    [
        ((), (), 0),
        ((5,), (0,), 1),
        ((5, -4), (0, 1), 2),
        ((5, -5), (0, 1), 3),
        ((5, -5), (0, 2), 2),
        ((5, -5), (1, 2), 2),
        ((5, -3, -2), (0, 1, 2), 2),
    ],
    ids=["no legs", "one leg", "unbalanced", "too few", "gap", "not from 0", "too many"],
)
def test_an_entry_that_is_not_whole_is_refused(
    database: Database, amounts: tuple[int, ...], positions: tuple[int, ...], legs: int
) -> None:
    entry_id = _key(database, uuid.uuid4())
    with pytest.raises(DBAPIError, match="not balanced"), database.write() as session:  # noqa: PT012 - the unit of work is what fails
        for position, amount in zip(positions, amounts, strict=True):
            statement = INSERT_POSTING.replace(", 1)", f", {amount})")
            session.execute(text(statement), {"id": entry_id, "p": position})
        session.execute(text(INSERT_ENTRY), {"id": entry_id, "legs": legs})


def test_a_posting_of_nothing_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError, match="not_zero"), database.write() as session:  # noqa: PT012 - the unit of work is what fails
        statement = INSERT_POSTING.replace(", 1)", ", 0)")
        session.execute(text(statement), {"id": _key(database, uuid.uuid4()), "p": 0})


def test_an_entry_is_reversed_once(database: Database, make_entry: Any) -> None:
    sale = make_entry()
    back = tuple(Posting(leg.account, -leg.amount, leg.subject) for leg in sale.postings)
    _book(database, sale)
    _book(database, make_entry(back, sale.id))
    with pytest.raises(DBAPIError, match=r"this row|uq_ledger_entry_reverses"):
        _book(database, make_entry(back, sale.id))


def test_postings_of_other_amounts_do_not_fit_into_a_booked_entry(database: Database, make_entry: Any) -> None:
    entry = make_entry()
    _book(database, entry)
    with pytest.raises(DBAPIError):
        _book(database, entry)
    assert _stored(database, entry) == entry


@pytest.mark.parametrize("first_commits", [True, False], ids=["after it is committed", "before it is committed"])
@pytest.mark.parametrize("position", [2, 5])
def test_a_second_transaction_slips_no_posting_into_an_entry_under_way(
    postgres_database: Database, make_entry: Any, *, first_commits: bool, position: int
) -> None:
    database, entry = postgres_database, make_entry()
    with database.engine.connect() as thief:
        with database.write() as session:
            journal.append(session, entry)
            thief.execute(text(INSERT_POSTING), {"id": entry.id, "p": position})
            if not first_commits:
                with pytest.raises(DBAPIError, match=r"sealed|foreign key"):
                    thief.commit()
        if first_commits:
            with pytest.raises(DBAPIError, match="sealed"):
                thief.commit()
    assert _stored(database, entry) == entry


def test_a_temporary_table_in_front_of_the_ledger_opens_no_entry(postgres_database: Database, make_entry: Any) -> None:
    database, entry = postgres_database, make_entry()
    _book(database, entry)
    insert_posting = INSERT_POSTING.replace("INTO ledger_posting", "INTO public.ledger_posting")
    with pytest.raises(DBAPIError, match="sealed"), database.write() as session:  # noqa: PT012 - the unit of work is what fails
        session.execute(text("CREATE TEMP TABLE ledger_entry (id uuid, legs bigint)"))
        session.execute(text(insert_posting), {"id": entry.id, "p": 2})


def test_memo_accounts_of_another_pair_do_not_make_an_entry(make_entry: Any) -> None:
    legs = (Posting(Account.GOODWILL, Money(5)), Posting(Account.CASH, Money(-5)))
    with pytest.raises(ValueError, match="memo"):
        make_entry(legs)
