"""Brings old vouchers into the books: their rows, one entry against the opening account, and a note of the whole (V52, V53)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Table, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from till.audit import trail
from till.db.context import Context
from till.db.copying import copy_rows
from till.db.locks import Lock, LockKind, hold
from till.errors import Refused
from till.i18n import msg
from till.ledger import chain, journal
from till.ledger.entry import Entry
from till.ledger.large import LargeEntry, append_copied, append_selected
from till.vouchers.bookings import opened
from till.vouchers.issue import insert_row
from till.vouchers.locks import number_lock
from till.vouchers.model import Voucher
from till.vouchers.models import VoucherRow
from till.vouchers.numbers import matching
from till.vouchers.old_staging import LEGS, VOUCHER_COLUMNS, VOUCHERS, OldStaging
from till.vouchers.sealed import Covered, covering

ATTACHED = "staged"
REASON = "old-vouchers"
BY_HAND = "by hand"
CHANGED_MEANWHILE = msg(
    "Vouchers with these numbers were sold or brought in since the table was checked. Check it again; nothing was brought in."
)
THERE_ALREADY = msg("There is a voucher {number} of this type already, since {date}. Nothing was brought in.")
_NAMES = ", ".join(VOUCHER_COLUMNS)
_VOUCHERS: Table = VoucherRow.__table__  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Opening:
    """An import that is ready: its entry, what the chain keeps of that, what the note says, and the types it touches."""

    entry: LargeEntry
    digest: str
    covered: Covered
    type_ids: frozenset[uuid.UUID]


def ready(context: Context, staging: OldStaging, covered: Covered, entry_id: uuid.UUID) -> Opening:
    """Get ready what takes long before anybody has to wait for it."""
    staging.sort()
    legs = next(staging.query("SELECT count(*) FROM staged_leg"))[0]
    kinds = staging.query("SELECT DISTINCT type_id FROM staged_voucher")
    entry = _entry(context, entry_id, legs)
    return Opening(entry, entry.digest(staging.legs()), covered, frozenset(uuid.UUID(one) for (one,) in kinds))


def bring_in_attached(session: Session, context: Context, opening: Opening) -> None:
    """On SQLite, with the staging file attached as ATTACHED: one statement for each table, so that a sale hardly waits.

    Raises Refused, and the unit of work must be given up, when one of the numbers was taken since the check.
    """
    staged = VOUCHERS.format(file=f"{ATTACHED}.")
    try:
        session.execute(text(f"INSERT INTO main.voucher ({_NAMES}) {staged}"))
    except IntegrityError as error:
        raise Refused(CHANGED_MEANWHILE) from error
    append_selected(session, opening.entry, LEGS.format(file=f"{ATTACHED}."))
    _note(session, context, opening)


def bring_in_copied(session: Session, context: Context, opening: Opening, staging: OldStaging) -> None:
    """On a server: the entry first, which nobody waits for; then, with the numbers locked, the vouchers.

    Raises Refused as `bring_in_attached` does.
    """
    append_copied(session, opening.entry, staging.legs())
    _lock(session, context, opening.type_ids)
    try:
        copy_rows(session, _VOUCHERS, VOUCHER_COLUMNS, staging.vouchers())
    except IntegrityError as error:
        raise Refused(CHANGED_MEANWHILE) from error
    _note(session, context, opening)


def bring_in(session: Session, context: Context, voucher: Voucher) -> None:
    """Bring in one old voucher. Refused when its type has one with this number."""
    _lock(session, context, {voucher.type_id})
    there = session.execute(
        select(VoucherRow.issued_at).where(
            VoucherRow.type_id == voucher.type_id, VoucherRow.number_key == matching(voucher.number)
        )
    ).scalar_one_or_none()
    if there is not None:
        raise Refused(THERE_ALREADY, number=voucher.number, date=there)
    entry_id = voucher.entry_id
    if entry_id is None:
        raise ValueError(voucher.number)
    insert_row(session, voucher)
    postings = opened(voucher)
    head = _entry(context, entry_id, len(postings))
    entry = Entry(
        head.id,
        head.reason,
        None,
        head.booked_at,
        head.business_date,
        head.till_id,
        head.shift_id,
        head.user_id,
        postings,
    )
    journal.append(session, entry)
    covered = covering(BY_HAND, [voucher])
    _note(session, context, Opening(head, chain.digest(journal.record_of(entry)), covered, frozenset()))


def _entry(context: Context, entry_id: uuid.UUID, legs: int) -> LargeEntry:
    return LargeEntry(
        entry_id,
        REASON,
        context.now,
        context.business_date,
        context.till_id,
        context.shift_id,
        context.user_id,
        legs,
    )


def _lock(session: Session, context: Context, type_ids: Iterable[uuid.UUID]) -> None:
    hold(session, [Lock(LockKind.TILL, context.till_id), *map(number_lock, type_ids)])


def _note(session: Session, context: Context, opening: Opening) -> None:
    """Tie the entry and what came with it to the chain."""
    entry_id = str(opening.entry.id)
    hold(session, [Lock(LockKind.TILL, context.till_id)])
    chain.extend_by_digest(session, context.till_id, chain.RecordKind.ENTRY, entry_id, opening.digest)
    trail.note(session, context, trail.Action.VOUCHERS_IMPORTED, entry_id, after=opening.covered.as_text())
