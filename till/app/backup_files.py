"""Writes files that hold the books: private from the first byte, on the disk before they count, or not there at all."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from till.errors import Unavailable
from till.i18n import msg

SPARE_BYTES = 1 << 20
_PORTION_BYTES = 1 << 20
_JOURNAL = "-journal"
_NO_FOLDER_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EACCES}
NO_SPACE = msg("The backup needs {needed} MB, but {path} has only {free} MB free. Make room there.")


@contextlib.contextmanager
def unfinished(path: Path) -> Iterator[Path]:
    """A new empty file that only its owner may read; what is left of it in the end is deleted."""
    try:
        discard(path)
        path.touch(mode=0o600, exist_ok=False)
        yield path
    finally:
        with contextlib.suppress(OSError):
            discard(path)


def discard(path: Path) -> None:
    """Delete an unfinished file, and the journal of SQLite's that a power cut leaves beside it."""
    path.unlink(missing_ok=True)
    path.with_name(path.name + _JOURNAL).unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Have the file's content on the disk, and have the next reader get what the disk has, not what was in memory."""
    with path.open("rb", buffering=0) as file:
        os.fsync(file.fileno())
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while file.read(_PORTION_BYTES):
            pass  # once from end to end: checks jump about in it, and a stick is slow at that


def move(path: Path, to: Path) -> None:
    """Give the file its final name, and have the name on the disk."""
    path.replace(to)
    sync_folder(to.parent)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk, where its file system can be told so (not on some network shares)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(handle)


def require_room(folder: Path, needed: int, spare: int = SPARE_BYTES) -> None:
    """Raise Unavailable when `needed` bytes don't fit into the folder so that `spare` bytes are left."""
    free = shutil.disk_usage(folder).free
    if free < needed + spare:
        raise Unavailable(NO_SPACE, needed=(needed + spare >> 20) + 1, path=str(folder), free=free >> 20)


def is_on_one_disk(one: Path, other: Path) -> bool:
    """Whether what is written to the one folder takes the room of the other."""
    return one.stat().st_dev == other.stat().st_dev
