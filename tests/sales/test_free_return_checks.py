"""Verify finds a return without a receipt that is none (S1)."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace

import pytest

from till.business_case import BonTyp, GvTyp, VatKey
from till.db.context import Context
from till.db.engine import Database
from till.documents.model import WITHOUT_RECEIPT, DocumentKind, Draft, Line, Reference
from till.documents.post import post
from till.money import Money
from till.sales.free_return_checks import free_returns

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
BACK = Line("Rose", GvTyp.UMSATZ, VatKey.REDUCED, 700, Money(-350), Money(-23), gv_name=WITHOUT_RECEIPT)
VOUCHER = Line("Gutschein", GvTyp.MEHRZWECK_KAUF, VatKey.NOT_TAXABLE, 0, Money(350))
RIGHT = Draft(
    uuid.UUID(int=1), DocumentKind.FREE_RETURN, BonTyp.BELEG, NOON, (BACK,), note="Ohne Ursprungsbeleg: defekt"
)


def found(database: Database, draft: Draft) -> int:
    """How many findings there are when this is booked."""
    context = Context("T1", None, "1", "Marie Klein", NOON, NOON.date())
    with database.write() as session:
        post(session, context, draft)
        return len(list(free_returns(session, lambda _done, _all: None)))


@pytest.mark.parametrize(
    "draft",
    [
        RIGHT,
        replace(RIGHT, lines=(BACK, VOUCHER)),
        replace(RIGHT, lines=(replace(BACK, gv_typ=GvTyp.PFAND_RUECKZAHLUNG),)),
        replace(RIGHT, kind=DocumentKind.ABORTED, bon_typ=BonTyp.ABBRUCH, note=""),
        replace(RIGHT, kind=DocumentKind.SALE, lines=(replace(BACK, gv_name="", gross=Money(350)),), note=""),
    ],
)
def test_what_is_right_is_passed_over(database: Database, draft: Draft) -> None:
    assert found(database, draft) == 0


@pytest.mark.parametrize(
    "draft",
    [
        replace(RIGHT, note="defekt"),
        replace(RIGHT, references=(Reference("T1", 7, uuid.UUID(int=7)),)),
        replace(RIGHT, lines=(replace(BACK, gross=Money(350)),)),
        replace(RIGHT, lines=(replace(BACK, gv_typ=GvTyp.MEHRZWECK_KAUF),)),
        replace(RIGHT, lines=(BACK, replace(VOUCHER, gv_typ=GvTyp.UMSATZ))),
        replace(RIGHT, lines=(BACK, replace(VOUCHER, gross=Money(351)))),
        replace(RIGHT, lines=()),
        replace(RIGHT, kind=DocumentKind.SALE),
    ],
)
def test_what_only_calls_itself_so_is_found(database: Database, draft: Draft) -> None:
    assert found(database, draft) == 1
