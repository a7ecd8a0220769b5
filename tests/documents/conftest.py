"""A till's context and drafts for the tests of documents."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import pytest

from till.business_case import BonTyp, GvTyp, VatKey, ZahlartTyp
from till.db.context import Context
from till.documents.model import DocumentKind, Draft, Line, Payment, Reference, VatTotal, VoucherNote
from till.documents.post import Booking
from till.ledger.account import Account
from till.ledger.entry import Posting
from till.money import Money
from till.quantity import Quantity

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
NOTE = VoucherNote(uuid.UUID(int=7), "AG-1", "Gutschein", dt.date(2036, 12, 31), Money(2500), Money(1310), "Alles Gute")

DraftMaker = Callable[..., tuple[Draft, Booking]]


@pytest.fixture
def context() -> Context:
    """Marie at till KASSE-1, a Friday at noon."""
    return Context("KASSE-1", None, "1", "Marie Klein", NOON, NOON.date())


@pytest.fixture
def make_draft() -> DraftMaker:
    """Makes drafts with their bookings: `make_draft()`, `make_draft(cents=…, document_id=…)`."""

    def make(cents: int = 1190, document_id: uuid.UUID | None = None) -> tuple[Draft, Booking]:
        tax = cents * 19 // 119
        line = Line(
            text="Käse",
            gv_typ=GvTyp.UMSATZ,
            vat_key=VatKey.GENERAL,
            rate_bp=1900,
            gross=Money(cents),
            tax=Money(tax),
            gv_name="n",
            quantity=Quantity(345),
            unit="kg",
            unit_price=Money(999),
            article_number="8",
            gtin="40",
            category_id="c",
            category="Kühltheke",
            note="fein",
        )
        nothing = Line("Rabatt", GvTyp.RABATT, VatKey.GENERAL, 1900, Money(0), reduces=0, voucher=NOTE)
        draft = Draft(
            id=document_id or uuid.uuid4(),
            kind=DocumentKind.SALE,
            bon_typ=BonTyp.BELEG,
            started_at=NOON - dt.timedelta(seconds=42),
            lines=(line, nothing),
            payments=(Payment("cash", ZahlartTyp.BAR, "Bar", Money(cents), Money(cents + 810)),),
            vat=(VatTotal(VatKey.GENERAL, 1900, Money(cents), Money(tax)),),
            references=(Reference("KASSE-1", 4, uuid.UUID(int=4)),),
            bon_name="Name",
            note="Notiz",
        )
        legs = (
            Posting(Account.CASH, Money(cents), "KASSE-1"),
            Posting(Account.REVENUE, Money(tax - cents), "1"),
            Posting(Account.VAT, Money(-tax), "1"),
        )
        return draft, Booking(legs)

    return make
