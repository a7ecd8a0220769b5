"""What was booked, put into words for whoever stands at the counter: what to hand out, and what happened besides."""

from __future__ import annotations

from collections.abc import Mapping

from till.app.free_returns import FreeReturned
from till.app.refund_ways import RefundWay
from till.app.returns import CompletedReturn
from till.money import ZERO, Money
from till.sales.returned import ReturnPlan
from till.shop.tenders import CASH
from till.ui.look import Look
from till.ui.payment.tender_names import tender_name
from till.ui.returning.finished import Outcome


def outcome_of(look: Look, done: CompletedReturn, plan: ReturnPlan, shares: Mapping[RefundWay, Money]) -> Outcome:
    """What came of a return by a receipt, or of its cancellation."""
    t, money = look.t, look.formats.money
    word = t("Hand out in cash") if done.cash >= ZERO else t("Take from the customer in cash")
    rows = [(t("Came back"), money(plan.value))]
    rows += _rows(look, shares)
    notes = [
        t("{amount} are back on voucher {number}.").format(amount=money(one.back), number=one.voucher.number)
        for one in plan.back
        if one.back
    ]
    notes += [t("Voucher {number} is cancelled.").format(number=one.number) for one in plan.cancelled]
    return Outcome(done.document, word, money(abs(done.cash)), rows, notes, done.vouchers)


def outcome_without_receipt(look: Look, done: FreeReturned) -> Outcome:
    """What came of a return without a receipt."""
    t, money = look.t, look.formats.money
    cash = done.amount if done.way.tender_id == CASH else ZERO
    rows = [(t("Came back"), money(done.amount)), *_rows(look, {done.way: done.amount})]
    return Outcome(done.document, t("Hand out in cash"), money(cash), rows, (), done.vouchers)


def _rows(look: Look, shares: Mapping[RefundWay, Money]) -> list[tuple[str, str]]:
    """What goes by another way than cash: a terminal has to be used, or a voucher handed out."""
    return [
        (tender_name(look, way.tender_id, way.name), look.formats.money(amount))
        for way, amount in shares.items()
        if way.tender_id != CASH
    ]
