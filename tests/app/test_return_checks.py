"""What `verify` finds when somebody has changed what came back, in a file from which all triggers were dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from till.db.protect import expected_triggers
from till.documents.model import Document
from till.quantity import ONE
from till.sales.checks import returns
from till.sales.returned import ReturnWish

if TYPE_CHECKING:
    from tests.app.conftest import Counter

CUP, ROSE = "4012345000023", "4006381333931"
OTHER = "does not take back what its receipt says"
MORE = "came back of document"
CHANGES = {
    "more came back than was sold": ("UPDATE document_line SET quantity = -3000 WHERE returns = 0", MORE),
    "a whole line for less": ("UPDATE document_line SET gross = -1100 WHERE returns = 0", MORE),
    "for more than it cost": ("UPDATE document_line SET gross = -1300 WHERE returns = 0", MORE),
    "another tax": ("UPDATE document_line SET tax = tax + 1 WHERE returns = 0", MORE),
    "another line": ("UPDATE document_line SET returns = 1 WHERE returns = 0", OTHER),
    "a line that is not there": ("UPDATE document_line SET returns = 9 WHERE returns = 0", OTHER),
    "no line": ("UPDATE document_line SET returns = NULL WHERE returns = 0", OTHER),
    "another rate": ("UPDATE document_line SET rate_bp = 700 WHERE returns = 0", OTHER),
    "not called Storno": ("UPDATE document_line SET gv_name = '' WHERE returns = 0", OTHER),
    "more on the voucher than was posted": ("UPDATE document_line SET gross = gross + 1 WHERE returns = 2", OTHER),
    "its bonus elsewhere": ("UPDATE ledger_posting SET subject = 'x' WHERE account LIKE 'voucher-bonus%'", OTHER),
    "a voucher that was not closed": ("DELETE FROM voucher_event", OTHER),
    "not reversed": ("UPDATE ledger_entry SET reverses = NULL", MORE),
    "no receipt": ("DELETE FROM document_reference", "doesn’t say from which receipt"),
    "no sale": ("UPDATE document SET kind = 'no-sale' WHERE kind = 'sale'", "takes back what is no sale"),
}


@pytest.fixture
def cancelled(counter: Counter) -> Counter:
    """A cup and a voucher, paid with a promotion voucher and cash, that were cancelled as a whole."""
    number = counter.sell_voucher("Aktion 20/30")
    counter.sale.scan(CUP)
    counter.sale.add(counter.tile("Gutschein 25"))
    counter.do(f"redeem {number} 9,00")
    counter.sale.pay_cash(counter.sale.state.settlement.open)
    sold = counter.sale.complete().document
    _give_back(counter, sold)
    assert _found(counter) == []
    return counter


def _give_back(counter: Counter, sold: Document) -> None:
    order = counter.till.returns.begin(sold.id)
    counter.till.returns.complete(ReturnWish(order, sold.id, is_cancellation=True, reason="Irrtum"))
    assert counter.till.settle()


def _found(counter: Counter) -> list[str]:
    with counter.database.read() as session:
        return [str(finding) for finding in returns(session, lambda _done, _whole: None)]


def _change(counter: Counter, statement: str) -> None:
    with counter.database.write() as session:
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        for trigger in expected_triggers("sqlite"):
            session.execute(text(f"DROP TRIGGER IF EXISTS {trigger.name}"))
        session.execute(text(statement))


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_return_is_found(cancelled: Counter, change: str) -> None:
    statement, words = CHANGES[change]
    _change(cancelled, statement)
    assert any(words in found for found in _found(cancelled))


def test_a_cancellation_that_left_something_is_found(counter: Counter) -> None:
    counter.sale.scan(CUP)
    counter.sale.scan(ROSE)
    sold = counter.sell().document
    order = counter.till.returns.begin(sold.id)
    counter.till.returns.complete(ReturnWish(order, sold.id, ((0, ONE),)))
    assert counter.till.settle()
    assert _found(counter) == []
    _change(counter, "UPDATE document SET kind = 'cancellation' WHERE kind = 'return'")
    assert any(MORE in found for found in _found(counter))


def test_a_stray_line_of_another_document_is_no_return(counter: Counter) -> None:
    counter.sell(CUP)
    assert _found(counter) == []
    assert counter.till.returns.look(counter.sell(ROSE).document.id).earlier == ()
