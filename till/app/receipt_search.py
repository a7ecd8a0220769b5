"""Finds receipts by what somebody types or scans: understood word by word, shown newest first, page by page (T9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from till.app.meaning import Meaning, Meanings, Part
from till.app.needs import needs
from till.app.typed_days import Days
from till.app.watch import Watch
from till.app.workplace import Workplace
from till.business_case import BonTyp
from till.clock import local
from till.documents import search, wanted
from till.documents.model import FOR_CUSTOMERS, DocumentKind
from till.documents.search import Head
from till.formats import Formats
from till.i18n import msg
from till.staff.permission import Permission
from till.staff.users import people
from till.tables.writing import Value, write_table

DAYS_BACK = 90
MOST_COUNTED = 1000
PORTION = 500
_EVER = wanted.Ended(dt.datetime(1970, 1, 1, tzinfo=dt.UTC), dt.datetime(9000, 1, 1, tzinfo=dt.UTC))
"""Says nothing to a person, but leads the database to the index in which the newest come first."""
_ABORTED = frozenset({DocumentKind.ABORTED, DocumentKind.TRAINING_ABORTED})

TODAY = msg("Today")
YESTERDAY = msg("Yesterday")
LAST_DAYS = msg("Last {count} days")
OF_TILL = msg("Till {till}")
OF_CASHIER = msg("Cashier {name}")

KIND_NAMES: dict[DocumentKind, str] = {
    DocumentKind.SALE: msg("Sale"),
    DocumentKind.FREE_RETURN: msg("Return without a receipt"),
    DocumentKind.RETURN: msg("Return"),
    DocumentKind.CANCELLATION: msg("Receipt cancelled"),
    DocumentKind.ABORTED: msg("Aborted sale"),
    DocumentKind.OPENING_FLOAT: msg("Float"),
    DocumentKind.COUNT_DIFFERENCE: msg("Count difference"),
    DocumentKind.CASH_MOVEMENT: msg("Cash in or out"),
    DocumentKind.CASH_REVERSAL: msg("Cash in or out taken back"),
    DocumentKind.CLOSING: msg("Z report"),
    DocumentKind.NO_SALE: msg("Drawer opened"),
    DocumentKind.VOUCHER_CORRECTION: msg("Voucher corrected"),
    DocumentKind.VOUCHER_REPLACEMENT: msg("Voucher replaced"),
    DocumentKind.VOUCHER_CONVERSION: msg("Voucher made into credit"),
    DocumentKind.TRAINING_BEGAN: msg("Training began"),
    DocumentKind.TRAINING_ENDED: msg("Training ended"),
    DocumentKind.TRAINING_SALE: msg("Sale"),
    DocumentKind.TRAINING_ABORTED: msg("Aborted sale"),
}
"""What a list calls each Vorgang."""

TITLES = (
    msg("Number"),
    msg("Date"),
    msg("Time"),
    msg("Till"),
    msg("Kind of receipt"),
    msg("Cashier"),
    msg("Amount"),
    msg("Remark"),
)
TRAINING = msg("TRAINING")
ABORTED = msg("Aborted")


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: all criteria at once; `sales_only` leaves out what moved only cash, and sales thrown away.

    A number finds whatever has it.
    """

    criteria: tuple[wanted.Criterion, ...] = ()
    sales_only: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """One page of receipts, newest first. `count` is at most MOST_COUNTED, which then means “or more”.

    `days` is set where only the last days were looked through, because nothing in the search leads any further by an index.
    """

    heads: tuple[Head, ...]
    count: int
    days: int | None = None

    @property
    def is_more(self) -> bool:
        """Whether there are more than were counted."""
        return self.count >= MOST_COUNTED


