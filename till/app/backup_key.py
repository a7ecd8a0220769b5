"""Begins to encrypt a shop's backups: a new key pair, its secret half given away, its public half in the settings."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from till.app.backup_seal import make_key
from till.errors import Refused, Unavailable
from till.i18n import msg
from till.settings import load, save

HAS_KEY = msg(
    "Backups are encrypted already. To use a new key from now on, add --force; the backups made so far still need "
    "the old key file, so keep it."
)
TOO_NEAR = msg("A key in {path} would lie with what it locks. Choose another place for it, such as a stick of its own.")


def encrypt_from_now_on(data_dir: Path, file: Path, now: dt.datetime, *, force: bool = False) -> None:
    """Write a new secret key to `file` and have backups encrypted for it. No till may run, lest it saves old settings.

    Refused when the file exists, when it would lie with the books or their backups, or when backups are encrypted
    already and `force` is not given. If the settings can't be saved, no key is left behind either.
    """
    settings = load(data_dir)
    if settings.backup_recipient and not force:
        raise Refused(HAS_KEY)
    for folder in (data_dir, data_dir / settings.backup_dir):
        if file.resolve().is_relative_to(folder.resolve()):
            raise Refused(TOO_NEAR, path=str(folder))
    recipient = make_key(file, now)
    try:
        save(replace(settings, backup_recipient=recipient))
    except Unavailable:
        file.unlink(missing_ok=True)
        raise
