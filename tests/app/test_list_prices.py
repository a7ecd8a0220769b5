"""Prices by quantity and planned prices at the counter, on each of both databases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from till.app.bootstrap import Ports, Till, open_till
from till.app.catalogue_watch import CatalogueWatch
from till.catalog.barcodes import check_digit
from till.catalog.models import ArticleRow
from till.catalog.price_list import LaterPrices, PriceList, Schedule, Tier
from till.catalog.prices import store
from till.errors import Refused
from till.money import Money
from till.quantity import Quantity, pieces

if TYPE_CHECKING:
    from tests.app.conftest import Counter
    from till.clock import FixedClock

ROSE, TEA, JUICE = "4006381333931", "4012345000016", "4012345000047"
MIDNIGHT = dt.datetime(2026, 11, 20, 23, 0, tzinfo=dt.UTC)
TEN = (Tier(pieces(10), Money(300)),)


def plan(counter: Counter, name: str, tiers: tuple[Tier, ...] = (), *later: LaterPrices) -> None:
    """Keep these prices for the article with this name."""
    with counter.database.write() as session:
        row = session.execute(select(ArticleRow.id, ArticleRow.price).where(ArticleRow.name == name)).one()
        store(session, row.id, Schedule(PriceList(row.price, tiers), later))
    counter.sale.reload_assortment()


def amounts(counter: Counter) -> list[int]:
    """What the lines cost, in cents."""
    return [line.amount.cents for line in counter.sale.state.priced.lines]


def test_the_tier_is_reached_by_scanning_and_left_by_taking_back(plain: Counter) -> None:
    plan(plain, "Rose", TEN)
    plain.sale.scan(ROSE, pieces(9))
    plain.sale.scan(ROSE)
    assert amounts(plain) == [3000]
    plain.sale.undo()
    assert amounts(plain) == [9 * 350]
    plain.sale.set_quantity(plain.line(1), pieces(20))
    plain.sale.pay_cash(Money(10_000))
    (line,) = plain.sale.complete().document.draft.lines
    assert (line.unit_price, line.gross, line.quantity) == (Money(300), Money(6000), pieces(20))
    assert plain.problems() == []


def test_weighed_goods_have_a_price_by_weight(plain: Counter) -> None:
    plan(plain, "Käse", (Tier(Quantity(500), Money(1799)),))
    plain.sale.add(plain.tile("Käse"), Quantity(400))
    assert amounts(plain) == [800]
    plain.sale.add(plain.tile("Käse"), Quantity(100))
    assert amounts(plain) == [900]


def test_a_price_on_a_label_and_a_typed_one_know_no_tiers(plain: Counter) -> None:
    plan(plain, "Rose", TEN)
    plain.sale.add(plain.tile("Rose"), pieces(10), Money(345))
    assert amounts(plain) == [3450]


def test_a_planned_price_counts_from_its_instant_on(plain: Counter, clock: FixedClock) -> None:
    plan(plain, "Rose", (), LaterPrices(MIDNIGHT, PriceList(Money(400))))
    assert plain.tile("Rose").price == Money(350)
    clock.set(MIDNIGHT)
    assert plain.tile("Rose").price == Money(400)
    assert plain.sale.search("rose")[0].price == Money(400)
    plain.sale.scan(ROSE)
    assert amounts(plain) == [400]


def test_a_basket_open_over_the_change_is_priced_again_in_sight(plain: Counter, clock: FixedClock) -> None:
    plan(plain, "Rose", TEN, LaterPrices(MIDNIGHT, PriceList(Money(400), (Tier(pieces(10), Money(380)),))))
    plain.sale.scan(ROSE, pieces(10))
    plain.sale.scan(TEA)
    plain.sale.pay_cash(Money(10_000))
    clock.set(MIDNIGHT)
    with pytest.raises(Refused, match="Prices have changed meanwhile: Rose"):
        plain.sale.complete()
    assert amounts(plain) == [3800, 890]
    assert [line.line.price_before for line in plain.sale.state.priced.lines] == [Money(300), None]
    document = plain.sale.complete().document
    assert [line.unit_price for line in document.draft.lines] == [Money(380), Money(890)]
    assert plain.problems() == []


def test_what_is_planned_after_the_line_came_in_leaves_it_alone(plain: Counter, clock: FixedClock) -> None:
    plain.sale.scan(ROSE)
    plan(plain, "Rose", (), LaterPrices(MIDNIGHT, PriceList(Money(400))))
    clock.set(MIDNIGHT)
    plain.sale.pay_cash(Money(350))
    assert plain.sale.complete().document.draft.lines[0].gross == Money(350)


def test_a_typed_price_outlives_the_change(plain: Counter, clock: FixedClock) -> None:
    plan(plain, "Rose", (), LaterPrices(MIDNIGHT, PriceList(Money(400))))
    plain.sale.scan(ROSE)
    plain.sale.set_price(plain.line(1), Money(300))
    clock.set(MIDNIGHT)
    plain.sale.pay_cash(Money(300))
    plain.sale.complete()


def test_a_plan_that_was_dropped_changes_nothing(plain: Counter, clock: FixedClock) -> None:
    plan(plain, "Rose", (), LaterPrices(MIDNIGHT, PriceList(Money(400))))
    plain.sale.scan(ROSE)
    plan(plain, "Rose")
    clock.set(MIDNIGHT)
    plain.sale.pay_cash(Money(350))
    plain.sale.complete()


def test_a_discount_beyond_the_new_price_is_taken_away(plain: Counter, clock: FixedClock) -> None:
    from till.sales.basket import AmountOff

    plan(plain, "Rose", (), LaterPrices(MIDNIGHT, PriceList(Money(200))))
    plain.sale.scan(ROSE)
    plain.sale.set_line_discount(plain.line(1), AmountOff(Money(300)))
    plain.sale.pay_cash(Money(500))
    clock.set(MIDNIGHT)
    with pytest.raises(Refused, match="Prices have changed"):
        plain.sale.complete()
    assert amounts(plain) == [200]


def test_a_deposits_planned_price_counts_too(plain: Counter, clock: FixedClock) -> None:
    plan(plain, "Pfand Glas", (), LaterPrices(MIDNIGHT, PriceList(Money(250))))
    plain.sale.scan(JUICE, pieces(2))
    plain.sale.pay_cash(Money(5000))
    clock.set(MIDNIGHT)
    with pytest.raises(Refused, match="Pfand Glas"):
        plain.sale.complete()
    assert amounts(plain) == [600, 500]


def test_a_parked_basket_is_recalled_at_its_tier_and_the_prices_of_then(plain: Counter, clock: FixedClock) -> None:
    plan(plain, "Rose", TEN, LaterPrices(MIDNIGHT, PriceList(Money(400), (Tier(pieces(10), Money(380)),))))
    plain.sale.scan(ROSE, pieces(10))
    plain.sale.park()
    assert plain.sale.recall(plain.sale.parked()[0].order_id) == ()
    assert amounts(plain) == [3000]
    plain.sale.park()
    clock.set(MIDNIGHT)
    (said,) = plain.sale.recall(plain.sale.parked()[0].order_id)
    assert "Rose" in str(said)
    assert amounts(plain) == [3800]


def test_tiers_survive_a_restart(make_till: Callable[..., Till], fast_ports: Ports, at: type[Counter]) -> None:
    counter = at(make_till(ports=fast_ports))
    plan(counter, "Rose", TEN)
    counter.sale.scan(ROSE, pieces(9))
    counter.till.settle()
    counter.till.close()
    with_more = at(open_till(counter.till.settings, fast_ports))
    try:
        with_more.sale.scan(ROSE)
        assert amounts(with_more) == [3000]
    finally:
        with_more.till.close()


def test_an_imported_price_takes_the_place_of_one_that_came_into_force(
    plain: Counter, clock: FixedClock, tmp_path: object
) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    plan(
        plain,
        "Rose",
        TEN,
        LaterPrices(MIDNIGHT, PriceList(Money(400))),
        LaterPrices(MIDNIGHT.replace(day=30), PriceList(Money(1))),
    )
    clock.set(MIDNIGHT)
    tables = plain.till.article_tables
    tables.export(folder / "all.csv")
    assert tables.check(folder / "all.csv").changes_something is False, "it shows the price that counts"
    (folder / "new.csv").write_text("Artikelnummer;Preis\n1;3,75\n", encoding="utf-8")
    tables.check(folder / "new.csv")
    tables.apply()
    plain.sale.scan(ROSE)
    assert amounts(plain) == [375]
    clock.set(MIDNIGHT.replace(day=30))
    plain.sale.reload_assortment()
    assert plain.tile("Rose").price == Money(1), "what is planned for later still counts then"


# Price check


def test_a_price_check_shows_all_and_leaves_the_basket_alone(plain: Counter, clock: FixedClock) -> None:
    plan(plain, "Rose", TEN, LaterPrices(MIDNIGHT, PriceList(Money(400))))
    by_code, by_tile = plain.sale.price_of(ROSE), plain.sale.price_of(plain.tile("Rose"))
    assert by_code == by_tile
    assert (by_code.name, by_code.price, by_code.tiers, by_code.unit) == ("Rose", Money(350), TEN, "Stk")
    assert by_code.next_prices == LaterPrices(MIDNIGHT, PriceList(Money(400)))
    assert plain.sale.state.priced.basket.is_empty
    clock.set(MIDNIGHT)
    assert (plain.sale.price_of(ROSE).price, plain.sale.price_of(ROSE).next_prices) == (Money(400), None)


def test_a_price_check_of_what_has_a_deposit_no_price_or_a_label(plain: Counter) -> None:
    assert plain.sale.price_of(JUICE).deposit == Money(200)
    assert plain.sale.price_of(plain.tile("Strauß nach Wunsch")).price is None
    assert plain.sale.price_of(plain.tile("Gutschein 25")).price == Money(2500)
    body = "290000800345"
    label = plain.sale.price_of(body + check_digit(body))
    assert (label.weight, label.label_price, label.price) == (Quantity(345), Money(690), Money(1999))
    body = "210000800345"
    assert plain.sale.price_of(body + check_digit(body)).label_price == Money(345)


def test_a_price_check_of_nothing_says_so(plain: Counter) -> None:
    with pytest.raises(Refused, match="Unknown code"):
        plain.sale.price_of("4000000000006")


def test_the_watch_brings_planned_prices_into_force_and_tells_the_counters(plain: Counter, clock: FixedClock) -> None:
    told: list[int] = []
    watch = CatalogueWatch(plain.database, clock=clock)
    watch.listen(lambda: told.append(1))
    plan(plain, "Rose", TEN, LaterPrices(MIDNIGHT, PriceList(Money(400))))
    watch.look()
    told.clear()
    watch.look()
    assert told == []
    clock.set(MIDNIGHT)
    watch.look()
    assert told == [1]
    with plain.database.read() as session:
        assert session.scalar(select(ArticleRow.price).where(ArticleRow.name == "Rose")) == Money(400)
    assert plain.count("article_price") == 0
    watch.look()
    assert told == [1]
    plain.sale.scan(ROSE, pieces(10))
    assert amounts(plain) == [4000]
