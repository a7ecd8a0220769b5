"""The storno matrix of docs/storno.md, cell by cell on the desks: what becomes of a voucher, and of the money in the drawer.

Each voucher is sold for cash. Part used: a cup at 12,00 is paid with it. Used up: five cups at 60,00 are paid with all that
it holds, the rest in cash. Then the receipt that sold it is cancelled, or its line is returned, or the receipt that was paid
with it is cancelled. `paid + bonus` is what is left on the voucher afterwards; `cash` is what the last step gave back.
A voucher that was made into credit (converted) can't come up yet: there are no customers.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from till.errors import Refused
from till.money import Money
from till.quantity import ONE, pieces
from till.sales.returned import ReturnWish
from till.vouchers.standing import standing_of, voucher_by_id

if TYPE_CHECKING:
    from tests.app.conftest import Counter
    from till.app.views import CompletedSale
    from till.documents.model import Document

CUP = "4012345000023"
TYPES = {"multi": "Gutschein 25", "single": "Floristik-Kurs", "gift": "Geschenk", "promotion": "Aktion 20/30"}
MATRIX = """
multi     | sold      | receipt cancelled    | cash 25.00, paid 0.00 + bonus 0.00, cancelled
multi     | sold      | line returned        | cash 25.00, paid 0.00 + bonus 0.00, cancelled
multi     | sold      | redemption cancelled | there is none
multi     | part used | receipt cancelled    | refused: worth 25.00, left 13.00
multi     | part used | line returned        | refused: worth 25.00, left 13.00
multi     | part used | redemption cancelled | cash 0.00, paid 25.00 + bonus 0.00, active
multi     | used up   | receipt cancelled    | refused: worth 25.00, left 0.00
multi     | used up   | line returned        | refused: worth 25.00, left 0.00
multi     | used up   | redemption cancelled | cash 35.00, paid 25.00 + bonus 0.00, active
single    | sold      | receipt cancelled    | cash 50.00, paid 0.00 + bonus 0.00, cancelled
single    | sold      | line returned        | cash 50.00, paid 0.00 + bonus 0.00, cancelled
single    | sold      | redemption cancelled | there is none
single    | part used | receipt cancelled    | refused: worth 50.00, left 38.00
single    | part used | line returned        | refused: worth 50.00, left 38.00
single    | part used | redemption cancelled | cash 0.00, paid 50.00 + bonus 0.00, active
single    | used up   | receipt cancelled    | refused: worth 50.00, left 0.00
single    | used up   | line returned        | refused: worth 50.00, left 0.00
single    | used up   | redemption cancelled | cash 10.00, paid 50.00 + bonus 0.00, active
gift      | sold      | receipt cancelled    | cash 0.00, paid 0.00 + bonus 0.00, cancelled
gift      | sold      | line returned        | cash 0.00, paid 0.00 + bonus 0.00, cancelled
gift      | sold      | redemption cancelled | there is none
gift      | part used | receipt cancelled    | refused: worth 15.00, left 3.00
gift      | part used | line returned        | refused: worth 15.00, left 3.00
gift      | part used | redemption cancelled | cash 0.00, paid 0.00 + bonus 15.00, active
gift      | used up   | receipt cancelled    | refused: worth 15.00, left 0.00
gift      | used up   | line returned        | refused: worth 15.00, left 0.00
gift      | used up   | redemption cancelled | cash 45.00, paid 0.00 + bonus 15.00, active
promotion | sold      | receipt cancelled    | cash 20.00, paid 0.00 + bonus 0.00, cancelled
promotion | sold      | line returned        | cash 20.00, paid 0.00 + bonus 0.00, cancelled
promotion | sold      | redemption cancelled | there is none
promotion | part used | receipt cancelled    | refused: worth 30.00, left 18.00
promotion | part used | line returned        | refused: worth 30.00, left 18.00
promotion | part used | redemption cancelled | cash 0.00, paid 20.00 + bonus 10.00, active
promotion | used up   | receipt cancelled    | refused: worth 30.00, left 0.00
promotion | used up   | line returned        | refused: worth 30.00, left 0.00
promotion | used up   | redemption cancelled | cash 30.00, paid 20.00 + bonus 10.00, active
"""
CELLS = [tuple(part.strip() for part in row.split("|")) for row in MATRIX.strip().splitlines()]


@pytest.mark.parametrize(("kind", "state", "deed", "outcome"), CELLS, ids=[", ".join(cell[:3]) for cell in CELLS])
def test_the_matrix(counter: Counter, kind: str, state: str, deed: str, outcome: str) -> None:
    sold = _sell(counter, TYPES[kind])
    used = _use(counter, sold.vouchers[0].number, state)
    before = counter.till.cash.expected_cash()
    if outcome.startswith("refused"):
        with pytest.raises(Refused, match="can’t be taken back") as refused:
            _do(counter, deed, sold.document, used)
        values = refused.value.values
        assert f"refused: worth {values['face']}, left {values['left']}" == outcome
        assert counter.till.cash.expected_cash() == before
    else:
        assert _do(counter, deed, sold.document, used) == outcome
    assert counter.problems() == []


def _sell(counter: Counter, name: str) -> CompletedSale:
    counter.sale.add(counter.tile(name))
    if counter.sale.state.settlement.open:
        counter.sale.pay_cash(counter.sale.state.settlement.open)
    return counter.sale.complete()


def _use(counter: Counter, number: str, state: str) -> Document | None:
    """The receipt that was paid with the voucher."""
    if state == "sold":
        return None
    counter.sale.scan(CUP, ONE if state == "part used" else pieces(5))
    hit = counter.voucher(number)
    counter.sale.redeem(hit.standing.voucher.id, hit.offered)
    if counter.sale.state.settlement.open:
        counter.sale.pay_cash(counter.sale.state.settlement.open)
    return counter.sale.complete().document


def _do(counter: Counter, deed: str, sold: Document, used: Document | None) -> str:
    original = used if deed == "redemption cancelled" else sold
    if original is None:
        return "there is none"
    desk = counter.till.returns
    order = desk.begin(original.id)
    wish = ReturnWish(order, original.id, is_cancellation=True, reason="Irrtum")
    if deed == "line returned":
        wish = ReturnWish(order, original.id, ((0, ONE),))
    done = desk.complete(wish)
    voucher = next(line.voucher.voucher_id for line in sold.draft.lines if line.voucher is not None)
    return f"cash {done.cash}, {_left(counter, voucher)}"


def _left(counter: Counter, voucher_id: uuid.UUID) -> str:
    with counter.database.read() as session:
        voucher = voucher_by_id(session, voucher_id)
        assert voucher is not None
        now = standing_of(session, voucher, counter.till.workplace.business_date)
    return f"paid {now.paid_left} + bonus {now.bonus_left}, {now.state.value}"


def test_the_matrix_has_every_cell() -> None:
    states, deeds = ("sold", "part used", "used up"), ("receipt cancelled", "line returned", "redemption cancelled")
    assert {cell[:3] for cell in CELLS} == {(k, s, d) for k in TYPES for s in states for d in deeds}


@pytest.mark.parametrize("kind", TYPES)
def test_a_voucher_that_got_its_value_back_can_be_cancelled_with_its_receipt(counter: Counter, kind: str) -> None:
    sold = _sell(counter, TYPES[kind])
    used = _use(counter, sold.vouchers[0].number, "used up")
    _do(counter, "redemption cancelled", sold.document, used)
    assert _do(counter, "receipt cancelled", sold.document, used).endswith("paid 0.00 + bonus 0.00, cancelled")
    assert counter.till.cash.expected_cash() == Money(10000)
    assert counter.problems() == []
