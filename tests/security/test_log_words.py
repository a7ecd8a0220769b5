"""What the log may hold: no words of customers, not even when a statement fails with them in hand."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from till.db.engine import Database

WORDS = "Für Oma Erna, Tel. 030 123456"


def test_a_statement_that_fails_keeps_its_values_to_itself(database: Database) -> None:
    with pytest.raises(DBAPIError) as failed, database.write() as session:
        session.execute(text("INSERT INTO category (id, no_such_column) VALUES (:words, 1)"), {"words": WORDS})
    assert WORDS not in str(failed.value)


def test_a_row_that_the_database_refuses_keeps_its_values_to_itself(database: Database) -> None:
    with pytest.raises(DBAPIError) as failed, database.write() as session:
        session.execute(text("INSERT INTO category (id, name) VALUES ('x', :words)"), {"words": WORDS})
    told = str(failed.value).replace(str(failed.value.orig), "")  # the server itself quotes the row in its DETAIL
    assert WORDS not in told
