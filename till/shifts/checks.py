"""What `verify` asks of the closings: numbers without a gap, sums that equal their receipts."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from till.db.finding import Check, Finding, Progress
from till.i18n import msg
from till.ledger import chain
from till.ledger.models import ChainRow
from till.shifts.closing import closing, record_of, shift_sums
from till.shifts.models import ClosingRow


def closings(session: Session, progress: Progress) -> Iterator[Finding]:
    """Z numbers run without a gap, and each Z still says what its receipts sum to."""
    rows = session.execute(
        select(ClosingRow.id, ClosingRow.till_id, ClosingRow.z_number, ClosingRow.shift_id).order_by(
            ClosingRow.till_id, ClosingRow.z_number
        )
    ).all()
    expected: dict[str, int] = {}
    for i, row in enumerate(rows):
        progress(i, len(rows))
        expected[row.till_id] = expected.get(row.till_id, 0) + 1
        where = {"till": row.till_id, "number": row.z_number}
        if row.z_number != expected[row.till_id]:
            yield Finding(msg("Till {till}: a Z is missing before Z {number}."), where)
            expected[row.till_id] = row.z_number
        z = closing(session, row.id)
        if z is None or (z.cases, z.tenders) != shift_sums(session, row.shift_id):
            yield Finding(msg("Z {number} of till {till} doesn’t equal the sum of its receipts."), where)
        if chain.digest(record_of(session, row.id) or {}) != _known(session, str(row.id)):
            yield Finding(msg("Z {number} of till {till} was changed after it was made."), where)
    linked = session.execute(select(func.count()).where(_IS_CLOSING)).scalar_one()
    if linked > len(rows):
        yield Finding(msg("{count} Z of the chain are gone."), {"count": linked - len(rows)})


def _known(session: Session, record_id: str) -> str | None:
    return session.execute(
        select(ChainRow.content).where(_IS_CLOSING, ChainRow.record_id == record_id)
    ).scalar_one_or_none()


_IS_CLOSING = ChainRow.kind == chain.RecordKind.CLOSING.value

CHECKS = (Check("closings", msg("Z closings"), closings),)
