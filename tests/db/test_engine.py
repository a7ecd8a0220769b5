"""Units of work: all or nothing, a fair wait, and a plain sentence for whatever the environment does."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from till.db import engine
from till.db.counter import next_number
from till.db.engine import Database, sqlite_module, sqlite_url
from till.db.locks import Lock, LockKind, hold
from till.errors import Unavailable

ADD = "INSERT INTO category (id, name, position, colour) VALUES (:id, :name, 1, '')"


def _add(session: Session, category: str, name: str = "x") -> None:
    session.execute(text(ADD), {"id": category, "name": name})


def _names(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(text("SELECT id FROM category ORDER BY id")))


def _path(database: Database) -> Path:
    name = database.engine.url.database
    assert name is not None
    return Path(name)


def test_a_unit_of_work_is_all_or_nothing(database: Database) -> None:
    with database.write() as session:
        _add(session, "a")
    with pytest.raises(RuntimeError), database.write() as session:  # noqa: PT012 - the unit of work is what fails
        _add(session, "b")
        raise RuntimeError
    assert _names(database) == ["a"]


def test_work_gives_back_its_result(database: Database) -> None:
    assert database.run(lambda session: next_number(session, "K1", "document")) == 1
    assert database.run(lambda session: next_number(session, "K1", "document")) == 2
    assert database.run(lambda session: next_number(session, "K1", "closing")) == 1


def test_reading_changes_nothing(on_postgres: Database) -> None:
    with pytest.raises(Unavailable, match="can only be read"), on_postgres.read() as session:
        _add(session, "a")


def test_a_reader_waits_for_no_writer(database: Database) -> None:
    with database.write() as session:
        _add(session, "a")
        assert _names(database) == []


def test_the_file_is_safe_by_default(on_sqlite: Database) -> None:
    with on_sqlite.write() as session:
        settings = {
            name: session.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("foreign_keys", "recursive_triggers", "journal_mode", "synchronous")
        }
    assert settings == {"foreign_keys": 1, "recursive_triggers": 1, "journal_mode": "wal", "synchronous": 2}


def test_without_its_own_library_pythons_sqlite_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pysqlite3", None)
    assert sqlite_module() is sqlite3


@contextmanager
def _locked_by_somebody_else(database: Database) -> Iterator[None]:
    foreign = sqlite_module().connect(str(_path(database)), isolation_level=None)
    foreign.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        foreign.close()


def _seconds_until_busy(database: Database, wait_s: float) -> float:
    began = time.monotonic()
    with pytest.raises(Unavailable) as busy, database.write(wait_s) as session:
        _add(session, "late")
    assert busy.value.msgid == engine.BUSY
    return time.monotonic() - began


def test_a_file_held_by_somebody_else_is_busy_after_the_wait(on_sqlite: Database) -> None:
    with _locked_by_somebody_else(on_sqlite):
        assert 0.2 <= _seconds_until_busy(on_sqlite, 0.2) < 2
    with on_sqlite.write() as session:
        _add(session, "a")
    assert _names(on_sqlite) == ["a"]


def test_a_second_writer_of_this_process_waits_its_turn(on_sqlite: Database) -> None:
    with on_sqlite.write():
        assert 0.1 <= _seconds_until_busy(on_sqlite, 0.1) < 2


def test_a_lock_held_by_another_till_is_busy_after_the_wait(on_postgres: Database) -> None:
    lock = [Lock(LockKind.VOUCHER, "1")]
    with on_postgres.write() as session:
        hold(session, lock)
        with pytest.raises(Unavailable) as busy, on_postgres.write(0.1) as other:
            hold(other, lock)
    assert busy.value.msgid == engine.BUSY


def _sentence_of(database: Database) -> str:
    with pytest.raises(Unavailable) as said, database.write() as session:
        _add(session, "a", "x" * 5000)
    return said.value.msgid


def test_a_file_that_may_only_be_read_says_so(on_sqlite: Database) -> None:
    read_only = Database(f"sqlite:///file:{_path(on_sqlite)}?mode=ro&uri=true")
    assert _sentence_of(read_only) == engine.READ_ONLY
    with read_only.read() as session:
        assert session.execute(text("SELECT count(*) FROM category")).scalar_one() == 0
    read_only.close()


def test_a_file_that_is_no_database_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "till.db").write_bytes(b"this is no database" * 100)
    database = Database(sqlite_url(tmp_path / "till.db"))
    assert _sentence_of(database) == engine.DAMAGED
    database.close()


def test_a_file_with_a_torn_page_is_damaged(on_sqlite: Database) -> None:
    path = _path(on_sqlite)
    on_sqlite.checkpoint()
    on_sqlite.close()
    pages = bytearray(path.read_bytes())
    pages[4096:] = b"\xff" * (len(pages) - 4096)
    path.write_bytes(pages)
    database = Database(sqlite_url(path))
    assert _sentence_of(database) == engine.DAMAGED
    database.close()


def test_a_folder_that_is_gone_is_out_of_reach(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path / "gone" / "till.db"))
    assert _sentence_of(database) == engine.NO_CONNECTION
    database.close()


def test_a_full_disk_books_nothing_and_reading_goes_on(on_sqlite: Database) -> None:
    with on_sqlite.write() as session:
        pages = session.execute(text("PRAGMA page_count")).scalar_one()
        session.execute(text(f"PRAGMA max_page_count={pages}"))
    assert _sentence_of(on_sqlite) == engine.DISK_FULL
    assert _names(on_sqlite) == []
    with on_sqlite.write() as session:
        session.execute(text("PRAGMA max_page_count=100000"))
        _add(session, "a", "x" * 5000)
    assert _names(on_sqlite) == ["a"]


# A process whose files may grow no further, as on a full disk or over a quota.
AT_THE_LIMIT = """
import resource, sys
from sqlalchemy import text
from till.db.engine import Database
from till.errors import Unavailable
database = Database(sys.argv[1])
with database.write() as session:
    session.execute(text("INSERT INTO category (id, name, position, colour) VALUES ('a', 'x', 1, '')"))
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    with database.write() as session:
        session.execute(text("INSERT INTO category (id, name, position, colour) VALUES ('b', 'x', 1, '')"))
