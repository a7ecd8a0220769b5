"""Proves the books from nothing: a list of named checks over everything that is booked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

import till.audit.checks
import till.db.checks
import till.documents.checks
import till.fiscal.checks
import till.ledger.checks
import till.sales.checks
import till.sales.conversion_checks
import till.sales.free_return_checks
import till.shifts.checks
import till.shifts.training_checks
import till.shop.checks
import till.vouchers.checks
import till.vouchers.event_checks
import till.vouchers.old_checks
from till.db.cipher import OTHER_KEY
from till.db.engine import DAMAGED, DISK_ERROR, Database
from till.db.finding import Check, Finding
from till.errors import Refused, Unavailable
from till.i18n import msg
from till.ledger import chain
from till.migrations.upgrade import HEAD, check_known, revision
from till.shifts import closing

CHECKS: tuple[Check, ...] = (
    *till.db.checks.CHECKS,
    *till.ledger.checks.CHECKS,
    *till.documents.checks.CHECKS,
    *till.fiscal.checks.CHECKS,
    *till.audit.checks.CHECKS,
    *till.shifts.checks.CHECKS,
    *till.shifts.training_checks.CHECKS,
    *till.sales.free_return_checks.CHECKS,
    *till.vouchers.checks.CHECKS,
    *till.sales.checks.CHECKS,
    *till.vouchers.event_checks.CHECKS,
    *till.vouchers.old_checks.CHECKS,
    *till.sales.conversion_checks.CHECKS,
    *till.shop.checks.CHECKS,
)
OTHER_SCHEMA = msg(
    "The database has schema {found}, this version checks {expected}. Bring it up to date: till migrate."
)
# A damaged value may be of another type than its column, and then anything may fail that computes with it.
UNREADABLE = (Unavailable, DatabaseError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError)
Told = Callable[[Check, int, int], None]


@dataclass(frozen=True, slots=True)
class Problem:
    """What a named check found; `is_damage` False: the database was only out of reach."""

    check: str
    finding: Finding
    is_damage: bool = True


def check_schema(database: Database) -> None:
    """Refuse a database that this program's checks don't fit: older, newer, or none of Till."""
    found = revision(database)
    check_known(found)
    if found != HEAD:
        raise Refused(OTHER_SCHEMA, found=found or "–", expected=HEAD)


def verify(database: Database, told: Told = lambda _check, _done, _all: None) -> list[Problem]:
    """Run all checks and return what they found; nothing means that the books are proved."""
    return [problem for check in CHECKS for problem in _run(database, check, told)]


def verify_since_last_z(database: Database, till_id: str) -> list[Problem]:
    """The quick look at each start: chain and documents of this till since its last Z (Q4). As long as a day is."""
    check = Check("since-z", "", lambda session, _progress: _since_last_z(session, till_id))
    return list(_run(database, check, lambda _check, _done, _all: None))


def verify_pages(database: Database, told: Told) -> list[Problem]:
    """The other half of that look: the file's pages (Q4). It grows with the file; `told` is called between portions."""
    return list(_run(database, Check("integrity", "", till.db.checks.quick), told))


def _since_last_z(session: Session, till_id: str) -> Iterator[Finding]:
    z = closing.latest(session, till_id)
    position = chain.last_position(session, till_id, chain.RecordKind.CLOSING)
    yield from till.ledger.checks.linked_since(session, till_id, position or 1)
    yield from till.documents.checks.contents_since(session, till_id, z.last_number if z else 1)


def _run(database: Database, check: Check, told: Told) -> Iterator[Problem]:
    """A check that can't even read what it checks has found damage."""
    told(check, 0, 0)
    try:
        with database.read() as session:
            for finding in check.find(session, lambda done, whole: told(check, done, whole)):
                yield Problem(check.name, finding)
    except UNREADABLE as error:
        is_damage = not isinstance(error, Unavailable) or error.msgid in {DAMAGED, DISK_ERROR, OTHER_KEY}
        yield Problem(check.name, Finding(msg("This can’t be read: {reason}"), {"reason": str(error)}), is_damage)
