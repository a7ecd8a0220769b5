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
    first = _from_customer(look, done.cash) if done.cash < ZERO else _handed_out(look, shares)
    notes = [
        t("{amount} are back on voucher {number}.").format(amount=money(one.back), number=one.voucher.number)
        for one in plan.back
        if one.back
    ]
    notes += [t("Voucher {number} is cancelled.").format(number=one.number) for one in plan.cancelled]
    rows = [(t("Came back"), money(plan.value)), *_others(look, shares)]
    return Outcome(done.document, *first, rows, notes, done.vouchers)


def outcome_without_receipt(look: Look, done: FreeReturned) -> Outcome:
    """What came of a return without a receipt."""
    shares = {done.way: done.amount}
    rows = [(look.t("Came back"), look.formats.money(done.amount)), *_others(look, shares)]
    return Outcome(done.document, *_handed_out(look, shares), rows, (), done.vouchers)


def _from_customer(look: Look, cash: Money) -> tuple[str, str]:
    return look.t("Take from the customer in cash"), look.formats.money(-cash)


def _handed_out(look: Look, shares: Mapping[RefundWay, Money]) -> tuple[str, str]:
    """The word and the big figure: cash before a terminal, a terminal before a voucher."""
    way = _most_urgent(shares)
    if way is None:
        return look.t("Nothing to hand out"), look.formats.money(ZERO)
    return _word(look, way), look.formats.money(shares[way])


def _others(look: Look, shares: Mapping[RefundWay, Money]) -> list[tuple[str, str]]:
    """What goes by other ways than that."""
    first = _most_urgent(shares)
    return [(_word(look, way), look.formats.money(amount)) for way, amount in shares.items() if way != first]


def _most_urgent(shares: Mapping[RefundWay, Money]) -> RefundWay | None:
    return min(shares, key=lambda way: (way.tender_id != CASH, way.voucher_type is not None), default=None)


def _word(look: Look, way: RefundWay) -> str:
    if way.tender_id == CASH:
        return look.t("Hand out in cash")
    if way.voucher_type is not None:
        return look.t("Hand out as a voucher")
    return look.t("Refund by {tender}").format(tender=tender_name(look, way.tender_id, way.name))
