"""A shop's two tills without desks, on each of both databases."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, replace

import pytest

from till.business_case import BonTyp, GvTyp, VatKey, ZahlartTyp
from till.db.context import Context
from till.db.engine import Database
from till.documents import checks as documents
from till.documents.model import Document, DocumentKind, Draft, Line, Payment, VatTotal
from till.documents.post import Booking, post
from till.ledger.account import Account
from till.ledger.entry import Posting, merged
from till.money import Money
from till.shifts import checks as shifts
from till.shifts.cash_in_out import Moved, move, take_back
from till.shifts.closing import Closed, close_shift
from till.shifts.count import Counted
from till.shifts.interim import Interim, interim
from till.shifts.movement import Movement, TakingBack
from till.shifts.shift import Shift, open_shift, target_cash
from till.tax import included_tax

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)


@dataclass(slots=True)
class Drawer:
    """A till's drawer: opened, sold from, closed."""

    database: Database
    context: Context

    def open(self, cents: int) -> tuple[Shift, Document | None]:
        """Open a shift and work in it."""
        shift, document = self.database.run(lambda session: open_shift(session, self.context, Money(cents)))
        self.context = replace(self.context, shift_id=shift.id)
        return shift, document

    def close(self, counted: int | None) -> Closed:
        """Close the shift."""
        return self.close_with(None if counted is None else Money(counted))

    def close_with(self, counted: Counted | None, drop: Movement | None = None) -> Closed:
        """Close the shift with a count of any sort, and take something out of it before."""
        return self.database.run(lambda session: close_shift(session, self.context, counted, drop))

    def move(self, movement: Movement) -> Moved:
        """Bring cash in or take it out."""
        return self.database.run(lambda session: move(session, self.context, movement))

    def take_back(self, wish: TakingBack) -> Moved:
        """Take a movement back."""
        return self.database.run(lambda session: take_back(session, self.context, wish))

    def interim(self) -> Interim:
        """The figures of now."""
        with self.database.read() as session:
            return interim(session, self.context.till_id, self.context.now)

    def findings(self) -> list[str]:
        """What the checks of shifts and documents find."""
        with self.database.read() as session:
            checks = (*documents.CHECKS, *shifts.CHECKS)
            return [str(finding) for check in checks for finding in check.find(session, lambda _done, _all: None)]

    def target(self) -> Money:
        """What should be in the drawer."""
        with self.database.read() as session:
            return target_cash(session, self.context.till_id)

    def sell(self, key: VatKey, cents: int, rate_bp: int = 1900, bon_typ: BonTyp = BonTyp.BELEG) -> Document:
        """Post a sale for cash; one that is no Beleg moves nothing."""
        gross, tax = Money(cents), included_tax(Money(cents), rate_bp)
        is_sale = bon_typ is BonTyp.BELEG
        draft = Draft(
            id=uuid.uuid4(),
            kind=DocumentKind.SALE if is_sale else DocumentKind.ABORTED,
            bon_typ=bon_typ,
            started_at=NOON,
            lines=(Line("x", GvTyp.UMSATZ, key, rate_bp, gross, tax),),
            payments=(Payment("cash", ZahlartTyp.BAR, "Bar", gross),) if is_sale else (),
            vat=(VatTotal(key, rate_bp, gross, tax),),
        )
        legs = merged(
            [
                Posting(Account.CASH, gross, self.context.till_id),
                Posting(Account.REVENUE, tax - gross, str(key.value)),
                Posting(Account.VAT, -tax, str(key.value)),
            ]
        )
        booking = Booking(legs if is_sale else ())
        return self.database.run(lambda session: post(session, self.context, draft, booking))

    def beside(self, till_id: str) -> Drawer:
        """Another till of the shop."""
        return Drawer(self.database, replace(self.context, till_id=till_id, shift_id=None))


@pytest.fixture
def drawer(database: Database) -> Drawer:
    """The drawer of till KASSE-1."""
    return Drawer(database, Context("KASSE-1", None, "1", "Marie Klein", NOON, NOON.date()))
