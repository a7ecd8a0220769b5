"""The storno matrix of docs/storno.md, cell by cell on the desks: what becomes of a voucher, and of the money in the drawer.

Each voucher is sold for cash. Part used: a cup at 12,00 is paid with it. Used up: five cups at 60,00 are paid with all that
it holds, the rest in cash. Converted: a cup is paid with it, and the rest becomes credit of a customer. Then the receipt that sold it is cancelled, or its line is returned, or the receipt that was paid
with it is cancelled. `paid + bonus` is what is left on the voucher afterwards; `cash` is what the last step gave back.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

import pytest

from till.clock import FixedClock
from till.errors import Refused
from till.money import Money
from till.quantity import ONE, pieces
from till.sales.converting import Conversion, convert
from till.sales.returned import ReturnWish
from till.vouchers.block import Blocking
from till.vouchers.correct import Correction
from till.vouchers.events import events_of
from till.vouchers.reissue import Reissue
from till.vouchers.standing import standing_of, voucher_by_id

if TYPE_CHECKING:
    from tests.app.conftest import Counter
    from till.app.views import CompletedSale
    from till.documents.model import Document
    from till.vouchers.model import VoucherStanding

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
multi     | converted | receipt cancelled    | refused: worth 25.00, left 0.00
multi     | converted | line returned        | refused: worth 25.00, left 0.00
multi     | converted | redemption cancelled | cash 0.00, paid 12.00 + bonus 0.00, active
single    | sold      | receipt cancelled    | cash 50.00, paid 0.00 + bonus 0.00, cancelled
single    | sold      | line returned        | cash 50.00, paid 0.00 + bonus 0.00, cancelled
single    | sold      | redemption cancelled | there is none
single    | part used | receipt cancelled    | refused: worth 50.00, left 38.00
single    | part used | line returned        | refused: worth 50.00, left 38.00
single    | part used | redemption cancelled | cash 0.00, paid 50.00 + bonus 0.00, active
single    | used up   | receipt cancelled    | refused: worth 50.00, left 0.00
single    | used up   | line returned        | refused: worth 50.00, left 0.00
single    | used up   | redemption cancelled | cash 10.00, paid 50.00 + bonus 0.00, active
single    | converted | receipt cancelled    | refused: worth 50.00, left 0.00
single    | converted | line returned        | refused: worth 50.00, left 0.00
single    | converted | redemption cancelled | cash 0.00, paid 12.00 + bonus 0.00, active
gift      | sold      | receipt cancelled    | cash 0.00, paid 0.00 + bonus 0.00, cancelled
gift      | sold      | line returned        | cash 0.00, paid 0.00 + bonus 0.00, cancelled
gift      | sold      | redemption cancelled | there is none
gift      | part used | receipt cancelled    | refused: worth 15.00, left 3.00
gift      | part used | line returned        | refused: worth 15.00, left 3.00
gift      | part used | redemption cancelled | cash 0.00, paid 0.00 + bonus 15.00, active
gift      | used up   | receipt cancelled    | refused: worth 15.00, left 0.00
gift      | used up   | line returned        | refused: worth 15.00, left 0.00
gift      | used up   | redemption cancelled | cash 45.00, paid 0.00 + bonus 15.00, active
gift      | converted | receipt cancelled    | refused: worth 15.00, left 0.00
gift      | converted | line returned        | refused: worth 15.00, left 0.00
gift      | converted | redemption cancelled | cash 0.00, paid 0.00 + bonus 12.00, active
promotion | sold      | receipt cancelled    | cash 20.00, paid 0.00 + bonus 0.00, cancelled
promotion | sold      | line returned        | cash 20.00, paid 0.00 + bonus 0.00, cancelled
promotion | sold      | redemption cancelled | there is none
promotion | part used | receipt cancelled    | refused: worth 30.00, left 18.00
promotion | part used | line returned        | refused: worth 30.00, left 18.00
promotion | part used | redemption cancelled | cash 0.00, paid 20.00 + bonus 10.00, active
promotion | used up   | receipt cancelled    | refused: worth 30.00, left 0.00
promotion | used up   | line returned        | refused: worth 30.00, left 0.00
promotion | used up   | redemption cancelled | cash 30.00, paid 20.00 + bonus 10.00, active
promotion | converted | receipt cancelled    | refused: worth 30.00, left 0.00
promotion | converted | line returned        | refused: worth 30.00, left 0.00
promotion | converted | redemption cancelled | cash 0.00, paid 8.00 + bonus 4.00, active
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


# What happened to it meanwhile: a promotion that costs 20,00 and is worth 30,00. Used: it paid 12,00 of two cups at 24,00.

LATER = """
untouched | blocked   | receipt cancelled    | cash 20.00, paid 0.00 + bonus 0.00, cancelled
untouched | expired   | receipt cancelled    | cash 20.00, paid 0.00 + bonus 0.00, cancelled
untouched | reduced   | receipt cancelled    | refused: corrected by -3.00 (Irrtum), left 27.00
untouched | raised    | receipt cancelled    | refused: corrected by 3.00 (Irrtum), left 33.00
untouched | replaced  | receipt cancelled    | refused: replaced by AK-0002
untouched | cancelled | receipt cancelled    | refused: everything has come back
used      | blocked   | redemption cancelled | cash 12.00, paid 20.00 + bonus 10.00, blocked
used      | blocked   | part returned        | cash 6.00, paid 16.00 + bonus 8.00, blocked
used      | expired   | redemption cancelled | cash 12.00, paid 20.00 + bonus 10.00, expired
used      | expired   | part returned        | cash 6.00, paid 16.00 + bonus 8.00, expired
used      | reduced   | redemption cancelled | cash 12.00, paid 18.00 + bonus 9.00, active
used      | reduced   | part returned        | cash 6.00, paid 14.00 + bonus 7.00, active
used      | raised    | redemption cancelled | cash 12.00, paid 20.00 + bonus 13.00, active
used      | raised    | part returned        | cash 6.00, paid 16.00 + bonus 11.00, active
used      | replaced  | redemption cancelled | cash 12.00, paid 0.00 + bonus 0.00, replaced; AK-0002: paid 20.00 + bonus 10.00, active
used      | replaced  | part returned        | cash 6.00, paid 0.00 + bonus 0.00, replaced; AK-0002: paid 16.00 + bonus 8.00, active
used      | nothing   | part returned        | cash 6.00, paid 16.00 + bonus 8.00, active
given back| nothing   | redemption cancelled | refused: everything has come back
given back| nothing   | part returned        | refused: everything has come back
"""
ROWS = [tuple(part.strip() for part in row.split("|")) for row in LATER.strip().splitlines()]


@pytest.mark.parametrize(("state", "happened", "deed", "outcome"), ROWS, ids=[", ".join(row[:3]) for row in ROWS])
def test_what_happened_meanwhile(
    counter: Counter, clock: FixedClock, state: str, happened: str, deed: str, outcome: str
) -> None:
    sold = _sell(counter, TYPES["promotion"])
    voucher = sold.vouchers[0]
    used = _use(counter, voucher.number, "sold")
    if state != "untouched":
        counter.sale.scan(CUP, pieces(2))
        counter.sale.redeem(voucher.id, Money(1200))
        counter.sale.pay_cash(Money(1200))
        used = counter.sale.complete().document
    if state == "given back":
        _do(counter, "redemption cancelled", sold.document, used)
    _happen(counter, clock, voucher.id, (happened, sold.document))
    try:
        told = _do(counter, deed, sold.document, used)
    except Refused as refused:
        told = f"refused: {_why(refused)}"
    assert told + _of_replacement(counter, voucher.id) == outcome or told == outcome
    assert counter.problems() == []


def _happen(counter: Counter, clock: FixedClock, voucher_id: uuid.UUID, what: tuple[str, Document]) -> None:
    happened, sold = what
    desk = counter.till.vouchers
    match happened:
        case "blocked":
            desk.block(Blocking(voucher_id, "verloren"))
        case "reduced":
            desk.reduce(Correction(voucher_id, Money(-300), "Irrtum"))
        case "raised":
            desk.add_bonus(Correction(voucher_id, Money(300), "Irrtum"))
        case "replaced":
            desk.reissue(Reissue(voucher_id, "beschädigt"))
        case "cancelled":
            _do(counter, "receipt cancelled", sold, None)
        case "expired":
            counter.till.cash.close_shift(None)
            clock.set(dt.datetime(2037, 1, 2, 11, 0, tzinfo=dt.UTC))
            counter.till.cash.open_shift(counter.till.cash.suggested_float())


def _why(refused: Refused) -> str:
    values = refused.values
    if "other" in values:
        return f"replaced by {values['other']}"
    if "come back" in str(refused):
        return "everything has come back"
    return f"corrected by {values['amount']} ({values['reason']}), left {values['left']}"


def _of_replacement(counter: Counter, voucher_id: uuid.UUID) -> str:
    """How the voucher stands that took this one's place."""
    with counter.database.read() as session:
        events = events_of(session, voucher_id)
    other = next((event.new.other_id for event in events if event.new.other_id is not None), None)
    return "" if other is None else f"; AK-0002: {_left(counter, other)}"


