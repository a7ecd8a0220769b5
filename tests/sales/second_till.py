"""Another till in a process of its own: ready at its word, it pays three mugs with 25,00 from a voucher."""

from __future__ import annotations

import datetime as dt
import sys
import uuid

from till.app.goods import Asked, article_good
from till.business_case import VatKey, ZahlartTyp
from till.catalog.lookup import article_by_id
from till.db.context import Context
from till.db.engine import Database
from till.errors import Refused
from till.money import Money
from till.sales.basket import Basket
from till.sales.checkout import Rules, complete
from till.sales.order import Order, TenderFace
from till.sales.pricing import price
from till.sales.tender import Tendered, TenderKind

NOW = dt.datetime(2026, 11, 20, 11, 3, tzinfo=dt.UTC)
RATES = {VatKey.GENERAL: 1900, VatKey.NOT_TAXABLE: 0}
CUP = uuid.UUID(int=3)


def main(url: str, till_id: str, voucher_id: str) -> None:
    """Say "ready", wait for a line, redeem, and say how it went."""
    database = Database(url)
    order = _order(database, uuid.UUID(voucher_id))
    context = Context(till_id, None, "1", "Marie Klein", NOW, NOW.date())
    _say("ready")
    sys.stdin.readline()
    try:
        database.run(lambda session: complete(session, context, order, Rules(RATES)))
        _say("redeemed")
    except Refused as refused:
        _say(str(refused))
    database.close()


def _order(database: Database, voucher_id: uuid.UUID) -> Order:
    basket = Basket(uuid.uuid4(), NOW)
    with database.read() as session:
        mug = article_good(session, article_by_id(session, CUP), Asked(NOW))
    for _ in range(3):
        basket = basket.with_line(mug.item, mug.unit_price)
    paid = (
        Tendered(1, TenderKind.VOUCHER, "voucher", "", Money(2500), voucher_id),
        Tendered(2, TenderKind.CASH, "cash", "", Money(1100)),
    )
    return Order(price(basket, RATES), paid, {"cash": TenderFace("cash", "Bar", ZahlartTyp.BAR)})


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
