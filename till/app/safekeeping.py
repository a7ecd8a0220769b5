"""The safekeeping desk: the backups of these books, one now, one looked into, and the wish to restore one (80-quality Q5)."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from till.app import backup_content
from till.app.backup import FOLDER, backup, folder_of, own, prune
from till.app.backup_content import Proof
from till.app.backup_plan import SEALED, dated
from till.app.backup_proof import Books, disk_errors, shop_of
from till.app.books import books_file
from till.app.needs import needs
from till.app.restore import SERVER, Restoration
from till.app.workplace import Workplace
from till.audit import trail
from till.errors import Refused, Unavailable
from till.i18n import msg
from till.ledger.chain import canonical
from till.settings import save
from till.staff.permission import Permission

_log = logging.getLogger(__name__)

OTHER_SHOP = msg("This is a backup of another shop’s books. Nothing was changed; choose one of this shop.")
OTHER_TILL = msg(
    "In this backup there is no till with the number {till}, but {others}. Write that number as till_id into settings.toml, "
    "start the till again, and restore it then."
)
WOULD_LOSE = msg("{count} records of now are not in this backup. Say that they may go, or choose a newer backup.")
SALE_OPEN = msg("A sale is open. Complete it, park it or throw it away, then restore.")
NOT_A_FOLDER = msg("There is no folder {path}. Plug in its disk, or choose another one.")
NOT_WRITABLE = msg("{path} can’t be written: {reason}. Choose another folder.")
_TRY = "till-write-test.part"


@dataclass(frozen=True, slots=True)
class BackupEntry:
    """A backup in the folder; each was proved against the books before it got its name."""

    file: Path
    made_at: dt.datetime
    size: int
    is_sealed: bool


class SafekeepingDesk:
    """One till's backups. Its calls read and write whole files, so they are made on a worker's thread."""

    def __init__(
        self,
        workplace: Workplace,
        settle: Callable[[], object],
        is_selling: Callable[[], bool],
        note_backup: Callable[[str], None],
    ) -> None:
        """`settle` waits a moment until what was booked is signed and stored; `is_selling`: a sale is open.

        `note_backup` takes the strip about a missing backup away (empty).
        """
        self._workplace = workplace
        self._note_backup = note_backup
        self._settle = settle
        self._is_selling = is_selling
        self.wish: Restoration | None = None
        """What shall be restored once the till is closed; the program's start does it."""

    @property
    def keeps_files(self) -> bool:
        """Whether the books are a file; a server's are backed up by its own tools."""
        return books_file(self._workplace.settings) is not None

    @property
    def folder(self) -> Path:
        """Where the backups go."""
        settings = self._workplace.settings
        return settings.data_dir / (settings.backup_dir or FOLDER)

    @property
    def is_usual_folder(self) -> bool:
        """Whether they go beside the books, where one broken disk takes both."""
        return not self._workplace.settings.backup_dir

    @property
    def is_sealing(self) -> bool:
        """Whether new backups are encrypted."""
        return bool(self._workplace.settings.backup_recipient)

    @needs(Permission.BACKUP)
    def backups(self) -> tuple[BackupEntry, ...]:
        """This shop's backups in the folder, newest first. Unavailable when it is not there."""
        books = self._books()
        folder = folder_of(self._workplace.settings)
        try:
            names = own(folder, shop_of(books.file, books.key), books.key)
            found = [_entry(folder / name) for name in names]
        except OSError as error:
            raise Unavailable(NOT_A_FOLDER, path=str(folder)) from error
        return tuple(sorted(found, key=lambda entry: (entry.made_at, entry.file.name), reverse=True))

    @needs(Permission.BACKUP)
    def back_up_now(self) -> BackupEntry:
        """Make a proved backup at once, beside the selling, and let old ones go by the plan."""
        books, settings = self._books(), self._workplace.settings
        folder = folder_of(settings)
        self._settle()
        path = backup(books, folder, self._workplace.clock.now(), settings.backup_recipient)
        prune(folder, shop_of(books.file, books.key), books.key)
        self._note_backup("")
        _log.info("backed up on demand")
        return _entry(path)

    @needs(Permission.BACKUP)
    def choose_folder(self, folder: Path | None) -> None:
        """Have the backups go to another folder from now on, a stick's; None: beside the books. It is tried first."""
        if folder is not None:
            _try_folder(folder)
        stored = str(folder) if folder is not None else ""
        settings = replace(self._workplace.settings, backup_dir=stored)
        before = self._workplace.settings.backup_dir
        save(settings)
        self._workplace.settings = settings
        self._note(trail.Action.SETTING_CHANGED, "backup_dir", before=before, after=stored)

    @needs(Permission.BACKUP)
    def look_into(self, copy: Path, key_file: Path | None = None) -> Proof:
        """Read one backup from end to end and say what is in it; refused in words when it can't be restored."""
        return backup_content.prove(copy, self._books(), self._workplace.settings, key_file)

    @needs(Permission.BACKUP)
    def wish_for(self, proof: Proof, key_file: Path | None = None, *, may_lose: bool = False) -> None:
        """Want this backup restored as soon as the till is closed. Refused for what must not be put in place here.

        `may_lose`: a person has said that the records of now which it lacks may go; the books of now are kept beside.
        """
        if not proof.is_own_shop and not proof.is_fresh:
            raise Refused(OTHER_SHOP)
        if not proof.knows_till:
            others = ", ".join(proof.content.tills) or "–"
            raise Refused(OTHER_TILL, till=self._workplace.settings.till_id, others=others)
        if self._is_selling():
            raise Refused(SALE_OPEN)
        is_loss = proof.lost > 0 and not proof.is_fresh
        if is_loss and not may_lose:
            raise Refused(WOULD_LOSE, count=proof.lost)
        by = self._workplace.user.name
        self.wish = Restoration(proof.file, key_file, force=may_lose or proof.is_fresh, by=by)

    def note_restored(self, wish: Restoration, kept: Path | None) -> None:
        """Write into the restored books who has restored them from what, and under what name those of before lie."""
        after = canonical({"file": wish.copy.name, "by": wish.by})
        self._note(trail.Action.RESTORED, "books", before=kept.name if kept else "", after=after)

    def _note(self, action: trail.Action, subject: str, **told: str) -> None:
        context = self._workplace.context(needs_shift=False)
        self._workplace.database.run(lambda session: trail.note(session, context, action, subject, **told))

    def _books(self) -> Books:
        file = books_file(self._workplace.settings)
        if file is None:
            raise Refused(SERVER)
        return Books(file, self._workplace.database.key)


def _entry(file: Path) -> BackupEntry:
    found = dated(file.name)
    made_at = found.made_at if found else dt.datetime.fromtimestamp(file.stat().st_mtime, dt.UTC)
    return BackupEntry(file, made_at, file.stat().st_size, file.suffix == SEALED)


def _try_folder(folder: Path) -> None:
    """Refuse a folder that is not there or takes no file, before it is believed in."""
    if not folder.is_dir():
        raise Unavailable(NOT_A_FOLDER, path=str(folder))
    trial = folder / _TRY
    try:
        trial.touch(mode=0o600)
        trial.unlink()
    except disk_errors() as error:
        raise Unavailable(
            NOT_WRITABLE, path=str(folder), reason=getattr(error, "strerror", "") or str(error)
        ) from error
