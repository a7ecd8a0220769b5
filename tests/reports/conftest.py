"""Books full of vouchers, and what happens to them, on any business day and on each of both databases."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from till.business_case import VatKey
from till.db.engine import Database
from till.ledger import journal
from till.ledger.account import Account
from till.ledger.entry import Entry, Posting
from till.ledger.models import EntryRow, PostingRow
from till.money import ZERO, Money, total
from till.reports.voucher_liability import VoucherLiability
from till.reports.voucher_sums import AsOf, voucher_liability
from till.vouchers import bookings
from till.vouchers.issue import insert_row
from till.vouchers.model import Numbering, VatTreatment, Voucher, VoucherOrigin, VoucherType
from till.vouchers.models import VoucherRow
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
            vat_rate_bp=1900 if type_id == SINGLE else 0,
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
            id=uuid.uuid4(),
            type_id=type_id,
            type_name=NAMES[type_id],
            type_plu="902",
            number=f"OLD-{self.sold}",
            sale=Money(sale),
            face=Money(sale),
            vat_treatment=VatTreatment.MULTI_PURPOSE,
            vat_key=VatKey.NOT_TAXABLE,
            vat_rate_bp=0,
            valid_from=sold_on,
            valid_until=LATER,
            issued_at=issued_at,
            issued_till="KASSE-1",
            issued_number=0,
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

    def issue_many(self, count: int, day: dt.date) -> None:
        """Sell `count` vouchers of 10,00, half of each used, as fast as the database takes them."""
        at, made = dt.datetime.combine(day, dt.time(11), dt.UTC), [uuid.uuid4() for _ in range(count)]
        with self.database.write() as session:
            session.execute(insert(VoucherRow), [_many(number, one, at) for number, one in enumerate(made)])
            for amount in (-1000, 500):
                entries = [uuid.uuid4() for _ in made]
                pairs = list(zip(entries, made, strict=True))
                for position, account, sign in ((0, Account.VOUCHER_MULTI, 1), (1, Account.CASH, -1)):
                    legs = [
                        {
                            "entry_id": entry,
                            "position": position,
                            "account": account.value,
                            "subject": str(one) if sign == 1 else "KASSE-1",
                            "amount": Money(sign * amount),
                        }
                        for entry, one in pairs
                    ]
                    session.execute(insert(PostingRow), legs)
                session.execute(insert(EntryRow), [_entry(entry, at, day, one) for entry, one in pairs])

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


def _many(number: int, voucher_id: uuid.UUID, at: dt.datetime) -> dict[str, object]:
    values = {
        "id": voucher_id,
        "type_id": MULTI,
        "type_name": NAMES[MULTI],
        "type_plu": "900",
        "number": f"M-{number:06}",
        "number_key": f"M-{number:06}",
        "sale": Money(1000),
        "face": Money(1000),
        "vat_treatment": VatTreatment.MULTI_PURPOSE.value,
        "vat_key": VatKey.NOT_TAXABLE.value,
        "vat_rate_bp": 0,
        "valid_from": at.date(),
        "valid_until": LATER,
        "issued_at": at,
        "issued_till": "KASSE-1",
        "issued_number": number,
        "text": "",
    }
    own = {"origin": VoucherOrigin.SOLD.value, "document_id": voucher_id, "entry_id": None, "replaces": None}
    return {**values, **own, "receivable_id": None, "receivable_name": ""}


def _entry(entry_id: uuid.UUID, at: dt.datetime, day: dt.date, document_id: uuid.UUID) -> dict[str, object]:
    values = {"id": entry_id, "till_id": "KASSE-1", "reason": "x", "document_id": document_id, "booked_at": at}
    return {**values, "business_date": day, "shift_id": None, "user_id": "1", "reverses": None, "legs": 2}


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
