"""Parked baskets: sales that wait under a name until they are recalled, paid for, or thrown away (T5)."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Row, delete, false, func, insert, or_, select, true, update
from sqlalchemy.orm import Session

from till.documents.model import Reference
from till.documents.reason import on_one_line
from till.errors import Refused
from till.i18n import msg
from till.ledger.chain import canonical
from till.money import Money
from till.sales.models import ParkedBasketRow
from till.sales.saved import SavedSale, from_json, to_json

MAX_NAME = 40
MOST_PARKED = 50
GONE = msg("This basket is no longer parked here. It was recalled or discarded meanwhile.")
_FOREIGN = msg(
    "This basket was parked by another version of the program and can’t be opened. Discard it and scan the goods again."
)


@dataclass(frozen=True, slots=True)
class Parked:
    """A parked basket as the list shows it; without a `name` of its own it is called by its time and total.

    `is_running`: the transaction at the TSE that it began is still open at the till that parked it. `is_training`: it was
    parked in training, and can be recalled only there.
    """

    order_id: uuid.UUID
    till_id: str
    name: str
    cashier: str
    parked_at: dt.datetime
    total: Money
    line_count: int
    is_running: bool
    is_training: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """A parked basket with all that it takes to go on; `list_prices` are by the ids of their lines."""

    parked: Parked
    sale: SavedSale
    list_prices: Mapping[int, Money]


def park(session: Session, waiting: Waiting) -> None:
    """Keep a basket; refused when as many as the TSE may bear wait at this till already."""
    one = waiting.parked
    mine = select(func.count()).select_from(ParkedBasketRow).where(ParkedBasketRow.till_id == one.till_id)
    if session.execute(mine).scalar_one() >= MOST_PARKED:
        raise Refused(msg("{most} baskets are parked already. Recall or discard one first."), most=MOST_PARKED)
    prices = {str(line_id): price.cents for line_id, price in waiting.list_prices.items()}
    row = {
        "order_id": one.order_id,
        "till_id": one.till_id,
        "name": checked_name(one.name),
        "cashier": one.cashier,
        "parked_at": one.parked_at,
        "total": one.total,
        "line_count": one.line_count,
        "is_running": one.is_running,
        "is_training": one.is_training,
        "list_prices": canonical(prices),
        "body": to_json(waiting.sale),
    }
    session.execute(insert(ParkedBasketRow), row)


def listed(session: Session, till_id: str, *, is_training: bool = False) -> tuple[Parked, ...]:
    """What can be recalled at this till in this mode, the oldest first."""
    rows = session.execute(
        _ROWS.where(_within_reach(till_id, is_training)).order_by(ParkedBasketRow.parked_at, ParkedBasketRow.order_id)
    )
    return tuple(_parked(row) for row in rows)


def is_practised(session: Session, order_id: uuid.UUID) -> bool | None:
    """Whether this order was parked in training; None when it is not parked."""
    found = select(ParkedBasketRow.is_training).where(ParkedBasketRow.order_id == order_id)
    return session.execute(found).scalar_one_or_none()


def holds(session: Session, order_id: uuid.UUID) -> bool:
    """Whether this order is parked, at whichever till."""
    return (
        session.execute(select(ParkedBasketRow.order_id).where(ParkedBasketRow.order_id == order_id)).first()
        is not None
    )


def take(session: Session, till_id: str, order_id: uuid.UUID, *, is_training: bool = False) -> Waiting:
    """Take a basket out; of two tills at once only one gets it. Refused when it is gone or can't be read."""
    row = _taken_row(session, order_id, _within_reach(till_id, is_training))
    sale = _sale(row)
    if sale is None:
        raise Refused(_FOREIGN)
    prices = {int(line_id): Money(cents) for line_id, cents in json.loads(row.list_prices).items()}
    return Waiting(_parked(row), sale, prices)