except Unavailable as error:
    sys.stdout.write(error.msgid)
"""


def test_a_file_that_can_grow_no_further_keeps_what_was_booked(on_sqlite: Database) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", AT_THE_LIMIT, on_sqlite.url], capture_output=True, text=True, check=True, timeout=60
    )
    assert ended.stdout in {engine.DISK_FULL, engine.DISK_ERROR}
    assert _names(on_sqlite) == ["a"]


def test_a_server_that_is_not_there_is_out_of_reach(tmp_path: Path) -> None:
    database = Database(f"postgresql+psycopg://till@/till?host={tmp_path}")
    assert _sentence_of(database) == engine.NO_CONNECTION
    database.close()


def test_a_connection_that_breaks_books_nothing_and_the_next_one_works(on_postgres: Database) -> None:
    killer = create_engine(on_postgres.url, poolclass=NullPool)
    with pytest.raises(Unavailable) as broken, on_postgres.write() as session:  # noqa: PT012 - the unit of work is what fails
        _add(session, "a")
        own = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with killer.begin() as connection:
            connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": own})
        _add(session, "b")
    assert broken.value.msgid == engine.NO_CONNECTION
    with on_postgres.write() as session:
        _add(session, "c")
    assert _names(on_postgres) == ["c"]


@pytest.mark.parametrize("name", ["disk is full", "connection locked", "I/O error", "malformed", "readonly"])
def test_a_defect_is_not_mistaken_for_the_environment(database: Database, name: str) -> None:
    with database.write() as session:
        _add(session, name)
    with pytest.raises(IntegrityError), database.write() as session:
        _add(session, name, name)
    with pytest.raises(DBAPIError), database.write() as session:
        session.execute(text(f'SELECT * FROM "{name}"'))  # noqa: S608 - names of our own tables


@pytest.mark.parametrize(
    ("state", "msgid"),
    [
        ("53100", engine.DISK_FULL),
        ("53300", engine.NO_CONNECTION),
        ("58030", engine.DISK_ERROR),
        ("XX001", engine.DAMAGED),
        ("08006", engine.NO_CONNECTION),
        ("57P03", engine.NO_CONNECTION),
        ("55P03", engine.BUSY),
    ],
)
def test_what_a_server_reports_becomes_a_sentence_in_any_language(
    on_postgres: Database, state: str, msgid: str
) -> None:
    raising = f"DO $$ BEGIN RAISE EXCEPTION 'Kein Platz mehr' USING ERRCODE = '{state}'; END $$"
    with pytest.raises(Unavailable) as said, on_postgres.write() as session:
        session.execute(text(raising))
    assert said.value.msgid == msgid


DEADLOCK = "DO $$ BEGIN RAISE EXCEPTION 'blocked' USING ERRCODE = '40P01'; END $$"


def test_a_deadlock_repeats_the_whole_unit_of_work(on_postgres: Database) -> None:
    attempts: list[int] = []

    def work(session: Session) -> str:
        attempts.append(1)
        _add(session, f"try {len(attempts)}")
        if len(attempts) < 3:
            session.execute(text(DEADLOCK))
        return "done"

    assert on_postgres.run(work) == "done"
    assert _names(on_postgres) == ["try 3"]


def test_after_three_deadlocks_it_is_given_up(on_postgres: Database) -> None:
    attempts: list[int] = []

    def work(session: Session) -> None:
        attempts.append(1)
        session.execute(text(DEADLOCK))

    with pytest.raises(DBAPIError, match="blocked"):
        on_postgres.run(work)
    assert len(attempts) == 3


def test_other_failures_are_not_repeated(database: Database) -> None:
    attempts: list[int] = []

    def work(session: Session) -> None:
        attempts.append(1)
        _add(session, "a")
        _add(session, "a")

    with pytest.raises(IntegrityError):
        database.run(work)
    assert len(attempts) == 1


def test_two_tills_that_wait_for_each_other_both_finish(on_postgres: Database) -> None:
    meeting = threading.Barrier(2)
    first_try = {"a": True, "b": True}

    def work(session: Session, own: str, other: str) -> None:
        session.execute(text("SET LOCAL deadlock_timeout = '50ms'"))
        hold(session, [Lock(LockKind.VOUCHER, own)])
        if first_try[own]:
            first_try[own] = False
            meeting.wait(10)
        hold(session, [Lock(LockKind.VOUCHER, other)])
        _add(session, own)

    def run(own: str, other: str) -> None:
        on_postgres.run(lambda session: work(session, own, other))

    _in_threads(("a", "b"), ("b", "a"), work=run)
    assert _names(on_postgres) == ["a", "b"]


def test_writers_take_turns_and_none_is_lost(database: Database) -> None:
    def count(till: str, other: str) -> None:
        for _ in range(20):
            database.run(lambda session: next_number(session, "K1", f"{min(till, other)}"))

    _in_threads(("a", "b"), ("b", "a"), ("a", "c"), work=count)
    assert database.run(lambda session: next_number(session, "K1", "a")) == 61


def _in_threads(*arguments: tuple[str, str], work: Any) -> None:
    threads = [threading.Thread(target=work, args=pair) for pair in arguments]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()


def test_a_checkpoint_moves_the_log_into_the_file(on_sqlite: Database) -> None:
    path = _path(on_sqlite)
    with on_sqlite.write() as session:
        _add(session, "a", "needle in the file")
    assert b"needle in the file" not in path.read_bytes()
    on_sqlite.checkpoint()
    assert b"needle in the file" in path.read_bytes()


def test_a_server_checkpoints_by_itself(on_postgres: Database) -> None:
    on_postgres.checkpoint()
    assert _names(on_postgres) == []
