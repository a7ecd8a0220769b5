"""The log of the TSE's outages: begin, end and reason, kept automatically (AEAO zu § 146a Nr. 1.14.1)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.orm import Session

from till.db.counter import next_number
from till.db.locks import Lock, LockKind, hold
from till.fiscal.model import Outage
from till.fiscal.models import TseOutageRow
from till.fiscal.recorder import TseFailure
from till.ledger import chain

SERIES = "tse-outage"


class Event(StrEnum):
    """An outage begins or is over."""

    BEGAN = "began"
    ENDED = "ended"


def outage_began(session: Session, outage: Outage) -> Outage:
    """Note that the TSE does not sign since `outage.since`; an outage that goes on already is kept and returned."""
    hold(session, [Lock(LockKind.TILL, outage.till_id)])
    current = current_outage(session, outage.till_id)
    if current is not None:
        return current
    _append(session, Event.BEGAN, outage, outage.since)
    return dataclasses.replace(outage, until=None)


def outage_ended(session: Session, till_id: str, at: dt.datetime) -> Outage | None:
    """Note that the TSE signs again; returns the outage that is over, None if there was none."""
    current = current_outage(session, till_id)
    if current is None:
        return None
    hold(session, [Lock(LockKind.TILL, till_id)])
    _append(session, Event.ENDED, current, at)
    return dataclasses.replace(current, until=at)


def signed(session: Session, till_id: str, log_time: dt.datetime) -> None:
    """A TSE that signs has no outage: one that began before the signature is over. `log_time` is the TSE's."""
    current = current_outage(session, till_id)
    if current is not None and current.since <= log_time:
        outage_ended(session, till_id, log_time)


def noted(session: Session, outage: Outage) -> Outage:
    """The outage in which a document was made, with the begin that the log has for it from now on.

    A document belongs to an outage by its begin, never by comparing times: a clock may go back in between.
    """
    newest = latest_outage(session, outage.till_id)
    if newest is None or not _holds(newest, outage.since):
        newest = outage_began(session, outage)
    return dataclasses.replace(outage, since=newest.since)


def _holds(outage: Outage, instant: dt.datetime) -> bool:
    """Whether the outage goes on, began at that instant or went on then."""
    return outage.until is None or instant == outage.since or outage.since <= instant <= outage.until


def current_outage(session: Session, till_id: str) -> Outage | None:
    """The outage that goes on, if there is one."""
    newest = latest_outage(session, till_id)
    return None if newest is None or newest.until is not None else newest


def latest_outage(session: Session, till_id: str) -> Outage | None:
    """The newest outage, whether it goes on or is over; None before the first."""
    newest = _EVENTS.where(TseOutageRow.till_id == till_id).order_by(TseOutageRow.number.desc()).limit(2)
    return next(iter(reversed(_told(reversed(session.execute(newest).all())))), None)


def outages(session: Session, till_id: str) -> tuple[Outage, ...]:
    """All outages of a till from the first on; the last may go on."""
    events = session.execute(_EVENTS.where(TseOutageRow.till_id == till_id).order_by(TseOutageRow.number))
    return tuple(_told(events))


def _told(events: Iterable[Row[Any]]) -> list[Outage]:
    """The outages of which these events tell, in order; an end without its begin is passed over."""
    found: list[Outage] = []
    for event in events:
        if event.event == Event.BEGAN:
            found.append(_outage(event))
        elif found:
            found[-1] = dataclasses.replace(found[-1], until=event.at)
    return found


_EVENTS = select(TseOutageRow.__table__)


def _append(session: Session, event: Event, outage: Outage, at: dt.datetime) -> None:
    number = next_number(session, outage.till_id, SERIES)
    row: dict[str, object] = {
        "till_id": outage.till_id,
        "number": number,
        "event": event.value,
        "at": at,
        "failure": outage.failure.value,
        "reason": outage.reason,
    }
    session.execute(insert(TseOutageRow), row)
    chain.extend(session, outage.till_id, chain.RecordKind.OUTAGE, record_id(outage.till_id, number), row)


def record_id(till_id: str, number: int) -> str:
    """What the chain calls an event of the log."""
    return f"{till_id} {number}"


def _outage(row: Row[Any]) -> Outage:
    return Outage(row.till_id, TseFailure(row.failure), row.reason, since=row.at)
