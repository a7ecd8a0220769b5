"""The bundle for who is asked to help: a ZIP that tells how the till is, and nothing of customers, staff or money."""

from __future__ import annotations

import datetime as dt
import json
import logging
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy import table as table_named
from sqlalchemy.exc import DatabaseError

from till.app.backup import FOLDER
from till.app.backup_files import move, sync, unfinished
from till.app.backup_plan import SEALED, UNFINISHED, dated
from till.app.verify import Told, verify
from till.db.base import Base
from till.db.engine import Database
from till.errors import Refused, Unavailable
from till.i18n import msg
from till.log import FILE as LOG
from till.settings import Settings
from till.shop.details import details_on
from till.staff.users import people

_log = logging.getLogger(__name__)
NOT_WRITTEN = msg("The bundle can’t be written to {path}: {reason}. Choose another folder or stick.")
NO_FOLDER = msg("There is no folder {path}. Plug in its stick, or choose another one.")
_UNREAD = "could not be read"
_SHORTEST_WORD = 3
_SHOWN = (
    "till_id", "language", "theme", "density", "decimal_key", "sounds", "printer_profile", "scanner_decoding",
    "scanner_gap_ms", "lock_after_s", "blind_count",
)  # fmt: skip
CONTENTS = (
    ("versions.txt", msg("versions of the program and of what it is built on, TSE, sizes")),
    ("settings.json", msg("the settings of this PC that say nothing of places, addresses and keys")),
    ("counts.json", msg("how many rows each table has, and nothing of what stands in them")),
    ("verify.txt", msg("which checks of the books found something, and how often")),
    ("backups.json", msg("when backups were made, and how large they are")),
    ("till.log", msg("the log of the program, without the names of shop, staff and folders")),
)
_README = (
    "How this till is, for somebody who helps. It holds no names, receipts, prices, customers, staff, PINs, keys or "
    "passwords.\n"
)


@dataclass(frozen=True, slots=True)
class Bundle:
    """What the bundle is made of; `facts` are lines about versions and sizes."""

    settings: Settings
    database: Database
    now: dt.datetime
    facts: tuple[str, ...]


def write_bundle(what: Bundle, folder: Path, told: Told = lambda _check, _done, _all: None) -> Path:
    """Write the bundle into a folder under a dated name, whole or not at all.

    Raises Unavailable in words when the folder is gone, full or write-protected. What of the till can't be read is said in
    the bundle itself: it is wanted most when something is broken.
    """
    if not _is_there(folder):
        raise Unavailable(NO_FOLDER, path=str(folder))
    path = _free_name(folder, f"till-support-{what.now:%Y%m%d-%H%M%S}")
    try:
        with unfinished(path.with_name(path.name + UNFINISHED)) as fresh:
            with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as bundle:
                for name, text in texts(what, told):
                    bundle.writestr(name, text)
            sync(fresh)
            move(fresh, path)
    except OSError as error:
        raise Unavailable(NOT_WRITTEN, path=str(folder), reason=error.strerror or str(error)) from error
    _log.info("a bundle for support was written")
    return path


def texts(what: Bundle, told: Told) -> Iterator[tuple[str, str]]:
    """The files of the bundle, each with its text."""
    scrub = Scrubbing.of(what)
    yield "README.txt", _README
    yield "versions.txt", scrub.clean("\n".join((f"made {what.now.isoformat(timespec='seconds')}", *what.facts)) + "\n")
    yield "settings.json", _json(shown_settings(what.settings))
    yield "counts.json", _json(_counts(what.database))
    yield "verify.txt", _verified(what.database, told)
    yield "backups.json", _json(_backups(what.settings))
    for path in sorted(what.settings.data_dir.glob(f"{LOG}*")):
        yield path.name, scrub.clean(_text_of(path))


