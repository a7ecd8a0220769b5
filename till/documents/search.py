"""Finds documents by what is known of them, newest first; each statement goes by an index, however large the file is (T9)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select, true, tuple_
from sqlalchemy.orm import Session

from till.business_case import BonTyp
from till.db.counter import CounterRow
from till.documents import wanted
from till.documents.model import DocumentKind
from till.documents.models import DocumentRow, LineRow
from till.money import Money

FEW_LINES = 1000
"""Up to so many lines of an article their documents are looked up one by one; beyond, documents are gone through by time."""

_ORDER = (DocumentRow.ended_at, DocumentRow.till_id, DocumentRow.number)
_HEADS = select(
    DocumentRow.id,
    DocumentRow.till_id,
    DocumentRow.number,
    DocumentRow.kind,
    DocumentRow.bon_typ,
    DocumentRow.ended_at,
    DocumentRow.user_name,
    DocumentRow.total,
)


@dataclass(frozen=True, slots=True)
class Head:
    """What a list shows of a document; its place in the list is given by time, till and number."""

    id: uuid.UUID
    till_id: str
    number: int
    kind: DocumentKind
    bon_typ: BonTyp
    ended_at: dt.datetime
    user_name: str
    total: Money


def newest(
    session: Session, criteria: Sequence[wanted.Criterion], after: Head | None = None, limit: int = 50
) -> list[Head]:
    """The next documents behind `after` that meet all criteria, newest first."""
    found = _HEADS.where(*_conditions(session, criteria))
    if after is not None:
        found = found.where(tuple_(*_ORDER) < tuple_(after.ended_at, after.till_id, after.number))
        # Said once more by itself: only this is a bound of an index on every database.
        found = found.where(DocumentRow.ended_at <= after.ended_at)
    found = found.order_by(*(column.desc() for column in _ORDER)).limit(limit)
    return [_head(row) for row in session.execute(found)]


def counted(session: Session, criteria: Sequence[wanted.Criterion], most: int) -> int:
    """How many documents meet all criteria; counting ends at `most`, so that a large file makes nobody wait."""
    found = select(DocumentRow.id).where(*_conditions(session, criteria)).limit(most)
    return session.execute(select(func.count()).select_from(found.subquery())).scalar_one()


def leads(session: Session, criterion: wanted.Criterion) -> bool:
    """Whether an index leads to the documents of this criterion alone; others need days to look through."""
    match criterion:
        case wanted.Numbered() | wanted.Worth() | wanted.WithVouchers() | wanted.Ended():
            return True
        case wanted.WithArticles(numbers):
            return _are_few(session, numbers)
        case _:
            return False


def tills(session: Session) -> list[str]:
    """The tills that have ever given out a number."""
    return list(session.scalars(select(CounterRow.till_id).distinct().order_by(CounterRow.till_id)))


def _conditions(session: Session, criteria: Sequence[wanted.Criterion]) -> list[ColumnElement[bool]]:
    return [
        _with_articles(session, criterion)
        if isinstance(criterion, wanted.WithArticles)
        else _CONDITIONS[type(criterion)](criterion)
        for criterion in criteria
    ] or [true()]


def _with_articles(session: Session, criterion: wanted.WithArticles) -> ColumnElement[bool]:
    lines = select(LineRow.document_id).where(_is_of(criterion.numbers))
    if _are_few(session, criterion.numbers):
        return DocumentRow.id.in_(lines)
    return lines.where(LineRow.document_id == DocumentRow.id).exists()


def _are_few(session: Session, numbers: Sequence[str]) -> bool:
    some = select(LineRow.position).where(_is_of(numbers)).limit(FEW_LINES + 1).subquery()
    return session.execute(select(func.count()).select_from(some)).scalar_one() <= FEW_LINES


def _is_of(numbers: Sequence[str]) -> ColumnElement[bool]:
    """The index holds lines with an article number only, and is used where a statement says so too."""
    return LineRow.article_number.in_(list(numbers)) & (LineRow.article_number != "")


def _with_vouchers(criterion: wanted.WithVouchers) -> ColumnElement[bool]:
    return DocumentRow.id.in_(select(LineRow.document_id).where(LineRow.voucher_id.in_(criterion.ids)))


def _saying(criterion: wanted.Saying) -> ColumnElement[bool]:
    lines = select(LineRow.document_id).where(LineRow.document_id == DocumentRow.id)
    return lines.where(*(LineRow.text.ilike(_pattern(word), escape="\\") for word in criterion.words)).exists()


def _pattern(word: str) -> str:
    """Any letter stands for one outside ASCII, whose capitals not every database knows."""
    spelled = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{''.join(letter if letter.isascii() else '_' for letter in spelled)}%"


_CONDITIONS: dict[type, Callable[[Any], ColumnElement[bool]]] = {
    wanted.Numbered: lambda c: (DocumentRow.number == c.number) & DocumentRow.till_id.in_(select(CounterRow.till_id)),
    wanted.Ended: lambda c: (DocumentRow.ended_at >= c.first) & (DocumentRow.ended_at < c.before),
    wanted.Worth: lambda c: DocumentRow.total == c.total,
    wanted.WithVouchers: _with_vouchers,
    wanted.Saying: _saying,
    wanted.BookedBy: lambda c: DocumentRow.user_id == c.user_id,
    wanted.AtTill: lambda c: DocumentRow.till_id == c.till_id,
    wanted.OfKinds: lambda c: DocumentRow.kind.in_([kind.value for kind in c.kinds]),
}
"""A new criterion is a class in `wanted` and a row here, and a case in `leads` where an index leads to it."""


def _head(row: Any) -> Head:
    return Head(
        id=row.id,
        till_id=row.till_id,
        number=row.number,
        kind=DocumentKind(row.kind),
        bon_typ=BonTyp(row.bon_typ),
        ended_at=row.ended_at,
        user_name=row.user_name,
        total=row.total,
    )
