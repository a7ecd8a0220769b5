"""The program's log: one rotating file, no names of customers, no secrets, no card numbers."""

from __future__ import annotations

import logging
import logging.handlers
import re
from io import TextIOWrapper
from pathlib import Path

FILE = "till.log"
_SIZE = 2_000_000
_KEPT = 4  # beside the one that is written: five files, 10 MB at most
_QUOTED = re.compile(
    r"^(DETAIL|CONTEXT):.*?(?=^\[SQL|^The above exception|^During handling|^Traceback|\Z)", re.MULTILINE | re.DOTALL
)
_LEFT_OUT = r"\1: left out\n"


def to_file(data_dir: Path) -> None:
    """Write warnings and worse, and what Till itself does, to `till.log` in the data folder; asked twice, still once."""
    root = logging.getLogger()
    place = str((data_dir / FILE).absolute())
    if any(getattr(handler, "baseFilename", "") == place for handler in root.handlers):
        return
    handler = _PrivateFile(data_dir / FILE, maxBytes=_SIZE, backupCount=_KEPT, encoding="utf-8", delay=True)
    handler.setFormatter(_Discreet("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("till").setLevel(logging.INFO)


class _Discreet(logging.Formatter):
    """Leaves out what a PostgreSQL server quotes of a row: its DETAIL and CONTEXT may hold a customer's words."""

    def format(self, record: logging.LogRecord) -> str:
        """The entry with its traceback, without those lines."""
        return _QUOTED.sub(_LEFT_OUT, super().format(record))


class _PrivateFile(logging.handlers.RotatingFileHandler):
    """A rotating file that only its owner may read (80-quality X2)."""

    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).touch(mode=0o600)
        return super()._open()
