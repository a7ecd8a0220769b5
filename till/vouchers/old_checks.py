"""What `verify` asks of old vouchers: each import still is what its note in the audit trail says."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from till.audit.models import AuditRow
from till.audit.trail import Action
from till.db.finding import Check, Finding, Progress
from till.i18n import msg
from till.vouchers.model import VoucherOrigin
from till.vouchers.models import VoucherRow
from till.vouchers.sealed import Covered, covering

_AT_ONCE = 1000


def imports(session: Session, progress: Progress) -> Iterator[Finding]:
    """The vouchers of each import are all there, unchanged, and there are none that came in without a note."""
    notes = session.execute(
        select(AuditRow.subject, AuditRow.after, AuditRow.at).where(AuditRow.action == Action.VOUCHERS_IMPORTED.value)
    ).all()
    noted = set()
    for place, note in enumerate(notes):
        progress(place, len(notes))
        noted.add(note.subject)
        if not _is_whole(session, note.subject, note.after):
            yield Finding(msg("The old vouchers that were brought in on {date} were changed."), {"date": note.at})
    came = select(VoucherRow.entry_id).where(VoucherRow.origin == VoucherOrigin.OLD.value).distinct()
    for entry_id in session.scalars(came):
        if str(entry_id) not in noted:
            yield Finding(msg("Old vouchers came in by entry {entry}, which nobody noted."), {"entry": entry_id})


def _is_whole(session: Session, entry_id: str, note: str) -> bool:
    try:
        covered, wanted = Covered.from_text(note), uuid.UUID(entry_id)
    except (ValueError, LookupError, TypeError):
        return False
    rows = session.execute(
        select(VoucherRow.__table__).where(VoucherRow.entry_id == wanted).order_by(VoucherRow.id),
        execution_options={"yield_per": _AT_ONCE},
    )
    return covering(covered.source, rows) == covered


CHECKS = (Check("vouchers-old", msg("old vouchers"), imports),)
