"""The program's log: one rotating file, no names of customers, no secrets, no card numbers."""

from __future__ import annotations

import logging
import logging.handlers
from io import TextIOWrapper
from pathlib import Path

FILE = "till.log"
_SIZE = 2_000_000
_KEPT = 5


def to_file(data_dir: Path) -> None:
    """Write warnings and worse, and what Till itself does, to `till.log` in the data folder; asked twice, still once."""
    root = logging.getLogger()
    place = str((data_dir / FILE).absolute())
    if any(getattr(handler, "baseFilename", "") == place for handler in root.handlers):
        return
    handler = _PrivateFile(data_dir / FILE, maxBytes=_SIZE, backupCount=_KEPT, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("till").setLevel(logging.INFO)


class _PrivateFile(logging.handlers.RotatingFileHandler):
    """A rotating file that only its owner may read (80-quality X2)."""

    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).touch(mode=0o600)
        return super()._open()
