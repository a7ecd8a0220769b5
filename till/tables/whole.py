"""Files that come to be as a whole or not at all, with the disk's refusals in words."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from till.errors import Unavailable
from till.i18n import msg
from till.tables.guard import named
from till.tables.trouble import reason_of

NOT_WRITTEN = msg("{file} can’t be written: {reason}.")


@contextlib.contextmanager
def written_whole(path: Path, not_written: str = NOT_WRITTEN) -> Iterator[Path]:
    """Gives a name to write to; the file takes the place of `path` once it is on the disk, else nothing is left of it.

    Raises Unavailable with the sentence `not_written`.
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with contextlib.ExitStack() as stack:
            stack.callback(unfinished.unlink, missing_ok=True)
            yield unfinished
            with unfinished.open("rb") as file:
                os.fsync(file.fileno())
            unfinished.replace(path)
    except OSError as error:
        raise Unavailable(not_written, file=named(path), reason=reason_of(error)) from error