def shown_settings(settings: Settings) -> dict[str, object]:
    """The settings that may be told; of the others only whether they are the usual ones."""
    told: dict[str, object] = {name: getattr(settings, name) for name in _SHOWN}
    usual = {field.name: field.default for field in fields(Settings)}
    for field in fields(Settings):
        if field.name not in told:
            told[field.name] = "usual" if getattr(settings, field.name) == usual[field.name] else "own"
    told["database_url"] = settings.database_url.partition(":")[0]
    told["printer"] = settings.printer.partition(":")[0]
    return told


@dataclass(frozen=True, slots=True)
class Scrubbing:
    """Takes places, and the names of shop and staff, out of a text: the longest first, as one may stand in another."""

    words: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, what: Bundle) -> Scrubbing:
        """What must not be told of this till; where the books can't be read, the places alone."""
        settings = what.settings
        found = {
            str(settings.data_dir): "<data>",
            str(settings.data_dir.resolve()): "<data>",
            str(Path.home()): "<home>",
        }
        found |= {
            settings.database_url: "<database>",
            settings.backup_recipient: "<key>",
            settings.printer: "<printer>",
        }
        found |= {settings.backup_dir: "<backups>", _host(settings.printer): "<printer>", Path.home().name: "<user>"}
        try:
            found |= _names(what.database)
        except (Refused, Unavailable, DatabaseError) as error:
            _log.info("the bundle is made without the books: %s", type(error).__name__)
        words = [(word, mark) for word, mark in found.items() if len(word) >= _SHORTEST_WORD]
        return cls(tuple(sorted(words, key=lambda pair: -len(pair[0]))))

    def clean(self, text: str) -> str:
        """The text without them."""
        for word, mark in self.words:
            text = text.replace(word, mark)
        return text


def _names(database: Database) -> dict[str, str]:
    with database.read() as session:
        staff = [person.user.name for person in people(session, with_former=True)]
        shop = details_on(session, dt.date.max)
    own = (shop.name, shop.street, shop.town, shop.tax_number, shop.vat_id, shop.phone)
    parts = [part for name in staff for part in name.split()]
    return dict.fromkeys((*staff, *parts), "<person>") | dict.fromkeys(own, "<shop>")


def _host(address: str) -> str:
    return address.partition("://")[2].partition(":")[0] if "://" in address else ""


def _counts(database: Database) -> dict[str, object]:
    found: dict[str, object] = {}
    for name in sorted(Base.metadata.tables):
        try:
            with database.read() as session:
                found[name] = session.execute(select(func.count()).select_from(table_named(name))).scalar_one()
        except (Unavailable, DatabaseError):
            found[name] = _UNREAD
    return found


def _verified(database: Database, told: Told) -> str:
    """The names of the checks and the msgids of what they found; never the values, which may be anybody's."""
    try:
        problems = verify(database, told)
    except (Unavailable, DatabaseError):
        return f"{_UNREAD}\n"
    if not problems:
        return "nothing was found\n"
    counted = Counter((problem.check, problem.finding.msgid) for problem in problems)
    return "".join(f"{count} × {check}: {words}\n" for (check, words), count in sorted(counted.items()))


def _backups(settings: Settings) -> list[dict[str, object]] | str:
    folder = settings.data_dir / (settings.backup_dir or FOLDER)
    try:
        found = [(one, path) for path in folder.iterdir() if (one := dated(path.name)) is not None]
        return [
            {"made": one.made_at.isoformat(), "bytes": path.stat().st_size, "encrypted": path.suffix == SEALED}
            for one, path in sorted(found, key=lambda pair: pair[0])
        ]
    except OSError as error:
        return f"{_UNREAD}: {error.strerror}"


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        return f"{_UNREAD}: {error.strerror}\n"


def _json(told: Any) -> str:
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def _is_there(folder: Path) -> bool:
    try:
        return folder.is_dir()
    except OSError:
        return False


def _free_name(folder: Path, stem: str) -> Path:
    number = 1
    while (path := folder / (f"{stem}-{number}.zip" if number > 1 else f"{stem}.zip")).exists():
        number += 1
    return path
