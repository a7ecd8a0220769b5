"""The hash chain of a till: each record's digest tied to the one before, so that tampering shows."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from till.ledger.models import ChainRow
from till.money import Money
from till.quantity import Quantity

FORMAT_VERSION = 1
START = ""

Record = Mapping[str, object]


class RecordKind(StrEnum):
    """What a link of the chain covers (architecture 4, Chain)."""

    DOCUMENT = "document"
    ENTRY = "entry"
    AUDIT = "audit"
    SIGNATURE = "signature"
    CLOSING = "closing"
    SHIFT = "shift"
    TSE = "tse"
    OUTAGE = "outage"
    VOUCHER_EVENT = "voucher-event"


@dataclass(frozen=True, slots=True)
class Link:
    """A stored link: position in its till's chain, what it covers, and its hashes."""

    position: int
    kind: RecordKind
    record_id: str
    content: str
    previous: str
    hash: str
    format_version: int = FORMAT_VERSION


def digest(record: Record) -> str:
    """SHA-256 of the canonical JSON of a record: sorted keys, no blanks, money as cents, instants in UTC."""
    return hashlib.sha256(canonical(record).encode()).hexdigest()


def canonical(record: Record) -> str:
    """The canonical JSON of a record; the same on every database and machine."""
    return _encoded(record)


def digest_of_many(record: Record, key: str, items: Iterable[object]) -> str:
    """As `digest` of the record with the list of `items` under `key`; they are gone through once and never kept."""
    head, tail = canonical({**record, key: []}).split(f'"{key}":[', 1)
    found = hashlib.sha256(f'{head}"{key}":['.encode())
    for place, item in enumerate(items):
        found.update(f"{',' if place else ''}{_encoded(item)}".encode())
    found.update(tail.encode())
    return found.hexdigest()


def extend(session: Session, till_id: str, kind: RecordKind, record_id: str, record: Record) -> str:
    """Add a link for `record` to the chain of `till_id` and return its hash. The caller holds the till's lock."""
    return extend_by_digest(session, till_id, kind, record_id, digest(record))


def extend_by_digest(session: Session, till_id: str, kind: RecordKind, record_id: str, content: str) -> str:
    """As `extend`, for a record whose digest is known already."""
    connection = session.connection()
    last = connection.execute(_LAST, {"till_id": till_id}).first()
    position, previous = (last.position + 1, last.hash) if last else (1, START)
    link = Link(position, kind, record_id, content, previous, "")
    sealed = expected_hash(link)
    connection.execute(
        _ADD,
        {
            "till_id": till_id,
            "position": position,
            "kind": kind.value,
            "record_id": record_id,
            "format_version": link.format_version,
            "content": link.content,
            "previous": previous,
            "hash": sealed,
        },
    )
    return sealed


def head(session: Session, till_id: str) -> str:
    """The hash of the newest link; the empty text before the first."""
    last = session.execute(_LAST, {"till_id": till_id}).first()
    return last.hash if last else START


def links(session: Session, till_id: str, first: int = 1) -> Iterator[Link]:
    """The links of a till from position `first` on, in order, read in portions."""
    rows = session.execute(
        select(ChainRow.__table__)
        .where(ChainRow.till_id == till_id, ChainRow.position >= first)
        .order_by(ChainRow.position),
        execution_options={"yield_per": 1000},
    )
    for row in rows:
        kind = RecordKind(row.kind)
        yield Link(row.position, kind, row.record_id, row.content, row.previous, row.hash, row.format_version)


def last_position(session: Session, till_id: str, kind: RecordKind) -> int | None:
    """Where the newest link of this kind stands in a till's chain; None when there is none."""
    return session.execute(
        select(ChainRow.position)
        .where(ChainRow.till_id == till_id, ChainRow.kind == kind.value)
        .order_by(ChainRow.position.desc())
        .limit(1)
    ).scalar_one_or_none()


def position_of(session: Session, kind: RecordKind, record_id: str) -> int | None:
    """Where the link of a record stands in its till's chain; None when it has none."""
    return session.execute(
        select(ChainRow.position).where(ChainRow.kind == kind.value, ChainRow.record_id == record_id)
    ).scalar_one_or_none()


def contents(session: Session, kind: RecordKind) -> dict[str, str]:
    """The digests of all records of this kind by their id: for kinds of which there are few."""
    rows = session.execute(select(ChainRow.record_id, ChainRow.content).where(ChainRow.kind == kind.value))
    return {row.record_id: row.content for row in rows}


def tills(session: Session) -> list[str]:
    """The tills that have a chain."""
    return list(session.scalars(select(ChainRow.till_id).distinct().order_by(ChainRow.till_id)))


def expected_hash(link: Link) -> str:
    """The hash that a link should carry given its own columns."""
    covered = (link.previous, link.position, link.kind.value, link.record_id, link.format_version, link.content)
    return hashlib.sha256("\n".join(map(str, covered)).encode()).hexdigest()


_LAST = (
    select(ChainRow.position, ChainRow.hash)
    .where(ChainRow.till_id == bindparam("till_id"))
    .order_by(ChainRow.position.desc())
    .limit(1)
)
_ADD = insert(ChainRow)


def _plain(value: object) -> object:
    match value:
        case Money():
            return value.cents
        case Quantity():
            return value.thousandths
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
        case dt.date():
            return value.isoformat()
        case uuid.UUID():
            return str(value)
        case _:
            raise TypeError(f"no canonical form for {type(value).__name__}")


_encoded = json.JSONEncoder(default=_plain, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
