"""The statements of a sale as Till sends them, written down, and sent again by bare psycopg for other sales."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, event

from till.db.locks import Lock, LockKind

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Statement:
    """What was sent, with the values of each row; `is_many` when they went out in one batch."""

    sql: str
    rows: tuple[Values, ...]
    is_many: bool


@contextmanager
def written_down(engine: Engine) -> Iterator[list[Statement]]:
    """The statements that the engine sends while the context is open."""
    sent: list[Statement] = []

    def note(*call: Any) -> None:
        _connection, _cursor, sql, values, _context, is_many = call
        rows = tuple(dict(row) for row in values) if is_many else (dict(values or {}),)
        sent.append(Statement(sql, rows, is_many))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


class BareTill:
    """Sends a sale that was written down again and again, each time as a new sale of a till of its own."""

    def __init__(self, url: str, till_id: str, sale: list[Statement]) -> None:
        import psycopg

        self._connection = psycopg.connect(url.replace("+psycopg", ""))
        self._till_id = till_id
        self._sale = sale
        self._from = _Ids.of(sale)
        self._number, self._position, self._hash = 0, 0, ""

    def sell(self) -> None:
        """One transaction with the same statements; numbers and the chain go on as the answers say."""
        now = _Ids(uuid.uuid4(), uuid.uuid4(), self._till_id)
        cursor = self._connection.cursor()
        for statement in self._sale:
            rows = [self._as_new(statement, row, now) for row in statement.rows]
            if statement.is_many:
                cursor.executemany(statement.sql, rows)
                continue
            cursor.execute(statement.sql, rows[0] or None)
            if cursor.description is not None:
                self._heed(statement.sql, cursor.fetchall())
        self._connection.commit()

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _as_new(self, statement: Statement, row: Values, now: _Ids) -> Values:
        new = {name: now.in_place_of(self._from, value) for name, value in row.items()}
        if statement.sql.startswith("INSERT INTO chain_link"):
            new |= {"position": self._position + 1, "previous": self._hash}
        elif "number" in new:
            new["number"] = self._number - (not statement.sql.startswith("INSERT"))
        elif "pg_advisory_xact_lock" in statement.sql:
            new["key"] = Lock(LockKind.TILL, self._till_id).key
        return new

    def _heed(self, sql: str, answer: list[tuple[Any, ...]]) -> None:
        if sql.startswith("INSERT INTO counter"):
            self._number = answer[0][0]
        elif "FROM chain_link" in sql and answer:
            self._position, self._hash = answer[0]


@dataclass(frozen=True, slots=True)
class _Ids:
    """What differs from sale to sale."""

    document: uuid.UUID
    entry: uuid.UUID
    till_id: str

    @classmethod
    def of(cls, sale: list[Statement]) -> _Ids:
        document = next(one.rows[0] for one in sale if one.sql.startswith("INSERT INTO document ("))
        entry = next(one.rows[0] for one in sale if one.sql.startswith("INSERT INTO ledger_entry ("))
        return cls(document["id"], entry["id"], document["till_id"])

    def in_place_of(self, other: _Ids, value: object) -> object:
        same = {
            other.document: self.document,
            str(other.document): str(self.document),
            other.entry: self.entry,
            other.till_id: self.till_id,
        }
        return same.get(value, value)
