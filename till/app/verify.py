"""Proves the books from nothing: a list of named checks over everything that is booked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy.exc import DatabaseError

import till.audit.checks
import till.db.checks
import till.documents.checks
import till.fiscal.checks
import till.ledger.checks
import till.shifts.checks
import till.vouchers.checks
from till.db.engine import Database
from till.db.finding import Check, Finding
from till.errors import Refused, Unavailable
from till.i18n import msg
from till.migrations.upgrade import HEAD, check_known, revision

CHECKS: tuple[Check, ...] = (
    *till.db.checks.CHECKS,
    *till.ledger.checks.CHECKS,
    *till.documents.checks.CHECKS,
    *till.fiscal.checks.CHECKS,
    *till.audit.checks.CHECKS,
    *till.shifts.checks.CHECKS,
    *till.vouchers.checks.CHECKS,
)
OTHER_SCHEMA = msg(
    "The database has schema {found}, this version checks {expected}. Bring it up to date: till migrate."
)
# A damaged value may be of another type than its column, and then anything may fail that computes with it.
UNREADABLE = (Unavailable, DatabaseError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError)
Told = Callable[[Check, int, int], None]


@dataclass(frozen=True, slots=True)
class Problem:
    """What a named check found."""

    check: str
    finding: Finding


def check_schema(database: Database) -> None:
    """Refuse a database that this program's checks don't fit: older, newer, or none of Till."""
    found = revision(database)
    check_known(found)
    if found != HEAD:
        raise Refused(OTHER_SCHEMA, found=found or "–", expected=HEAD)


def verify(database: Database, told: Told = lambda _check, _done, _all: None) -> list[Problem]:
    """Run all checks and return what they found; nothing means that the books are proved."""
    return [problem for check in CHECKS for problem in _run(database, check, told)]


def _run(database: Database, check: Check, told: Told) -> Iterator[Problem]:
    """A check that can't even read what it checks has found damage."""
    told(check, 0, 0)
    try:
        with database.read() as session:
            for finding in check.find(session, lambda done, whole: told(check, done, whole)):
                yield Problem(check.name, finding)
    except UNREADABLE as error:
        yield Problem(check.name, Finding(msg("This can’t be read: {reason}"), {"reason": str(error)}))
