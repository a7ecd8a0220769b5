"""Opens a database and hands out units of work: one writer at a time, readers beside it.

SQLite gets exactly one writing connection per process: a thread waits in a fair queue instead of
polling a lock, and SQLite's WAL-reset bug (below 3.51.3) can't strike (80-quality, Set-up).
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import QueuePool

from till.db.cipher import FileKey, cipher_module, is_readable_as_plain, loaded_errors, unlock
from till.db.room import has_room
from till.db.server import refusal, with_tls
from till.errors import Unavailable
from till.i18n import msg

WAL_CHECKPOINT_PAGES = 16_000
CACHE_KIB = 4_000
LARGE_CACHE_KIB = 16_000
_BUSY = "busy_timeout"
_DEADLOCKS = {"40P01", "40001"}
_ATTEMPTS = 3
_T = TypeVar("_T")


def sqlite_module() -> ModuleType:
    """The SQLite library in use: pysqlite3's own recent one where its wheel exists, else Python's."""
    try:
        import pysqlite3
    except ImportError:
        return sqlite3
    return pysqlite3  # type: ignore[no-any-return]


@contextlib.contextmanager
def open_file(path: Path, key: FileKey | None = None, *, read_only: bool = True) -> Iterator[Any]:
    """A bare connection to any SQLite file of this till, made where it is missing and not `read_only`; it begins nothing.

    With a `key` given, encrypted files and plain ones are read alike, and a new or empty file becomes an encrypted one.
    One thread after another may use the connection, never two at once.
    """
    module = sqlite_module() if key is None else cipher_module()
    place = f"{path.resolve().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    is_new = not path.exists() or path.stat().st_size == 0
    opened = module.connect(place, uri=True, isolation_level=None, check_same_thread=False)
    with contextlib.closing(opened) as connection:
        if key is not None and (is_new or key_for(path, key)):
            unlock(connection, key)
        yield connection


def key_for(path: Path, key: FileKey | None) -> FileKey | None:
    """The key, if the file is an encrypted one; None for a plain, new or empty file."""
    return None if key is None or is_readable_as_plain(cipher_module(), path) else key


def attach(connection: Any, path: Path, name: str, key: FileKey | None = None) -> None:
    """Attach a second SQLite file of this till, to be read only, to what `open_file` gave for the same `key`."""
    place = f"{path.resolve().as_uri()}?mode=ro"
    if key is None:
        connection.execute(f"ATTACH ? AS {name}", (place,))
        return
    own = key_for(path, key)
    connection.execute(f"ATTACH ? AS {name} KEY ?", (place, "" if own is None else own.literal))


class Database:
    """The till's database. `url` is a SQLAlchemy URL; `wait_s` is how long a write waits for its turn by default.

    `key` is given for an encrypted SQLite file, and for no other. A server's password stands in a URL object, not in a text.
    Raises Unavailable from its units of work when the database is locked, read-only, full,
    damaged or out of reach: nothing was written then.
    """

    def __init__(
        self, url: str | URL, *, key: FileKey | None = None, wait_s: float = 5.0, synchronous: str = "FULL"
    ) -> None:
        self.url = str(url)  # a password in a URL object is not shown
        self.key = key
        self.wait_s = wait_s
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self._folder = Path(make_url(url).database or "").parent if self.is_sqlite else None
        self._turn = threading.Lock()
        self._busy_ms = int(wait_s * 1000)
        self._disk_failed = self._log_is_settled = False
        self._listeners: list[Callable[[], None]] = []
        if self.is_sqlite:
            self._writer = _sqlite_engine(url, key, synchronous, self._begin_writing, connections=1)
            self._reader = _sqlite_engine(url, key, synchronous, _begin_reading, connections=5)
        else:
            self._writer = self._reader = _postgres_engine(url)
        still = {
            "postgresql_readonly": True,
            "isolation_level": "REPEATABLE READ",
        }  # SQLite's readers see one moment anyway
        readable = self._reader if self.is_sqlite else self._reader.execution_options(**still)
        self._write_sessions = sessionmaker(self._writer, expire_on_commit=False)
        self._read_sessions = sessionmaker(readable, expire_on_commit=False)

    @property
    def engine(self) -> Engine:
        """The writing engine, for migrations and checks."""
        return self._writer

    @contextlib.contextmanager
    def write(self, wait_s: float | None = None) -> Iterator[Session]:
        """One unit of work: commits at the end, rolls back on any exception; waits at most `wait_s` for its turn."""
        wait_s = self.wait_s if wait_s is None else wait_s
        with (
            _plain_errors(self._folder),
            self._my_turn(wait_s),
            self._sound_disk(),
            self._write_sessions.begin() as session,
        ):
            if not self.is_sqlite:
                session.connection().exec_driver_sql(f"SET LOCAL lock_timeout = {int(wait_s * 1000)}")
            yield session

    @contextlib.contextmanager
    def write_beside(self, path: Path, name: str, wait_s: float | None = None) -> Iterator[Session]:
        """As `write` on SQLite, with a second file attached as `name`, to be read: large imports come from one in one statement.

        An encrypted till's second file is encrypted with the same key (`open_file`).
        """
        wait_s = self.wait_s if wait_s is None else wait_s
        with (
            _plain_errors(self._folder),
            self._my_turn(wait_s),
            self._sound_disk(),
            self._beside(path, name),
            self._write_sessions.begin() as session,
        ):
            yield session

    @contextlib.contextmanager
    def _beside(self, path: Path, name: str) -> Iterator[None]:
        """Attach to the one writing connection, and detach again, both outside of any transaction as SQLite wants it."""
        words, values = f"ATTACH ? AS {name}", [str(path)]
        if self.key is not None:
            words, values = f"{words} KEY ?", [*values, self.key.literal]
        self._bare(words, values)
        try:
            self._bare(f"PRAGMA main.cache_size=-{LARGE_CACHE_KIB}", [])  # a sixth less time for which a sale waits
            yield
        finally:
            self._bare(f"PRAGMA main.cache_size=-{CACHE_KIB}", [])
            self._bare(f"DETACH {name}", [])

    def _bare(self, statement: str, values: list[str]) -> None:
        pooled = self._writer.raw_connection()
        try:
            pooled.cursor().execute(statement, values)
        finally:
            pooled.close()

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """A consistent look at the database that never waits for a writer on SQLite."""
        with _plain_errors(self._folder), self._read_sessions.begin() as session:
            yield session

    def run(self, work: Callable[[Session], _T], wait_s: float | None = None) -> _T:
        """Run `work` as one unit of work and return its result; a deadlock repeats all of it, three times at most."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with self.write(wait_s) as session:
                    return work(session)
            except DBAPIError as error:
                if attempt == _ATTEMPTS or getattr(error.orig, "sqlstate", None) not in _DEADLOCKS:
                    raise
        raise AssertionError("unreachable")  # pragma: no cover

    @contextlib.contextmanager
    def _my_turn(self, wait_s: float) -> Iterator[None]:
        """SQLite: wait for this process's one writer; PostgreSQL writes side by side."""
        if not self.is_sqlite:
            yield
            return
        if not self._turn.acquire(timeout=wait_s):
            raise Unavailable(BUSY)
        try:
            self._busy_ms = int(wait_s * 1000)
            yield
        finally:
            self._turn.release()

    def _begin_writing(self, connection: Connection) -> None:
        """SQLite: wait for another process as long as this unit of work may, then lock the file."""
        if connection.info.get(_BUSY) != self._busy_ms:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={self._busy_ms}")
            connection.info[_BUSY] = self._busy_ms
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def listen(self, callback: Callable[[], None]) -> None:
        """Call `callback` whenever the file was opened anew after an error of the disk; it must be short.

        What the disk did then nobody knows: the books want to be looked at (80-quality Q3).
        """
        self._listeners.append(callback)

    def checkpoint(self) -> None:
        """Move SQLite's write-ahead log into the file; called when the counter is idle (80-quality, Speed)."""
        if not self.is_sqlite:
            return
        with _plain_errors(self._folder), self._my_turn(self.wait_s), self._sound_disk():
            self._checkpoint("PASSIVE")

    @contextlib.contextmanager
    def _sound_disk(self) -> Iterator[None]:
        """Nothing is written at the start, or after an error of the disk, until the log is settled (80-quality Q3)."""
        if self.is_sqlite and not self._log_is_settled:
            self._settle_log()
        try:
            yield
        except driver_errors() as error:
            if _sentence(error) == DISK_ERROR:
                self._disk_failed, self._log_is_settled = True, False
            raise

    def _settle_log(self) -> None:
        """Write all that is booked into the file once more, empty the log, and after an error begin with new connections.

        What an fsync could not write counts as written from then on and is read back from memory, by the program that
        is started next too: a booking after it in the log would be lost with it in a power cut. Emptied, the log can't
        bring back a booking that failed either. Raises Unavailable after an error while somebody still reads the log.
        """
        is_emptied = self._checkpoint("TRUNCATE")
        if self._disk_failed and not is_emptied:
            raise Unavailable(BUSY)
        is_new = self._disk_failed
        if is_new:
            self.close()
        self._disk_failed, self._log_is_settled = False, True
        for callback in self._listeners if is_new else ():
            callback()

    def _checkpoint(self, mode: str) -> bool:
        """Outside of any transaction, as SQLite wants it; False when others were in the way."""
        pooled = self._writer.raw_connection()
        try:
            cursor = pooled.cursor()
            cursor.execute(f"PRAGMA busy_timeout={self._busy_ms}")
            pooled.info[_BUSY] = self._busy_ms
            was_busy, *_frames = cursor.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
        finally:
            pooled.close()
        return not was_busy

    def close(self) -> None:
        """Close all connections."""
        self._writer.dispose()
        self._reader.dispose()


