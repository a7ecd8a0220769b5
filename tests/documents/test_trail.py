"""The audit trail: rows by till and action, each in the chain."""

from __future__ import annotations

from dataclasses import replace

from till.audit import trail
from till.db.context import Context
from till.db.engine import Database
from till.ledger import chain


def test_what_was_done_is_noted_with_before_and_after(database: Database, context: Context) -> None:
    with database.write() as session:
        trail.note(session, context, trail.Action.SETTING_CHANGED, "language", before="de", after="en")
        trail.note(session, context, trail.Action.DRAWER_OPENED, "document 1")
        trail.note(session, replace(context, till_id="KASSE-2"), trail.Action.REPRINTED, "document 2")
    with database.read() as session:
        noted = trail.entries(session, "KASSE-1")
        (changed,) = trail.entries(session, "KASSE-1", trail.Action.SETTING_CHANGED)
        links = list(chain.links(session, "KASSE-1"))
    assert {entry.action for entry in noted} == {trail.Action.SETTING_CHANGED, trail.Action.DRAWER_OPENED}
    assert (changed.user_name, changed.at, changed.before, changed.after) == ("Marie Klein", context.now, "de", "en")
    assert {link.record_id for link in links} == {str(entry.id) for entry in noted}
