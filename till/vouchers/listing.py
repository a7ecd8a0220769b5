"""The numbers of a voucher type as the office lists them: page by page behind the last one, however many there are (V40)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from till.money import Money
from till.vouchers.model import Voucher, VoucherEventKind, VoucherOrigin, VoucherState
from till.vouchers.models import VoucherEventRow, VoucherRow
from till.vouchers.numbers import matching
from till.vouchers.standing import voucher_of_row
from till.vouchers.standings import Known, redeemed_of, with_events

PAGE = 100
SEARCHED = 20_000
"""So many vouchers are looked through at once for what stands in their rows: a portion ends soon enough to be cancelled."""
JUDGED = 1_000
"""So many at once have their state computed from what is booked."""
_MOST_WORDS = 10
_MOST_TYPED = 80


class Order(StrEnum):
    """In which order the numbers are listed; each has an index that keeps it fast."""

    NEWEST = "newest"
    OLDEST = "oldest"
    NUMBER_UP = "number-up"
    NUMBER_DOWN = "number-down"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which vouchers: of a type, with all typed words in number or text, in one state (None: any), old ones only or all."""

    type_id: uuid.UUID
    text: str = ""
    state: VoucherState | None = None
    only_old: bool = False
    order: Order = Order.NEWEST


@dataclass(frozen=True, slots=True)
class Place:
    """Where a portion ended: the next one begins behind it."""

    issued_at: dt.datetime
    number_key: str


@dataclass(frozen=True, slots=True)
class NumberLine:
    """A line of the list: the voucher, its state, and what became of its value.

    `redeemed` holds corrections downwards too (V41); what went onto a new number or back with the sale is not redeemed.
    """

    voucher: Voucher
    state: VoucherState
    redeemed: Money
    remaining: Money

    @property
    def is_old(self) -> bool:
        """Whether it is from before this till (V52)."""
        return self.voucher.origin is VoucherOrigin.OLD


@dataclass(frozen=True, slots=True)
class Portion:
    """What was found among the next vouchers, and where that ended; None: there are no more. At most `looked_at` were read."""

    lines: tuple[NumberLine, ...]
    after: Place | None
    looked_at: int


def portion(session: Session, wanted: Wanted, today: dt.date, after: Place | None = None) -> Portion:
    """Look through the next vouchers of a type; without text and state each is a hit, so that is one page.

    A number that is typed whole comes first, wherever it stands.
    """
    behind = [VoucherRow.type_id == wanted.type_id, *_behind(wanted.order, after)]
    end = _end(session, wanted, behind)
    bounds = behind if end is None else [*behind, _until(wanted.order, end)]
    hits = (
        _VOUCHERS.where(*bounds, *_conditions(wanted), *_state_shows(wanted.state, today))
        .order_by(*_ordered(wanted.order))
        .limit(_most(wanted))
    )
    rows: Sequence[Any] = session.execute(hits).all()
    if len(rows) == _most(wanted) < _size(wanted):
        end = Place(rows[-1].issued_at, rows[-1].number_key)
    if after is None:
        rows = [*_exactly(session, wanted), *rows]
    lines = _lines(session, [voucher_of_row(row) for row in rows], today)
    if wanted.state is not None:
        lines = [line for line in lines if line.state is wanted.state]
    return Portion(tuple(lines), end, _size(wanted))


_ONLY_BY_POSTINGS = frozenset({VoucherState.ACTIVE, VoucherState.USED})
"""Of these there are many, and only what is booked tells them; every other state shows in the rows first."""
_BY_EVENT = {
    VoucherState.BLOCKED: VoucherEventKind.BLOCKED,
    VoucherState.REPLACED: VoucherEventKind.REPLACED,
    VoucherState.CANCELLED: VoucherEventKind.CANCELLED,
    VoucherState.CONVERTED: VoucherEventKind.CONVERTED,
}


def _size(wanted: Wanted) -> int:
    if wanted.state in _ONLY_BY_POSTINGS:
        return JUDGED
    is_narrowed = wanted.text.strip() or wanted.only_old or wanted.state is not None
    return SEARCHED if is_narrowed else PAGE


def _most(wanted: Wanted) -> int:
    """So many hits end a portion: no list takes 20,000 lines at once."""
    return JUDGED if wanted.state is not None else PAGE


