"""What tables of old vouchers brought in: the note of each import, and its vouchers a portion at a time (V53)."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from till.audit.models import AuditRow
from till.audit.trail import Action
from till.vouchers.model import Voucher
from till.vouchers.models import VoucherRow
from till.vouchers.sealed import Covered
from till.vouchers.standing import voucher_of_row


@dataclass(frozen=True, slots=True)
class NotedImport:
    """An import by its entry of the ledger: when it was, and what its note covers."""

    entry_id: uuid.UUID
    at: dt.datetime
    covered: Covered


def noted_imports(session: Session) -> list[NotedImport]:
    """All of them, the latest first; those of one voucher by hand too."""
    notes = select(AuditRow.subject, AuditRow.at, AuditRow.after)
    notes = notes.where(AuditRow.action == Action.VOUCHERS_IMPORTED.value).order_by(AuditRow.at.desc())
    return [NotedImport(uuid.UUID(row.subject), row.at, Covered.from_text(row.after)) for row in session.execute(notes)]


def vouchers_of(session: Session, entry_id: uuid.UUID, after: uuid.UUID | None, most: int) -> list[Voucher]:
    """The next vouchers of an import behind the one with the id `after`, in the order of their ids; None: the first ones."""
    query = select(VoucherRow.__table__).where(VoucherRow.entry_id == entry_id)
    if after is not None:
        query = query.where(VoucherRow.id > after)
    return [voucher_of_row(row) for row in session.execute(query.order_by(VoucherRow.id).limit(most))]
