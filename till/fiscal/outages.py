"""The log of the TSE's outages: begin, end and reason, kept automatically (AEAO zu § 146a Nr. 1.14.1)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.orm import Session

from till.db.counter import next_number
from till.fiscal.model import Outage
from till.fiscal.models import TseOutageRow
from till.fiscal.recorder import TseFailure

_SERIES = "tse-outage"


class _Event(StrEnum):
    BEGAN = "began"
    ENDED = "ended"


def outage_began(session: Session, outage: Outage) -> Outage:
    """Note that the TSE does not sign since `outage.since`; an outage that goes on already is kept and returned."""
    current = current_outage(session, outage.till_id)
    if current is not None:
        return current
    _append(session, _Event.BEGAN, outage, outage.since)
    return dataclasses.replace(outage, until=None)


def outage_ended(session: Session, till_id: str, at: dt.datetime) -> Outage | None:
    """Note that the TSE signs again; returns the outage that is over, None if there was none."""
    current = current_outage(session, till_id)
    if current is None:
        return None
    _append(session, _Event.ENDED, current, at)
    return dataclasses.replace(current, until=at)


def current_outage(session: Session, till_id: str) -> Outage | None:
    """The outage that goes on, if there is one."""
    newest = _EVENTS.where(TseOutageRow.till_id == till_id).order_by(TseOutageRow.number.desc()).limit(1)
    row = session.execute(newest).first()
    return None if row is None or row.event == _Event.ENDED else _outage(row)


def outages(session: Session, till_id: str) -> tuple[Outage, ...]:
    """All outages of a till from the first on; the last may go on."""
    found: list[Outage] = []
    for row in session.execute(_EVENTS.where(TseOutageRow.till_id == till_id).order_by(TseOutageRow.number)):
        if row.event == _Event.BEGAN:
            found.append(_outage(row))
        else:
            found[-1] = dataclasses.replace(found[-1], until=row.at)
    return tuple(found)


_EVENTS = select(TseOutageRow.__table__)


def _append(session: Session, event: _Event, outage: Outage, at: dt.datetime) -> None:
    session.execute(
        insert(TseOutageRow),
        {
            "till_id": outage.till_id,
            "number": next_number(session, outage.till_id, _SERIES),
            "event": event.value,
            "at": at,
            "failure": outage.failure.value,
            "reason": outage.reason,
        },
    )


def _outage(row: Row[Any]) -> Outage:
    return Outage(row.till_id, TseFailure(row.failure), row.reason, since=row.at)