def _end(session: Session, wanted: Wanted, behind: Sequence[ColumnElement[bool]]) -> Place | None:
    """The last voucher of this portion if there are more behind it; read from the index alone."""
    keys = select(VoucherRow.issued_at, VoucherRow.number_key).where(*behind).order_by(*_ordered(wanted.order))
    rows = session.execute(keys.offset(_size(wanted) - 1).limit(2)).all()
    return Place(rows[0].issued_at, rows[0].number_key) if len(rows) > 1 else None


def _key(order: Order, place: Place | None = None) -> Any:
    """What the order sorts by: the columns, or their values at a place."""
    at: Any = literal(place.issued_at, VoucherRow.issued_at.type) if place else VoucherRow.issued_at
    number: Any = literal(place.number_key, VoucherRow.number_key.type) if place else VoucherRow.number_key
    return tuple_(at, number) if order in (Order.NEWEST, Order.OLDEST) else number


def _is_descending(order: Order) -> bool:
    return order in (Order.NEWEST, Order.NUMBER_DOWN)


def _behind(order: Order, after: Place | None) -> list[ColumnElement[bool]]:
    if after is None:
        return []
    key, place = _key(order), _key(order, after)
    return [key < place if _is_descending(order) else key > place]


def _until(order: Order, end: Place) -> ColumnElement[bool]:
    key, place = _key(order), _key(order, end)
    found: ColumnElement[bool] = key >= place if _is_descending(order) else key <= place
    return found


def _ordered(order: Order) -> list[ColumnElement[Any]]:
    by_time = order in (Order.NEWEST, Order.OLDEST)
    columns: list[Any] = [VoucherRow.issued_at, VoucherRow.number_key] if by_time else [VoucherRow.number_key]
    return [column.desc() if _is_descending(order) else column.asc() for column in columns]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [VoucherRow.origin == VoucherOrigin.OLD.value] if wanted.only_old else []
    words = _printable(wanted.text[:_MOST_TYPED]).split()[:_MOST_WORDS]
    for word in words:
        in_number = VoucherRow.number_key.like(_pattern(matching(word)), escape="\\")
        found.append(or_(in_number, VoucherRow.text.ilike(_pattern(word), escape="\\")))
    if words:
        found.append(VoucherRow.number_key != matching(_printable(wanted.text)))
    return found


def _printable(typed: str) -> str:
    """No number and no word holds what can't be printed, and no database takes all of it."""
    return "".join(letter if letter.isprintable() else " " for letter in typed)


def _state_shows(state: VoucherState | None, today: dt.date) -> list[ColumnElement[bool]]:
    """What the rows of every voucher in this state have, so that few are left whose postings must be asked."""
    match state:
        case VoucherState.EXPIRED:
            return [VoucherRow.valid_until < today]
        case VoucherState.NOT_YET_VALID:
            return [VoucherRow.valid_from > today]
        case VoucherState.PENDING:
            return [VoucherRow.receivable_id.is_not(None)]
        case None | VoucherState.ACTIVE | VoucherState.USED:
            return []
        case _:
            happened = select(VoucherEventRow.id).where(VoucherEventRow.voucher_id == VoucherRow.id)
            return [happened.where(VoucherEventRow.kind == _BY_EVENT[state].value).exists()]


def _exactly(session: Session, wanted: Wanted) -> Sequence[Any]:
    key = matching(_printable(wanted.text))
    if not key:
        return ()
    exact = [VoucherRow.type_id == wanted.type_id, VoucherRow.number_key == key]
    if wanted.only_old:
        exact.append(VoucherRow.origin == VoucherOrigin.OLD.value)
    return session.execute(_VOUCHERS.where(*exact)).all()


def _pattern(word: str) -> str:
    """Any letter stands for one outside ASCII, whose capitals not every database knows."""
    spelled = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{''.join(letter if letter.isascii() else '_' for letter in spelled)}%"


def _lines(session: Session, found: Sequence[Voucher], today: dt.date) -> list[NumberLine]:
    return [line_of(known) for known in with_events(session, found, today)]


def line_of(known: Known) -> NumberLine:
    """The line of a voucher as it stands."""
    now = known.standing
    return NumberLine(now.voucher, now.state, redeemed_of(known), now.remaining)


_VOUCHERS = select(VoucherRow.__table__)
