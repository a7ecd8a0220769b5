"""The program's log: one rotating file, no names of customers, no secrets, no card numbers."""

from __future__ import annotations

import logging
import logging.handlers
from pathlib import Path

FILE = "till.log"
_SIZE = 2_000_000
_KEPT = 5


def to_file(data_dir: Path) -> None:
    """Write warnings and worse, and what Till itself does, to `till.log` in the data folder."""
    handler = logging.handlers.RotatingFileHandler(
        data_dir / FILE, maxBytes=_SIZE, backupCount=_KEPT, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("till").setLevel(logging.INFO)
