"""One day of three people at one counter: who did what stands in the books, and nothing of it is lost or doubled (T5, T10–T12)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from till.app.attendance import Locked
from till.app.bootstrap import Ports, Till, open_till
from till.app.verify import verify
from till.app.views import CompletedSale
from till.audit import trail
from till.audit.models import AuditRow
from till.clock import FixedClock
from till.documents.find import by_number
from till.money import Money
from till.sales.basket import PercentOff
from till.settings import Settings
from till.shifts.count import CashCount, Pieces
from till.shifts.movement import Movement, MovementKind
from till.staff.permission import NotAllowed
from till.staff.pin import Argon2
from till.staff.users import User

MARIE, JAN, IDA = "1", "2", "3"
PINS = {MARIE: "4711", JAN: "1508", IDA: "2580"}
CUP, ROSE = "4012345000023", "4006381333931"


@pytest.fixture
def till(any_shop_settings: Settings, fast_ports: Ports) -> Iterator[Till]:
    """A till on each of both databases: Marie manages, Jan and Ida sell; it locks after two minutes."""
    opened = open_till(replace(any_shop_settings, lock_after_s=120), replace(fast_ports, pins=Argon2(1, 8, 1)))
    staff = opened.staff
    staff.set_pin(MARIE, PINS[MARIE]).result()
    for name, short, user_id in (("Jan Alt", "JA", JAN), ("Ida Neu", "IN", IDA)):
        assert staff.hire(User("", name, short), PINS[user_id]).result().id == user_id
    yield opened
    opened.close()


def test_three_people_share_the_counter_all_day(till: Till, clock: FixedClock) -> None:
    cash, sale, staff = till.cash, till.sale, till.staff
    cash.open_shift(Money(20000))

    staff.sign_in(JAN, PINS[JAN]).result()
    jans = _sell(till, CUP)
    sale.scan(ROSE)
    sale.park("Frau Weber")
    staff.sign_in(IDA, PINS[IDA]).result()
    sale.scan(CUP)
    line = sale.state.priced.lines[0].line
    need = _refused(lambda: sale.set_line_discount(line.id, PercentOff(5000))).need
    staff.approve(need, MARIE, PINS[MARIE]).result()
    sale.set_line_discount(line.id, PercentOff(5000))
    idas = _paid(till)
    assert idas.change == Money(0)
    assert staff.switch_to(JAN).short == "JA", "one tap, as both have signed in since the till was locked"
    staff.switch_to(IDA)

    drop = Movement(MovementKind.BANK_DROP, Money(15000), "Bank")
    need = _refused(lambda: cash.move(drop)).need
    staff.approve(need, MARIE, PINS[MARIE]).result()
    dropped = cash.move(drop)

    clock.advance(180)
    assert staff.is_locked
    with pytest.raises(Locked):
        sale.scan(CUP)
    staff.sign_in(JAN, PINS[JAN]).result()
    sale.recall(sale.parked()[0].order_id)
    weber = _paid(till)

    staff.sign_in(MARIE, PINS[MARIE]).result()
    assert cash.expected_cash() == Money(20000 + 1200 + 600 - 15000 + 350)
    counted = CashCount(tuple(Pieces(Money(cents), 1) for cents in (5000, 2000, 100, 50)))
    assert cash.count(counted).difference == Money(0)
    closing = cash.close_shift(counted)
    assert closing.z_number == 1

    assert [_cashier(till, one) for one in (jans.document.number, idas.document.number, weber.document.number)] == [
        "Jan Alt",
        "Ida Neu",
        "Jan Alt",
    ]
    assert _cashier(till, dropped.number) == "Ida Neu"
    assert _approvals(till) == {
        ("Ida Neu", "line-discount", "Marie Klein"),
        ("Ida Neu", "cash-in-out", "Marie Klein"),
    }
    till.settle()
    assert verify(till.workplace.database) == []


def _sell(till: Till, code: str) -> CompletedSale:
    till.sale.scan(code)
    return _paid(till)


def _paid(till: Till) -> CompletedSale:
    till.sale.pay_cash(till.sale.state.priced.total)
    completed = till.sale.complete()
    till.sale.dismiss()
    return completed


def _refused(deed: Callable[[], object]) -> NotAllowed:
    with pytest.raises(NotAllowed) as refused:
        deed()
    return refused.value


def _cashier(till: Till, number: int) -> str:
    with till.workplace.database.read() as session:
        document = by_number(session, till.settings.till_id, number)
    assert document is not None
    return document.user_name


def _approvals(till: Till) -> set[tuple[str, str, str]]:
    """Who did what with whose approval."""
    rows = select(AuditRow).where(AuditRow.action == trail.Action.APPROVED)
    with till.workplace.database.read() as session:
        return {(row.user_name, row.subject, json.loads(row.after)["by_name"]) for row in session.scalars(rows)}
