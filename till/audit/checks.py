"""What `verify` asks of the audit trail: every row is in the chain, unchanged, and none is gone."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from till.audit.models import AuditRow
from till.db.finding import Check, Finding, Progress
from till.i18n import msg
from till.ledger import chain
from till.ledger.models import ChainRow


def trail(session: Session, _progress: Progress) -> Iterator[Finding]:
    """Each row still has the digest that the chain keeps of it."""
    is_audit = ChainRow.kind == chain.RecordKind.AUDIT.value
    known = {
        row.record_id: row.content
        for row in session.execute(select(ChainRow.record_id, ChainRow.content).where(is_audit))
    }
    for row in session.execute(select(AuditRow.__table__), execution_options={"yield_per": 500}):
        if known.get(str(row.id)) != chain.digest(dict(row._mapping)):  # noqa: SLF001 - SQLAlchemy's public name
            yield Finding(msg("An audit row of {at} ({action}) was changed."), {"at": row.at, "action": row.action})
    stored = session.execute(select(func.count()).select_from(AuditRow)).scalar_one()
    if stored < len(known):
        yield Finding(msg("{count} audit rows of the chain are gone."), {"count": len(known) - stored})


CHECKS = (Check("audit", msg("audit trail"), trail),)
