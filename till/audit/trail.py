"""Writes and reads the audit trail (GoBD Rz. 107: changes are logged before and after)."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from till.audit.models import AuditRow
from till.db.context import Context
from till.db.locks import Lock, LockKind, hold
from till.ledger import chain
from till.ledger.models import ChainRow
from till.money import Money

_PORTION = 500


class Action(StrEnum):
    """What can stand in the audit trail."""

    CLOCK_WENT_BACK = "clock-went-back"
    DRAWER_OPENED = "drawer-opened"
    TSE_OUTAGE_BEGAN = "tse-outage-began"
    TSE_OUTAGE_ENDED = "tse-outage-ended"
    REPRINTED = "reprinted"
    PRINT_ANSWERED = "print-answered"
    SETTING_CHANGED = "setting-changed"
    DRAWER_COUNTED = "drawer-counted"
    LINE_REMOVED = "line-removed"
    RESTORED = "restored"
    USER_CHANGED = "user-changed"
    ROLE_CHANGED = "role-changed"
    PIN_CHANGED = "pin-changed"
    CARD_CHANGED = "card-changed"
    PIN_WRONG = "pin-wrong"
    USER_UNLOCKED = "user-unlocked"
    APPROVED = "approved"
    APPROVAL_USED = "approval-used"
    ARTICLES_IMPORTED = "articles-imported"
    ARTICLE_CHANGED = "article-changed"
    CATEGORY_CHANGED = "category-changed"
    TILES_CHANGED = "tiles-changed"
    TRAINING_BEGAN = "training-began"
    TRAINING_ENDED = "training-ended"
    SHOP_CHANGED = "shop-changed"
    VAT_RATES_CHANGED = "vat-rates-changed"
    TENDERS_CHANGED = "tenders-changed"
    VOUCHER_TYPE_CHANGED = "voucher-type-changed"
    VOUCHER_RULES_CHANGED = "voucher-rules-changed"
    VOUCHERS_IMPORTED = "vouchers-imported"
    VOUCHER_BLOCKED = "voucher-blocked"
    VOUCHER_UNBLOCKED = "voucher-unblocked"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One row of the trail."""

    id: uuid.UUID
    at: dt.datetime
    user_name: str
    action: Action
    subject: str
    before: str
    after: str


def note(session: Session, context: Context, action: Action, subject: str, **change: str) -> None:
    """Add a row; `before` and `after` may be given as texts. Takes the till's lock, as it extends its chain."""
    hold(session, [Lock(LockKind.TILL, context.till_id)])
    row = {
        "id": uuid.uuid4(),
        "till_id": context.till_id,
        "at": context.now,
        "user_id": context.user_id,
        "user_name": context.user_name,
        "action": action.value,
        "subject": subject,
        "before": change.get("before", ""),
        "after": change.get("after", ""),
    }
    session.execute(insert(AuditRow), row)
    chain.extend(session, context.till_id, chain.RecordKind.AUDIT, str(row["id"]), row)


def amounts_between(session: Session, till_id: str, action: Action, positions: tuple[int, int]) -> tuple[Money, ...]:
    """The amounts that rows of an action carry as `before`, of those whose links stand between two positions of the chain."""
    linked = select(ChainRow.record_id).where(
        ChainRow.till_id == till_id,
        ChainRow.kind == chain.RecordKind.AUDIT.value,
        ChainRow.position.between(*positions),
    )
    ids = [uuid.UUID(record_id) for record_id in session.scalars(linked)]
    rows: list[str] = []
    for first in range(0, len(ids), _PORTION):
        wanted = AuditRow.id.in_(ids[first : first + _PORTION])
        rows += session.scalars(select(AuditRow.before).where(AuditRow.action == action.value, wanted))
    return tuple(Money(int(text.replace(".", ""))) for text in rows)


def record_of(session: Session, audit_id: uuid.UUID) -> chain.Record | None:
    """A stored row as the chain covers it; None when it is missing."""
    row = session.execute(select(AuditRow.__table__).where(AuditRow.id == audit_id)).first()
    return None if row is None else dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


def entries(session: Session, till_id: str, action: Action | None = None) -> list[AuditEntry]:
    """The trail of a till, oldest first."""
    query = select(AuditRow.__table__).where(AuditRow.till_id == till_id).order_by(AuditRow.at)
    if action is not None:
        query = query.where(AuditRow.action == action.value)
    return [
        AuditEntry(row.id, row.at, row.user_name, Action(row.action), row.subject, row.before, row.after)
        for row in session.execute(query)
    ]


def entries_about(session: Session, action: Action, subject: str) -> list[AuditEntry]:
    """What was done to one thing at all tills, the latest first."""
    query = select(AuditRow.__table__).where(AuditRow.action == action.value, AuditRow.subject == subject)
    return [
        AuditEntry(row.id, row.at, row.user_name, action, row.subject, row.before, row.after)
        for row in session.execute(query.order_by(AuditRow.at.desc()))
    ]
