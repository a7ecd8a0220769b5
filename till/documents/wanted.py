"""What somebody looks for among the documents: criteria as values, all of which a document must meet (T9)."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from till.documents.model import DocumentKind
from till.money import Money


@dataclass(frozen=True, slots=True)
class Numbered:
    """It has this number, at whatever till."""

    number: int


@dataclass(frozen=True, slots=True)
class Ended:
    """It was completed from `first` on and before `before`."""

    first: dt.datetime
    before: dt.datetime


@dataclass(frozen=True, slots=True)
class Worth:
    """Its total is this amount to the cent."""

    total: Money


@dataclass(frozen=True, slots=True)
class WithArticles:
    """One of its lines is an article with one of these numbers, as the articles were numbered then."""

    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WithVouchers:
    """One of its lines sells or redeems one of these vouchers."""

    ids: tuple[uuid.UUID, ...]


@dataclass(frozen=True, slots=True)
class Saying:
    """One of its lines has all of these words in its text, as it was printed."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BookedBy:
    """This user booked it."""

    user_id: str


@dataclass(frozen=True, slots=True)
class AtTill:
    """It is of this till."""

    till_id: str


@dataclass(frozen=True, slots=True)
class OfKinds:
    """It is of one of these kinds."""

    kinds: tuple[DocumentKind, ...]


Criterion = Numbered | Ended | Worth | WithArticles | WithVouchers | Saying | BookedBy | AtTill | OfKinds
