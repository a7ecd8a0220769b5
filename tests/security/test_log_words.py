"""What the log may hold: no words of customers, not even when a statement fails with them in hand; and how much of it."""

from __future__ import annotations

import logging
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from till.db.engine import Database
from till.log import FILE, to_file

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


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """The log of a till, and nobody else's afterwards."""
    root, known = logging.getLogger(), list(logging.getLogger().handlers)
    levels = root.level, logging.getLogger("till").level
    to_file(tmp_path)
    to_file(tmp_path)
    yield tmp_path / FILE
    for handler in [one for one in root.handlers if one not in known]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(levels[0])
    logging.getLogger("till").setLevel(levels[1])


def test_an_unexpected_error_is_logged_without_what_the_server_quotes(database: Database, log: Path) -> None:
    """PostgreSQL shows the whole row in its DETAIL, over as many lines as the row's texts have."""
    words = f"{WORDS}\nMobil 0170 123\nund ein Satz"
    try:
        with database.write() as session:
            session.execute(text("INSERT INTO category (id, name) VALUES ('x', :words)"), {"words": words})
    except DBAPIError as error:
        logging.getLogger("till.ui.start").critical("unexpected", exc_info=error)
    told = log.read_text(encoding="utf-8")
    assert "unexpected" in told
    assert "Traceback" in told
    assert not [part for part in words.splitlines() if part in told]
    assert "INSERT INTO category" in told, "what was tried is still there"


def test_the_log_is_bounded_and_for_its_owner_only(log: Path) -> None:
    sink = logging.getLogger("till.test_of_the_log")
    for _ in range(7):
        sink.info("x" * 1_900_000)
    files = sorted(path.name for path in log.parent.iterdir())
    assert files == [FILE, *(f"{FILE}.{number}" for number in range(1, 5))]
    assert sum(path.stat().st_size for path in log.parent.iterdir()) <= 10_000_000
    assert {stat.S_IMODE(path.stat().st_mode) for path in log.parent.iterdir()} == {0o600}
