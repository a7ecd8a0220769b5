"""A till of its own process that fires at one voucher after the other until each is empty.

Run by path: `python spending_till.py URL TILL SEED SHOTS VOUCHER-ID…`. It says "ready", waits for a line, and then
one line per answer: what was taken, or the sentence of the refusal with its values. With SHOTS 0 it takes small amounts
until nothing is left; else it fires so often at each voucher, with 1,00 to 50,00, whatever it has heard.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import sys
import time
import uuid

from sqlalchemy.orm import Session

from till.app.goods import Asked, article_good
from till.business_case import VatKey, ZahlartTyp
from till.catalog.lookup import article_by_id
from till.db.context import Context
from till.db.engine import Database
from till.errors import Refused, Unavailable
from till.formats import Formats
from till.i18n import Translator
from till.money import Money
from till.quantity import Quantity
from till.sales.basket import Basket
from till.sales.checkout import Rules, complete
from till.sales.order import Order, TenderFace
from till.sales.pricing import PricedBasket, price
from till.sales.tender import Tendered, TenderKind

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
RATES = {VatKey.GENERAL: 1900, VatKey.NOT_TAXABLE: 0}
MUG = uuid.UUID(int=3)
WAIT_S = 0.2
MOST_CENTS = 500
MOST_EUROS = 50
MUGS = Quantity(5_000)
GIVES_UP_S = 100.0
FACES = {"cash": TenderFace("cash", "Bar", ZahlartTyp.BAR)}


class Spender:
    """Pays mugs partly with a voucher, at one till."""

    def __init__(self, url: str, till_id: str, seed: int) -> None:
        self._database = Database(url)
        self._till_id = till_id
        self._random = random.Random(seed)
        self._formats = Formats(Translator("de"))

    def empty(self, voucher_id: uuid.UUID) -> None:
        """Fire at the voucher until the till says that nothing is left."""
        left = Money(MOST_CENTS)
        while left:
            left = self._fire(voucher_id, Money(self._amount(left)), left)

    def fire_at(self, voucher_id: uuid.UUID, shots: int) -> None:
        """Fire so often with whole euros, up to the whole voucher, although others do and most of it fails."""
        for _ in range(shots):
            self._fire(voucher_id, Money(100 * self._random.randint(1, MOST_EUROS)), Money(0))

    def close(self) -> None:
        """Give back the database."""
        self._database.close()

    def _amount(self, left: Money) -> int:
        """Mostly small amounts, up to 5,00; now and then more than the till last said was left."""
        most = MOST_CENTS if self._random.random() < 0.3 else min(MOST_CENTS, left.cents)
        return max(1, int(most ** self._random.random()))

    def _fire(self, voucher_id: uuid.UUID, amount: Money, left: Money) -> Money:
        """What is left as far as this till knows: `left`, unless it just lost and heard."""
        order = self._order(voucher_id, amount)
        try:
            self._book(order)
        except Refused as refused:
            say(event="lost", sentence=self._formats.sentence(refused))
            known = refused.values["left"]
            assert isinstance(known, Money)
            return known
        say(event="taken", voucher=str(voucher_id), cents=amount.cents, order=str(order.id))
        return left

    def _book(self, order: Order) -> None:
        """Book it; while the database is busy, say so and try the same order again."""
        context = Context(self._till_id, None, "1", "Marie Klein", NOON, NOON.date())

        def work(session: Session) -> None:
            complete(session, context, order, Rules(RATES))

        until = time.monotonic() + GIVES_UP_S
        while time.monotonic() < until:
            try:
                return self._database.run(work, WAIT_S)
            except Unavailable as error:
                say(event="unavailable", sentence=self._formats.sentence(error))
        raise AssertionError("the database never was free")

    def _order(self, voucher_id: uuid.UUID, amount: Money) -> Order:
        priced = self._mug()
        paid = (
            Tendered(1, TenderKind.VOUCHER, "voucher", "", amount, voucher_id),
            Tendered(2, TenderKind.CASH, "cash", "", priced.total - amount),
        )
        return Order(priced, paid, FACES)

    def _mug(self) -> PricedBasket:
        with self._database.read() as session:
            mug = article_good(session, article_by_id(session, MUG), Asked(NOON))
        return price(Basket(uuid.uuid4(), NOON).with_line(mug.item, mug.unit_price, MUGS), RATES)


def main(url: str, till_id: str, seed: str, shots: str, *vouchers: str) -> None:
    """Empty the vouchers one after the other, beside all others who do the same."""
    spender = Spender(url, till_id, int(seed))
    say(event="ready")
    sys.stdin.readline()
    for voucher in vouchers:
        if int(shots):
            spender.fire_at(uuid.UUID(voucher), int(shots))
        else:
            spender.empty(uuid.UUID(voucher))
    spender.close()
    say(event="ended")


def say(**values: object) -> None:
    """One line for the test."""
    os.write(1, json.dumps(values).encode() + b"\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
