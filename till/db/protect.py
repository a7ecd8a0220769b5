"""Triggers by which the database itself refuses to change what is booked.

A table is declared append-only beside its class with `append_only(Row)`; the migrations create the
triggers, and `verify` compares those in the database with the ones expected here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, Table, UniqueConstraint, text

from till.db.base import Base


@dataclass(frozen=True, order=True, slots=True)
class Trigger:
    """One trigger: its name, its table and the statement that makes it."""

    name: str
    table: str
    sql: str


@dataclass(frozen=True, slots=True)
class PostgresFunction:
    """What triggers on PostgreSQL call; tables in its body are named with their schema.

    A bare name could be answered by a temporary table that somebody puts in front of it.
    """

    name: str
    body: str

    @property
    def sql(self) -> str:
        """The statement that makes it."""
        return f"CREATE OR REPLACE FUNCTION public.{self.name}() RETURNS trigger LANGUAGE plpgsql AS $${self.body}$$"

    @property
    def call(self) -> str:
        """How a trigger ends that calls it. The comment ties the trigger to the function's body, as verify compares."""
        fingerprint = hashlib.md5(self.body.encode(), usedforsecurity=False).hexdigest()
        return f"EXECUTE FUNCTION {self.name}() /* {fingerprint} */"


APPEND_ONLY: list[str] = []
_REFUSAL = PostgresFunction("till_append_only", " BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END ")
_FUNCTIONS = [_REFUSAL]
_OWN: dict[str, list[Trigger]] = {"sqlite": [], "postgresql": []}


def append_only(row: type[Base]) -> None:
    """Declare that rows of this table are only ever inserted: no update, delete, replace or truncate."""
    APPEND_ONLY.append(row.__tablename__)


def own_trigger(dialect: str, trigger: Trigger) -> None:
    """Declare a trigger with a rule of its own (the ledger's seal)."""
    _OWN[dialect].append(trigger)


def own_function(function: PostgresFunction) -> PostgresFunction:
    """Declare a function that triggers of their own rule call."""
    _FUNCTIONS.append(function)
    return function


def expected_triggers(dialect: str) -> list[Trigger]:
    """All triggers that a database of this dialect must have, by name."""
    make = _sqlite_triggers if dialect == "sqlite" else _postgres_triggers
    tables = (Base.metadata.tables[name] for name in APPEND_ONLY)
    return sorted([trigger for table in tables for trigger in make(table)] + _OWN[dialect])


def create_triggers(connection: Connection, tables: Iterable[str]) -> None:
    """Create the expected triggers of `tables`; for migrations."""
    dialect = connection.dialect.name
    if dialect == "postgresql":
        for function in _FUNCTIONS:
            connection.exec_driver_sql(function.sql.replace("%", "%%"))
    wanted = set(tables)
    for trigger in expected_triggers(dialect):
        if trigger.table in wanted:
            connection.exec_driver_sql(trigger.sql)


def found_triggers(connection: Connection) -> list[Trigger]:
    """The triggers that the database really has and that are switched on, in the words of `expected_triggers`."""
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"))
        return sorted(Trigger(name, table, sql) for name, table, sql in rows)
    rows = connection.execute(text(_POSTGRES_TRIGGERS))
    return sorted(Trigger(name, table, sql) for name, table, sql in rows)


def _sqlite_triggers(table: Table) -> list[Trigger]:
    triggers = [
        _sqlite(table.name, f"no_{verb.lower()}", f"BEFORE {verb}", f"{table.name} is append-only")
        for verb in ("UPDATE", "DELETE")
    ]
    for i, columns in enumerate(_keys(table)):
        same = " AND ".join(f"{column} = NEW.{column}" for column in columns)
        when = f"WHEN EXISTS (SELECT 1 FROM {table.name} WHERE {same})"  # noqa: S608 - names of our own tables
        triggers.append(_sqlite(table.name, f"no_replace_{i}", "BEFORE INSERT", f"{table.name} has this row", when))
    # A foreign tool can name the hidden row number and so replace a row whose keys differ.
    same_row = f"WHEN EXISTS (SELECT 1 FROM {table.name} WHERE rowid = NEW.rowid)"  # noqa: S608 - as above
    triggers.append(_sqlite(table.name, "no_replace_row", "BEFORE INSERT", f"{table.name} has this row", same_row))
    return triggers


def _sqlite(table: str, name: str, moment: str, refusal: str, when: str = "") -> Trigger:
    full_name = f"{table}_{name}"
    body = f"{when} BEGIN SELECT RAISE(ABORT, '{refusal}'); END".strip()
    return Trigger(full_name, table, f"CREATE TRIGGER {full_name} {moment} ON {table} {body}")


def _keys(table: Table) -> list[tuple[str, ...]]:
    """The columns of the primary key and of every unique constraint."""
    keys = [tuple(column.name for column in table.primary_key.columns)]
    uniques = [c for c in table.constraints if isinstance(c, UniqueConstraint)]
    return keys + sorted(tuple(column.name for column in unique.columns) for unique in uniques)


def _postgres_triggers(table: Table) -> list[Trigger]:
    return [
        Trigger(
            f"{table.name}_no_{verb.lower()}",
            table.name,
            f"CREATE TRIGGER {table.name}_no_{verb.lower()} BEFORE {verb} ON public.{table.name} "
            f"FOR EACH {'STATEMENT' if verb == 'TRUNCATE' else 'ROW'} {_REFUSAL.call}",
        )
        for verb in ("UPDATE", "DELETE", "TRUNCATE")
    ]


_POSTGRES_TRIGGERS = """
SELECT t.tgname, c.relname, pg_get_triggerdef(t.oid) || ' /* ' || md5(p.prosrc) || ' */'
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
"""
