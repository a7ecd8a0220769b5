"""Books full of vouchers, and what happens to them, on any business day and on each of both databases."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from sqlalchemy.orm import Session

from till.business_case import VatKey
from till.db.engine import Database
from till.ledger import journal
from till.ledger.account import Account
from till.ledger.entry import Entry, Posting
from till.money import ZERO, Money, total
from till.reports.voucher_liability import VoucherLiability
from till.reports.voucher_sums import AsOf, voucher_liability
from till.vouchers import bookings
from till.vouchers.issue import insert_row
from till.vouchers.model import Numbering, VatTreatment, Voucher, VoucherOrigin, VoucherType
from till.vouchers.types import add_type
from till.vouchers.value import Share

ZONE = "Europe/Berlin"
MULTI, SINGLE, PROMOTION, GIFT = (uuid.UUID(int=n) for n in range(101, 105))
NAMES = {MULTI: "Wertgutschein", SINGLE: "Kurs", PROMOTION: "Aktion 20/30", GIFT: "Geschenk"}
LATER = dt.date(2036, 12, 31)


@dataclass(slots=True)
class Books:
    """Sells vouchers and lets things happen to them; the money for it lies in the drawer."""

    database: Database
    sold: int = 0

    def issue(
        self, type_id: uuid.UUID, sale: int, face: int | None = None, *, day: dt.date, **changes: object
    ) -> Voucher:
        """Sell a voucher at noon of this day."""
        self.sold += 1
        plain = Voucher(
            id=uuid.uuid4(),
            type_id=type_id,
            type_name=NAMES[type_id],
            type_plu=f"9{type_id.int}",
            number=f"N-{self.sold:05}",
            sale=Money(sale),
            face=Money(sale if face is None else face),
            vat_treatment=VatTreatment.SINGLE_PURPOSE if type_id == SINGLE else VatTreatment.MULTI_PURPOSE,
            vat_key=VatKey.GENERAL if type_id == SINGLE else VatKey.NOT_TAXABLE,
            valid_from=day,
            valid_until=LATER,
            issued_at=dt.datetime.combine(day, dt.time(11), dt.UTC),
            issued_till="KASSE-1",
            issued_number=self.sold,
            document_id=uuid.uuid4(),
        )
        voucher = replace(plain, **changes)  # type: ignore[arg-type]
        with self.database.write() as session:
            insert_row(session, voucher)
            if voucher.origin is VoucherOrigin.SOLD:
                self._book(session, day, bookings.issued(voucher), voucher.document_id)
        return voucher

    def replace(self, lost: Voucher, left: int, *, day: dt.date) -> Voucher:
        """Give all that is left on a multi-purpose voucher a new number."""
        new = self.issue(lost.type_id, left, day=day, origin=VoucherOrigin.REPLACEMENT, replaces=lost.id)
        with self.database.write() as session:
            self._book(session, day, bookings.moved(lost, new, Share(Money(left), ZERO)), new.document_id)
        return new

    def bring_in(self, type_id: uuid.UUID, sale: int, *, sold_on: dt.date, day: dt.date) -> Voucher:
        """Bring in an old voucher that was sold before this till was there."""
        entry_id = uuid.uuid4()
        self.sold += 1
        issued_at = dt.datetime.combine(sold_on, dt.time(11), dt.UTC)
        old = Voucher(
            uuid.uuid4(),
            type_id,
            NAMES[type_id],
            "902",
            f"OLD-{self.sold}",
            Money(sale),
            Money(sale),
            VatTreatment.MULTI_PURPOSE,
            VatKey.NOT_TAXABLE,
            sold_on,
            LATER,
            issued_at,
            "KASSE-1",
            0,
            origin=VoucherOrigin.OLD,
            entry_id=entry_id,
        )
        with self.database.write() as session:
            insert_row(session, old)
            self._book(session, day, bookings.opened(old), None, entry_id)
        return old

    def redeem(self, voucher: Voucher, paid: int, bonus: int = 0, *, day: dt.date) -> None:
        """Take these parts from a voucher."""
        self.post(day, bookings.redeemed(voucher, Share(Money(paid), Money(bonus))))

    def post(self, day: dt.date, legs: tuple[Posting, ...]) -> None:
        """Book these legs, and the money that they come to, for this business day."""
        with self.database.write() as session:
            self._book(session, day, legs, uuid.uuid4())

    def report(self, day: dt.date, *, months_ahead: int = 3, is_now: bool = True) -> VoucherLiability:
        """The report as of this day."""
        with self.database.read() as session:
            return voucher_liability(session, AsOf(day, ZONE, months_ahead, is_now))

    @staticmethod
    def _book(
        session: Session,
        day: dt.date,
        legs: tuple[Posting, ...],
        document_id: uuid.UUID | None,
        entry_id: uuid.UUID | None = None,
    ) -> None:
        rest = total(leg.amount for leg in legs)
        money = (Posting(Account.CASH, -rest, "KASSE-1"),) if rest != ZERO else ()
        at = dt.datetime.combine(day, dt.time(11), dt.UTC)
        entry = Entry(entry_id or uuid.uuid4(), "x", document_id, at, day, "KASSE-1", None, "1", legs + money)
        journal.append(session, entry)


def _with_types(database: Database) -> Books:
    with database.write() as session:
        for place, (type_id, name) in enumerate(NAMES.items()):
            treatment = VatTreatment.SINGLE_PURPOSE if type_id == SINGLE else VatTreatment.MULTI_PURPOSE
            add_type(session, VoucherType(type_id, f"9{place:02}", name, Numbering.OWN, treatment))
    return Books(database)


@pytest.fixture
def books(database: Database) -> Books:
    """Empty books with four types of vouchers, on each of both databases."""
    return _with_types(database)


@pytest.fixture
def small_books(sqlite_database_url: str) -> Iterator[Books]:
    """As `books`, on SQLite alone."""
    database = Database(sqlite_database_url)
    yield _with_types(database)
    database.close()
