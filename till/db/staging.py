"""A file beside the books in which an import is made ready, so that memory stays flat and the books are touched once, at the end."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from till.db.cipher import FileKey
from till.db.engine import open_file


class StagingFile:
    """An open staging file. Nothing in it outlives the import, so nothing waits for the disk."""

    def __init__(self, path: Path, key: FileKey | None, schema: str) -> None:
        """A new file in the place of an older one, for its owner only; encrypted where the books are."""
        self.path = path
        self._own = contextlib.ExitStack()
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        self.connection = self._own.enter_context(open_file(path, key, read_only=False))
        self._own.callback(path.unlink, missing_ok=True)
        self.connection.execute("PRAGMA journal_mode=OFF").fetchall()
        self.connection.execute("PRAGMA synchronous=OFF")
        self.connection.executescript(schema)

    def query(self, statement: str, values: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a statement, as they are asked for."""
        yield from self.connection.execute(statement, values)

    def insert(self, **tables: Sequence[tuple[object, ...]]) -> None:
        """Add whole rows to tables of the file."""
        self.connection.execute("BEGIN")
        for table, rows in tables.items():
            if rows:
                marks = ", ".join("?" * len(rows[0]))
                self.connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 - own names
        self.connection.execute("COMMIT")  # the file's own, no unit of work of the books

    def close(self) -> None:
        """Delete the file; closing twice is closing once."""
        self._own.close()


def ids_in_order() -> Callable[[], uuid.UUID]:
    """Makes ids in ascending order: an index grows at its end only, which is many times as fast."""
    high = uuid.uuid4().int >> 64
    low = iter(range(uuid.uuid4().int & 0x3FFF_FFFF_FFFF_FFFF, 1 << 64))
    return lambda: uuid.UUID(int=high << 64 | next(low))
