"""What comes back at the counter: single lines, parts of them, whole receipts, and who gets how much of it (S1, S2, G9)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from till.money import Money
from till.quantity import Quantity, pieces
from till.sales.returned import ReturnWish

if TYPE_CHECKING:
    from tests.app.conftest import Counter

ROSE, CUP, GLASS = "4006381333931", "4012345000023", "4012345000047"


def wish(counter: Counter, document_id: uuid.UUID, *what: tuple[int, Quantity], **more: object) -> ReturnWish:
    """A wish for these positions and quantities, begun at the desk."""
    order = counter.till.returns.begin(document_id)
    return ReturnWish(order, document_id, what, **more)  # type: ignore[arg-type]


def test_one_of_three_roses_comes_back_for_cash(plain: Counter) -> None:
    plain.sale.scan(ROSE, Quantity(3000))
    sold = plain.sell(CUP).document
    plan = plain.till.returns.preview(wanted := wish(plain, sold.id, (0, pieces(1))))
    assert (plan.value, plan.to_refund, plan.open, plan.refusal) == (Money(350), Money(350), Money(0), None)
    back = plain.till.returns.complete(wanted)
    assert back.cash == Money(350)
    assert plain.till.cash.expected_cash() == Money(10000 + 1050 + 1200 - 350)
    assert plain.problems() == []
    assert plain.count("signature") == 3
