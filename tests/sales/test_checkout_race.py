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

from till.db.engine import Database
from till.documents.find import latest
from till.documents.model import DocumentKind
from till.errors import Refused
from till.ledger.account import Account
from till.ledger.balances import balance
from till.money import ZERO

CUP = uuid.UUID(int=3)
VALUE_25 = uuid.UUID(int=101)
LOST = r"AG-0001: only 0.00 is left. Redeemed at till KASSE-\d, 2026-11-20 11:03"

SECOND_TILL = Path(__file__).parent / "second_till.py"


def _check_spent_once(database: Database, voucher_id: uuid.UUID) -> None:
    with database.read() as session:
        assert balance(session, Account.VOUCHER_MULTI, str(voucher_id)) == ZERO
        sold = [latest(session, till, [DocumentKind.SALE], 5) for till in ("KASSE-2", "KASSE-3")]
    assert sorted(len(documents) for documents in sold) == [0, 1]


def test_of_two_processes_exactly_one_redeems(counter: Any) -> None:
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
    assert re.match(LOST, answers[0])
    _check_spent_once(counter.database, voucher.id)


def _other_till(url: str, till_id: str, voucher_id: uuid.UUID) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(SECOND_TILL), url, till_id, str(voucher_id)],
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
