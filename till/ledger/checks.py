"""What `verify` asks of the ledger and the chain."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from till.db.finding import Check, Finding, Progress
from till.i18n import msg
from till.ledger import chain, large
from till.ledger.account import MEMO_PAIRS
from till.ledger.models import ChainRow, EntryRow, PostingRow
from till.money import ZERO


def balanced(session: Session, _progress: Progress) -> Iterator[Finding]:
    """Every entry has all its legs, sums to zero, and so do its memo pairs; no posting is without an entry."""
    sums = (
        select(
            PostingRow.entry_id,
            func.count().label("legs"),
            func.max(PostingRow.position).label("last"),
            func.sum(PostingRow.amount).label("sum"),
        )
        .group_by(PostingRow.entry_id)
        .subquery()
    )
    wrong = or_(
        sums.c.entry_id.is_(None),
        EntryRow.id.is_(None),
        sums.c.legs != EntryRow.legs,
        sums.c.last != EntryRow.legs - 1,
        sums.c.sum != ZERO,
    )
    rows = session.execute(
        select(EntryRow.id, sums.c.entry_id).join(sums, sums.c.entry_id == EntryRow.id, full=True).where(wrong)
    )
    for row in rows:
        yield Finding(msg("Entry {entry} is not whole or does not balance."), {"entry": row.id or row.entry_id})
    for pair in MEMO_PAIRS:
        yield from _open_memo(session, pair[0].value, pair[1].value)


def _open_memo(session: Session, account: str, contra: str) -> Iterator[Finding]:
    rows = session.execute(
        select(PostingRow.entry_id)
        .where(PostingRow.account.in_((account, contra)))
        .group_by(PostingRow.entry_id)
        .having(func.sum(PostingRow.amount) != ZERO)
    )
    for row in rows:
        yield Finding(msg("The memo accounts of entry {entry} do not balance."), {"entry": row.entry_id})


def linked(session: Session, progress: Progress) -> Iterator[Finding]:
    """Each till's chain has no gap, and each link carries the hash that follows from the one before."""
    whole = session.execute(select(func.count()).select_from(ChainRow)).scalar_one()
    done = 0
    for till_id in chain.tills(session):
        position, previous = 0, chain.START
        for link in chain.links(session, till_id):
            yield from _unfit(till_id, link, position, previous)
            position, previous = link.position, link.hash
            done += 1
            if done % 1000 == 0:
                progress(done, whole)


def linked_since(session: Session, till_id: str, first: int) -> Iterator[Finding]:
    """As `linked`, for one till and from the link at position `first` on, whose forerunner is taken on trust."""
    links = chain.links(session, till_id, first)
    begin = next(links, None)
    if begin is None:
        return
    yield from _unfit(till_id, begin, first - 1, begin.previous if first > 1 else chain.START)
    position, previous = begin.position, begin.hash
    for link in links:
        yield from _unfit(till_id, link, position, previous)
        position, previous = link.position, link.hash


def _unfit(till_id: str, link: chain.Link, position: int, previous: str) -> Iterator[Finding]:
    """What is wrong with a link after the one at `position` with the hash `previous`."""
    where = {"till": till_id, "n": link.position}
    if link.position != position + 1:
        yield Finding(msg("The chain of till {till} has a gap before link {n}."), where)
    if link.previous != previous or link.hash != chain.expected_hash(link):
        yield Finding(msg("Link {n} of till {till} does not fit the one before."), where)


def alone(session: Session, _progress: Progress) -> Iterator[Finding]:
    """An entry of no document is in the chain by itself, unchanged; none is gone."""
    is_entry = ChainRow.kind == chain.RecordKind.ENTRY.value
    known = {
        row.record_id: row.content
        for row in session.execute(select(ChainRow.record_id, ChainRow.content).where(is_entry))
    }
    stored = {str(one.id): one for one in large.heads(session)}
    for entry_id, one in stored.items():
        if entry_id not in known:
            yield Finding(msg("Entry {entry} belongs to no document and is not in the chain."), {"entry": entry_id})
        elif one.digest(large.legs_of(session, one.id)) != known[entry_id]:
            yield Finding(msg("Entry {entry} was changed after it was booked."), {"entry": entry_id})
    for entry_id in sorted(known.keys() - stored.keys()):
        yield Finding(msg("Entry {entry} of the chain is gone."), {"entry": entry_id})


CHECKS = (
    Check("entries", msg("entries balance"), balanced),
    Check("entries-alone", msg("entries without a document"), alone),
    Check("chain", msg("chain of records"), linked),
)
