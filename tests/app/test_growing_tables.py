"""No statement of a day at the counter goes through a table that grows with every receipt (80-quality P6)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Engine, event

from till.app.bootstrap import Ports, Till
from till.i18n import Translator
from till.money import Money
from till.quantity import Quantity
from till.shifts.count import counted_pieces
from till.shifts.movement import Movement, MovementKind, TakingBack

if TYPE_CHECKING:
    from collections.abc import Callable

    from till.vouchers.model import Voucher

ROSE = "4006381333931"
GROWING = {
    *("document", "document_line", "document_payment", "document_vat", "document_reference"),
    *("ledger_entry", "ledger_posting", "ledger_checkpoint", "chain_link", "audit"),
    *("shift", "closing", "signature", "tse_transaction", "print_job", "voucher", "voucher_event"),
}
Told = list[tuple[str, Any]]


@contextmanager
def statements() -> Iterator[Told]:
    """What is said to the database meanwhile, on whatever thread, read and written."""
    told: Told = []

    def listen(_connection: object, _cursor: object, statement: str, parameters: Any, *_more: object) -> None:
        if re.match("SELECT|INSERT|UPDATE|DELETE|WITH", statement):
            told.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", listen)
    yield told
    event.remove(Engine, "before_cursor_execute", listen)


def sell(till: Till) -> uuid.UUID:
    """A rose and a voucher, parked, recalled, paid; half of it with the voucher that was sold before."""
    desk = till.sale
    desk.search("Ro")
    desk.scan(ROSE)
    desk.add(next(tile for tile in desk.assortment().tiles if tile.name == "Gutschein 25"))
    desk.park("Frau Weber")
    (waiting,) = desk.parked()
    desk.recall(waiting.order_id)
    desk.pay_cash(desk.state.settlement.open)
    sold = desk.complete()
    desk.scan(ROSE)
    (hit,) = desk.look_up_voucher(sold.vouchers[0].number)
    desk.redeem(hit.standing.voucher.id, Money(350))
    document = desk.complete().document
    desk.dismiss()
    use_up(till, hit.standing.voucher)
    assert till.settle()
    return document.id


def use_up(till: Till, voucher: Voucher) -> None:
    """Take all that is left on a voucher, then ask what it says, and be refused another cent."""
    desk = till.sale
    desk.scan(ROSE, Quantity(7_000))
    desk.redeem(voucher.id, Money(2150))
    desk.pay_cash(desk.state.settlement.open)
    desk.complete()
    desk.dismiss()
    (used,) = desk.look_up_voucher(voucher.number)
    assert used.refusal is not None
    check = till.voucher_check
    check.scan(voucher.number)
    assert len(check.uses(voucher.id)) == 2
    check.takes_letters()
    check.like(voucher.number.replace("0", "O"))


def a_day(till: Till) -> None:
    """All that is asked for at a counter between opening and Z."""
    cash, receipts = till.cash, till.receipts
    cash.open_shift(cash.suggested_float())
    document_id = sell(till)
    cash.open_drawer()
    moved = cash.move(Movement(MovementKind.BANK_DROP, Money(100), "zur Bank"))
    cash.take_back(TakingBack(moved.id, "vertippt"))
    cash.movements()
    cash.shift_movements()
    cash.reasons(MovementKind.BANK_DROP)
    cash.shown_cash()
    receipts.recent()
    receipts.last()
    receipts.find(moved.number - 1 if moved.number > 1 else 1)
    receipts.text(document_id)
    receipts.vouchers_of(document_id)
    receipts.x_shown(Translator("de"))
    receipts.closings()
    count = counted_pieces({Money(1000): 1})
    cash.count(count)
    cash.close_shift(count, Movement(MovementKind.BANK_DROP, Money(200), "zur Bank"))
    assert till.settle()


def steps_of(session: Any, statement: str, parameters: Any) -> str:
    values = parameters[0] if isinstance(parameters, list) else parameters
    plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
    return "; ".join(row[3] for row in plan)


def reads_all_of_a_till(steps: str) -> bool:
    """Every document of a till, by its number from the newest on: fine for sales, of which there are always many."""
    return re.search(r"SEARCH document USING INDEX sqlite_autoindex_document_\d+ \(till_id=\?\)", steps) is not None


@pytest.fixture
def told(make_till: Callable[..., Till], fast_ports: Ports) -> tuple[Till, Told]:
    """A till, and what a day says to its database when a day and its Z lie behind."""
    till = make_till(ports=fast_ports, open_shift=False)
    a_day(till)
    with statements() as said:
        a_day(till)
    assert len(said) > 100
    return till, said


def test_every_statement_finds_its_rows_by_an_index(told: tuple[Till, Told]) -> None:
    till, said = told
    wrong = set()
    with till.workplace.database.read() as session:
        for statement, parameters in said:
            steps = steps_of(session, statement, parameters)
            if set(re.findall(r"SCAN (\w+)", steps)) & GROWING:
                wrong.add((statement, steps))
    assert wrong == set()


def test_what_is_rare_is_not_looked_for_among_the_sales(told: tuple[Till, Told]) -> None:
    till, said = told
    wrong = set()
    with till.workplace.database.read() as session:
        for statement, parameters in said:
            is_kind_asked = "document.kind" in statement.partition("WHERE")[2]
            if (
                is_kind_asked
                and "sale" not in parameters
                and reads_all_of_a_till(steps_of(session, statement, parameters))
            ):
                wrong.add(statement)
    assert wrong == set()


def test_the_index_for_what_is_rare_is_used(told: tuple[Till, Told]) -> None:
    till, said = told
    with till.workplace.database.read() as session:
        used = [s for s, p in said if "ix_document_besides_sales" in steps_of(session, s, p)]
    assert used
