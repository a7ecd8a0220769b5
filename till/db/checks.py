"""Checks of the database itself: its file, its links, its triggers."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.orm import Session

from till.db.finding import Check, Finding, Progress
from till.db.protect import expected_triggers, found_triggers
from till.i18n import msg

_MOST = 100


def integrity(session: Session, _progress: Progress) -> Iterator[Finding]:
    """SQLite's own full check of pages, indexes and links; PostgreSQL keeps checksums by itself."""
    if session.get_bind().dialect.name != "sqlite":
        return
    for row in session.execute(text(f"PRAGMA integrity_check({_MOST})")):
        if row[0] != "ok":
            yield Finding(msg("The database file is damaged: {reason}"), {"reason": row[0]})
    for row in session.execute(text("PRAGMA foreign_key_check")):
        yield Finding(msg("A row of {table} points to a missing row of {parent}."), {"table": row[0], "parent": row[2]})


def quick(session: Session, progress: Progress) -> Iterator[Finding]:
    """SQLite's quick check: pages and rows, without what stands in the indexes.

    It reads the whole file, a second and more for each gigabyte: table by table, so that it can be broken off between.
    """
    if session.get_bind().dialect.name != "sqlite":
        return
    tables = session.scalars(text("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rootpage")).all()
    for i, table in enumerate(("sqlite_schema", *tables)):
        progress(i, len(tables) + 1)
        for row in session.execute(text(f"PRAGMA quick_check('{table}')")):
            if row[0] != "ok":
                yield Finding(msg("The database file is damaged: {reason}"), {"reason": row[0]})


def triggers(session: Session, _progress: Progress) -> Iterator[Finding]:
    """The triggers that refuse changes are there, unchanged and switched on."""
    connection = session.connection()
    expected = {trigger.name: trigger for trigger in expected_triggers(connection.dialect.name)}
    found = {trigger.name: trigger for trigger in found_triggers(connection)}
    for name in sorted(expected.keys() | found.keys()):
        if name not in found:
            yield Finding(msg("The protection {name} is missing or switched off."), {"name": name})
        elif name not in expected:
            yield Finding(msg("The trigger {name} is none of Till’s."), {"name": name})
        elif expected[name] != found[name]:
            yield Finding(msg("The protection {name} was changed."), {"name": name})


CHECKS = (
    Check("integrity", msg("database file"), integrity),
    Check("triggers", msg("protection against changes"), triggers),
)
