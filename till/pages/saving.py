"""Saves a PDF as a whole: a file of the name stays as it is until the new one is on the disk."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from till.errors import Unavailable
from till.i18n import msg

NOT_SAVED = msg("The PDF can't be saved there: {reason}. Choose another place.")


def save_pdf(path: Path, content: bytes) -> None:
    """Write the file; Unavailable in words when the place can't be written."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with contextlib.ExitStack() as stack:
            stack.callback(unfinished.unlink, missing_ok=True)
            with unfinished.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
    except OSError as error:
        raise Unavailable(NOT_SAVED, reason=error.strerror or str(error)) from error
