"""A PostgreSQL server of its own for a benchmark, with its usual settings: it waits for the disk at each commit."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CONNECTIONS = 100


def has_server() -> bool:
    """Whether PostgreSQL is installed."""
    return _binaries() is not None


@contextmanager
def running_server() -> Iterator[str]:
    """The address of a fresh server as SQLAlchemy wants it; stopped and deleted afterwards.

    It lies outside of the checkout, whose folders the server's own user may not be allowed to enter.
    """
    folder = Path(tempfile.mkdtemp(prefix="till-bench-", dir="/var/tmp"))
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user, user)
    try:
        _run(folder, user, "initdb", "-U", "till", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-k {folder} -c listen_addresses='' -c max_connections={CONNECTIONS}"
        _run(folder, user, "pg_ctl", "-w", "-l", f"{folder}/log", "-o", options, "start")
        try:
            yield f"postgresql+psycopg://till@/postgres?host={folder}"
        finally:
            _run(folder, user, "pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path | None:
    known = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), default=None)
    found = shutil.which("initdb")
    return known or (Path(found).parent if found else None)


def _run(folder: Path, user: str | None, program: str, *arguments: str) -> None:
    binaries = _binaries()
    assert binaries is not None
    subprocess.run(  # noqa: S603 - the server's own programs
        [f"{binaries}/{program}", "-D", f"{folder}/data", *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={**os.environ, "HOME": str(folder), "LC_ALL": "C.UTF-8"},
        user=user,
        group=user,
        extra_groups=[] if user else None,
    )
