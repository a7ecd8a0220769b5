"""The locks of vouchers: one for the value of each, and one for the numbers of each type (architecture 4, Locks)."""

from __future__ import annotations

import uuid

from till.db.locks import Lock, LockKind


def voucher_lock(voucher_id: uuid.UUID) -> Lock:
    """The lock under which a voucher's value is read and moved."""
    return Lock(LockKind.VOUCHER, str(voucher_id))


def number_lock(type_id: uuid.UUID) -> Lock:
    """The lock of a type's number range."""
    return Lock(LockKind.NUMBER_RANGE, f"voucher-type {type_id}")