def sqlite_url(path: Path) -> str:
    """The URL of a SQLite file."""
    return f"sqlite:///{path}"


def _sqlite_engine(
    url: str | URL, key: FileKey | None, synchronous: str, begin: Callable[[Connection], None], *, connections: int
) -> Engine:
    engine = create_engine(
        url,
        module=sqlite_module() if key is None else cipher_module(),
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=connections - 1,
        connect_args={"isolation_level": None, "check_same_thread": False},
        hide_parameters=True,  # the log holds no words of customers
    )
    pragmas = (
        "foreign_keys=ON",
        "recursive_triggers=ON",
        "journal_mode=WAL",
        f"synchronous={synchronous}",
        "busy_timeout=5000",
        f"wal_autocheckpoint={WAL_CHECKPOINT_PAGES}",
        f"cache_size=-{CACHE_KIB}",
    )

    @event.listens_for(engine, "connect", insert=True)
    def _pragmas(connection: Any, _record: object) -> None:
        if key is not None:
            unlock(connection, key)
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "begin", begin)
    return engine


def _begin_reading(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _postgres_engine(url: str | URL) -> Engine:
    return create_engine(
        with_tls(make_url(url)),
        pool_pre_ping=True,
        pool_size=4,
        max_overflow=8,
        connect_args={"connect_timeout": 2, "options": "-c timezone=UTC"},
        hide_parameters=True,  # as on SQLite
    )


def driver_errors() -> tuple[type[Exception], ...]:
    """What a driver raises, wrapped by SQLAlchemy or as it is."""
    return (DBAPIError, sqlite_module().Error, *loaded_errors())


@contextlib.contextmanager
def _plain_errors(folder: Path | None) -> Iterator[None]:
    """Turn what the environment does to a database into a sentence; other errors pass unchanged.

    `folder` is where a SQLite file lies: an error of its disk may be that it takes no more.
    """
    try:
        yield
    except driver_errors() as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        if sentence == DISK_ERROR and folder is not None and not has_room(folder):
            sentence = DISK_FULL
        raise Unavailable(sentence, reason=str(getattr(error, "orig", error))) from error


BUSY = msg("The database is busy with other work. The basket is kept; please try again in a moment.")
READ_ONLY = msg(
    "The database can only be read. Check the rights of the data folder and whether the disk is write-protected."
)
DISK_FULL = msg("The disk is full. Nothing was booked; free some space and try again.")
DAMAGED = msg("The database is damaged. Nothing was booked; restore the last backup: till restore.")
DISK_ERROR = msg(
    "The disk could not be written ({reason}). Nothing was booked; check the disk and start the till again."
)
NO_CONNECTION = msg("The database can't be reached. Nothing was booked; the till goes on as soon as it is back.")

# SQLite's primary result codes (sqlite.org/rescode.html) and PostgreSQL's SQLSTATEs (its manual, appendix A): their
# texts are no ground to stand on, as they quote the rows in hand and speak the server's language.
_SQLITE = {5: BUSY, 6: BUSY, 8: READ_ONLY, 10: DISK_ERROR, 11: DAMAGED, 13: DISK_FULL, 14: NO_CONNECTION, 26: DAMAGED}
_POSTGRES = {
    "25006": READ_ONLY,
    "53100": DISK_FULL,
    "53300": NO_CONNECTION,
    "55P03": BUSY,
    "57P01": NO_CONNECTION,
    "57P02": NO_CONNECTION,
    "57P03": NO_CONNECTION,
    "58030": DISK_ERROR,
    "XX001": DAMAGED,
    "XX002": DAMAGED,
}
_CONNECTION_CLASS = "08"


def _sentence(error: Exception) -> str | None:
    """The sentence for an error of the driver, as it is or wrapped by SQLAlchemy; None for a defect of the program."""
    cause = getattr(error, "orig", error)
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        return _SQLITE.get(code & 0xFF)
    state = getattr(cause, "sqlstate", None)
    if state is None:
        return (refusal(cause) or NO_CONNECTION) if isinstance(error, OperationalError) else None
    return NO_CONNECTION if state.startswith(_CONNECTION_CLASS) else _POSTGRES.get(state)
