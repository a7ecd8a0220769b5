"""What runs here: versions, TSE, printer, books and disk, for the office's page and for who is asked to help."""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import importlib.metadata
import platform
import shutil
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from till import __version__
from till.app.books import books_file, database_of
from till.app.needs import needs
from till.app.support import Bundle, write_bundle
from till.app.upkeep import VERIFIED
from till.app.verify import CHECKS, Problem, Told, verify
from till.app.watch import Watch
from till.app.workplace import NULL_PRINTER, Workplace
from till.db.engine import Database, sqlite_module
from till.db.finding import Check
from till.errors import Unavailable
from till.fiscal.recorder import TseDetails
from till.formats import Formats
from till.i18n import msg
from till.migrations.upgrade import revision
from till.settings import Settings
from till.staff.permission import Permission

_MB = 1_000_000


class Chapter(StrEnum):
    """What a fact is about; the words are its heading."""

    PROGRAM = msg("Program")
    BOOKS = msg("Books")
    DEVICES = msg("TSE and printer")


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: `label` is a msgid, `value` stands as it is. `is_private`: a path, address or serial number, which is nobody else's business."""

    chapter: Chapter
    label: str
    value: str
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class Licence:
    """A part of the program that others have written."""

    name: str
    licence: str


SHIPPED = (
    Licence("Noto Sans, Noto Sans Mono", "SIL Open Font License 1.1"),
    Licence("Tabler Icons", "MIT"),
    Licence("Python", "PSF-2.0"),
)
_LIBRARIES = (
    ("PySide6-Essentials", "LGPL-3.0"),
    ("SQLAlchemy", "MIT"),
    ("alembic", "MIT"),
    ("argon2-cffi", "MIT"),
    ("asn1crypto", "MIT"),
    ("babel", "BSD-3-Clause"),
    ("cryptography", "Apache-2.0 OR BSD-3-Clause"),
    ("filelock", "MIT"),
    ("keyring", "MIT"),
    ("openpyxl", "MIT"),
    ("pillow", "MIT-CMU"),
    ("platformdirs", "MIT"),
    ("psycopg", "LGPL-3.0"),
    ("pyrage", "MIT"),
    ("pysqlite3", "Zlib"),
    ("python-barcode", "MIT"),
    ("python-escpos", "MIT"),
    ("reportlab", "BSD-3-Clause"),
    ("segno", "BSD-3-Clause"),
    ("tomli-w", "MIT"),
    ("tzdata", "Apache-2.0"),
)


def licences() -> tuple[Licence, ...]:
    """What is shipped or used, with the version of what is installed."""
    libraries = [Licence(f"{name} {version}", licence) for name, licence in _LIBRARIES if (version := _version(name))]
    return (*SHIPPED, *libraries)


def facts(settings: Settings, database: Database, formats: Formats) -> tuple[Fact, ...]:
    """What can be told without a till that runs. What can't be read is a dash."""
    return (*_program(database), *_books(settings, database, formats))


def device_facts(settings: Settings, tse: TseDetails, formats: Formats) -> tuple[Fact, ...]:
    """The TSE and the printer."""
    t, chapter = formats.translator, Chapter.DEVICES
    ends = certificate_end(tse.identity.certificate)
    kind = t("Test, not certified") if tse.is_test else tse.certification or t("certified")
    printer = t("none") if settings.printer == NULL_PRINTER else settings.printer_profile
    return (
        Fact(chapter, msg("TSE"), f"{tse.model} ({kind})"),
        Fact(chapter, msg("Serial number of the TSE"), tse.identity.serial, is_private=True),
        Fact(chapter, msg("Its certificate ends"), formats.date(ends) if ends else "–"),
        Fact(chapter, msg("Receipt printer"), printer),
        Fact(chapter, msg("Address of the printer"), settings.printer, is_private=True),
    )


def certificate_end(certificate: str | None) -> dt.datetime | None:
    """Until when the certificate (DER in base64) counts; None where there is none, or none that can be read."""
    if not certificate:
        return None
    from cryptography import x509

    try:
        return x509.load_der_x509_certificate(base64.b64decode(certificate)).not_valid_after_utc
    except ValueError:
        return None


