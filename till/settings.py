"""This PC's settings: which till it is, its devices and its looks; kept in `settings.toml` in the data folder."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Container
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from till.errors import Refused, Unavailable
from till.formats import shortened
from till.i18n import LANGUAGES, msg

FILE = "settings.toml"
DATABASE = "till.db"
TSE = "soft-tse.db"


@dataclass(frozen=True, slots=True)
class Settings:
    """What differs from PC to PC; what the shop decides stands in the database, what is secret in `till.secret`.

    `database_url` never holds a password; it stands in the file where it isn't the usual one.
    `till_id` is KASSE_SERIENNR, Z_KASSE_ID and the TSE's client id. `printer` is a device address
    (`tcp://10.0.0.50:9100`, `null:`), `printer_profile` a name of `till.devices.profiles`.
    `density` is the height of touch targets in pixels (48, 56, 64). `decimal_key` False: 1234 means 12,34.
    `scanner_prefix`, `scanner_decoding` ("text" or "us-keys") and `scanner_gap_ms` describe a keyboard wedge.
    `backup_dir` is the folder of the backups; empty: `backups` in the data folder. `backup_recipient` is the age public
    key that backups are encrypted for; empty: they are not. `lock_after_s`: seconds without a touch until somebody has to
    sign in again; 0: never. `blind_count`: what should be in the drawer is only told once it was counted.
    `shortcuts` are the keys that were changed (`cash=F7 card=`), `start_category` is the id of the category that the sale
    screen begins with; empty: all.
    """

    data_dir: Path
    database_url: str
    till_id: str = "KASSE-1"
    language: str = "de"
    theme: str = "light"
    density: int = 48
    decimal_key: bool = True
    sounds: bool = True
    printer: str = "null:"
    printer_profile: str = "TM-T20III"
    scanner_prefix: str = ""
    scanner_decoding: str = "us-keys"
    scanner_gap_ms: int = 35
    backup_dir: str = ""
    backup_recipient: str = ""
    lock_after_s: int = 300
    blind_count: bool = False
    shortcuts: str = ""
    start_category: str = ""


_IN_FILE = tuple(field.name for field in fields(Settings) if field.name != "data_dir")
_ADDRESS = "database_url"
_DATABASES = ("sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg")
_MOST_BYTES = 100_000
_MOST_TOLD = 120
_ALLOWED: dict[str, Container[object]] = {
    "language": LANGUAGES,
    "theme": ("light", "dark"),
    "density": (48, 56, 64),
    "scanner_decoding": ("us-keys", "text"),
    "scanner_gap_ms": range(1, 1001),
    "lock_after_s": range(86_401),
}
BAD_FILE = msg("{path} can't be read: {reason}. Correct it or delete it; the till then starts with its usual settings.")

NO_ADDRESS = msg(
    "The address of the database can’t be understood. It looks like this: postgresql+psycopg://till@server/till."
)
PASSWORD_SHOWN = msg(
    "A password must not stand in the address of the database, where others can read it. Take it out and store it with: "
    "till secret set database-password."
)


def load(data_dir: Path, *, database_url: str | None = None, till_id: str | None = None) -> Settings:
    """The settings of a data folder, with what the command line said on top. Raises Refused for a broken file."""
    stored = replace(Settings(data_dir, _usual_url(data_dir)), **_read(data_dir / FILE))
    given: dict[str, Any] = {_ADDRESS: database_url, "till_id": till_id}
    settings = replace(stored, **{name: value for name, value in given.items() if value})
    _check_address(settings.database_url)
    return settings


def save(settings: Settings) -> None:
    """Write `settings.toml`, whole or not at all, readable by its owner only."""
    import tomli_w

    path = settings.data_dir / FILE
    fresh = path.with_suffix(".new")
    stored = asdict(settings)
    if settings.database_url == _usual_url(settings.data_dir):
        del stored[_ADDRESS]
    try:
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=0o600)
        fresh.write_text(tomli_w.dumps({name: stored[name] for name in _IN_FILE if name in stored}), encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        raise Unavailable(msg("The settings could not be saved: {reason}."), reason=error.strerror) from error


def check(settings: Settings) -> None:
    """Refuse a value that the file may not hold, before it is written there."""
    for name in _IN_FILE:
        value = getattr(settings, name)
        if not _may_stand(name, value):
            raise Refused(
                msg("{value} is no setting for “{name}”."), name=name, value=shortened(repr(value), _MOST_TOLD)
            )


def make_data_dir(path: Path) -> None:
    """Create the data folder, readable by its owner only (80-quality X2)."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise Unavailable(
            msg("The data folder {path} can't be made: {reason}."), path=str(path), reason=error.strerror
        ) from error
    if not os.access(path, os.W_OK):
        raise Unavailable(msg("The data folder {path} can't be written. Check its rights."), path=str(path))


def _read(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        stored = tomllib.loads(_text(path))
    except (OSError, ValueError, RecursionError) as error:  # a number of many digits, brackets a thousand deep
        raise Refused(BAD_FILE, path=str(path), reason=shortened(str(error), _MOST_TOLD)) from error
    return {name: _typed(path, name, stored[name]) for name in _IN_FILE if name in stored}


def _text(path: Path) -> str:
    """The file's text; some editors begin it with a byte order mark. ValueError when it is far too long."""
    if path.stat().st_size > _MOST_BYTES:
        raise ValueError(f"> {_MOST_BYTES} bytes")
    return path.read_text(encoding="utf-8-sig")


def _typed(path: Path, name: str, value: object) -> object:
    if not _may_stand(name, value):
        told = name if name == _ADDRESS else f"{name} = {value!r}"
        raise Refused(BAD_FILE, path=str(path), reason=shortened(told, _MOST_TOLD))
    return value


def _may_stand(name: str, value: object) -> bool:
    expected = {"int": int, "bool": bool, "str": str}[str(next(f.type for f in fields(Settings) if f.name == name))]
    is_text_of_controls = isinstance(value, str) and not value.isprintable()
    return type(value) is expected and not is_text_of_controls and value in _ALLOWED.get(name, (value,))


def _usual_url(data_dir: Path) -> str:
    return f"sqlite:///{data_dir / DATABASE}"


def _check_address(address: str) -> None:
    """Refuse what is no database's address, or has a password in it; without repeating it, for it may hold one."""
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise Refused(NO_ADDRESS) from None
    if url.password is not None or "password" in url.query:
        raise Refused(PASSWORD_SHOWN)
    if url.drivername not in _DATABASES:
        raise Refused(NO_ADDRESS)
