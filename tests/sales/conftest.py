"""A counter without desks: sells straight through checkout, on each of both databases."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pytest

from till.app.goods import Asked, article_good, voucher_good
from till.business_case import VatKey, ZahlartTyp
from till.catalog.lookup import article_by_id
from till.db.context import Context
from till.db.engine import Database
from till.money import Money
from till.sales.basket import Basket
from till.sales.checkout import Rules, Sale, complete
from till.sales.order import Order, TenderFace
from till.sales.pricing import price
from till.sales.tender import Tendered, TenderKind
from till.settings import Settings
from till.vouchers.model import Voucher, VoucherStanding
from till.vouchers.standing import standing_of

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
RATES = {VatKey.GENERAL: 1900, VatKey.REDUCED: 700, VatKey.NOT_TAXABLE: 0}
FACES = {
    "cash": TenderFace("cash", "Bar", ZahlartTyp.BAR),
    "card": TenderFace("card", "Karte", ZahlartTyp.UNBAR),
    "voucher": TenderFace("voucher", "Gutschein", ZahlartTyp.KEINE),
}
Payments = Sequence[tuple[Voucher | str, int]]


@dataclass(frozen=True, slots=True)
class Counter:
    """Sells in one till: articles and voucher types by id, paid in ("cash" | "card" | a voucher, cents)."""

    database: Database
    context: Context

    def order(self, goods: Sequence[uuid.UUID | tuple[uuid.UUID, int]], payments: Payments = ()) -> Order:
        """An order of these goods; a voucher type comes with its price."""
        basket = Basket(uuid.uuid4(), self.context.now)
        with self.database.read() as session:
            for wanted in goods:
                good = (
                    voucher_good(session, wanted[0], Money(wanted[1]))
                    if isinstance(wanted, tuple)
                    else article_good(session, article_by_id(session, wanted), Asked(self.context.now))
                )
                basket = basket.with_line(good.item, good.unit_price, deposit=good.deposit)
        return Order(price(basket, RATES), tuple(_tendered(i, *one) for i, one in enumerate(payments, 1)), FACES)

    def book(self, order: Order) -> Sale:
        """Complete an order in a unit of work of its own."""
        return self.database.run(lambda session: complete(session, self.context, order, Rules(RATES)))

    def sell(self, goods: Sequence[uuid.UUID | tuple[uuid.UUID, int]], payments: Payments = ()) -> Sale:
        """Sell these goods."""
        return self.book(self.order(goods, payments))

    def sell_voucher(self, type_id: uuid.UUID, cents: int) -> Voucher:
        """Sell one voucher for cash."""
        (voucher,) = self.sell([(type_id, cents)], [("cash", cents)] if cents else []).vouchers
        return voucher

    def standing(self, voucher: Voucher) -> VoucherStanding:
        """How a voucher stands today."""
        with self.database.read() as session:
            return standing_of(session, voucher, self.context.business_date)

    def beside(self, till_id: str) -> Counter:
        """Another till on the same database, three minutes later."""
        later = self.context.now + dt.timedelta(minutes=3)
        return Counter(self.database, replace(self.context, till_id=till_id, now=later))


def _tendered(number: int, means: Voucher | str, cents: int) -> Tendered:
    if isinstance(means, Voucher):
        return Tendered(number, TenderKind.VOUCHER, "voucher", means.number, Money(cents), means.id)
    return Tendered(number, TenderKind(means), means, means, Money(cents))


@pytest.fixture
def counter(any_shop_settings: Settings) -> Iterator[Counter]:
    """A counter in the small shop."""
    database = Database(any_shop_settings.database_url)
    yield Counter(database, Context("KASSE-1", None, "1", "Marie Klein", NOON, NOON.date()))
    database.close()
