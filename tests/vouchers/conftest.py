"""Vouchers without a sale around them: issued and redeemed by their own functions, on each of both databases."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from sqlalchemy.orm import Session

from till.db.context import Context
from till.db.engine import Database
from till.ledger import journal
from till.ledger.account import Account
from till.ledger.entry import Entry, Posting
from till.money import ZERO, Money, total
from till.vouchers import redeem
from till.vouchers.bookings import issued, redeemed
from till.vouchers.issue import NewVoucher, enter, plan
from till.vouchers.model import Voucher, VoucherType
from till.vouchers.terms import TermRule
from till.vouchers.types import add_type
from till.vouchers.value import Redemption

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Desk:
    """Issues and redeems vouchers in one session."""

    session: Session
    context: Context

    def on(self, day: dt.date) -> Desk:
        """The desk on another business day."""
        now = dt.datetime.combine(day, NOON.timetz())
        return Desk(self.session, replace(self.context, business_date=day, now=now))

    def at(self, till_id: str) -> Desk:
        """The desk at another till."""
        return Desk(self.session, replace(self.context, till_id=till_id))

    def offer(self, kind: VoucherType) -> VoucherType:
        """Add a type to the shop."""
        add_type(self.session, kind)
        return kind

    def issue(self, kind: VoucherType, sale: int = 2500, face: int | None = None, number: str = "") -> Voucher:
        """Issue a voucher for cash."""
        new = NewVoucher(uuid.uuid4(), Money(sale), Money(sale if face is None else face), number, "Alles Gute")
        voucher = plan(self.session, self.context, kind, new, TermRule())
        document_id = uuid.uuid4()
        enter(self.session, voucher, document_id, 7)
        self._book(document_id, issued(voucher))
        return replace(voucher, issued_number=7)

    def redeem(self, voucher: Voucher, cents: int) -> Redemption:
        """Take value from a voucher."""
        taken = redeem.take(self.session, self.context, voucher.id, Money(cents))
        self._book(uuid.uuid4(), redeemed(voucher, taken.share))
        return taken

    def _book(self, document_id: uuid.UUID, legs: tuple[Posting, ...]) -> None:
        rest = total(leg.amount for leg in legs)
        cash = (Posting(Account.CASH, -rest, self.context.till_id),) if rest != ZERO else ()
        context = self.context
        entry = Entry(
            uuid.uuid4(), "x", document_id, context.now, context.business_date, context.till_id, None, "1", legs + cash
        )
        journal.append(self.session, entry)


@pytest.fixture
def desk(database: Database) -> Iterator[Desk]:
    """A desk in one unit of work."""
    with database.write() as session:
        yield Desk(session, Context("KASSE-1", None, "1", "Marie Klein", NOON, NOON.date()))


@pytest.fixture
def small_desk(sqlite_database_url: str) -> Iterator[Desk]:
    """A desk on SQLite alone, for rules that ask the database nothing special."""
    database = Database(sqlite_database_url)
    with database.write() as session:
        yield Desk(session, Context("KASSE-1", None, "1", "Marie Klein", NOON, NOON.date()))
    database.close()
