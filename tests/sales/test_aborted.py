"""A basket that is thrown away is booked once, also when the recovery has ended its TSE transaction before."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from till.business_case import BonTyp, VatKey
from till.db.context import Context
from till.db.engine import Database
from till.documents.model import DocumentKind, Draft, VatTotal
from till.documents.post import post
from till.money import Money
from till.sales.aborted import abort, aborted_id
from till.sales.basket import Basket, Item, ItemKind
from till.sales.pricing import PricedBasket, price

NOW = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
CONTEXT = Context("KASSE-1", None, "1", "Marie Klein", NOW, NOW.date())


def _basket() -> PricedBasket:
    rose = Item(ItemKind.ARTICLE, "1", "Rose", VatKey.REDUCED)
    return price(Basket(uuid.UUID(int=5), NOW).with_line(rose, Money(350)), {VatKey.REDUCED: 700})


def test_the_same_basket_thrown_away_twice_is_one_document(database: Database) -> None:
    numbers = []
    for _ in range(2):
        with database.write() as session:
            numbers.append(abort(session, CONTEXT, _basket()).number)
    assert numbers == [1, 1]


@pytest.mark.parametrize("ended", [1, 2])
def test_what_the_recovery_has_ended_meanwhile_does_not_stand_in_the_way(database: Database, ended: int) -> None:
    order_id = _basket().basket.order_id
    for count in range(ended):
        with database.write() as session:
            post(session, CONTEXT, Draft(aborted_id(order_id, count), DocumentKind.ABORTED, BonTyp.ABBRUCH, NOW))
    with database.write() as session:
        thrown_away = abort(session, CONTEXT, _basket())
    assert thrown_away.id == aborted_id(order_id, ended)
    assert thrown_away.draft.total == Money(350)


def test_a_basket_that_is_thrown_away_keeps_its_lines_and_their_vat(database: Database) -> None:
    with database.write() as session:
        draft = abort(session, CONTEXT, _basket()).draft
    assert [(line.text, line.gross, line.tax) for line in draft.lines] == [("Rose", Money(350), Money(23))]
    assert draft.vat == (VatTotal(VatKey.REDUCED, 700, Money(350), Money(23)),)
    assert (draft.kind, draft.bon_typ, draft.started_at) == (DocumentKind.ABORTED, BonTyp.ABBRUCH, NOW)
