"""What is in a backup, beside what is in the books now: whose it is, how far it goes, and what a restore would lose (Q5)."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from till.app.backup import its_turn
from till.app.backup_files import require_room, unfinished
from till.app.backup_proof import DAMAGED, Books, check, disk_errors, opened, shop_of, unreadable
from till.app.backup_seal import is_sealed, unseal
from till.app.books import is_encrypted, key_of
from till.app.restore import lost_by
from till.db.cipher import FileKey
from till.db.engine import driver_errors
from till.errors import Refused, Unavailable
from till.i18n import msg
from till.settings import Settings

UNPACKED = "backup-looked-into.part"

NOT_READ = msg("{path} can’t be read: {reason}. Is its stick still plugged in?")

_SALES = "SELECT COUNT(*), MAX(ended_at) FROM document WHERE kind = 'sale'"
_ANY = "SELECT COUNT(*), MAX(ended_at) FROM document"
_LAST_Z = "SELECT MAX(z_number), MAX(closed_at) FROM closing WHERE till_id = ?"
_TILLS = "SELECT DISTINCT till_id FROM chain_link ORDER BY till_id"
_HEAD = "SELECT position, hash FROM chain_link WHERE till_id = ? ORDER BY position DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class Content:
    """What one file of books holds. Instants in UTC; `head` is the end of this till's chain, its place and hash.

    `tills` are all that have written in it. `booked` counts every Vorgang, `receipts` the sales.
    """

    shop: str
    tills: tuple[str, ...]
    receipts: int
    booked: int
    last_booked_at: dt.datetime | None
    last_z: int | None
    last_z_at: dt.datetime | None
    head: tuple[int, str] | None


@dataclass(frozen=True, slots=True)
class Proof:
    """A whole backup that this program can read, and how it stands to the books of now.

    `lost`: records of now that it lacks. `is_own_shop` False: it is another shop's. `knows_till` False: this till has
    never written in it. `is_fresh`: nothing was booked here yet, so that there is nothing to lose.
    """

    file: Path
    is_sealed: bool
    content: Content
    lost: int
    is_own_shop: bool
    knows_till: bool
    is_fresh: bool


def prove(copy: Path, present: Books, settings: Settings, key_file: Path | None = None) -> Proof:
    """Read a whole backup from end to end, an encrypted one with its key file, and compare it with the books of now.

    Takes as long as reading it does. Raises Refused or Unavailable in words for what is missing, damaged, no backup of
    Till, newer than the program, locked, or on a stick that was pulled out.
    """
    try:
        with _plain(copy, settings, key_file) as (plain, key):
            check(plain, key, shown=copy)
            content = content_of(plain, settings.till_id, key, shown=copy)
            lost = lost_by(present.file, plain, present.key or key)
            now = _now(present, settings)
    except disk_errors() as error:
        raise Unavailable(NOT_READ, path=str(copy), reason=getattr(error, "strerror", None) or str(error)) from error
    return Proof(
        file=copy,
        is_sealed=is_sealed(copy),
        content=content,
        lost=lost,
        is_own_shop=not now or not now.shop or content.shop == now.shop,
        knows_till=settings.till_id in content.tills,
        is_fresh=now is not None and now.booked == 0,
    )


def content_of(file: Path, till_id: str, key: FileKey | None, shown: Path | None = None) -> Content:
    """What is in this file. Refused for one whose tables can't be read."""
    try:
        with opened(file, key) as connection:
            receipts, _ = connection.execute(_SALES).fetchone()
            booked, last = connection.execute(_ANY).fetchone()
            z_number, z_at = connection.execute(_LAST_Z, (till_id,)).fetchone()
            tills = tuple(str(row[0]) for row in connection.execute(_TILLS))
            head = connection.execute(_HEAD, (till_id,)).fetchone()
    except driver_errors() as error:
        raise Refused(DAMAGED, path=str(shown or file), reason=str(error)) from error
    return Content(
        shop=shop_of(file, key),
        tills=tills,
        receipts=int(receipts),
        booked=int(booked),
        last_booked_at=_instant(last),
        last_z=z_number,
        last_z_at=_instant(z_at),
        head=(int(head[0]), str(head[1])) if head else None,
    )


@contextlib.contextmanager
def _plain(copy: Path, settings: Settings, key_file: Path | None) -> Iterator[tuple[Path, FileKey | None]]:
    """The backup as SQLite can read it: itself, or decrypted for a moment beside the books."""
    if not copy.is_file() or not is_sealed(copy):
        yield copy, _key(settings, copy)
        return
    with its_turn(settings.data_dir), unfinished(settings.data_dir / UNPACKED) as plain:
        require_room(plain.parent, copy.stat().st_size)
        unseal(copy, plain, key_file)
        yield plain, _key(settings, plain)


def _key(settings: Settings, copy: Path) -> FileKey | None:
    return key_of(settings, copy) if copy.is_file() and is_encrypted(copy) else None


def _now(present: Books, settings: Settings) -> Content | None:
    """The books of now; None when they can't be read, and so have nothing that could be lost."""
    with contextlib.suppress(*unreadable()):
        return content_of(present.file, settings.till_id, present.key)
    return None


def _instant(stored: Any) -> dt.datetime | None:
    """SQLite keeps instants as text, in UTC."""
    if stored is None:
        return None
    moment = dt.datetime.fromisoformat(str(stored))
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=dt.UTC)