class AboutDesk:
    """What runs here, the books proved at once, and the bundle for who helps. Its calls are for a worker's thread."""

    def __init__(self, workplace: Workplace, tse: TseDetails) -> None:
        self._workplace = workplace
        self._tse = tse

    def facts(self, formats: Formats) -> tuple[Fact, ...]:
        """All facts, for a reader of these formats."""
        settings = self._workplace.settings
        own = facts(settings, self._workplace.database, formats)
        return (*own, *device_facts(settings, self._tse, formats))

    @needs(Permission.SHOP_SETTINGS)
    def verify_now(self, watch: Watch) -> list[Problem]:
        """Prove all books; what is found, nothing if all is right. `watch` is told how many checks are done."""
        problems = verify(self._workplace.database, told_to(watch))
        if not problems:
            note_verified(self._workplace.settings, self._workplace.clock.now())
        return problems

    @needs(Permission.SHOP_SETTINGS)
    def bundle(self, folder: Path, watch: Watch) -> Path:
        """Write the bundle for who helps into this folder; returns its file."""
        workplace = self._workplace
        formats = Formats(workplace.receipt_formats().translator)
        told = self.facts(formats)
        what = Bundle(workplace.settings, workplace.database, workplace.clock.now(), lines_of(told))
        return write_bundle(what, folder, told_to(watch))


def bundle_of(settings: Settings, formats: Formats, where: tuple[Path, dt.datetime], told: Told) -> Path:
    """The bundle without a till that runs, for a folder and an instant."""
    folder, now = where
    with contextlib.closing(database_of(settings)) as database:
        return write_bundle(Bundle(settings, database, now, lines_of(facts(settings, database, formats))), folder, told)


def told_to(watch: Watch) -> Told:
    """Tells a watch which of all checks is under way; raises Refused when it is to end."""
    places = {check.name: place for place, check in enumerate(CHECKS)}

    def told(check: Check, _done: int, _all: int) -> None:
        watch.told(places.get(check.name, 0))

    return told


def note_verified(settings: Settings, now: dt.datetime) -> None:
    """Remember that all books were proved without a finding; the weekly proof counts from here."""
    file = settings.data_dir / VERIFIED
    file.touch(mode=0o600)
    file.write_text(now.isoformat(timespec="seconds") + "\n", encoding="utf-8")


def lines_of(told: tuple[Fact, ...]) -> tuple[str, ...]:
    """The facts as lines for somebody else's eyes."""
    return tuple(f"{fact.label}: {fact.value}" for fact in told if not fact.is_private)


def _program(database: Database) -> tuple[Fact, ...]:
    chapter = Chapter.PROGRAM
    return (
        Fact(chapter, msg("Version of Till"), __version__),
        Fact(chapter, msg("Python"), platform.python_version()),
        Fact(chapter, msg("Qt"), _version("PySide6-Essentials") or "–"),
        Fact(chapter, msg("SQLAlchemy"), _version("SQLAlchemy") or "–"),
        Fact(chapter, msg("SQLite"), str(sqlite_module().sqlite_version)),
        Fact(chapter, msg("PostgreSQL server"), "–" if database.is_sqlite else _server(database)),
        Fact(chapter, msg("System"), _system()),
    )


def _books(settings: Settings, database: Database, formats: Formats) -> tuple[Fact, ...]:
    chapter, file = Chapter.BOOKS, books_file(settings)
    size = sum(path.stat().st_size for path in _files(file)) if file else 0
    return (
        Fact(chapter, msg("Schema"), _schema(database)),
        Fact(chapter, msg("Size of the books"), _shown_size(size) if size else "–"),
        Fact(chapter, msg("Room on the disk"), _shown_size(_free(settings.data_dir))),
        Fact(chapter, msg("All books proved"), _last_proof(settings, formats)),
        Fact(chapter, msg("Data folder"), str(settings.data_dir), is_private=True),
        Fact(chapter, msg("Database"), settings.database_url, is_private=True),
    )


def _system() -> str:
    """The system as its maker names it."""
    try:
        named = platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        named = f"{platform.system()} {platform.release()}"
    return f"{named}, {platform.machine()}"


def _schema(database: Database) -> str:
    """The schema's version; damaged books have none."""
    try:
        return revision(database) or "–"
    except (Unavailable, DatabaseError):
        return "–"


def _files(file: Path) -> list[Path]:
    return [path for suffix in ("", "-wal") if (path := file.with_name(file.name + suffix)).exists()]


def _shown_size(size: int) -> str:
    return f"{max(1, round(size / _MB))} MB"


def _free(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0


def _last_proof(settings: Settings, formats: Formats) -> str:
    try:
        at = dt.datetime.fromisoformat((settings.data_dir / VERIFIED).read_text(encoding="utf-8").strip())
        return f"{formats.date(at)} {formats.time(at)}"
    except (OSError, ValueError):
        return "–"


def _server(database: Database) -> str:
    try:
        with database.read() as session:
            return str(session.execute(text("SHOW server_version")).scalar_one())
    except (Unavailable, DatabaseError):
        return "–"


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""
