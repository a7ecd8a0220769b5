"""Two tills, one voucher, the same moment: exactly one redemption succeeds (V36)."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from till.db.engine import Database, sqlite_url
from till.documents.model import DocumentKind
from till.documents.find import latest
from till.errors import Refused
from till.ledger.account import Account
from till.ledger.balances import balance
from till.money import ZERO, Money

CUP = uuid.UUID(int=3)
VALUE_25 = uuid.UUID(int=101)
LOST = r"AG-0001: only 0.00 is left. Redeemed at till KASSE-\d, 2026-11-20 11:03"

# What the second till does in a process of its own: say that it is ready, wait for the word, redeem.
OTHER_TILL = """
import datetime as dt, sys, uuid
from till.app.goods import article_good
from till.business_case import VatKey, ZahlartTyp
from till.catalog.lookup import article_by_id
from till.db.context import Context
from till.db.engine import Database
from till.errors import Refused
from till.money import Money
from till.sales.basket import Basket
from till.sales.checkout import Rules, complete
from till.sales.order import Order
from till.sales.pricing import price
from till.sales.tender import Tendered, TenderKind

url, till_id, voucher_id = sys.argv[1], sys.argv[2], uuid.UUID(sys.argv[3])
now = dt.datetime(2026, 11, 20, 11, 3, tzinfo=dt.UTC)
rates = {VatKey.GENERAL: 1900}
database = Database(url)
basket = Basket(uuid.uuid4(), now)
with database.read() as session:
    good = article_good(session, article_by_id(session, uuid.UUID(int=3)))
for _ in range(3):
    basket = basket.with_line(good.item, good.unit_price)
paid = (
    Tendered(1, TenderKind.VOUCHER, "voucher", "", Money(2500), voucher_id),
    Tendered(2, TenderKind.CASH, "cash", "", Money(1100)),
)
from till.sales.order import TenderFace
order = Order(price(basket, rates), paid, {"cash": TenderFace("cash", "Bar", ZahlartTyp.BAR)})
context = Context(till_id, None, "1", "Marie", now, now.date())
print("ready", flush=True)
sys.stdin.readline()
try:
    database.run(lambda session: complete(session, context, order, Rules(rates | {VatKey.NOT_TAXABLE: 0})))
    print("redeemed", flush=True)
except Refused as refused:
    print(refused, flush=True)
"""


def _check_spent_once(database: Database, voucher_id: uuid.UUID) -> None:
    with database.read() as session:
        assert balance(session, Account.VOUCHER_MULTI, str(voucher_id)) == ZERO
        sold = [latest(session, till, [DocumentKind.SALE], 5) for till in ("KASSE-2", "KASSE-3")]
    assert sorted(len(documents) for documents in sold) == [0, 1]


def test_of_two_processes_on_one_file_exactly_one_redeems(counter: Any) -> None:
    if not counter.database.is_sqlite:
        pytest.skip("PostgreSQL is raced in threads below")
    voucher = counter.sell_voucher(VALUE_25, 2500)
    tills = [_other_till(counter.database.url, name, voucher.id) for name in ("KASSE-2", "KASSE-3")]
    for till in tills:
        assert till.stdout is not None
        assert till.stdout.readline() == "ready\n"
    for till in tills:
        assert till.stdin is not None
        till.stdin.write("go\n")
        till.stdin.flush()
    answers = sorted(till.communicate(timeout=30)[0].strip() for till in tills)
    assert answers[1] == "redeemed"
    assert answers[0] == re.search(LOST, answers[0]).group()
    _check_spent_once(counter.database, voucher.id)


def _other_till(url: str, till_id: str, voucher_id: uuid.UUID) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", OTHER_TILL, url, till_id, str(voucher_id)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_of_two_connections_exactly_one_redeems(counter: Any) -> None:
    voucher = counter.sell_voucher(VALUE_25, 2500)
    answers: list[str] = []
    start = threading.Barrier(2)

    def redeem(till_id: str) -> None:
        till = counter.beside(till_id)
        order = till.order([CUP, CUP, CUP], [(voucher, 2500), ("cash", 1100)])
        start.wait()
        try:
            till.book(order)
            answers.append("redeemed")
        except Refused as refused:
            answers.append(str(refused))

    _together(lambda: redeem("KASSE-2"), lambda: redeem("KASSE-3"))
    assert len(answers) == 2
    (lost,) = [answer for answer in answers if answer != "redeemed"]
    assert re.match(LOST, lost)
    _check_spent_once(counter.database, voucher.id)


def test_two_tills_sell_vouchers_of_one_type_under_different_numbers(counter: Any) -> None:
    numbers: list[str] = []

    def sell(till_id: str) -> None:
        till = counter.beside(till_id)
        numbers.extend(till.sell_voucher(VALUE_25, 2500).number for _ in range(5))

    _together(lambda: sell("KASSE-2"), lambda: sell("KASSE-3"))
    assert sorted(numbers) == [f"AG-{n:04d}" for n in range(1, 11)]


def _together(*works: Callable[[], None]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