def _sell(counter: Counter, name: str) -> CompletedSale:
    counter.sale.add(counter.tile(name))
    if counter.sale.state.settlement.open:
        counter.sale.pay_cash(counter.sale.state.settlement.open)
    return counter.sale.complete()


def _use(counter: Counter, number: str, state: str) -> Document | None:
    """The receipt that was paid with the voucher."""
    if state == "sold":
        return None
    counter.sale.scan(CUP, pieces(5) if state == "used up" else ONE)
    hit = counter.voucher(number)
    counter.sale.redeem(hit.standing.voucher.id, hit.offered)
    if counter.sale.state.settlement.open:
        counter.sale.pay_cash(counter.sale.state.settlement.open)
    used = counter.sale.complete().document
    if state == "converted":
        _convert(counter, counter.voucher(number).standing)
    return used


def _convert(counter: Counter, now: VoucherStanding) -> None:
    """There is no screen for it yet: the rest becomes credit straight in the books."""
    workplace = counter.till.workplace
    wish = Conversion(now.voucher.id, uuid.uuid4(), now.remaining)
    booked = counter.database.run(lambda session: convert(session, workplace.context(), wish, workplace.rates()))
    if booked.document is not None:
        counter.till._recording.sign(booked.document)


def _do(counter: Counter, deed: str, sold: Document, used: Document | None) -> str:
    original = used if deed in {"redemption cancelled", "part returned"} else sold
    if original is None:
        return "there is none"
    desk = counter.till.returns
    order = desk.begin(original.id)
    wish = ReturnWish(order, original.id, is_cancellation=True, reason="Irrtum")
    if deed in {"line returned", "part returned"}:
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
    states = ("sold", "part used", "used up", "converted")
    deeds = ("receipt cancelled", "line returned", "redemption cancelled")
    assert {cell[:3] for cell in CELLS} == {(k, s, d) for k in TYPES for s in states for d in deeds}


@pytest.mark.parametrize("kind", TYPES)
def test_a_voucher_that_got_its_value_back_can_be_cancelled_with_its_receipt(counter: Counter, kind: str) -> None:
    sold = _sell(counter, TYPES[kind])
    used = _use(counter, sold.vouchers[0].number, "used up")
    _do(counter, "redemption cancelled", sold.document, used)
    assert _do(counter, "receipt cancelled", sold.document, used).endswith("paid 0.00 + bonus 0.00, cancelled")
    assert counter.till.cash.expected_cash() == Money(10000)
    assert counter.problems() == []
