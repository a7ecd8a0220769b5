"""This PC's settings: which till it is, its devices and its looks; kept in `settings.toml` in the data folder."""

from __future__ import annotations

import os
import tomllib
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from till.errors import Refused, Unavailable
from till.i18n import msg

FILE = "settings.toml"
DATABASE = "till.db"
TSE = "soft-tse.db"


@dataclass(frozen=True, slots=True)
class Settings:
    """What differs from PC to PC; what the shop decides stands in the database.

    `till_id` is KASSE_SERIENNR, Z_KASSE_ID and the TSE's client id. `printer` is a device address
    (`tcp://10.0.0.50:9100`, `null:`), `printer_profile` a name of `till.devices.profiles`.
    `density` is the height of touch targets in pixels (48, 56, 64). `decimal_key` False: 1234 means 12,34.
    `scanner_prefix`, `scanner_decoding` ("text" or "us-keys") and `scanner_gap_ms` describe a keyboard wedge.
    `backup_dir` is the folder of the backups; empty: `backups` in the data folder.
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


_IN_FILE = tuple(field.name for field in fields(Settings) if field.name not in {"data_dir", "database_url"})
BAD_FILE = msg("{path} can't be read: {reason}. Correct it or delete it; the till then starts with its usual settings.")


def load(data_dir: Path, *, database_url: str | None = None, till_id: str | None = None) -> Settings:
    """The settings of a data folder, with what the command line said on top. Raises Refused for a broken file."""
    usual = Settings(data_dir, database_url or f"sqlite:///{data_dir / DATABASE}")
    stored = replace(usual, **_read(data_dir / FILE))
    return replace(stored, till_id=till_id) if till_id else stored


def save(settings: Settings) -> None:
    """Write `settings.toml`, whole or not at all."""
    import tomli_w

    path = settings.data_dir / FILE
    fresh = path.with_suffix(".new")
    stored = asdict(settings)
    try:
        fresh.write_text(tomli_w.dumps({name: stored[name] for name in _IN_FILE}), encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        raise Unavailable(msg("The settings could not be saved: {reason}."), reason=error.strerror) from error


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
        stored = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(BAD_FILE, path=str(path), reason=str(error)) from error
    return {name: _typed(path, name, stored[name]) for name in _IN_FILE if name in stored}


def _typed(path: Path, name: str, value: object) -> object:
    expected = {"int": int, "bool": bool, "str": str}[str(next(f.type for f in fields(Settings) if f.name == name))]
    if type(value) is not expected:
        raise Refused(BAD_FILE, path=str(path), reason=f"{name} = {value!r}")
    return value