def throw_out(
    session: Session, till_id: str, order_id: uuid.UUID, *, is_training: bool = False
) -> tuple[Parked, SavedSale | None]:
    """Take a basket out for good; without its sale when another version wrote it. Refused when it is gone."""
    row = _taken_row(session, order_id, _within_reach(till_id, is_training))
    return _parked(row), _sale(row)


def _taken_row(session: Session, order_id: uuid.UUID, reach: ColumnElement[bool]) -> Row[tuple[ParkedBasketRow]]:
    """Delete a row and return what it was; PostgreSQL lets the second of two deleters find nothing."""
    wanted = (ParkedBasketRow.order_id == order_id) & reach
    row = session.execute(_ROWS.where(wanted)).first()
    if row is None or not session.connection().execute(delete(ParkedBasketRow).where(wanted)).rowcount:
        raise Refused(GONE)
    return row


def rename(session: Session, till_id: str, order_id: uuid.UUID, name: str, *, is_training: bool = False) -> None:
    """Call a basket something else; an empty name brings time and total back."""
    wanted = (ParkedBasketRow.order_id == order_id) & _within_reach(till_id, is_training)
    changed = update(ParkedBasketRow).where(wanted).values(name=checked_name(name))
    if not session.connection().execute(changed).rowcount:
        raise Refused(GONE)


def running(session: Session, till_id: str) -> tuple[tuple[Parked, SavedSale | None], ...]:
    """This till's baskets whose transaction is still open, the oldest first; without a sale that can't be read."""
    mine = (ParkedBasketRow.till_id == till_id) & ParkedBasketRow.is_running
    rows = session.execute(_ROWS.where(mine).order_by(ParkedBasketRow.parked_at, ParkedBasketRow.order_id))
    return tuple((_parked(row), _sale(row)) for row in rows)


def note_ended(session: Session, order_id: uuid.UUID, reference: Reference) -> None:
    """The transaction of a parked basket is over; recalled, it names `reference`. One that is not parked is passed over."""
    row = session.execute(_ROWS.where(ParkedBasketRow.order_id == order_id)).first()
    if row is None:
        return
    values: dict[str, object] = {"is_running": False}
    sale = _sale(row)
    if sale is not None and reference.document_id not in {known.document_id for known in sale.references}:
        values["body"] = to_json(replace(sale, references=(*sale.references, reference)))
    session.execute(update(ParkedBasketRow).where(ParkedBasketRow.order_id == order_id).values(values))


def forget_running(session: Session, till_id: str) -> None:
    """At a start: no transaction of an earlier run goes on, whether the TSE could be asked about it or not."""
    session.execute(update(ParkedBasketRow).where(ParkedBasketRow.till_id == till_id).values(is_running=False))


def checked_name(name: str) -> str:
    """A name as it is kept: one line, at most 40 characters; refused when it is longer."""
    shown = on_one_line(name)
    if len(shown) > MAX_NAME:
        raise Refused(msg("A name has at most {most} characters."), most=MAX_NAME)
    return shown


_ROWS = select(ParkedBasketRow.__table__)


def _within_reach(till_id: str, is_training: bool) -> ColumnElement[bool]:  # noqa: FBT001 - its callers name it
    """Its own, and those of other tills whose transaction is over: nobody else could end it. Never those of the other mode."""
    same_mode = ParkedBasketRow.is_training == (true() if is_training else false())
    return same_mode & or_(ParkedBasketRow.till_id == till_id, ParkedBasketRow.is_running != true())


def _sale(row: Row[tuple[ParkedBasketRow]]) -> SavedSale | None:
    try:
        return from_json(row.body)
    except (ValueError, LookupError, TypeError):
        return None


def _parked(row: Row[tuple[ParkedBasketRow]]) -> Parked:
    return Parked(
        order_id=row.order_id,
        till_id=row.till_id,
        name=row.name,
        cashier=row.cashier,
        parked_at=row.parked_at,
        total=row.total,
        line_count=row.line_count,
        is_running=row.is_running,
        is_training=row.is_training,
    )
