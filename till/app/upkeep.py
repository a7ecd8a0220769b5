"""What the till does for its books by itself, beside the selling: checks at the start and each week, a backup after each Z."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from till.app.backup import NO_FOLDER, NOT_WHOLE, backup, folder_of, own, prune
from till.app.backup_plan import newest
from till.app.backup_proof import Books, shop_of
from till.app.backup_seal import NO_RECIPIENT
from till.app.status import StatusDesk
from till.app.workplace import Workplace
from till.db.finding import Check
from till.errors import Refused, Unavailable
from till.i18n import msg
from till.shifts import closing

if TYPE_CHECKING:
    from till.app.verify import Problem

_log = logging.getLogger(__name__)
_JOIN_S = 60.0
_BREATH_S = 0.05
VERIFIED = "verified.txt"
WEEK = dt.timedelta(days=7)
FOLDER_GONE = msg(
    "There is no backup of the last Z: the folder for it is not there. Plug in its disk and start the till again."
)
NOT_WRITTEN = msg("There is no backup of the last Z. Look whether the folder for it can be written and has room.")
NO_KEY = msg(
    "There is no backup of the last Z: backup_recipient in settings.toml is no public key. Correct it, or empty it."
)
_STRIPS = {NO_FOLDER: FOLDER_GONE, NO_RECIPIENT: NO_KEY}

Job = Callable[[], None]


class Upkeep:
    """A thread that works off what the books need. What is still to do is found again at the next start."""

    def __init__(self, workplace: Workplace, status: StatusDesk, settle: Callable[[], object]) -> None:
        """`settle` waits a moment until what was booked is signed and stored."""
        self._workplace = workplace
        self._status = status
        self._settle = settle
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="upkeep", daemon=True)

    def begin(self) -> None:
        """Start the thread: a quick look at the books, then what the last run left undone.

        The look is taken again whenever the database had to be opened anew after an error of the disk (80-quality Q3).
        """
        self._thread.start()
        self._jobs.put(self._look)
        self._workplace.database.listen(lambda: self._jobs.put(self._look))
        self.ask_backup()
        self._jobs.put(self._verify_weekly)

    def ask_backup(self) -> None:
        """Have a backup made soon if the last Z has none yet; the caller waits for nothing."""
        self._jobs.put(self._back_up_if_due)

    def stop(self) -> None:
        """End the thread; a backup that has begun is finished, for at most a minute."""
        self._stopping.set()
        self._jobs.put(None)
        if self._thread.is_alive():
            self._thread.join(_JOIN_S)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except Exception:  # noqa: BLE001 - the thread must live on; the defect is logged
                _log.exception("a work on the books failed")

    def _look(self) -> None:
        """The newest books first, which takes milliseconds; then the pages, which may take until the till closes.

        What checks is loaded here, behind the first paint (P7).
        """
        from till.app.verify import verify_pages, verify_since_last_z

        database = self._workplace.database
        self._note_found(verify_since_last_z(database, self._workplace.settings.till_id))
        with contextlib.suppress(_StoppedError):
            self._note_found(verify_pages(database, self._go_on))

    def _verify_weekly(self) -> None:
        """Prove all books once a week. Only a proof without findings is remembered, one broken off begins anew."""
        from till.app.verify import verify

        now = self._workplace.clock.now()
        file = self._workplace.settings.data_dir / VERIFIED
        if not _is_older(file, now - WEEK, now):
            return
        try:
            problems = verify(self._workplace.database, self._breathe)
        except _StoppedError:
            return
        self._note_found(problems)
        if not problems:
            file.touch(mode=0o600)
            file.write_text(now.isoformat(timespec="seconds") + "\n", encoding="utf-8")
            _log.info("all books are proved")

    def _go_on(self, _check: Check, _done: int, _all: int) -> None:
        """Between two portions of a look: the till may be closing."""
        if self._stopping.is_set():
            raise _StoppedError

    def _breathe(self, _check: Check, _done: int, _all: int) -> None:
        """Between two portions of a long proof the counter goes first."""
        if self._stopping.wait(_BREATH_S):
            raise _StoppedError

    def _note_found(self, problems: list[Problem]) -> None:
        for problem in problems:
            _log.error("found in the books: %s: %s", problem.check, problem.finding)
        if any(problem.is_damage for problem in problems):
            self._status.note_damage()

    def _back_up_if_due(self) -> None:
        """The newest backup must be younger than the last Z; one of the future is of a clock that stood wrong."""
        books = self._books()
        if books is None:
            return
        try:
            last_z = self._last_z()
            if last_z is None:
                return
            folder = folder_of(self._workplace.settings)
            made = newest(own(folder, shop_of(books.file, books.key), books.key))
            if made is None or not last_z.replace(microsecond=0) <= made <= self._workplace.clock.now():
                self._settle()
                self._back_up(books, folder)
            self._status.note_backup("")
        except (Refused, Unavailable, OSError) as error:
            self._note_failure(error)

    def _back_up(self, books: Books, folder: Path) -> None:
        """Old backups are let go only as long as the books of today are whole."""
        recipient = self._workplace.settings.backup_recipient
        _log.info("backed up to %s", backup(books, folder, self._workplace.clock.now(), recipient))
        if not self._status.current.books_damaged:
            prune(folder, shop_of(books.file, books.key), books.key)

    def _note_failure(self, error: Exception) -> None:
        _log.warning("no backup: %s", error)
        msgid = error.msgid if isinstance(error, (Refused, Unavailable)) else ""
        self._status.note_backup(_STRIPS.get(msgid, NOT_WRITTEN))
        if msgid == NOT_WHOLE:
            self._status.note_damage()

    def _books(self) -> Books | None:
        """The SQLite file and its key; None on PostgreSQL, which is backed up by its own tools."""
        database = self._workplace.database
        name = database.engine.url.database
        return Books(Path(name), database.key) if database.is_sqlite and name else None

    def _last_z(self) -> dt.datetime | None:
        with self._workplace.database.read() as session:
            till_id = self._workplace.settings.till_id
            z = closing.latest(session, till_id)
        return None if z is None else z.closed_at


class _StoppedError(Exception):
    """The till closes while its books are being proved."""


def _is_older(file: Path, limit: dt.datetime, now: dt.datetime) -> bool:
    """Whether the instant in the file is before the limit, in the future or not to be read."""
    try:
        return not limit < dt.datetime.fromisoformat(file.read_text(encoding="utf-8").strip()) <= now
    except (OSError, ValueError, TypeError):
        return True