class ReceiptSearch:
    """Receipts of all tills in these books. Its calls read only; the long ones are for a worker's thread."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace

    def understand(self, typed: str) -> tuple[Part, ...]:
        """What a typed text may mean, part by part; of each the first meaning is the likeliest."""
        with self._workplace.database.read() as session:
            return self._meanings(session).of_text(typed)

    def understand_scan(self, code: str) -> tuple[Part, ...]:
        """What a scanned code means here. Refused for what no barcode of the shop has."""
        with self._workplace.database.read() as session:
            return self._meanings(session).of_scan(code)

    def usual_days(self) -> tuple[Meaning, ...]:
        """The days that are asked for most, for chips."""
        today = self._workplace.today()
        yesterday = today - dt.timedelta(days=1)
        return (
            Meaning(self._ended(Days(today, today)), TODAY),
            Meaning(self._ended(Days(yesterday, yesterday)), YESTERDAY),
            Meaning(self._ended(Days.back(today, 7)), LAST_DAYS, {"count": 7}),
            Meaning(self._ended(Days.back(today, 31)), LAST_DAYS, {"count": 31}),
        )

    def days_between(self, first: dt.date, last: dt.date) -> wanted.Ended:
        """The criterion for local days, both included, whichever was given first."""
        return self._ended(Days(min(first, last), max(first, last)))

    def tills(self) -> tuple[Meaning, ...]:
        """The tills of these books, for a choice; nothing where there is one only."""
        with self._workplace.database.read() as session:
            found = [till for till in search.tills(session) if till]
        return tuple(Meaning(wanted.AtTill(till), OF_TILL, {"till": till}) for till in found if len(found) > 1)

    def cashiers(self) -> tuple[Meaning, ...]:
        """Who works here or did, for a choice."""
        with self._workplace.database.read() as session:
            users = [person.user for person in people(session, with_former=True)]
        return tuple(Meaning(wanted.BookedBy(user.id), OF_CASHIER, {"name": user.name}) for user in users)

    def find(self, asked: Search, after: Head | None = None, limit: int = 50) -> Found:
        """The next receipts behind `after`."""
        with self._workplace.database.read() as session:
            criteria, days = self._bounded(session, asked)
            heads = search.newest(session, criteria, after, limit)
            return Found(tuple(heads), search.counted(session, criteria, MOST_COUNTED), days)

    @needs(Permission.REPORTS)
    def export(self, path: Path, asked: Search, formats: Formats, watch: Watch | None = None) -> int:
        """Write all that is found to a CSV or, by the name's ending, XLSX; how many. Never more than the days searched.

        Raises Unavailable when it can't be written, Refused when cancelled: a file that was there is as it was then.
        """
        titles = [formats.translator(title) for title in TITLES]
        return write_table(path, titles, self._written(asked, formats, watch or Watch()))

    def _written(self, asked: Search, formats: Formats, watch: Watch) -> Iterator[list[Value]]:
        last: Head | None = None
        done = 0
        while True:
            with self._workplace.database.read() as session:
                criteria, _ = self._bounded(session, asked)
                heads = search.newest(session, criteria, last, PORTION)
            if not heads:
                return
            yield from (written(head, formats) for head in heads)
            last, done = heads[-1], done + len(heads)
            watch.told(done)

    def _bounded(self, session: Session, asked: Search) -> tuple[list[wanted.Criterion], int | None]:
        """The criteria, with the last days as one more where no index leads to what is wanted."""
        criteria = list(asked.criteria)
        is_plain = not criteria and asked.sales_only
        if asked.sales_only and not any(isinstance(one, wanted.Numbered) for one in criteria):
            criteria.append(wanted.OfKinds(tuple(sorted(FOR_CUSTOMERS))))
        if is_plain:
            return [*criteria, _EVER], None
        if any(search.leads(session, one) for one in asked.criteria):
            return criteria, None
        return [*criteria, self._ended(Days.back(self._workplace.today(), DAYS_BACK))], DAYS_BACK

    def _meanings(self, session: Session) -> Meanings:
        return Meanings(session, self._workplace.today(), self._ended)

    def _ended(self, days: Days) -> wanted.Ended:
        """Days on the shop's wall clock as instants."""
        zone = ZoneInfo(self._workplace.shop.zone)
        first, last = days.first, days.last + dt.timedelta(days=1)
        return wanted.Ended(dt.datetime.combine(first, dt.time.min, zone), dt.datetime.combine(last, dt.time.min, zone))


def written(head: Head, formats: Formats) -> list[Value]:
    """The cells of a receipt below TITLES."""
    t = formats.translator
    return [
        head.number,
        local(head.ended_at, formats.zone).date(),
        formats.time(head.ended_at),
        head.till_id,
        t(KIND_NAMES[head.kind]),
        head.user_name,
        head.total,
        ", ".join(t(mark) for mark in marks(head)),
    ]


def marks(head: Head) -> tuple[str, ...]:
    """The msgids of what must be said beside a document that is no turnover."""
    training = (TRAINING,) if head.bon_typ is BonTyp.TRAINING else ()
    return (*training, ABORTED) if head.kind in _ABORTED else training
