"""Tells a disk that takes no more from one that is sick: to SQLite, all but ENOSPC is an error of the disk (80-quality Q3)."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

_NO_ROOM = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}
_PROBE_BYTES = 65_536


def has_room(folder: Path) -> bool:
    """Whether a file in `folder` takes 64 KiB more; False when the disk is full, a quota used up or a limit reached.

    Asked after a write has failed. True for a disk that fails for another reason: room is not what it lacks.
    """
    try:
        with tempfile.TemporaryFile(dir=folder, buffering=0) as probe:
            done = 0
            while done < _PROBE_BYTES:
                done += os.pwrite(probe.fileno(), bytes(_PROBE_BYTES - done), done)
    except OSError as error:
        return error.errno not in _NO_ROOM
    return True
