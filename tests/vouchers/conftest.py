"""Vouchers without a sale around them: issued and redeemed by their own functions, on each of both databases."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import pytest
from sqlalchemy.orm import Session

from till.business_case import BonTyp, GvTyp
from till.db.context import Context
from till.db.engine import Database
from till.documents.model import DocumentKind, Draft, Line, VoucherNote
from till.documents.post import Booking, post
from till.ledger import journal
from till.ledger.account import Account
from till.ledger.entry import Entry, Posting
from till.money import ZERO, Money, total
from till.vouchers import redeem
from till.vouchers.bookings import issued, redeemed
from till.vouchers.issue import NewVoucher, enter, plan
from till.vouchers.model import VatTreatment, Voucher, VoucherType
from till.vouchers.terms import TermRule
from till.vouchers.types import add_type
from till.vouchers.value import Redemption, Wish

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
PRICE = Money(2500)
CONTEXT = Context("KASSE-1", None, "1", "Marie Klein", NOON, NOON.date())


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
        entered = enter(self.session, voucher, document_id, 7)
        self.book(document_id, issued(voucher))
        return entered

    def receipt(
        self, document_id: uuid.UUID, sold: Mapping[str, VoucherType], bon_typ: BonTyp = BonTyp.BELEG
    ) -> list[Voucher]:
        """Sell a voucher of 25,00 under each of these own numbers, with a document that says so."""
        vouchers = [
            plan(self.session, self.context, kind, NewVoucher(uuid.uuid4(), PRICE, PRICE, number), TermRule())
            for number, kind in sold.items()
        ]
        lines = tuple(_sold_line(voucher) for voucher in vouchers)
        draft = Draft(document_id, DocumentKind.SALE, bon_typ, self.context.now, lines)
        legs = tuple(leg for voucher in vouchers for leg in issued(voucher))
        document = post(self.session, self.context, draft, Booking(legs + self._money_for(legs)))
        return [enter(self.session, voucher, document.id, document.number) for voucher in vouchers]

    def redeem(self, voucher: Voucher, cents: int) -> Redemption:
        """Take value from a voucher."""
        taken = redeem.take(self.session, self.context, Wish(voucher.id, Money(cents)))
        self.book(uuid.uuid4(), redeemed(voucher, taken.share))
        return taken

    def book(self, document_id: uuid.UUID, legs: tuple[Posting, ...]) -> None:
        """Book these legs and the cash that they come to, whether a rule allows them or not."""
        whole, now = legs + self._money_for(legs), self.context
        entry = Entry(uuid.uuid4(), "x", document_id, now.now, now.business_date, now.till_id, None, "1", whole)
        journal.append(self.session, entry)

    def _money_for(self, legs: tuple[Posting, ...]) -> tuple[Posting, ...]:
        rest = total(leg.amount for leg in legs)
        return (Posting(Account.CASH, -rest, self.context.till_id),) if rest != ZERO else ()


def _sold_line(voucher: Voucher) -> Line:
    single = voucher.vat_treatment is VatTreatment.SINGLE_PURPOSE
    return Line(
        text=voucher.type_name,
        gv_typ=GvTyp.EINZWECK_KAUF if single else GvTyp.MEHRZWECK_KAUF,
        vat_key=voucher.vat_key,
        rate_bp=voucher.vat_rate_bp,
        gross=voucher.sale,
        voucher=VoucherNote(voucher.id, voucher.number, voucher.type_name, voucher.valid_until, voucher.face),
    )


@pytest.fixture
def desk(database: Database) -> Iterator[Desk]:
    """A desk in one unit of work."""
    with database.write() as session:
        yield Desk(session, CONTEXT)


@pytest.fixture
def open_desk() -> Callable[[Session], Desk]:
    """Opens a desk in somebody's unit of work."""
    return lambda session: Desk(session, CONTEXT)


@pytest.fixture
def small_desk(sqlite_database_url: str) -> Iterator[Desk]:
    """A desk on SQLite alone, for rules that ask the database nothing special."""
    database = Database(sqlite_database_url)
    with database.write() as session:
        yield Desk(session, CONTEXT)
    database.close()
