"""Where tiers and planned prices are kept: what is stored comes back, and counts from its instant on."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from till.business_case import VatKey
from till.catalog import prices
from till.catalog.article import Article
from till.catalog.assortment import add_articles
from till.catalog.lookup import article_by_id
from till.catalog.price_list import LaterPrices, ListPrice, PriceList, Schedule, Tier
from till.money import Money
from till.quantity import pieces

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
TEN = (Tier(pieces(10), Money(300)),)
ROSE = Article(uuid.UUID(int=1), "1", "Rose", "flowers", Money(350), VatKey.REDUCED)
PLAN = Schedule(
    PriceList(Money(350), TEN),
    (
        LaterPrices(NOON + HOUR, PriceList(Money(400), (Tier(pieces(5), Money(380)),))),
        LaterPrices(NOON + 2 * HOUR, PriceList(Money(200))),
    ),
)


@pytest.fixture
def planned(session: Session) -> Session:
    """A rose with a tier and two planned prices, and a thousand other articles without."""
    others = [replace(ROSE, id=uuid.UUID(int=n), number=str(n), name=f"Tulpe {n}") for n in range(2, 1002)]
    add_articles(session, [ROSE, *others])
    prices.store(session, ROSE.id, PLAN)
    return session


def test_what_is_stored_comes_back(planned: Session) -> None:
    assert prices.schedule_of(planned, ROSE) == PLAN


def test_storing_again_leaves_nothing_of_before(planned: Session) -> None:
    prices.store(planned, ROSE.id, Schedule(PriceList(Money(350))))
    assert prices.schedule_of(planned, ROSE) == Schedule(PriceList(Money(350)))


def test_the_till_may_ask_for_the_price_from_a_day_on(planned: Session) -> None:
    free = Schedule(PriceList(None), (LaterPrices(NOON, PriceList(Money(5))),))
    prices.store(planned, ROSE.id, free)
    asked = replace(ROSE, price=None)
    assert prices.list_price(planned, asked, NOON - HOUR) is None
    assert prices.list_price(planned, asked, NOON) == ListPrice(Money(5))


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (0, ListPrice(Money(350), TEN, NOON + HOUR)),
        (1, ListPrice(Money(400), PLAN.later[0].prices.tiers, NOON + 2 * HOUR)),
        (2, ListPrice(Money(200))),
        (99, ListPrice(Money(200))),
    ],
)
def test_the_price_of_an_instant(planned: Session, hours: int, expected: ListPrice) -> None:
    assert prices.list_price(planned, ROSE, NOON + hours * HOUR) == expected


def test_tiles_and_lists_show_what_counts(planned: Session) -> None:
    every = [uuid.UUID(int=n) for n in range(1, 1002)]
    for ids in (every, every[:3]):
        assert prices.due_prices(planned, ids, NOON) == {}
        assert prices.due_prices(planned, ids, NOON + HOUR) == {ROSE.id: Money(400)}
        assert prices.due_prices(planned, ids, NOON + 3 * HOUR) == {ROSE.id: Money(200)}
    assert prices.due_prices(planned, every[1:3], NOON + HOUR) == {}


def test_the_next_change_of_any_price(planned: Session) -> None:
    assert prices.next_change(planned, NOON) == NOON + HOUR
    assert prices.next_change(planned, NOON + HOUR) == NOON + 2 * HOUR
    assert prices.next_change(planned, NOON + 2 * HOUR) is None


def test_prices_that_are_brought_into_force_are_the_articles_own(planned: Session) -> None:
    assert prices.bring_into_force(planned, NOON) == 0
    assert prices.bring_into_force(planned, NOON + HOUR) == 1
    own = article_by_id(planned, ROSE.id)
    assert own.price == Money(400)
    for hours in (1, 2, 3):
        at = NOON + hours * HOUR
        assert prices.list_price(planned, own, at) == prices.list_price(planned, own, at)
        assert prices.schedule_of(planned, own).at(at) == PLAN.at(at)
    assert prices.bring_into_force(planned, NOON + HOUR) == 0


def test_a_scan_looks_at_one_index_once(planned: Session) -> None:
    statements: list[str] = []
    engine = planned.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    prices.list_price(planned, ROSE, NOON)
    (statement,) = statements
    plan = planned.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", (ROSE.id.hex,)).all()
    assert "USING INDEX" in plan[0][3] or "PRIMARY KEY" in plan[0][3], plan
