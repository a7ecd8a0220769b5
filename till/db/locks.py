"""Locks in one order for everyone, so that two tills never wait for each other in a circle (architecture 4, Locks).

On SQLite BEGIN IMMEDIATE already is the one lock; on PostgreSQL these are advisory locks that end with
the transaction. FOR UPDATE is not used: the till's role may not update the ledger.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from sqlalchemy import text
from sqlalchemy.orm import Session


class LockKind(IntEnum):
    """What is locked, in the order in which locks are taken."""

    TILL = 1
    VOUCHER = 2
    CUSTOMER = 3
    CARD = 4
    NUMBER_RANGE = 5
    STAFF = 6
    SHOP = 7
    ARTICLES = 8
    DOCUMENT = 9


@dataclass(frozen=True, order=True, slots=True)
class Lock:
    """One thing to hold until the end of the transaction; sorts into the order of locking."""

    kind: LockKind
    name: str

    @property
    def key(self) -> int:
        """A signed 64-bit key, the same on every till."""
        digest = hashlib.sha256(f"{self.kind.value}:{self.name}".encode()).digest()
        return int.from_bytes(digest[:8], "big", signed=True)


def hold(session: Session, locks: Iterable[Lock]) -> None:
    """Take `locks`, each once, in the common order; waits for other transactions that hold one."""
    if session.get_bind().dialect.name != "postgresql":
        return
    connection = session.connection()
    for lock in sorted(set(locks)):
        connection.execute(_TAKE, {"key": lock.key})


_TAKE = text("SELECT pg_advisory_xact_lock(:key)")
